"""The main job: a batch of files becomes a run in the workspace."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from inspector.data.barcodes import require_reader
from inspector.data.fetched import telling_address
from inspector.data.identities import identify_batch
from inspector.data.pixels.value_range import FULL
from inspector.data.roi_files import read_roi
from inspector.data.samples import Batch
from inspector.errors import Cancelled, InspectorError, StoreError
from inspector.events import Event, Report, silent
from inspector.jobs.accepted import Accepted, find_known, require_judges
from inspector.jobs.comparison import (
    choose_judges,
    choose_sizes,
    collect_parts,
    find_batch_variants,
    look_for_subspace,
    report_patch_size,
    score_parts,
)
from inspector.jobs.decision import decide
from inspector.jobs.engine import ALONE, Engine
from inspector.jobs.identities import read_codes
from inspector.jobs.job import Job
from inspector.jobs.maps import keep_maps
from inspector.jobs.part_boxes import find_part_model
from inspector.jobs.preparation import find_cache, make_plan, prepare_scan
from inspector.jobs.reading import read_parts
from inspector.jobs.recurrence import find_recurrence, keep_recurrence, make_recorders
from inspector.jobs.rois import hide_patches
from inspector.jobs.values import find_value_ranges
from inspector.machine import is_out_of_memory
from inspector.recipes import Recipe
from inspector.scoring.embeddings import find_neighbourhood
from inspector.settings import ScanSettings
from inspector.store.lost_files import find_lost_files, tell_lost_files
from inspector.store.plan import load_plan, save_plan
from inspector.store.records import RunStatus
from inspector.store.rois import keep_roi
from inspector.store.run_facts import make_event
from inspector.store.workspace import Workspace

BEGUN_BEFORE = (
    "the scan was begun by an earlier version of this program: photos with clouds are scored as a whole as this one "
    "does it, at the largest of `more_sizes`, and strengthen the clouds alone"
)

_log = logging.getLogger(__name__)


def scan(
    batch: Batch,
    settings: ScanSettings,
    workspace: Workspace,
    report: Report = silent,
    *,
    run_id: int | None = None,
    recipe: Recipe | None = None,
    engine: Engine = ALONE,
    accepted: Accepted | None = None,
) -> int:
    """Score every part of a batch against the others, or accepted ones, and keep the result as a run.

    Args:
        batch: at least two parts; those that cannot be read are listed with their reason, the rest is scored.
        settings: how to score.
        workspace: where the run is kept.
        report: receives the events; may raise `Cancelled`, then the run can be resumed.
        run_id: a stopped run of the same batch and settings to take up again; None = a new run.
        recipe: what the settings come from; kept with a new run.
        engine: what does the work: this process, or several machines; results are the same.
        accepted: the parts that judge the others alone; None = all judge each other, or those that the stopped run has.

    Returns:
        The number of the run.

    Raises:
        InputError: fewer than two parts can be read, or the region of interest fits none.
        SettingsError: the region of interest cannot be used, tiles are wanted of a batch with clouds, a search radius
            of clouds alone; or the memory that may be taken does not suffice. Nothing is kept.
        InspectorError: memory ran out all the same; the run can be resumed.
        WeightsError: the weights of the backbone are missing or damaged.
        StoreError: the workspace cannot be written, the run is being scanned by another program, or the judges of a
            stopped run are not what they were.
        Cancelled: `report` asked for it.
    """
    if settings.barcode:
        require_reader()
    batch = identify_batch(batch, settings.part_id)
    if run_id is not None:
        require_judges(batch, workspace, run_id)
    elif settings.roi is not None:
        read_roi(settings.roi)  # refused before a run is begun
    if accepted is not None:
        batch = replace(batch, notes=(*batch.notes, *accepted.describe(settings.references)))
    shared = engine.share(batch, find_cache(workspace), engine.storage)
    with telling_address(batch.origin), shared as (batch, storage):
        prepared = prepare_scan(batch, settings, workspace, storage)
        begun = None if run_id is None else load_plan(workspace, run_id)
        plan = begun or make_plan(len(batch.samples), settings, prepared)
        if accepted is not None:
            plan = replace(plan, judges=accepted.judges, rejected=accepted.rejected, judged_by=accepted.run_id)
        run_id = workspace.runs.create(batch, settings, recipe) if run_id is None else run_id
        lost = find_lost_files(workspace, run_id)
        # within, too: the run keeps what is told
        with workspace.runs.hold(run_id), _record_end(workspace, run_id), telling_address(batch.origin):
            save_plan(workspace, run_id, plan)
            workspace.runs.begin(
                run_id, device=prepared.device, weights_sha256=prepared.weights_sha256, modality=prepared.modality
            )
            report(Event("run", message=str(run_id)))
            tell_lost_files(workspace, run_id, lost, report)
            _log.info("%d samples, %s, %s, %s", len(batch.samples), prepared.modality, prepared.device, plan)
            _log.info("settings: %s", settings.model_dump_json())
            for note in batch.notes:
                report(make_event(note))
            if prepared.modality == "2d+3d" and settings.fusion == "scaled" and not plan.plain_patches:
                workspace.runs.add_notes(run_id, [BEGUN_BEFORE])
                report(make_event(BEGUN_BEFORE))
            ranges = find_value_ranges(run_id, batch, settings, workspace, report) if prepared.images else FULL
            closer = prepared.clouds is None and prepared.images is not None and bool(prepared.images.more)
            seeks = settings.part_box == "auto" and closer
            parts = find_part_model(run_id, batch, ranges, workspace, report, settings.memory) if seeks else None
            roi = keep_roi(workspace, run_id, settings.roi)
            _run_stages(Job(run_id, batch, settings, workspace, report, prepared, plan, ranges, parts, roi, engine))
    report(Event("result", message=str(run_id)))
    return run_id


def _run_stages(job: Job) -> None:
    timings: dict[str, float] = {}
    with _measure_time(timings, "read"):
        parts = read_parts(job)
        if job.settings.barcode:
            usable = [part.position for part in parts]
            read_codes(job.run_id, job.batch, usable, job.ranges, job.workspace, job.report)
    with _measure_time(timings, "score"):
        features = collect_parts(job, parts)
        report_patch_size(job, parts, features)
        variants = find_batch_variants(job, parts, features)
        job = look_for_subspace(choose_judges(job, features, variants), features)
        job, features = choose_sizes(job, features)
        recorders = make_recorders(job, features, variants)
        known = find_known(job, parts, features[0], variants)
        scores = score_parts(job, features, variants, recorders, known)
        found = find_recurrence(job, parts, features, scores, variants, recorders)
    with _measure_time(timings, "maps"):
        kept = keep_maps(job, parts, features, found.scores)
        keep_recurrence(job, parts, features, found, kept.raw)
    seen = hide_patches(job.roi, parts, features[0], found.scores[0])
    neighbourhood = find_neighbourhood(features[0], seen, len(parts), job.settings.rescoring)
    decide(job, parts, kept, neighbourhood, variants, timings)
    _log.info("seconds: %s", timings)


@contextmanager
def _record_end(workspace: Workspace, run_id: int) -> Iterator[None]:
    """Leave the run's true state in the workspace however the work ends."""
    try:
        yield
    except (Cancelled, KeyboardInterrupt) as stop:
        _end(workspace, run_id, "cancelled", "stopped before it was done")
        raise Cancelled(f"run {run_id} was stopped; `resume` finishes it") from stop
    except InspectorError as error:
        _end(workspace, run_id, "failed", str(error))
        raise
    except Exception as error:
        if is_out_of_memory(error):
            told = f"memory ran out in run {run_id}; close other programs, or choose a smaller `image_size` or `memory`"
            _end(workspace, run_id, "failed", told)
            raise InspectorError(told) from error
        _end(workspace, run_id, "failed", f"{type(error).__name__}: {error}")
        raise


def _end(workspace: Workspace, run_id: int, status: RunStatus, message: str) -> None:
    """Note how a run ended before it was done; where not even that can be written, what ended it is what is told."""
    with suppress(StoreError):
        if workspace.runs.get(run_id).status != "done":
            workspace.runs.end(run_id, status, message)


@contextmanager
def _measure_time(timings: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[stage] = round(time.perf_counter() - start, 3)
