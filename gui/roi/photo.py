"""The photo of a folder, or of a file, that a region of interest is drawn on."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from gui.roi.dialog import LARGEST, PhotoToDrawOn
from inspector.data.kinds import detect_kind
from inspector.data.photos import read_image, shrink
from inspector.data.pixels.value_range import FULL, Ranges
from inspector.errors import InputError

LOOKED_AT = 1000
"""Files of a folder that are looked at, at most, until there is a photo."""


def load_first(folder: str | Path) -> PhotoToDrawOn:
    """Read the first photo of a folder, of folders in it too, that can be read.

    Raises:
        InputError: there is none.
    """
    paths = (path for path in Path(folder).rglob("*") if path.is_file())
    for path in sorted(each for each, _ in zip(paths, range(LOOKED_AT), strict=False)):
        if detect_kind(path) == "photo":
            try:
                return load_photo(path)
            except InputError:
                continue
    told = QCoreApplication.translate("PhotoToDrawOn", "there is no photo in {folder} that can be read")
    raise InputError(told.format(folder=folder))


def load_photo(path: str | Path, ranges: Ranges = FULL) -> PhotoToDrawOn:
    """Read a photo, made smaller where it is large; `ranges` are the values that are black and white.

    Raises:
        InputError: it cannot be read.
    """
    pixels = read_image(path, ranges)
    return PhotoToDrawOn(shrink(pixels, LARGEST), (pixels.shape[0], pixels.shape[1]))
