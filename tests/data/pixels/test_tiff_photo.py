"""What the tags of a TIFF say of its values. Where Pillow and tifffile disagree, who is right."""

import io
import struct

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.data.photos import decode_photo, is_deep, measure_size, read_raw
from inspector.errors import InputError
from tests.data.pixels.make import COLOUR, GREY, scale, write_picture, write_png, write_tiff

WHITE = np.full_like(COLOUR, 255)


def decode(content):
    return decode_photo(content, "photo.tif")


def test_planes_of_16_bits_tifffile_is_right():
    content = write_tiff(
        (COLOUR.astype(np.uint16) * 257).transpose(2, 0, 1), photometric="rgb", planarconfig="separate"
    )

    with Image.open(io.BytesIO(content)) as image:
        assert not np.array_equal(np.asarray(image.convert("RGB")), COLOUR)
    np.testing.assert_array_equal(decode(content).pixels, COLOUR)


def test_white_is_zero_in_8_bits_pillow_is_right_and_in_16_neither():
    shallow = write_tiff(255 - GREY, photometric="miniswhite")
    deep = write_tiff(65535 - GREY.astype(np.uint16) * 257, photometric="miniswhite")

    with Image.open(io.BytesIO(shallow)) as image, Image.open(io.BytesIO(deep)) as negative:
        assert np.array_equal(np.asarray(image), GREY)
        assert not np.array_equal(np.asarray(negative) // 257, GREY)
    for content in (shallow, deep):
        np.testing.assert_array_equal(decode(content).pixels[..., 0], GREY)


def test_colours_of_16_bits_tifffile_is_right():
    """Pillow keeps the upper 8 bits: of a 12-bit camera 16 grey levels."""
    content = write_tiff(scale(COLOUR, 12).astype(np.uint16))

    with Image.open(io.BytesIO(content)) as image:
        assert np.asarray(image.convert("RGB")).max() <= 15
    assert read_raw(content, "photo.tif").pixels.max() == 4095


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("deep", [False, True])
def test_orientation(orientation, deep):
    """As the tag is defined: where row 0 and column 0 of the file belong in the picture."""
    turned = {
        1: COLOUR,
        2: COLOUR[:, ::-1],
        3: COLOUR[::-1, ::-1],
        4: COLOUR[::-1],
        5: COLOUR.swapaxes(0, 1),
        6: np.rot90(COLOUR, 1),
        7: COLOUR[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(COLOUR, -1),
    }[orientation]
    stored = np.ascontiguousarray(turned)
    tag = (274, 3, 1, orientation, True)
    content = write_tiff(stored.astype(np.uint16) * 257 if deep else stored, extratags=[tag])

    np.testing.assert_array_equal(decode(content).pixels, COLOUR)


@pytest.mark.parametrize("orientation", [3, 6, 8])
@pytest.mark.parametrize("options", [{"bitspersample": 16, "lossless": True}, {"bitspersample": 12, "level": 100}])
def test_orientation_of_a_deep_jpeg(orientation, options):
    turned = {3: GREY[::-1, ::-1], 6: np.rot90(GREY, 1), 8: np.rot90(GREY, -1)}[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    segment = exif.tobytes()
    content = imagecodecs.jpeg_encode(scale(turned, options["bitspersample"]).astype(np.uint16, order="C"), **options)
    content = content[:2] + b"\xff\xe1" + (2 + len(segment)).to_bytes(2, "big") + segment + content[2:]

    assert np.abs(decode_photo(content, "photo.jpg").pixels[..., 0].astype(int) - GREY).max() <= 1


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_orientation_of_a_deep_png(orientation):
    turned = {3: COLOUR[::-1, ::-1], 6: np.rot90(COLOUR, 1), 8: np.rot90(COLOUR, -1)}[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    with_exif = write_picture(np.ascontiguousarray(turned), "PNG", exif=exif)
    start = with_exif.index(b"eXIf") - 4
    chunk = with_exif[start : start + 12 + int.from_bytes(with_exif[start : start + 4], "big")]
    deep = write_png(scale(turned, 16))
    end_of_header = 8 + 25

    content = deep[:end_of_header] + chunk + deep[end_of_header:]

    np.testing.assert_array_equal(decode_photo(content, "photo.png").pixels, COLOUR)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("kind", ["assocalpha", "unassalpha"])
def test_alpha_of_both_kinds_lays_the_part_on_white(kind, bits):
    top = 2**bits - 1
    alpha = np.where(np.arange(64) < 32, 0, top)[None, :, None].repeat(48, axis=0)
    values = scale(COLOUR, bits) * (alpha > 0 if kind == "assocalpha" else 1)
    content = write_tiff(np.dstack([values, alpha]).astype(f"uint{bits}"), extrasamples=[kind])

    photo = decode(content)

    np.testing.assert_array_equal(photo.pixels, np.where(alpha > 0, COLOUR, WHITE))
    assert photo.notes == ()


def test_half_clear_pixels_of_a_negative_are_as_bright_as_they_say():
    values = np.dstack([255 - GREY, np.where(GREY > 180, 128, 255)]).astype(np.uint8)  # as dark as alpha at most
    content = write_tiff(values, photometric="miniswhite", extrasamples=["assocalpha"])

    np.testing.assert_array_equal(decode(content).pixels[..., 0], GREY)


def test_grey_with_alpha_of_16_bits():
    alpha = np.where(np.arange(64) < 32, 0, 65535)[None, :].repeat(48, axis=0)
    content = write_png(np.dstack([scale(GREY, 16), alpha]))

    np.testing.assert_array_equal(decode(content).pixels[..., 1], np.where(alpha > 0, GREY, 255))


@pytest.mark.parametrize("kind", ["assocalpha", "unassalpha"])
@pytest.mark.parametrize("options", [{"planarconfig": "contig"}, {"planarconfig": "separate", "compression": "zlib"}])
@pytest.mark.parametrize("values", [GREY, COLOUR], ids=["grey", "colour"])
def test_alpha_in_8_bits_tifffile_is_right(values, options, kind):
    """Pillow shows planes as stripes or refuses them, and greys multiplied by alpha."""
    alpha = np.where(np.arange(64) < 32, 0, 255)[None, :, None].repeat(48, axis=0)
    shown = values if values.ndim == 3 else values[..., None]
    pixels = np.dstack([shown * (alpha > 0), alpha])
    planes = pixels if options["planarconfig"] == "contig" else pixels.transpose(2, 0, 1)
    usual = "rgb" if values.ndim == 3 else "minisblack"
    content = write_tiff(planes.astype(np.uint8), photometric=usual, extrasamples=[kind], **options)

    np.testing.assert_array_equal(decode(content).pixels, np.where(alpha > 0, shown, WHITE))


@pytest.mark.parametrize("options", [{}, {"tile": (16, 16), "compression": "zstd"}])
@pytest.mark.parametrize("step", [1, 257])
def test_palettes_whose_colours_go_to_255_alone_are_not_black(step, options):
    """Old programs write them so; Pillow shows black."""
    pages = io.BytesIO()
    with tifffile.TiffWriter(pages) as writer:
        for _ in range(2):
            colours = (np.arange(256)[::-1] * np.ones((3, 1))).astype(np.uint16) * step
            writer.write(GREY, photometric="palette", colormap=colours, metadata=None, **options)

    photo = decode(pages.getvalue())

    np.testing.assert_array_equal(photo.pixels[..., 0], 255 - GREY)
    assert [str(note) for note in photo.notes] == ["it holds several pictures, of which the first is scored (2)"]


@pytest.mark.parametrize("fourth", [0, 77, GREY], ids=["nothing", "constant", "near infrared"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "TGA", "WEBP"])
def test_fourth_channel_that_is_no_transparency(kind, fourth):
    rgba = np.dstack([COLOUR, np.broadcast_to(np.uint8(fourth) if isinstance(fourth, int) else fourth, GREY.shape)])
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}

    photo = decode_photo(write_picture(rgba, kind, **options), f"photo.{kind.lower()}")

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    assert [note.what for note in photo.notes] == ["its alpha channel is no transparency and was passed over"]


def test_further_pages_are_told_and_small_copies_are_not():
    content = io.BytesIO()
    with tifffile.TiffWriter(content) as writer:
        writer.write(COLOUR, photometric="rgb", subfiletype=0)
        writer.write(COLOUR[::2, ::2], photometric="rgb", subfiletype=1)
    assert decode(content.getvalue()).notes == ()

    several = decode(write_tiff(np.stack([GREY, 255 - GREY, GREY]), photometric="minisblack"))
    np.testing.assert_array_equal(several.pixels[..., 0], GREY)
    assert [str(note) for note in several.notes] == ["it holds several pictures, of which the first is scored (3)"]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_further_frames_are_told(kind):
    frames = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    content = io.BytesIO()
    frames[0].save(content, kind, save_all=True, append_images=frames[1:], lossless=True)

    (note,) = decode_photo(content.getvalue(), "photo").notes

    assert str(note) == "it holds several pictures, of which the first is scored (2)"


def test_values_that_are_no_picture_are_refused():
    with pytest.raises(InputError, match=r"photo\.tif is damaged"):
        decode(write_tiff(COLOUR[..., 0].astype(np.complex64)))


SMALL = np.ascontiguousarray(COLOUR[::4, ::4])


def write_pages(*pages):
    content = io.BytesIO()
    with tifffile.TiffWriter(content) as writer:
        for values, options in pages:
            writer.write(values, photometric="rgb", **options)
    return content.getvalue()


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("copy", [{"subfiletype": 1}, {"subfiletype": 1, "subifds": 1}, {"subifds": 1}])
def test_full_picture_is_read_and_not_the_small_copy_before_it(tmp_path, depth, copy):
    factor = np.iinfo(depth).max // 255
    small, full = (picture.astype(depth) * depth(factor) for picture in (SMALL, COLOUR))
    path = tmp_path / "photo.tif"
    path.write_bytes(write_pages((small, copy), (full, {"subfiletype": 0})))

    photo = decode(path.read_bytes())

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    assert photo.notes == ()
    assert measure_size(path) == COLOUR.shape[:2]
    assert is_deep(path) == (depth is np.uint16)


def test_full_picture_in_a_branch_lies_as_the_small_copy_before_it_says(tmp_path):
    turned = {"subfiletype": 1, "subifds": 1, "extratags": [(274, "H", 1, 6, True)]}
    (tmp_path / "photo.tif").write_bytes(write_pages((SMALL, turned), (COLOUR, {"subfiletype": 0})))

    photo = decode((tmp_path / "photo.tif").read_bytes())

    np.testing.assert_array_equal(photo.pixels, np.rot90(COLOUR, -1))
    assert measure_size(tmp_path / "photo.tif") == photo.pixels.shape[:2]


def test_damaged_branch_of_a_full_picture_does_not_matter():
    content = bytearray(write_pages((COLOUR, {"subfiletype": 0, "subifds": 1}), (SMALL, {"subfiletype": 1})))
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        place, pixels = file.pages.first.tags[330].valueoffset, file.pages.first.dataoffsets[0]
    content[place : place + 4] = (pixels + 90).to_bytes(4, "little")

    np.testing.assert_array_equal(decode(bytes(content)).pixels, COLOUR)


@pytest.mark.parametrize(
    ("values", "photometric", "told"),
    [
        (COLOUR, "icclab", r"ICC L\*a\*b\* of 8 bits"),
        (COLOUR.astype(np.uint16), "cielab", r"CIE L\*a\*b\* of 16 bits"),
        (COLOUR.astype(np.uint16), "ycbcr", "YCbCr of 16 bits"),
    ],
)
def test_colours_that_are_no_red_green_and_blue_are_refused(values, photometric, told):
    with pytest.raises(InputError, match=told + ", which are not read; export it as RGB"):
        decode(write_tiff(values, photometric=photometric))


def test_compression_that_pillow_lacks_is_read():
    np.testing.assert_array_equal(
        decode(write_tiff(COLOUR, compression="webp", compressionargs={"lossless": True})).pixels, COLOUR
    )


def test_raw_file_under_another_name_is_refused():
    """A CR2: its first picture is a small copy that looks like any TIFF."""
    with pytest.raises(InputError, match=r"photo\.tif is a camera's raw file, which is not read: export it"):
        decode(b"II*\0\x10\0\0\0CR\2\0" + write_tiff(COLOUR)[12:])


def test_pixels_that_begin_like_the_mark_of_a_raw_file_are_pixels():
    content = write_tiff(COLOUR)
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        place, tags = file.pages.first.offset, len(file.pages.first.tags)
    header = content[place : place + 2 + 12 * tags + 4]

    moved = content[:4] + len(content).to_bytes(4, "little") + b"CR\2\0" + content[12:] + header

    np.testing.assert_array_equal(decode(moved).pixels, COLOUR)


@pytest.mark.parametrize("value", [-9999.0, -3.4028234663852886e38, 1e30])
def test_pixels_without_a_value_do_not_darken_the_others(value):
    heights = np.where(np.arange(48)[:, None] < 12, np.float32(value), GREY.astype(np.float32) / 255)
    content = write_tiff(heights.astype(np.float32), extratags=[(42113, "s", 0, repr(value), True)])

    photo = decode(content)

    np.testing.assert_array_equal(photo.pixels[12:, :, 0], GREY[12:])
    assert not photo.pixels[:12].any()


def set_height(content, height):
    """The TIFF with another height in its header."""
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        place = file.pages.first.tags[257].valueoffset
    return content[:place] + height.to_bytes(2, "little") + content[place + 2 :]


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize(
    "options", [{}, {"rowsperstrip": 8}, {"rowsperstrip": 8, "compression": "lzw"}, {"tile": (16, 16)}]
)
def test_tiffs_with_more_or_fewer_rows_than_in_their_header(depth, options):
    content = write_tiff(scale(COLOUR, 8 * np.dtype(depth).itemsize).astype(depth), **options)

    photo = decode(set_height(content, 16))

    assert [str(note) for note in photo.notes] == ["its file holds more rows than its header says"]
    with pytest.raises(InputError, match=r"photo\.tif is damaged or cut off \(it holds \d+ of \d+ strips or tiles\)"):
        decode(set_height(content, 96))


def test_one_strip_whose_rows_are_counted_wrongly_is_whole():
    content = write_tiff(COLOUR)
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        place = file.pages.first.tags[278].valueoffset

    np.testing.assert_array_equal(decode(content[:place] + b"\1\0" + content[place + 2 :]).pixels, COLOUR)


@pytest.mark.parametrize(
    "content",
    [
        write_picture(Image.fromarray(GREY[:, :61] > 99), "TIFF"),
        write_tiff(GREY, tile=(256, 256)),
        write_tiff(COLOUR.transpose(2, 0, 1), tile=(256, 256), planarconfig="separate"),
    ],
    ids=["rows that end within a byte", "a tile larger than the picture", "tiles in planes"],
)
def test_whole_tiffs_are_not_said_to_hold_more_rows(content):
    assert not [note for note in decode(content).notes if "more rows" in str(note)]


def test_old_jpeg_without_strips_is_read():
    """Its tags say where the JPEG lies (513, 514), and not where its strips do."""
    jpeg = write_picture(COLOUR, "JPEG", quality=95, subsampling=0)
    tags = {256: COLOUR.shape[1], 257: COLOUR.shape[0], 259: 6, 262: 6, 277: 3, 513: 14 + 12 * 7, 514: len(jpeg)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())

    photo = decode(b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + jpeg)

    with Image.open(io.BytesIO(jpeg)) as image:
        assert np.abs(photo.pixels.astype(int) - np.asarray(image)).max() <= 1
