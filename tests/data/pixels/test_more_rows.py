"""Photos whose header says less than their file holds, and data that were changed without the header's knowing."""

import io
import re
import struct
import zlib

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.data.masks import read_mask
from inspector.data.photos import decode_photo, read_raw
from inspector.errors import InputError
from tests.data.pixels.make import COLOUR, GREY, HEIGHT, WIDTH, scale, write_picture, write_png, write_tiff

MORE_ROWS = "its file holds more rows than its header says"
MORE_DATA = "its compressed data go on behind its last pixel: its header is wrong, or they were changed"
BEHIND = "the file goes on behind its end"
PLANES = COLOUR.transpose(2, 0, 1)


def set_jpeg_height(content, height):
    place = next(found.start() for found in re.finditer(rb"\xff[\xc0-\xc3]\0", content)) + 5
    return content[:place] + struct.pack(">H", height) + content[place + 2 :]


def set_png_height(content, height):
    header = content[12:20] + struct.pack(">I", height) + content[24:29]
    return content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[33:]


def set_tiff_height(content, height, tag=257):
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        place = file.pages.first.tags[tag].valueoffset
    return content[:place] + height.to_bytes(2, "little") + content[place + 2 :]


def set_gif_height(content, height):
    return set_number(content.index(struct.pack("<BHHH", 0x2C, 0, 0, WIDTH)) + 7, "<H")(content, height)


def set_pcx_height(content, height):
    return set_number(10, "<H")(content, height - 1)


def set_text_height(content, height):
    return content.replace(b"%d %d" % (WIDTH, HEIGHT), b"%d %d" % (WIDTH, height), 1)


def set_number(place, kind):
    return lambda content, height: (
        content[:place] + struct.pack(kind, height) + content[place + struct.calcsize(kind) :]
    )


def write_text_map(top):
    rows = [" ".join(str(value * top // 255) for value in row) for row in GREY.tolist()]
    return f"P2 # a camera\n{WIDTH} {HEIGHT}\n{top}\n".encode() + "\n".join(rows).encode()


def write_packed_bmp():
    """Grey, runs of one pixel each."""
    palette = b"".join(bytes([grey, grey, grey, 0]) for grey in range(256))
    rows = b"".join(bytes(value for pixel in row for value in (1, pixel)) + b"\0\0" for row in GREY[::-1].tolist())
    start = 54 + len(palette)
    header = struct.pack("<IHHIIiiHHIIiiII", 0, 0, 0, start, 40, WIDTH, HEIGHT, 1, 8, 1, len(rows) + 2, 0, 0, 256, 0)
    return b"BM" + header + palette + rows + b"\0\1"


HALVED = {
    "jpg": (write_picture(COLOUR, "JPEG", quality=95), set_jpeg_height, MORE_DATA),
    "jpg progressive": (write_picture(COLOUR, "JPEG", progressive=True), set_jpeg_height, MORE_DATA),
    "jpg with marks": (write_picture(COLOUR, "JPEG", restart_marker_rows=1), set_jpeg_height, MORE_DATA),
    "jpg 12": (imagecodecs.jpeg8_encode(np.uint16(GREY) << 4, bitspersample=12), set_jpeg_height, MORE_DATA),
    "jpg lossless": (imagecodecs.ljpeg_encode(np.uint16(GREY) << 4, bitspersample=12), set_jpeg_height, MORE_DATA),
    "png": (write_picture(COLOUR, "PNG"), set_png_height, MORE_ROWS),
    "png 16": (write_png(scale(COLOUR, 16)), set_png_height, MORE_ROWS),
    "tiff": (write_tiff(COLOUR), set_tiff_height, MORE_ROWS),
    "tiff lzw": (write_tiff(COLOUR, compression="lzw"), set_tiff_height, MORE_ROWS),
    "tiff lzw 16": (write_tiff(np.uint16(COLOUR) * 257, compression="lzw", predictor=True), set_tiff_height, MORE_ROWS),
    "tiff zip": (write_tiff(COLOUR, compression="zlib"), set_tiff_height, MORE_ROWS),
    "tiff jpeg": (write_tiff(COLOUR, compression="jpeg"), set_tiff_height, MORE_ROWS),
    "tiff planes": (write_tiff(PLANES, planarconfig="separate"), set_tiff_height, MORE_ROWS),
    "tiff planes lzw": (write_tiff(PLANES, planarconfig="separate", compression="lzw"), set_tiff_height, MORE_ROWS),
    "photo.tga": (write_picture(COLOUR, "TGA"), set_number(14, "<H"), MORE_ROWS),
    "packed.tga": (write_picture(COLOUR, "TGA", compression="tga_rle"), set_number(14, "<H"), MORE_ROWS),
    "bmp packed": (write_packed_bmp(), set_number(22, "<i"), MORE_ROWS),
    "sgi": (write_picture(COLOUR, "SGI"), set_number(8, ">H"), MORE_ROWS),
    "qoi": (imagecodecs.qoi_encode(COLOUR), set_number(8, ">I"), MORE_ROWS),
    "gif": (write_picture(GREY, "GIF", comment=b"a camera"), set_gif_height, MORE_ROWS),
    "gif in rows of eight": (write_picture(GREY, "GIF", interlace=1), set_gif_height, MORE_ROWS),
    "pcx": (write_picture(COLOUR, "PCX"), set_pcx_height, MORE_ROWS),
    "pcx with a palette": (write_picture(GREY, "PCX"), set_pcx_height, MORE_ROWS),
    "pgm 16": (b"P5 %d %d 65535\n" % (WIDTH, HEIGHT) + (GREY * 257.0).astype(">u2").tobytes(), set_text_height, BEHIND),
    "pfm": (b"Pf %d %d -1\n" % (WIDTH, HEIGHT) + GREY.astype("<f4").tobytes(), set_text_height, BEHIND),
    "pgm text": (write_text_map(255), set_text_height, BEHIND),
    "pgm text 12": (write_text_map(4095), set_text_height, BEHIND),
}


@pytest.mark.parametrize("name", HALVED)
def test_photos_whose_header_says_half_of_their_rows_are_noted(name):
    content, set_height, told = HALVED[name]

    whole = decode_photo(content, name)
    half = decode_photo(set_height(content, HEIGHT // 2), name)

    assert whole.pixels.shape[0] == HEIGHT
    assert whole.notes == ()
    assert [note.what for note in half.notes] == [told]


@pytest.mark.parametrize("options", [{}, {"exif": Image.Exif().tobytes()}])
def test_lossy_webp_whose_header_says_half_of_its_rows_is_noted(options):
    content = write_picture(np.tile(COLOUR, (4, 4, 1)), "WEBP", quality=80, **options)
    pixels = content.index(b"VP8 ") + 16
    half = set_number(pixels, "<H")(content, 2 * HEIGHT)
    half = set_number(27, "<H")(half, 2 * HEIGHT - 1) if options else half

    assert decode_photo(content, "photo").notes == ()
    assert [str(note) for note in decode_photo(half, "photo").notes] == [MORE_ROWS]


def test_highest_lossy_webp_is_whole():
    """No header can say a row more."""
    content = write_picture(np.tile(COLOUR[:, :8], (16380 // HEIGHT, 1, 1)), "WEBP")

    assert decode_photo(content, "photo").notes == ()


def test_pcx_that_is_filled_up_with_zeros_is_whole():
    notes = decode_photo(write_picture(COLOUR, "PCX") + bytes(4096), "photo").notes

    assert MORE_ROWS not in map(str, notes)


def test_last_strip_with_more_rows_than_the_header_says():
    content = write_tiff(COLOUR, compression="lzw", rowsperstrip=32)

    assert decode_photo(content, "photo").notes == ()
    assert [str(note) for note in decode_photo(set_tiff_height(content, 40), "photo").notes] == [MORE_ROWS]


def test_last_strip_that_is_filled_up_with_one_value_is_whole():
    """Some programs write all strips with as many rows."""
    padded = write_tiff(np.vstack([COLOUR, np.zeros((16, WIDTH, 3), np.uint8)]), compression="lzw", rowsperstrip=32)

    photo = decode_photo(set_tiff_height(padded, HEIGHT), "photo")

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    assert photo.notes == ()


def test_tiff_whose_bits_are_in_the_other_order_is_whole():
    content = write_picture(COLOUR, "TIFF", compression="tiff_lzw", tiffinfo={266: 2})

    photo = decode_photo(content, "photo")

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    assert photo.notes == ()


def test_tiff_whose_last_strip_lacks_nothing_but_its_checksum_is_whole():
    content = write_tiff(COLOUR, compression="zlib")
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        count = file.pages.first.databytecounts[0]

    photo = decode_photo(set_tiff_height(content, count - 4, tag=279), "photo")

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    assert photo.notes == ()


def test_tiff_whose_jpeg_shares_a_row_between_two_components_is_whole():
    """As cameras write the mosaic of their sensor."""
    mosaic = np.uint16(GREY) << 4
    packed = imagecodecs.jpeg8_encode(mosaic.reshape(HEIGHT, WIDTH // 2, 2), bitspersample=12, lossless=True)
    content = io.BytesIO()
    options = {"compression": "jpeg", "photometric": "minisblack", "rowsperstrip": HEIGHT}
    tifffile.imwrite(content, iter([packed]), shape=GREY.shape, dtype=np.uint16, **options)

    np.testing.assert_array_equal(read_raw(content.getvalue(), "photo").pixels, mosaic)


def test_tiff_whose_jpeg_has_fewer_columns_than_the_tiff_is_refused():
    content = write_tiff(COLOUR, compression="jpeg")

    with pytest.raises(InputError, match="it ends before its last pixel"):
        decode_photo(set_tiff_height(content, WIDTH + 8, tag=256), "photo")


SMOOTH = np.asarray(Image.fromarray(COLOUR).resize((256, 192)))
MARKED = write_picture(SMOOTH, "JPEG", quality=90, restart_marker_rows=1)
SCAN = MARKED.index(b"\xff\xda")
MARKS = [found.start() for found in re.finditer(rb"\xff[\xd0-\xd7]", MARKED) if found.start() > SCAN]


@pytest.mark.parametrize(
    "content",
    [
        MARKED[: MARKS[3]] + b"\xff\xd7" + MARKED[MARKS[3] + 2 :],
        MARKED[: MARKS[2]] + MARKED[MARKS[3] :],
        MARKED[: MARKS[2]] + MARKED[MARKS[1] : MARKS[2]] + MARKED[MARKS[2] :],
    ],
    ids=["numbered anew", "a piece lost", "a piece twice"],
)
def test_jpegs_whose_restart_markers_are_out_of_order_are_refused(content):
    assert decode_photo(MARKED, "photo").notes == ()

    with pytest.raises(InputError, match="some of its compressed data are missing"):
        decode_photo(content, "photo")


def test_jpeg_that_lost_one_byte_is_noted():
    content = write_picture(SMOOTH, "JPEG", quality=95)
    middle = len(content) // 2

    (note,) = decode_photo(content[:middle] + content[middle + 1 :], "photo").notes

    assert note.what == MORE_DATA


@pytest.mark.parametrize("padding", [bytes(40), b"\xff" * 40, b"\xff\0" * 20], ids=["zeros", "ones", "data"])
def test_jpeg_whose_data_are_filled_up_before_its_end_marker_is_whole(padding):
    content = write_picture(SMOOTH, "JPEG", quality=95)

    assert decode_photo(content[:-2] + padding + content[-2:], "photo").notes == ()


def test_lossless_jpeg_with_fewer_rows_than_its_header_says_is_refused():
    content = imagecodecs.ljpeg_encode(np.uint16(GREY) << 4, bitspersample=12)

    with pytest.raises(InputError, match="photo is damaged or cut off"):
        decode_photo(set_jpeg_height(content, HEIGHT + 1), "photo")


def add_chunk(content, kind, data, checksum=None):
    """Put a chunk behind the header of a PNG."""
    checksum = zlib.crc32(kind + data) if checksum is None else checksum
    return content[:33] + struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum) + content[33:]


@pytest.mark.parametrize("content", [write_picture(COLOUR, "PNG"), write_png(scale(COLOUR, 16))], ids=["8", "16"])
def test_png_with_damaged_notes_is_read_for_its_pixels(content):
    photo = decode_photo(add_chunk(content, b"pHYs", bytes(9), checksum=1), "photo")

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    told = "parts of its file that are no pixels are damaged and were passed over (pHYs)"
    assert [str(note) for note in photo.notes] == [told]


@pytest.mark.parametrize(
    ("kind", "told"), [(b"PLTE", "palette"), (b"tRNS", "transparency"), (b"eXIf", "orientation"), (b"ABCD", "pixels")]
)
def test_png_whose_picture_may_be_another_one_is_refused(kind, told):
    content = add_chunk(write_picture(COLOUR, "PNG"), kind, bytes(6), checksum=1)

    with pytest.raises(InputError, match=f"the checksum of its {told} is wrong"):
        decode_photo(content, "photo")


@pytest.mark.parametrize("bits", [2, 4])
def test_transparent_grey_of_few_bits_is_laid_on_white(bits):
    values = GREY >> (8 - bits)
    rows = [b"\0" + np.packbits(np.unpackbits(row[:, None], axis=1)[:, -bits:]).tobytes() for row in values]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"tRNS", b"\0\1"), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )

    shown = decode_photo(content, "photo").pixels[..., 0]

    np.testing.assert_array_equal(shown, np.where(values == 1, 255, values * (255 // (2**bits - 1))))


@pytest.mark.parametrize("is_first", [False, True])
def test_page_that_is_a_mask_is_no_picture(is_first):
    content = io.BytesIO()
    with tifffile.TiffWriter(content) as file:
        for is_mask in (is_first, not is_first):
            if is_mask:
                file.write(GREY > 99, subfiletype=4)
            else:
                file.write(COLOUR, photometric="rgb")

    photo = decode_photo(content.getvalue(), "photo")

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    assert photo.notes == ()


@pytest.mark.parametrize("picture", [GREY, COLOUR], ids=["grey", "colour"])
def test_tiff_that_does_not_say_what_its_values_mean(picture):
    content = write_tiff(picture)
    tag = struct.pack("<HHI", 262, 3, 1)
    content = content.replace(tag, struct.pack("<HHI", 263, 3, 1), 1)  # Threshholding, which no picture depends on

    shown = decode_photo(content, "photo").pixels

    np.testing.assert_array_equal(shown, picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2))


def test_mask_of_which_rows_are_missing_is_refused(tmp_path):
    content = write_picture(np.where(GREY > 200, 255, 0).astype(np.uint8), "PNG")
    (tmp_path / "mask.png").write_bytes(set_png_height(content, HEIGHT + 8))

    with pytest.raises(InputError, match="it ends before its last pixel"):
        read_mask(tmp_path / "mask.png")


@pytest.mark.parametrize("name", ["jpg", "png", "tiff lzw", "photo.tga"])
def test_mask_whose_header_says_half_of_its_rows_is_refused(tmp_path, name):
    content, set_height, _ = HALVED[name]
    path = tmp_path / f"mask.{name.split()[0].split('.')[-1]}"
    path.write_bytes(set_height(content, HEIGHT // 2))

    with pytest.raises(InputError, match=r"the mask mask\.\S+ holds more rows than its header says"):
        read_mask(path)
