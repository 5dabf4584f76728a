"""Photos of 8 bits, as Pillow reads them: PNG, JPEG, BMP, GIF, WebP, AVIF, HEIC, JPEG 2000, TGA, and simple TIFFs."""

import io
import struct
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from inspector.data.pixels.declared_rows import TGA_END, find_declared_rows
from inspector.data.pixels.endings import mend_end
from inspector.data.pixels.jpeg_data import check_jpeg_data
from inspector.data.pixels.png_rows import check_png_rows
from inspector.data.pixels.raw_photo import (
    MORE_ROWS,
    MOST_PIXELS,
    SEVERAL,
    PhotoNote,
    RawPhoto,
    check_size,
    describe_damage,
    find_xmp_orientation,
    split_alpha,
)
from inspector.errors import InputError

pi_heif.register_heif_opener(thumbnails=False)

FORMATS = (
    *("PNG", "JPEG", "BMP", "DIB", "GIF", "TIFF", "WEBP", "AVIF", "HEIF", "PPM", "JPEG2000", "QOI", "PCX"),
    *("SGI", "ICO"),
)
"""What Pillow may take a file for, by its first bytes. Of the kinds it knows besides, some call other programs."""

_TGA_SUFFIXES = frozenset({".tga", ".icb", ".vda", ".vst"})
_RUN_LENGTHS = (1, 2)
"""Ways to pack a BMP that Pillow reads."""

_FEW_GREYS = {b"\2\0": 255 // 3, b"\4\0": 255 // 15}
"""Bits and kind of a grey PNG of 2 or 4 bits, and the step from one grey to the next."""

_JPEGS = ("JPEG", "MPO")
"""What Pillow calls a JPEG, and one with further pictures behind it."""

ORIENTATION, EXIF = 0x0112, b"Exif\0\0"
"""EXIF tag: how a photo lies; and what begins the part of a JPEG that holds such tags."""

_TURNED_BY_XMP = (*_JPEGS, "PNG", "WEBP")
"""Kinds that may say by XMP alone how they lie; a TIFF is turned as it is decoded."""

_PROFILES = ("Raw profile type APP1", "Raw profile type xmp")
"""Texts of a PNG in which ImageMagick keeps what a JPEG notes: three lines, then hexadecimal digits."""

_SGI_BYTES = 3
"""Place in an SGI of how many bytes a value has."""

_THERMAL = b"FLIR\0"
"""Begins the part of a JPEG in which thermal cameras keep what they measured."""

_CROP = b"\0\0\0\x28clap"
"""Begins the part of an AVIF that tells its width and height as they are to be shown, two numbers for each."""

UNCUT = PhotoNote("it says that only a part of it is to be shown, but all of it is; export it as PNG")
UPPER_BITS = PhotoNote("of its 16 bits only the upper 8 were read; export it as TIFF or PNG")
INKS = PhotoNote("its colours are four inks, and it does not say which value is none: they may be inverted")
THERMAL = PhotoNote("it is a thermal camera's picture in false colours; export its temperatures as TIFF")

NO_COLOUR = PhotoNote("some of its pixels are of colours that its palette lacks, and are shown black")

_PILLOW_LIMIT = Lock()


def open_picture(content: bytes, name: str = "") -> Image.Image:
    """Open a picture with Pillow, also one beyond Pillow's own limit of pixels, which stays as it is for others.

    Args:
        content: the bytes of the file.
        name: of the file; only that of a TGA matters.

    Raises:
        Image.DecompressionBombError: it has more than `MOST_PIXELS`.
    """
    is_targa = Path(name).suffix.lower() in _TGA_SUFFIXES or content.endswith(TGA_END)
    formats = (*FORMATS, "TGA") if is_targa else FORMATS
    with _PILLOW_LIMIT:  # read by Image.open alone, which looks at the header and is quick
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            image = Image.open(io.BytesIO(content), formats=formats)
        finally:
            Image.MAX_IMAGE_PIXELS = limit
    if image.format in _JPEGS:
        image.decodermaxblock = max(image.decodermaxblock, len(content))  # arithmetic coding is decoded in one go
    if image.width * image.height > MOST_PIXELS:
        raise Image.DecompressionBombError(f"{image.width} x {image.height} pixels")
    return image


def load_all_rows(image: Image.Image, content: bytes, name: str = "") -> tuple[PhotoNote, ...]:
    """Decode a picture that was opened from `content`.

    Args:
        image: what `open_picture` gave.
        content: the bytes of the file.
        name: of the file; only that of a TGA matters.

    Returns:
        A note where the file holds more than its header says.

    Raises:
        OSError: rows are missing; or what else Pillow finds wrong.
    """
    notes = check_png_rows(content) if image.format == "PNG" else ()
    if image.format == "PNG" and content[24:26] in _FEW_GREYS and isinstance(image.info.get("transparency"), int):
        image.info["transparency"] *= _FEW_GREYS[content[24:26]]  # Pillow compares it with what it makes of the values
    image.load()
    if image.format in _JPEGS:
        notes += check_jpeg_data(content)
    is_plain = image.format == "BMP" and image.info.get("compression") not in _RUN_LENGTHS  # its length tells
    if not is_plain and _has_more_rows(content, str(image.format), name):
        notes += (MORE_ROWS,)
    return notes


def _has_more_rows(content: bytes, kind: str, name: str) -> bool:
    """Tell whether a picture can be decoded with more rows than its header says."""
    try:
        declared = find_declared_rows(content, kind)
        if declared is None:
            return False
        if kind == "WEBP":  # OpenCV takes a third of the time
            values = np.frombuffer(declared.add_rows(), np.uint8)
            return cv2.imdecode(values, cv2.IMREAD_COLOR) is not None
        with open_picture(declared.add_rows(), name) as image:
            image.load()
    except Exception:  # as with any picture that is cut off
        return False
    return True


def read_with_pillow(content: bytes, name: str) -> RawPhoto:
    """Read a photo with Pillow: colours as they are displayed, upright, the first of several frames.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: the bytes are no complete picture.
        UnidentifiedImageError: Pillow does not know what it is.
    """
    try:
        content, notes = mend_end(content, open_picture)
        with open_picture(content, name) as image:
            header = image.size
            check_size(*header, 4, len(content), name)
            notes += count_frames(image) if image.format != "TIFF" else ()  # of which not every page is a picture
            notes += load_all_rows(image, content, name) + _note_meaning(image, content)
            check_size(*image.size, 4, len(content), name)
            if sorted(image.size) != sorted(header):  # TIFFs are turned as they are decoded
                notes += (PhotoNote("its size is not that of its header", f"{image.width} x {image.height} pixels"),)
            image.getexif()[ORIENTATION] = find_orientation(image)
            ImageOps.exif_transpose(image, in_place=True)  # a copy would double the memory of a large photo
            return _to_raw(image, notes)
    except (UnidentifiedImageError, InputError):
        raise
    except Image.DecompressionBombError as error:
        raise InputError(f"{name} has more than 2 gigapixels; cut it into tiles first") from error
    except MemoryError as error:
        raise InputError(f"{name} does not fit into memory; reduce its size") from error
    except Exception as error:  # damaged files raise anything, from struct.error to IndexError
        raise describe_damage(name, error) from error


def find_orientation(image: Image.Image) -> int:
    """Return how a picture that Pillow has opened lies, 1 to 8: by EXIF, else by what a program noted (XMP)."""
    if found := _get_orientation(image.getexif()):
        return found
    if image.format not in _TURNED_BY_XMP:
        return 1
    parts = [image.info.get("xmp", b""), *map(_read_profile, (image.info.get(kind, "") for kind in _PROFILES))]
    return next(filter(None, map(read_noted_orientation, parts)), 1)


def _get_orientation(exif: Image.Exif) -> int:
    """Return what EXIF says, 1 to 8; 0 where it says none of these."""
    orientation = exif.get(ORIENTATION, 0)
    return int(orientation) if orientation in range(1, 9) else 0


def _read_profile(text: str) -> bytes:
    try:
        return bytes.fromhex("".join(text.split("\n")[3:]))
    except ValueError:
        return b""


def read_noted_orientation(part: bytes) -> int:
    """Return how a photo lies, 1 to 8, by one of a JPEG's notes, EXIF or XMP; 0 where it does not say."""
    if not part.startswith(EXIF):
        return find_xmp_orientation(part)
    exif = Image.Exif()
    try:
        exif.load(part)
    except Exception:  # damaged notes raise anything, and are no pixels
        return 0
    return _get_orientation(exif)


def count_frames(image: Image.Image) -> tuple[PhotoNote, ...]:
    """Note where a picture that Pillow has opened is the first of several frames."""
    frames = getattr(image, "n_frames", 1)
    return (PhotoNote(SEVERAL, f"{frames}"),) if frames > 1 else ()


def _note_meaning(image: Image.Image, content: bytes) -> tuple[PhotoNote, ...]:
    """Note where a photo shows something else than was meant: a JPEG other colours, an AVIF what was cut off."""
    notes: tuple[PhotoNote, ...] = ()
    if image.format in _JPEGS and image.mode == "CMYK" and "adobe" not in image.info:
        notes += (INKS,)
    if any(data.startswith(_THERMAL) for _, data in getattr(image, "applist", ())):
        notes += (THERMAL,)
    if image.format == "SGI" and content[_SGI_BYTES] == 2:
        notes += (UPPER_BITS,)
    if image.mode == "P" and 3 * int(np.asarray(image).max()) >= len(image.getpalette() or b""):
        notes += (NO_COLOUR,)
    if image.format == "AVIF" and (at := content.find(_CROP)) >= 0:
        width, of_width, height, of_height = struct.unpack_from(">4I", content, at + len(_CROP))
        if (width, height) != (image.width * of_width, image.height * of_height):
            notes += (UNCUT,)
    return notes


def _to_raw(image: Image.Image, notes: tuple[PhotoNote, ...]) -> RawPhoto:
    if image.mode.startswith("I") or image.mode == "F":
        pixels = np.asarray(image)
        return RawPhoto(pixels, pixels.dtype.name, notes=notes)
    if not image.has_transparency_data:
        opaque = image if image.mode == "RGB" else image.convert("RGB")
        return RawPhoto(np.asarray(opaque), "uint8", notes=notes)
    image = image.convert("RGBA")
    colours, alpha, told = split_alpha(np.asarray(image), 3, 255)
    if alpha is not None:  # as Pillow lays it on white, to the bit
        colours = np.asarray(Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB"))
    return RawPhoto(colours, "uint8", notes=notes + told)
