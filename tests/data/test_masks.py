import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.data.masks import fit_mask, read_mask
from inspector.errors import InputError


def save(path, values, mode=None):
    Image.fromarray(np.array(values, dtype=np.uint8), mode).save(path)
    return path


def test_black_and_white_with_noise_and_grey_edges(tmp_path):
    path = save(tmp_path / "mask.png", [[0, 3, 127], [128, 254, 255]])

    assert read_mask(path).tolist() == [[False, False, False], [True, True, True]]


def test_numbered_kinds(tmp_path):
    assert read_mask(save(tmp_path / "mask.png", [[0, 1], [3, 0]])).tolist() == [[False, True], [True, False]]


def test_empty_mask(tmp_path):
    assert not read_mask(save(tmp_path / "mask.png", np.zeros((2, 3)))).any()


def test_sixteen_bits_and_one_bit(tmp_path):
    Image.fromarray(np.array([[0, 1], [2, 0]], np.uint16)).save(tmp_path / "deep.png")
    Image.fromarray(np.array([[False, True]])).save(tmp_path / "bits.png")

    assert read_mask(tmp_path / "deep.png").tolist() == [[False, True], [True, False]]
    assert read_mask(tmp_path / "bits.png").tolist() == [[False, True]]


@pytest.mark.parametrize("channels", [3, 4])
def test_colours_count_and_alpha_does_not(tmp_path, channels):
    values = np.full((1, 2, channels), 255, np.uint8)
    values[0, 0, :3] = 0
    values[0, 1, :3] = (255, 0, 0)

    assert read_mask(save(tmp_path / "mask.png", values)).tolist() == [[False, True]]


DRAWN = np.zeros((8, 10), bool)
DRAWN[2:6, 3:8] = True
BLACK_AND_WHITE = (DRAWN * 255).astype(np.uint8)


def encode(values, **options):
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, **options)
    return buffer.getvalue()


def make_palette(indices, *colours):
    image = Image.fromarray(indices.astype(np.uint8), "P")
    image.putpalette([value for colour in colours for value in colour])
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def layer(colour, alpha):
    return np.dstack([np.full((8, 10, 3), colour, np.uint8), alpha.astype(np.uint8)])


def on(ground, colour):
    """A layer that is transparent outside of the drawing, and has another colour there."""
    pixels = layer(ground, BLACK_AND_WHITE)
    pixels[DRAWN, :3] = colour
    return pixels


def write_tiff(values, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, values, **options)
    return buffer.getvalue()


WAYS = {
    "palette": lambda: make_palette(DRAWN, (0, 0, 0), (255, 255, 255)),
    "palette, white first": lambda: make_palette(~DRAWN, (255, 255, 255), (0, 0, 0)),
    "palette of kinds": lambda: make_palette(DRAWN * 2, (0, 0, 0), (128, 0, 0), (0, 128, 0)),
    "palette, nearly black": lambda: make_palette(DRAWN, (0, 0, 0), (1, 1, 1)),
    "ones": lambda: encode(DRAWN.astype(np.uint8), format="PNG"),
    "one bit": lambda: encode(DRAWN, format="PNG"),
    "one bit BMP": lambda: encode(DRAWN, format="BMP"),
    "colours": lambda: encode(np.dstack([BLACK_AND_WHITE] * 3), format="BMP"),
    "red": lambda: encode(np.dstack([BLACK_AND_WHITE, 0 * BLACK_AND_WHITE, 0 * BLACK_AND_WHITE]), format="PNG"),
    "16 bits": lambda: encode(DRAWN.astype(np.uint16) * 65535, format="PNG"),
    "16 bits, ones": lambda: encode(DRAWN.astype(np.uint16), format="PNG"),
    "16 bits, grey edge": lambda: encode(np.where(DRAWN, 65535, 9000).astype(np.uint16), format="PNG"),
    "floats": lambda: write_tiff(DRAWN.astype(np.float32)),
    "16 bits of colours": lambda: write_tiff(np.dstack([DRAWN.astype(np.uint16)] * 3), photometric="rgb"),
    "white is zero": lambda: write_tiff(255 - BLACK_AND_WHITE, photometric="miniswhite"),
    "16 bits, white is zero": lambda: write_tiff(65535 - DRAWN.astype(np.uint16) * 65535, photometric="miniswhite"),
    "TIFF palette": lambda: write_tiff(
        DRAWN.astype(np.uint8), photometric="palette", colormap=np.tile(np.uint16([65535] + 255 * [0]), (3, 1))
    ),
    "JPEG": lambda: encode(np.kron(BLACK_AND_WHITE, np.ones((1, 1), np.uint8)), format="JPEG", quality=95),
    "white on nothing": lambda: encode(layer(255, BLACK_AND_WHITE), format="PNG"),
    "black on nothing": lambda: encode(layer(0, BLACK_AND_WHITE), format="PNG"),
    "black on nothing, ones": lambda: encode(layer(0, DRAWN), format="PNG"),
    "red on white nothing": lambda: encode(on(255, (200, 0, 0)), format="PNG"),
    "black on white nothing": lambda: encode(on(255, (0, 0, 0)), format="PNG"),
    "grey and alpha": lambda: encode(np.dstack([0 * BLACK_AND_WHITE, BLACK_AND_WHITE]), format="PNG"),
    "opaque": lambda: encode(np.dstack([BLACK_AND_WHITE] * 3 + [0 * BLACK_AND_WHITE + 255]), format="PNG"),
    "alpha of zero": lambda: encode(np.dstack([BLACK_AND_WHITE] * 3 + [0 * BLACK_AND_WHITE]), format="PNG"),
    "dark kind": lambda: encode((DRAWN * 90).astype(np.uint8), format="PNG"),
}
"""The same drawing in the forms that datasets and people have."""


@pytest.mark.parametrize("way", WAYS)
def test_one_drawing_in_all_its_forms(tmp_path, way):
    (tmp_path / "mask.png").write_bytes(WAYS[way]())
    expected = ~DRAWN if way == "TIFF palette" else DRAWN

    np.testing.assert_array_equal(read_mask(tmp_path / "mask.png"), expected)


def test_kinds_in_shades_of_grey(tmp_path):
    values = np.zeros((20, 20), np.uint8)
    for shade, row in ((60, 2), (120, 8), (250, 14)):
        values[row : row + 4, 2:10] = shade

    assert read_mask(save(tmp_path / "mask.png", values)).sum() == 3 * 4 * 8


def test_grey_edges_of_a_smooth_drawing_are_cut_at_half(tmp_path):
    drawing = np.zeros((40, 40), np.uint8)
    drawing[10:30, 10:30] = 255
    smooth = np.asarray(Image.fromarray(drawing).resize((60, 60), Image.Resampling.BICUBIC))

    np.testing.assert_array_equal(read_mask(save(tmp_path / "mask.png", smooth)), smooth > 127)


def test_noise_of_a_jpeg_is_no_defect(tmp_path):
    drawing = np.zeros((64, 64), np.uint8)
    drawing[10:30, 20:50] = 255
    Image.fromarray(drawing).save(tmp_path / "mask.jpg", quality=40)

    assert (read_mask(tmp_path / "mask.jpg") != (drawing > 0)).sum() == 0


def test_a_grey_ground_is_no_defect(tmp_path):
    values = np.full((20, 20), 40, np.uint8)
    values[5:9, 5:9] = 255

    assert read_mask(save(tmp_path / "mask.png", values)).sum() == 16


def test_masks_of_one_part_are_united(tmp_path):
    save(tmp_path / "000.png", [[255, 0, 0]])
    save(tmp_path / "001.png", [[0, 0, 254]])

    assert read_mask(tmp_path).tolist() == [[True, False, True]]


def test_masks_of_one_part_that_differ_in_size_are_refused(tmp_path):
    save(tmp_path / "000.png", [[255, 0, 0]])
    save(tmp_path / "001.png", [[0, 0]])

    with pytest.raises(InputError, match="differ in size"):
        read_mask(tmp_path)


def test_a_folder_without_masks_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no image"):
        read_mask(tmp_path)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_large_masks_without_a_defect_are_read(tmp_path, mode):
    Image.new(mode, (12_000, 12_000)).save(tmp_path / "mask.png")

    mask = read_mask(tmp_path / "mask.png")

    assert mask.shape == (12_000, 12_000)
    assert not mask.any()


def make_header(kind, width, height):
    if kind == "BMP":
        fields = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 0, 0, 0, 0, 0, 0)
        return b"BM" + struct.pack("<IHHI", 2000, 0, 0, 54) + fields + bytes(1000)
    if kind == "PGM":
        return f"P5\n{width} {height}\n255\n".encode() + bytes(100)
    ihdr = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", ihdr), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    pack = (
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data)) for tag, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(pack)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "PGM"])
@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (2_000_000, 2_000_000), (40_000, 30_000)])
def test_a_header_that_claims_too_much_is_refused(tmp_path, kind, width, height):
    (tmp_path / "mask.png").write_bytes(make_header(kind, width, height))

    with pytest.raises(InputError, match=r"the mask .*mask\.png"):
        read_mask(tmp_path / "mask.png")


@pytest.mark.parametrize("way", ["palette", "16 bits", "floats", "JPEG", "black on nothing", "one bit BMP"])
def test_damaged_masks_are_masks_or_refused(tmp_path, way):
    whole, random = WAYS[way](), np.random.default_rng(7)
    for _ in range(60):
        content = bytearray(whole[: random.integers(len(whole) + 1)] if random.random() < 0.5 else whole)
        for place in random.integers(0, max(1, len(content)), 3):
            content[place : place + 1] = bytes([random.integers(256)])
        (tmp_path / "mask.png").write_bytes(content)
        try:
            mask = read_mask(tmp_path / "mask.png")
        except InputError:
            continue
        assert (mask.ndim, mask.dtype) == (2, bool)


def test_non_ascii_path(tmp_path):
    assert read_mask(save(tmp_path / "Größe_マスク.png", [[255]])).tolist() == [[True]]


def test_missing_and_damaged_files_are_named(tmp_path):
    (tmp_path / "bad.png").write_text("none")

    with pytest.raises(InputError, match=r"gone\.png cannot be read"):
        read_mask(tmp_path / "gone.png")
    with pytest.raises(InputError, match=r"bad\.png is no image"):
        read_mask(tmp_path / "bad.png")


def test_fit_keeps_a_marked_quarter_of_a_wide_mask():
    mask = np.zeros((4, 16), bool)
    mask[:2, 8:] = True

    fitted = fit_mask(mask, 8)

    expected = np.zeros((8, 8), bool)
    expected[:4, 4:] = True
    assert fitted.tolist() == expected.tolist()


def test_shrinking_keeps_what_is_more_than_half_covered():
    mask = np.zeros((64, 64), bool)
    mask[:, 16:32] = True
    mask[:, 40:41] = True

    fitted = fit_mask(mask, 8)

    assert np.flatnonzero(fitted.all(axis=0)).tolist() == [2, 3]
    assert fitted.any(axis=0).sum() == 2
