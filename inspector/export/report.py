"""The HTML report: one file that opens anywhere, without network and without this program."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from inspector.data.photos import shrink
from inspector.decision.recurring import UNSEEN_IN_WORDS, tell_group
from inspector.export.cloud_rendering import render_cloud
from inspector.export.facts import list_facts
from inspector.export.histogram import count_scores, find_axis
from inspector.export.rendering import cut_out, encode
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.story import Story
from inspector.export.writer import Export, Writer
from inspector.files import replacing
from inspector.store.groups import Box
from inspector.store.records import rank_samples
from inspector.times import write_local

REPORT_SAMPLES = 200
"""Samples shown with pictures, highest scores first; the others are listed with their score only."""

CARD_SIDE = 420
"""Longer side of the pictures in the report, in pixels."""

CUT_SIDE = 180
"""Longer side of the cut-outs of a shared region at most, in pixels."""


@dataclass(frozen=True)
class Card:
    """The pictures of one sample in the report, as JPEG bytes: photo and overlay of one size, and its scored cloud.

    `regions` are peak, area in words, and the place of the peak in pixels of each region that counts.
    """

    photo: bytes = field(repr=False)
    overlay: bytes = field(repr=False)
    cloud: bytes | None = field(default=None, repr=False)
    regions: Sequence[tuple[float, str, int, int]] = ()


@dataclass(frozen=True)
class SharedRegion:
    """What the report says of a group: its number, what it is and what was said of it, names and JPEG cut-outs."""

    number: int
    told: str
    mark: str
    cuts: Sequence[tuple[str, bytes]] = field(repr=False)


def write_report(
    story: Story, cards: Mapping[int, Card], path: str | Path, shared: Sequence[SharedRegion] = ()
) -> Path:
    """Write the report of a finished run.

    Args:
        story: the run, its samples, and what was said of them.
        cards: pictures by sample position; samples without are listed by score only.
        path: the file to write.
        shared: groups of samples that share a region.

    Returns:
        `path`.
    """
    path = Path(path)
    run, samples, say = story.run, story.samples, story.say
    ranking = rank_samples(samples)
    scores, threshold = [sample.final or 0.0 for sample in ranking], run.threshold or 0.0
    environment = Environment(loader=PackageLoader("inspector.export", "."), autoescape=True, undefined=StrictUndefined)
    environment.filters["embedded"] = _embed
    page = environment.get_template("report.html").render(
        run=run,
        story=story,
        say=say,
        date=write_local(run.created)[:10],
        shown=[(rank, s, cards[s.position]) for rank, s in enumerate(ranking, 1) if s.position in cards],
        listed=[(rank, s) for rank, s in enumerate(ranking, 1) if s.position not in cards],
        unreadable=[s for s in samples if s.status == "unreadable"],
        facts=list_facts(run, samples, say),
        shared=shared,
        unseen=say.sentence(UNSEEN_IN_WORDS),
        bars=count_scores(scores, threshold),
        axis=find_axis(scores, threshold),
    )
    with replacing(path) as beside:
        beside.write_text(page, encoding="utf-8")
    return path


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
        story = Story.load(self._run)
        told = [story.say.sentence(tell_group(len(each.members), count)) for each in self._groups]
        shared = [
            SharedRegion(each.number, words, each.mark, self._cuts[each.number])
            for each, words in zip(self._groups, told, strict=True)
        ]
        write_report(story, self._cards, self.path, shared)


def make_card(sample: ShownSample) -> Card:
    """Make the pictures of a sample."""
    pictures = [shrink(sample.photo, CARD_SIDE), shrink(sample.overlay, CARD_SIDE)]
    if sample.cloud is not None:
        width, size = sample.photo.shape[1], pictures[0].shape[:2]
        pictures.append(render_cloud(*sample.cloud, width, sample.run.display_range, size=size))
    photo, overlay, *cloud = (encode(shown, ".jpg") for shown in pictures)
    return Card(photo, overlay, cloud[0] if cloud else None, list_regions(sample))


def list_regions(sample: ShownSample) -> list[tuple[float, str, int, int]]:
    """Return peak, area in words, and the place of the peak of each region that counts, highest peak first."""
    rule = sample.run.record.region_rule
    return [(region.peak, rule.say_area(region.area), region.peak_x, region.peak_y) for region in sample.regions]


def make_cut(sample: ShownSample, box: Box) -> bytes:
    """Cut what a sample shares with others out of its photo, as JPEG."""
    return encode(cut_out(sample.photo, box, CUT_SIDE), ".jpg")


def _embed(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


REPORT = Export("Report (HTML)", ReportWriter)
