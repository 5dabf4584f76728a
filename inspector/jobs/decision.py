"""The last stage of a scan: scores are re-scored over neighbours, the threshold is found, every part is decided."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from inspector.data.parts import Part
from inspector.decision.calibration import Calibration
from inspector.jobs.accepted import choose_carried
from inspector.jobs.job import Job
from inspector.jobs.maps import MapScores
from inspector.scoring.embeddings import Neighbourhood
from inspector.scoring.rescoring import rescore_as
from inspector.scoring.variants import Variants
from inspector.settings import ScanSettings
from inspector.store.embeddings import save_embeddings
from inspector.store.records import RunResult, SampleResult
from inspector.store.run_facts import make_event


def decide(
    job: Job,
    parts: Sequence[Part],
    kept: MapScores,
    neighbourhood: Neighbourhood,
    variants: Variants,
    timings: dict[str, float],
) -> None:
    """Re-score, find the threshold, and close the run.

    Parts that lack a photo or a cloud which others have are decided by the scales of the others, and are not counted in
    these.

    Args:
        job: the scan.
        parts: the usable parts, N of them.
        kept: their raw scores and values of their maps.
        neighbourhood: embeddings (N, D) by which samples are neighbours.
        variants: which parts were judged among themselves.
        timings: seconds by stage, kept with the run.
    """
    embeddings = neighbourhood.embeddings.numpy()
    save_embeddings(job.workspace, job.run_id, embeddings)
    positions = [part.position for part in parts]
    calibration, results = judge_scores(
        positions, kept, embeddings, neighbourhood.kind, _find_complete(parts), job.settings, variants.numbers
    )
    kind = neighbourhood.kind if job.settings.windows else ""
    result = RunResult(calibration, kind, timings)
    for note in job.workspace.runs.finish(job.run_id, results, result, choose_carried(job, parts)):
        job.report(make_event(note, "maps"))


def judge_scores(
    positions: Sequence[int],
    kept: MapScores,
    embeddings: NDArray[np.float32],
    kind: str,
    counts: NDArray[np.bool_],
    settings: ScanSettings,
    variants: Sequence[int | None] | NDArray[np.integer],
) -> tuple[Calibration, list[SampleResult]]:
    """Re-score samples and find the threshold.

    Args:
        positions: in the batch, N of them.
        kept: their raw scores and values of their maps.
        embeddings: (N, D) float32.
        kind: of re-scoring with them, as `rescore_as` takes it.
        counts: (N,) bool, whether a sample is counted where scales and threshold are found.
        settings: windows of re-scoring, and the rule of the threshold.
        variants: (N,), number of each sample's variant; 0 or None = there are none.

    Returns:
        The scales, and what was found of each sample.
    """
    rescored: NDArray[np.float64] | None = None
    if settings.windows:
        neighbours, counted = torch.from_numpy(embeddings), torch.from_numpy(counts)
        raw = torch.from_numpy(kept.raw)
        rescored = rescore_as(kind, raw, neighbours, settings.windows, counts=counted).numpy()
    final = kept.raw if rescored is None else rescored
    calibration = Calibration.fit(
        kept.raw[counts],
        final[counts],
        np.concatenate([values for values, counted in zip(kept.map_values, counts, strict=True) if counted]),
        rescored=rescored is not None,
        threshold_k=settings.threshold_k,
        rule=settings.threshold,
    )
    results = [
        SampleResult(
            position=position,
            raw_score=float(kept.raw[index]),
            rescored=None if rescored is None else float(rescored[index]),
            final=float(final[index]),
            flagged=calibration.apply(float(final[index])),
            variant=int(variants[index] or 0) or None,
        )
        for index, position in enumerate(positions)
    ]
    return calibration, results


def _find_complete(parts: Sequence[Part]) -> NDArray[np.bool_]:
    """Return which parts have every modality that the batch has, (N,) bool; all True where none has."""
    complete = np.array([bool(part.image_key) and bool(part.cloud_key) for part in parts])
    photos, clouds = (any(getattr(part, key) for part in parts) for key in ("image_key", "cloud_key"))
    return complete if photos and clouds and complete.any() else np.ones(len(parts), dtype=bool)
