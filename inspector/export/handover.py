"""What leaves the station besides the report: verdicts, masks and coloured clouds."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path

import numpy as np

from inspector.errors import StoreError
from inspector.events import Event, Report, silent
from inspector.export.ply import scored_ply
from inspector.export.rendering import encode, heat_map
from inspector.export.run import file_names
from inspector.files import replacing
from inspector.geometry.grid import stretch_map
from inspector.store.records import RunRecord, SampleRecord, VerdictRecord
from inspector.store.workspace import Workspace

VERDICT_COLUMNS = (
    "path",
    "raw_score",
    "rescored",
    "decision",
    "verdict",
    "operator",
    "time",
    "comment",
    "status",
    "reason",
)


def write_verdicts(samples: Sequence[SampleRecord], verdicts: Sequence[VerdictRecord], path: Path) -> None:
    """Write one CSV line per sample in batch order, with the verdict that stands; unknown values are empty.

    Args:
        samples: all of a run.
        verdicts: all of a run, oldest first. Times are written in UTC, ISO 8601.
        path: the file.
    """
    newest: Mapping[int, VerdictRecord] = {verdict.sample_id: verdict for verdict in verdicts}
    with replacing(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(VERDICT_COLUMNS)
        for sample in samples:
            decision = "" if sample.flagged is None else ("flagged" if sample.flagged else "passed")
            scores = ("" if score is None else repr(score) for score in (sample.raw_score, sample.rescored))
            said = _said(newest.get(sample.id))
            writer.writerow((sample.name, *scores, decision, *said, sample.status, sample.reason))


def write_masks(
    store: Workspace, run: RunRecord, samples: Sequence[SampleRecord], folder: Path, report: Report = silent
) -> None:
    """Write `masks/<name>.png` for each scored sample: 255 above the threshold, else 0, at the size of its photo.

    Raises:
        StoreError: the run is not done.
    """
    if run.map_threshold is None:
        raise StoreError(f"run {run.id} has no threshold yet; finish it first")
    scored = [sample for sample in samples if sample.final is not None and sample.width and sample.height]
    names = file_names(scored)
    for done, sample in enumerate(scored, start=1):
        size = (sample.height or 1, sample.width or 1)
        mask = (stretch_map(store.artefacts.load_map(run.id, sample.position), size) > run.map_threshold).astype(
            np.uint8
        ) * 255
        with replacing(folder / "masks" / f"{names[sample.position]}.png") as beside:
            beside.write_bytes(encode(mask))
        report(Event("progress", "export", done, len(scored)))


def write_clouds(
    store: Workspace, run: RunRecord, samples: Sequence[SampleRecord], folder: Path, report: Report = silent
) -> int:
    """Write `clouds/<name>.ply` for each sample whose scored cloud was kept, coloured by score; return how many."""
    kept = [sample for sample in samples if store.artefacts.cloud_path(run.id, sample.position).exists()]
    names = file_names(kept)
    value_range = (run.map_low or 0.0, run.map_high if run.map_high is not None else 1.0)
    for done, sample in enumerate(kept, start=1):
        cloud = store.artefacts.load_cloud(run.id, sample.position)
        if cloud is None:
            continue
        points, scores, _ = cloud
        with replacing(folder / "clouds" / f"{names[sample.position]}.ply") as beside:
            beside.write_bytes(scored_ply(points, scores, heat_map(scores[None], value_range)[0]))
        report(Event("progress", "export", done, len(kept)))
    return len(kept)


def _said(verdict: VerdictRecord | None) -> tuple[str, str, str, str]:
    if verdict is None:
        return "undecided", "", "", ""
    return verdict.new, verdict.operator, verdict.time.replace(tzinfo=UTC).isoformat(), verdict.comment
