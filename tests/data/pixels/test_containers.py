"""One picture in every kind of file, at every depth: the same pixels come out."""

import struct
import zlib

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from inspector.data import photos
from inspector.data.photos import decode_photo, read_raw
from inspector.data.pixels.pillow_photo import INKS, NO_COLOUR, THERMAL, UNCUT
from inspector.data.pixels.value_range import choose_ranges, measure_photo
from inspector.errors import InputError
from tests.data.pixels.make import COLOUR, GREY, HEIGHT, WIDTH, scale, write_picture, write_png, write_pnm, write_tiff

RGB_OF_GREY = np.repeat(GREY[..., None], 3, axis=2)


def decode(content, name="photo"):
    """Decode a photo that is the whole batch."""
    measured = measure_photo(read_raw(content, name), 1 << 16)
    return decode_photo(content, name, choose_ranges([measured] if measured else []))


def write_masked_bmp(masks, values, header=40):
    """A BMP of 32 bits a pixel, cut by masks: values (H, W, C), those of each channel at its mask."""
    table = sum(values[::-1, :, index].astype(np.uint32) * (mask & -mask) for index, mask in enumerate(masks))
    packed = struct.pack("<IiiHHIIiiII", header, *values.shape[1::-1], 1, 32, 3, 0, 0, 0, 0, 0)
    packed += struct.pack(f"<{len(masks)}I", *masks).ljust(max(header - 40, 12), b"\0")
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 14 + len(packed)) + packed + table.astype("<u4").tobytes()


RED_FIRST, TEN_BITS = (0xFF, 0xFF00, 0xFF0000), (0x3FF << 20, 0x3FF << 10, 0x3FF)
EXACT = {
    "png": write_picture(GREY, "PNG"),
    "png colour": write_picture(COLOUR, "PNG"),
    "bmp colour": write_picture(COLOUR, "BMP"),
    "dib colour": write_picture(COLOUR, "DIB"),
    "bmp colour red first": write_masked_bmp(RED_FIRST, COLOUR),
    "bmp colour 10": write_masked_bmp(TEN_BITS, scale(COLOUR, 10)),
    "bmp colour 10 with alpha": write_masked_bmp(
        (*TEN_BITS, 3 << 30), np.dstack([scale(COLOUR, 10), np.full_like(GREY, 3)]), header=124
    ),
    "webp colour": write_picture(COLOUR, "WEBP", lossless=True),
    "jp2 colour": write_picture(COLOUR, "JPEG2000", irreversible=False),
    "j2k colour": write_picture(COLOUR, "JPEG2000", irreversible=False, no_jp2=True),
    "jxl colour": imagecodecs.jpegxl_encode(COLOUR, lossless=True),
    "jpeg without loss": imagecodecs.ljpeg_encode(GREY, bitspersample=8),
    "jpeg without loss colour": imagecodecs.jpeg8_encode(COLOUR, lossless=True),
    "ppm colour": write_picture(COLOUR, "PPM"),
    "gif": write_picture(GREY, "GIF"),
    "qoi colour": write_picture(COLOUR, "QOI"),
    "tiff": write_tiff(GREY),
    "tiff colour": write_tiff(COLOUR),
    "tiff float16": write_tiff((GREY / 255).astype(np.float16)),
    "tiff float32 colour": write_tiff((COLOUR / 255).astype(np.float32)),
    "tiff float64": write_tiff(GREY / 255),
    "tiff float64 colour": write_tiff(COLOUR / 255),
    "tiff float32 of whole numbers": write_tiff(GREY.astype(np.float32)),
    "tiff int16": write_tiff((scale(GREY, 16) - 32768).astype(np.int16)),
    "tiff int16 above zero": write_tiff(scale(GREY, 15).astype(np.int16)),
    "tiff int32": write_tiff(scale(GREY, 16).astype(np.int32)),
    "tiff uint32 colour": write_tiff(scale(COLOUR, 32).astype(np.uint32)),
    "tiff bands": write_tiff(np.dstack([COLOUR, GREY, GREY]), photometric="minisblack", planarconfig="contig"),
    "tiff four bands": write_tiff(np.dstack([COLOUR, GREY]), photometric="minisblack", planarconfig="contig"),
    "tiff planes": write_tiff(COLOUR.transpose(2, 0, 1), photometric="rgb", planarconfig="separate"),
    "tiff white is 0": write_tiff(255 - GREY, photometric="miniswhite"),
    "tiff near infrared": write_tiff(np.dstack([COLOUR, GREY]), photometric="rgb", extrasamples=["unspecified"]),
    "pfm": b"Pf\n64 48\n-1.0\n" + (GREY / 255)[::-1].astype("<f4").tobytes(),
    "pfm colour": b"PF\n64 48\n1.0\n" + (COLOUR / 255)[::-1].astype(">f4").tobytes(),
    "pgm 0 to 1000": write_pnm(GREY, 1000),
}
for bits in (10, 12, 14, 16):
    deep, deep_colour = scale(GREY, bits).astype(np.uint16), scale(COLOUR, bits).astype(np.uint16)
    EXACT |= {
        f"png {bits}": write_png(deep),
        f"png {bits} colour": write_png(deep_colour),
        f"png {bits} with alpha": write_png(np.dstack([deep, np.full_like(deep, 65535)])),
        f"tiff {bits}": write_tiff(deep),
        f"tiff {bits} colour big": write_tiff(deep_colour, byteorder=">", bigtiff=True),
        f"tiff {bits} colour lzw": write_tiff(deep_colour, compression="lzw", predictor=True),
        f"tiff {bits} deflate tiles": write_tiff(deep, compression="zlib", tile=(16, 16)),
        f"tiff {bits} colour planes": write_tiff(
            deep_colour.transpose(2, 0, 1), photometric="rgb", planarconfig="separate"
        ),
        f"tiff {bits} white is 0": write_tiff(2**bits - 1 - deep, photometric="miniswhite"),
        f"tiff {bits} white is 0 at the upper end": write_tiff(65535 - deep, photometric="miniswhite"),
        f"tiff {bits} colour near infrared": write_tiff(
            np.dstack([deep_colour, deep]), photometric="rgb", extrasamples=["unassalpha"]
        ),
        f"jp2 {bits}": imagecodecs.jpeg2k_encode(deep, level=0, bitspersample=bits),
        f"jp2 {bits} colour": imagecodecs.jpeg2k_encode(deep_colour, level=0, bitspersample=bits),
        f"pgm {bits}": write_pnm(GREY, 2**bits - 1),
        f"ppm {bits} colour": write_pnm(COLOUR, 2**bits - 1),
    }


@pytest.mark.parametrize("name", EXACT)
def test_every_container_gives_the_same_pixels(name):
    photo = decode(EXACT[name])

    is_colour = "colour" in name or "bands" in name or "infrared" in name or "planes" in name
    np.testing.assert_array_equal(photo.pixels, COLOUR if is_colour else RGB_OF_GREY)
    wanted = ["bands"] if "bands" in name or ("infrared" in name and "colour" not in name) else []
    wanted += ["alpha"] if "colour near infrared" in name else []
    assert len(photo.notes) == len(wanted)
    assert all(word in note.what for word, note in zip(wanted, photo.notes, strict=True))


@pytest.mark.parametrize("suffix", ["tga", "icb"])
def test_targa_is_told_by_its_name(suffix):
    content = write_picture(COLOUR, "TGA")[:-26]  # without its optional end

    np.testing.assert_array_equal(decode(content, f"photo.{suffix}").pixels, COLOUR)


def test_targa_with_its_end_is_told_by_that():
    np.testing.assert_array_equal(decode(write_picture(COLOUR, "TGA"), "photo.dat").pixels, COLOUR)


@pytest.mark.parametrize(("kind", "most"), [("AVIF", 4), ("JPEG", 60)])
def test_lossy_kinds_are_near(kind, most):
    photo = decode(write_picture(COLOUR, kind, quality=100, subsampling="4:4:4"))

    assert np.abs(photo.pixels.astype(int) - COLOUR).max() <= most


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_palettes_are_read_as_displayed(kind):
    drawn = Image.fromarray(COLOUR).quantize(16)

    np.testing.assert_array_equal(decode(write_picture(drawn, kind)).pixels, np.asarray(drawn.convert("RGB")))


def test_palette_of_16_bits():
    palette = np.stack([np.arange(65536), np.arange(65536)[::-1], np.full(65536, 32768)]).astype(np.uint16)
    content = write_tiff(scale(GREY, 16).astype(np.uint16), photometric="palette", colormap=palette)

    expected = np.stack([GREY, 255 - GREY, np.full_like(GREY, 128)], axis=2)
    np.testing.assert_array_equal(decode(content).pixels, expected)


def test_heic_is_read(request):
    """A HEIC of the colours red, green, blue and white, as a phone writes them."""
    content = request.path.with_name("colours.heic").read_bytes()

    pixels = decode(content).pixels.astype(int)
    height, width = pixels.shape[:2]
    corners = pixels[[height // 4, height // 4, -height // 4, -height // 4], [width // 4, -width // 4] * 2]
    assert np.abs(corners - [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]).max() < 12


def test_first_of_several_pictures_in_a_jpeg_xl_is_read():
    photo = decode(imagecodecs.jpegxl_encode(np.stack([COLOUR, 255 - COLOUR]), lossless=True))

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    assert [str(note) for note in photo.notes] == ["it holds several pictures, of which the first is scored (2)"]
    with pytest.raises(InputError, match="holds several grey pictures, or more than four channels"):
        decode(imagecodecs.jpegxl_encode(np.dstack([COLOUR, COLOUR]), lossless=True))


def test_whatever_a_decoder_raises_is_told_of_the_file(monkeypatch):
    def fail(content, name):
        raise IndexError("index 3 is out of bounds")

    monkeypatch.setattr(photos, "find_deep_reader", lambda _: fail)

    with pytest.raises(InputError, match=r"is damaged or cut off \(index 3 is out of bounds\)"):
        decode(b"\xff\x0a")


def test_inks_of_16_bits_are_mixed_as_those_of_8():
    inks = np.dstack([COLOUR, GREY // 3])
    shallow = write_tiff(inks, photometric="separated")
    deep = write_tiff(inks.astype(np.uint16) * 257, photometric="separated")

    difference = decode(deep).pixels.astype(int) - decode(shallow).pixels
    assert np.abs(difference).max() <= 1


def test_bitmap_whose_masks_are_left_out_has_the_usual_ones():
    usual = write_masked_bmp(
        (0xFF << 16, 0xFF << 8, 0xFF, 0xFF << 24), np.dstack([COLOUR, np.full_like(GREY, 255)]), 124
    )

    np.testing.assert_array_equal(decode(usual[:54] + bytes(16) + usual[70:]).pixels, COLOUR)


@pytest.mark.parametrize(("masks", "left", "told"), [(RED_FIRST, -1, "ends before"), ((0, 5, 255), None, "masks")])
def test_damaged_bitmaps_with_masks_are_refused(masks, left, told):
    with pytest.raises(InputError, match=rf"^photo .*{told}"):
        decode_photo(write_masked_bmp(masks, COLOUR)[:left], "photo")


def test_jpegs_with_arithmetic_coding_are_read_however_long_they_are(request):
    """Pillow hands 64 KB at a time to a decoder that must have all of them."""
    content = request.path.with_name("arithmetic.jpg").read_bytes()
    before = (b"\xff\xfe\xff\xfd" + bytes(65533))[: 65536 - len(content) // 2 - 2]
    before = before[:2] + struct.pack(">H", len(before) - 2) + before[4:]

    photo = decode_photo(content[:2] + before + content[2:], "photo.jpg")

    assert photo.notes == ()
    np.testing.assert_array_equal(photo.pixels, decode_photo(content, "photo.jpg").pixels)
    assert np.abs(photo.pixels.astype(int) - COLOUR).mean() < 40  # as JPEG leaves so fine a pattern


def test_jpegs_with_arithmetic_coding_that_lack_rows_are_refused(request):
    content = request.path.with_name("arithmetic.jpg").read_bytes()
    place = content.index(b"\xff\xc9") + 5

    with pytest.raises(InputError, match="it ends before its last pixel"):
        decode_photo(content[:place] + (96).to_bytes(2, "big") + content[place + 2 :], "photo.jpg")


def write_cropped_avif(width, height):
    """AVIF of `COLOUR` with the property of which part is to be shown; what stands before the pixels gets longer."""
    content, crop = write_picture(COLOUR, "AVIF"), struct.pack(">I4s8I", 40, b"clap", width, 1, height, 1, 0, 1, 0, 1)
    pixels = content.index(b"mdat") + 4
    content = content.replace(struct.pack(">I", pixels), struct.pack(">I", pixels + len(crop)))
    for name in (b"meta", b"iprp", b"ipco"):
        at = content.index(name) - 4
        size = int.from_bytes(content[at : at + 4], "big")
        content = content[:at] + struct.pack(">I", size + len(crop)) + content[at + 4 :]
    return content[: at + size] + crop + content[at + size :]


@pytest.mark.parametrize(("rows", "notes"), [(HEIGHT, ()), (HEIGHT // 2, (UNCUT,))])
def test_avif_that_is_to_be_cut_is_told(rows, notes):
    photo = decode_photo(write_cropped_avif(WIDTH, rows), "photo.avif")

    assert photo.pixels.shape == COLOUR.shape
    assert photo.notes == notes


def test_inks_that_may_be_inverted_are_told():
    content = write_picture(Image.fromarray(np.dstack([COLOUR, GREY]), "CMYK"), "JPEG")
    mark = content.index(b"\xff\xee\0\x0eAdobe")

    assert decode_photo(content, "photo.jpg").notes == ()
    assert decode_photo(content[:mark] + content[mark + 16 :], "photo.jpg").notes == (INKS,)


def test_false_colours_of_a_thermal_camera_are_told():
    content = write_picture(COLOUR, "JPEG")

    photo = decode_photo(content[:2] + b"\xff\xe1\0\x0cFLIR\0\1\0\0\0\0" + content[2:], "photo.jpg")

    assert photo.notes == (THERMAL,)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_channels_of_a_jpeg_2000_are_the_colours_that_it_says(order):
    stored = np.dstack([COLOUR[..., colour - 1] for colour in order])
    content = write_picture(stored, "JPEG2000", irreversible=False)
    told = struct.pack(">I4sH", 28, b"cdef", 3) + b"".join(
        struct.pack(">3H", place, 0, colour) for place, colour in enumerate(order)
    )
    head, stream = content.index(b"jp2h") - 4, content.index(b"jp2c") - 4
    size = int.from_bytes(content[head : head + 4], "big") + len(told)
    content = content[:head] + struct.pack(">I", size) + content[head + 4 : stream] + told + content[stream:]

    np.testing.assert_array_equal(decode_photo(content, "photo").pixels, COLOUR)


@pytest.mark.parametrize(("colours", "notes"), [(256, ()), (200, (NO_COLOUR,))])
def test_pixels_of_colours_that_the_palette_lacks_are_told(colours, notes):
    image = Image.fromarray(GREY, "P")
    image.putpalette(np.random.default_rng(0).integers(0, 256, 3 * colours, np.uint8).tobytes())

    assert decode_photo(write_short_palette(image, colours), "photo.png").notes == notes


def write_short_palette(image, colours):
    """PNG with fewer colours than its pixels name: the chunk is cut, as it was written by another program."""
    content = write_picture(image, "PNG")
    at = content.index(b"PLTE")
    old = int.from_bytes(content[at - 4 : at], "big")
    chunk = b"PLTE" + content[at + 4 : at + 4 + 3 * colours].ljust(3 * colours, b"\1")
    return (
        content[: at - 4]
        + struct.pack(">I", 3 * colours)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + (content[at + 8 + old :])
    )
