"""Scores brought in line with the marks of groups: members of a defect are scored without each other."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inspector.decision.calibration import BY_HAND, Calibration
from inspector.decision.verdict_threshold import is_by_verdicts
from inspector.geometry.roi import Roi
from inspector.jobs.decision import judge_scores
from inspector.jobs.maps import MapScores, choose_map_values, thin_map
from inspector.settings import ScanSettings
from inspector.store.embeddings import load_embeddings
from inspector.store.groups import GroupRecord, choose_followed
from inspector.store.records import RunRecord, SampleRecord
from inspector.store.rois import load_roi
from inspector.store.workspace import Workspace


def follow_marks(store: Workspace, run_id: int, operator: str) -> bool:
    """Bring scores, maps and threshold of a run in line with the marks of its groups.

    Nothing is compared anew: the scan kept what members show with and without each other. A threshold that was set by
    hand stays. Interrupted, even killed, it begins again the next time it is called.

    Args:
        store: the workspace.
        run_id: a run; one that is not done, or was scanned without `recurring` = correct, stays as it is.
        operator: whose mark it was.

    Returns:
        Whether anything changed.

    Raises:
        StoreError: there is no such run, or its files are missing, damaged or cannot be written.
    """
    if _find_out_of_date(store, run_id) is None:
        return False
    with store.artefacts.hold_maps(run_id):
        while (found := _find_out_of_date(store, run_id)) is not None:  # again where a group was marked meanwhile
            store.artefacts.note_maps_under_way(run_id)
            if _judge_again(store, *found, operator):
                store.artefacts.note_maps_done(run_id)
    return True


OutOfDate = tuple[RunRecord, Sequence[SampleRecord], Sequence[GroupRecord], Sequence[bool]]
"""A run, its samples that have scores, its groups, and whether scores should follow each of them."""


def _find_out_of_date(store: Workspace, run_id: int) -> OutOfDate | None:
    """Return a run whose scores are not in line with the marks of its groups, or None where they are."""
    run = store.runs.get(run_id)
    samples = [sample for sample in store.runs.samples(run_id) if sample.raw_score is not None]
    groups = store.groups.of_run(run_id)
    wanted = choose_followed(groups)
    in_line = wanted == [group.corrected for group in groups] and not store.artefacts.are_maps_under_way(run_id)
    return None if run.status != "done" or in_line else (run, samples, groups, wanted)


def _judge_again(
    store: Workspace,
    run: RunRecord,
    samples: Sequence[SampleRecord],
    groups: Sequence[GroupRecord],
    wanted: Sequence[bool],
    operator: str,
) -> bool:
    """Write maps, scores and threshold anew; return False where somebody moved the threshold meanwhile: try again."""
    raw = _save_maps(store, run.id, groups, wanted)
    most, roi = choose_map_values(len(samples)), load_roi(store, run.id)
    kept = MapScores(
        np.array([raw.get(sample.position, sample.raw_score) for sample in samples], np.float64),
        [_read_values(store, run, roi, sample, most) for sample in samples],
    )
    _, embeddings = load_embeddings(store, run.id)
    calibration, results = judge_scores(
        [sample.position for sample in samples],
        kept,
        embeddings,
        run.rescoring,
        np.ones(len(samples), dtype=bool),
        ScanSettings.model_validate(run.settings),
        [sample.variant for sample in samples],
    )
    before = run.calibration and Calibration.from_json(run.calibration)
    if before and (before.why == BY_HAND or is_by_verdicts(before.why)):
        calibration = replace(calibration, threshold=before.threshold, sure=before.sure, why=before.why)
        results = [replace(result, flagged=calibration.apply(result.final)) for result in results]
    followed = {group.id: follows for group, follows in zip(groups, wanted, strict=True)}
    return store.runs.judge_again(run.id, results, calibration, followed, operator, expected=run.threshold)


def _read_values(
    store: Workspace, run: RunRecord, roi: Roi | None, sample: SampleRecord, most: int
) -> NDArray[np.float32]:
    """Read at most `most` values of a sample's map, of those in the region of interest."""
    anomaly_map = store.artefacts.load_map(run.id, sample.position)
    if roi is None or not sample.height or not sample.width or not roi.fits((sample.height, sample.width)):
        return thin_map(anomaly_map, most)
    return thin_map(anomaly_map, most, roi.cover((anomaly_map.shape[0], anomaly_map.shape[1]), run.alignment))


def _save_maps(
    store: Workspace, run_id: int, groups: Sequence[GroupRecord], wanted: Sequence[bool]
) -> dict[int, float]:
    """Save the map of each member, with or without correction; return their raw scores, by position.

    A member of several groups gets the highest value of all its maps at each pixel.
    """
    plain_scores = {sample.position: sample.plain_score for sample in store.runs.samples(run_id)}
    following: dict[int, list[tuple[int, float]]] = {}
    for group, follows in zip(groups, wanted, strict=True):
        for member in group.members:
            shown = following.setdefault(member.position, [])
            if follows and member.corrected_score is not None:
                shown.append((group.number, member.corrected_score))
    scores = {}
    for position, shown in following.items():
        maps = [store.artefacts.load_map(run_id, position, plain=True)]
        maps += [store.artefacts.load_map(run_id, position, group=number) for number, _ in shown]
        store.artefacts.save_map(run_id, position, np.max(maps, axis=0))
        _save_points(store, run_id, position, [number for number, _ in shown])
        scores[position] = max([plain_scores[position] or 0.0, *(score for _, score in shown)])
    return scores


def _save_points(store: Workspace, run_id: int, position: int, followed: Sequence[int]) -> None:
    """Save what the points of a member's cloud score, if it has one, where scores follow groups of these numbers."""
    cloud = store.artefacts.load_cloud(run_id, position)
    if cloud is not None:
        points, _, pixels = cloud
        each = [store.artefacts.load_point_scores(run_id, position, number) for number in (None, *followed)]
        store.artefacts.save_cloud(run_id, position, points, np.max(each, axis=0), pixels)
