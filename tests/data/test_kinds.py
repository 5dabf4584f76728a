import io
import os

import numpy as np
import pi_heif
import pytest
import tifffile
from PIL import Image

from inspector.data.first_bytes import sniff
from inspector.data.kinds import describe_other, detect_kind
from inspector.data.pixel_headers import PixelHeader, read_pixel_header


def encode(kind, **options):
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), (10, 20, 30)).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "DIB", "TIFF", "WEBP", "AVIF", "JPEG2000", "PPM", "QOI"])
def test_photos_are_known_by_their_bytes_whatever_their_name(tmp_path, kind):
    for name in ("part", "part.dat", "part.txt"):
        (tmp_path / name).write_bytes(encode(kind))

        assert detect_kind(tmp_path / name) == "photo"


def test_photos_that_pillow_does_not_write():
    assert sniff(b"\0\0\0\x1cftypheic\0\0\0\0") == "photo"
    assert sniff(b"Pf\n16 16\n-1.0\n") == "photo"
    assert sniff(b"\0\0\0\x0cJXL \r\n\x87\n") == "photo"
    assert sniff(b"II+\0\x08\0\0\0") == "photo"
    assert pi_heif.is_supported(b"\0\0\0\x1cftypheic\0\0\0\0mif1heic")  # the brand is one that can be read


@pytest.mark.parametrize(
    "content", [b"", b"BM is no bitmap", b"P5 is a size of paper", b"\0\0\0\x20ftypisom", b"RIFF....AVI ", b"%PDF-1.7"]
)
def test_what_only_begins_alike_is_no_photo(content):
    assert sniff(content) is None


def test_a_known_suffix_is_believed_without_opening_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("inspector.data.kinds.read_head", lambda _: pytest.fail("was opened"))

    assert [detect_kind(tmp_path / name) for name in ("a.PNG", "b.tif", "c.Ply", "d.nef")] == [
        "photo",
        "photo",
        "cloud",
        None,
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"x,y,z\n" + b"1.5,-2,3e-1\n" * 9, "lines of numbers: where they are points, rename it to end in .xyz"),
        (b"1 0 0 5\n" * 4, "no kind of photo or cloud that is read"),
        (b"2024-01-05 1 2\n" * 9, "no kind of photo or cloud that is read"),
    ],
)
def test_lines_of_numbers_may_be_points(tmp_path, content, told):
    (tmp_path / "scan.txt").write_bytes(content)

    assert describe_other(tmp_path / "scan.txt") == told


def test_files_that_begin_like_photos_but_are_none_are_described(tmp_path):
    for name in ("raw.DNG", "copy.jpg.part", "a.png~", "clip.thm"):
        (tmp_path / name).write_bytes(encode("TIFF"))
    (tmp_path / "scan.dat").write_bytes(b"ply\nformat ascii 1.0\n")
    (tmp_path / "word.docx").write_bytes(b"PK\3\4")

    assert detect_kind(tmp_path / "raw.DNG") is None
    assert describe_other(tmp_path / "raw.DNG").startswith("a camera's raw file, which is not read")
    assert detect_kind(tmp_path / "a.png~") is None
    assert describe_other(tmp_path / "copy.jpg.part") == "an unfinished or a spare copy"
    assert describe_other(tmp_path / "a.png~") == "an unfinished or a spare copy"
    assert describe_other(tmp_path / "clip.thm") == "the thumbnail of a video"
    assert describe_other(tmp_path / "scan.dat") == (
        "a cloud by its content, but not by its name: rename it to end in .ply"
    )
    assert describe_other(tmp_path / "word.docx") == "no kind of photo or cloud that is read"
    assert describe_other(tmp_path / "gone.docx") == "no kind of photo or cloud that is read"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("IM0001", bytes(128) + b"DICM", "export it as TIFF or PNG"),
        ("a.dcm", b"", "export it as TIFF or PNG"),
        ("a.exr.1", b"v/1\x01", "export it as TIFF or PNG"),
        ("a.fits", b"", "export it as TIFF or PNG"),
        ("a.OBJ", b"v 0 0 0", "export it as PLY or STL"),
        ("a.glb", b"glTF", "export it as PLY or STL"),
        ("lot.zip", b"PK", "unpack it"),
        ("part.HOBJ", b"", "export it as TIFF or PNG"),
        ("part.vk4", b"VK4_", "export it as PLY or STL"),
        ("frame.vsi", b"II*\0", "export it as TIFF or PNG"),
        ("a.mp4", b"\0\0\0\x18ftypmp42", "export its pictures as PNG"),
    ],
)
def test_what_to_do_with_pictures_and_scans_that_are_not_read(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)

    assert detect_kind(tmp_path / name) is None
    assert describe_other(tmp_path / name).endswith(f"not read: {told}")


POINTS = PixelHeader(3, 32, is_float=True)


@pytest.mark.parametrize(
    "options",
    [
        {"photometric": "rgb"},
        {"photometric": "rgb", "bigtiff": True},
        {"photometric": "rgb", "byteorder": ">"},
        {"photometric": "rgb", "compression": "zlib"},
        {"photometric": "minisblack"},  # a page for each row
    ],
)
def test_header_of_an_organised_cloud(tmp_path, options):
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((6, 5, 3), np.float32), **options)

    assert read_pixel_header(tmp_path / "a.tif") == POINTS


def test_headers_of_depth_images_and_photos(tmp_path):
    def header(values, suffix):
        Image.fromarray(values).save(tmp_path / f"a{suffix}")
        return read_pixel_header(tmp_path / f"a{suffix}")

    deep = np.ones((6, 5), np.uint16)
    assert header(deep, ".png") == header(deep, ".tif") == PixelHeader(1, 16)
    assert header(deep.astype(np.float32), ".tif") == PixelHeader(1, 32, is_float=True)
    assert header(np.ones((6, 5, 3), np.uint8), ".png") == PixelHeader(3, 8)
    (tmp_path / "a.pgm").write_bytes(b"P5 # a camera\n6 5\n65535\n" + bytes(60))
    assert read_pixel_header(tmp_path / "a.pgm") == PixelHeader(1, 16)
    assert header(deep.astype(np.int32), ".tif").may_be_depth
    assert PixelHeader(1, 16).may_be_depth
    assert not PixelHeader(3, 8).may_be_depth
    Image.fromarray(np.ones((6, 5), np.uint8)).convert("P").save(tmp_path / "a.tif")
    assert read_pixel_header(tmp_path / "a.tif") == PixelHeader(3, 8)


@pytest.mark.parametrize("big", [False, True])
def test_header_is_that_of_the_full_page_and_not_of_the_small_copy_before_it(tmp_path, big):
    with tifffile.TiffWriter(tmp_path / "a.tif", bigtiff=big) as file:
        file.write(np.ones((6, 5, 3), np.uint8), photometric="rgb", subfiletype=1)
        file.write(np.ones((24, 20, 3), np.float32), photometric="rgb")

    assert read_pixel_header(tmp_path / "a.tif") == POINTS

    tifffile.imwrite(tmp_path / "b.tif", np.ones((6, 5), np.uint16), subfiletype=1)
    assert read_pixel_header(tmp_path / "b.tif") == PixelHeader(1, 16)


@pytest.mark.parametrize("source", [".png", ".tif"])
def test_damaged_headers_say_nothing(tmp_path, source):
    Image.fromarray(np.ones((6, 5), np.uint16)).save(tmp_path / f"whole{source}")
    whole = (tmp_path / f"whole{source}").read_bytes()
    random = np.random.default_rng(3)
    for _ in range(300):
        content = bytearray(whole[: random.integers(len(whole) + 1)])
        for place in random.integers(0, max(1, len(content)), 4):
            content[place : place + 1] = bytes([random.integers(256)])
        (tmp_path / "a").write_bytes(content)

        header = read_pixel_header(tmp_path / "a")

        assert header is None or header.bits >= 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_only_the_beginning_of_a_file_is_read(tmp_path):
    with (tmp_path / "huge").open("wb") as file:
        file.write(encode("PNG"))
        file.truncate(1 << 40)  # takes no room on the disk

    assert detect_kind(tmp_path / "huge") == "photo"
