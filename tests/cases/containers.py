"""Ways to store the very same picture: each gives the bytes of a file that holds a chip, without loss of a level."""

import io
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


class Container(NamedTuple):
    """One way to store a picture.

    Attributes:
        suffix: of the file's name.
        encode: (H, W) or (H, W, 3) uint8 -> bytes of a file.
    """

    suffix: str
    encode: Callable[[Pixels], bytes]


def scale(pixels: Pixels, top: float, kind: type[np.generic]) -> NDArray[Any]:
    """The levels 0 to 255 as the values 0 to `top`."""
    values = pixels * (top / 255)
    return (values if np.issubdtype(kind, np.floating) else np.rint(values)).astype(kind)


def _pillow(kind: str, mode: str = "", **options: Any) -> Callable[[Pixels], bytes]:
    def encode(pixels: Pixels) -> bytes:
        buffer = io.BytesIO()
        image = Image.fromarray(pixels)
        (image.convert(mode) if mode else image).save(buffer, kind, **options)
        return buffer.getvalue()

    return encode


def _tiff(top: float = 255, kind: type[np.generic] = np.uint8, **options: Any) -> Callable[[Pixels], bytes]:
    def encode(pixels: Pixels) -> bytes:
        buffer = io.BytesIO()
        values = scale(pixels, top, kind)
        if options.get("planarconfig") == "separate":
            values = np.moveaxis(values, 2, 0)
        photometric = "rgb" if pixels.ndim == 3 else "minisblack"
        tifffile.imwrite(buffer, values, **{"photometric": photometric, **options})
        return buffer.getvalue()

    return encode


def _tiff_with(channel: int, extra: str) -> Callable[[Pixels], bytes]:
    """A colour TIFF with a fourth channel that holds one value."""

    def encode(pixels: Pixels) -> bytes:
        buffer = io.BytesIO()
        four = np.dstack([pixels, np.full(pixels.shape[:2], channel, np.uint8)])
        tifffile.imwrite(buffer, four, photometric="rgb", extrasamples=[extra])
        return buffer.getvalue()

    return encode


def _tiff_min_is_white(top: int, kind: type[np.generic]) -> Callable[[Pixels], bytes]:
    return lambda pixels: _tiff(top, kind, photometric="miniswhite")(255 - pixels)


def _tiff_packed(pixels: Pixels) -> bytes:
    """12 bits a pixel, two pixels in three bytes, as Mono12 packed is written to TIFF."""
    values = scale(pixels, 4095, np.uint16)
    even, odd = values[:, ::2], values[:, 1::2]
    rows = np.stack([even >> 4, (even & 15) << 4 | odd >> 8, odd & 255], axis=2).astype(np.uint8).tobytes()
    height, width = pixels.shape
    tags = {256: width, 257: height, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: len(rows)}
    entries = b"".join(
        tag.to_bytes(2, "little") + b"\4\0\1\0\0\0" + value.to_bytes(4, "little") for tag, value in tags.items()
    )
    start = b"II*\0" + (8 + len(rows)).to_bytes(4, "little")
    return start + rows + len(tags).to_bytes(2, "little") + entries + bytes(4)


def _netpbm(top: int, *, text: bool = False) -> Callable[[Pixels], bytes]:
    def encode(pixels: Pixels) -> bytes:
        values = scale(pixels, top, np.uint16)
        magic = ("P3" if text else "P6") if pixels.ndim == 3 else ("P2" if text else "P5")
        header = f"{magic}\n# line camera 2\n{pixels.shape[1]} {pixels.shape[0]}\n{top}\n".encode()
        if text:
            return header + b"\n".join(b" ".join(b"%d" % value for value in row) for row in values.reshape(-1, 9))
        return header + values.astype(">u2" if top > 255 else "u1").tobytes()

    return encode


def _png(top: int = 65535, *, alpha: bool = False) -> Callable[[Pixels], bytes]:
    def encode(pixels: Pixels) -> bytes:
        deep = scale(pixels, top, np.uint16)
        if alpha:
            deep = np.dstack([deep, np.full(pixels.shape[:2], 65535, np.uint16)])
        return bytes(imagecodecs.png_encode(deep))

    return encode


def _png_left_justified(pixels: Pixels) -> bytes:
    """12 bits at the upper end of 16, and the chunk that says so (sBIT)."""
    content = imagecodecs.png_encode(scale(pixels, 4095, np.uint16) << 4)
    chunk = b"sBIT" + bytes([12])
    return bytes(content[:33] + (1).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + content[33:])


def _jpeg_2000(pixels: Pixels) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(scale(pixels, 65535, np.uint16), level=0, reversible=True))


def _pfm(pixels: Pixels) -> bytes:
    header = f"{'PF' if pixels.ndim == 3 else 'Pf'}\n{pixels.shape[1]} {pixels.shape[0]}\n-1.0\n".encode()
    return header + scale(pixels[::-1], 1.0, np.float32).tobytes()


COLOUR: dict[str, Container] = {
    "PNG 16 bits": Container(".png", _png()),
    "PNG 12 of 16 bits": Container(".png", _png(4095)),
    "PNG 16 bits, opaque alpha": Container(".png", _png(alpha=True)),
    "PNG 8 bits, opaque alpha": Container(".png", _pillow("PNG", "RGBA")),
    "BMP": Container(".bmp", _pillow("BMP")),
    "DIB": Container(".dib", _pillow("DIB")),
    "TGA": Container(".tga", _pillow("TGA")),
    "TGA packed": Container(".tga", _pillow("TGA", compression="tga_rle")),
    "TGA with alpha": Container(".tga", _pillow("TGA", "RGBA")),
    "PCX": Container(".pcx", _pillow("PCX")),
    "SGI": Container(".sgi", _pillow("SGI")),
    "QOI": Container(".qoi", lambda pixels: bytes(imagecodecs.qoi_encode(pixels))),
    "WebP lossless": Container(".webp", _pillow("WEBP", lossless=True, exact=True)),
    "JPEG 2000 lossless": Container(".jp2", _pillow("JPEG2000", irreversible=False)),
    "JPEG 2000 stream": Container(".j2k", _pillow("JPEG2000", no_jp2=True)),
    "JPEG 2000 16 bits": Container(
        ".jp2",
        lambda pixels: bytes(imagecodecs.jpeg2k_encode(scale(pixels, 65535, np.uint16), level=0, reversible=True)),
    ),
    "JPEG XL lossless": Container(".jxl", lambda pixels: bytes(imagecodecs.jpegxl_encode(pixels, lossless=True))),
    "AVIF lossless": Container(".avif", lambda pixels: bytes(imagecodecs.avif_encode(pixels, level=100, speed=10))),
    "PPM": Container(".ppm", _netpbm(255)),
    "PPM as text": Container(".ppm", _netpbm(255, text=True)),
    "PPM 1023": Container(".ppm", _netpbm(1023)),
    "PPM 4095": Container(".ppm", _netpbm(4095)),
    "PPM 65535": Container(".ppm", _netpbm(65535)),
    "PFM": Container(".pfm", _pfm),
    "TIFF": Container(".tif", _tiff()),
    "TIFF 16 bits": Container(".tif", _tiff(65535, np.uint16)),
    "TIFF 12 of 16 bits": Container(".tif", _tiff(4095, np.uint16)),
    "TIFF planar": Container(".tif", _tiff(planarconfig="separate")),
    "TIFF 16 bits planar": Container(".tif", _tiff(65535, np.uint16, planarconfig="separate")),
    "TIFF LZW": Container(".tif", _tiff(compression="lzw", predictor=True)),
    "TIFF 16 bits deflate": Container(".tif", _tiff(65535, np.uint16, compression="deflate", predictor=True)),
    "TIFF PackBits": Container(".tif", _tiff(compression="packbits")),
    "TIFF Zstandard": Container(".tif", _tiff(compression="zstd")),
    "TIFF tiled": Container(".tif", _tiff(tile=(32, 48))),
    "TIFF 16 bits tiled planar": Container(".tif", _tiff(65535, np.uint16, tile=(32, 48), planarconfig="separate")),
    "TIFF strips": Container(".tif", _tiff(65535, np.uint16, rowsperstrip=7)),
    "TIFF big endian": Container(".tif", _tiff(65535, np.uint16, byteorder=">")),
    "BigTIFF": Container(".tiff", _tiff(65535, np.uint16, bigtiff=True)),
    "TIFF fractions": Container(".tif", _tiff(1.0, np.float32)),
    "TIFF opaque alpha": Container(".tif", _tiff_with(255, "unassalpha")),
    "TIFF infrared, dark": Container(".tif", _tiff_with(0, "unspecified")),
    "TIFF infrared, bright": Container(".tif", _tiff_with(200, "unspecified")),
}
"""Of colour pictures."""

GREY: dict[str, Container] = {
    "PNG 16 bits": Container(".png", _png()),
    "PNG 10 of 16 bits": Container(".png", _png(1023)),
    "PNG 12 of 16 bits": Container(".png", _png(4095)),
    "PNG 14 of 16 bits": Container(".png", _png(16383)),
    "PNG 12 bits, left-justified": Container(".png", _png_left_justified),
    "PNG 8 bits with alpha": Container(".png", _pillow("PNG", "LA")),
    "PNG 16 bits with alpha": Container(".png", _png(alpha=True)),
    "PGM": Container(".pgm", _netpbm(255)),
    "PGM 1023": Container(".pgm", _netpbm(1023)),
    "PGM 4095": Container(".pgm", _netpbm(4095)),
    "PGM 65535": Container(".pgm", _netpbm(65535)),
    "PGM as text, 1023": Container(".pgm", _netpbm(1023, text=True)),
    "PFM": Container(".pfm", _pfm),
    "BMP": Container(".bmp", _pillow("BMP")),
    "GIF": Container(".gif", _pillow("GIF")),
    "palette PNG": Container(".png", _pillow("PNG", "P")),
    "palette TIFF": Container(".tif", _pillow("TIFF", "P")),
    "palette BMP": Container(".bmp", _pillow("BMP", "P")),
    "JPEG 2000": Container(".jp2", _pillow("JPEG2000")),
    "TIFF, JPEG XL inside": Container(
        ".tif", _tiff(4095, np.uint16, compression="jpegxl", compressionargs={"lossless": True})
    ),
    "TIFF": Container(".tif", _tiff()),
    "TIFF MinIsWhite": Container(".tif", _tiff_min_is_white(255, np.uint8)),
    "TIFF 16 bits MinIsWhite": Container(".tif", _tiff_min_is_white(65535, np.uint16)),
    "TIFF 16 bits": Container(".tif", _tiff(65535, np.uint16)),
    "TIFF 10 of 16 bits": Container(".tif", _tiff(1023, np.uint16)),
    "TIFF 12 of 16 bits": Container(".tif", _tiff(4095, np.uint16)),
    "TIFF 12 bits packed": Container(".tif", _tiff_packed),
    "TIFF 16 bits signed": Container(".tif", _tiff(32767, np.int16)),
    "TIFF 12 of 16 bits signed": Container(".tif", _tiff(4095, np.int16)),
    "TIFF 32 bits": Container(".tif", _tiff(2**32 - 1, np.uint32)),
    "TIFF 12 of 32 bits": Container(".tif", _tiff(4095, np.uint32)),
    "TIFF 32 bits signed": Container(".tif", _tiff(2**31 - 1, np.int32)),
    "TIFF float16": Container(".tif", _tiff(1.0, np.float16)),
    "TIFF float32": Container(".tif", _tiff(1.0, np.float32)),
    "TIFF float32 to 255": Container(".tif", _tiff(255, np.float32)),
    "TIFF float32 to 4095": Container(".tif", _tiff(4095, np.float32)),
    "TIFF float64": Container(".tif", _tiff(1.0, np.float64)),
    "TIFF float64 to 65535, LZW": Container(".tif", _tiff(65535, np.float64, compression="lzw")),
    "TIFF 12 bits by its tags": Container(
        ".tif", _tiff(4095, np.uint16, extratags=[(281, "H", 1, 4095, True), (280, "H", 1, 0, True)])
    ),
}
"""Of grey pictures."""
