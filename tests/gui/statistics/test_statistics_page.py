"""The statistics page over a workspace with a few runs."""

import ast
import csv
import errno
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import update

import inspector.statistics
from gui.shell.numbers import use_numbers_of
from gui.shell.preferences import Preferences
from gui.statistics.export import name_folder
from gui.statistics.filters import Filters
from gui.statistics.page import StatisticsPage
from gui.window import MainWindow
from inspector.statistics.german import GERMAN
from inspector.store.tables import RunRow
from inspector.store.workspace import Workspace
from tests.gui.conftest import finish

ROOM = Path(inspector.statistics.__file__).parent

CHOSEN = {"From", "To", "Product", "Folder", "Lot", "Station", "Operator", "Shift"}
"""Of the command line, whose options these are."""


@pytest.fixture
def page(
    make_run: Callable[..., tuple[Workspace, int]], preferences: Preferences, qtbot: QtBot
) -> Iterator[StatisticsPage]:
    """A page over one run of six samples, the first of them flagged and rejected as a dent."""
    store, run_id = make_run()
    first = store.runs.samples(run_id)[0]
    store.verdicts.add(first.id, "Mia", "rejected", defect_class="dent")
    made = StatisticsPage(store, preferences)
    qtbot.addWidget(made)
    made.show()
    show(made, qtbot)
    yield made
    made.close_down()
    store.close()


def show(page: StatisticsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.shown):
        page.refresh()


def figures(page: StatisticsPage) -> list[str]:
    tiles = [page.figures.itemAt(place).widget() for place in range(page.figures.count())]
    return [tile.accessibleName() for tile in tiles]


def test_figures_agreement_classes_and_places_are_shown(page: StatisticsPage) -> None:
    assert figures(page)[:3] == ["Parts: 6", "Yield: 83.3 %", "Rejects: 1 (16.7 %)"]
    assert re.findall(r">(\d+)<", page.agreement.text()) == ["1", "0", "0", "1", "0", "0", "5", "5", "1", "0", "5", "6"]
    assert page.signals_label.text() == "A control chart needs two points or more."
    assert [bar.name for bar in page.defects._bars] == ["dent"]
    assert page.places.grid.sum() == 1
    assert page.places.typical is not None
    assert page.message.text() == ""


def test_what_is_chosen_is_counted(page: StatisticsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.shown):
        page.filters.boxes["operator"].setCurrentText("Mia")
    assert figures(page)[0] == "Parts: 1"
    assert not page.filters.boxes["lot"].isVisibleTo(page)
    assert ("Operator", "Mia") in page.filters.describe(date.today())

    with qtbot.waitSignal(page.shown):
        page.filters.boxes["operator"].setCurrentIndex(0)
    with qtbot.waitSignal(page.shown):
        page.filters.by.setCurrentIndex(2)
    assert page.overview.by == "day"


def test_a_span_of_days_ends_with_today(page: StatisticsPage, qtbot: QtBot) -> None:
    with page._store.database.session() as session:
        session.execute(update(RunRow).values(created=datetime.now() - timedelta(days=20)))

    with qtbot.waitSignal(page.shown):
        page.filters.span.setCurrentIndex(2)
    assert figures(page)[0] == "Parts: 0"
    assert page.signals_label.text() == "Nothing was judged in what is chosen."

    with qtbot.waitSignal(page.shown):
        page.filters.span.setCurrentIndex(3)
    assert figures(page)[0] == "Parts: 6"
    assert page.filters.days(date(2026, 5, 30)) == (date(2026, 5, 1), date(2026, 5, 30))


def test_chosen_days_have_fields_of_their_own(page: StatisticsPage, qtbot: QtBot) -> None:
    assert not page.filters.first.isVisibleTo(page)

    with qtbot.waitSignal(page.shown):
        page.filters.span.setCurrentIndex(5)

    assert page.filters.first.isVisibleTo(page)
    assert page.filters.days(date.today())[1] == date.today()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", page.filters.first.text())
    assert page.filters.first.height() >= page.filters.span.height()


def test_shift_times_can_be_set_and_nonsense_is_refused(
    page: StatisticsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, asked = [("nonsense", True), ("", False)], []

    def answer(*given: object) -> tuple[str, bool]:
        asked.append(given)
        return answers.pop(0)

    monkeypatch.setattr(QInputDialog, "getText", answer)
    page.shifts_button.click()
    assert "Cannot read the shift 'nonsense'" in asked[1][2]
    assert asked[1][-1] == "nonsense"  # what was typed can be mended
    assert [shift.name for shift in page.shifts] == ["Early", "Late", "Night"]

    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("A 5:30, B 17:30", True))
    with qtbot.waitSignal(page.shown):
        page.shifts_button.click()

    assert [page.filters.shift.itemText(place) for place in range(3)] == ["all", "A", "B"]


def test_all_is_written_into_a_new_folder(
    page: StatisticsPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    (tmp_path / "out").mkdir()

    page.export_button.click()
    qtbot.waitUntil(page.export_button.isEnabled)

    (folder,) = (tmp_path / "out").iterdir()
    assert page.message.text() == f"Saved in {folder}"
    names = {path.name for path in folder.iterdir()}
    assert {"report.html", "report.pdf", "control-chart.csv", "control-chart.png", "classes.png", "places.png"} < names
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "report.pdf").stat().st_size > 20_000
    assert QImage(str(folder / "control-chart.png")).width() > 200
    with (folder / "control-chart.csv").open(encoding="utf-8-sig") as file:
        assert next(csv.DictReader(file))["rejects"] == "1"


def test_a_folder_that_cannot_be_written_is_told(page: StatisticsPage, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    page.export(tmp_path / "file")
    qtbot.waitUntil(page.export_button.isEnabled)

    assert page.message.text().startswith("Cannot write to")


def test_a_folder_that_cannot_be_written_is_told_in_the_language_of_the_app(
    page: StatisticsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    use_numbers_of(QLocale("de"))
    try:
        page.export(tmp_path / "file")
        qtbot.waitUntil(page.export_button.isEnabled)
        assert "kann nicht geschrieben werden" in page.message.text()
    finally:
        use_numbers_of(QLocale("en"))


def test_a_folder_on_a_drive_that_was_pulled_out_is_named_and_told_when_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("os.stat", fail)
        folder = name_folder(tmp_path / "stick", datetime(2026, 5, 1, 6, 5))
    assert folder.name == "statistics-2026-05-01-0605"


def test_the_last_day_of_the_calendar_is_no_limit(qtbot: QtBot) -> None:
    filters = Filters()
    qtbot.addWidget(filters)
    filters.span.setCurrentIndex(filters.span.findData(0))
    filters.last.setDate(QDate(9999, 12, 31))

    first, last = filters.moments(date(2026, 5, 1))

    assert first is not None
    assert last is None


def test_two_exports_of_one_minute_have_folders_of_their_own(tmp_path: Path) -> None:
    now = datetime(2026, 5, 1, 6, 5)
    first = name_folder(tmp_path, now)
    first.mkdir()

    assert first.name == "statistics-2026-05-01-0605"
    assert name_folder(tmp_path, now).name == "statistics-2026-05-01-0605-2"


def test_the_window_opens_the_page_and_goes_back(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    make_run()[0].close()
    window = make_window()

    window.menus.actions["statistics"].trigger()
    page = window.pages.statistics
    qtbot.waitSignal(page.shown).wait()
    assert window.screens.currentWidget() is page
    assert figures(page)[0] == "Parts: 6"

    page.back.click()
    assert window.screens.currentWidget() is window.start


def test_esc_goes_back_to_the_run_that_was_reviewed(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    make_run()[0].close()
    window = make_window("1")
    qtbot.waitUntil(lambda: window.review.session is not None)

    window.menus.actions["networks"].trigger()
    window.menus.actions["statistics"].trigger()
    page = window.pages.statistics
    qtbot.waitSignal(page.shown).wait()
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    assert window.screens.currentWidget() is window.review


def test_a_run_that_ends_while_the_page_is_away_is_counted_when_it_comes_back(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run(done=False)
    window = make_window()
    window.pages.show_statistics()
    page = window.pages.statistics
    qtbot.waitSignal(page.shown).wait()
    assert figures(page)[0] == "Parts: 0"

    finish(store, run_id, 6)
    store.close()
    window.pages.show_statistics()
    qtbot.waitSignal(page.shown).wait()

    assert figures(page)[0] == "Parts: 6"


def list_told() -> set[str]:
    """All texts that the room of statistics gives to be translated."""
    texts = set(re.findall(r'tell\("([^"]+)"\)', (ROOM / "report.html").read_text(encoding="utf-8")))
    for file in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name == "tell" and isinstance(node.args[0], ast.Constant):
                texts.add(node.args[0].value)
    return texts


def test_all_texts_of_the_report_have_their_german() -> None:
    assert len(list_told()) > 40
    assert list_told() == set(GERMAN) - CHOSEN
    for text, german in GERMAN.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", german)), text


def test_tiles_say_what_they_mean(page: StatisticsPage) -> None:
    tiles = page.findChildren(QLabel)
    assert any(tile.toolTip() == "Rejected parts that were not flagged." for tile in tiles)
