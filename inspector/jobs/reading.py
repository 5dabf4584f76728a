"""The first stage of a scan: samples are read, their tokens put into the caches, their problems reported."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from inspector.data.clouds.depth import PinholeCamera
from inspector.data.fetched import read_from
from inspector.data.odd_parts import note_odd_parts
from inspector.data.parts import Part, PartReader, find_digest
from inspector.data.pixels.raw_photo import PhotoNote
from inspector.data.samples import Sample
from inspector.errors import InputError
from inspector.events import Event
from inspector.export.rendering import encode
from inspector.geometry.roi import Roi
from inspector.jobs.job import Job
from inspector.jobs.rois import note_roi, require_roi
from inspector.jobs.values import describe_mixed_depths
from inspector.places import is_empty, is_folder
from inspector.store.part_models import save_boxes
from inspector.store.plan import save_plan
from inspector.store.records import SampleReading

READ = {"2d": "photos", "3d": "clouds", "2d+3d": "photos and clouds"}
"""Name of what the stage "read" reads, by modality; shown with its progress."""

TOLD_ONE_BY_ONE = 3
"""Up to so many parts with the same note get a warning each; more get one together, where they are `MANY`."""

MANY = 0.1
"""Share of a batch above which parts with the same note are reported together."""


def read_parts(job: Job) -> list[Part]:
    """Read all samples, put their tokens into the caches, and return the usable parts, without pixels and points.

    Raises:
        InputError: fewer than two samples can be used, or the folder is gone; the run can be resumed.
    """
    samples, read = job.batch.samples, _make_part_reader(job).read
    usable = []
    readers = [
        partial(_read_and_encode, job.roi, _make_reader(job, read, place, sample))
        for place, sample in enumerate(samples)
    ]
    for group in _read_groups(job, readers):
        if any(part.reason for part in group):
            _require_folder(job)
        job.workspace.runs.keep_readings(job.run_id, [_keep_reading(job, part) for part in group])
        usable += [part.without_pixels() for part in group if not part.reason]
    _report_notes(job, usable)
    _report_photo_notes(job, usable)
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


def _require_folder(job: Job) -> None:
    """Refuse a batch whose drive was pulled out: what could be read until then is not the batch."""
    folder = job.batch.root
    if job.batch.origin is not None:
        return
    if not is_folder(folder):
        raise InputError(f"the folder {folder} is gone; put it back there, and finish the run then")
    if is_empty(folder):
        raise InputError(
            f"the folder {folder} is empty by now, as where a share was unmounted; mount it, and finish the run then"
        )


def _make_part_reader(job: Job) -> PartReader:
    prepared, numbers = job.prepared, job.settings.camera
    return PartReader(
        prepared.modality,
        prepared.side,
        prepared.background,
        camera=PinholeCamera(numbers[:2], numbers[2:]) if numbers else None,
        holes=job.settings.holes,
        tiles=prepared.images.tiles if prepared.images else (1, 1),
        resize=prepared.resize,
        ranges=job.ranges,
        more_sides=[network.image_size for network in prepared.images.more] if prepared.images else (),
        parts=job.parts,
    )


def _make_reader(job: Job, read: Callable[[int, Sample], Part], place: int, sample: Sample) -> Callable[[], Part]:
    """Make the function that reads a sample, on this machine or a worker; files at an address are fetched first."""
    origin = job.batch.origin
    return (
        partial(read, place, sample)
        if origin is None
        else partial(read_from, origin.choose(sample), read, place, sample)
    )


def _read_and_encode(roi: Roi | None, read: Callable[[], Part]) -> Part:
    """Read a part, note where the region of interest does not fit it, and encode its thumbnail and picture."""
    part = note_roi(roi, read())
    return replace(
        part,
        thumbnail=b"" if part.preview is None else encode(part.preview, ".jpg"),
        drawing=b"" if part.picture is None else encode(part.picture),
        preview=None,
        picture=None,
    )


def _read_groups(job: Job, readers: Sequence[Callable[[], Part]]) -> Iterator[list[Part]]:
    """Yield parts as they are read, a group at a time, and report the progress."""
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


def _report_notes(job: Job, parts: Sequence[Part]) -> None:
    """Warn of what was noted of clouds: of a few one by one; of many, alike but for their numbers, together."""
    by_note: dict[str, list[Part]] = {}
    for part in parts:
        if part.note:
            by_note.setdefault(re.sub(r"\d+", "", part.note), []).append(part)
    for noted in by_note.values():
        _warn_of(job, noted, [part.note for part in noted], parts)


def _report_photo_notes(job: Job, parts: Sequence[Part]) -> None:
    """Warn of suspicious photos: of a few one by one; of many together, as a note of the run."""
    by_note: dict[str, list[tuple[Part, PhotoNote]]] = {}
    for part in parts:
        for note in part.photo_notes:
            by_note.setdefault(note.what, []).append((part, note))
    top = [mixed] if (mixed := describe_mixed_depths(parts)) else []
    for what, noted in by_note.items():
        if _are_many(noted, parts):
            top.append(_describe_together(job, what, "photos", [part for part, _ in noted], parts))
        else:
            for part, note in noted:
                job.warn(part.position, str(note))
    job.workspace.runs.add_notes(job.run_id, top)
    for told in top:
        job.report(Event("warning", "read", message=told))


def _warn_of(job: Job, some: Sequence[Part], told: Sequence[str], parts: Sequence[Part]) -> None:
    """Warn of what was noted of some parts, alike: of each, or once where they are many, in the words for the first."""
    if not _are_many(some, parts):
        for part, note in zip(some, told, strict=True):
            job.warn(part.position, note)
        return
    top = _describe_together(job, told[0], "samples", some, parts)
    job.workspace.runs.add_notes(job.run_id, [top])
    job.report(Event("warning", "read", message=top))


def _are_many(some: Sequence[object], parts: Sequence[Part]) -> bool:
    return len(some) > max(TOLD_ONE_BY_ONE, MANY * len(parts))


def _describe_together(job: Job, told: str, kind: str, some: Sequence[Part], parts: Sequence[Part]) -> str:
    return f"{len(some)} of {len(parts)} {kind}, {job.batch.samples[some[0].position].name} first: {told}"


def _keep_smaller_size(job: Job, size: int) -> None:
    """Keep a smaller batch size with the run, for where it is resumed, and report it."""
    save_plan(job.workspace, job.run_id, replace(job.plan, batch_size=size))
    job.report(
        Event("warning", "read", message=f"memory ran out; {size} at a time go through the network from here on")
    )


def _note_odd_parts(job: Job, parts: list[Part]) -> list[Part]:
    """Warn of parts that seem not to belong to the batch; they are scored all the same."""
    noted, odd = note_odd_parts(parts), dict[str, list[Part]]()
    for before, part in zip(parts, noted, strict=True):
        if part is not before:
            odd.setdefault(part.note.removeprefix(f"{before.note}; "), []).append(part)
    job.workspace.runs.keep_reasons(
        job.run_id, "ok", {part.position: part.remarks for some in odd.values() for part in some}
    )
    for told, some in odd.items():
        _warn_of(job, some, [told] * len(some), parts)
    return noted


def _read_whole_photos(job: Job, parts: list[Part]) -> list[Part]:
    """Read photos again with their background, where a part without cloud is to be compared with them.

    The photos of parts with a cloud are blacked out behind the part; a photo that is not would be the odd one, however
    good the part. So that like is compared with like, a part without cloud is judged by the others' whole photos.
    """
    lone = [part for part in parts if part.is_whole and part.cloud_key == ""]
    if job.prepared.background == "off" or not lone or len(lone) == len(parts):
        return parts
    read = _make_part_reader(job).read_whole
    blacked_out = [part.position for part in parts if part.image_key and not part.is_whole]
    readers = [_make_reader(job, read, place, job.batch.samples[place]) for place in blacked_out]
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
    """Leave out a photo, or a cloud, that is the only one of its batch: there is nothing to compare it with."""
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
    """Save thumbnail and picture of a part; return what the database is to hold of it."""
    if part.reason:
        job.warn(part.position, part.reason)
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
