"""The region of interest of a run: which parts it is laid on, and which of their patches it leaves to be looked at."""

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
    """Return what of a part is looked at: the region of interest where it can be laid on it, else None, for all."""
    return None if roi is None or _say_why_not(roi, part) else roi


def note_roi(roi: Roi | None, part: Part) -> Part:
    """Return a part with a note where the region of interest cannot be laid on it."""
    if roi is None or part.reason or not (why := _say_why_not(roi, part)):
        return part
    height, width = part.size
    return replace(part, photo_notes=(*part.photo_notes, PhotoNote(why, f"{width} x {height} pixels")))


def require_roi(roi: Roi | None, parts: Sequence[Part]) -> None:
    """Refuse a region of interest that can be laid on no part of a batch.

    Raises:
        InputError: it cannot.
    """
    if roi is None or not parts or any(choose_roi(roi, part) for part in parts):
        return
    (height, width), drawn = parts[0].size, roi.size or roi.mask.shape
    raise InputError(
        f"the region of interest fits no part: it is drawn on {drawn[1]} x {drawn[0]} pixels, the first part has "
        f"{width} x {height}; draw it on a photo of this batch, or leave out `roi`"
    )


def _say_why_not(roi: Roi, part: Part) -> str:
    if part.cloud_key and part.frame is None:
        return NO_GRID
    return "" if roi.fits(part.size) else OTHER_SHAPE


def see_patches(roi: Roi, part: Part, features: BatchFeatures, *, closer: bool) -> NDArray[np.bool_]:
    """Tell which patches of a photo are looked at: those whose middle is.

    Args:
        roi: what is.
        part: the part; its region of interest can be laid on it.
        features: those of the batch at one size.
        closer: whether this size looks at the part's box, where it has one.

    Returns:
        (K x P,) bool, tile by tile; all True where none would be.
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
    """Return scores in which no patch or group that is not looked at is the highest of its sample.

    Args:
        roi: what is looked at; None = all.
        parts: the usable parts, as the batch has them.
        features, scores: of the batch at its first size.
    """
    if roi is None:
        return scores
    chosen = {index for index, part in enumerate(parts) if choose_roi(roi, part)}
    patches = {
        sample: _lower(found, see_patches(roi, parts[sample], features, closer=False)) if sample in chosen else found
        for sample, found in scores.patches.items()
    }
    groups = {
        sample: _lower(found, _see_groups(roi, parts[sample], features, sample)) if sample in chosen else found
        for sample, found in scores.groups.items()
    }
    return replace(scores, patches=patches, groups=groups)


def _see_groups(roi: Roi, part: Part, features: BatchFeatures, sample: int) -> NDArray[np.bool_]:
    """Tell which groups of a cloud on a grid are looked at, (G,): those whose centre is."""
    clouds = features.points[0]
    rows, cols = clouds.read(sample, "size").tolist()
    seen = roi.cover((rows, cols), frame=part.frame).ravel()[clouds.center_pixels(sample).numpy()]
    return seen if seen.any() else np.ones_like(seen)


def _lower(scores: torch.Tensor, seen: NDArray[np.bool_]) -> torch.Tensor:
    return torch.where(torch.from_numpy(seen), scores, scores.min())


def hide_burnt_out(found: BurntOut, seen: NDArray[np.bool_]) -> BurntOut:
    """Leave out the patches that are not looked at; `seen` (P,) of the tile."""
    kept = seen[found.patches]
    arrays: Mapping[str, NDArray[np.generic]] = {
        name: getattr(found, name)[kept] for name in ("patches", "strength", "near", "plain", "corrected")
    }
    return replace(found, **arrays)  # type: ignore[arg-type]
