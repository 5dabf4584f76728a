"""The HTML report: one file that opens anywhere, without network and without this program."""

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from inspector.data.photos import shrink
from inspector.decision.recurring import UNSEEN_IN_WORDS, tell_group
from inspector.export.cloud_rendering import render_cloud
from inspector.export.rendering import cut_out, encode
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.writer import Export, Writer
from inspector.files import replacing
from inspector.settings import ScanSettings
from inspector.store.claims import IMPORTED
from inspector.store.groups import Box
from inspector.store.records import RunRecord, SampleRecord, rank_samples
from inspector.times import write_local

REPORT_SAMPLES = 200
"""Samples shown with pictures, highest scores first; the others are listed with their score only."""

CARD_SIDE = 420
"""Longer side of the pictures in the report, in pixels."""

CUT_SIDE = 180
"""Longer side of the cut-outs of a shared region at most, in pixels."""

HISTOGRAM_BINS = 40

AGGREGATIONS = {
    "lnamd": "LNAMD",
    "lnamd-mean": "mean of LNAMD",
    "lnamd-joined": "mean of LNAMD, layers joined,",
    "snamd": "SNAMD",
}
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


@dataclass(frozen=True)
class SharedRegion:
    """What the report says of a group: its number, what it is and what was said of it, names and JPEG cut-outs."""

    number: int
    told: str
    mark: str
    cuts: Sequence[tuple[str, bytes]] = field(repr=False)


def write_report(
    run: RunRecord,
    samples: Sequence[SampleRecord],
    cards: Mapping[int, Card],
    path: str | Path,
    shared: Sequence[SharedRegion] = (),
) -> Path:
    """Write the report of a finished run.

    Args:
        run: the run.
        samples: all its samples.
        cards: pictures by sample position; samples without are listed by score only.
        path: the file to write.
        shared: groups of samples that share a region.

    Returns:
        `path`.
    """
    path = Path(path)
    ranking = rank_samples(samples)
    environment = Environment(loader=PackageLoader("inspector.export", "."), autoescape=True, undefined=StrictUndefined)
    environment.filters["embedded"] = _embed
    page = environment.get_template("report.html").render(
        run=run,
        date=write_local(run.created)[:10],
        shown=[(rank, s, cards[s.position]) for rank, s in enumerate(ranking, 1) if s.position in cards],
        listed=[(rank, s) for rank, s in enumerate(ranking, 1) if s.position not in cards],
        unreadable=[s for s in samples if s.status == "unreadable"],
        facts=_list_facts(run, samples),
        shared=shared,
        unseen=UNSEEN_IN_WORDS,
        bars=count_scores([s.final or 0.0 for s in ranking], run.threshold or 0.0),
        axis=_find_axis([s.final or 0.0 for s in ranking], run.threshold or 0.0),
    )
    with replacing(path) as beside:
        beside.write_text(page, encoding="utf-8")
    return path


def count_scores(scores: Sequence[float], threshold: float) -> list[Bar]:
    """Count scores in equal bins over the axis of `_find_axis`; heights in percent of the fullest bin.

    A bar counts as flagged where its middle lies above the threshold.
    """
    axis = _find_axis(scores, threshold)
    counts, edges = np.histogram(scores, bins=HISTOGRAM_BINS, range=(axis["low"], axis["high"]))
    top = max(int(counts.max()), 1)
    width = 100 / HISTOGRAM_BINS
    middles = (edges[:-1] + edges[1:]) / 2
    return [
        Bar(100 * index / HISTOGRAM_BINS, width, 100 * int(count) / top, bool(middle > threshold))
        for index, (count, middle) in enumerate(zip(counts, middles, strict=True))
    ]


def _find_axis(scores: Sequence[float], threshold: float) -> dict[str, float]:
    """Ends of the score axis, and the place of the threshold on it in percent."""
    low, high = min((*scores, threshold)), max((*scores, threshold))
    margin = 0.04 * (high - low) or 0.5
    low, high = max(0.0, low - margin), high + margin
    return {"low": low, "high": high, "threshold": 100 * (threshold - low) / (high - low)}


def _list_facts(run: RunRecord, samples: Sequence[SampleRecord]) -> list[tuple[str, str]]:
    settings = run.settings
    seconds = sum(run.timings.values())
    return [
        ("Folder", run.root),
        ("Run", f"{run.id}, {write_local(run.created)}"),
        ("Samples", f"{len(samples)} ({run.unreadable} unreadable)"),
        *_describe_variants(samples),
        *([("Left out", f"{len(run.left_out)}, listed below")] if run.left_out else []),
        *([("Value range", run.ranges_in_words)] if run.value_range else []),
        *(_describe_photos(run) if run.modality != "3d" else []),
        *(_describe_clouds(run) if run.modality != "2d" else []),
        (
            "Score",
            _describe_score(run),
        ),
        ("Threshold", f"{run.threshold:.4f}. {run.why_threshold or _describe_rule(settings)}"),
        ("Time", f"{seconds:.1f} s, {1000 * seconds / max(1, len(samples)):.0f} ms a sample"),
        ("Version", run.version),
    ]


def _describe_score(run: RunRecord) -> str:
    """Say what the scores of a run are."""
    if run.layout == IMPORTED:
        return "as it was imported"
    return f"re-scored ({run.rescoring}), 0 to 1 in this batch" if run.rescoring else "largest distance in the map"


def _describe_variants(samples: Sequence[SampleRecord]) -> list[tuple[str, str]]:
    """Say which groups of parts were judged apart, if any."""
    counts = sorted(Counter(sample.variant for sample in samples if sample.variant is not None).items())
    told = ", ".join(f"{count} of variant {number}" for number, count in counts)
    return [("Variants", f"{told}; each is judged among its own")] if counts else []


def _describe_rule(settings: Mapping[str, Any]) -> str:
    """Say how thresholds were found before runs kept it."""
    return f"It lies {settings['threshold_k']:g} x MAD above the median of the scores."


def _describe_photos(run: RunRecord) -> list[tuple[str, str]]:
    if run.layout == IMPORTED:
        return [("Photos", "scored by another program")]
    windows = ", ".join(map(str, run.settings["degrees"]))
    return [
        ("Photos", f"{run.backbone} on {run.device}{_describe_sizes(run)}"),
        ("Aggregation", f"{AGGREGATIONS[run.settings['aggregation']]} over {windows} patches"),
    ]


def _describe_sizes(run: RunRecord) -> str:
    """Say at which sizes photos were seen, but for the network's own."""
    own, more = run.settings.get("image_size"), run.settings.get("more_sizes", ()) if run.modality == "2d" else ()
    sizes = " and ".join(map(str, [*([own] if own else []), *more]))
    return f", {'' if own else 'also '}seen at {sizes} pixels" if sizes else ""


def _describe_clouds(run: RunRecord) -> list[tuple[str, str]]:
    settings = ScanSettings(**run.settings)
    background = settings.background_of(run.layout)
    return [
        (
            "Clouds",
            f"{POINT_FEATURES[settings.point_feature]}, {settings.groups} groups of {settings.group_size} points",
        ),
        ("Background", "left as it is" if background == "off" else f"cut off as in {BACKGROUNDS[background]}"),
    ]


class ReportWriter(Writer):
    """Collects the pictures of the highest scores, then writes the page."""

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Write `report.html`."""
        super().__init__(folder / "report.html")
        self._run = run
        self._cards: dict[int, Card] = {}
        self._groups = run.workspace.groups.of_run(run.record.id)
        self._cuts: dict[int, list[tuple[str, bytes]]] = {group.number: [] for group in self._groups}
        self._members = {member.position for group in self._groups for member in group.members}

    def wants_more(self) -> bool:
        """Only so many are shown with pictures, and those that share a region."""
        return len(self._cards) < REPORT_SAMPLES or bool(self._members)

    def add(self, sample: ShownSample) -> None:
        """Keep the pictures of a sample, made small, and what it shares with others."""
        position = sample.record.position
        if len(self._cards) < REPORT_SAMPLES:
            self._cards[position] = make_card(sample)
        for group in self._groups:
            for member in group.members:
                if member.position == position:
                    self._cuts[group.number].append((sample.record.name, make_cut(sample, member.box)))
        self._members.discard(position)

    def finish(self) -> None:
        """Write the page."""
        count = sum(sample.final is not None for sample in self._run.samples)
        shared = [
            SharedRegion(each.number, tell_group(len(each.members), count), each.mark, self._cuts[each.number])
            for each in self._groups
        ]
        write_report(self._run.record, self._run.samples, self._cards, self.path, shared)


def make_card(sample: ShownSample) -> Card:
    """Make the pictures of a sample."""
    pictures = [shrink(sample.photo, CARD_SIDE), shrink(sample.overlay, CARD_SIDE)]
    if sample.cloud is not None:
        width, size = sample.photo.shape[1], pictures[0].shape[:2]
        pictures.append(render_cloud(*sample.cloud, width, sample.run.display_range, size=size))
    return Card(*(encode(shown, ".jpg") for shown in pictures))


def make_cut(sample: ShownSample, box: Box) -> bytes:
    """Cut what a sample shares with others out of its photo, as JPEG."""
    return encode(cut_out(sample.photo, box, CUT_SIDE), ".jpg")


def _embed(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


REPORT = Export("Report (HTML)", ReportWriter)
