import numpy as np

from inspector.statistics.pareto import GRID, Bar, count_places, name_cells, rank


def test_the_most_frequent_comes_first_and_shares_add_up() -> None:
    bars = rank({"dent": 1, "scratch": 3, "stain": 0}, "others")

    assert bars == [Bar("scratch", 3, 0.75), Bar("dent", 1, 1.0)]


def test_the_rest_is_one_bar_at_the_end_even_where_it_is_the_largest() -> None:
    bars = rank({f"class {i}": 2 for i in range(8)}, "others", most=3)

    assert [(bar.name, bar.count) for bar in bars] == [("class 0", 2), ("class 1", 2), ("others", 12)]
    assert bars[-1].cumulative == 1.0


def test_nothing_gives_no_bars() -> None:
    assert rank({}, "others") == []


def test_points_are_counted_in_their_cells_and_those_on_the_border_in_the_last() -> None:
    grid = count_places([(0.0, 0.0), (0.99, 0.01), (1.0, 1.0), (0.2, 0.5), (0.2, 0.51)])

    assert grid.shape == (GRID, GRID)
    assert name_cells(grid) == {"A1": 1, "H1": 1, "B5": 2, "H8": 1}
    assert np.array_equal(count_places([]), np.zeros((GRID, GRID)))
