"""One small picture, written into files of every kind."""

import io
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

HEIGHT, WIDTH = 48, 64

_ROWS, _COLS = np.mgrid[:HEIGHT, :WIDTH]
GREY = ((_ROWS * 37 + _COLS * 11) % 256).astype(np.uint8)
GREY[0, :2] = 0, 255
COLOUR = np.stack([GREY, (_COLS * 4).astype(np.uint8), (_ROWS * 5).astype(np.uint8)], axis=2)


def scale(picture: NDArray[Any], bits: int) -> NDArray[np.float64]:
    """Bring 8-bit values to so many bits: 255 becomes 2^bits - 1."""
    return np.round(picture.astype(float) * (2**bits - 1) / 255)


def write_tiff(values: NDArray[Any], **options: Any) -> bytes:
    """Write a TIFF with tifffile."""
    content = io.BytesIO()
    usual = "rgb" if values.ndim == 3 else "minisblack"
    tifffile.imwrite(content, values, **{"photometric": usual, **options})
    return content.getvalue()


def write_picture(values: NDArray[Any] | Image.Image, kind: str, **options: Any) -> bytes:
    """Write any kind with Pillow."""
    content = io.BytesIO()
    image = values if isinstance(values, Image.Image) else Image.fromarray(values)
    image.save(content, kind, **options)
    return content.getvalue()


def write_png(values: NDArray[np.float64]) -> bytes:
    """Write a PNG of 16 bits, grey or colour, with or without alpha."""
    written: bytes = imagecodecs.png_encode(np.ascontiguousarray(values, dtype=np.uint16))
    return written


def write_pnm(values: NDArray[Any], top: int) -> bytes:
    """Write a binary PGM or PPM with a largest value."""
    kind = b"P6" if values.ndim == 3 else b"P5"
    scaled = np.round(values.astype(float) * top / 255)
    return (
        kind + b"\n# a camera\n%d %d\n%d\n" % (values.shape[1], values.shape[0], top) + scaled.astype(">u2").tobytes()
    )
