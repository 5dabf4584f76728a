"""A part on a plain ground is found; where there is none, that is known."""

import cv2
import numpy as np
import pytest

from inspector.data.part_finder import find_part
from inspector.data.part_model import is_clear
from tests.parts import draw_part


@pytest.mark.parametrize("scale", [1, 4])
def test_part_is_found_where_it_lies(scale):
    photo = draw_part((90, 80), 30)
    photo = np.repeat(np.repeat(photo, scale, axis=0), scale, axis=1)

    found = find_part(photo)

    assert found is not None
    assert is_clear(found)
    area = found.mask.sum() * found.scale**2 / scale**2
    assert area == pytest.approx(60 * 30 + 15 * 12, rel=0.08)
    x, y = found.middle * found.scale / scale
    assert np.hypot(x - 90, y - 80) < 5  # the tab draws it to the right


def test_holes_belong_to_the_part():
    photo = draw_part((120, 100), 0)
    photo[95:105, 115:125] = 150  # as bright as the ground

    found = find_part(photo)

    assert found is not None
    assert found.mask[round(100 / found.scale), round(120 / found.scale)]


def test_shade_across_the_ground_is_ground():
    photo = draw_part((120, 100), 45).astype(np.float64)
    shaded = (photo + np.linspace(-20, 20, photo.shape[1])[:, None]).clip(0, 255).astype(np.uint8)

    found = find_part(shaded)

    assert found is not None
    assert is_clear(found)
    assert found.mask.sum() * found.scale**2 == pytest.approx(1980, rel=0.1)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (3, 3), (64, 64), (7, 500)])
def test_nothing_is_found_on_one_colour(size):
    assert find_part(np.full((*size, 3), 77, np.uint8)) is None


def test_noise_is_no_part():
    found = find_part(np.random.default_rng(0).integers(0, 255, (120, 160, 3)).astype(np.uint8))

    assert found is None or not is_clear(found)


def test_what_the_border_cuts_off_is_not_clear():
    found = find_part(draw_part((10, 100), 0))

    assert found is None or not is_clear(found)


def test_many_things_are_not_one_part():
    photo = np.full((160, 200, 3), 150, np.uint8)
    for x in range(20, 200, 25):
        for y in range(20, 160, 25):
            cv2.circle(photo, (x, y), 6, (40, 40, 40), -1)
    cv2.rectangle(photo, (80, 60), (110, 90), (40, 40, 40), -1)

    found = find_part(photo)

    assert found is not None
    assert not is_clear(found)
