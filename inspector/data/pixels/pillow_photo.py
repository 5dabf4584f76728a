"""Photos of 8 bits, as Pillow reads them: PNG, JPEG, BMP, GIF, WebP, AVIF, HEIC, JPEG 2000, TGA, and simple TIFFs."""

import io
from pathlib import Path
from threading import Lock

import numpy as np
import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from inspector.data.pixels.endings import mend_end, require_all_blocks, require_all_rows
from inspector.data.pixels.raw_photo import MOST_PIXELS, PhotoNote, RawPhoto, check_size, describe_damage, split_alpha
from inspector.errors import InputError

pi_heif.register_heif_opener(thumbnails=False)

FORMATS = (
    *("PNG", "JPEG", "BMP", "DIB", "GIF", "TIFF", "WEBP", "AVIF", "HEIF", "PPM", "JPEG2000", "QOI", "PCX"),
    *("SGI", "ICO"),
)
"""What Pillow may take a file for, by its first bytes. Of the kinds it knows besides, some call other programs."""

_TGA_SUFFIXES = frozenset({".tga", ".icb", ".vda", ".vst"})
_TGA_END = b"TRUEVISION-XFILE.\0"
"""TGA has no first bytes to be told by: the last ones are optional, and without them the name decides."""

_PILLOW_LIMIT = Lock()


def open_picture(content: bytes, name: str = "") -> Image.Image:
    """Open a picture with Pillow, also one beyond Pillow's own limit of pixels, which stays as it is for others.

    Args:
        content: the bytes of the file.
        name: of the file; only that of a TGA matters.

    Raises:
        Image.DecompressionBombError: it has more than `MOST_PIXELS`.
    """
    is_targa = Path(name).suffix.lower() in _TGA_SUFFIXES or content.endswith(_TGA_END)
    formats = (*FORMATS, "TGA") if is_targa else FORMATS
    with _PILLOW_LIMIT:  # read by Image.open alone, which looks at the header and is quick
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            image = Image.open(io.BytesIO(content), formats=formats)
        finally:
            Image.MAX_IMAGE_PIXELS = limit
    if image.width * image.height > MOST_PIXELS:
        raise Image.DecompressionBombError(f"{image.width} x {image.height} pixels")
    return image


def load_all_rows(image: Image.Image, content: bytes) -> None:
    """Decode a picture that was opened from `content`.

    Raises:
        OSError: rows are missing; or what else Pillow finds wrong.
    """
    image.load()
    if image.format == "PNG" and (content[28] or not np.asarray(image)[-1:].any()):  # missing rows are black
        require_all_rows(content)
    is_jpeg = image.format in ("JPEG", "MPO")
    if is_jpeg and (image.info.get("progressive") or _ends_in_one_colour(image)):  # scans lack what no block shows
        require_all_blocks(content, np.asarray(image), open_picture)


def _ends_in_one_colour(image: Image.Image) -> bool:
    """Tell whether the last block of a JPEG has one colour, as where a decoder repeats what it last had.

    Its first row and column may be mixed with those before, where colours have half the resolution.
    """
    left, top = (side - max(1, (side % 8 or 8) - 1) for side in image.size)
    last = np.asarray(image.crop((left, top, *image.size)))
    return bool((last == last[:1, :1]).all())


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
            notes += _count_frames(image)
            load_all_rows(image, content)
            check_size(*image.size, 4, len(content), name)
            if image.size != header:
                notes += (PhotoNote("its size is not that of its header", f"{image.width} x {image.height} pixels"),)
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


def _count_frames(image: Image.Image) -> tuple[PhotoNote, ...]:
    frames = getattr(image, "n_frames", 1)
    return (PhotoNote("it holds several pictures, of which the first is scored", f"{frames}"),) if frames > 1 else ()


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
