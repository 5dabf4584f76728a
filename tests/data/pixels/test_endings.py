"""Files without end, with something behind it, and files that are cut off and do not show it."""

import itertools
import struct
import tracemalloc
import zlib

import cv2
import imagecodecs
import numpy as np
import pytest
from PIL import Image

from inspector.data.photos import decode_photo
from inspector.data.pixels.endings import mend_end
from inspector.data.pixels.jpeg_data import check_deep_data
from inspector.errors import InputError
from tests.data.pixels.make import COLOUR, scale, write_picture, write_png, write_tiff

NO_END = "the file lacks its end marker, but every pixel is there"
WHOLE = {
    "jpg": write_picture(COLOUR, "JPEG"),
    "progressive.jpg": write_picture(COLOUR, "JPEG", progressive=True),
    "png": write_picture(COLOUR, "PNG"),
    "png 16": write_png(scale(COLOUR, 16)),
    "webp": write_picture(COLOUR, "WEBP"),
    "avif": write_picture(COLOUR, "AVIF"),
    "jp2": write_picture(COLOUR, "JPEG2000"),
    "tiff": write_picture(COLOUR, "TIFF"),
    "tiff lzw": write_tiff(COLOUR, compression="lzw"),
    "bmp": write_picture(COLOUR, "BMP"),
    "gif": write_picture(COLOUR, "GIF"),
}


def decode(content):
    return decode_photo(content, "photo")


@pytest.mark.parametrize(
    ("name", "cut"), [("jpg", 1), ("jpg", 2), ("progressive.jpg", 2), ("png", 12), ("png", 5), ("png 16", 12)]
)
def test_missing_end_marker_is_noted(name, cut):
    photo = decode(WHOLE[name][:-cut])

    np.testing.assert_array_equal(photo.pixels, decode(WHOLE[name]).pixels)
    assert [note.what for note in photo.notes] == [NO_END]


@pytest.mark.parametrize("zeros", [1, 64, 5000])
def test_missing_end_marker_under_zeros(zeros):
    photo = decode(WHOLE["jpg"][:-2] + bytes(zeros))

    np.testing.assert_array_equal(photo.pixels, decode(WHOLE["jpg"]).pixels)
    assert [note.what for note in photo.notes] == [NO_END]


@pytest.mark.parametrize("name", ["jpg", "progressive.jpg", "png", "png 16", "webp", "avif", "gif"])
def test_bytes_behind_the_end_are_noted(name):
    photo = decode(WHOLE[name] + b"serial number 4711")

    np.testing.assert_array_equal(photo.pixels, decode(WHOLE[name]).pixels)
    assert [str(note) for note in photo.notes] == ["the file goes on behind its end (18 bytes)"]


@pytest.mark.parametrize("name", ["jpg", "progressive.jpg", "png", "webp", "avif", "gif", "tiff"])
def test_a_file_that_was_written_behind_another_is_told(name):
    """As FTP does that appends: the first photo would be shown again and again."""
    photo = decode(WHOLE[name] + WHOLE[name])

    several, behind = "it holds several pictures, of which the first is scored", "the file goes on behind its end"
    assert [note.what for note in photo.notes] == [several if name.endswith(("jpg", "tiff")) else behind]


@pytest.mark.parametrize(
    "write",
    [
        lambda pixels: imagecodecs.jpeg2k_encode(pixels, level=0, codecformat="j2k"),
        lambda pixels: imagecodecs.jpegxl_encode(pixels, lossless=True),
        lambda pixels: imagecodecs.jpegxl_encode(pixels, lossless=True, usecontainer=True),
        lambda pixels: write_picture(pixels, "PCX"),
        lambda pixels: write_picture(pixels, "DIB"),
        lambda pixels: write_tiff(pixels, compression="lzw"),
    ],
    ids=["JPEG 2000", "JPEG XL", "JPEG XL in boxes", "PCX", "DIB", "TIFF"],
)
def test_another_photo_of_its_size_that_was_written_behind_it_is_told(write):
    """Of kinds that do not say where they end, or whose length depends on what they show."""
    photo = decode(write(COLOUR) + write(COLOUR[::-1].copy()))

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    assert [note.what for note in photo.notes] == ["it holds several pictures, of which the first is scored"]
    assert decode(write(COLOUR)).notes == ()


def test_many_photos_in_a_row_are_counted_without_copies_of_them():
    photos = [write_tiff(COLOUR[: 20 + number % 2, :20], compression="lzw") for number in range(2)]
    content = b"".join([photos[0]] * 200 + photos[1:])
    decode(content)
    tracemalloc.start()

    (note,) = decode(content).notes

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (note.detail, peak < 5 * len(content)) == ("200", True)


def test_pictures_behind_a_jpeg_that_it_lists_are_told_once():
    content = write_picture(COLOUR, "MPO", save_all=True, append_images=[Image.fromarray(COLOUR)])

    assert [str(note) for note in decode(content).notes] == [
        "it holds several pictures, of which the first is scored (2)"
    ]


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_cut_off_files_are_refused(name, share):
    content = WHOLE[name]

    with pytest.raises(InputError, match=r"photo is (damaged|not an image)"):
        decode(content[: int(share * len(content))])


def test_lossy_webp_of_a_part_above_black_ground_is_read():
    """Its end is zeros, as that of a copy may be which broke off."""
    photo = np.zeros((1200, 640, 3), np.uint8)
    photo[:480] = np.tile(COLOUR, (10, 10, 1))

    notes = decode(write_picture(photo, "WEBP", method=0)).notes

    assert [note.what for note in notes] == ["its file ends in zeros, as if it were not copied whole"]


@pytest.mark.parametrize("is_long", [False, True])
def test_heic_whose_pixels_are_cut_off_is_refused(request, is_long):
    """Of a picture in tiles, as phones write them, the decoder shows those that are there."""
    content = request.path.with_name("colours.heic").read_bytes()
    at = content.index(b"mdat") - 4
    if is_long:
        size = len(content) - at + 8
        content = content[:at] + struct.pack(">I4sQ", 1, b"mdat", size) + content[at + 8 :]

    assert mend_end(content, bytes) == (content, ())
    with pytest.raises(OSError, match="it ends before its last pixel"):
        mend_end(content[:-9], bytes)


@pytest.mark.parametrize("name", ["jpg", "progressive.jpg", "png", "png 16", "webp", "avif", "jp2", "tiff lzw", "gif"])
def test_files_whose_end_was_never_written_are_refused(name):
    """A copy that broke off on a share that reserves the room first: the rest is zeros."""
    content = WHOLE[name]

    with pytest.raises(InputError, match="photo is damaged"):
        decode(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))


@pytest.mark.parametrize("name", ["png", "png 16"])
def test_changed_pixels_of_a_png_are_noticed(name):
    content = bytearray(WHOLE[name])
    content[len(content) // 2] ^= 4

    with pytest.raises(InputError, match="checksum of its pixels"):
        decode(bytes(content))


def test_png_cut_between_its_pixels_and_their_checksum_is_whole():
    photo = decode(WHOLE["png"][:-14])

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    assert [note.what for note in photo.notes] == [NO_END]


HUGE_PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    for kind, data in [
        (b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"")),
        (b"IEND", b""),
    ]
)
HUGE_PNM = b"P6 30000 30000 255\n"


def stretch_tiff(content):
    """Declare a side of 60000 pixels instead of 64."""
    tag = struct.pack("<HHI", 256, 4, 1)
    place = content.index(tag) + 8 if tag in content else content.index(struct.pack("<HHI", 256, 3, 1)) + 8
    return content[:place] + struct.pack("<H", 60000) + content[place + 2 :]


@pytest.mark.parametrize(
    "content",
    [
        HUGE_PNG,
        HUGE_PNM,
        b"P5 40000 40000 65535\n",
        b"PF\n40000 40000\n-1\n",
        stretch_tiff(WHOLE["tiff lzw"]),
        stretch_tiff(WHOLE["tiff"]),
    ],
    ids=["png", "ppm", "pgm 16", "pfm", "tiff lzw", "tiff"],
)
def test_headers_that_declare_more_than_the_file_can_hold(content):
    with pytest.raises(InputError, match="photo is damaged"):
        decode(content)


def declare_height(content, height):
    """Change the height in the header of a PNG, and the header's checksum with it."""
    header = content[12:20] + struct.pack(">I", height) + content[24:29]
    return content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[33:]


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("height", [49, 60, 4000])
@pytest.mark.parametrize("picture", [COLOUR, np.zeros_like(COLOUR)], ids=["bright", "black"])
def test_png_with_fewer_rows_than_it_declares_is_refused(height, picture, interlaced):
    content = write_png_rows(picture, interlaced)

    np.testing.assert_array_equal(decode(content).pixels, picture)
    with pytest.raises(InputError, match="photo is damaged or cut off"):
        decode(declare_height(content, height))


def write_png_rows(picture, interlaced):
    """Write a PNG of 8-bit colours; Pillow writes none that is interlaced."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    rows = b""
    for left, top, across, down in passes if interlaced else [(0, 0, 1, 1)]:
        rows += b"".join(b"\0" + row.tobytes() for row in picture[top::down, left::across])
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", picture.shape[1], picture.shape[0], 8, 2, 0, 0, int(interlaced))),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    written = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


RANDOM = np.random.default_rng(0).integers(0, 256, (96, 128, 3), dtype=np.uint8)
SMOOTH = cv2.GaussianBlur(RANDOM, (0, 0), 3)


def find_scans(content):
    """Return where the tables of each scan of a progressive JPEG begin."""
    marks = [at for at in range(len(content)) if content[at : at + 2] in (b"\xff\xc4", b"\xff\xda")]
    scans = [at for at in marks if content[at + 1] == 0xDA]
    return [min([at for at in marks if before < at <= scan]) for before, scan in itertools.pairwise([0, *scans])]


@pytest.mark.parametrize("end", [b"", b"\xff\xd9", bytes(600)])
@pytest.mark.parametrize("kept", [1, 4, 9])
@pytest.mark.parametrize("is_arithmetic", [False, True])
def test_progressive_jpegs_without_their_last_scans_are_refused(kept, end, is_arithmetic):
    content = write_picture(SMOOTH, "JPEG", quality=95, progressive=True)
    decode(content)
    content = content.replace(b"\xff\xc2", b"\xff\xca") if is_arithmetic else content  # nothing is decoded

    with pytest.raises(InputError, match="it ends before its last scan"):
        decode(content[: find_scans(content)[kept]] + end)


@pytest.mark.parametrize("progressive", [False, True])
def test_jpegs_that_lost_data_amid_them_are_refused(progressive):
    content = write_picture(SMOOTH, "JPEG", quality=95, progressive=progressive)
    start, lost = len(content) // 2, len(content) // 5

    with pytest.raises(InputError, match="photo is damaged"):
        decode(content[:start] + content[start + lost :])


@pytest.mark.parametrize(("progressive", "kept"), [(False, 0.8), (True, 0.9), (True, 0.98)])
def test_jpegs_that_were_cut_off_and_closed_again_are_refused(progressive, kept):
    content = write_picture(
        RANDOM[:40, :40], "JPEG", progressive=progressive
    )  # sides that are no whole blocks of colour

    with pytest.raises(InputError, match="it ends before its last pixel"):
        decode(content[: int(kept * len(content))] + b"\xff\xd9")


def test_jpeg_with_more_rows_in_its_header_than_data_is_refused():
    content = write_picture(SMOOTH, "JPEG", quality=95)
    place = content.index(b"\xff\xc0") + 5

    with pytest.raises(InputError, match="it ends before its last pixel"):
        decode(content[:place] + (192).to_bytes(2, "big") + content[place + 2 :])


def test_arithmetic_coding_may_leave_out_its_last_zeros():
    content = write_picture(SMOOTH, "JPEG").replace(b"\xff\xc0", b"\xff\xc9")

    assert check_deep_data(content, SMOOTH, lambda padded: SMOOTH[::-1]) == ()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"optimize": True}])
@pytest.mark.parametrize("size", [(96, 128), (91, 123)])
def test_jpegs_that_end_in_one_colour_are_whole(options, size):
    photo = SMOOTH[: size[0], : size[1]].copy()
    photo[-40:, -40:] = 128

    assert decode(write_picture(photo, "JPEG", quality=95, **options)).notes == ()
    assert decode(write_picture(np.zeros_like(photo), "JPEG", **options)).pixels.max() == 0
