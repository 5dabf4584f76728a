"""Small files that can be read, of every kind: what the mutations start from."""

import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from inspector.data.clouds.depth import PinholeCamera
from inspector.presets import PRESETS
from tests.clouds import organised

HEIGHT, WIDTH = 12, 16

CAMERA = PinholeCamera((20.0, 20.0), (8.0, 6.0))


def _paint(*channels: int, kind: type[np.generic] = np.uint8, top: float = 255) -> NDArray[Any]:
    """A slope with noise."""
    slope = np.add.outer(np.arange(HEIGHT), np.arange(WIDTH)) / (HEIGHT + WIDTH)
    noise = np.random.default_rng(0).random((HEIGHT, WIDTH, *channels)) * 0.2
    return ((slope.reshape(HEIGHT, WIDTH, *(1 for _ in channels)) * 0.8 + noise) * top).astype(kind)


GREY, COLOUR, DEEP = _paint(), _paint(3), _paint(kind=np.uint16, top=65535)


def _save(pixels: NDArray[Any] | Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _save_tiff(pixels: NDArray[Any], **options: Any) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, pixels, **options)
    return buffer.getvalue()


def _encode(suffix: str, pixels: NDArray[Any]) -> bytes:
    return cv2.imencode(suffix, pixels)[1].tobytes()


PICTURE = _save(GREY, "PNG")

HEIC = Path(__file__).parents[1] / "data" / "pixels" / "colours.heic"
"""Nothing that is installed writes these."""


def _make_pngs() -> list[bytes]:
    rgba = Image.fromarray(_paint(4), "RGBA")
    palette = Image.fromarray(COLOUR).quantize(16)
    deep = bytes(imagecodecs.png_encode(_paint(3, kind=np.uint16, top=65535)))
    return [PICTURE, _save(rgba, "PNG"), _save(palette, "PNG", transparency=3), _save(DEEP, "PNG"), deep]


def _make_jpegs() -> list[bytes]:
    exif = Image.Exif()
    exif[0x0112] = 6
    small = _save(COLOUR, "JPEG", quality=60, exif=exif)
    lossless = [imagecodecs.ljpeg_encode(GREY, bitspersample=8), imagecodecs.jpeg8_encode(COLOUR, lossless=True)]
    inks = _save(Image.fromarray(_paint(4), "CMYK"), "JPEG")
    return [small, _save(GREY, "JPEG", progressive=True), inks, *map(bytes, lossless)]


def _make_tiffs() -> list[bytes]:
    tiled = np.tile(DEEP, (3, 3))
    return [
        _save_tiff(DEEP),
        _save_tiff(COLOUR, compression="deflate", predictor=True),
        _save_tiff(np.moveaxis(_paint(3, kind=np.uint16), 2, 0), photometric="rgb", planarconfig="separate"),
        _save_tiff(_paint(kind=np.float32, top=1.0), compression="lzw"),
        _save_tiff(tiled, tile=(16, 16), bigtiff=True),
        _save_tiff(_paint(kind=np.float64, top=7.0), byteorder=">"),
        _save_tiff(_paint(4), photometric="minisblack", planarconfig="contig"),
        _save_tiff(np.stack([GREY, GREY]), compression="packbits"),
        _save(Image.fromarray(COLOUR).quantize(8), "TIFF"),
        _save(Image.fromarray(GREY > 99), "TIFF", compression="group4"),
        _save_tiff(COLOUR, compression="jpeg"),
    ]


PHOTOS: dict[str, Callable[[], list[bytes]]] = {
    "png": _make_pngs,
    "jpg": _make_jpegs,
    "tif": _make_tiffs,
    "bmp": lambda: [
        _save(COLOUR, "BMP"),
        _save(Image.fromarray(COLOUR).quantize(16), "BMP"),
        _save(Image.fromarray(GREY > 99), "BMP"),
        _encode(".bmp", _paint(4)),
        _encode(".bmp", _paint(4))[:54] + b"\xff\0\0\0\0\xff\0\0\0\0\xff\0" + _encode(".bmp", _paint(4))[66:],
    ],
    "pcx": lambda: [_save(COLOUR, "PCX"), _save(GREY, "PCX")],
    "sgi": lambda: [_save(COLOUR, "SGI")],
    "qoi": lambda: [bytes(imagecodecs.qoi_encode(COLOUR))],
    "dib": lambda: [_save(COLOUR, "DIB")],
    "gif": lambda: [_save(GREY, "GIF"), _save(Image.fromarray(COLOUR).quantize(16), "GIF", interlace=1)],
    "webp": lambda: [_save(COLOUR, "WEBP", lossless=True), _save(Image.fromarray(_paint(4), "RGBA"), "WEBP")],
    "pgm": lambda: [_save(GREY, "PPM"), _save(DEEP, "PPM"), b"P2\n# camera\n4 2\n1023\n0 1 2 3 4 1023 6 7\n"],
    "ppm": lambda: [_save(COLOUR, "PPM"), _encode(".ppm", _paint(3, kind=np.uint16, top=4095)), b"P1\n3 1\n1 0 1\n"],
    "pfm": lambda: [b"Pf\n4 2\n-1.0\n" + np.arange(8, dtype="<f4").tobytes()],
    "tga": lambda: [_save(COLOUR, "TGA"), _save(Image.fromarray(_paint(4), "RGBA"), "TGA", compression="tga_rle")],
    "jp2": lambda: [_save(COLOUR, "JPEG2000"), bytes(imagecodecs.jpeg2k_encode(DEEP, level=0))],
    "j2k": lambda: [_save(GREY, "JPEG2000", no_jp2=True)],
    "avif": lambda: [_save(COLOUR, "AVIF", quality=60)],
    "jxl": lambda: [bytes(imagecodecs.jpegxl_encode(COLOUR, lossless=True))],
    "heic": lambda: [HEIC.read_bytes()],
}
"""Photos by suffix."""


def _draw() -> NDArray[np.uint8]:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[3:8, 4:9] = 255
    return mask


def _make_mask_pngs() -> list[bytes]:
    mask = _draw()
    palette = Image.fromarray(mask // 255, "L").convert("P")
    drawn = np.dstack([np.full((HEIGHT, WIDTH, 3), 255, np.uint8), mask])
    return [_save(mask, "PNG"), _save(palette, "PNG"), _save(drawn, "PNG"), _save(mask > 0, "PNG"), _save(DEEP, "PNG")]


MASKS: dict[str, Callable[[], list[bytes]]] = {
    "png": _make_mask_pngs,
    "bmp": lambda: [_save(_draw() > 0, "BMP")],
    "tif": lambda: [_save(_draw(), "TIFF"), _save_tiff(_draw() / 255)],
    "jpg": lambda: [_save(_draw(), "JPEG")],
}
"""Masks by suffix."""


def _measure(columns: int = 3) -> NDArray[np.float32]:
    """(H, W, columns) float32: a dome in metres, then other values."""
    row, col = np.mgrid[:HEIGHT, :WIDTH]
    height = 0.02 * np.exp(-((row - 6) ** 2 + (col - 8) ** 2) / 20) + np.random.default_rng(1).normal(
        0, 1e-4, row.shape
    )
    extra = np.random.default_rng(2).random((HEIGHT, WIDTH, max(columns - 3, 0)))
    return np.dstack([col * 0.002, row * 0.002, 0.5 - height, extra]).astype(np.float32)


def _make_plys() -> list[bytes]:
    points, more = _measure().reshape(-1, 3), _measure(6).reshape(-1, 6)
    names = "".join(f"property float {name}\n" for name in "xyz")
    normals = "".join(f"property float n{name}\n" for name in "xyz")
    start = f"element vertex {len(points)}\n{names}"
    rows = "\n".join(" ".join(f"{value:.4f}" for value in row) for row in points) + "\n"
    faces = "element face 1\nproperty list uchar int vertex_indices\n"
    last = b"\3" + np.arange(3, dtype="<i4").tobytes()
    return [
        f"ply\nformat ascii 1.0\ncomment a scan\n{start}end_header\n{rows}".encode(),
        f"ply\nformat binary_little_endian 1.0\n{start}{normals}{faces}end_header\n".encode() + more.tobytes() + last,
        f"ply\nformat binary_big_endian 1.0\n{start}end_header\n".encode() + points.astype(">f4").tobytes(),
        f"ply\nformat binary_little_endian 1.0\n{start}property list uchar uchar more\nend_header\n".encode()
        + b"".join(row.tobytes() + b"\2\0\1" for row in points),
    ]


def _make_pcds() -> list[bytes]:
    points = _measure().reshape(-1, 3)
    count = len(points)
    header = "VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n"
    flat = f"{header}WIDTH {count}\nHEIGHT 1\nPOINTS {count}\n"
    rows = "\n".join(" ".join(f"{value:.4f}" for value in row) for row in points) + "\n"
    grid = f"{header}WIDTH {WIDTH}\nHEIGHT {HEIGHT}\nPOINTS {count}\nDATA binary\n"
    columns = points.T.tobytes()
    packed = imagecodecs.lzf_encode(columns, header=False)
    sizes = len(packed).to_bytes(4, "little") + len(columns).to_bytes(4, "little")
    return [
        f"{flat}DATA ascii\n{rows}".encode(),
        grid.encode() + points.tobytes(),
        f"{flat}DATA binary_compressed\n".encode() + sizes + packed,
    ]


def _make_xyzs() -> list[bytes]:
    points = _measure().reshape(-1, 3) * 1000
    rows = [[f"{value:.3f}" for value in row] for row in points]
    comma = [";".join(row).replace(".", ",") for row in rows]
    return [
        "\n".join(map(" ".join, rows)).encode(),
        ("X;Y;Z\r\n" + "\r\n".join(map(";".join, rows))).encode(),
        "\n".join(comma).encode(),
        ("\ufeff# scan\n" + "\n".join(map("\t".join, rows))).encode(),
    ]


def make_meshes() -> list[bytes]:
    """STL files, ASCII and binary."""
    grid = _measure()
    corners = np.stack([grid[:-1, :-1], grid[1:, :-1], grid[:-1, 1:]], axis=2).reshape(-1, 9)
    facets = [f"facet normal 0 0 1\nouter loop\n{_list_corners(facet)}endloop\nendfacet\n" for facet in corners[:40]]
    records = b"".join(np.array([0, 0, 1, *facet], np.float32).tobytes() + b"\0\0" for facet in corners)
    return [
        f"solid part\n{''.join(facets)}endsolid part\n".encode(),
        b"made by hand".ljust(80) + len(corners).to_bytes(4, "little") + records,
    ]


def _list_corners(facet: NDArray[np.float32]) -> str:
    return "".join("vertex " + " ".join(f"{value:.4f}" for value in corner) + "\n" for corner in facet.reshape(3, 3))


def _make_las() -> list[bytes]:
    import laspy  # of the extra for points

    points = _measure().reshape(-1, 3).astype(np.float64)
    results = []
    for version, kind in (("1.2", 3), ("1.4", 6)):
        header = laspy.LasHeader(point_format=kind, version=version)
        header.offsets, header.scales = np.floor(points[0]), [1e-4] * 3
        data = laspy.LasData(header)
        data.x, data.y, data.z = points.T
        data.withheld = np.arange(len(points)) < 3
        buffer = io.BytesIO()
        data.write(buffer)
        results.append(buffer.getvalue())
    return results


def _make_e57s() -> list[bytes]:
    import pye57  # of the extra for points

    columns = {f"cartesian{axis}": values for axis, values in zip("XYZ", _measure().reshape(-1, 3).T, strict=True)}
    rows, cols = (axis.ravel().astype(np.int32) for axis in np.mgrid[:HEIGHT, :WIDTH])
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for number, scans in enumerate(([{**columns, "rowIndex": rows, "columnIndex": cols}], [columns, columns])):
            path = Path(folder) / f"{number}.e57"
            with pye57.E57(str(path), "w") as file:
                for scan in scans:
                    file.write_scan_raw(scan)
            results.append(path.read_bytes())
    return results


def _make_depth() -> NDArray[np.float32]:
    depth: NDArray[np.float32] = _measure()[..., 2] * 1000
    return depth


CLOUDS: dict[str, Callable[[], list[bytes]]] = {
    "ply": _make_plys,
    "pcd": _make_pcds,
    "xyz": _make_xyzs,
    "tiff": lambda: [
        _save_tiff(_measure(), photometric="rgb"),
        _save_tiff(_measure(), photometric="rgb", compression="deflate", rowsperstrip=4),
        _save_tiff(np.tile(_measure(), (2, 2, 1)), photometric="rgb", tile=(16, 16)),
        _save_tiff(_make_depth()),
        _save_tiff(_make_depth().astype(np.uint16), compression="lzw"),
    ],
    "png": lambda: [_save(_make_depth().astype(np.uint16), "PNG")],
    "las": _make_las,
    "e57": _make_e57s,
}
"""Clouds by suffix."""

EYECANDIES: dict[str, Callable[[], bytes]] = {
    "000_depth.png": lambda: _save(DEEP, "PNG"),
    "000_info_depth.yaml": lambda: b"normalization:\n  min: 0.1\n  max: 0.6\n",
    "000_pose.txt": lambda: b"1 0 0 0.5\n0 1 0 0\n0 0 1 2\n0 0 0 1\n",
}
"""The three files of a depth image."""


def make_scenes() -> list[bytes]:
    """Organised clouds of a part on a table."""
    scene = organised(0, size=(40, 60))
    return [_save_tiff(scene, photometric="rgb"), _save_tiff(scene, photometric="rgb", compression="deflate")]


def make_splits() -> list[bytes]:
    """Split files of VisA."""
    rows = [
        "object,split,label,image,mask",
        "candle,test,normal,candle/Data/Images/Normal/000.JPG,",
        "candle,test,anomaly,candle/Data/Images/Anomaly/001.JPG,candle/Data/Masks/Anomaly/001.png",
    ]
    return ["\n".join(rows).encode(), "\r\n".join(row.replace("/", "\\") for row in rows).encode()]


REAL_IAD = ("OK/S1/candle_S1_C1_0.jpg", "NG/AK/S2/candle_S2_C1_0.jpg", "NG/AK/S2/candle_S2_C1_0.png")
"""Two photos and a mask."""


def make_lists() -> list[bytes]:
    """Lists of Real-IAD."""
    good = {"category": "candle", "anomaly_class": "OK", "image_path": REAL_IAD[0], "mask_path": None}
    bad = {"category": "candle", "anomaly_class": "AK", "image_path": REAL_IAD[1], "mask_path": REAL_IAD[2]}
    return [json.dumps({"meta": {"normal_class": "OK"}, "train": [good], "test": [good, bad]}).encode()]


def make_listings() -> list[bytes]:
    """Lists of names of files."""
    return [
        "a.png\nb.JPG\nsub/c.tif\nsub/part_10.ply\n零件.png\nThumbs.db\n".encode(),
        b"test/good/000.png\ntest/bad/001.png\nground_truth/bad/001_mask.png\ntrain/good/000.png\n",
        b"test_public/data/00_image_4.png\ntest_public/data/00_depth.png\ntest_public/data/00_mask.png\n",
        b"test/good/rgb/000.png\ntest/good/xyz/000.tiff\ntest/good/gt/000.png\n",
        b"Data/Images/Normal/000.JPG\nData/Images/Anomaly/001.JPG\nData/Masks/Anomaly/001.png\n",
        b"test/ok/0.bmp\ntest/ko/1.bmp\nground_truth/ko/1.png\n@eaDir/0.bmp/SYNO.jpg\n",
    ]


def make_archives() -> list[bytes]:
    """Embeddings of three images, as .npz."""
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    results = []
    for save in (np.savez, np.savez_compressed):
        buffer = io.BytesIO()
        save(buffer, embeddings=values)
        results.append(buffer.getvalue())
    return results


def make_arrays() -> list[bytes]:
    """Embeddings of three images, as .npy."""
    buffer = io.BytesIO()
    np.save(buffer, np.arange(12, dtype=np.float64).reshape(3, 4))
    return [buffer.getvalue()]


def make_settings() -> list[bytes]:
    """Settings as TOML."""
    return [b'preset = "fast"\nimage_size = 128\nlayers = [2, 3]\n', PRESETS["musc-v2"].to_toml().encode()]
