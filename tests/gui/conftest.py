"""What the tests of the app need: a finished run without an engine, the window, and no widget left behind."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, QTranslator
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from gui.app import TRANSLATIONS, forget_foreign_plugins
from gui.review.session import Session
from gui.shell.preferences import Preferences
from gui.shell.theme import apply_theme
from gui.window import MainWindow
from inspector.data.photos import read_image, shrink
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration, choose_display_range
from inspector.export.rendering import encode
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.workspace import Workspace

forget_foreign_plugins(os.environ)  # other tests have loaded OpenCV, perhaps


@pytest.fixture(autouse=True)
def _no_widget_left(qapp: QApplication) -> Iterator[None]:
    yield
    qapp.processEvents()
    qapp.sendPostedEvents(None, 52)  # QEvent.DeferredDelete: what was told to go is gone
    left = [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]
    assert not left, f"left open: {left}"


@pytest.fixture
def make_run(make_photos: Callable[..., list[Path]], tmp_path: Path) -> Callable[..., tuple[Workspace, int]]:
    """A finished run of `count` samples without an engine: part 0 scores highest, and one part cannot be read."""

    def make(count: int = 6, *, unreadable: bool = False, done: bool = True) -> tuple[Workspace, int]:
        photos = make_photos(tmp_path / "photos", count, spot=True)
        samples = [Sample(photo.name, image=photo) for photo in photos]
        if unreadable:
            broken = tmp_path / "photos" / "part_broken.png"
            broken.write_bytes(b"")
            samples.append(Sample(broken.name, image=broken))
        store = Workspace(tmp_path / "workspace")
        run_id = store.runs.create(Batch(tmp_path / "photos", tuple(samples)), ScanSettings())
        for position, photo in enumerate(photos):
            store.artefacts.save_thumbnail(run_id, position, encode(shrink(read_image(photo), 64), ".jpg"))
        store.runs.keep_readings(run_id, [SampleReading(i, "ok", width=80, height=64) for i in range(count)])
        if unreadable:
            store.runs.keep_readings(run_id, [SampleReading(count, "unreadable", "it is empty")])
        if done:
            finish(store, run_id, count)
        return store, run_id

    return make


@pytest.fixture
def make_large_run(tmp_path: Path) -> Callable[[int], tuple[Workspace, int]]:
    """A finished run of many samples with scores and no files; part i scores i."""

    def make(count: int) -> tuple[Workspace, int]:
        store = Workspace(tmp_path / "workspace")
        samples = tuple(Sample(f"{i:05}.png", image=tmp_path / f"{i:05}.png") for i in range(count))
        run_id = store.runs.create(Batch(tmp_path, samples), ScanSettings(windows=()))
        store.runs.keep_readings(run_id, [SampleReading(i, "ok", width=8, height=8) for i in range(count)])
        results = [SampleResult(i, float(i), None, float(i), i > count - 10) for i in range(count)]
        store.runs.finish(run_id, results, RunResult(Calibration(count - 9.5, False, 0.0, 1.0, 0.0, float(count))))
        return store, run_id

    return make


def finish(store: Workspace, run_id: int, count: int) -> None:
    """Give all samples maps and scores: the raw score of part i is 1 - i / count, re-scored to 0..1."""
    raw = 1 - np.arange(count) / count
    final = (raw - raw.min()) / (raw.max() - raw.min())
    maps = []
    for position in range(count):
        plane = np.full((4, 5), 0.05, np.float32)
        plane[1, 2] = raw[position]
        maps.append(plane)
        store.artefacts.save_map(run_id, position, plane)
    threshold = float((final[0] + final[1]) / 2)
    map_threshold = float(raw.min() + threshold * (raw.max() - raw.min()))
    low, high = choose_display_range(np.stack(maps), map_threshold)
    results = [
        SampleResult(position, float(raw[position]), float(final[position]), float(final[position]), position == 0)
        for position in range(count)
    ]
    timings = {"read": 1.0, "score": 2.0, "maps": 1.0}
    store.runs.finish(
        run_id, results, RunResult(Calibration(threshold, True, raw.min(), raw.max(), low, high), "RsCIN", timings)
    )


@pytest.fixture
def session(make_run: Callable[..., tuple[Workspace, int]]) -> Iterator[Session]:
    """Six samples; the first is flagged, none has a verdict."""
    store, run_id = make_run()
    yield Session(store, run_id)
    store.close()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    kept = Preferences(QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat))
    kept.remember("operator", "Mia")
    return kept


@pytest.fixture
def make_window(qtbot: object, tmp_path: Path, preferences: Preferences) -> Iterator[Callable[..., MainWindow]]:
    """Open the app's window on the workspace of this test."""
    windows: list[MainWindow] = []

    def make(target: str = "", **given: object) -> MainWindow:
        window = MainWindow(tmp_path / "workspace", preferences, **given)
        if preferences.text("operator"):
            window.operator.sign_in(preferences.text("operator"))
        windows.append(window)
        window.show()
        window.open_workspace(target)
        return window

    yield make
    for window in windows:
        for box in window.findChildren(QMessageBox):
            box.close()
        window.close()
        window.deleteLater()


@pytest.fixture(params=["en", "de"])
def _looks(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """The app's own style, in a language."""
    before, translator = qapp.style().objectName(), QTranslator()
    qapp.setStyle("Fusion")
    apply_theme(qapp, "light")
    if request.param == "de":
        assert translator.load(str(TRANSLATIONS / "app_de.qm"))
        qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    qapp.setStyle(before)
    apply_theme(qapp, "system")


def wait_for_photo(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the current sample can be judged: its photo is drawn, or will never be."""
    qtbot.waitUntil(lambda: window.review.session is not None and window.review.photo.sight() != "loading")


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the sentences of dialogs instead of showing them."""
    told: list[str] = []

    def tell(_parent: object, sentence: str, details: str = "") -> None:
        told.append(sentence)

    monkeypatch.setattr("gui.window.show_problem", tell)
    return told
