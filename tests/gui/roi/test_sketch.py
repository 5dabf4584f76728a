"""Shapes that are drawn step by step."""

import numpy as np
import pytest

from gui.roi.sketch import Sketch, make_rectangle, shade
from inspector.geometry.roi import Drawing, Shape

BOX = [(10.0, 10.0), (40.0, 10.0), (40.0, 30.0), (10.0, 30.0)]


def test_steps_are_taken_back_one_by_one() -> None:
    sketch = Sketch((50, 100))
    assert not sketch.can_undo
    sketch.add("include", BOX)
    sketch.add("ignore", [(20.0, 20.0)], 6.0)
    sketch.begun = [(1.0, 1.0), (2.0, 2.0)]

    counts = []
    while sketch.can_undo:
        sketch.undo()
        counts.append((len(sketch.begun), len(sketch.shapes)))

    assert counts == [(1, 2), (0, 2), (0, 1), (0, 0)]


def test_clearing_can_be_taken_back() -> None:
    sketch = Sketch((50, 100))
    sketch.add("include", BOX)
    sketch.clear()
    assert sketch.shapes == ()
    sketch.undo()

    assert len(sketch.shapes) == 1


def test_shapes_of_no_area_are_none() -> None:
    sketch = Sketch((50, 100))
    sketch.add("include", make_rectangle((5, 5), (5.5, 40)))
    sketch.add("include", [(1.0, 1.0), (2.0, 2.0), (1.0, 1.0)])

    assert sketch.shapes == ()
    assert make_rectangle((40, 30), (10, 10)) == BOX


@pytest.mark.parametrize(("unit", "size", "place"), [("pixels", (25, 50), (5, 5)), ("fractions", None, (0.1, 0.2))])
def test_what_was_drawn_on_another_photo_is_brought_to_this_one(unit, size, place) -> None:
    before = Drawing((Shape("ignore", ((place,),), place[0]),), size, unit)

    assert Sketch((50, 100), before).shapes == (Shape("ignore", (((10, 10),),), 10),)


def test_what_is_not_looked_at_is_dark() -> None:
    sketch = Sketch((50, 100))
    assert not sketch.is_usable()  # all is looked at
    sketch.add("include", BOX)

    layer = shade(sketch)

    assert sketch.is_usable()
    assert layer[20, 20, 3] == 0
    assert layer[5, 5, 3] > 100
    sketch.add("ignore", [(0.0, 0.0), (100.0, 0.0), (100.0, 50.0), (0.0, 50.0)])
    assert not sketch.is_usable()
    assert np.all(shade(sketch)[..., 3] > 0)
