"""The report as PDF, laid out by Qt."""

import os
from collections.abc import Sequence
from datetime import UTC
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMarginsF, QUrl
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from gui.pictures.sample_picture import to_image
from inspector.data.photos import shrink
from inspector.export.rendering import draw_contours, lay_over
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.writer import Export, Writer
from inspector.files import replacing
from inspector.store.records import RunRecord, SampleRecord, VerdictRecord, rank_samples

translate = QCoreApplication.translate

PICTURES = 60
"""Samples shown with pictures, highest scores first; the others are listed."""

PDF_PICTURE_SIDE = 420
"""Longer side of a picture in pixels."""

SIDE = 230
"""Longer side of a picture on the page, in points."""


class PdfWriter(Writer):
    """Collects the pictures of the highest scores, then lays the report out."""

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Write `report.pdf`."""
        super().__init__(folder / "report.pdf")
        self._application = start_without_display()
        self._run = run
        self._document = QTextDocument()
        self._shown: list[tuple[SampleRecord, int]] = []  # with the width of their pictures on the page

    def wants_more(self) -> bool:
        """Only so many are shown with pictures."""
        return len(self._shown) < PICTURES

    def add(self, sample: ShownSample) -> None:
        """Keep photo and overlay of a sample, made small."""
        photo = shrink(sample.photo, PDF_PICTURE_SIDE)
        anomaly_map = sample.stretch_map(photo.shape[:2])
        laid = lay_over(photo, anomaly_map, sample.run.display_range)
        outlined = draw_contours(laid, sample.count_regions(anomaly_map), sample.run.map_threshold)
        pictures = {"photo": photo, "overlay": outlined}
        for kind, picture in pictures.items():
            url = QUrl(_url(kind, sample.record))
            self._document.addResource(QTextDocument.ResourceType.ImageResource, url, to_image(picture))
        height, width = photo.shape[:2]
        self._shown.append((sample.record, max(1, round(SIDE * width / max(width, height)))))

    def finish(self) -> None:
        """Write the file."""
        run, samples = self._run.record, self._run.samples
        verdicts = {verdict.sample_id: verdict for verdict in self._run.workspace.verdicts.of_run(run.id)}
        self._document.setHtml(_page(run, samples, rank_samples(samples), self._shown, verdicts))
        with replacing(self.path) as beside:
            writer = QPdfWriter(str(beside))
            writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
            writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout.Unit.Millimeter)
            writer.setTitle(translate("PdfReport", "Inspection report, run {number}").format(number=run.id))
            self._document.print_(writer)
            del writer
            if not beside.stat().st_size:
                raise OSError(f"{self.path} could not be written")


PDF = Export("Report (PDF)", PdfWriter)


def start_without_display() -> QCoreApplication:
    """Return the app where it runs; else, on the command line, make one that needs no display: fonts ask for it."""
    from gui.app import forget_foreign_plugins

    running = QCoreApplication.instance()
    if running is not None:
        return running
    forget_foreign_plugins(os.environ)
    return QGuiApplication(["inspector", "-platform", "offscreen"])


def _page(
    run: RunRecord,
    samples: Sequence[SampleRecord],
    scored: Sequence[SampleRecord],
    shown: Sequence[tuple[SampleRecord, int]],
    verdicts: dict[int, VerdictRecord],
) -> str:
    heading = translate("PdfReport", "{flagged} of {scored} parts flagged").format(
        flagged=run.flagged, scored=len(scored)
    )
    unsure = "" if run.is_sure else f"<p><b>{escape(_tell_unsure())}</b></p>"
    local = run.created.replace(tzinfo=UTC).astimezone()
    facts = (
        (translate("PdfReport", "Folder"), run.root),
        (translate("PdfReport", "Run"), f"{run.id}, {local:%Y-%m-%d %H:%M}"),
        (
            translate("PdfReport", "Samples"),
            f"{len(samples)}, {run.unreadable} " + translate("PdfReport", "unreadable"),
        ),
        *([(translate("PdfReport", "Left out"), str(len(run.left_out)))] if run.left_out else []),
        *([(translate("PdfReport", "Value range"), run.ranges_in_words)] if run.value_range else []),
        (translate("PdfReport", "Network"), run.backbone),
        (translate("PdfReport", "Threshold"), f"{run.threshold:.4f}" if run.threshold is not None else ""),
    )
    table = "".join(
        f"<tr><td>{escape(name)}</td><td width='12'></td><td>{escape(value)}</td></tr>" for name, value in facts
    )
    cards = "".join(
        _card(rank, sample, width, verdicts.get(sample.id)) for rank, (sample, width) in enumerate(shown, start=1)
    )
    with_picture = {sample.id for sample, _ in shown}
    rest = "".join(_line(s, verdicts.get(s.id)) for s in scored if s.id not in with_picture)
    without, broken = translate("PdfReport", "Without pictures"), translate("PdfReport", "Could not be read")
    first = translate("PdfReport", "Highest scores first")
    more = f"<h3>{without}</h3><table cellpadding='2'>{rest}</table>" if rest else ""
    bad = "".join(f"<p>{escape(s.name)}: {escape(s.reason)}</p>" for s in samples if s.status == "unreadable")
    unreadable = f"<h3>{broken}</h3>{bad}" if bad else ""
    unreadable += "".join(f"<p>{escape(note)}</p>" for note in run.notes)
    style = "body, td, p { font-size: 9pt; } h1 { font-size: 18pt; } h3 { font-size: 11pt; }"
    return (
        f"<html><head><style>{style}</style></head><body><h1>{heading}</h1>{unsure}<table>{table}</table>"
        f"{unreadable}<h3>{first}</h3>{cards}{more}</body></html>"
    )


def _tell_unsure() -> str:
    return translate(
        "PdfReport",
        "Unsure: the scores do not tell good from bad here. Look at the highest ones and set the threshold by hand.",
    )


def _card(rank: int, sample: SampleRecord, width: int, verdict: VerdictRecord | None) -> str:
    pictures = "".join(f"<td><img src='{_url(kind, sample)}' width='{width}'></td>" for kind in ("photo", "overlay"))
    words = f"<b>{rank}. {escape(sample.name)}</b> &nbsp; {_words(sample, verdict)}"
    rows = f"<tr><td colspan='2'>{words}</td></tr><tr>{pictures}</tr>"
    return f"<table cellpadding='3' style='page-break-inside: avoid'>{rows}</table>"


def _line(sample: SampleRecord, verdict: VerdictRecord | None) -> str:
    return f"<tr><td>{escape(sample.name)}</td><td>{_words(sample, verdict)}</td></tr>"


def _words(sample: SampleRecord, verdict: VerdictRecord | None) -> str:
    decisions = {True: translate("PdfReport", "flagged"), False: translate("PdfReport", "passed"), None: ""}
    verdicts = {
        "accepted": translate("PdfReport", "accepted"),
        "rejected": translate("PdfReport", "rejected"),
        "undecided": translate("PdfReport", "undecided"),
    }
    said = "" if verdict is None else f", {verdicts[verdict.new]} ({escape(verdict.operator)})"
    note = f"<br>{escape(sample.reason)}" if sample.reason else ""
    comment = f" <i>{escape(verdict.comment)}</i>" if verdict is not None and verdict.comment else ""
    return f"{sample.final:.3f} {decisions[sample.flagged]}{said}{comment}{note}"


def _url(kind: str, sample: SampleRecord) -> str:
    return f"sample:{kind}/{sample.position}"
