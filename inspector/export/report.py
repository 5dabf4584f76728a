"""The HTML report: one file that opens anywhere, without network and without this program."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from inspector.data.photos import shrink
from inspector.errors import InputError, StoreError
from inspector.export.cloud_rendering import render_cloud
from inspector.export.facts import list_facts
from inspector.export.histogram import count_scores, find_axis
from inspector.export.isolates import isolate_path, mark_up
from inspector.export.rendering import encode
from inspector.export.shared_regions import SharedRegion, SharedRegionCollector
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.story import Story
from inspector.export.words import Words
from inspector.export.writer import Export, Writer
from inspector.files import replacing
from inspector.store.records import SampleRecord, rank_samples
from inspector.store.run_facts import list_notes
from inspector.times import write_local

REPORT_SAMPLES = 200
"""Samples shown with pictures, highest scores first; the others are listed with their score only."""

CARD_SIDE = 420
"""Longer side of the pictures in the report, in pixels."""


@dataclass(frozen=True)
class Card:
    """The pictures of one sample in the report, as JPEG bytes: photo and overlay of one size, and its scored cloud.

    `regions` are peak, area in words, and the place of the peak in pixels of each region that counts.
    """

    photo: bytes = field(repr=False)
    overlay: bytes = field(repr=False)
    cloud: bytes | None = field(default=None, repr=False)
    regions: Sequence[tuple[float, str, int, int]] = ()


def write_report(
    story: Story,
    cards: Mapping[int, Card],
    path: str | Path,
    shared: Sequence[SharedRegion] = (),
    unshown: Mapping[int, str] | None = None,
) -> Path:
    """Write the report of a finished run.

    Args:
        story: the run, its samples, and what was said of them.
        cards: pictures by sample position; samples without are listed by score only.
        path: the file to write.
        shared: groups of samples that share a region.
        unshown: what is wrong with the files of samples that have no pictures, by position.

    Returns:
        `path`.
    """
    path = Path(path)
    run, samples, say = story.run, story.samples, story.say
    ranking = rank_samples(samples)
    scores, threshold = [sample.final or 0.0 for sample in ranking], run.threshold or 0.0
    environment = Environment(
        loader=PackageLoader("inspector.export", "."), autoescape=True, undefined=StrictUndefined, finalize=mark_up
    )
    environment.filters.update(embedded=_embed, isolated=isolate_path)
    page = environment.get_template("report.html").render(
        run=run,
        story=story,
        say=say,
        date=write_local(run.created)[:10],
        shown=[(rank, s, cards[s.position]) for rank, s in enumerate(ranking, 1) if s.position in cards],
        listed=[
            (rank, s, _tell_remarks(s, unshown or {}, say))
            for rank, s in enumerate(ranking, 1)
            if s.position not in cards
        ],
        unreadable=[s for s in samples if s.status == "unreadable"],
        facts=list_facts(run, samples, say),
        notes=list_notes(run.notes),
        heading=story.describe_outcome([each.told for each in shared]),
        shared=shared,
        unseen=story.describe_unseen(),
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
        self._unshown: dict[int, str] = {}
        self._shared = SharedRegionCollector(run)

    def wants_more(self) -> bool:
        """Only so many are shown with pictures, and those that share a region."""
        return len(self._cards) < REPORT_SAMPLES or self._shared.wants_more()

    def add(self, sample: ShownSample) -> None:
        """Keep the pictures of a sample, made small, and what it shares with others; or why there are none."""
        position = sample.record.position
        try:
            self._shared.add(sample)
            if len(self._cards) < REPORT_SAMPLES:
                self._cards[position] = make_card(sample)
        except (InputError, StoreError) as error:
            self._unshown[position] = str(error)
            raise

    def finish(self) -> None:
        """Write the page."""
        story = Story.load(self._run)
        write_report(story, self._cards, self.path, self._shared.describe(story.say), self._unshown)


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


def _tell_remarks(sample: SampleRecord, unshown: Mapping[int, str], say: Words) -> str:
    """Say what is to be known of a sample, and why it has no pictures."""
    return "; ".join(say.prose(each) for each in (sample.reason, unshown.get(sample.position, "")) if each)


def _embed(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


REPORT = Export("Report (HTML)", ReportWriter)
