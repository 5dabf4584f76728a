"""A photo as its file holds it, before it is brought to 8 bits."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspector.errors import InputError, say_why

MOST_PIXELS = 2_000_000_000
"""Larger photos are refused. Line-scan cameras deliver several hundred megapixels."""

ALWAYS_DECODED = 128 << 20
"""Bytes that any file may grow to when it is decoded; 128 MB."""

MOST_GROWTH = 2000
"""Beyond that, a photo takes at most so many times the size of its file: no compression of real photos comes near."""

Limits = tuple[float, float]
"""The lowest and the highest value of a scale, in the file's own values."""


class PhotoNote(NamedTuple):
    """Something about one photo that an operator should know though it is scored."""

    what: str
    """In words that many photos may share."""
    detail: str = ""
    """What is special about this one."""

    def __str__(self) -> str:
        """Return it as a phrase."""
        return f"{self.what} ({self.detail})" if self.detail else self.what


SEVERAL = "it holds several pictures, of which the first is scored"
_UNKNOWN_KIND = re.compile(r"unsupported|unknown\s\w+\smode|not\s(?:yet\s)?(?:supported|implemented)", re.IGNORECASE)
"""What decoders say of a kind of file that they cannot read."""

_XMP_ORIENTATION = re.compile(rb"""tiff:Orientation(?:\s*=\s*["']|>)\s*([1-8])""")

MOSAIC = PhotoNote("it holds the raw mosaic of a colour sensor, which is scored as grey")
MORE_ROWS = PhotoNote("its file holds more rows than its header says")


@dataclass(frozen=True, eq=False)
class RawPhoto:
    """A photo as its file holds it, upright.

    Attributes:
        pixels: (H, W) grey or (H, W, 3) colour, of the file's own kind of number.
        kind: what scale the values are on: the name of their NumPy type where the file does not say more ("uint8",
            "uint16"), or what it declares ("12 bits", "0 to 1000").
        declared: lowest and highest value by that declaration; None = to be found from the whole batch.
        hinted: what the file says of its values, believed only where the batch bears it out.
        alpha: (H, W) float32, 0 = transparent, 1 = opaque; None = opaque.
        premultiplied: whether the colours are multiplied by alpha already.
        inverted: whether the lowest value is white.
        notes: what an operator should know.
    """

    pixels: NDArray[Any] = field(repr=False)
    kind: str
    declared: Limits | None = None
    hinted: Limits | None = None
    alpha: NDArray[np.float32] | None = field(default=None, repr=False)
    premultiplied: bool = False
    inverted: bool = False
    notes: tuple[PhotoNote, ...] = ()

    @property
    def scale(self) -> str:
        """Name of the scale that the photo is on: photos with white at 0 are measured apart."""
        return f"{self.kind}, white is 0" if self.inverted else self.kind


def check_size(width: int, height: int, bytes_per_pixel: float, content_size: int, name: str) -> None:
    """Refuse a photo whose header declares no pixel, or more than the file can hold, before anything is decoded.

    Raises:
        InputError: it does.
    """
    if width < 1 or height < 1:
        raise InputError(f"{name} is damaged: its header declares {width} x {height} pixels; copy it again")
    if width * height > MOST_PIXELS:
        raise InputError(f"{name} has more than 2 gigapixels; cut it into tiles first")
    if width * height * bytes_per_pixel > max(ALWAYS_DECODED, MOST_GROWTH * content_size):
        raise InputError(
            f"{name} is damaged: its header declares {width} x {height} pixels, far more than {content_size} bytes "
            "can hold; copy it again from the camera"
        )


def describe_damage(name: str, why: object) -> InputError:
    """Make the error for a photo that is damaged or cut off, or of a kind that what decodes it does not know."""
    if _UNKNOWN_KIND.search(str(why)):
        return InputError(
            f"{name} is damaged, or of a kind that is not read ({say_why(why)}); export it as TIFF or PNG"
        )
    return InputError(f"{name} is damaged or cut off ({say_why(why)}); copy it again from the camera")


def turn_upright(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Turn pixels (H, W, ...) by the EXIF or TIFF tag Orientation, 1 to 8; other values leave them."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


def find_xmp_orientation(packet: bytes) -> int:
    """Return how a photo lies, 1 to 8, by what a program noted in it (XMP); 0 where it does not say."""
    found = _XMP_ORIENTATION.search(packet)
    return int(found[1]) if found else 0


def split_alpha(
    pixels: NDArray[Any], colours: int, top: float
) -> tuple[NDArray[Any], NDArray[np.float32] | None, tuple[PhotoNote, ...]]:
    """Part the channels of a photo that is said to be transparent: (H, W, colours + 1 or more).

    A fourth channel counts as transparency where it is used as such: most pixels are wholly opaque or wholly
    transparent, and some are opaque. Cameras put other things there: nothing, or near infrared.

    Args:
        pixels: with alpha right after the colours.
        colours: 1 or 3.
        top: value of opaque pixels.

    Returns:
        Colours, alpha from 0 to 1 or None where nothing is transparent, and notes.
    """
    colour, alpha = pixels[..., :colours], pixels[..., colours]
    clear, opaque = np.count_nonzero(alpha <= 0), np.count_nonzero(alpha >= top)
    if opaque == alpha.size:
        return colour, None, ()
    if not opaque or clear + opaque < alpha.size / 2:
        return colour, None, (PhotoNote("its alpha channel is no transparency and was passed over"),)
    return colour, (alpha.astype(np.float32) / np.float32(top)).clip(0, 1), ()
