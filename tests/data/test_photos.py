import io

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.data import photos
from inspector.data.photos import decode_image, fit_photo, measure_size, read_image, shrink
from inspector.errors import InputError


def test_a_file_that_does_not_fit_into_memory_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(photos, "free_bytes", lambda **_: 1 << 29)
    with (tmp_path / "part.png").open("wb") as file:
        file.truncate((1 << 28) + 1)  # sparse: it takes no room on the disk

    with pytest.raises(InputError, match=r"part\.png does not fit into memory"):
        read_image(tmp_path / "part.png")


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def test_rgb_pixels_come_as_they_are():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)

    assert np.array_equal(decode_image(encoded(Image.fromarray(pixels)), "part.png"), pixels)


@pytest.mark.parametrize(
    "value", [(0, 0), (1, 0), (257, 1), (32896, 128), (65535, 255)], ids=lambda value: str(value[0])
)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_uses_the_full_range(value, kind):
    deep, expected = value
    content = encoded(Image.fromarray(np.full((4, 6), deep, np.uint16)), kind)

    assert np.array_equal(decode_image(content, "deep"), np.full((4, 6, 3), expected, np.uint8))


def test_sixteen_bit_colour_tiff():
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, np.full((4, 6, 3), (0, 32896, 65535), np.uint16), photometric="rgb")

    assert decode_image(buffer.getvalue(), "deep.tiff")[0, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize(("top", "expected"), [(1.0, 255), (255.0, 255), (65535.0, 255)])
def test_float_tiff_uses_the_range_of_its_kind(top, expected):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, np.array([[0.0, top], [np.nan, np.inf]], np.float32))

    assert decode_image(buffer.getvalue(), "float.tiff")[..., 0].tolist() == [[0, expected], [0, 0]]


def test_transparent_pixels_are_laid_on_white():
    rgba = Image.new("RGBA", (2, 1), (10, 20, 30, 255))
    rgba.putpixel((1, 0), (10, 20, 30, 0))

    assert decode_image(encoded(rgba), "cut-out.png")[0].tolist() == [[10, 20, 30], [255, 255, 255]]


def test_palette_is_resolved():
    image = Image.new("RGB", (3, 2), (200, 10, 60)).convert("P", palette=Image.Palette.ADAPTIVE)

    assert decode_image(encoded(image), "palette.png")[1, 2].tolist() == [200, 10, 60]


def test_exif_rotation_is_applied():
    image = Image.new("L", (8, 4), 0)
    image.paste(255, (0, 0, 4, 4))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the picture must be turned a quarter clockwise

    pixels = decode_image(encoded(image, "JPEG", exif=exif), "rotated.jpg")

    assert pixels.shape == (8, 4, 3)
    assert pixels[0].min() > 200
    assert pixels[-1].max() < 50


@pytest.mark.parametrize(("size", "shape"), [((1, 1), (1, 1)), ((3000, 5), (5, 3000))])
def test_extreme_shapes_reach_the_network(size, shape):
    pixels = decode_image(encoded(Image.new("RGB", size, (90, 90, 90))), "extreme.png")

    assert pixels.shape == (*shape, 3)
    assert np.array_equal(fit_photo(pixels, 32), np.full((32, 32, 3), 90, np.uint8))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_cut_off_file_is_named(share, kind):
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    content = encoded(Image.fromarray(noise), kind)

    with pytest.raises(InputError, match=r"part\.x is (damaged|not an image)"):
        decode_image(content[: int(len(content) * share)], "part.x")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "is empty"), (b"just text\n" * 20, "is not an image"), (b"\0" * 300, "cannot be read: nothing but zeros")],
)
def test_other_content_is_named(content, reason):
    with pytest.raises(InputError, match=f"notes.jpg {reason}"):
        decode_image(content, "notes.jpg")


@pytest.mark.parametrize("name", ["zwei Teile.png", "größe ä.png", "零件 一.png"])
def test_names_in_any_script(tmp_path, name):
    Image.new("RGB", (3, 2), (1, 2, 3)).save(tmp_path / name)

    assert read_image(tmp_path / name).shape == (2, 3, 3)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.png cannot be read: No such file"):
        read_image(tmp_path / "gone.png")


@pytest.mark.parametrize("resize", ["bicubic", "bilinear"])
def test_shrinking_equals_pillows(resize):
    pixels = np.random.default_rng(1).integers(0, 256, (50, 90, 3), dtype=np.uint8)
    expected = np.asarray(Image.fromarray(pixels).resize((16, 16), Image.Resampling[resize.upper()]))

    assert np.array_equal(fit_photo(pixels, 16, resize), expected)


@pytest.mark.parametrize(("shape", "expected"), [((100, 50), (20, 10)), ((3, 9000), (1, 20)), ((8, 20), (8, 20))])
def test_shrink_keeps_the_aspect_ratio(shape, expected):
    assert shrink(np.zeros((*shape, 3), np.uint8), 20).shape == (*expected, 3)


@pytest.mark.slow
def test_hundred_megapixels(tmp_path):
    Image.new("L", (10_000, 10_000), 120).save(tmp_path / "huge.png", compress_level=1)

    pixels = read_image(tmp_path / "huge.png")

    assert pixels.shape == (10_000, 10_000, 3)
    assert np.array_equal(fit_photo(pixels, 64), np.full((64, 64, 3), 120, np.uint8))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "PPM", "JPEG2000"])
def test_the_size_of_a_photo_is_that_of_its_upright_pixels(tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {} if kind in ("PPM", "JPEG2000") else {"exif": exif}
    path = tmp_path / "part"
    path.write_bytes(encoded(Image.new("RGB", (7, 5)), kind, **options))

    assert measure_size(path) == read_image(path).shape[:2] == ((7, 5) if options and orientation > 4 else (5, 7))


def test_the_size_of_kinds_that_pillow_does_not_know_is_measured(tmp_path):
    path = tmp_path / "planes.tiff"
    tifffile.imwrite(path, np.zeros((3, 5, 7), np.uint16), photometric="rgb", planarconfig="separate")

    assert measure_size(path) == (5, 7)
    path.write_bytes(b"no photo")
    with pytest.raises(InputError):
        measure_size(path)


def test_file_that_does_not_fit_into_memory_is_told(tmp_path, monkeypatch):
    def fail(path):
        raise MemoryError

    monkeypatch.setattr(type(tmp_path), "read_bytes", fail)
    (tmp_path / "part.png").touch()

    with pytest.raises(InputError, match=r"part\.png does not fit into memory; reduce its size"):
        read_image(tmp_path / "part.png")
