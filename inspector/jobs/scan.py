"""The main job, from a batch of files to a run in the store: the only file that knows every stage."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inspector.data.clouds.cloud import odd_units
from inspector.data.clouds.depth import Camera
from inspector.data.parts import Modality, Part, read_part
from inspector.data.samples import Batch
from inspector.decision.threshold import label_free_threshold, to_map_scale
from inspector.errors import Cancelled, InputError, InspectorError, SettingsError
from inspector.events import Event, Report, silent
from inspector.export.rendering import display_range, encode
from inspector.features.backbones import load_backbone
from inspector.features.batch_size import CPU_PHOTOS, OneImage, fitting_batch_size, measure_one_image
from inspector.features.cache import TokenCache
from inspector.features.point_tokens import load_point_feature
from inspector.features.reader import CloudFeatures, ImageFeatures, cache_tokens
from inspector.machine import LEAST_ROOM, Budget, is_out_of_memory, scan_budget
from inspector.scoring.batch import BatchScores, least_bytes, score_batch, scoring_room
from inspector.scoring.embeddings import find_neighbourhood
from inspector.scoring.feature_sets import BatchFeatures, collect_features
from inspector.scoring.rescoring import rescore
from inspector.scoring.sample_maps import map_sample
from inspector.settings import ScanSettings
from inspector.store.embeddings import save_embeddings
from inspector.store.plan import Plan, load_plan, save_plan
from inspector.store.workspace import SampleResult, Store

CLOUD_SIDE = 224
"""Side of the grid that organised clouds are scored at where there is no photo (MuSc-V2)."""


def scan(
    batch: Batch, settings: ScanSettings, store: Store, report: Report = silent, *, run_id: int | None = None
) -> int:
    """Score every part of a batch against the others and keep the result as a run.

    Args:
        batch: at least two parts; those that cannot be read are listed with their reason, the rest is scored.
        settings: how to score.
        store: where the run is kept.
        report: receives the events; may raise `Cancelled`, then the run can be resumed.
        run_id: a stopped run of the same batch and settings to take up again; None = a new run.

    Returns:
        The number of the run.

    Raises:
        InputError: fewer than two parts can be read.
        SettingsError: tiles are wanted of a batch with clouds, a search radius of clouds alone; or the memory that may
            be taken does not suffice. Nothing is kept.
        InspectorError: memory ran out all the same; the run can be resumed.
        WeightsError: the weights of the backbone are missing or damaged.
        StoreError: the workspace cannot be written.
        Cancelled: `report` asked for it.
    """
    if len(batch.samples) < 2:
        raise InputError(f"{batch.root} holds one sample; mutual scoring compares samples: give at least two")
    modality = _modality(batch, settings)
    if modality == "3d" and settings.search_radius:
        raise SettingsError("the search radius counts patches of photos, and only clouds are scored; leave it out")
    if settings.tiles > 1 and modality != "2d":
        raise SettingsError(f"tiles are for photos, but {batch.root} has clouds; use --modality 2d, or --tiles 1")
    device, budget = _device(settings), scan_budget(settings.memory)
    background = settings.background_of(batch.layout)
    images = _image_features(settings, store, device, background) if modality != "3d" else None
    side = images.backbone.image_size if images else settings.image_size or CLOUD_SIDE
    clouds = _cloud_features(settings, store, side, modality, background) if modality != "2d" else None
    checksum = images.backbone.weights_sha256 if images else ""
    budget.require(LEAST_ROOM, "the libraries and the network take")
    begun = None if run_id is None else load_plan(store, run_id)
    plan = begun or _plan(len(batch.samples), settings, images, clouds, budget)
    run_id = store.create_run(batch, settings) if run_id is None else run_id
    save_plan(store, run_id, plan)
    store.update_run(run_id, status="running", message="", device=device, weights_sha256=checksum)
    report(Event("run", message=str(run_id)))
    for note in batch.notes:
        report(Event("warning", message=note))
    with _marking_failures(store, run_id):
        _run(_Job(run_id, batch, settings, store, report, modality, side, images, clouds, budget, plan))
    report(Event("result", message=str(run_id)))
    return run_id


@dataclass(frozen=True)
class _Job:
    """What all stages of one scan share; `side` is that of the square that samples are scored at, in pixels."""

    run_id: int
    batch: Batch
    settings: ScanSettings
    store: Store
    report: Report
    modality: Modality
    side: int
    images: ImageFeatures | None
    clouds: CloudFeatures | None
    budget: Budget
    plan: Plan


def _plan(
    count: int,
    settings: ScanSettings,
    images: ImageFeatures | None,
    clouds: CloudFeatures | None,
    budget: Budget,
) -> Plan:
    """Find what fits into the budget, so that a run that is taken up again goes on in the same way."""
    one = measure_one_image(images.backbone) if images else OneImage(0, 0)
    device = _scored_on(images)
    patches = one.patches + (clouds.groups if clouds else 0)
    on_cpu = one.peak if device == "cpu" else 0
    least = LEAST_ROOM + max(on_cpu, least_bytes(count, settings.references, patches, settings.tiles))
    budget.require(least, f"a scan of {count} samples takes")
    fitting = fitting_batch_size(images.backbone, one.peak, budget.left()) if images else CPU_PHOTOS
    size = settings.batch_size or fitting
    return Plan(size, size * on_cpu, int(SCORING_SHARE * scoring_room(device, budget)))


def _scored_on(images: ImageFeatures | None) -> str:
    return images.backbone.device if images else "cpu"


SCORING_SHARE = 0.8
"""Of what is left when a scan begins, kept for scoring: reading leaves something behind, which is never the same."""


def _run(job: _Job) -> None:
    timings: dict[str, float] = {}
    with _timed(timings, "read"):
        parts = _read(job)
    if len(parts) < 2:
        known = len(job.batch.samples)
        raise InputError(f"only {len(parts)} of {known} samples in {job.batch.root} can be used; give at least two")
    with _timed(timings, "score"):
        features = collect_features(
            parts,
            job.images,
            job.clouds,
            aggregation=job.settings.aggregation,
            degrees=job.settings.degrees,
            point_degrees=job.settings.point_degrees,
        )
        scores = score_batch(
            features,
            share=job.settings.share,
            references=job.settings.references,
            report=job.report,
            precision=job.settings.precision,
            search_radius=job.settings.search_radius,
            memory=min(job.plan.scoring, scoring_room(_scored_on(job.images), job.budget)),
        )
    with _timed(timings, "maps"):
        raw, values = _keep_maps(job, parts, features, scores)
    neighbourhood = find_neighbourhood(features, scores, len(parts), job.settings.rescoring)
    _decide(job, parts, raw, values, neighbourhood.embeddings, timings)


def _read(job: _Job) -> list[Part]:
    """Bring the tokens of all samples into the caches; return the usable ones, without pixels and points."""
    samples = job.batch.samples
    background = job.settings.background_of(job.batch.layout)
    numbers = job.settings.camera
    camera = Camera(numbers[:2], numbers[2:]) if numbers else None
    readers = [
        partial(
            read_part,
            position,
            sample,
            job.modality,
            job.side,
            background=background,
            camera=camera,
            tiles=job.settings.tiles,
        )
        for position, sample in enumerate(samples)
    ]
    usable: list[Part] = []
    done = 0
    job.report(Event("progress", "read", 0, len(samples)))
    size, left = job.plan.batch_size, job.budget.left
    for group in cache_tokens(
        readers, job.images, job.clouds, batch_size=size, left=left, shrunk=partial(_shrunk, job)
    ):
        job.store.update_samples(job.run_id, [_kept(job, part) for part in group])
        usable += [part.emptied() for part in group if not part.reason]
        done += len(group)
        job.report(Event("progress", "read", done, len(samples)))
    usable = _comparable(job, usable)
    job.store.update_run(job.run_id, unreadable=len(samples) - len(usable))
    for name in odd_units({samples[part.position].name: part.extent for part in usable if part.extent}):
        job.report(Event("warning", "read", message=f"{name}: its cloud seems to be in another unit than the others"))
    return usable


def _shrunk(job: _Job, size: int) -> None:
    """Keep that fewer photos go through the network together, should the run be stopped and taken up again."""
    save_plan(job.store, job.run_id, replace(job.plan, batch_size=size))
    job.report(
        Event("warning", "read", message=f"memory ran out; {size} at a time go through the network from here on")
    )


def _comparable(job: _Job, parts: list[Part]) -> list[Part]:
    """Leave out the only photo, or the only cloud, of a batch: there is none to compare it with."""
    for what in ("photo", "cloud"):
        having = [part for part in parts if (part.image_key if what == "photo" else part.cloud_key)]
        if len(having) != 1 or len(parts) < 2:
            continue
        (lone,) = having
        rest = replace(lone, image_key="") if what == "photo" else replace(lone, cloud_key="")
        scored = bool(rest.image_key or rest.cloud_key)
        parts = [rest if part is lone else part for part in parts if scored or part is not lone]
        told = f"its {what} is not scored: no other sample has a {what} that can be used"
        reason = "; ".join(filter(None, (lone.note, told)))
        status = "ok" if scored else "unreadable"
        job.store.update_samples(job.run_id, [{"position": lone.position, "status": status, "reason": reason}])
        job.report(Event("warning", "read", message=f"{job.batch.samples[lone.position].name}: {told}"))
    return parts


def _kept(job: _Job, part: Part) -> dict[str, object]:
    """Keep the pictures of a part; return its columns."""
    if part.reason or part.note:
        name = job.batch.samples[part.position].name
        job.report(Event("warning", "read", message=f"{name}: {part.reason or part.note}"))
    if part.preview is None:
        return {"position": part.position, "status": "unreadable", "reason": part.reason}
    job.store.save_thumbnail(job.run_id, part.position, encode(part.preview, ".jpg"))
    height, width = part.size
    row: dict[str, object] = {
        "position": part.position,
        "status": "ok",
        "reason": part.note,
        "sha256": part.image_key.partition("-")[0] or part.cloud_key,
        "width": width,
        "height": height,
    }
    if part.picture is not None:
        row["image"] = str(job.store.save_picture(job.run_id, part.position, encode(part.picture)))
    return row


RANGE_VALUES = 1 << 22
"""Map values that the display range of a run is taken from, about: 17 MB, and as much again when they are sorted."""


def _thinned(anomaly_map: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """Take values from a grid over the map, at most so many."""
    step = max(1, math.ceil(math.sqrt(anomaly_map.size / most)))
    while math.prod(-(-length // step) for length in anomaly_map.shape) > most:
        step += 1
    return anomaly_map[::step, ::step].ravel()


def _keep_maps(
    job: _Job, parts: list[Part], features: BatchFeatures, scores: BatchScores
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Keep the map and the scored points of each sample; return image scores (N,) and all map values, thinned."""
    raw = np.empty(len(parts))
    values = []
    every = max(1, len(parts) // 50)
    job.report(Event("progress", "maps", 0, len(parts)))
    for index, part in enumerate(parts):
        found = map_sample(
            index, features, scores, frame=part.frame, side=job.side, score_share=job.settings.score_share
        )
        raw[index] = found.score
        values.append(_thinned(found.anomaly_map, max(64, min(8192, RANGE_VALUES // len(parts)))))
        job.store.save_map(job.run_id, part.position, found.anomaly_map)
        if found.points is not None and found.point_scores is not None and found.pixels is not None:
            job.store.save_cloud(job.run_id, part.position, found.points, found.point_scores, found.pixels)
        if (index + 1) % every == 0 or index + 1 == len(parts):
            job.report(Event("progress", "maps", index + 1, len(parts)))
    return raw, np.concatenate(values)


def _decide(
    job: _Job,
    parts: list[Part],
    raw: NDArray[np.float64],
    values: NDArray[np.float32],
    embeddings: Tensor,
    timings: dict[str, float],
) -> None:
    """Re-score, find the threshold, and close the run."""
    rescored: NDArray[np.float64] | None = None
    save_embeddings(job.store, job.run_id, embeddings.numpy())
    if job.settings.windows:
        rescored = rescore(torch.from_numpy(raw), embeddings, job.settings.windows).numpy()
    final = raw if rescored is None else rescored
    threshold = label_free_threshold(final, job.settings.threshold_k)
    map_threshold = to_map_scale(threshold, rescored is not None, raw)
    low, high = display_range(values, map_threshold)
    results = [
        SampleResult(
            position=part.position,
            raw_score=float(raw[index]),
            rescored=None if rescored is None else float(rescored[index]),
            final=float(final[index]),
            flagged=bool(final[index] > threshold),
        )
        for index, part in enumerate(parts)
    ]
    job.store.finish_run(
        job.run_id,
        results,
        threshold=threshold,
        map_threshold=map_threshold,
        map_low=low,
        map_high=high,
        timings=timings,
    )


def _modality(batch: Batch, settings: ScanSettings) -> Modality:
    photos = sum(sample.image is not None for sample in batch.samples)
    clouds = sum(sample.cloud is not None for sample in batch.samples)
    if settings.modality == "auto":
        return "2d" if not clouds else "3d" if not photos else "2d+3d"
    for wanted, found, what in (("2d", photos, "photos"), ("3d", clouds, "clouds")):
        if wanted in settings.modality and not found:
            raise InputError(f"modality {settings.modality} needs {what}, but {batch.root} has none; use auto")
    return settings.modality


def _image_features(settings: ScanSettings, store: Store, device: str, background: str) -> ImageFeatures:
    backbone = load_backbone(
        settings.backbone,
        weights=settings.weights,
        image_size=settings.image_size,
        layers=settings.layers,
        device=device,
    )
    cache = TokenCache(
        store.folder / "cache",
        weights=backbone.weights_sha256,
        backbone=settings.backbone,
        image_size=backbone.image_size,
        layers=backbone.layers,
        phases=settings.phases,
        tiles=settings.tiles,
        background=background,
        camera=settings.camera,
        **({"autocast": "float16"} if device == "cuda" else {}),
    )
    return ImageFeatures(backbone, cache, settings.phases, settings.tiles)


def _cloud_features(
    settings: ScanSettings, store: Store, side: int, modality: Modality, background: str
) -> CloudFeatures:
    feature, checksum = load_point_feature(settings.point_feature, settings.point_weights)
    sizes = (settings.groups, settings.group_size, settings.group_step)
    cache = TokenCache(
        store.folder / "cache",
        feature=settings.point_feature,
        weights=checksum,
        sizes=sizes,
        side=side,
        modality=modality,  # a photo may say which cluster of points is the part
        background=background,
        camera=settings.camera,
    )
    return CloudFeatures(feature, *sizes, cache)


def _device(settings: ScanSettings) -> str:
    if settings.device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if settings.device == "cuda" and not torch.cuda.is_available():
        raise InputError("device is set to cuda, but no usable GPU was found; use --device auto or cpu")
    return settings.device


@contextmanager
def _marking_failures(store: Store, run_id: int) -> Iterator[None]:
    """Leave the run's true state in the store however the work ends."""
    try:
        yield
    except (Cancelled, KeyboardInterrupt) as stop:
        store.update_run(run_id, status="cancelled", message="stopped before it was done")
        raise Cancelled(f"run {run_id} was stopped; the same command with --resume finishes it") from stop
    except InspectorError as error:
        store.update_run(run_id, status="failed", message=str(error))
        raise
    except Exception as error:
        if is_out_of_memory(error):
            told = f"memory ran out in run {run_id}; close other programs, or choose a smaller --image-size or --memory"
            store.update_run(run_id, status="failed", message=told)
            raise InspectorError(told) from error
        store.update_run(run_id, status="failed", message=f"{type(error).__name__}: {error}")
        raise


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[stage] = round(time.perf_counter() - start, 3)
