"""Photos: file -> pixels -> network input. The only place that resizes photos."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from inspector.data.first_bytes import describe_foreign
from inspector.data.pixels.copying import SENT_AS_TEXT, note_zeros, was_sent_as_text
from inspector.data.pixels.deep_photo import find_deep_reader
from inspector.data.pixels.endings import is_jpeg, note_repeated
from inspector.data.pixels.guard import inspect_pixels, note_mosaic, note_turned_bytes
from inspector.data.pixels.marks import clear_marks
from inspector.data.pixels.pillow_photo import find_orientation, open_picture, read_with_pillow
from inspector.data.pixels.profiles import find_profile
from inspector.data.pixels.raw_photo import MOSAIC, PhotoNote, RawPhoto, check_size, describe_damage
from inspector.data.pixels.tiff_photo import is_deep_tiff, is_tiff, measure_tiff, read_tiff
from inspector.data.pixels.value_range import EIGHT_BITS, FULL, Ranges, find_limits, map_to_rgb
from inspector.errors import InputError
from inspector.files import require_regular
from inspector.geometry.placement import Placement
from inspector.geometry.tiles import Tiling, tile_boxes
from inspector.machine import free_bytes

IMAGE_SUFFIXES = frozenset(
    {
        *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo", ".bmp", ".dib", ".tif", ".tiff", ".gif"),
        *(".webp", ".avif", ".heic", ".heif", ".hif", ".jp2", ".j2k", ".jpf", ".jpx", ".jpc", ".j2c", ".jxl"),
        *(".ppm", ".pgm", ".pnm", ".pbm", ".pfm", ".tga", ".icb", ".vda", ".vst", ".qoi", ".pcx", ".sgi"),
    }
)
"""Suffixes of photos, in small letters. What a file is, its bytes say; these only say where to look."""

Resize = Literal["bicubic", "bilinear"]
"""Filters that bring photos to the network's size."""

LARGE = 1 << 28
"""Bytes of a file beyond which it is looked whether it fits into memory, with as much again for what it holds."""

PLAIN_MAPS = (b"P1", b"P2", b"P3")
"""First bytes of the kinds of photos that are text."""

TURNED = (5, 6, 7, 8)
"""Values of the EXIF tag that tells how a photo lies, where rows are columns."""

FILTERS = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo as a person would see it.

    Attributes:
        pixels: (H, W, 3) uint8.
        kind: what scale its values were on, such as "uint8" or "12 bits".
        notes: what an operator should know of it.
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    kind: str
    notes: tuple[PhotoNote, ...] = ()
    suffix: str = ""
    """What belongs to the content's name where the pixels depend on the batch: a short name of its scale."""
    profile: str = ""
    """Name of its colour profile, as `find_profile` tells it."""


def read_raw(content: bytes, name: str) -> RawPhoto:
    """Read a photo as its file holds it. Its bytes say what it is; the name counts where they cannot (TGA).

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: the bytes are no complete picture of a kind that can be read.
    """
    if not content:
        raise InputError(f"{name} is empty (0 bytes); copy it again from the camera")
    reader = read_tiff if is_tiff(content) else find_deep_reader(content) or read_with_pillow
    try:
        raw = reader(content, name)
        check_size(raw.pixels.shape[1], raw.pixels.shape[0], raw.pixels.itemsize, len(content), name)
        if not content.startswith(PLAIN_MAPS) and was_sent_as_text(content, len(content) // 2):
            raise describe_damage(name, SENT_AS_TEXT)
        pixels, found = clear_marks(raw.pixels)
        found += note_repeated(content) + note_zeros(content, raw.pixels) + note_turned_bytes(raw.pixels)
        return replace(raw, pixels=pixels, notes=raw.notes + found)
    except MemoryError as error:
        raise InputError(f"{name} does not fit into memory; reduce its size") from error
    except Exception as error:  # one odd file must not end a batch
        if told := describe_foreign(content):
            raise InputError(f"{name} cannot be read: {told}") from error
        if isinstance(error, UnidentifiedImageError):
            raise InputError(f"{name} is not an image, or of a kind that cannot be read") from error
        if isinstance(error, InputError):
            raise
        raise describe_damage(name, error) from error


def is_deep(path: str | Path) -> bool:
    """Tell whether a photo has more than 8 bits, by its header alone; what cannot be read is not."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            if is_tiff(head):
                file.seek(0)
                return is_deep_tiff(file)
    except OSError:
        return False
    return not is_jpeg(head) and find_deep_reader(head) is not None


def measure_size(path: str | Path) -> tuple[int, int]:
    """Return the size of a photo, (H, W) in pixels, upright: by its header where Pillow knows it, else by its pixels.

    Raises:
        InputError: the file cannot be read or is no image.
    """
    path = Path(path)
    content = read_bytes(path)
    try:
        if is_tiff(content):
            return measure_tiff(content)
        with open_picture(content, path.name) as image:
            turned = find_orientation(image) in TURNED
            return (image.width, image.height) if turned else (image.height, image.width)
    except Exception:  # damaged files raise anything, and of some kinds Pillow knows nothing
        height, width = read_raw(content, path.name).pixels.shape[:2]
        return height, width


def decode_photo(content: bytes, name: str, ranges: Ranges = FULL) -> Photo:
    """Decode a photo to RGB as a person would see it, and look whether it may have been misread.

    EXIF rotation is applied. Transparent pixels are laid on white, where the fourth channel is used for transparency.
    Of several frames, the first.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.
        ranges: which values are black and white, for the whole batch (`choose_ranges`); photos of kinds that are not
            in it are mapped by the full range of their kind, or the one they declare.

    Raises:
        InputError: the bytes are no complete picture of a kind that can be read.
    """
    raw = read_raw(content, name)
    pixels = _map_to_rgb(raw, ranges, name)
    limits = find_limits(raw, ranges)
    suffix = "" if tuple(limits) == (EIGHT_BITS,) else "-" + hashlib.sha256(repr(limits).encode()).hexdigest()[:8]
    notes = (*raw.notes, *inspect_pixels(pixels), *(note_mosaic(pixels) if MOSAIC not in raw.notes else ()))
    return Photo(pixels, raw.kind, notes, suffix, find_profile(content, name))


def decode_image(content: bytes, name: str, ranges: Ranges = FULL) -> NDArray[np.uint8]:
    """Decode a photo as `decode_photo` does, without looking at it: (H, W, 3) uint8."""
    return _map_to_rgb(read_raw(content, name), ranges, name)


def _map_to_rgb(raw: RawPhoto, ranges: Ranges, name: str) -> NDArray[np.uint8]:
    try:
        return map_to_rgb(raw, ranges)
    except MemoryError as error:
        raise InputError(f"{name} does not fit into memory; reduce its size") from error


def read_image(path: str | Path, ranges: Ranges = FULL, sha256: str = "") -> NDArray[np.uint8]:
    """Read a photo from a file: `decode_image` of its bytes.

    Raises:
        InputError: the file cannot be read, is no complete image, or another one than `sha256` names.
    """
    path = Path(path)
    return decode_image(read_bytes(path, sha256), path.name, ranges)


def read_bytes(path: str | Path, sha256: str = "") -> bytes:
    """Read a file whole.

    Args:
        path: the file.
        sha256: of what was scanned, in hexadecimal; "" = whatever the file holds.

    Raises:
        InputError: the file cannot be read, or another one lies there by now; the message says why.
    """
    path = Path(path)
    try:
        if (size := require_regular(path).stat().st_size) > LARGE and 2 * size > free_bytes(drop_files=True):
            raise MemoryError  # some systems end the program instead
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except MemoryError as error:
        raise InputError(f"{path.name} does not fit into memory; reduce its size") from error
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise InputError(f"{path.name} is another file than the one that was scanned; put that one back")
    return content


def fit_photo(pixels: NDArray[np.uint8], size: int, resize: Resize = "bicubic") -> NDArray[np.uint8]:
    """Stretch a photo to the network's square, with antialiasing as Pillow does it.

    Args:
        pixels: (H, W, 3) uint8; the aspect ratio is given up, as published (MuSc).
        size: side of the square in pixels.
        resize: the filter.

    Returns:
        (size, size, 3) uint8.
    """
    height, width = pixels.shape[:2]
    return np.asarray(fit_sections(pixels, size, [(0, 0, width, height)], resize)[0])


def fit_sections(
    pixels: NDArray[np.uint8],
    size: int,
    boxes: Iterable[tuple[float, float, float, float]],
    resize: Resize = "bicubic",
) -> NDArray[np.uint8]:
    """Resize sections of a photo to the network's square, each as `fit_photo` does it.

    Args:
        pixels: (H, W, 3) uint8.
        size: side of the square in pixels.
        boxes: K sections (left, top, right, bottom) in pixels, not necessarily whole ones.
        resize: the filter.

    Returns:
        (K, size, size, 3) uint8. At a section's border the pixels beyond it are seen as the filter reaches, so that
        neighbouring sections fit together.
    """
    photo = Image.fromarray(pixels)
    resized = [photo.resize((size, size), FILTERS[resize], box=box) for box in boxes]
    return np.stack([np.asarray(section) for section in resized])


def cut_tiles(photo: NDArray[np.uint8], tiles: Tiling, side: int, resize: Resize = "bicubic") -> NDArray[np.uint8]:
    """Cut a photo into tiles, each resized to the network's square.

    Args:
        photo: (H, W, 3) uint8.
        tiles: (rows, columns); (1, 1) = the photo as a whole.
        side: S, side of the network's input in pixels.
        resize: the filter.

    Returns:
        (K, S, S, 3) uint8, the K = rows x columns tiles row by row.
    """
    return fit_sections(photo, side, tile_boxes((photo.shape[0], photo.shape[1]), tiles), resize)


def cut_box(photo: NDArray[np.uint8], box: Placement) -> NDArray[np.uint8]:
    """Cut a box out of a photo and turn it upright, pixel for pixel; beyond the photo its edge goes on.

    Args:
        photo: (H, W, 3) uint8.
        box: where it lies.

    Returns:
        (h, w, 3) uint8, the box's sides rounded to whole pixels.
    """
    width, height = max(1, round(box.width)), max(1, round(box.height))
    ends = box.to_photo(np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]))
    right, down = (ends[1] - ends[0]) / width, (ends[2] - ends[0]) / height  # from pixel to pixel
    steps = np.column_stack([right, down])
    first = ends[0] + steps @ (0.5, 0.5) - 0.5  # OpenCV counts from the middle of the first pixel
    cut = cv2.warpAffine(
        photo,
        np.column_stack([steps, first]),
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return cut.astype(np.uint8, copy=False)


def shrink(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Return a copy of a picture (H, W) or (H, W, 3) that fits into a square of `side` pixels, never enlarged."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels.copy()
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
