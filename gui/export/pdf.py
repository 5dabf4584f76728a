"""The report as PDF, laid out by Qt."""

from collections.abc import Sequence
from datetime import UTC
from html import escape
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QMarginsF, QUrl
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from gui.pictures.sample_picture import to_image
from inspector.data.photos import read_image, shrink
from inspector.errors import InputError, StoreError
from inspector.events import Event, Report
from inspector.export.rendering import draw_contours, overlay
from inspector.files import replacing
from inspector.geometry.grid import stretch_map
from inspector.store.records import RunRecord, SampleRecord, VerdictRecord
from inspector.store.workspace import Workspace

translate = QCoreApplication.translate

PICTURES = 60
"""Samples shown with pictures, highest scores first; the others are listed."""

PDF_PICTURE_SIDE = 420
"""Longer side of a picture in pixels."""

WIDTH = 230
"""Width of a picture on the page, in points."""


def write_pdf(store: Workspace, run: RunRecord, path: Path, report: Report) -> None:
    """Write the report of a finished run; `report` hears of each picture and may raise `Cancelled`.

    Raises:
        StoreError: a map is missing.
        OSError: the file cannot be written.
    """
    samples = store.runs.samples(run.id)
    verdicts = {verdict.sample_id: verdict for verdict in store.verdicts.of_run(run.id)}
    scored = sorted((s for s in samples if s.final is not None), key=lambda s: -(s.final or 0.0))
    document = QTextDocument()
    shown = []
    for done, sample in enumerate(scored[:PICTURES], start=1):
        pictures = _pictures(store, run, sample)
        if pictures is not None:
            for kind, picture in zip(("photo", "overlay"), pictures, strict=True):
                document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(_url(kind, sample)), picture)
            shown.append(sample)
        report(Event("progress", "export", done, min(len(scored), PICTURES)))
    document.setHtml(_page(run, samples, scored, shown, verdicts))
    with replacing(path) as beside:
        writer = QPdfWriter(str(beside))
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout.Unit.Millimeter)
        writer.setTitle(translate("PdfReport", "Inspection report, run {number}").format(number=run.id))
        document.print_(writer)
        del writer
        if not beside.stat().st_size:
            raise OSError(f"{path} could not be written")


def _pictures(store: Workspace, run: RunRecord, sample: SampleRecord) -> tuple[QImage, QImage] | None:
    try:
        photo = shrink(read_image(store.artefacts.picture_of(sample) or Path()), PDF_PICTURE_SIDE)
        anomaly_map = stretch_map(store.artefacts.load_map(run.id, sample.position), photo.shape[:2])
    except (InputError, StoreError):
        return None
    value_range = (run.map_low or 0.0, run.map_high if run.map_high is not None else 1.0)
    picture = draw_contours(overlay(photo, anomaly_map, value_range), anomaly_map, run.map_threshold or np.inf)
    return to_image(photo), to_image(picture)


def _page(
    run: RunRecord,
    samples: Sequence[SampleRecord],
    scored: Sequence[SampleRecord],
    shown: Sequence[SampleRecord],
    verdicts: dict[int, VerdictRecord],
) -> str:
    heading = translate("PdfReport", "{flagged} of {scored} parts flagged").format(
        flagged=run.flagged, scored=len(scored)
    )
    local = run.created.replace(tzinfo=UTC).astimezone()
    facts = (
        (translate("PdfReport", "Folder"), run.root),
        (translate("PdfReport", "Run"), f"{run.id}, {local:%Y-%m-%d %H:%M}"),
        (
            translate("PdfReport", "Samples"),
            f"{len(samples)}, {run.unreadable} " + translate("PdfReport", "unreadable"),
        ),
        (translate("PdfReport", "Network"), run.backbone),
        (translate("PdfReport", "Threshold"), f"{run.threshold:.4f}" if run.threshold is not None else ""),
    )
    table = "".join(
        f"<tr><td>{escape(name)}</td><td width='12'></td><td>{escape(value)}</td></tr>" for name, value in facts
    )
    cards = "".join(_card(rank, sample, verdicts.get(sample.id)) for rank, sample in enumerate(shown, start=1))
    with_picture = {sample.id for sample in shown}
    rest = "".join(_line(s, verdicts.get(s.id)) for s in scored if s.id not in with_picture)
    without, broken = translate("PdfReport", "Without pictures"), translate("PdfReport", "Could not be read")
    first = translate("PdfReport", "Highest scores first")
    more = f"<h3>{without}</h3><table cellpadding='2'>{rest}</table>" if rest else ""
    bad = "".join(f"<p>{escape(s.name)}: {escape(s.reason)}</p>" for s in samples if s.status == "unreadable")
    unreadable = f"<h3>{broken}</h3>{bad}" if bad else ""
    style = "body, td, p { font-size: 9pt; } h1 { font-size: 18pt; } h3 { font-size: 11pt; }"
    return (
        f"<html><head><style>{style}</style></head><body><h1>{heading}</h1><table>{table}</table>"
        f"{unreadable}<h3>{first}</h3>{cards}{more}</body></html>"
    )


def _card(rank: int, sample: SampleRecord, verdict: VerdictRecord | None) -> str:
    pictures = "".join(f"<td><img src='{_url(kind, sample)}' width='{WIDTH}'></td>" for kind in ("photo", "overlay"))
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
    comment = f" <i>{escape(verdict.comment)}</i>" if verdict is not None and verdict.comment else ""
    return f"{sample.final:.3f} {decisions[sample.flagged]}{said}{comment}"


def _url(kind: str, sample: SampleRecord) -> str:
    return f"sample:{kind}/{sample.position}"
