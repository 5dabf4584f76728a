"""What a misread photo looks like, and that a real one does not."""

import io

import numpy as np
import pytest
import tifffile

from inspector.data.photos import decode_photo
from inspector.data.pixels.guard import LIKE_MOSAIC, inspect_pixels, note_mosaic, note_turned_bytes
from inspector.data.pixels.raw_photo import MOSAIC
from tests.data.pixels.make import COLOUR, write_png, write_tiff


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


@pytest.mark.parametrize("write", [write_png, write_tiff])
@pytest.mark.parametrize("bits", [10, 12, 16])
def test_values_whose_bytes_were_turned_are_told(write, bits):
    rows, cols = np.mgrid[:64, :96]
    values = np.round((1 + np.sin(rows / 9) * np.cos(cols / 7)) / 2 * (2**bits - 1)).astype(np.uint16)

    notes = [[note.what for note in decode_photo(write(each), "a").notes] for each in (values, values.byteswap())]

    assert "its values look as if their two bytes were in the wrong order: export it again" in notes[1]
    assert not any("bytes" in note for note in notes[0])


@pytest.mark.parametrize("values", ["noise", "few", "high", "mosaic"])
def test_rough_values_are_not_taken_for_turned_ones(values):
    noise = np.random.default_rng(0).integers(0, 4096, (64, 96)).astype(np.uint16)
    kinds = {
        "noise": noise,
        "few": noise // 16,
        "high": noise // 16 * 256,
        "mosaic": noise // 9 + np.arange(96) % 2 * 3600,
    }

    assert note_turned_bytes(kinds[values].astype(np.uint16)) == ()


@pytest.mark.parametrize(("height", "hole"), [(250, 0), (1000, 65535)])
def test_flat_depths_with_holes_are_not_taken_for_turned_ones(height, hole):
    values = np.repeat(np.linspace(height, height + 30, 96).astype(np.uint16)[:, None], 96, axis=1)
    values[np.random.default_rng(0).random(values.shape) < 0.1] = hole

    assert note_turned_bytes(values) == ()


SCENE = np.add.outer(np.arange(64), np.arange(80))[..., None] % 97 + np.array([90, 150, 20])
"""Red, green and blue of a part that is not grey."""


def see_mosaic(scene):
    """Each pixel of one colour, as a sensor with the pattern RGGB sees them."""
    rows, cols = np.indices(scene.shape[:2])
    return np.take_along_axis(scene, (rows % 2 + cols % 2)[..., None], axis=2)[..., 0].astype(np.uint8)


@pytest.mark.parametrize("write", [write_tiff, lambda values: write_png(values * 257.0)])
def test_raw_mosaic_of_a_colour_sensor_is_told(write):
    mosaic = see_mosaic(SCENE)

    assert LIKE_MOSAIC in decode_photo(write(mosaic), "photo").notes
    assert decode_photo(write_tiff(mosaic, photometric="cfa"), "photo").notes == (MOSAIC,)


@pytest.mark.parametrize(
    "grey",
    [
        SCENE[..., 0].astype(np.uint8),
        np.random.default_rng(0).integers(0, 256, (64, 80), np.uint8),
        see_mosaic(SCENE)[:, ::2].repeat(2, axis=1),  # lines alone, as of video
    ],
)
def test_other_grey_photos_are_no_mosaic(grey):
    assert note_mosaic(np.dstack([grey] * 3)) == ()


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_values_that_are_packed_as_cameras_send_them_are_told(bits):
    rows, cols = np.mgrid[:48, :64]
    values = np.rint((rows + cols) / 110 * (2**bits - 1)).astype(np.int64)
    digits = (values[..., None] >> np.arange(bits)) & 1
    as_sent = [np.packbits(digits.astype(np.uint8).ravel(), bitorder="little")]
    if bits == 12:
        one, other = values.ravel()[::2], values.ravel()[1::2]
        as_sent.append(np.stack([one >> 4, (other & 15) << 4 | one & 15, other >> 4], axis=1).astype(np.uint8))
    as_meant = np.packbits(digits[..., ::-1].astype(np.uint8).ravel())

    told = [[str(note) for note in decode_photo(pack_tiff(data, bits), "photo.tif").notes] for data in as_sent]

    assert told == [["its values look as if they were packed as cameras send them: export it with 16 bits"]] * len(told)
    assert decode_photo(pack_tiff(as_meant, bits), "photo.tif").notes == ()


def pack_tiff(data, bits):
    """Write a TIFF of 64 x 48 values whose strip holds these bytes."""
    content = io.BytesIO()
    tifffile.imwrite(content, iter([data.tobytes()]), shape=(48, 64), dtype=np.uint16, bitspersample=bits)
    return content.getvalue()
