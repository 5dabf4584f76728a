"""The stages of a scan: read, score, keep, decide. Jobs are made of them."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.depth import Camera
from inspector.data.fetched import read_from
from inspector.data.odd_parts import note_odd_parts
from inspector.data.part_model import PartModel
from inspector.data.parts import Part, find_digest, read_part, read_whole_photo
from inspector.data.pixels.raw_photo import PhotoNote
from inspector.data.pixels.value_range import Ranges
from inspector.data.samples import Batch, Sample
from inspector.errors import InputError
from inspector.events import Event, Report
from inspector.export.rendering import encode
from inspector.geometry.roi import Roi
from inspector.jobs.engine import ALONE, Engine
from inspector.jobs.preparation import Preparation
from inspector.jobs.rois import choose_roi, note_roi, require_roi
from inspector.jobs.values import describe_mixed_depths
from inspector.scoring.batch import BatchScores
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.sample_maps import SampleMaps, map_photo, map_sample
from inspector.settings import ScanSettings
from inspector.store.part_models import save_boxes
from inspector.store.plan import Plan, save_plan
from inspector.store.records import SampleReading
from inspector.store.workspace import Workspace

MAP_VALUES = 1 << 22
"""Map values that the display range of a run is taken from, about: 17 MB, and as much again when they are sorted."""


READ = {"2d": "photos", "3d": "clouds", "2d+3d": "photos and clouds"}
"""What is read, by modality."""

TOLD_ONE_BY_ONE = 3
"""Photos of a batch with the same note that are named, each; of more there is one line, where they are many."""

MANY = 0.1
"""Share of a batch."""


@dataclass(frozen=True)
class Job:
    """What all stages of one scan share."""

    run_id: int
    batch: Batch
    settings: ScanSettings
    workspace: Workspace
    report: Report
    prepared: Preparation
    plan: Plan
    ranges: Ranges
    parts: PartModel | None = None
    roi: Roi | None = None
    engine: Engine = ALONE

    def warn(self, position: int, message: str) -> None:
        """Tell what is wrong with a sample."""
        name = self.batch.samples[position].name
        self.report(Event("warning", "read", message=f"{name}: {message}"))


@dataclass(frozen=True)
class Kept:
    """What the decision is taken from: raw scores (N,) and, of each sample, some values of its map."""

    raw: NDArray[np.float64]
    map_values: Sequence[NDArray[np.float32]]


# Read


def read_parts(job: Job) -> list[Part]:
    """Bring the tokens of all samples into the caches; return the usable ones, without pixels and points.

    Raises:
        InputError: fewer than two samples can be used.
    """
    samples, prepared = job.batch.samples, job.prepared
    numbers = job.settings.camera
    read = partial(
        read_part,
        modality=prepared.modality,
        side=prepared.side,
        background=prepared.background,
        camera=Camera(numbers[:2], numbers[2:]) if numbers else None,
        holes=job.settings.holes,
        tiles=prepared.images.tiles if prepared.images else (1, 1),
        resize=prepared.resize,
        ranges=job.ranges,
        more_sides=[network.image_size for network in prepared.images.more] if prepared.images else (),
        parts=job.parts,
    )
    usable = []
    readers = [
        partial(_read_shown, job.roi, _fetch_first(job, read, place, sample)) for place, sample in enumerate(samples)
    ]
    for group in _read_groups(job, readers):
        job.workspace.runs.keep_readings(job.run_id, [_keep_reading(job, part) for part in group])
        usable += [part.without_pixels() for part in group if not part.reason]
    _tell_photo_notes(job, usable)
    if job.parts is not None:
        boxes = {part.position: part.box for part in usable if part.box is not None}
        save_boxes(job.workspace, job.run_id, boxes)
    require_roi(job.roi, usable)
    usable = _drop_incomparable(job, _read_whole_photos(job, _note_odd_parts(job, usable)))
    job.workspace.runs.count_unreadable(job.run_id, len(samples) - len(usable))
    if len(usable) < 2:
        known = len(samples)
        raise InputError(f"only {len(usable)} of {known} samples in {job.batch.root} can be used; give at least two")
    return usable


def _fetch_first(job: Job, read: Callable[[int, Sample], Part], place: int, sample: Sample) -> Callable[[], Part]:
    """Give what reads a part, on this machine or another one."""
    origin = job.batch.origin
    return (
        partial(read, place, sample)
        if origin is None
        else partial(read_from, origin.choose(sample), read, place, sample)
    )


def _read_shown(roi: Roi | None, read: Callable[[], Part]) -> Part:
    """Read a part, note where the region of interest is not laid on it, and make the files that show it."""
    part = note_roi(roi, read())
    return replace(
        part,
        thumbnail=b"" if part.preview is None else encode(part.preview, ".jpg"),
        drawing=b"" if part.picture is None else encode(part.picture),
        preview=None,
        picture=None,
    )


def _read_groups(job: Job, readers: Sequence[Callable[[], Part]]) -> Iterator[list[Part]]:
    """Yield what was read, a group at a time, and tell how far it is."""
    done = 0
    what = READ[job.prepared.modality]
    job.report(Event("progress", "read", 0, len(readers), what))
    for group in job.engine.cache_tokens(
        readers,
        job.prepared.images,
        job.prepared.clouds,
        batch_size=job.plan.batch_size,
        left=job.prepared.budget.left,
        shrunk=partial(_keep_smaller_size, job),
    ):
        yield group
        done += len(group)
        job.report(Event("progress", "read", done, len(readers), what))


def _tell_photo_notes(job: Job, parts: Sequence[Part]) -> None:
    """Tell what is suspicious about the photos: of a few each, of many together and at the top of the run."""
    by_note: dict[str, list[tuple[Part, PhotoNote]]] = {}
    for part in parts:
        for note in part.photo_notes:
            by_note.setdefault(note.what, []).append((part, note))
    top = [mixed] if (mixed := describe_mixed_depths(parts)) else []
    for what, noted in by_note.items():
        if _are_many(noted, parts):
            top.append(_sum_up(job, what, "photos", [part for part, _ in noted], parts))
        else:
            for part, note in noted:
                job.warn(part.position, str(note))
    job.workspace.runs.add_notes(job.run_id, top)
    for told in top:
        job.report(Event("warning", "read", message=told))


def _are_many(some: Sequence[object], parts: Sequence[Part]) -> bool:
    return len(some) > max(TOLD_ONE_BY_ONE, MANY * len(parts))


def _sum_up(job: Job, told: str, kind: str, some: Sequence[Part], parts: Sequence[Part]) -> str:
    return f"{len(some)} of {len(parts)} {kind}, {job.batch.samples[some[0].position].name} first: {told}"


def _keep_smaller_size(job: Job, size: int) -> None:
    """Keep that fewer photos go through the network together, should the run be stopped and taken up again."""
    save_plan(job.workspace, job.run_id, replace(job.plan, batch_size=size))
    job.report(
        Event("warning", "read", message=f"memory ran out; {size} at a time go through the network from here on")
    )


def _note_odd_parts(job: Job, parts: list[Part]) -> list[Part]:
    """Tell which parts seem to be none of the batch; they are scored all the same."""
    noted, odd = note_odd_parts(parts), dict[str, list[Part]]()
    for before, part in zip(parts, noted, strict=True):
        if part is not before:
            odd.setdefault(part.note.removeprefix(f"{before.note}; "), []).append(part)
    job.workspace.runs.keep_reasons(
        job.run_id, "ok", {part.position: part.remarks for some in odd.values() for part in some}
    )
    for told, some in odd.items():
        if _are_many(some, parts):
            top = _sum_up(job, told, "samples", some, parts)
            job.workspace.runs.add_notes(job.run_id, [top])
            job.report(Event("warning", "read", message=top))
        else:
            for part in some:
                job.warn(part.position, told)
    return noted


def _read_whole_photos(job: Job, parts: list[Part]) -> list[Part]:
    """Read photos once more with what the parts lie on, where a part without cloud is to be compared with them.

    The photos of parts with a cloud are blacked out behind the part; a photo that is not would be the odd one, however
    good the part. So that like is compared with like, a part without cloud is judged by the others' whole photos.
    """
    lone = [part for part in parts if part.is_whole and part.cloud_key == ""]
    if job.prepared.background == "off" or not lone or len(lone) == len(parts):
        return parts
    read = partial(read_whole_photo, side=job.prepared.side, resize=job.prepared.resize, ranges=job.ranges)
    blacked_out = [part.position for part in parts if part.image_key and not part.is_whole]
    readers = [_fetch_first(job, read, place, job.batch.samples[place]) for place in blacked_out]
    again = {part.position: part.without_pixels() for group in _read_groups(job, readers) for part in group}
    comparable = []
    for part in parts:
        whole = part if part in lone else again.get(part.position)
        if whole is not None and whole.reason and not part.cloud_key:  # gone since it was read first
            job.workspace.runs.keep_reasons(job.run_id, "unreadable", {part.position: whole.reason})
            job.warn(part.position, whole.reason)
        else:
            comparable.append(replace(part, whole_key=whole.image_key if whole is not None else ""))
    return comparable


def _drop_incomparable(job: Job, parts: list[Part]) -> list[Part]:
    """Leave out the only photo, or the only cloud, of a batch: there is none to compare it with."""
    for what in ("photo", "cloud"):
        having = [part for part in parts if (part.image_key if what == "photo" else part.cloud_key)]
        if len(having) != 1 or len(parts) < 2:
            continue
        (lone,) = having
        rest = replace(lone, image_key="", whole_key="") if what == "photo" else replace(lone, cloud_key="")
        scored = bool(rest.image_key or rest.cloud_key)
        parts = [rest if part is lone else part for part in parts if scored or part is not lone]
        told = f"its {what} is not scored: no other sample has a {what} that can be used"
        reason = "; ".join(filter(None, (lone.remarks, told)))
        job.workspace.runs.keep_reasons(job.run_id, "ok" if scored else "unreadable", {lone.position: reason})
        job.warn(lone.position, told)
    return parts


def _keep_reading(job: Job, part: Part) -> SampleReading:
    """Keep the pictures of a part; return what is to be written of it."""
    if part.reason or part.note:
        job.warn(part.position, part.reason or part.note)
    if not part.thumbnail:
        return SampleReading(part.position, "unreadable", part.reason)
    job.workspace.artefacts.save_thumbnail(job.run_id, part.position, part.thumbnail)
    if part.drawing:
        job.workspace.artefacts.save_picture(job.run_id, part.position, part.drawing)
    height, width = part.size
    return SampleReading(
        part.position,
        "ok",
        part.remarks,
        sha256=find_digest(part.content),
        width=width,
        height=height,
        picture=bool(part.drawing),
    )


# Keep


def keep_maps(
    job: Job, parts: Sequence[Part], features: Sequence[BatchFeatures], scores: Sequence[BatchScores]
) -> Kept:
    """Keep the map and the scored points of each sample, made of what was found at each size."""
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
    return Kept(raw, values)


def map_part(job: Job, sizes: Sequence[tuple[BatchFeatures, BatchScores]], index: int, part: Part) -> SampleMaps:
    """Make the map of a part, of what was found at each size; `index` is its place among the usable ones."""
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
    """Return how many values of each of `count` maps the display range is taken from, at most."""
    return max(64, min(8192, MAP_VALUES // count))


def thin_map(anomaly_map: NDArray[np.float32], most: int, seen: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Take values from a grid over a map, at most so many; only of what is looked at, if not all is."""
    if seen is not None:
        looked_at = anomaly_map[seen]
        return looked_at[:: math.ceil(looked_at.size / most)]
    step = max(1, math.ceil(math.sqrt(anomaly_map.size / most)))
    while math.prod(-(-length // step) for length in anomaly_map.shape) > most:
        step += 1
    return anomaly_map[::step, ::step].ravel()
