"""Ground-truth masks: file -> where the defect is. Only evaluation reads them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from inspector.data.kinds import detect_kind
from inspector.data.photos import read_bytes, read_raw
from inspector.data.pixels.deep_photo import find_deep_reader
from inspector.data.pixels.endings import mend_end
from inspector.data.pixels.jpeg_data import MORE_DATA
from inspector.data.pixels.pillow_photo import load_all_rows, open_picture
from inspector.data.pixels.raw_photo import MORE_ROWS, PhotoNote, check_size
from inspector.data.pixels.tiff_photo import is_tiff
from inspector.errors import InputError, say_why
from inspector.places import is_folder

HALF = 127
"""Masks with a value above it are drawings in black and white; in others the values number the kinds of defect."""

FAINTEST = 16
"""Darker areas of a drawing in black and white are noise, others may be kinds of defect in shades of grey."""

MOST_PIXELS = 400_000_000
"""Of a mask of 8 bits; the largest published ones have a twentieth of it."""

COMPARED_SIDE = 518
"""Maps and masks are compared at this size: the input size of MuSc (section 4.1), whatever the network's own is, so
that all settings are measured against the same masks. The square gives photos of all sizes the same weight."""


def read_mask(path: str | Path) -> NDArray[np.bool_]:
    """Read a mask, or all those in a folder of a single part: True = defect.

    Datasets draw masks in several ways: black and white, often with grey edges or the noise of a JPEG (a defect is
    what is brighter than half, or an area of one shade of grey); with the number of the defect's kind, 1, 2, .. (VisA;
    all but 0 is a defect); in colours, by a palette too; or in one colour on nothing, where transparency is the
    drawing. A mask without a value above 127 is taken for numbers. What is transparent is never a defect.

    Returns:
        (H, W) bool; several masks are united.

    Raises:
        InputError: a file cannot be read or is no image, or masks of one part differ in size.
    """
    path = Path(path)
    if not is_folder(path):
        return _read_file(path)
    try:
        files = sorted(file for file in path.iterdir() if file.is_file() and detect_kind(file) == "photo")
    except OSError as error:
        raise InputError(f"the folder {path} cannot be listed: {error.strerror or error}") from error
    if not files:
        raise InputError(f"the folder of masks {path} holds no image; copy it again")
    united = _read_file(files[0])
    for file in files[1:]:
        mask = _read_file(file)
        if mask.shape != united.shape:
            raise InputError(f"the masks in {path} differ in size; copy them again")
        united |= mask
    return united


def _read_file(path: Path) -> NDArray[np.bool_]:
    content = read_bytes(path)
    try:
        if is_tiff(content) or find_deep_reader(content):
            return _find_drawn(*_decode_deep(content, path.name), is_noisy=False)
        return _find_drawn(*_decode(content, path.name))
    except InputError:
        raise
    except Image.DecompressionBombError as error:
        raise InputError(f"the mask {path} claims to have {error}; copy it again") from error
    except MemoryError as error:
        raise InputError(f"the mask {path} does not fit into memory; copy it again") from error
    except Exception as error:  # damaged files raise anything from struct.error to SyntaxError
        raise InputError(f"the mask {path} is no image that can be read ({say_why(error)}); copy it again") from error


def _decode(content: bytes, name: str) -> tuple[NDArray[Any], NDArray[np.bool_] | None, bool]:
    """Decode a mask of 8 bits as it is displayed: values (H, W), where they are visible, and whether it has noise."""
    content, _ = mend_end(content, open_picture)
    with open_picture(content, name) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Image.DecompressionBombError(f"{image.width} x {image.height} pixels")
        bands = 4 if image.has_transparency_data else len(image.getbands())  # of transparency RGBA is made
        taken = 1 / 8 if bands == 1 else bands  # nothing drawn in 400 megapixels of 1 bit takes 50 kB
        check_size(image.width, image.height, taken, len(content), name)
        is_noisy = image.format in ("JPEG", "WEBP", "JPEG2000", "AVIF", "HEIF")
        _require_no_more(load_all_rows(image, content, name), name)
        shown = ImageOps.exif_transpose(image)
        if shown.has_transparency_data:
            values = np.asarray(shown.convert("RGBA"))
            return (*_look_through(values[..., :3], values[..., 3]), is_noisy)
        if shown.mode == "P":
            return _look_up(shown), None, is_noisy
        values = np.asarray(shown.convert("RGB") if shown.mode not in ("1", "L", "I", "I;16", "F") else shown)
    return (values.max(axis=2) if values.ndim == 3 else values), None, is_noisy


def _require_no_more(notes: Iterable[PhotoNote], name: str) -> None:
    """Refuse a mask of which a part is left out: stretched to the square of the map, it would lie elsewhere."""
    if any(note.what in (MORE_ROWS.what, MORE_DATA) for note in notes):
        raise InputError(f"the mask {name} holds more rows than its header says; copy it again")


def _look_up(image: Image.Image) -> NDArray[np.uint8]:
    """Return the brightest channel of each pixel's colour in the palette."""
    palette = np.zeros((256, 3), np.uint8)
    colours = np.array(image.getpalette("RGB") or [], np.uint8).reshape(-1, 3)[:256]
    palette[: len(colours)] = colours
    return np.asarray(palette.max(axis=1)[np.asarray(image)])


def _decode_deep(content: bytes, name: str) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Decode a mask of more than 8 bits, or in a TIFF: values (H, W), and where they are visible."""
    raw = read_raw(content, name)
    _require_no_more(raw.notes, name)
    values = raw.pixels
    if raw.inverted:
        values = (raw.declared[1] if raw.declared else np.iinfo(values.dtype).max) - values
    if raw.alpha is not None:
        return _look_through(values.reshape(*values.shape[:2], -1), raw.alpha * np.float32(255))
    return (values.max(axis=2) if values.ndim == 3 else values), None


def _look_through(colours: NDArray[Any], alpha: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Split a mask with transparency: values (H, W), and where they are visible, None = everywhere.

    Transparency that is the same all over says nothing. Where all that is visible has one colour, as in a drawing on
    a layer of its own, what is visible is the drawing.

    Args:
        colours: (H, W, C).
        alpha: (H, W), 255 = opaque.
    """
    if alpha.min() == alpha.max():
        return colours.max(axis=2), None
    visible = alpha > (HALF if alpha.max() > HALF else 0)
    shown = colours[visible]
    return (visible if (shown == shown[:1]).all() else colours.max(axis=2)), visible


def _find_drawn(values: NDArray[Any], visible: NDArray[np.bool_] | None, is_noisy: bool) -> NDArray[np.bool_]:
    """Tell which values (H, W) are a defect."""
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, posinf=0, neginf=0)
    top = values.max(initial=0)
    if values.dtype.kind == "f" and top <= 1:
        drawn = values > 0.5
    elif top > HALF:
        drawn = values > (HALF if top <= 255 else top / 2)
        if not is_noisy and top <= 255:
            drawn |= _find_shades(np.where(drawn, 0, values).astype(np.uint8))
    else:
        drawn = values > 0
    return np.asarray(drawn if visible is None else drawn & visible)


def _find_shades(dark: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Find kinds of defect that are drawn in shades darker than half: areas of one shade, wider than an edge's grey.

    Args:
        dark: (H, W) the values up to half, 0 elsewhere.
    """
    solid = (cv2.erode(dark, np.ones((3, 3), np.uint8)) == dark) & (cv2.dilate(dark, np.ones((3, 3), np.uint8)) == dark)
    counts = np.bincount(dark.ravel(), minlength=256)
    shades = [shade for shade in np.unique(dark[solid & (dark >= FAINTEST)]) if counts[shade] * 2 < dark.size]
    return np.isin(dark, shades)  # a shade of most of the picture is its ground


def fit_mask(mask: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """Stretch a mask to a square; a pixel of it is a defect if more than half of what it covers is one.

    The photo is stretched in the same way, so map and mask lie on each other. MuSc-V2 shrinks masks by this rule,
    MuSc by a stricter one (wholly covered), which takes a rim off each defect.

    Args:
        mask: (H, W) bool.
        side: of the square, in pixels.

    Returns:
        (side, side) bool.
    """
    grey = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(grey.resize((side, side), Image.Resampling.BILINEAR)) > HALF
