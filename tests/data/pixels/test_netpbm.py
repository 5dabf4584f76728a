"""PGM, PPM and PFM as programs write them: where the raster begins, and values beyond what is declared."""

import numpy as np
import pytest

from inspector.data.photos import decode_photo, read_raw
from tests.data.pixels.make import COLOUR, GREY, HEIGHT, WIDTH, write_picture

SIZE = b"%d %d" % (WIDTH, HEIGHT)
DEEP = (GREY.astype(np.uint16) * 16).astype(">u2")

ENDS = {"unix": b"\n", "windows": b"\r\n", "comment": b" # exposure 12 ms\n", "comment, windows": b"# 4711\r\n"}


@pytest.mark.parametrize("end", ENDS)
def test_raster_begins_behind_all_of_the_header(end):
    end = ENDS[end]
    fractions = (GREY[::-1] / np.float32(255)).astype("<f4").tobytes()

    np.testing.assert_array_equal(read_raw(b"P5\n" + SIZE + b"\n255" + end + GREY.tobytes(), "a").pixels[..., 0], GREY)
    np.testing.assert_array_equal(read_raw(b"P6\n" + SIZE + b"\n255" + end + COLOUR.tobytes(), "a").pixels, COLOUR)
    np.testing.assert_array_equal(read_raw(b"P5\n" + SIZE + b"\n4095" + end + DEEP.tobytes(), "a").pixels, DEEP)
    if b"#" not in end:
        raw = read_raw(b"Pf\n" + SIZE + b"\n-1.0" + end + fractions, "a")
        np.testing.assert_allclose(raw.pixels * 255, GREY, atol=1e-4)


def test_raster_that_begins_like_a_comment_is_a_raster():
    """Two rows too many: where the raster begins is not told by its first bytes alone."""
    tiny = np.frombuffer(b"#!\n" * 8, np.uint8)

    np.testing.assert_array_equal(read_raw(b"P5 6 4 255\n" + tiny.tobytes(), "a").pixels[..., 0].ravel(), tiny)


def test_line_end_behind_the_raster_moves_nothing():
    deep, grey = DEEP.copy(), GREY.copy()
    deep[0, 0], grey[0, 0] = 0x0A10, 0x0A

    raw = read_raw(b"P5\n" + SIZE + b"\n65535\n" + deep.tobytes() + b"\n", "a")
    photo = decode_photo(b"P5\n" + SIZE + b"\n255\n" + grey.tobytes() + b"\n", "a")

    np.testing.assert_array_equal(raw.pixels, deep)
    np.testing.assert_array_equal(photo.pixels[..., 0], grey)
    assert photo.notes == ()


@pytest.mark.parametrize("kind", ["PGM", "BMP"])
def test_rows_beyond_those_of_the_header_are_told(kind):
    content = b"P5\n%d %d\n255\n" % (WIDTH, HEIGHT // 2) + GREY.tobytes()
    if kind == "BMP":
        whole = write_picture(GREY, "BMP")
        content = whole[:22] + (HEIGHT // 2).to_bytes(4, "little") + whole[26:]

    photo = decode_photo(content, "a")

    assert [str(note) for note in photo.notes] == [f"the file goes on behind its end ({WIDTH * HEIGHT // 2} bytes)"]


def test_bitmap_that_does_not_say_where_its_pixels_begin_is_whole():
    content = write_picture(GREY, "BMP")

    photo = decode_photo(content[:10] + bytes(4) + content[14:], "a")

    np.testing.assert_array_equal(photo.pixels[..., 0], GREY)
    assert photo.notes == ()


def test_values_with_the_lower_byte_first_are_turned():
    raw = read_raw(b"P5\n" + SIZE + b"\n4095\n" + DEEP.astype("<u2").tobytes(), "a")

    np.testing.assert_array_equal(raw.pixels, DEEP)
    assert raw.declared == (0, 4095)
    assert ["against its format" in str(note) for note in raw.notes] == [True]


def test_a_hot_pixel_does_not_change_the_scale():
    pixels = np.full((40, 50), 900, ">u2")
    pixels[3, 4] = 1024

    raw = read_raw(b"P5\n50 40\n1023\n" + pixels.tobytes(), "a")

    assert (raw.kind, raw.declared) == ("10 bits", (0, 1023))
    assert ["(1024, declared 1023)" in str(note) for note in raw.notes] == [True]


def test_values_above_the_declared_largest_are_not_white():
    raw = read_raw(b"P5\n" + SIZE + b"\n1023\n" + DEEP.tobytes(), "a")

    assert (raw.kind, raw.declared) == ("uint16", None)
    assert [str(note) for note in raw.notes] == [
        "its values are above the largest that it declares (4080, declared 1023)"
    ]


def test_values_of_eight_bits_above_the_largest_that_is_declared_are_noted():
    content = b"P5 %d %d 100\n" % (GREY.shape[1], GREY.shape[0]) + GREY.tobytes()

    notes = [str(note) for note in decode_photo(content, "photo").notes]

    assert notes == ["its values are above the largest that it declares (255, declared 100)"]


def test_what_stands_behind_the_raster_of_a_text_is_counted_in_bytes():
    raw = read_raw(b"P2 2 1 255\n1 2\n# end\n30 40\n", "a")

    assert [str(note) for note in raw.notes] == ["the file goes on behind its end (6 bytes)"]
