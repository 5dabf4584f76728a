"""The scoring stage of a scan: parts are compared with each other, at each size of their photos."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from inspector.data.parts import Part
from inspector.events import Event, Report
from inspector.jobs.job import Job
from inspector.jobs.recurrence import Recorders, measure_recorders
from inspector.jobs.tiling import LARGE_PATCH, find_enough, measure_patch, write_tiling
from inspector.scoring.batch import BatchScores, score_batch, scoring_room
from inspector.scoring.burnout import BurnoutRecorder
from inspector.scoring.embeddings import read_embeddings
from inspector.scoring.feature_sets import BatchFeatures, collect_features
from inspector.scoring.fusion import scale_scores
from inspector.scoring.judges import Known
from inspector.scoring.nearest import Comparison
from inspector.scoring.poses import FEW, lie_in_many_poses
from inspector.scoring.subspace import add_residuals, lie_alike
from inspector.scoring.variants import Variants, find_variants, join_scores, one_kind
from inspector.store.run_facts import make_event
from inspector.tile_numbers import MOST_TILES


def collect_parts(job: Job, parts: Sequence[Part]) -> list[BatchFeatures]:
    """Collect the feature sets of the parts, at each size of the photos."""
    settings, images = job.settings, job.prepared.images
    return [
        collect_features(
            parts,
            images,
            job.prepared.clouds,
            aggregation=settings.aggregation,
            degrees=settings.degrees,
            point_degrees=settings.point_degrees,
            metric=settings.compares_by_metric,
            size=size,
        )
        for size in range(1 + (len(images.more) if images else 0))
    ]


def report_patch_size(job: Job, parts: Sequence[Part], sizes: Sequence[BatchFeatures]) -> None:
    """Report the tiling where it was chosen for the batch, and the size of a patch where small defects may go unseen.

    Args:
        job: the scan; its run gets a note, too.
        parts: the usable parts.
        sizes: their features, at each size of the photos.
    """
    images, setting = job.prepared.images, job.settings.tiles
    photos = [part.size for part in parts if part.image_key]
    if images is None or not photos:
        return
    height, width = (float(np.median(lengths)) for lengths in zip(*photos, strict=True))
    boxes = [part.box for part in parts if part.box is not None]
    if boxes:
        height, width = (float(np.median([getattr(box, side) for box in boxes])) for side in ("height", "width"))
    grids = [features.grid for features in sizes]
    high, wide = measure_patch((height, width), images.tiles, grids)
    told = f"{'parts' if boxes else 'photos'} of {width:.0f} x {height:.0f} pixels are"
    rows, cols = images.tiles
    is_chosen = job.prepared.modality == "2d" and (setting == "auto" or ("x" not in setting and rows != cols))
    if is_chosen:
        told += f" cut into {rows} x {cols} `tiles` and" if images.squares > 1 else " not cut into `tiles`, and"
    told += f" compared in patches of {wide:.0f} x {high:.0f}"
    if max(high, wide) >= LARGE_PATCH:
        told += ": defects that are much smaller may go unseen"
        if job.prepared.modality == "2d":
            told += _advise_tiles(setting, (height, width), grids)
    elif not is_chosen:
        return
    job.workspace.runs.add_notes(job.run_id, [told])
    job.report(make_event(told, "read"))


def _advise_tiles(setting: str, size: tuple[float, float], grids: Sequence[tuple[int, int]]) -> str:
    """Return advice on `tiles` with which a patch shows less than `LARGE_PATCH` pixels."""
    enough = find_enough(size, grids, MOST_TILES**2)
    number = f"{write_tiling(enough, size)} ({enough[0] * enough[1]} a photo)"
    return f"; a closer look takes `tiles` = {number if setting == 'auto' else f'auto, or {number}'}"


def find_batch_variants(job: Job, parts: Sequence[Part], sizes: Sequence[BatchFeatures]) -> Variants:
    """Find and report the variants of a batch; one kind where `variants` is off or clouds are scored."""
    if job.settings.variants == "off" or job.prepared.modality != "2d":
        return one_kind(len(parts))
    found = find_variants(read_embeddings(sizes[0]))
    told = found.describe([job.batch.samples[part.position].name for part in parts])
    job.workspace.runs.add_notes(job.run_id, told)
    for note in told:
        job.report(Event("warning", "score", message=note))
    return found


def choose_judges(job: Job, sizes: Sequence[BatchFeatures], variants: Variants) -> Job:
    """Return the scan with the share of the others that judges patches of this batch; report it where it is chosen.

    Where `poses` is "auto" and parts lie in many poses, it is at most a tenth: the rest lies in other ways, and says
    nothing of a part. Parts of several variants keep `share`: each has those of its own that it is judged by.

    Args:
        job: the scan; its run gets a note, too.
        sizes: features of the parts, at each size of the photos.
        variants: which parts are judged among themselves.
    """
    settings, prepared = job.settings, job.prepared
    if settings.poses == "off" or settings.share <= FEW or variants.members or not sizes[0].photos:
        return job
    memory = min(job.plan.scoring, scoring_room(prepared.scored_on, prepared.budget))
    comparison = Comparison(settings.precision, sizes[0].grid, settings.search_radius)
    if not lie_in_many_poses(sizes[0], memory=memory, comparison=comparison, report=job.report):
        return job
    told = "parts lie in many poses: each patch is judged by the nearest tenth of the other parts"
    job.workspace.runs.add_notes(job.run_id, [told])
    job.report(make_event(told, "score"))
    return replace(job, settings=settings.changed(share=FEW))


def choose_sizes(job: Job, sizes: list[BatchFeatures]) -> tuple[Job, list[BatchFeatures]]:
    """Choose the sizes of photos that are scored: the last one alone beside clouds, where it is better than several.

    Returns:
        The scan, with a search radius as far in the photo as at the first size, and the features at these sizes.
    """
    if job.prepared.clouds is None:
        return job, sizes
    radius = scale_radius(job.settings.search_radius, sizes, len(sizes) - 1)
    return replace(job, settings=job.settings.changed(search_radius=radius)), sizes[-1:]


def score_parts(
    job: Job,
    sizes: Sequence[BatchFeatures],
    variants: Variants,
    recorders: Recorders,
    known: Known | None = None,
) -> list[BatchScores]:
    """Score the parts of each variant against each other, at each size; photos and clouds on one scale where `fusion`
    is "scaled".

    Args:
        job: the scan.
        sizes: features of the parts, at each size of the photos.
        variants: which parts are judged among themselves.
        recorders: of burnt-out patches; empty = none are recorded.
        known: the parts that judge the others alone; None = all judge each other.
    """
    settings, prepared = job.settings, job.prepared
    work = [features.phases * max(1, math.prod(features.grid)) ** 2 for features in sizes]
    kept = measure_recorders(job, sizes) if recorders and prepared.scored_on == "cpu" else 0
    found = []
    for size, features in enumerate(sizes):
        radius = scale_radius(settings.search_radius, sizes, size)
        memory = min(job.plan.scoring, scoring_room(prepared.scored_on, prepared.budget)) - kept
        score = partial(
            _score_together,
            subspace=settings.subspace,
            share=settings.share,
            references=settings.references,
            precision=settings.precision,
            search_radius=radius,
            memory=memory,
            compare=job.engine.score_samples,
            plain_patches=settings.fusion == "scaled",
        )
        report = job.report if len(sizes) == 1 else partial(_report_size, job.report, work, size)
        of_size = {number: own[size] for number, own in recorders.items()}
        scores = _score_variants(features, variants, score, report, of_size, known)
        found.append(scale_scores(features, scores) if settings.fusion == "scaled" else scores)
    return found


def look_for_subspace(job: Job, sizes: Sequence[BatchFeatures]) -> Job:
    """Return the scan without `subspace` where its batch is not for that: parts do not lie alike, or have clouds.

    Where it counts, that is a fact of the run, and reported.
    """
    weight = job.settings.subspace
    if weight and job.prepared.modality == "2d" and lie_alike(sizes[0]):
        told = f"parts lie alike: what is unusual at its place is {100 * weight:.0f}% of the score of a patch"
        job.workspace.runs.add_notes(job.run_id, [told])
        job.report(make_event(told, "score"))
        return job
    return replace(job, settings=job.settings.changed(subspace=0))


def _score_together(features: BatchFeatures, *, subspace: float, report: Report, **how: Any) -> BatchScores:
    """Score parts against each other, and by what their patches have in common where `subspace` is above 0."""
    if not subspace:
        return score_batch(features, report=report, **how)
    last = Event("progress", "score")

    def hold_back(event: Event) -> None:
        """Tell how far it is, but not that it is done: the subspace follows."""
        nonlocal last
        last = event
        report(replace(event, done=min(event.done, event.total - 1)))

    scores = score_batch(features, report=hold_back, **how)
    scores = add_residuals(features, scores, subspace, step=lambda: hold_back(last))
    report(last)
    return scores


def scale_radius(radius: int | None, sizes: Sequence[BatchFeatures], size: int) -> int | None:
    """Return the search radius of a size, in patches: as far in the photo as `radius` at the first; None = all."""
    return math.ceil(radius * sizes[size].grid[0] / sizes[0].grid[0]) if radius and size else radius


def _score_variants(
    features: BatchFeatures,
    variants: Variants,
    score: Callable[..., BatchScores],
    report: Report,
    recorders: Mapping[int, BurnoutRecorder],
    known: Known | None,
) -> BatchScores:
    """Score the parts of each variant against each other or the known ones of it, or all where there are none."""
    if not variants.members:
        return score(features, report=report, recorder=recorders.get(0), known=known)
    found, done = [], 0
    for number, places in enumerate(variants.members, start=1):
        told = partial(_report_variant, report, done, len(places), len(variants.numbers))
        own = None if known is None else known.choose(places)
        scores = score(features.choose(places), report=told, recorder=recorders.get(number), known=own)
        found.append((places, scores))
        done += len(places)
    return join_scores(found)


def _report_variant(report: Report, before: int, own: int, count: int, event: Event) -> None:
    """Report the progress of one variant, `own` of `count` parts, as progress of the whole batch."""
    if event.done or not before:
        each = event.total // own  # comparisons of a part
        report(replace(event, done=each * before + event.done, total=each * count))


def _report_size(report: Report, work: Sequence[int], size: int, event: Event) -> None:
    """Report the progress at one size as progress of all sizes, weighted by the work at each."""
    if size and not event.done:
        return
    done = sum(work[:size]) + work[size] * event.done / max(1, event.total)
    report(replace(event, done=int(event.total * done / sum(work))))
