"""Photos in TIFF files: their tags say what the values mean, tifffile gives the values."""

import io
from typing import Any, BinaryIO

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import UnidentifiedImageError

from inspector.data.pixels.guard import note_packing
from inspector.data.pixels.pillow_photo import read_with_pillow
from inspector.data.pixels.raw_photo import (
    MOSAIC,
    SEVERAL,
    Limits,
    PhotoNote,
    RawPhoto,
    describe_damage,
    split_alpha,
    turn_upright,
)
from inspector.data.pixels.tiff_forms import (
    ASSOCIATED,
    BLACK_IS_ZERO,
    GREY,
    PALETTE,
    PHOTOMETRIC,
    PIXEL_BY_PIXEL,
    RAW_MOSAIC,
    RGB,
    SEPARATED,
    UNASSOCIATED,
    WHITE_IS_ZERO,
    YCBCR,
    has_short_palette,
    is_plain,
    is_simple,
)
from inspector.data.pixels.tiff_rows import (
    IN_PLANES,
    ZIPPED,
    check_jpegs,
    check_page,
    check_zipped,
    correct_lengths,
    correct_page,
    find_tiff_depth,
    note_more_rows,
    note_value_scale,
)
from inspector.data.tiffs import count_files, count_stacked, find_missing, find_orientation, quiet_tifffile
from inspector.errors import InputError

MOST_PAGES = 100
"""Pages that are looked at; one of them is scored."""

_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_CANON_RAW = b"II*\0\x10\0\0\0CR"
"""Begins a raw file whose first picture is a small copy that looks like any other."""
_INK_SET, _DOT_RANGE = 332, 336
"""Tags of which inks there are, and of what values none and all are."""
_FAX = (2, 3, 4)
"""Compressions of black on white."""
_OTHER_COLOURS = {
    YCBCR: "YCbCr",
    8: "CIE L*a*b*",
    9: "ICC L*a*b*",
    10: "ITU L*a*b*",
    32844: "CIE LogL",
    32845: "CIE LogLuv",
}
"""Photometric interpretations whose values are no red, green and blue; Pillow turns what it reads into these."""
_JPEGS = (6, 7, 33007, 34892)
"""Compressions that tifffile turns YCbCr into red, green and blue with."""


def is_tiff(content: bytes) -> bool:
    """Tell a TIFF or BigTIFF by its first bytes."""
    return content.startswith(_STARTS)


def read_tiff(content: bytes, name: str) -> RawPhoto:
    """Read the first full picture of a TIFF.

    Pillow reads what has at most 8 bits and one of its usual forms, tifffile all else. Where both can, they agree but
    in one case: Pillow takes 16-bit planes that lie one after the other for pixels.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it is damaged, or of a kind that cannot be read.
    """
    if content.startswith(_CANON_RAW):
        raise InputError(f"{name} is a camera's raw file, which is not read: export it as TIFF or PNG")
    try:
        with quiet_tifffile(), tifffile.TiffFile(io.BytesIO(content)) as file:
            pages = _list_pages(file)
            page = _choose_page(pages)
            _assume_photometric(page)
            notes = _count_pictures(max(sum(map(_is_picture, pages)), count_stacked(page)))
            notes += _count_pictures(count_files(content, page))
            correct_lengths(page)
            check_page(page, len(content), name)
            _require_usual_inks(page, name)
            bits = correct_page(page)
            notes += (note_more_rows(page) or check_jpegs(page)) + note_value_scale(page)
            if page is pages[0] and is_simple(page):  # Pillow gives the first one
                return _read_simple(page, notes, content, name)
            return _read_page(page, bits, notes, name)
    except InputError:
        raise
    except MemoryError as error:
        raise InputError(f"{name} does not fit into memory; reduce its size") from error
    except Exception as error:  # damaged files raise anything, from struct.error to TypeError
        raise describe_damage(name, error) from error


def _read_simple(page: tifffile.TiffPage, notes: tuple[PhotoNote, ...], content: bytes, name: str) -> RawPhoto:
    if int(page.compression) in ZIPPED:
        if is_plain(page):  # tifffile looks at its checksums, and takes half the time
            try:
                return _read_page(page, 8, notes, name)
            except Exception:  # rows may follow the last one
                pass
        check_zipped(page)
    try:
        raw = read_with_pillow(content, name)
    except UnidentifiedImageError:
        return _read_page(page, find_tiff_depth(page), notes, name)
    return RawPhoto(raw.pixels, raw.kind, alpha=raw.alpha, notes=notes + raw.notes)


def _list_pages(file: tifffile.TiffFile) -> list[tifffile.TiffPage]:
    """Return the first pages of a TIFF; a damaged one may claim to have any number."""
    pages: list[tifffile.TiffPage] = []
    for number in range(MOST_PAGES):
        try:
            page = file.pages[number]
        except IndexError:
            break
        if pages and page.offset == pages[0].offset:  # a page that names itself, or the first one, as the next
            break
        if isinstance(page, tifffile.TiffPage):
            pages.append(page)
    return pages


def _choose_page(pages: list[tifffile.TiffPage]) -> tifffile.TiffPage:
    """Choose the first full picture: cameras put a small copy before it, or the full one into a branch of the copy."""
    first = next((page for page in pages if _is_picture(page)), pages[0])
    full = next((page for page in _list_branches(pages[0]) if _is_picture(page)), first)
    is_copy = not _is_picture(first) or (first is pages[0] and first.size < full.size)  # not every camera says so
    return full if is_copy else first


def _is_picture(page: tifffile.TiffPage) -> bool:
    """Tell whether a page is neither a small copy nor the mask of what is transparent."""
    return not (page.is_reduced or page.is_mask)


def _list_branches(page: tifffile.TiffPage) -> list[tifffile.TiffPage]:
    """Return the pages in a branch of a page; none where it is damaged."""
    try:
        return [branch for branch in page.pages or () if isinstance(branch, tifffile.TiffPage)]
    except Exception:  # as reading any damaged page
        return []


def measure_tiff(content: bytes) -> tuple[int, int]:
    """Return the size of the picture that `read_tiff` reads, (H, W) in pixels, upright.

    Raises:
        Exception: anything, where the file is damaged.
    """
    with quiet_tifffile(), tifffile.TiffFile(io.BytesIO(content)) as file:
        page = _choose_page(_list_pages(file))
        size = int(page.imagelength), int(page.imagewidth)
        return size[::-1] if find_orientation(page) in (5, 6, 7, 8) else size


def is_deep_tiff(file: BinaryIO) -> bool:
    """Tell whether the values of a TIFF have more than 8 bits; a damaged one is not deep."""
    try:
        with quiet_tifffile(), tifffile.TiffFile(file) as tiff:
            return find_tiff_depth(_choose_page(_list_pages(tiff))) > 8
    except Exception:  # damaged files raise anything; reading it says what is wrong
        return False


def _count_pictures(count: int) -> tuple[PhotoNote, ...]:
    return (PhotoNote(SEVERAL, str(count)),) if count > 1 else ()


def _assume_photometric(page: tifffile.TiffPage) -> None:
    """Give a page without the tag that tells what its values mean what libtiff takes it for: black is 0, or colours."""
    if PHOTOMETRIC not in page.tags and int(page.compression) not in _FAX:
        page.photometric = tifffile.PHOTOMETRIC(RGB if int(page.samplesperpixel) >= 3 else BLACK_IS_ZERO)


def _read_page(page: tifffile.TiffPage, bits: int, notes: tuple[PhotoNote, ...], name: str) -> RawPhoto:
    photometric = int(page.photometric)
    if photometric in _OTHER_COLOURS and not (photometric == YCBCR and int(page.compression) in _JPEGS):
        wanted, colours = "which are not read; export it as RGB", _OTHER_COLOURS[photometric]
        raise InputError(f"{name} cannot be read: its colours are {colours} of {bits} bits, {wanted}")
    if int(page.samplesperpixel) > 1 and int(page.planarconfig) not in (PIXEL_BY_PIXEL, IN_PLANES):
        raise describe_damage(name, f"colours in the order {int(page.planarconfig)} are not supported")
    pixels, told = _arrange(page, np.asarray(page.asarray()), name)
    notes += told
    if pixels.size == 0 or pixels.dtype.kind not in "uifb":
        raise describe_damage(name, f"it holds {pixels.dtype} values of shape {pixels.shape}")
    if bits in (10, 12, 14) and int(page.bitspersample) == bits and pixels.shape[2] == 1 and int(page.compression) == 1:
        notes += note_packing(pixels[..., 0], bits)
    pixels = turn_upright(_clear_missing(page, pixels), find_orientation(page))
    kind, declared = _declare(pixels, bits)
    if photometric == PALETTE and page.colormap is not None:
        shown = np.asarray(page.colormap)[:, pixels[..., 0].astype(np.intp)].transpose(1, 2, 0)
        if has_short_palette(page):
            return RawPhoto(shown.astype(np.uint8), "uint8", notes=notes)
        return RawPhoto(shown, "uint16", (0.0, 65535.0), notes=notes)
    if photometric == SEPARATED and pixels.shape[2] >= 4:
        pixels, declared, notes = _mix_inks(pixels, declared), (0.0, 1.0), notes + _count_inks(page)
        return RawPhoto(pixels, "inks", declared, notes=notes)
    return _part_channels(page, pixels, _count_colours(page, pixels.shape[2]), kind, declared, notes)


def _clear_missing(page: tifffile.TiffPage, pixels: NDArray[Any]) -> NDArray[Any]:
    """Give pixels that hold no value, by the tag GDAL_NODATA, the lowest one of the others."""
    if (missing := find_missing(page, pixels)) is None:
        return pixels
    held = pixels[~missing & np.isfinite(pixels)]
    return np.where(missing, held.min(), pixels) if held.size else pixels


def _count_colours(page: tifffile.TiffPage, channels: int) -> int:
    """Return 1 for grey, also with alpha; 3 for colours, and for the first three of many bands."""
    if channels < 3:
        return 1
    has_alpha = bool(page.extrasamples) and page.extrasamples[0] in (ASSOCIATED, UNASSOCIATED)
    grey = int(page.photometric) in GREY and has_alpha and channels == 1 + len(page.extrasamples)
    return 1 if grey else 3


def _arrange(page: tifffile.TiffPage, values: NDArray[Any], name: str) -> tuple[NDArray[Any], tuple[PhotoNote, ...]]:
    """Bring the values of a page to (H, W, channels)."""
    notes: tuple[PhotoNote, ...] = ()
    axes = page.axes
    if "Z" in axes:
        place = axes.index("Z")
        notes = (PhotoNote("it holds several planes in depth, of which the first is scored", str(values.shape[place])),)
        values, axes = np.take(values, 0, axis=place), axes.replace("Z", "")
    if sorted(axes) == ["X", "Y"]:
        values, axes = values[..., None], axes + "S"
    if sorted(axes) != ["S", "X", "Y"]:
        raise describe_damage(name, f"it holds values along {page.axes}")
    return values.transpose([axes.index(axis) for axis in "YXS"]), notes


def _declare(pixels: NDArray[Any], bits: int) -> tuple[str, Limits | None]:
    """Name the scale of a page, and its limits where the tags declare them: bits that fill no whole bytes.

    Values that need more bits stand at the upper end of theirs.
    """
    is_narrow = pixels.dtype.kind == "u" and bits < 8 * pixels.dtype.itemsize and pixels.max() < 2**bits
    if pixels.dtype.kind == "b" or is_narrow:
        return f"{bits} bits", (0.0, float(2**bits - 1))
    return pixels.dtype.name, None


def _part_channels(
    page: tifffile.TiffPage,
    pixels: NDArray[Any],
    colours: int,
    kind: str,
    declared: Limits | None,
    notes: tuple[PhotoNote, ...],
) -> RawPhoto:
    """Choose the colours among the channels of a page, and its alpha where it says that it has one."""
    extra = tuple(page.extrasamples)
    alpha = None
    if pixels.shape[2] == colours + len(extra) and extra and extra[0] in (ASSOCIATED, UNASSOCIATED):
        top = declared[1] if declared else 1.0 if pixels.dtype.kind == "f" else float(np.iinfo(pixels.dtype).max)
        chosen, alpha, told = split_alpha(pixels, colours, top)
        notes += told
    else:
        chosen = pixels[..., :colours]
        if pixels.shape[2] > colours:
            rest = "three are scored as colours" if colours == 3 else "one is scored"
            notes += (PhotoNote(f"it has more bands than a picture, of which the first {rest}", str(pixels.shape[2])),)
    if int(page.photometric) == RAW_MOSAIC:
        notes += (MOSAIC,)
    return RawPhoto(
        chosen if colours == 3 else chosen[..., 0],
        kind,
        declared,
        _read_hint(page),
        alpha,
        premultiplied=bool(extra) and extra[0] == ASSOCIATED,
        inverted=int(page.photometric) == WHITE_IS_ZERO,
        notes=notes,
    )


def _require_usual_inks(page: tifffile.TiffPage, name: str) -> None:
    low, high = (page.tags.valueof(_DOT_RANGE) or (0, 1))[:2]
    is_usual = page.tags.valueof(_INK_SET, 1) == 1 and low < high and int(page.samplesperpixel) >= 4
    if int(page.photometric) == SEPARATED and not is_usual:
        raise InputError(
            f"{name} cannot be read: its colours are other inks than cyan, magenta, yellow and black; export it as RGB"
        )


def _count_inks(page: tifffile.TiffPage) -> tuple[PhotoNote, ...]:
    inks = int(page.samplesperpixel) - sum(kind in (ASSOCIATED, UNASSOCIATED) for kind in page.extrasamples)
    return (PhotoNote("it has more than four inks, of which the first four are scored", str(inks)),) if inks > 4 else ()


def _mix_inks(pixels: NDArray[Any], declared: Limits | None) -> NDArray[np.float32]:
    """Mix cyan, magenta, yellow and black to red, green and blue from 0 to 1, as Pillow does it for 8 bits."""
    top = declared[1] if declared else 1.0 if pixels.dtype.kind == "f" else float(np.iinfo(pixels.dtype).max)
    inks = 1 - pixels[..., :4].astype(np.float32) / np.float32(top)
    mixed: NDArray[np.float32] = inks[..., :3] * inks[..., 3:]
    return mixed


def _read_hint(page: tifffile.TiffPage) -> Limits | None:
    """Return the lowest and the highest value as the tags SMinSampleValue, SMaxSampleValue or their elders say."""
    for low, high in (("SMinSampleValue", "SMaxSampleValue"), ("MinSampleValue", "MaxSampleValue")):
        top = _read_number(page, high)
        if top is not None:
            bottom = _read_number(page, low, min)
            return (bottom or 0.0, top) if top > (bottom or 0.0) else None
    return None


def _read_number(page: tifffile.TiffPage, tag: str, choose: Any = max) -> Any:
    """Return the number in a tag, one of several; None where there is none."""
    value = page.tags.valueof(tag) if tag in page.tags else None
    numbers = value if isinstance(value, tuple) else (value,)
    if not numbers or not all(isinstance(number, int | float) and np.isfinite(number) for number in numbers):
        return None
    return choose(numbers)
