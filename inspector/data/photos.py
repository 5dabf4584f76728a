"""Photos: file -> pixels -> network input. The only place that resizes photos."""

import io
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from inspector.errors import InputError
from inspector.geometry.tiles import tile_boxes

IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif", ".ppm", ".pgm", ".pnm", ".jp2"}
)

MOST_PIXELS = 2_000_000_000
"""Larger photos are refused. Line-scan cameras deliver several hundred megapixels; Pillow's own limit, a tenth of this,
guards web servers, not stations."""

_PILLOW_LIMIT = Lock()


def decode_image(content: bytes, name: str) -> NDArray[np.uint8]:
    """Decode a photo to RGB as a person would see it.

    EXIF rotation is applied. 16-bit values are mapped by their full range (0..65535 -> 0..255), so that all
    photos of a batch keep one scale. Transparent pixels are laid on white. Of several frames, the first.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Returns:
        (H, W, 3) uint8.

    Raises:
        InputError: the bytes are no complete image.
    """
    if not content:
        raise InputError(f"{name} is empty (0 bytes); copy it again from the camera")
    try:
        with open_picture(content) as image:
            image.load()
            return _convert_to_rgb(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        if (pixels := _decode_deep_tiff(content)) is not None:
            return pixels
        raise InputError(f"{name} is not an image, or of a kind that cannot be read") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError(f"{name} is damaged or cut off ({error}); copy it again from the camera") from error
    except Image.DecompressionBombError as error:
        raise InputError(f"{name} has more than 2 gigapixels; cut it into tiles first") from error
    except MemoryError as error:
        raise InputError(f"{name} does not fit into memory; reduce its size") from error


def open_picture(content: bytes) -> Image.Image:
    """Open a picture with Pillow, also one beyond Pillow's own limit of pixels, which stays as it is for others.

    Raises:
        Image.DecompressionBombError: it has more than `MOST_PIXELS`.
    """
    with _PILLOW_LIMIT:  # read by Image.open alone, which looks at the header and is quick
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            image = Image.open(io.BytesIO(content))
        finally:
            Image.MAX_IMAGE_PIXELS = limit
    if image.width * image.height > MOST_PIXELS:
        raise Image.DecompressionBombError(f"{image.width} x {image.height} pixels")
    return image


def read_image(path: Path) -> NDArray[np.uint8]:
    """Read a photo from a file: `decode_image` of its bytes.

    Raises:
        InputError: the file cannot be read or is no complete image.
    """
    return decode_image(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        InputError: the file cannot be read; the message says why.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}") from error


def fit_photo(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Stretch a photo to the network's square, bicubic with antialiasing as Pillow does it.

    Args:
        pixels: (H, W, 3) uint8; the aspect ratio is given up, as published (MuSc).
        size: side of the square in pixels.

    Returns:
        (size, size, 3) uint8.
    """
    height, width = pixels.shape[:2]
    return np.asarray(fit_sections(pixels, size, [(0, 0, width, height)])[0])


def fit_sections(
    pixels: NDArray[np.uint8], size: int, boxes: Iterable[tuple[float, float, float, float]]
) -> NDArray[np.uint8]:
    """Resize sections of a photo to the network's square, each as `fit_photo` does it.

    Args:
        pixels: (H, W, 3) uint8.
        size: side of the square in pixels.
        boxes: K sections (left, top, right, bottom) in pixels, not necessarily whole ones.

    Returns:
        (K, size, size, 3) uint8. At a section's border the pixels beyond it are seen as the filter reaches, so that
        neighbouring sections fit together.
    """
    photo = Image.fromarray(pixels)
    resized = [photo.resize((size, size), Image.Resampling.BICUBIC, box=box) for box in boxes]
    return np.stack([np.asarray(section) for section in resized])


def cut_tiles(photo: NDArray[np.uint8], tiles: int, side: int) -> NDArray[np.uint8]:
    """Cut a photo into tiles, each resized to the network's square.

    Args:
        photo: (H, W, 3) uint8.
        tiles: T >= 1, tiles along each side; 1 = the photo as a whole.
        side: S, side of the network's input in pixels.

    Returns:
        (T x T, S, S, 3) uint8, tiles row by row.
    """
    return fit_sections(photo, side, tile_boxes((photo.shape[0], photo.shape[1]), tiles))


def shrink(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Return a copy that fits into a square of `side` pixels; smaller pictures stay as they are."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels.copy()
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _convert_to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode.startswith("I") or image.mode == "F":
        return _map_full_range(np.asarray(image))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.asarray(image.convert("RGB"))


def _decode_deep_tiff(content: bytes) -> NDArray[np.uint8] | None:
    """Decode what Pillow cannot: TIFFs with several channels of 16 or 32 bits."""
    try:
        pixels = tifffile.imread(io.BytesIO(content), key=0)
    except (tifffile.TiffFileError, ValueError, KeyError, IndexError, OSError):
        return None
    if pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4)):
        return _map_full_range(pixels[..., :3])
    return None


def _map_full_range(pixels: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Map deep values to 8 bits by the full range of their kind: (H, W) or (H, W, 3) -> (H, W, 3)."""
    values = np.nan_to_num(np.asarray(pixels, dtype=np.float32), posinf=0.0, neginf=0.0)
    if pixels.dtype.kind == "f":
        top = next((limit for limit in (1.0, 255.0, 65535.0) if values.max(initial=0.0) <= limit), values.max())
    else:
        top = 65535.0 if values.max(initial=0.0) <= 65535 else float(np.iinfo(np.int32).max)
    grey = np.clip(values * (255.0 / top) + 0.5, 0, 255).astype(np.uint8)
    return grey if grey.ndim == 3 else np.repeat(grey[..., None], 3, axis=2)
