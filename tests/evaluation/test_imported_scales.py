"""Whether maps and scores of another program are on one scale."""

import numpy as np
import pytest

from inspector.evaluation.imported_scales import match_scales

SCORES = np.array([*np.linspace(1.0, 1.1, 20), *np.linspace(2.0, 2.1, 6)])


@pytest.mark.parametrize(("factor", "offset"), [(0.01, 0.0), (300.0, 0.0), (2.0, 7.0), (0.5, -20.0)])
def test_a_line_of_values_is_found_again(factor, offset):
    for threshold in (1.5, 2.5, 1.02, 0.5):
        line = match_scales(SCORES, (SCORES - offset) / factor, threshold)

        assert line is not None
        assert (line.factor, line.offset) == (pytest.approx(factor), pytest.approx(offset))


def test_as_many_parts_show_a_region_as_are_flagged_where_values_are_bent():
    maxima = np.exp(3 * SCORES)

    line = match_scales(SCORES, maxima, 1.5)

    assert line is not None
    assert ((line.apply(maxima) > 1.5) == (SCORES > 1.5)).all()


@pytest.mark.parametrize("bend", [lambda s: s, lambda s: s * 1.1, lambda s: s + 0.1 * np.sin(9 * s)])
def test_values_that_are_near_their_scores_stay(bend):
    assert match_scales(SCORES, bend(SCORES), 1.5) is None


@pytest.mark.parametrize(
    ("scores", "maxima"),
    [([1, 1, 1], [5, 5, 5]), ([1, 2, 3], [5, 5, 5]), ([1, 1, 1], [5, 6, 7]), ([0, 0, 1], [9, 9, 9])],
)
def test_equal_values_are_brought_to_the_median_of_the_scores(scores, maxima):
    line = match_scales(np.array(scores, float), np.array(maxima, float), 2.0)

    assert line is not None
    assert line.factor > 0
    assert line.apply(float(np.median(maxima))) == pytest.approx(np.median(scores))


def test_one_part_tells_nothing():
    assert match_scales(np.array([1.0]), np.array([9.0]), 1.0) is None
