"""The HTML report: one file that opens anywhere, without network and without this program."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from inspector.files import replacing
from inspector.settings import ScanSettings
from inspector.store.records import RunRecord, SampleRecord

REPORT_SAMPLES = 200
"""Samples shown with pictures, highest scores first; the others are listed with their score only."""

BINS = 40

AGGREGATIONS = {"lnamd": "LNAMD", "lnamd-mean": "mean of LNAMD", "snamd": "SNAMD"}
POINT_FEATURES = {"fpfh": "FPFH", "point-mae": "Point-MAE"}
BACKGROUNDS = {"mvtec-3d": "MVTec 3D-AD", "eyecandies": "Eyecandies"}


@dataclass(frozen=True)
class Card:
    """The pictures of one sample in the report, as JPEG bytes: photo and overlay of one size, and its scored cloud."""

    photo: bytes = field(repr=False)
    overlay: bytes = field(repr=False)
    cloud: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Bar:
    """One bar of the histogram, in percent of the drawing's width and height."""

    x: float
    width: float
    height: float
    flagged: bool


def write_report(run: RunRecord, samples: Sequence[SampleRecord], cards: Mapping[int, Card], path: Path) -> Path:
    """Write the report of a finished run.

    Args:
        run: the run.
        samples: all its samples.
        cards: pictures by sample position; samples without are listed by score only.
        path: the file to write.

    Returns:
        `path`.
    """
    scored = sorted((s for s in samples if s.final is not None), key=lambda s: -(s.final or 0.0))
    environment = Environment(loader=PackageLoader("inspector.export", "."), autoescape=True, undefined=StrictUndefined)
    environment.filters["embedded"] = _embedded
    page = environment.get_template("report.html").render(
        run=run,
        shown=[(rank, s, cards[s.position]) for rank, s in enumerate(scored, 1) if s.position in cards],
        listed=[(rank, s) for rank, s in enumerate(scored, 1) if s.position not in cards],
        unreadable=[s for s in samples if s.status == "unreadable"],
        facts=_facts(run, samples),
        bars=histogram([s.final or 0.0 for s in scored], run.threshold or 0.0),
        axis=_axis([s.final or 0.0 for s in scored], run.threshold or 0.0),
    )
    with replacing(path) as beside:
        beside.write_text(page, encoding="utf-8")
    return path


def histogram(scores: Sequence[float], threshold: float) -> list[Bar]:
    """Count scores in equal bins over the axis of `_axis`; heights in percent of the fullest bin.

    A bar counts as flagged where its middle lies above the threshold.
    """
    axis = _axis(scores, threshold)
    counts, edges = np.histogram(scores, bins=BINS, range=(axis["low"], axis["high"]))
    top = max(int(counts.max()), 1)
    return [
        Bar(100 * index / BINS, 100 / BINS, 100 * int(count) / top, bool(edges[index : index + 2].mean() > threshold))
        for index, count in enumerate(counts)
    ]


def _axis(scores: Sequence[float], threshold: float) -> dict[str, float]:
    """Ends of the score axis, and the place of the threshold on it in percent."""
    low, high = min((*scores, threshold)), max((*scores, threshold))
    margin = 0.04 * (high - low) or 0.5
    low, high = max(0.0, low - margin), high + margin
    return {"low": low, "high": high, "threshold": 100 * (threshold - low) / (high - low)}


def _facts(run: RunRecord, samples: Sequence[SampleRecord]) -> list[tuple[str, str]]:
    settings = run.settings
    seconds = sum(run.timings.values())
    return [
        ("Folder", run.root),
        ("Run", f"{run.id}, {run.created:%Y-%m-%d %H:%M} UTC"),
        ("Samples", f"{len(samples)} ({run.unreadable} unreadable)"),
        *(_of_photos(run) if run.modality != "3d" else []),
        *(_of_clouds(run) if run.modality != "2d" else []),
        (
            "Score",
            f"re-scored ({run.rescoring}), 0 to 1 in this batch" if run.rescoring else "largest distance in the map",
        ),
        ("Threshold", f"{run.threshold:.4f} (median + {settings['threshold_k']:g} x MAD)"),
        ("Time", f"{seconds:.1f} s, {1000 * seconds / max(1, len(samples)):.0f} ms a sample"),
        ("Version", run.version),
    ]


def _of_photos(run: RunRecord) -> list[tuple[str, str]]:
    windows = ", ".join(map(str, run.settings["degrees"]))
    return [
        ("Photos", f"{run.backbone} on {run.device}"),
        ("Aggregation", f"{AGGREGATIONS[run.settings['aggregation']]} over {windows} patches"),
    ]


def _of_clouds(run: RunRecord) -> list[tuple[str, str]]:
    settings = ScanSettings(**run.settings)
    background = settings.background_of(run.layout)
    return [
        (
            "Clouds",
            f"{POINT_FEATURES[settings.point_feature]}, {settings.groups} groups of {settings.group_size} points",
        ),
        ("Background", "left as it is" if background == "off" else f"cut off as in {BACKGROUNDS[background]}"),
    ]


def _embedded(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
