"""Drives the app in a real window as a person would; run by test_real_window.py under an X server of its own.

    python tests/gui/drive.py SCENARIO FOLDER

FOLDER is empty; a scenario that fails ends with a traceback and exit code 1.
"""

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import cv2  # noqa: F401 - OpenCV first: its Qt plugin paths must not keep the app from opening a window
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget

from gui.app import build
from gui.export.dialog import ExportDialog
from gui.scanning.dialog import ScanDialog
from gui.watch.dialog import WatchDialog
from gui.window import MainWindow
from inspector.events import Event
from inspector.store.workspace import Workspace

WASHERS = Path(__file__).parents[2] / "samples" / "washers"


def give_up(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Anything that goes wrong, in the app too, ends the scenario."""
    traceback.print_exception(kind, error, trace)
    sys.stderr.flush()
    os._exit(1)


def until(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Let the app work until something holds; fail if it does not come."""
    loop, ticks, patience = QEventLoop(), QTimer(interval=10), QTimer(singleShot=True)
    ticks.timeout.connect(lambda: loop.quit() if condition() else None)
    patience.timeout.connect(loop.quit)
    ticks.start()
    patience.start(int(1000 * seconds))
    loop.exec()
    ticks.stop()
    assert condition(), f"waited {seconds} s in vain for: {what}"


def open_station(folder: Path, target: str = "") -> MainWindow:
    app, window = build(["--workspace", str(folder / "workspace"), "--theme", "light", "--language", "en", target])
    sys.excepthook = give_up
    assert app.platformName() == "xcb"
    window.operator.sign_in("Mia")
    window.activateWindow()
    until(lambda: window.store is not None, "the workspace")
    return window


def dialog_of(window: MainWindow, kind: type[QDialog]) -> QDialog:
    until(lambda: any(dialog.isVisible() for dialog in window.findChildren(kind)), f"a {kind.__name__}")
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def asked_of(window: MainWindow) -> QMessageBox:
    """The question that the window waits for."""
    box = dialog_of(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    return box


def click(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def key(window: MainWindow, which: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, which, modifiers)


def begin_scan(window: MainWindow, batch: Path) -> None:
    window.ask_scan(batch)
    dialog = dialog_of(window, ScanDialog)
    assert isinstance(dialog, ScanDialog)
    click(dialog.start_button)  # what the engine would do is waited for on another day


def finish_scan(window: MainWindow) -> None:
    until(lambda: window.screens.currentWidget() is window.review, "the review of the finished run")
    until(lambda: window.review.photo.defects.regions, "the regions of the oddest sample")
    window.activateWindow()  # there is no window manager to give the focus back
    until(window.isActiveWindow, "the focus")


def small_batch(folder: Path, count: int = 6) -> Path:
    """A few washers, of which two are defective."""
    batch = folder / "batch"
    batch.mkdir()
    for photo in sorted((WASHERS / "test" / "good").iterdir())[:count]:
        shutil.copy(photo, batch / f"good_{photo.name}")
    shutil.copy(WASHERS / "test" / "stain" / "001.jpg", batch / "stain.jpg")
    shutil.copy(WASHERS / "test" / "dent" / "001.jpg", batch / "dent.jpg")
    return batch


def day(folder: Path) -> None:
    """Open the sample batch, scan it, step, reject, undo, filter, drag the threshold, export."""
    window = open_station(folder)
    click(next(button for button in window.start.sample_buttons if "Washers" in button.text()))
    dialog = dialog_of(window, ScanDialog)
    assert isinstance(dialog, ScanDialog)
    until(lambda: "24 samples" in dialog.forecast.text(), "the number of samples")
    key(window, Qt.Key.Key_Return)
    finish_scan(window)
    assert "torch" not in sys.modules
    session, review = window.review.session, window.review
    assert session is not None
    first, second = (int(index) for index in session.visible()[:2])
    key(window, Qt.Key.Key_N)
    assert review.current == second
    key(window, Qt.Key.Key_B)
    assert review.current == first
    key(window, Qt.Key.Key_R)
    assert (session.verdict(first), review.current) == ("rejected", second)
    key(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (session.verdict(first), review.current) == ("undecided", first)
    key(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert session.verdict(first) == "rejected"
    click(review.filters.chips["flagged"])
    flagged = review.gallery.samples.rowCount()
    assert 0 < flagged < 24
    drag_threshold(window)
    assert review.gallery.samples.rowCount() > flagged
    export(window, folder / "out")
    window.close()


def answer_yes() -> None:
    box = QApplication.activeModalWidget()
    if isinstance(box, QMessageBox):
        click(box.button(QMessageBox.StandardButton.Yes))


def drag_threshold(window: MainWindow) -> None:
    plot = window.review.panel.plot
    session = window.review.session
    assert session is not None
    assert session.threshold is not None
    start, end = (QPoint(round(plot.x_of(score)), plot.height() // 2) for score in (session.threshold, 0.2))
    answers = QTimer(plot, interval=20)  # there is a verdict: it asks
    answers.timeout.connect(answer_yes)
    answers.start()
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(plot, end)
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=end)
    answers.stop()
    window.activateWindow()  # there is no window manager to give the focus back
    until(window.isActiveWindow, "the focus")
    assert window.store is not None
    assert abs((window.store.runs.get(session.run.id).threshold or 0) - 0.2) < 0.01


def export(window: MainWindow, folder: Path) -> None:
    key(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = dialog_of(window, ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.path.setText(str(folder))
    click(dialog.start_button)
    until(lambda: dialog.message.text().startswith("Written to"), "the export")
    assert len(list((folder / "overlays").rglob("*.png"))) == 24
    assert "rejected,Mia" in (folder / "verdicts.csv").read_text()
    dialog.reject()


def cancel(folder: Path) -> None:
    """Cancel in mid-scan; the run is resumed and gives a result; a broken photo is listed with its reason."""
    batch = small_batch(folder, 14)  # many enough that the scan is not done before the click
    (batch / "broken.jpg").write_bytes((batch / "dent.jpg").read_bytes()[:2000])
    window = open_station(folder)
    begin_scan(window, batch)
    until(lambda: window.scans.engine.run_id is not None, "the run's number")
    click(window.progress.cancel_button)
    until(lambda: not window.scans.busy, "the engine's end")
    assert window.store is not None
    assert window.store.runs.get(1).status == "cancelled"
    until(lambda: window.screens.currentWidget() is window.start, "the start screen")
    assert not window.findChildren(QMessageBox)
    until(window.start.resume_button.isEnabled, "the list of runs")
    click(window.start.resume_button)
    finish_scan(window)
    assert window.store.runs.get(1).status == "done"
    click(window.review.filters.chips["unreadable"])
    view = window.review.viewer.main_view
    until(lambda: "broken.jpg is damaged" in view._message, "the reason in place of the photo")
    window.close()


def killed(folder: Path) -> None:
    """The engine is killed: one dialog with the reason. The run is resumed; closing the window ends its engine."""
    window = open_station(folder)

    def kill(_job: int, event: Event) -> None:
        if event.kind == "run":
            process = window.scans.engine._process
            assert process is not None
            os.kill(process.processId(), signal.SIGKILL)

    window.scans.engine.said.connect(kill)
    begin_scan(window, small_batch(folder))
    box = dialog_of(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.text() == ("The system ended the engine, most likely because memory ran out.\nRun 1 can be resumed.")
    assert len(window.findChildren(QMessageBox)) == 1
    box.close()
    assert window.store is not None
    assert window.store.runs.get(1).status == "failed"
    window.scans.engine.said.disconnect(kill)
    until(window.start.resume_button.isEnabled, "the list of runs")
    click(window.start.resume_button)
    until(lambda: window.scans.engine.run_id is not None, "the run's number")
    assert window.scans.engine._process is not None
    pid = window.scans.engine._process.processId()
    QTimer.singleShot(0, lambda: click(asked_of(window).button(QMessageBox.StandardButton.Yes)))
    window.close()
    assert not Path(f"/proc/{pid}").exists()
    with Workspace(folder / "workspace") as store:
        assert store.runs.get(1).status == "cancelled"


def empty(folder: Path) -> None:
    """A folder without photos is named before anything starts, and again by the engine."""
    (folder / "nothing").mkdir()
    window = open_station(folder)
    window.ask_scan(folder / "nothing")
    dialog = dialog_of(window, ScanDialog)
    assert isinstance(dialog, ScanDialog)
    until(lambda: dialog.reason.text().startswith("No photo"), "the engine's answer")
    assert not dialog.start_button.isEnabled()
    dialog.reject()
    window.scans.scan(folder / "nothing", None)
    box = dialog_of(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.text().startswith("No photo")
    box.close()
    assert window.store is not None
    assert window.store.runs.all() == []
    window.close()


def readonly(folder: Path) -> None:
    """A workspace nobody can write to is told; the window lives."""
    _, window = build(["--workspace", "/proc/inspector", "--language", "en"])
    sys.excepthook = give_up
    box = dialog_of(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.text().startswith("Cannot make the workspace /proc/inspector")
    box.close()
    assert window.isVisible()
    window.close()


def line(folder: Path) -> None:
    """A folder is watched; its engine is killed, started again, and judges what came meanwhile, each part once."""
    good = sorted((WASHERS / "test" / "good").iterdir())
    (folder / "line").mkdir()
    for photo in good[:5]:
        shutil.copy(photo, folder / "line")
    window = open_station(folder)
    key(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    dialog = dialog_of(window, WatchDialog)
    assert isinstance(dialog, WatchDialog)
    dialog.path.setText(str(folder / "line"))
    dialog.warm_up.setValue(4)
    click(dialog.start_button)
    screen, engine = window.watching.screen, window.watching.job._engine
    until(lambda: screen.state.judged == 5, "the first parts")
    assert engine._process is not None
    os.kill(engine._process.processId(), signal.SIGKILL)
    shutil.copy(WASHERS / "test" / "dent" / "001.jpg", folder / "line" / "dent.jpg")
    until(lambda: screen.band.word() == "NG", "the verdict on what came meanwhile")
    assert "it goes on" in screen.notices.toPlainText()
    until(lambda: screen.view.part is not None and screen.view.part.name == "dent.jpg", "its photo")
    assert screen.view.view.picture() is not None
    assert window.store is not None
    assert [run.samples for run in window.store.runs.all()] == [6]
    assert window.store.runs.samples(1)[-1].flagged
    click(screen.pause)
    until(lambda: window.watching.job.mode == "paused", "the pause")
    window.watching.job.stop()
    assert not window.watching.job.active
    assert window.store.runs.get(1).status == "done"
    window.close()


def large(folder: Path) -> None:
    """Ten thousand small photos: open, scroll to the end, search, drag."""
    from gui.review.session import Session
    from tests.gui.large import make_large_workspace

    make_large_workspace(folder, 10_000)
    window = open_station(folder, "1")
    until(lambda: window.review.viewer.main_view.picture() is not None, "the first photo")
    gallery = window.review.gallery
    assert gallery.samples.rowCount() == 10_000
    gallery.scrollToBottom()
    last = gallery.samples.sample_at(9_999)
    assert last is not None
    until(lambda: last in gallery.samples._pixmaps, "the last thumbnail")
    assert len(gallery.samples._pixmaps) < 60
    session = window.review.session
    assert isinstance(session, Session)
    window.review.panel.plot.dragged.emit(float(session.finals.mean()))
    assert 4_000 < session.counts()["flagged"] < 6_000
    QTest.keyClicks(window.review.filters.search, "09999")
    assert gallery.samples.rowCount() == 1
    window.close()


def main(arguments: list[str]) -> None:
    name, folder = arguments
    globals()[name](Path(folder))
    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert not left, f"left open: {left}"


if __name__ == "__main__":
    main(sys.argv[1:])
