"""What a misread photo looks like, and that a real one does not."""

import numpy as np
import pytest

from inspector.data.pixels.guard import inspect_pixels
from tests.data.pixels.make import COLOUR


def look(pixels):
    return [str(note) for note in inspect_pixels(np.ascontiguousarray(pixels, dtype=np.uint8))]


def test_ordinary_photo_is_not_suspicious():
    assert look(COLOUR) == []
    assert look(COLOUR // 4 + 100) == []


@pytest.mark.parametrize(
    ("pixels", "told"),
    [
        (np.full((40, 50, 3), [255, 255, 255]), "the photo is one flat colour (red 255, green 255, blue 255)"),
        (COLOUR // 128 * 255 * [1, 0, 0], "the photo has almost no grey levels (2 of 256)"),
        (COLOUR // 16, "the photo uses only a corner of its range (grey levels 0 to 14 of 0 to 255)"),
        (COLOUR // 16 + 200, "the photo uses only a corner of its range (grey levels 200 to 214 of 0 to 255)"),
    ],
)
def test_suspicious_photos_are_told(pixels, told):
    assert look(pixels) == [told]


def test_one_odd_pixel_makes_a_flat_photo_no_photo():
    pixels = np.full((1200, 1600, 3), 7)
    pixels[700, 801] = 200

    assert look(pixels) in (
        ["the photo has almost no grey levels (1 of 256)"],
        ["the photo has almost no grey levels (2 of 256)"],
    )


def test_grey_end_of_a_decoder_without_data():
    pixels = COLOUR.copy()
    pixels[40:] = 128

    assert look(pixels) == ["the photo ends in even grey, as if it were cut off (the lowest 8 rows)"]
    pixels[47] = 90
    assert look(pixels) == []
