"""Whether a file is a photo, a cloud, or neither, and why it is not read. Its name is only a hint."""

import re
from pathlib import Path

from inspector.data.clouds.cloud import CLOUD_SUFFIXES
from inspector.data.first_bytes import (
    ARCHIVE,
    ARRAYS,
    HEAD,
    MODEL,
    PICTURE,
    VIDEO,
    Kind,
    describe_foreign,
    sniff,
)
from inspector.data.photos import IMAGE_SUFFIXES

RAW = re.compile(
    r"\.(?:3fr|arw|cr2|cr3|dcr|dng|erf|fff|iiq|kdc|mef|mos|mrw|nef|nrw|orf|pef|raf|raw|rw2|rwl|sr2|srf|srw|x3f)"
)
SPARE = re.compile(r"\.(?:bak|crdownload|download|filepart|old|orig|part|partial|swp|temp|tmp)")
NEVER_PHOTOS = {
    RAW: "a camera's raw file, which is not read: export it as TIFF or PNG",
    re.compile(r"\.vsi"): PICTURE,  # a microscope's list, whose photos lie elsewhere
    re.compile(r"\.thm"): "the thumbnail of a video",
}
"""Suffixes of files that begin like photos but are none, and what they are."""

NOT_READ = "no kind of photo or cloud that is read"
NUMBERS = "lines of numbers: where they are points, rename it to end in .xyz"

OTHERS = {
    re.compile(r"\.(?:dcm|dicom|emf|exr|fits|fit|fts|hdr|ico|jls|jxr|pam|psd|svg|wdp|wmf|xcf)"): PICTURE,
    re.compile(r"\.(?:cdb|czi|hobj|idb|ima|lif|nd2|oir)"): PICTURE,  # Cognex, HALCON, microscopes
    re.compile(r"\.(?:3mf|dae|dxf|fbx|fls|fws|gltf|glb|iges|igs|obj|off|ptx|rcp|rcs|step|stp|wrl|zdf|zfs)"): MODEL,
    re.compile(r"\.(?:al3d|om3|opd|plux|sur|vk[3467]|x3p|zon)"): MODEL,  # Alicona, HALCON, profilers, Keyence
    re.compile(r"\.(?:h5|hdf5|mat|npy|npz)"): ARRAYS,
    re.compile(r"\.(?:7z|bz2|gz|rar|tar|tgz|xz|zip)"): ARCHIVE,
    re.compile(r"\.(?:avi|m4v|mkv|mov|mp4|mpe?g|webm|wmv)"): VIDEO,
}
"""Suffixes of measured things that are not read, and what to do about it; what else there is may be a note."""

FEWEST_LINES, _NUMBER = 6, re.compile(rb"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")
"""Lines of numbers that a file begins with where it may hold points: matrices have four. And what a number is."""


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
    if (told := describe_foreign(head)) in (PICTURE, MODEL, ARRAYS, VIDEO) or told.startswith("a cloud"):
        return told
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
