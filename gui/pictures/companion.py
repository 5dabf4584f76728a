"""The normal sample that is most like another one, to be shown beside it."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gui.review.session import Session
from inspector.data.photos import read_image
from inspector.errors import InputError, StoreError
from inspector.store.embeddings import load_embeddings
from inspector.store.workspace import Workspace

CANDIDATES = 64
"""Where pictures are compared, only the least odd ones are: they are the most normal, and it stays quick."""

COMPARED_SIDE = 24
"""Side of the compared pictures in pixels: enough to tell how a part lies and is lit."""


def candidates(session: Session, index: int) -> list[int]:
    """Return the samples that may stand for what is normal, the least odd first, without the sample itself.

    None is flagged, rejected or in a group that shares a region.
    """
    normal = session.mask("passed") & ~session.mask("rejected") & session.readable
    sharing = {member.position for group in session.groups for member in group.members}
    normal &= np.array([row.position not in sharing for row in session.rows], dtype=bool)
    normal[index] = False
    indices = np.flatnonzero(normal)
    return [int(item) for item in indices[np.argsort(session.finals[indices], kind="stable")]]


def find_most_similar(store: Workspace, run_id: int, own: int, others: Sequence[int]) -> int | None:
    """Return the place in `others` of the sample that is most like one, or None.

    The measure is the cosine of the embeddings that the run was re-scored with; of a run that keeps none, as one whose
    parts came one by one, how alike the thumbnails are.

    Args:
        store: the workspace.
        run_id: the run.
        own: position of the sample. others: those of samples that may be chosen, the least odd first.
    """
    if not others:
        return None
    try:
        vectors, rows = _read_vectors(store, run_id)
    except StoreError:
        vectors, rows = np.zeros((0, 0), np.float32), {}
    if own in rows and all(other in rows for other in others):
        return int((vectors[[rows[other] for other in others]] @ vectors[rows[own]]).argmax())
    path = store.artefacts.thumbnail_path
    return most_similar(path(run_id, own), [path(run_id, other) for other in others[:CANDIDATES]])


@lru_cache(maxsize=1)
def _read_vectors(store: Workspace, run_id: int) -> tuple[NDArray[np.float32], dict[int, int]]:
    """Return the embeddings of a run that is done, of length 1, and the row of each position."""
    _, embeddings = load_embeddings(store, run_id)
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    scored = [row.position for row in store.runs.samples(run_id) if row.raw_score is not None]
    return embeddings / np.maximum(lengths, 1e-12), {position: row for row, position in enumerate(scored)}


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
