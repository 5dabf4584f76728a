"""The stage of a scan that makes maps of scores, and keeps them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inspector.data.parts import Part
from inspector.events import Event
from inspector.jobs.job import Job
from inspector.jobs.rois import choose_roi
from inspector.scoring.batch import BatchScores
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.sample_maps import SampleMaps, map_photo, map_sample

MAP_VALUES = 1 << 22
"""Map values that the display range of a run is taken from, about: 17 MB, and as much again when they are sorted."""


@dataclass(frozen=True)
class MapScores:
    """What the decision is taken from.

    Attributes:
        raw: (N,) float64, raw scores.
        map_values: of each sample, some values of its map, (V,) float32.
    """

    raw: NDArray[np.float64]
    map_values: Sequence[NDArray[np.float32]]


def keep_maps(
    job: Job, parts: Sequence[Part], features: Sequence[BatchFeatures], scores: Sequence[BatchScores]
) -> MapScores:
    """Make and save the map and the scored points of each sample.

    Args:
        job: the scan.
        parts: the usable parts, N of them.
        features, scores: at each size of the photos.

    Returns:
        Raw scores, and values of the maps.
    """
    raw, values, artefacts = np.empty(len(parts)), [], job.workspace.artefacts
    every, most = max(1, len(parts) // 50), choose_map_values(len(parts))
    show = partial(map_part, job, list(zip(features, scores, strict=True)))
    job.report(Event("progress", "maps", 0, len(parts)))
    for index, part in enumerate(parts):
        found = show(index, part)
        raw[index] = found.score
        values.append(thin_map(found.anomaly_map, most, found.seen))
        artefacts.save_map(job.run_id, part.position, found.anomaly_map)
        if found.points is not None and found.point_scores is not None and found.pixels is not None:
            artefacts.save_cloud(job.run_id, part.position, found.points, found.point_scores, found.pixels)
        if (index + 1) % every == 0 or index + 1 == len(parts):
            job.report(Event("progress", "maps", index + 1, len(parts)))
    return MapScores(raw, values)


def map_part(job: Job, sizes: Sequence[tuple[BatchFeatures, BatchScores]], index: int, part: Part) -> SampleMaps:
    """Make the map of a part.

    Args:
        job: the scan.
        sizes: features and scores at each size of the photos.
        index: place of the part among the usable ones.
        part: the part.
    """
    share, alignment = job.settings.score_share, job.settings.alignment
    roi = choose_roi(job.roi, part)
    if len(sizes) > 1:
        placed = None if part.box is None else (part.box, part.size)
        side = job.prepared.side
        return map_photo(index, sizes, side=side, score_share=share, alignment=alignment, placed=placed, roi=roi)
    ((features, scores),) = sizes
    return map_sample(
        index,
        features,
        scores,
        frame=part.frame,
        side=job.prepared.side,
        score_share=share,
        alignment=alignment,
        roi=roi,
    )


def choose_map_values(count: int) -> int:
    """Return the most values that the display range takes from each of `count` maps, 64 to 8192."""
    return max(64, min(8192, MAP_VALUES // count))


def thin_map(anomaly_map: NDArray[np.float32], most: int, seen: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Take values from a map, evenly spread.

    Args:
        anomaly_map: (h, w) float32.
        most: of values, at least 1.
        seen: (h, w) bool, where the region of interest is; None = everywhere.

    Returns:
        (V,) float32, V <= `most`.
    """
    if seen is not None:
        looked_at = anomaly_map[seen]
        return looked_at[:: math.ceil(looked_at.size / most)]
    step = max(1, math.ceil(math.sqrt(anomaly_map.size / most)))
    while math.prod(-(-length // step) for length in anomaly_map.shape) > most:
        step += 1
    return anomaly_map[::step, ::step].ravel()
