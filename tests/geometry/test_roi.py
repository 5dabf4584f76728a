"""Shapes on a photo, and which values of a map they leave to be looked at."""

import numpy as np
import pytest

from inspector.geometry.frame import Frame
from inspector.geometry.roi import Drawing, Roi, Shape

SQUARE = ((2.0, 1.0), (6.0, 1.0), (6.0, 3.0), (2.0, 3.0))


def draw(*shapes, size=(4, 8), unit="pixels"):
    return Drawing(tuple(shapes), size, unit).to_roi()


def test_an_included_polygon_alone_is_seen():
    seen = draw(Shape("include", (SQUARE,)), size=(400, 800)).mask  # in its upper left corner

    assert seen[1:3, 2:6].all()
    assert seen.sum() < 25
    assert not seen[:, 8:].any()


def test_what_is_ignored_stays_so_whatever_includes_it():
    roi = draw(Shape("ignore", (SQUARE,)), Shape("include", (((0, 0), (8, 0), (8, 4), (0, 4)),)), size=(4, 8))

    assert not roi.contains(np.array([(0.5, 0.5)]))
    assert roi.contains(np.array([(0.06, 0.5), (0.94, 0.94)])).all()


def test_a_polygon_may_have_a_hole():
    outer, hole = ((10, 10), (90, 10), (90, 90), (10, 90)), ((40, 40), (60, 40), (60, 60), (40, 60))
    roi = draw(Shape("include", (outer, hole)), size=(100, 100))

    assert roi.contains(np.array([(0.2, 0.2), (0.5, 0.5), (0.05, 0.5)])).tolist() == [True, False, False]


@pytest.mark.parametrize(("unit", "scale", "size"), [("pixels", 200, (200, 200)), ("fractions", 1, None)])
def test_a_brush_is_as_wide_as_it_says_with_round_ends(unit, scale, size):
    line = ((0.3 * scale, 0.5 * scale), (0.7 * scale, 0.5 * scale))
    roi = draw(Shape("ignore", (line,), width=0.2 * scale), size=size, unit=unit)

    seen = roi.contains(np.array([(0.5, 0.42), (0.5, 0.58), (0.22, 0.5), (0.5, 0.38), (0.18, 0.5), (0.22, 0.42)]))
    assert seen.tolist() == [False, False, False, True, True, True]


def test_a_click_of_the_brush_is_a_dot():
    roi = draw(Shape("include", (((50.0, 50.0),),), width=20), size=(100, 100))

    assert 300 < roi.mask.sum() < 360  # of a circle, 314


def test_it_fits_photos_of_the_same_proportions():
    roi = Roi(np.ones((3, 4), bool), (3000, 4000))

    assert [roi.fits(size) for size in ((1500, 2000), (1499, 2000), (4000, 3000), (1500, 2100))] == [
        True,
        True,
        False,
        False,
    ]
    assert Roi(np.ones((3, 4), bool)).fits((7, 9))


def test_values_of_a_map_are_seen_where_their_middles_are():
    mask = np.zeros((100, 100), bool)
    mask[:, 60:] = True

    assert Roi(mask).cover((2, 4)).tolist() == [[False, False, True, True]] * 2


def test_corners_lie_on_the_ends():
    mask = np.zeros((10, 10), bool)
    mask[:, 9] = True

    assert Roi(mask).cover((1, 5), "corners").tolist() == [[False] * 4 + [True]]


def test_padding_of_a_framed_photo_is_not_looked_at():
    seen = Roi(np.ones((2, 4), bool)).cover((4, 4), frame=Frame.around((2, 4)))

    assert seen.tolist() == [[False] * 4, [True] * 4, [True] * 4, [False] * 4]


def test_of_a_mask_finer_than_the_map_the_nearest_value_is_seen():
    mask = np.zeros((100, 100), bool)
    mask[30, 90] = True

    seen = Roi(mask).cover((4, 4))

    assert np.argwhere(seen).tolist() == [[1, 3]]
