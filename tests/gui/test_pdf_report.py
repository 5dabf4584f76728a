"""The PDF: in the app's language, caption and photo together, with histogram, totals, regions and a place to sign."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QRectF
from PySide6.QtGui import QImage

from gui.export import pdf
from gui.export.pages import PdfPages
from gui.shell.numbers import use_numbers_of
from gui.shell.texts import app_language
from inspector.export.isolates import isolate_path
from inspector.export.run import write_exports
from inspector.export.shown import FinishedRun
from inspector.store.groups import FoundGroup
from inspector.store.records import SampleReading
from inspector.store.workspace import Workspace

Block = tuple[int, str, float, float]
"""Page, text, top and bottom in dots."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Block]:
    """What is drawn, block by block."""
    blocks: list[Block] = []
    draw, pictures, histogram = PdfPages._draw, PdfPages.add_pictures, PdfPages.add_histogram

    def keep(pages: PdfPages, html: str, height: float, *place: float) -> None:
        top = pages._y
        draw(pages, html, height, *place)
        blocks.append((pages._number, re.sub("<[^>]*>", " ", html), top, pages._y))

    def keep_pictures(pages: PdfPages, *given: object) -> None:
        pictures(pages, *given)  # type: ignore[arg-type]
        blocks.append((pages._number, f"{len(given[1])} pictures", 0.0, pages._y))  # type: ignore[arg-type]

    def keep_histogram(pages: PdfPages, *given: object) -> None:
        histogram(pages, *given)  # type: ignore[arg-type]
        blocks.append((pages._number, f"{len(given[0])} bars", 0.0, pages._y))  # type: ignore[arg-type]

    def sign(pages: PdfPages, labels: list[str]) -> None:
        blocks.append((pages._number, " ".join(labels), 0.0, pages._y))

    monkeypatch.setattr(PdfPages, "_draw", keep)
    monkeypatch.setattr(PdfPages, "add_pictures", keep_pictures)
    monkeypatch.setattr(PdfPages, "add_histogram", keep_histogram)
    monkeypatch.setattr(PdfPages, "add_signature", sign)
    return blocks


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float, float]]:
    """Of each picture that is drawn: page, left and bottom in dots."""
    placed: list[tuple[int, float, float]] = []
    draw = PdfPages._draw_picture

    def keep(pages: PdfPages, picture: QImage, frame: QRectF) -> None:
        assert not picture.isNull()
        placed.append((pages._number, frame.left(), frame.bottom()))
        draw(pages, picture, frame)

    monkeypatch.setattr(PdfPages, "_draw_picture", keep)
    return placed


@pytest.fixture
def store(make_run: Callable[..., tuple[Workspace, int]]) -> Iterator[Workspace]:
    """Twelve parts; the first is rejected, with a comment, and one cannot be read."""
    opened, _ = make_run(12, unreadable=True)
    opened.verdicts.add(opened.runs.samples(1)[0].id, "Mia", "rejected", "a <dent>")
    opened.runs.set_threshold(1, 0.5, 0.5, "Mia")
    yield opened
    opened.close()


def test_caption_and_photo_stay_together(store: Workspace, drawn: list[Block], tmp_path: Path) -> None:
    write_exports(store, 1, tmp_path / "out", ["pdf"], language="en")

    captions = [index for index, block in enumerate(drawn) if re.match(r"\s*(Samples.*)?\d+\. part_", block[1])]
    assert len(captions) == 12
    assert drawn[-1][0] > 2
    for index in captions:
        after = next(block for block in drawn[index:] if block[1] == "2 pictures")
        assert after[0] == drawn[index][0]
    lowest = max(bottom for _, _, _, bottom in drawn)
    assert lowest < PdfPages.pixels(297 - 30)


def test_it_tells_what_happened(store: Workspace, drawn: list[Block], tmp_path: Path) -> None:
    write_exports(store, 1, tmp_path / "out", ["pdf"], language="en")

    text = " ".join(block[1] for block in drawn)
    assert "40 bars" in text
    assert "Parts: 13; Flagged: 6; Not flagged: 6;" in text
    assert re.search(r"rejected, Mia, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}", text)
    assert "a &lt;dent&gt;" in text
    assert re.search(r"Regions: +1: peak \d\.\d{3}, \d+ px", text)
    assert drawn[-1][1] == "Date Name Signature"


def test_it_is_german_where_the_app_is(store: Workspace, drawn: list[Block], tmp_path: Path) -> None:
    before = QLocale()
    use_numbers_of(QLocale("de"))
    try:
        write_exports(store, 1, tmp_path / "out", ["pdf"], language=app_language())
    finally:
        QLocale.setDefault(before)

    text = " ".join(block[1] for block in drawn)
    assert "6 von 12 Teilen fallen auf" in text
    assert "Ausschuss, Mia" in text
    assert drawn[-1][1] == "Datum Name Unterschrift"
    assert not re.search(r"(?<![-/])\b(the|of|flagged|passed|score|threshold|rejected|accepted)\b", text)


def share(store: Workspace, members: range) -> int:
    """Let some parts share a region; return the number of the group in the store."""
    store.groups.keep(1, [FoundGroup(dict.fromkeys(members, (0.4, 0.4, 0.6, 0.6)), corrected=False)], {})
    return store.groups.of_run(1)[0].id


def test_what_parts_share_is_shown_side_by_side_each_with_its_name(
    store: Workspace,
    drawn: list[Block],
    pictures: list[tuple[int, float, float]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "PICTURES", 2)
    share(store, range(2, 12))

    write_exports(store, 1, tmp_path / "out", ["pdf"], language="en")

    (heading,) = [i for i, block in enumerate(drawn) if "Group 1: 10 of 12 parts share a region" in block[1]]
    captions = drawn[heading + 1 : heading + 11]
    assert [caption[1].split() for caption in captions] == [[f"part_{i}.png"] for i in range(2, 12)]
    assert [(page, bottom) for page, _, bottom in pictures[:10]] == [(page, top) for page, _, top, _ in captions]
    assert len({left for _, left, _ in pictures[:5]}) == 5
    assert drawn[heading][0] == captions[0][0]
    assert len([block for block in drawn if block[1] == "2 pictures"]) == 2


def test_of_a_large_group_the_rest_is_counted(
    store: Workspace, drawn: list[Block], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "CUTS", 3)
    store.groups.mark(share(store, range(5)), "Mia", "accepted")

    write_exports(store, 1, tmp_path / "out", ["pdf"], language="de")

    text = " ".join(block[1] for block in drawn)
    assert "Gruppe 1: 5 von 12 Teilen haben eine Stelle gemeinsam, die den anderen fehlt (kein Fehler)" in text
    assert "2 weitere, ohne Bilder" in text


def test_where_nothing_is_flagged_it_begins_with_what_is_shared(
    store: Workspace, drawn: list[Block], tmp_path: Path
) -> None:
    store.runs.set_threshold(1, 2.0, 0.5, "Mia")
    share(store, range(5))

    write_exports(store, 1, tmp_path / "out", ["pdf"], language="en")

    assert drawn[0][1].strip() == "Nothing is flagged, but 5 of 12 parts share a region that the others lack"


def test_photos_that_were_replaced_are_told_and_not_shown(store: Workspace, drawn: list[Block], tmp_path: Path) -> None:
    another = [SampleReading(i, "ok", sha256="0" * 64, width=80, height=64) for i in range(2)]
    store.runs.keep_readings(1, another)
    share(store, range(2))

    write_exports(store, 1, tmp_path / "out", ["pdf"], language="de")

    text = " ".join(block[1] for block in drawn)
    assert "Gruppe 1: 2 von 12 Teilen" in text
    for name in ("part_0.png", "part_1.png"):
        told = f"{name} ist eine andere Datei als die geprüfte; bitte jene zurücklegen"
        assert f"{name}: {told}" not in text  # named once
        assert text.count(told) == 2  # and in the list of those without pictures
    assert len([block for block in drawn if block[1] == "2 pictures"]) == 10


def test_what_was_left_out_is_listed(store: Workspace, drawn: list[Block], tmp_path: Path) -> None:
    run = FinishedRun.load(store, 1)
    left_out = (("notes  of Mia.txt", "no kind of photo or cloud that is read"),)

    pdf.PdfWriter(replace(run, record=replace(run.record, left_out=left_out)), tmp_path).finish()

    assert any(re.search("Left out.*notes  of Mia.txt.*no kind of photo", block[1]) for block in drawn)


def test_a_long_name_stays_off_the_one_beside_it(qapp: object, tmp_path: Path) -> None:
    pages = PdfPages(tmp_path / "report.pdf", "title", "{number}")
    room = pages.pixels(30)

    caption = pages._layout(f"part_{'0' * 80}.png", room)

    assert caption.idealWidth() <= room
    pages.end()


def test_spaces_of_a_name_are_kept_and_its_letters_turn_no_line(qapp: object, tmp_path: Path) -> None:
    pages = PdfPages(tmp_path / "report.pdf", "title", "{number}")

    table = pages._layout("<h3>a  b</h3><p><b>a  b</b></p><table><tr><td>a  b</td></tr></table>")
    caption = pages._layout(f"<p>1. <b>{isolate_path('קטע 5.png')}</b> flagged</p>")

    assert table.toPlainText().split("\n")[:3] == ["a  b", "a  b", "a  b"]
    assert caption.firstBlock().layout().lineAt(0).naturalTextRect().left() == 0
    pages.end()
