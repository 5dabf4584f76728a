"""A run as files: CSV, overlays, raw maps, scored clouds, and one self-contained HTML report."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import tifffile
from numpy.typing import NDArray

from inspector.data.photos import read_image, shrink
from inspector.errors import InputError, StoreError
from inspector.events import Event, Report, silent
from inspector.export.cloud_rendering import render_cloud
from inspector.export.ply import scored_ply
from inspector.export.rendering import draw_contours, encode, heat_map, overlay
from inspector.export.report import REPORT_SAMPLES, Card, write_report
from inspector.files import replacing
from inspector.geometry.grid import stretch_map
from inspector.store.records import RunRecord, SampleRecord
from inspector.store.workspace import Workspace

COLUMNS = ("path", "raw_score", "rescored", "decision", "status", "reason")

CARD_SIDE = 420
"""Longer side of the pictures in the report, in pixels."""


def export_run(store: Workspace, run_id: int, folder: Path, report: Report = silent) -> Path:
    """Write a run to a folder: `scores.csv`, `overlays/`, `maps/`, `clouds/` and `report.html`.

    Overlays (PNG) and maps (32-bit float TIFF) have the size of their photo, clouds (PLY) the points that were scored,
    with `score` and the colour it has in overlays. A photo that is gone is left out with a warning; the rest is
    written.

    Args:
        store: where the run is.
        run_id: a run that is done.
        folder: made where there is none; files of the same names are replaced.
        report: receives progress and warnings.

    Returns:
        The path of the report.

    Raises:
        StoreError: the run does not exist or is not done, or the folder cannot be written.
    """
    run = store.runs.get(run_id)
    if run.status != "done":
        raise StoreError(f"run {run_id} is {run.status}, not done; finish it with `inspector scan {run.root} --resume`")
    samples = store.runs.samples(run_id)
    try:
        write_scores(samples, folder / "scores.csv")
        cards = _export_pictures(store, run, samples, folder, report)
        return write_report(run, samples, cards, folder / "report.html")
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror or error}; choose another folder") from error


def write_scores(samples: Sequence[SampleRecord], path: Path) -> None:
    """Write one CSV line per sample in batch order; unknown values are empty."""
    with replacing(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for sample in samples:
            decision = "" if sample.flagged is None else ("flagged" if sample.flagged else "passed")
            scores = ("" if score is None else repr(score) for score in (sample.raw_score, sample.rescored))
            writer.writerow((sample.name, *scores, decision, sample.status, sample.reason))


def _export_pictures(
    store: Workspace, run: RunRecord, samples: Sequence[SampleRecord], folder: Path, report: Report
) -> dict[int, Card]:
    """Write overlays, maps and clouds; return the report's cards by position, for the highest scores."""
    scored = sorted((s for s in samples if s.final is not None), key=lambda s: -(s.final or 0.0))
    files = file_names(scored)
    cards: dict[int, Card] = {}
    for done, sample in enumerate(scored, start=1):
        try:
            photo = read_image(store.artefacts.picture_of(sample) or Path())
            anomaly_map = stretch_map(store.artefacts.load_map(run.id, sample.position), photo.shape[:2])
            cloud = store.artefacts.load_cloud(run.id, sample.position)
        except (InputError, StoreError) as error:
            report(Event("warning", "export", message=f"{sample.name}: {error}"))
            continue
        picture = _decorated(photo, anomaly_map, run)
        name = files[sample.position]
        with replacing(folder / "overlays" / f"{name}.png") as beside:
            beside.write_bytes(encode(picture))
        with replacing(folder / "maps" / f"{name}.tiff") as beside:
            tifffile.imwrite(beside, anomaly_map)
        if cloud is not None:
            with replacing(folder / "clouds" / f"{name}.ply") as beside:
                beside.write_bytes(scored_ply(cloud[0], cloud[1], heat_map(cloud[1][None], _range(run))[0]))
        if len(cards) < REPORT_SAMPLES:
            pictures = [shrink(photo, CARD_SIDE), shrink(picture, CARD_SIDE)]
            if cloud is not None:
                pictures.append(render_cloud(*cloud, photo.shape[1], _range(run), size=pictures[0].shape[:2]))
            cards[sample.position] = Card(*(encode(shown, ".jpg") for shown in pictures))
        report(Event("progress", "export", done, len(scored)))
    return cards


def _decorated(photo: NDArray[np.uint8], anomaly_map: NDArray[np.float32], run: RunRecord) -> NDArray[np.uint8]:
    assert run.map_threshold is not None
    return draw_contours(overlay(photo, anomaly_map, _range(run)), anomaly_map, run.map_threshold)


def _range(run: RunRecord) -> tuple[float, float]:
    """Values of the coldest and the hottest colour of a run that is done."""
    assert run.map_low is not None
    assert run.map_high is not None
    return run.map_low, run.map_high


def file_names(samples: Sequence[SampleRecord]) -> dict[int, str]:
    """File names without suffix, by position; the photo's suffix is kept where two differ only in it."""
    bare = {sample.position: str(PurePosixPath(sample.name).with_suffix("")) for sample in samples}
    uses = Counter(name.casefold() for name in bare.values())
    return {
        sample.position: bare[sample.position] if uses[bare[sample.position].casefold()] == 1 else sample.name
        for sample in samples
    }
