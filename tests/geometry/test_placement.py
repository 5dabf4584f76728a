"""A box around a part: there and back."""

import numpy as np
import pytest

from inspector.geometry.placement import Placement, pixel_centres


def test_corners_of_an_upright_box():
    found = Placement(5, 5, 4, 2).corners()

    assert np.allclose(found, [(3, 4), (7, 4), (7, 6), (3, 6)])


def test_a_box_is_turned_clockwise_as_one_sees_it():
    found = Placement(0, 0, 4, 2, 90).corners()

    assert np.allclose(found, [(1, -2), (1, 2), (-1, 2), (-1, -2)])  # its upper left is now upper right


@pytest.mark.parametrize("angle", [0, 30, 123.4, 270])
def test_places_come_back(angle):
    box = Placement(20, -3, 7, 11, angle)
    places = np.random.default_rng(0).uniform(-2, 3, (5, 4, 2))

    assert np.allclose(box.to_box(box.to_photo(places)), places)
    assert np.allclose(box.to_box(np.array([20, -3])), (0.5, 0.5))


def test_middles_of_pixels_are_x_and_y():
    assert pixel_centres((2, 3))[1, 2].tolist() == [2.5, 1.5]
