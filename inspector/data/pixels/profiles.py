"""The colour profile of a photo: what its values mean. Photos are compared as they are stored, whatever they mean."""

import io
import struct
from collections.abc import Mapping

import tifffile
from PIL import ImageCms

from inspector.data.pixels.endings import PNG
from inspector.data.pixels.pillow_photo import open_picture
from inspector.data.pixels.tiff_photo import is_tiff
from inspector.data.tiffs import quiet_tifffile

USUAL = "sRGB"
"""What photos without a profile are taken for by all programs."""

_TIFF_PROFILE = 34675

_PRIMARIES = {1: "", 2: "", 5: "", 6: "", 9: "BT.2020", 11: "DCI P3", 12: "Display P3"}
_TRANSFERS = {1: "", 2: "", 6: "", 8: "linear", 13: "", 14: "", 15: "", 16: "PQ", 18: "HLG"}
"""Colours and curves by their numbers (ITU-T H.273), as PNG, AVIF and HEIC may name them; "" where sRGB is meant."""

_USUAL_PRIMARIES, _PRIMARIES_ALIKE = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000), 1000
"""What the chunk cHRM holds for sRGB, and by how much others may differ: white, red, green and blue, x and y each."""

_USUAL_GAMMA, _GAMMAS_ALIKE = 45455, 0.05
"""What the chunk gAMA holds for sRGB, and the share by which others may differ."""


def find_profile(content: bytes, name: str = "") -> str:
    """Return what the colour profile of a photo is called, such as "Display P3"; "sRGB" where it has none to be read.

    Args:
        content: the bytes of a photo of any kind.
        name: of the file, whose suffix counts where the bytes do not tell.
    """
    try:
        profile = _read_tiff_profile(content) if is_tiff(content) else _read_profile(content, name)
        if not profile:
            return _find_numbered(content) or USUAL
        told = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
    except Exception:  # damaged profiles raise anything, and change no pixel
        return USUAL
    is_usual = not told or (USUAL.lower() in told.lower() and "linear" not in told.lower())
    return USUAL if is_usual else told


def _find_numbered(content: bytes) -> str:
    """Return the name of the colours that a PNG, AVIF or HEIC tells by numbers; "" where it tells none."""
    if content.startswith(PNG):
        chunks = _list_chunks(content)
        if numbers := chunks.get(b"cICP"):
            narrow = "" if numbers[3] else "of narrow range"
            return " ".join(filter(None, (_name_numbers(numbers[0], numbers[1]), narrow)))
        return "" if b"sRGB" in chunks else " ".join(filter(None, (_name_primaries(chunks), _name_gamma(chunks))))
    if content[4:8] == b"ftyp" and (at := content.find(b"colrnclx")) >= 0:
        primaries, transfer = struct.unpack_from(">HH", content, at + 8)
        return _name_numbers(primaries, transfer)
    return ""


def _name_primaries(chunks: Mapping[bytes, bytes]) -> str:
    """Return "" for the colours of sRGB, or where the chunk cHRM tells none."""
    places = struct.unpack(">8I", chunks[b"cHRM"]) if b"cHRM" in chunks else _USUAL_PRIMARIES
    is_usual = all(abs(one - usual) <= _PRIMARIES_ALIKE for one, usual in zip(places, _USUAL_PRIMARIES, strict=True))
    return "" if is_usual else "colours of its own"


def _name_gamma(chunks: Mapping[bytes, bytes]) -> str:
    gamma = int.from_bytes(chunks.get(b"gAMA", b""), "big") or _USUAL_GAMMA
    is_usual = abs(gamma - _USUAL_GAMMA) <= _GAMMAS_ALIKE * _USUAL_GAMMA
    return "" if is_usual else f"gamma {100_000 / gamma:.2g}"


def _list_chunks(content: bytes) -> dict[bytes, bytes]:
    """Return what the parts of a PNG before its pixels hold, by their names."""
    chunks, at = dict[bytes, bytes](), len(PNG)
    while at < len(content) and (kind := content[at + 4 : at + 8]) != b"IDAT":
        size = int.from_bytes(content[at : at + 4], "big")
        chunks[kind] = content[at + 8 : at + 8 + size]
        at += size + 12
    return chunks


def _name_numbers(primaries: int, transfer: int) -> str:
    words = _PRIMARIES.get(primaries, f"colours {primaries}"), _TRANSFERS.get(transfer, f"curve {transfer}")
    return " ".join(filter(None, words))


def _read_tiff_profile(content: bytes) -> bytes | None:
    with quiet_tifffile(), tifffile.TiffFile(io.BytesIO(content)) as file:
        profile: bytes | None = file.pages.first.tags.valueof(_TIFF_PROFILE)
    return profile


def _read_profile(content: bytes, name: str) -> bytes | None:
    with open_picture(content, name) as image:
        return image.info.get("icc_profile")
