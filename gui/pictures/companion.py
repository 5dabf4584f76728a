"""The normal sample that looks most like another one, to be shown beside it."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gui.review.session import Session
from inspector.data.photos import read_image
from inspector.errors import InputError

CANDIDATES = 64
"""Only the least odd samples are compared: they are the most normal, and it stays quick."""

COMPARED_SIDE = 24
"""Side of the compared pictures in pixels: enough to tell how a part lies and is lit."""


def candidates(session: Session, index: int) -> list[int]:
    """Return the passed samples with the lowest scores that nobody rejected, without the sample itself."""
    passed = session.mask("passed") & ~session.mask("rejected") & session.readable
    passed[index] = False
    indices = np.flatnonzero(passed)
    return [int(item) for item in indices[np.argsort(session.finals[indices], kind="stable")][:CANDIDATES]]


def most_similar(sample: Path, others: Sequence[Path]) -> int | None:
    """Compare thumbnails and return the place of the one that looks most like the sample.

    The measure is the mean squared difference of the pictures, square and `COMPARED_SIDE` pixels wide, each less its
    own mean brightness.
    None where the sample or all others cannot be read.
    """
    own = _appearance(sample)
    if own is None:
        return None
    distances = []
    for place, other in enumerate(others):
        look = _appearance(other)
        if look is not None:
            distances.append((float(((look - own) ** 2).mean()), place))
    return min(distances)[1] if distances else None


@lru_cache(maxsize=4096)
def _appearance(thumbnail: Path) -> NDArray[np.float32] | None:
    try:
        pixels = read_image(thumbnail)
    except InputError:
        return None
    small = cv2.resize(pixels, (COMPARED_SIDE, COMPARED_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(small - small.mean(), dtype=np.float32)
