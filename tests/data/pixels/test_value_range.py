"""One scale for the photos of a batch, from what they declare or from all of them."""

import zlib

import numpy as np
import pytest

from inspector.data.photos import decode_photo, read_raw
from inspector.data.pixels.raw_photo import RawPhoto
from inspector.data.pixels.value_range import ANY, choose_ranges, map_to_rgb, measure_photo
from tests.data.pixels.make import GREY, scale, write_png, write_tiff


def choose(*photos):
    measured = [measure_photo(photo, 1 << 14) for photo in photos]
    return choose_ranges([one for one in measured if one])


def ramp(low, high, kind="uint16", size=64):
    return RawPhoto(np.linspace(low, high, size * size).astype(kind).reshape(size, size), kind)


@pytest.mark.parametrize(
    ("photos", "expected"),
    [
        ([ramp(0, 900), ramp(0, 4000)], (0, 4095)),
        ([ramp(0, 255)], (0, 255)),
        ([ramp(100, 16000)], (0, 16383)),
        ([ramp(0, 60000)], (0, 65535)),
        ([ramp(0, 20000, "int16")], (0, 32767)),
        ([ramp(-1800, 2000, "int16")], (-2048, 2047)),
        ([ramp(0, 2**32 - 1, "uint32")], (0, 2**32 - 1)),
        ([ramp(0, 0.8, "float32"), ramp(0.1, 1, "float32")], (0, 1)),
        ([ramp(0, 250, "float64")], (0, 255)),
        ([ramp(0, 4000, "float16")], (0, 4095)),
    ],
)
def test_bits_that_a_whole_batch_uses(photos, expected):
    (limits,) = choose(*photos).values()

    assert limits == [expected]


@pytest.mark.parametrize(
    ("photos", "low", "high"),
    [
        ([ramp(29000, 30000), ramp(29500, 31000)], 29000, 31000),  # hundredths of a kelvin
        ([ramp(400, 500), ramp(420, 520)], 400, 520),  # millimetres
        ([ramp(293.0, 301.5, "float32")], 293.0, 301.5),
        ([ramp(-5.0, 80.0, "float32")], -5.0, 80.0),
    ],
)
def test_temperatures_and_distances_take_the_whole_scale(photos, low, high):
    ((limits,),) = choose(*photos).values()

    np.testing.assert_allclose(limits, (low, high), rtol=1e-6)


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_hot_pixels_do_not_darken_a_batch(kind):
    hot = ramp(0, 1, kind)
    hot.pixels[3, 4], hot.pixels[9, 1] = 5000.0, np.inf

    assert choose(ramp(0, 1, kind), hot, ramp(0, 1, kind)) == {kind: [(0, 1)]}


def test_dead_pixels_do_not_darken_a_batch():
    dead = ramp(0, 4000)
    dead.pixels[3, 4] = 65535

    ((low, high),) = choose(dead, ramp(0, 3900), ramp(0, 4000))["uint16"]

    assert (low, 4000 < high < 5200) == (0, True)


def test_hint_that_all_photos_share_and_keep_to_is_believed():
    def photo(top, hint):
        return RawPhoto(ramp(0, top).pixels, "uint16", hinted=hint)

    assert choose(photo(500, (0, 2000)), photo(900, (0, 2000))) == {"uint16": [(0, 2000)]}
    assert choose(photo(500, (0, 500)), photo(900, (0, 900))) == {"uint16": [(0, 1023)]}  # each photo's own extremes
    assert choose(photo(500, (0, 400)), photo(900, (0, 400))) == {"uint16": [(0, 1023)]}


def test_hint_of_a_tiff_and_of_a_png_reach_the_choice():
    values = scale(GREY, 10).astype(np.uint16)
    tiff = write_tiff(values, extratags=[(340, 3, 1, 0, True), (341, 3, 1, 2000, True)])
    png = write_png(values)
    chunk = b"\x00\x00\x00\x01sBIT\x0c" + zlib.crc32(b"sBIT\x0c").to_bytes(4, "big")
    png = png[:33] + chunk + png[33:]

    assert read_raw(tiff, "a.tif").hinted == (0, 2000)
    assert read_raw(png, "a.png").hinted == (0, 4095)


def test_own_scale_of_each_channel():
    pixels = np.dstack([np.full((2, 2), value) for value in (100, 1000, 4000)]).astype(np.uint16)
    limits = [(0, 100), (0, 2000), (3000, 5000)]

    mapped = map_to_rgb(RawPhoto(pixels, "uint16"), {ANY: limits})

    np.testing.assert_array_equal(mapped[0, 0], [255, 128, 128])


def test_given_scale_leaves_8_bits_alone_unless_it_is_one_of_8_bits():
    shallow = RawPhoto(np.array([[0, 100, 200]], np.uint8), "uint8")

    assert map_to_rgb(shallow, {ANY: [(0, 4095)]})[0, :, 0].tolist() == [0, 100, 200]
    assert map_to_rgb(shallow, {ANY: [(0, 200)]})[0, :, 0].tolist() == [0, 128, 255]


def test_equal_pixels_on_other_scales_have_other_names():
    content = write_png(scale(GREY, 12))
    names = {decode_photo(content, "a.png", ranges).suffix for ranges in ({}, {"uint16": [(0, 4095)]}, {ANY: [(0, 9)]})}

    assert len(names) == 3
    assert decode_photo(write_tiff(GREY), "a.tif").suffix == ""


@pytest.mark.parametrize(
    ("kind", "mark", "is_hole"),
    [
        *(("float32", mark, True) for mark in (-9999, -32768, 1e10, -3.4028234663852886e38)),
        ("int16", -32768, True),
        ("float64", -999, True),
        ("float32", 65535, False),  # white
        ("uint16", 65535, False),
        ("float32", -20, False),  # maybe measured
    ],
)
def test_what_programs_write_for_no_value_is_no_end_of_the_scale(kind, mark, is_hole):
    values = scale(GREY, 9).astype(kind)
    values[:2, :20] = mark
    if values.dtype.kind == "f":
        values[5, 5] = np.nan

    raw = read_raw(write_tiff(values), "photo")

    told = [f"pixels of one value away from all others were taken for holes ({mark:.9g})"] if is_hole else []
    assert list(map(str, raw.notes)) == told
    assert ((raw.pixels == mark).any(), raw.pixels.dtype) == (not is_hole, values.dtype)
    assert raw.pixels[10:].tobytes() == values[10:].tobytes()
