"""The report as PDF, laid out by Qt."""

import os
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QImage

from gui.export.pages import PdfPages
from gui.pictures.sample_picture import to_image
from gui.shell.texts import describe_unwritten
from inspector.data.photos import shrink
from inspector.errors import InputError, StoreError
from inspector.export.facts import list_facts
from inspector.export.histogram import count_scores, find_axis
from inspector.export.isolates import isolate_path
from inspector.export.rendering import draw_contours, lay_over
from inspector.export.report import list_regions
from inspector.export.shared_regions import SharedRegion, SharedRegionCollector
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.story import Story
from inspector.export.words import Words
from inspector.export.writer import Export, Writer
from inspector.files import replacing
from inspector.store.records import SampleRecord, rank_samples
from inspector.store.run_facts import list_notes

PICTURES = 60
"""Samples shown with pictures, highest scores first; the others are listed."""

PDF_PICTURE_SIDE = 420
"""Longer side of a picture in pixels."""

HEIGHT = 54
"""Of a picture on the page at most, in millimetres."""

CUTS = 60
"""Cut-outs of a group of parts that share a region, highest scores first; the others are counted."""

CUT_HEIGHT = 28
"""Of a cut-out on the page at most, in millimetres."""

ROWS = 12
"""Of a table that stay on one page."""


class PdfWriter(Writer):
    """Collects the pictures of the highest scores, then lays the report out."""

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Write `report.pdf`."""
        super().__init__(folder / "report.pdf")
        self._application = start_without_display()
        self._run = run
        self._shared = SharedRegionCollector(run)
        self._shown: list[tuple[SampleRecord, list[QImage], list[tuple[float, str, int, int]]]] = []
        self._unshown: dict[int, str] = {}

    def wants_more(self) -> bool:
        """Only so many are shown with pictures, and those that share a region."""
        return len(self._shown) < PICTURES or self._shared.wants_more()

    def add(self, sample: ShownSample) -> None:
        """Keep photo and overlay of a sample, made small, its regions, and what it shares; or why there are none."""
        try:
            self._shared.add(sample)
            if len(self._shown) < PICTURES:
                self._shown.append((sample.record, _draw(sample), list_regions(sample)))
        except (InputError, StoreError) as error:
            self._unshown[sample.record.position] = str(error)
            raise

    def finish(self) -> None:
        """Write the file."""
        story = Story.load(self._run)
        say = story.say
        title = say("Inspection report, run {number}", number=story.run.id)
        with replacing(self.path) as beside:
            pages = PdfPages(beside, title, say("Page {number}", number="{number}"))
            shared = self._shared.describe(say)
            self._write_summary(pages, story, [each.told for each in shared])
            for group in shared:
                _add_group(pages, group, say)
            for rank, (sample, pictures, regions) in enumerate(self._shown, start=1):
                told = (
                    f"<p>{say('Regions')}: {escape('; '.join(story.describe_regions(regions)))}</p>" if regions else ""
                )
                first = f"<h3>{escape(say('Samples, highest score first'))}</h3>" if rank == 1 else ""
                head = f"{first}<p><b>{rank}. {escape(story.full_name(sample))}</b> &nbsp; {_format(story, sample)}</p>"
                pages.add_pictures(head, pictures, told, HEIGHT)
            with_picture = {sample.id for sample, _, _ in self._shown}
            rest = [sample for sample in rank_samples(story.samples) if sample.id not in with_picture]
            rows = [[escape(story.full_name(s)), _format(story, s, self._unshown.get(s.position, ""))] for s in rest]
            _add_table(pages, say("Without pictures"), rows)
            pages.add_signature([say("Date"), say("Name"), say("Signature")])
            pages.end()
            if not beside.stat().st_size:
                raise OSError(describe_unwritten(self.path))

    def _write_summary(self, pages: PdfPages, story: Story, shared: Sequence[str]) -> None:
        run, say = story.run, story.say
        ranking = rank_samples(story.samples)
        pages.add(f"<h1>{escape(story.describe_outcome(shared))}</h1>")
        if not run.is_sure:
            pages.add(f"<p><b>{escape(say('Unsure.'))} {escape(say.prose(run.why_threshold))}</b></p>")
        pages.add(f"<p>{escape(story.describe_unseen())}</p>")
        facts = list_facts(run, story.samples, say)
        pages.add(_table([[escape(name), escape(value)] for name, value in facts]))
        totals = "; ".join(f"{name}: {count}" for name, count in story.list_totals())
        lines = "".join(f"<p>{escape(line)}</p>" for line in story.describe_threshold())
        pages.add(f"<h3>{escape(say('Decisions and verdicts'))}</h3><p>{escape(totals)}</p>")
        pages.add(f"<h3>{escape(say('Threshold'))}</h3>{lines}")
        scores, threshold = [sample.final or 0.0 for sample in ranking], run.threshold or 0.0
        axis = find_axis(scores, threshold)
        text = say(
            "Number of samples by score; the dashed line is the threshold, {value}.", value=say.number(threshold)
        )
        ends = (say.number(axis["low"]), say.number(axis["high"]))
        pages.add_histogram(count_scores(scores, threshold), axis["threshold"], ends, f"<p>{escape(text)}</p>")
        differ = story.disagreements
        if differ:
            title = say("Program and operator differ: {count}", count=len(differ))
            _add_table(pages, title, [[escape(story.full_name(s)), _format(story, s)] for s in differ])
        broken = [s for s in story.samples if s.status == "unreadable"]
        rows = [
            [escape(story.full_name(s)), f"{escape(say.prose(s.reason))} {_format_verdict(story, s)}"] for s in broken
        ]
        _add_table(pages, say("Could not be read"), rows)
        rows = [[escape(isolate_path(name)), escape(say.prose(reason))] for name, reason in run.left_out]
        _add_table(pages, say("Left out"), rows)
        _add_table(pages, say("Notes"), [[escape(say.prose(note))] for note in list_notes(run.notes)])


PDF = Export("Report (PDF)", PdfWriter)


def start_without_display() -> QCoreApplication:
    """Return the app where it runs; else, on the command line, make one that needs no display: fonts ask for it."""
    from gui.app import forget_foreign_plugins

    running = QCoreApplication.instance()
    if running is not None:
        return running
    forget_foreign_plugins(os.environ)
    return QGuiApplication(["inspector", "-platform", "offscreen"])


def _draw(sample: ShownSample) -> list[QImage]:
    """Make small pictures of a sample: photo and overlay."""
    photo = shrink(sample.photo, PDF_PICTURE_SIDE)
    anomaly_map = sample.stretch_map(photo.shape[:2])
    laid = lay_over(photo, anomaly_map, sample.run.display_range)
    outlined = draw_contours(laid, sample.count_regions(anomaly_map), sample.run.map_threshold)
    return [to_image(photo).copy(), to_image(outlined).copy()]


def _add_group(pages: PdfPages, group: SharedRegion, say: Words) -> None:
    """Add the cut-outs of a group, side by side, each with the name of its sample, and why others have none."""
    figures = [(QImage.fromData(cut), escape(isolate_path(name))) for name, cut in group.cuts[:CUTS]]
    heading = f"<h3>{escape(group.heading)}</h3>"
    if figures:
        pages.add_figures(heading, figures, CUT_HEIGHT)
    else:
        pages.add(heading)
    for told in group.unshown[:CUTS]:
        pages.add(f"<p>{escape(told)}</p>")
    more = len(group.cuts[CUTS:]) + len(group.unshown[CUTS:])
    if more:
        pages.add(f"<p>{escape(say('{count} more, without pictures', count=more))}</p>")


def _add_table(pages: PdfPages, title: str, rows: Sequence[Sequence[str]]) -> None:
    """Add a table of HTML cells with a title, so many rows at a time; nothing where there are none."""
    for first, some in _cut(rows):
        heading = f"<h3>{escape(title)}</h3>" if first else ""
        pages.add(f"{heading}{_table(some)}", gap=0)


def _cut(rows: Sequence[Sequence[str]]) -> Iterator[tuple[bool, Sequence[Sequence[str]]]]:
    for start in range(0, len(rows), ROWS):
        yield start == 0, rows[start : start + ROWS]


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table cellspacing='4'>{lines}</table>"


def _format(story: Story, sample: SampleRecord, unshown: str = "") -> str:
    """Say score, decision, verdict and comment of a sample, and why it is not shown, as HTML."""
    decided = f"{story.say.number(sample.final or 0.0)} {escape(story.describe_decision(sample))}"
    notes = "".join(f"<br>{escape(story.say.prose(note))}" for note in (sample.reason, unshown) if note)
    return f"{decided} {_format_verdict(story, sample)}{notes}"


def _format_verdict(story: Story, sample: SampleRecord) -> str:
    comment = story.comment(sample)
    said = f"<b>{escape(story.describe_verdict(sample))}</b>"
    return f"{said} <i>{escape(comment)}</i>" if comment else said
