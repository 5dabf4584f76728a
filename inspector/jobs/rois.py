"""The region of interest of a run: which parts it fits, and which of their patches and groups lie in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from inspector.data.parts import Part
from inspector.data.pixels.raw_photo import PhotoNote
from inspector.decision.recurring import BurntOut
from inspector.errors import InputError
from inspector.geometry.placement import pixel_centres
from inspector.geometry.roi import Roi
from inspector.geometry.tiles import tile_boxes
from inspector.scoring.batch import BatchScores
from inspector.scoring.feature_sets import BatchFeatures

OTHER_SHAPE = "it has other proportions than the region of interest, and is looked at as a whole"
NO_GRID = "its cloud has no pixels that the region of interest could be laid on, and is looked at as a whole"


def choose_roi(roi: Roi | None, part: Part) -> Roi | None:
    """Return the region of interest where it fits a part; None = all of the part counts."""
    return None if roi is None or _describe_misfit(roi, part) else roi


def note_roi(roi: Roi | None, part: Part) -> Part:
    """Return a part, with a note where the region of interest does not fit it."""
    if roi is None or part.reason or not (why := _describe_misfit(roi, part)):
        return part
    height, width = part.size
    return replace(part, photo_notes=(*part.photo_notes, PhotoNote(why, f"{width} x {height} pixels")))


def require_roi(roi: Roi | None, parts: Sequence[Part]) -> None:
    """Check that a region of interest fits at least one part of a batch.

    Raises:
        InputError: it fits none.
    """
    if roi is None or not parts or any(choose_roi(roi, part) for part in parts):
        return
    (height, width), drawn = parts[0].size, roi.size or roi.mask.shape
    raise InputError(
        f"the region of interest fits no part: it is drawn on {drawn[1]} x {drawn[0]} pixels, the first part has "
        f"{width} x {height}; draw it on a photo of this batch, or leave out `roi`"
    )


def _describe_misfit(roi: Roi, part: Part) -> str:
    if part.cloud_key and part.frame is None:
        return NO_GRID
    return "" if roi.fits(part.size) else OTHER_SHAPE


def find_seen_patches(roi: Roi, part: Part, features: BatchFeatures, *, closer: bool) -> NDArray[np.bool_]:
    """Find the patches of a photo whose middle lies in the region of interest.

    Args:
        roi: the region; it fits the part.
        part: the part.
        features: those of the batch at one size.
        closer: whether photos are cut to the part's box at this size, where there is a box.

    Returns:
        (K x P,) bool, the K tiles one after the other; all True where no patch lies in the region.
    """
    within = pixel_centres(features.grid) / (features.grid[1], features.grid[0])  # (rows, cols, 2) of a tile
    boxes = np.array(tile_boxes((1, 1), features.tiling))[:, None, None]  # (K, 1, 1, 4)
    places = boxes[..., :2] + within * (boxes[..., 2:] - boxes[..., :2])
    height, width = part.size
    if closer and part.box is not None:
        places = part.box.to_photo(places) / (width, height)
    elif part.frame is not None:
        places = (places * part.frame.side - (part.frame.left, part.frame.top)) / (width, height)
    seen = roi.contains(places).reshape(-1)
    return seen if seen.any() else np.ones_like(seen)


def hide_patches(roi: Roi | None, parts: Sequence[Part], features: BatchFeatures, scores: BatchScores) -> BatchScores:
    """Return scores in which patches and groups outside the region of interest have the lowest score of their sample.

    Args:
        roi: the region; None = all.
        parts: the usable parts, in the order of the batch.
        features, scores: of the batch at its first size.
    """
    if roi is None:
        return scores
    patches, groups = dict(scores.patches), dict(scores.groups)
    for sample, part in enumerate(parts):
        if choose_roi(roi, part) is None:
            continue
        if sample in patches:
            patches[sample] = _lower(patches[sample], find_seen_patches(roi, part, features, closer=False))
        if sample in groups:
            groups[sample] = _lower(groups[sample], find_seen_groups(roi, part, features, sample))
    return replace(scores, patches=patches, groups=groups)


def find_seen_groups(roi: Roi, part: Part, features: BatchFeatures, sample: int) -> NDArray[np.bool_]:
    """Find the groups of a cloud on a grid whose centre lies in the region, (G,) bool; all True where none does."""
    clouds = features.points[0]
    rows, cols = clouds.read(sample, "size").tolist()
    seen = roi.cover((rows, cols), frame=part.frame).ravel()[clouds.center_pixels(sample).numpy()]
    return seen if seen.any() else np.ones_like(seen)


def _lower(scores: torch.Tensor, seen: NDArray[np.bool_]) -> torch.Tensor:
    return torch.where(torch.from_numpy(seen), scores, scores.min())


def hide_burnt_out(found: BurntOut, seen: NDArray[np.bool_]) -> BurntOut:
    """Leave out the burnt-out patches outside the region of interest; `seen` (P,) bool of the tile."""
    kept = seen[found.patches]
    arrays: Mapping[str, NDArray[np.generic]] = {
        name: getattr(found, name)[kept]
        for name in ("patches", "strength", "near", "plain", "corrected", "beside")
        if getattr(found, name) is not None
    }
    return replace(found, **arrays)  # type: ignore[arg-type]
