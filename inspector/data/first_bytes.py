"""What a file is, told by its first bytes: a photo, a cloud, or something else that may lie under their names."""

from typing import Literal

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

PICTURE = "a picture of a kind that is not read: export it as TIFF or PNG"
MODEL = "a scan or a model of a kind that is not read: export it as PLY or STL"
ARRAYS = "arrays of numbers, which are not read: export them as TIFF, or as PLY where they hold points"
ARCHIVE = "an archive, which is not read: unpack it"
VIDEO = "a video, which is not read: export its pictures as PNG"
DOCUMENT = "a document, which is not read: export its pictures as PNG"
PHOTO = "a photo by its content, but not by its name: rename it, as to end in .png or .jpg"
WEB_PAGE = "a web page, as a server sends in the place of a file: fetch the file again"
LFS_NOTE = "a note of Git LFS in the place of the file: fetch the file by git lfs pull"
NOTHING = "nothing but zeros, as where a file was not copied whole: copy it again"

FOREIGN_MARKS = (
    (128, b"DICM", PICTURE),
    *((0, mark, PICTURE) for mark in (b"v/1\x01", b"#?RADIANCE", b"#?RGBE", b"SIMPLE  =", b"8BPS", b"II\xbc", b"<svg")),
    (12, b"CgBI", PICTURE),
    (0, b"P7\n", PICTURE),
    *((0, mark, MODEL) for mark in (b"glTF", b"ISO-10303-21")),
    *((0, mark, ARRAYS) for mark in (b"\x93NUMPY", b"\x89HDF", b"MATLAB 5.0")),
    *((0, mark, ARCHIVE) for mark in (b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")),
    *((0, mark, VIDEO) for mark in (b"\x1aE\xdf\xa3", b"\0\0\x01\xba")),
    *((4, b"ftyp" + brand, VIDEO) for brand in (b"mp4", b"isom", b"iso2", b"avc1", b"qt  ", b"M4V", b"dash")),
    (8, b"AVI LIST", VIDEO),
    (0, b"%PDF", DOCUMENT),
    (0, b"version https://git-lfs", LFS_NOTE),
)
"""Places and bytes by which files are known that are neither photo nor cloud, and what to say of them: DICOM, EXR, HDR,
FITS, PSD, JPEG XR, JPEG-LS, PNGs of an iPhone's programs, PAM, ..."""

_JPEG_LS = b"\xff\xf7\0"
"""Begins the frame of a JPEG-LS, which begins like a JPEG."""


def sniff(head: bytes) -> Kind | None:
    """Tell what the first bytes of a file belong to; a Targa (TGA) and a point list have nothing to know them by.

    Args:
        head: the first `HEAD` bytes, fewer where the file is shorter.
    """
    if head.startswith(PHOTO_MARKS) or _is_web_picture(head) or _is_bitmap(head) or _is_netpbm(head):
        return "photo"
    return None


def describe_foreign(content: bytes, suffix: str = "") -> str:
    """Say in words what a file holds that was to be read and cannot be, and what to do; "" where nobody knows.

    Args:
        content: its bytes, or the first `HEAD` of them.
        suffix: of its name, in small letters: a cloud or photo that is called so is what it should be.
    """
    for place, mark, told in FOREIGN_MARKS:
        if content.startswith(mark, place):
            return told
    if content.startswith(b"\xff\xd8\xff") and _JPEG_LS in content[:HEAD]:
        return PICTURE
    text = content[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()[:HEAD].lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return WEB_PAGE
    for mark, own in CLOUD_MARKS.items():
        if content.startswith(mark):
            renamed = f"a cloud by its content, but not by its name: rename it to end in {own}"
            return "" if suffix in (own, ".laz") else renamed
    return NOTHING if content and content.count(b"\0") == len(content) else ""


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
