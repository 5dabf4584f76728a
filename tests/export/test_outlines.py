"""Outlines of regions, read back: the very pixels come out, whatever their shape."""

import cv2
import numpy as np
import pytest

from inspector.export.datasets import mark_regions
from inspector.export.outlines import outline_edges, outline_middles
from tests.export.polygons import draw_with_line, fill_evenly

SIZE = (60, 80)


def draw(*circles, boxes=(), lines=()):
    plane = np.zeros(SIZE, np.float32)
    for radius, thick in circles:
        cv2.circle(plane, (40, 30), radius, 1, thick)
    for top, bottom, left, right in boxes:
        plane[top:bottom, left:right] = 1
    for start, end in lines:
        cv2.line(plane, start, end, 1)
    return plane


SHAPES = {
    "pixel": draw(boxes=[(2, 3, 3, 4)]),
    "four pixels": draw(boxes=[(2, 4, 3, 5)]),
    "row": draw(boxes=[(20, 21, 5, 50)]),
    "slanted scratch": draw(lines=[((10, 10), (40, 40))]),
    "two boxes at a corner": draw(boxes=[(10, 20, 10, 20), (20, 30, 20, 30)]),
    "at the edges": draw(boxes=[(0, 10, 0, 12), (50, 60, 70, 80)]),
    "angle around another": draw(boxes=[(0, 50, 0, 2), (48, 50, 0, 50), (5, 20, 10, 30)]),
    "disc": draw((15, -1)),
    "ring": draw((18, 5)),
    "rings in rings": draw((25, 2), (15, 2), (6, 1), boxes=[(30, 31, 15, 60)]),
    "many holes": (np.random.default_rng(1).random(SIZE) > 0.25).astype(np.float32),
}


@pytest.mark.parametrize("name", SHAPES)
def test_outlines_hold_the_pixels_of_their_region(name):
    plane = SHAPES[name]
    edges, middles = np.zeros(SIZE, bool), np.zeros(SIZE, bool)

    for marked in mark_regions(plane, 0.5):
        outer, inner = marked.place(outline_edges(marked.own)), marked.place(outline_middles(marked.own))
        assert min(len(outer), len(inner)) >= 3
        edges |= fill_evenly(outer, *SIZE)
        middles |= draw_with_line(inner, *SIZE)

    np.testing.assert_array_equal(edges, plane > 0.5)
    np.testing.assert_array_equal(middles, plane > 0.5)


def test_corners_alone_are_named():
    (marked,) = mark_regions(draw(boxes=[(10, 20, 30, 50)]), 0.5)

    assert sorted(marked.place(outline_edges(marked.own))) == [(30, 10), (30, 20), (50, 10), (50, 20)]
    assert sorted(marked.place(outline_middles(marked.own))) == [
        (30.5, 10.5),
        (30.5, 19.5),
        (49.5, 10.5),
        (49.5, 19.5),
    ]
