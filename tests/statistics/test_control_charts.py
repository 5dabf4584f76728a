from math import sqrt

import numpy as np
import pytest

from inspector.statistics.control_charts import make_chart


def test_limits_of_two_groups_by_hand() -> None:
    chart = make_chart([2, 4], [20, 20])

    assert chart is not None
    assert chart.centre == pytest.approx(0.15)
    assert chart.upper == pytest.approx([0.15 + 3 * sqrt(0.15 * 0.85 / 20)] * 2)
    assert chart.lower.tolist() == [0, 0]
    assert chart.ewma == pytest.approx([0.14, 0.152])


def test_ewma_limits_are_those_of_the_book_where_all_groups_have_one_size() -> None:
    rejected = [10, 12, 9, 11, 8]
    chart = make_chart(rejected, [100] * 5)

    assert chart is not None
    p, w = 0.1, 0.2
    sigma = sqrt(p * (1 - p) / 100)
    expected = [p + 3 * sigma * sqrt(w / (2 - w) * (1 - (1 - w) ** (2 * i))) for i in range(1, 6)]
    assert chart.ewma_upper == pytest.approx(expected)
    assert chart.ewma_lower == pytest.approx([2 * p - value for value in expected])


def test_small_groups_have_wider_limits() -> None:
    chart = make_chart([5, 50, 5], [50, 500, 50])

    assert chart is not None
    assert chart.upper[0] == chart.upper[2] > chart.upper[1] > chart.centre > chart.lower[1] > 0
    assert chart.lower[0] == 0


def test_points_outside_the_limits_are_signals() -> None:
    quiet = [5, 6, 4, 5, 6, 5, 4, 5]
    chart = make_chart([*quiet, 25, *quiet], [100] * 17)

    assert chart is not None
    assert (8, "above") in chart.signals()
    assert [place for place, kind in chart.signals() if kind == "above"] == [8]


def test_a_level_that_stays_high_is_named_once() -> None:
    chart = make_chart([18] * 10 + [34] * 10, [200] * 20)

    assert chart is not None
    assert [kind for _, kind in chart.signals()].count("risen") == 1
    assert "above" not in [kind for _, kind in chart.signals()]


@pytest.mark.parametrize(
    ("rejected", "parts"), [([0, 0, 0], [3, 5, 1]), ([3, 5, 1], [3, 5, 1]), ([1], [7]), ([7], [7])]
)
def test_without_any_variation_nothing_is_a_signal(rejected: list[int], parts: list[int]) -> None:
    chart = make_chart(rejected, parts)

    assert chart is not None
    assert chart.signals() == []
    assert np.isfinite(chart.ewma_upper).all()


def test_no_groups_give_no_chart() -> None:
    assert make_chart([], []) is None


@pytest.mark.parametrize(("rejected", "parts"), [([0], [0]), ([2], [1]), ([-1], [3])])
def test_impossible_groups_are_refused(rejected: list[int], parts: list[int]) -> None:
    with pytest.raises(ValueError, match="expected 0 to n rejects"):
        make_chart(rejected, parts)
