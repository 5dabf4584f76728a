"""What a file is, told by its first bytes: a photo, a cloud, or neither. Its name is only a hint."""

import re
from pathlib import Path
from typing import Literal

from inspector.data.clouds.cloud import CLOUD_SUFFIXES
from inspector.data.photos import IMAGE_SUFFIXES

Kind = Literal["photo", "cloud"]

HEAD = 512
"""Bytes of a file that are looked at."""

PHOTO_MARKS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG, JFIF, JPE, MPO
    b"GIF87a",
    b"GIF89a",
    b"II*\0",  # TIFF, and BigTIFF
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"\0\0\0\x0cjP  \r\n\x87\n",  # JPEG 2000, and its bare stream
    b"\xff\x4f\xff\x51",
    b"\0\0\0\x0cJXL \r\n\x87\n",  # JPEG XL, and its bare stream
    b"\xff\x0a",
    b"qoif",
)

PHOTO_BRANDS = frozenset({b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""What a file of the family of MP4 calls itself where it is AVIF or HEIC; others are videos."""

CLOUD_MARKS = {b"ply\n": ".ply", b"ply\r": ".ply", b"# .PCD": ".pcd", b"ASTM-E57": ".e57", b"LASF": ".las"}
"""First bytes of clouds, and the suffix that they should have."""

BITMAP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
"""Sizes of the header that follows the one of the file in a BMP, in bytes."""

RAW = re.compile(
    r"\.(?:3fr|arw|cr2|cr3|dcr|dng|erf|fff|iiq|kdc|mef|mos|mrw|nef|nrw|orf|pef|raf|raw|rw2|rwl|sr2|srf|srw|x3f)"
)
SPARE = re.compile(r"\.(?:bak|crdownload|download|filepart|old|orig|part|partial|swp|temp|tmp)")
NEVER_PHOTOS = {
    RAW: "a camera's raw file, which is not read: export it as TIFF or PNG",
    re.compile(r"\.thm"): "the thumbnail of a video",
}
"""Suffixes of files that begin like photos but are none, and what they are."""

NOT_READ = "no kind of photo or cloud that is read"
NUMBERS = "lines of numbers: where they are points, rename it to end in .xyz"

_PICTURE = "a picture of a kind that is not read: export it as TIFF or PNG"
OTHERS = {
    re.compile(r"\.(?:dcm|dicom|exr|fits|fit|fts|hdr|ico|jxr|pam|psd|svg|wdp|xcf)"): _PICTURE,
    re.compile(r"\.(?:3mf|dae|dxf|fbx|fls|fws|gltf|glb|iges|igs|obj|off|ptx|rcp|rcs|step|stp|wrl|zdf|zfs)"): (
        "a scan or a model of a kind that is not read: export it as PLY or STL"
    ),
    re.compile(r"\.(?:h5|hdf5|mat|npy|npz)"): (
        "arrays of numbers, which are not read: export them as TIFF, or as PLY where they hold points"
    ),
    re.compile(r"\.(?:7z|bz2|gz|rar|tar|tgz|xz|zip)"): "an archive, which is not read: unpack it",
    re.compile(r"\.(?:avi|m4v|mkv|mov|mp4|mpe?g|webm|wmv)"): "a video, which is not read: export its pictures as PNG",
}
"""Suffixes of measured things that are not read, and what to do about it; what else there is may be a note."""

FEWEST_LINES, _NUMBER = 6, re.compile(rb"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")
"""Lines of numbers that a file begins with where it may hold points: matrices have four. And what a number is."""

PICTURE_MARKS = ((128, b"DICM"), (0, b"v/1\x01"), (0, b"#?RADIANCE"), (0, b"SIMPLE  ="), (0, b"8BPS"))
"""Place and bytes by which pictures are known that are not read: DICOM, EXR, HDR, FITS, PSD."""


def detect_kind(path: str | Path) -> Kind | None:
    """Return whether a file is a photo or a cloud; one with a known suffix is not opened.

    Args:
        path: a regular file: opening a pipe would wait for ever.

    Returns:
        None where it is neither photo nor cloud, or cannot be opened.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in IMAGE_SUFFIXES:
        return "photo"
    if suffix in CLOUD_SUFFIXES:
        return "cloud"
    return None if _describe_never(path.name) else sniff(read_head(path))


def sniff(head: bytes) -> Kind | None:
    """Tell what the first bytes of a file belong to; a Targa (TGA) and a point list have nothing to know them by.

    Args:
        head: the first `HEAD` bytes, fewer where the file is shorter.
    """
    if head.startswith(PHOTO_MARKS) or _is_web_picture(head) or _is_bitmap(head) or _is_netpbm(head):
        return "photo"
    return None


def is_spare(name: str) -> bool:
    """Tell by the name of a file whether it is unfinished, or a copy that an editor left."""
    return name.endswith("~") or SPARE.fullmatch(name[name.rfind(".") :].lower() if "." in name else "") is not None


def describe_other(path: str | Path) -> str:
    """Say in words why a file that is neither photo nor cloud is not read."""
    path = Path(path)
    if never := _describe_never(path.name):
        return never
    if told := next((reason for suffixes, reason in OTHERS.items() if suffixes.fullmatch(path.suffix.lower())), ""):
        return told
    head = read_head(path)
    for mark, suffix in CLOUD_MARKS.items():
        if head.startswith(mark):
            return f"a cloud by its content, but not by its name: rename it to end in {suffix}"
    if any(head.startswith(mark, place) for place, mark in PICTURE_MARKS):
        return _PICTURE
    return NUMBERS if _holds_numbers(head) else NOT_READ


def read_head(path: str | Path) -> bytes:
    """Read the first bytes of a file; b"" where it cannot be opened."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def _describe_never(name: str) -> str:
    if is_spare(name):
        return "an unfinished or a spare copy"
    suffix = Path(name).suffix.lower()
    return next((reason for suffixes, reason in NEVER_PHOTOS.items() if suffixes.fullmatch(suffix)), "")


def _holds_numbers(head: bytes) -> bool:
    """Tell whether lines of three numbers or more are all that a file begins with, but for a few before them."""
    lines = [line for line in head.splitlines()[:-1] if line.strip()]  # the last one may be cut off
    cells = [[cell for cell in re.split(rb"[;,\s]+", line) if cell] for line in lines[-FEWEST_LINES:]]
    return len(lines) >= FEWEST_LINES and all(len(row) >= 3 and all(map(_NUMBER.fullmatch, row)) for row in cells)


def _is_web_picture(head: bytes) -> bool:
    """WebP, AVIF, HEIC."""
    return (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or (head[4:8] == b"ftyp" and head[8:12] in PHOTO_BRANDS)


def _is_bitmap(head: bytes) -> bool:
    """BMP, and DIB, which lacks the first of a BMP's two headers."""
    header = int.from_bytes(head[14:18], "little")
    if head[:2] == b"BM":
        return header in BITMAP_HEADERS
    planes, bits = int.from_bytes(head[12:14], "little"), int.from_bytes(head[14:16], "little")
    return head[:4] in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0") and planes == 1 and bits in (1, 4, 8, 16, 24, 32)


def _is_netpbm(head: bytes) -> bool:
    """PBM, PGM, PPM, and PFM with its floats."""
    marks = (b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"PF", b"Pf")
    return head.startswith(marks) and head[2:3].isspace() and (head[3:4].isdigit() or head[3:4] == b"#")
