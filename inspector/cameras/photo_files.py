"""How photos become files of a watched folder: whole or not at all, lossless, each under a name of its own."""

import os
from datetime import datetime
from pathlib import Path

import cv2

from inspector.cameras.camera import CameraPhoto
from inspector.files import replacing

COMPRESSION = 1
"""Of PNG, from 0 to 9: more takes several times as long, and saves a tenth of photos."""


def encode_photo(photo: CameraPhoto) -> bytes:
    """Return a photo as PNG: (H, W) or (H, W, 3) RGB, uint8 or uint16."""
    shown = photo if photo.ndim == 2 else cv2.cvtColor(photo, cv2.COLOR_RGB2BGR)
    return bytes(cv2.imencode(".png", shown, [cv2.IMWRITE_PNG_COMPRESSION, COMPRESSION])[1])


def name_photo(taken: datetime, number: int) -> str:
    """Return the name of a photo's file: when it was taken, in UTC, and its number.

    Example:
        "20260301T061209.250Z-000042.png"
    """
    return f"{taken:%Y%m%dT%H%M%S}.{taken.microsecond // 1000:03d}Z-{number:06d}.png"


def write_photo(folder: str | Path, name: str, encoded: bytes) -> None:
    """Write a photo into a folder; it is on the disk when this returns.

    Raises:
        OSError: it is not, and nothing is there, as where the disk is full or the folder is away.
    """
    path = Path(folder) / name
    if not path.parent.is_dir():  # a share or a disk that is away: not to be made anew elsewhere
        raise FileNotFoundError(f"the folder {path.parent} is away")
    with replacing(path) as beside, beside.open("wb") as file:
        file.write(encoded)
        file.flush()
        os.fsync(file.fileno())
