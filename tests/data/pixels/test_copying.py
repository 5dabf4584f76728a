"""Files that a copy left half written, or changed on the way: refused or noted, of whatever kind they are."""

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from inspector.data.photos import decode_photo
from inspector.errors import InputError
from tests.data.pixels.make import scale, write_picture, write_pnm, write_tiff

NOISE = np.random.default_rng(0).integers(1, 256, (64, 64, 3), dtype=np.uint8)
REVERSED = np.repeat(np.arange(256)[None, ::-1] * 257, 3, axis=0).astype(np.uint16)
DEEP = scale(NOISE, 12).astype(np.uint16)

REFUSED = {
    "jpeg 12": imagecodecs.jpeg8_encode(DEEP, bitspersample=12, level=95),
    "jpeg lossless": imagecodecs.ljpeg_encode(np.ascontiguousarray(DEEP[..., 0]), bitspersample=12),
    "jp2 16": imagecodecs.jpeg2k_encode(NOISE.astype(np.uint16) * 257, level=0),
    "qoi": imagecodecs.qoi_encode(NOISE),
}
NOTED = {
    "bmp": write_picture(NOISE, "BMP"),
    "ppm": write_picture(NOISE, "PPM"),
    "ppm 12": write_pnm(NOISE, 4095),
    "tga": write_picture(NOISE, "TGA"),
    "pcx": write_picture(NOISE, "PCX"),
    "sgi": write_picture(NOISE, "SGI"),
    "tiff": write_tiff(NOISE),
    "tiff palette": write_picture(Image.fromarray(NOISE).quantize(64), "TIFF"),
    "tiff 16": write_tiff(NOISE.astype(np.uint16) * 257),
}


def decode(content, name="tga"):
    return decode_photo(content, f"photo.{name.split()[0]}")


def tell(content, name):
    return [note.what for note in decode(content, name).notes]


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_compressed_files_that_lack_their_end_are_refused(name, share):
    content = REFUSED[name]
    kept = content[: int(share * len(content))]
    decode(content, name)

    for broken in (kept, kept + bytes(len(content) - len(kept))):
        with pytest.raises(InputError, match=r"photo\.\w+ is damaged"):
            decode(broken, name)


@pytest.mark.parametrize("name", NOTED)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_plain_files_whose_end_was_never_written_are_noted(name, share):
    content = NOTED[name]
    kept = content[: int(share * len(content))]

    assert tell(content, name) == []
    assert tell(kept + bytes(len(content) - len(kept)), name) == [
        "its file ends in zeros, as if it were not copied whole"
    ]


@pytest.mark.parametrize("name", NOTED)
def test_blocks_of_zeros_amid_a_file_are_noted(name):
    content = NOTED[name]
    broken = content[:4096] + bytes(1024) + content[5120:]

    (note,) = decode(broken, name).notes
    assert str(note) == (
        f"its file has a gap of zeros, as if it were not copied whole (bytes 4096 to 5119 of {len(content)})"
    )


def test_black_around_a_part_is_no_gap():
    masked = NOISE.copy()
    masked[40:] = 0
    masked[:, :20] = 0

    assert decode(write_picture(masked, "BMP")).notes == ()
    assert decode(write_tiff(masked)).notes == ()


@pytest.mark.parametrize("name", ["bmp", "ppm", "tga", "tiff"])
@pytest.mark.parametrize("black", [slice(40, None), slice(24)])
def test_black_rows_at_an_end_of_a_photo_are_its_ground(name, black):
    photo = NOISE.copy()
    photo[black] = 0

    assert tell(write_tiff(photo) if name == "tiff" else write_picture(photo, name.upper()), name) == []


@pytest.mark.parametrize("black", [0, 40])
def test_colours_that_lie_in_planes_may_end_with_a_plane_that_is_black(black):
    photo = NOISE.copy()
    photo[black:, :, 2] = 0
    content = write_tiff(np.ascontiguousarray(np.moveaxis(photo, 2, 0)), photometric="rgb", planarconfig="separate")
    lost = (64 - black) * 64 + 32

    assert tell(content, "tiff") == []
    assert tell(content[:-lost] + bytes(lost), "tiff") == ["its file ends in zeros, as if it were not copied whole"]


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("black", [64, 40])
@pytest.mark.parametrize(
    "options", [{"photometric": "separated"}, {"photometric": "rgb", "extrasamples": ["unassalpha"]}]
)
def test_a_plane_behind_those_that_are_shown_may_be_empty(kind, black, options):
    """As that of black ink, or an alpha; the one before it may end in zeros, too."""
    planes = np.concatenate([np.moveaxis(NOISE, 2, 0), np.zeros((1, 64, 64))]).astype(kind)
    planes[2, black:] = 0
    content = write_tiff(planes, planarconfig="separate", **options)
    lost = planes[3].nbytes + 40 * 64 * planes.itemsize + 32
    told = "its file ends in zeros, as if it were not copied whole"

    assert told not in tell(content, "tiff")
    assert told in tell(content[:-lost] + bytes(lost), "tiff")


@pytest.mark.parametrize("options", [{"photometric": "miniswhite"}, {"photometric": "palette", "colormap": REVERSED}])
def test_white_rows_at_the_end_of_a_photo_whose_white_is_0_are_its_ground(options):
    photo = np.maximum(NOISE[..., 0], 1)
    photo[40:] = 0
    content = write_tiff(photo, **options)
    cut = content[: len(content) - 30 * 64 + 32]

    assert tell(content, "tiff") == []
    assert tell(cut + bytes(len(content) - len(cut)), "tiff") == [
        "its file ends in zeros, as if it were not copied whole"
    ]


def test_rows_at_the_top_of_a_bmp_whose_first_colour_is_white_are_its_ground():
    """They are its last bytes."""
    photo = np.maximum(NOISE[..., 0], 1)
    photo[:20] = 0
    image = Image.fromarray(photo)
    image.putpalette(np.repeat(np.arange(255, -1, -1), 3).tolist())

    assert tell(write_picture(image, "BMP"), "bmp") == []


def test_white_rows_at_the_end_of_a_pbm_are_its_ground():
    drawn = np.tile(NOISE[..., 0] > 100, (8, 8))
    drawn[:, -1], drawn[-100:] = False, True
    whole = write_picture(drawn, "PPM")
    cut = whole[: len(whole) // 2 + 5] + bytes(len(whole) - len(whole) // 2 - 5)
    few, zeros = "the photo has almost no grey levels", "its file ends in zeros, as if it were not copied whole"

    assert (tell(whole, "pbm"), tell(cut, "pbm")) == ([few], [zeros, few])


def test_black_colours_at_the_end_of_a_palette_are_no_gap():
    colours = np.repeat(np.arange(256)[:, None] * (np.arange(256)[:, None] < 50), 3, axis=1).astype(np.uint8)
    image = Image.fromarray(NOISE[..., 0] % 50)
    image.putpalette(colours.ravel().tolist())

    assert tell(write_picture(image, "PCX"), "pcx") == []


def test_black_that_fills_a_block_by_chance_is_no_gap():
    content = bytearray(NOTED["ppm"])
    content[2048:2560] = bytes(512)
    content[6000:7200] = bytes(1200)

    assert tell(bytes(content), "ppm") == []


def test_text_of_windows_behind_bright_pixels_is_no_copy_sent_as_text():
    bright = NOISE // 2 + 100
    settings = "".join(f"Line{number}=1\r\n" for number in range(20))

    assert tell(write_tiff(bright) + settings.encode(), "tiff") == []


@pytest.mark.parametrize("order", ["<u2", ">u2"])
def test_even_ground_of_16_bits_is_no_copy_sent_as_text(order):
    ground = np.random.default_rng(0).integers(3328, 3584, (128, 128)).astype(order)
    content = write_tiff(ground, byteorder=order[0])
    assert content.count(b"\n", 8192) == content.count(b"\r\n", 8192) > 8

    decode(content, "tiff")


@pytest.mark.parametrize("name", ["bmp", "ppm", "tga"])
def test_files_sent_as_text_are_refused(name):
    with pytest.raises(InputError, match="sent as text"):
        decode(NOTED[name].replace(b"\n", b"\r\n"), name)


def test_maps_written_as_text_on_windows_are_read():
    rows = b"\r\n".join(b" ".join(b"%d" % value for value in row) for row in NOISE[..., 0])

    photo = decode(b"P2\r\n64 64\r\n255\r\n" + rows)

    np.testing.assert_array_equal(photo.pixels[..., 0], NOISE[..., 0])
