"""What the strips of a TIFF hold: values that stand otherwise than its tags say, and data that were changed."""

import io
import struct
import tracemalloc
import zlib

import cv2
import imagecodecs
import numpy as np
import pytest
import tifffile

from inspector.data.clouds.cloud import read_cloud
from inspector.data.clouds.depth import PinholeCamera
from inspector.data.photos import decode_photo
from inspector.errors import InputError
from tests.data.pixels.make import COLOUR, GREY, HEIGHT, WIDTH, scale, write_tiff

ROWS, BITS_OF_A_VALUE, PHOTOMETRIC, ROWS_OF_A_STRIP, LENGTHS, ORDER, PREDICTOR, COLOURS, RESERVED = (
    257,
    258,
    262,
    278,
    279,
    284,
    317,
    320,
    65000,
)
NOISE = (np.random.default_rng(0).integers(0, 40, COLOUR.shape) + COLOUR // 2).astype(np.uint8)


def set_tag(content, tag, *values):
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        found, order = file.pages.first.tags[tag], file.byteorder
    kind = f"{order}{len(values)}H"
    return content[: found.valueoffset] + struct.pack(kind, *values) + content[found.valueoffset + 2 * len(values) :]


def cut_last_pixel(content):
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        starts = file.pages.first.dataoffsets
    return content[: starts[-1] + 8]


def claim_predictor(content, predictor):
    """Say so in a tag that was kept free; tifffile writes none where nothing is compressed."""
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        place, order = file.pages.first.tags[RESERVED].offset, file.byteorder
    return content[:place] + struct.pack(f"{order}HHIHH", PREDICTOR, 3, 1, predictor, 0) + content[place + 12 :]


def write_packed(strip):
    content = io.BytesIO()
    tifffile.imwrite(content, iter([strip]), shape=GREY.shape, dtype=np.uint16, compression="jpeg", rowsperstrip=HEIGHT)
    return content.getvalue()


@pytest.mark.parametrize("options", [{}, {"byteorder": ">", "rowsperstrip": 7}, {"compression": "zlib"}])
@pytest.mark.parametrize("values", [GREY, COLOUR])
@pytest.mark.parametrize("bits", [10, 12, 14])
def test_values_of_10_to_14_bits_that_stand_in_16_each(bits, values, options):
    """Close together they would be 5, 6 and 7 bytes for 4 values."""
    words = scale(values, bits).astype(np.uint16)
    channels = values.shape[2] if values.ndim == 3 else 1
    content = set_tag(write_tiff(words, **options), BITS_OF_A_VALUE, *[bits] * channels)
    left = set_tag(write_tiff(words << (16 - bits), **options), BITS_OF_A_VALUE, *[bits] * channels)

    photo, shifted = decode_photo(content, "photo.tif"), decode_photo(left, "photo.tif")

    assert (photo.kind, photo.notes, shifted.notes) == (f"{bits} bits", (), ())
    assert np.abs(photo.pixels.T - values.T.astype(int)).max() <= 1
    assert np.abs(shifted.pixels.T - values.T.astype(int)).max() <= 1


@pytest.mark.parametrize("dimmed", [0, 20])
def test_values_at_the_upper_end_of_16_bits_below_rows_that_are_black_or_dark(dimmed):
    """The first strip alone fits both ends."""
    values = GREY.astype(np.uint16)
    values[:16] = values[:16] * dimmed // 256
    words = scale(values, 12).astype(np.uint16) << 4

    photo = decode_photo(set_tag(write_tiff(words, rowsperstrip=16), BITS_OF_A_VALUE, 12), "photo.tif")

    assert np.abs(photo.pixels[..., 0] - values.astype(int)).max() <= 1


def test_depths_of_12_bits_that_stand_in_16_each(tmp_path):
    depths = GREY.astype(np.uint16) + 500
    (tmp_path / "depth.tif").write_bytes(set_tag(write_tiff(depths), BITS_OF_A_VALUE, 12))

    cloud = read_cloud(tmp_path / "depth.tif", camera=PinholeCamera((100.0, 100.0), (32.0, 24.0)))

    np.testing.assert_array_equal(cloud.points[:, 2], depths.ravel())


@pytest.mark.parametrize(("values", "predictor"), [(GREY * np.uint16(257), 2), (GREY.astype(np.float32) / 255, 3)])
def test_values_that_are_not_compressed_are_no_differences(values, predictor):
    content = claim_predictor(write_tiff(values, metadata=None, extratags=[(RESERVED, 3, 1, 1, True)]), predictor)

    np.testing.assert_array_equal(decode_photo(content, "photo.tif").pixels[..., 0], GREY)


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "jpeg"},
        {"compression": "jpeg", "photometric": "ycbcr"},
        {"compression": "jpeg", "tile": (16, 16)},
        {"compression": "zlib"},
        {"compression": "zlib", "photometric": "miniswhite"},
    ],
)
def test_strips_of_which_a_piece_is_missing_are_refused(options):
    values = NOISE[..., 0].copy() if options.get("photometric") == "miniswhite" else NOISE
    content = write_tiff(values, **{"rowsperstrip": 16, **options} if "tile" not in options else options)
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        page = file.pages.first
        begin, size = page.dataoffsets[1], page.databytecounts[1]
    half = begin + size // 2
    harmed = content[:half] + bytes(begin + size - half) + content[begin + size :]

    assert decode_photo(content, "photo.tif").notes == ()
    with pytest.raises(InputError, match=r"photo\.tif is damaged or cut off"):
        decode_photo(harmed, "photo.tif")


def test_deflate_that_was_flushed_and_not_ended_is_read():
    packing = zlib.compressobj()
    strip = packing.compress(COLOUR.tobytes()) + packing.flush(zlib.Z_SYNC_FLUSH)
    options = {"shape": COLOUR.shape, "dtype": np.uint8, "photometric": "rgb", "compression": "zlib"}

    tifffile.imwrite(content := io.BytesIO(), iter([strip]), rowsperstrip=HEIGHT, **options)

    np.testing.assert_array_equal(decode_photo(content.getvalue(), "photo.tif").pixels, COLOUR)


@pytest.mark.parametrize("options", [{"bitspersample": 12, "level": 95}, {"bitspersample": 16, "lossless": True}])
def test_deep_jpegs_in_a_tiff_of_which_a_piece_is_missing_are_refused(options):
    packed = imagecodecs.jpeg8_encode(scale(GREY, options["bitspersample"]).astype(np.uint16), **options)
    harmed = packed[: len(packed) // 2] + bytes(len(packed) - len(packed) // 2)

    photo = decode_photo(write_packed(packed), "photo.tif")

    assert (photo.pixels.shape[:2], photo.notes) == (GREY.shape, ())
    with pytest.raises(InputError, match="it ends before its last pixel"):
        decode_photo(write_packed(harmed), "photo.tif")


def test_deep_jpeg_that_ends_in_one_colour_is_whole():
    """Its decoder would go on with that colour, whether there are data for it or not."""
    values = GREY * np.uint16(16)
    values[-10:] = 4095
    content = imagecodecs.jpeg8_encode(values, bitspersample=12, lossless=True)

    assert decode_photo(content, "photo.jpg").notes == ()


@pytest.mark.parametrize("length", [0, 100, 60_000])
@pytest.mark.parametrize("values", [GREY, GREY * np.uint16(257)])
def test_lengths_of_strips_that_are_not_compressed_do_not_count(values, length):
    """Programs write zeros, or that of a whole strip for the last one; where that lies behind the file all is there."""
    content = set_tag(write_tiff(values, metadata=None, rowsperstrip=HEIGHT), LENGTHS, length)
    strips = write_tiff(values, metadata=None, rowsperstrip=20)

    for written in (content, set_tag(strips, LENGTHS, length, length, length)):
        photo = decode_photo(written, "photo.tif")

        np.testing.assert_array_equal(photo.pixels[..., 0], GREY)
        assert photo.notes == ()
    with pytest.raises(InputError, match="some of its pixels are missing"):
        decode_photo(cut_last_pixel(set_tag(strips, LENGTHS, length, length, length)), "photo.tif")


def test_last_strip_with_the_length_of_a_whole_one_ends_where_the_tags_begin():
    """Most programs write the tags last; tifffile does not."""
    options = (cv2.IMWRITE_TIFF_COMPRESSION, cv2.IMWRITE_TIFF_COMPRESSION_NONE, cv2.IMWRITE_TIFF_ROWSPERSTRIP, 20)
    content = set_tag(cv2.imencode(".tif", GREY, options)[1].tobytes(), LENGTHS, *[20 * WIDTH] * 3)

    assert decode_photo(content, "photo.tif").notes == ()


def test_strips_that_are_claimed_alone_take_no_memory():
    """Six million rows, each a strip, of which there is one."""
    content = set_tag(set_tag(write_tiff(GREY, metadata=None), ROWS, 0, 100), ROWS_OF_A_STRIP, 1)

    tracemalloc.start()
    with pytest.raises(InputError, match="its header declares 64 x 6553600 pixels"):
        decode_photo(content, "photo.tif")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 10_000_000


def test_page_that_names_itself_as_the_next_is_one():
    content = write_tiff(GREY, metadata=None)
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        page = file.pages.first
        end = page.offset + 2 + 12 * len(page.tags)

    photo = decode_photo(content[:end] + struct.pack("<I", page.offset) + content[end + 4 :], "photo.tif")

    np.testing.assert_array_equal(photo.pixels[..., 0], GREY)
    assert photo.notes == ()


def test_colours_in_an_order_that_nobody_knows_are_refused():
    content = set_tag(write_tiff(COLOUR * np.uint16(257)), ORDER, 0)

    with pytest.raises(InputError, match="colours in the order 0 are not supported"):
        decode_photo(content, "photo.tif")


def test_palette_of_two_colours_that_go_to_255():
    content = write_tiff(GREY > 100, extratags=[(RESERVED, 3, 6, (0, 250, 0, 100, 0, 50), True)])
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        place = file.pages.first.tags[RESERVED].offset
    content = set_tag(content[:place] + struct.pack("<H", COLOURS) + content[place + 2 :], PHOTOMETRIC, 3)

    photo = decode_photo(content, "photo.tif")

    np.testing.assert_array_equal(photo.pixels, np.where((GREY > 100)[..., None], (250, 100, 50), 0))
