"""The main job, from a batch of files to a run in the store: the only file that knows every stage."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inspector.data.samples import Batch
from inspector.errors import Cancelled, InputError, InspectorError
from inspector.events import Event, Report, silent
from inspector.features.aggregation import lnamd
from inspector.features.backbones import Backbone, load_backbone
from inspector.features.cache import TokenCache
from inspector.features.image_tokens import Photo, cache_tokens
from inspector.results.embeddings import save_embeddings
from inspector.results.render import display_range, encode
from inspector.results.store import SampleResult, Store
from inspector.scoring.maps import grid_maps
from inspector.scoring.mutual import lowest_mean, nearest_distances
from inspector.scoring.rescoring import rescore
from inspector.scoring.threshold import label_free_threshold, to_map_scale
from inspector.settings import ScanSettings

MAP_CHUNK = 64
"""Maps computed at a time when image scores are taken from them."""


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
        WeightsError: the weights of the backbone are missing or damaged.
        StoreError: the workspace cannot be written.
        Cancelled: `report` asked for it.
    """
    if len(batch.samples) < 2:
        raise InputError(f"{batch.root} holds one photo; mutual scoring compares parts: give at least two")
    device = _device(settings)
    backbone = load_backbone(
        settings.backbone,
        weights=settings.weights,
        image_size=settings.image_size,
        layers=settings.layers,
        device=device,
    )
    run_id = store.create_run(batch, settings) if run_id is None else run_id
    store.update_run(run_id, status="running", message="", device=device, weights_sha256=backbone.weights_sha256)
    report(Event("run", message=str(run_id)))
    for note in batch.notes:
        report(Event("warning", message=note))
    cache = TokenCache(
        store.folder / "cache",
        weights=backbone.weights_sha256,
        backbone=settings.backbone,
        image_size=backbone.image_size,
        layers=backbone.layers,
    )
    with _marking_failures(store, run_id):
        _run(_Job(run_id, batch, settings, store, report, backbone, cache))
    report(Event("result", message=str(run_id)))
    return run_id


@dataclass(frozen=True)
class _Job:
    """What all stages of one scan share."""

    run_id: int
    batch: Batch
    settings: ScanSettings
    store: Store
    report: Report
    backbone: Backbone
    cache: TokenCache


def _run(job: _Job) -> None:
    timings: dict[str, float] = {}
    with _timed(timings, "read"):
        photos = _read(job)
    if len(photos) < 2:
        known = len(job.batch.samples)
        raise InputError(f"only {len(photos)} of {known} photos in {job.batch.root} can be read; give at least two")
    with _timed(timings, "score"):
        scores, grid = _score(job, photos)
    with _timed(timings, "maps"):
        raw = _keep_maps(job, photos, scores, grid)
    _decide(job, photos, scores, raw, timings)


def _read(job: _Job) -> list[Photo]:
    """Bring the tokens of all photos into the cache; return the readable photos, without their pixels."""
    samples = job.batch.samples
    paths = [sample.image for sample in samples if sample.image is not None]
    readable = []
    done = 0
    job.report(Event("progress", "read", 0, len(samples)))
    for group in cache_tokens(paths, job.backbone, job.cache, batch_size=job.settings.batch_size):
        for photo in group:
            if photo.preview is None:
                job.report(Event("warning", "read", message=f"{samples[photo.position].name}: {photo.reason}"))
                continue
            job.store.save_thumbnail(job.run_id, photo.position, encode(photo.preview, ".jpg"))
            readable.append(Photo(photo.position, photo.sha256, photo.size))
        job.store.update_samples(job.run_id, [_as_row(photo) for photo in group])
        done += len(group)
        job.report(Event("progress", "read", done, len(samples)))
    job.store.update_run(job.run_id, unreadable=len(samples) - len(readable))
    return readable


def _as_row(photo: Photo) -> dict[str, object]:
    if photo.reason:
        return {"position": photo.position, "status": "unreadable", "reason": photo.reason}
    height, width = photo.size
    return {
        "position": photo.position,
        "status": "ok",
        "reason": "",
        "sha256": photo.sha256,
        "width": width,
        "height": height,
    }


def _score(job: _Job, photos: list[Photo]) -> tuple[Tensor, tuple[int, int]]:
    """Mean of the mutual scores over layers and degrees: (N, P), and the grid (rows, cols)."""
    steps = [(layer, degree) for layer in range(len(job.backbone.layers)) for degree in job.settings.degrees]
    rows, cols, _ = job.cache.layer(photos[0].sha256, 0).shape
    total = torch.zeros(len(photos), rows * cols)
    every = max(1, len(photos) // 50)
    work = len(steps) * len(photos)
    done = 0
    job.report(Event("progress", "score", 0, work))
    for layer, degree in steps:

        def features(sample: int, layer: int = layer, degree: int = degree) -> Tensor:
            tokens = job.cache.layer(photos[sample].sha256, layer)
            return lnamd(tokens[None].to(job.backbone.device), degree)[0]

        for sample, to_others in nearest_distances(features, len(photos), references=job.settings.references):
            total[sample] += lowest_mean(to_others, job.settings.share).cpu()
            done += 1
            if done % every == 0 or done == work:
                job.report(Event("progress", "score", done, work))
    return total / len(steps), (rows, cols)


def _keep_maps(job: _Job, photos: list[Photo], scores: Tensor, grid: tuple[int, int]) -> Tensor:
    """Keep the map of each sample; return the image scores (N,), the maxima of the maps at network input size."""
    total = len(photos)
    side = job.backbone.image_size
    raw = torch.empty(total)
    job.report(Event("progress", "maps", 0, total))
    for start in range(0, total, MAP_CHUNK):
        stop = min(start + MAP_CHUNK, total)
        raw[start:stop] = grid_maps(scores[start:stop], grid, (side, side)).amax(dim=(1, 2))
        for photo, plane in zip(photos[start:stop], scores[start:stop].view(-1, *grid).numpy(), strict=True):
            job.store.save_map(job.run_id, photo.position, plane)
        job.report(Event("progress", "maps", stop, total))
    return raw


def _decide(job: _Job, photos: list[Photo], scores: Tensor, raw: Tensor, timings: dict[str, float]) -> None:
    """Re-score, find the threshold, and close the run."""
    rescored: NDArray[np.float64] | None = None
    raw_scores = raw.double().numpy()
    embeddings = torch.stack([job.cache.embedding(photo.sha256) for photo in photos])
    save_embeddings(job.store, job.run_id, embeddings.numpy())
    if job.settings.windows:
        rescored = rescore(raw, embeddings, job.settings.windows).double().numpy()
    final = raw_scores if rescored is None else rescored
    threshold = label_free_threshold(final, job.settings.threshold_k)
    map_threshold = to_map_scale(threshold, rescored is not None, raw_scores)
    low, high = display_range(scores.numpy(), map_threshold)
    results = [
        SampleResult(
            position=photo.position,
            raw_score=float(raw_scores[index]),
            rescored=None if rescored is None else float(rescored[index]),
            final=float(final[index]),
            flagged=bool(final[index] > threshold),
        )
        for index, photo in enumerate(photos)
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
        store.update_run(run_id, status="failed", message=f"{type(error).__name__}: {error}")
        raise


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[stage] = round(time.perf_counter() - start, 3)
