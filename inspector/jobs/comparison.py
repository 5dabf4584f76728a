"""The middle stage of a scan: parts are compared with each other, at each size that their photos were seen at."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from inspector.data.parts import Part
from inspector.events import Event, Report
from inspector.geometry.tiles import map_length
from inspector.jobs.stages import Job
from inspector.scoring.batch import BatchScores, score_batch, scoring_room
from inspector.scoring.feature_sets import BatchFeatures, collect_features
from inspector.scoring.fusion import scale_scores

LARGE_PATCH = 48
"""Pixels of a photo along a patch above which it is told."""


def collect_parts(job: Job, parts: Sequence[Part]) -> list[BatchFeatures]:
    """Say what the parts are compared by, at each size of the photos."""
    settings, images = job.settings, job.prepared.images
    return [
        collect_features(
            parts,
            images,
            job.prepared.clouds,
            aggregation=settings.aggregation,
            degrees=settings.degrees,
            point_degrees=settings.point_degrees,
            size=size,
        )
        for size in range(1 + (len(images.more) if images else 0))
    ]


def tell_patch_size(job: Job, parts: Sequence[Part], sizes: Sequence[BatchFeatures]) -> None:
    """Say how much of a photo one patch shows, where that is so much that a small defect may go unseen."""
    images = job.prepared.images
    photos = [part.size for part in parts if part.image_key]
    if images is None or not photos:
        return
    height, width = (float(np.median(lengths)) for lengths in zip(*photos, strict=True))
    if boxes := [part.box for part in parts if part.box is not None]:
        height, width = (float(np.median([getattr(box, side) for box in boxes])) for side in ("height", "width"))
    rows, cols = (max(map_length(images.tiles, features.grid[axis]) for features in sizes) for axis in (0, 1))
    if max(height / rows, width / cols) < LARGE_PATCH:
        return
    told = (
        f"{'parts' if boxes else 'photos'} of {width:.0f} x {height:.0f} pixels are compared in patches of "
        f"{width / cols:.0f} x {height / rows:.0f}: defects that are much smaller may go unseen"
    )
    if job.prepared.modality == "2d":
        told += f"; a closer look takes {images.tiles + 1} or more `tiles`"
    job.workspace.runs.add_notes(job.run_id, [told])
    job.report(Event("warning", "read", message=told))


def score_parts(job: Job, sizes: Sequence[BatchFeatures]) -> list[BatchScores]:
    """Score all parts against each other, at each size; photos and clouds on one footing where that is wanted."""
    settings, prepared = job.settings, job.prepared
    work = [features.phases * max(1, math.prod(features.grid)) ** 2 for features in sizes]
    found = []
    for size, features in enumerate(sizes):
        radius = settings.search_radius
        if radius and size:  # as far in the photo
            radius = math.ceil(radius * features.grid[0] / sizes[0].grid[0])
        scores = score_batch(
            features,
            share=settings.share,
            references=settings.references,
            report=job.report if len(sizes) == 1 else partial(_report_size, job.report, work, size),
            precision=settings.precision,
            search_radius=radius,
            memory=min(job.plan.scoring, scoring_room(prepared.scored_on, prepared.budget)),
        )
        found.append(scale_scores(features, scores) if settings.fusion == "scaled" else scores)
    return found


def _report_size(report: Report, work: Sequence[int], size: int, event: Event) -> None:
    """Tell the progress at one size as that of all, by the work at each."""
    if size and not event.done:
        return
    done = sum(work[:size]) + work[size] * event.done / max(1, event.total)
    report(replace(event, done=int(event.total * done / sum(work))))
