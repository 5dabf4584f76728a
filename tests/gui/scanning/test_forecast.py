"""The engine is asked what it would do before a scan; however that ends, nothing of it is left behind."""

import gc
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QProcess
from pytestqt.qtbot import QtBot

from gui.scanning.dialog import ScanDialog
from gui.scanning.forecast import Forecast
from inspector.settings import ScanSettings

FORECASTING = """
import signal, sys, tempfile, time
signal.signal(signal.SIGINT, {on_interrupt})
with tempfile.TemporaryDirectory(prefix="inspector-"):
    print("# 12 samples in", sys.argv[2], flush=True)
    while True:
        time.sleep(60)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty, of this process and those it starts."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Callable[[str], list[str]]:
    """A stand-in that never comes to its end, and says what it does with an interrupt."""

    def make(on_interrupt: str) -> list[str]:
        script = tmp_path / "engine.py"
        script.write_text(FORECASTING.format(on_interrupt=on_interrupt))
        return [sys.executable, str(script)]

    return make


def test_engine_that_cannot_be_started_is_told(temporary: Path, tmp_path: Path, qtbot: QtBot) -> None:
    owner = QObject()
    forecast = Forecast(owner, command=[str(tmp_path / "no engine")])

    with qtbot.waitSignal(forecast.refused, check_params_cb=bool) as refused:
        forecast.ask(tmp_path, ScanSettings())

    assert refused.args == ["The engine could not be started."]
    forecast.close()
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("import os; os.kill(os.getpid(), 9)", "The system ended the engine, most likely because memory ran out."),
        ("raise KeyError('x')", "The engine ended with code 1."),
        ("import sys; sys.exit('inspector: it is broken')", "it is broken"),
    ],
)
def test_why_the_engine_ended_is_told_as_elsewhere(line: str, why: str, tmp_path: Path, qtbot: QtBot) -> None:
    owner = QObject()
    forecast = Forecast(owner, command=[sys.executable, "-c", line])

    with qtbot.waitSignal(forecast.refused, timeout=10_000, check_params_cb=bool) as refused:
        forecast.ask(tmp_path, ScanSettings())

    assert refused.args == [why]
    forecast.close()


def test_cancelling_during_the_forecast_leaves_nothing_behind(
    engine: Callable[[str], list[str]], temporary: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = ScanDialog(tmp_path, command=engine("signal.default_int_handler"))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.forecast.text().startswith("12 samples"), timeout=10_000)
    assert list(temporary.iterdir()) != []

    dialog.path.setText(str(tmp_path / "not there"))
    assert (dialog.forecast.text(), dialog.reason.text()) == ("", "This folder is not there.")
    dialog.reject()

    qtbot.waitUntil(lambda: list(temporary.iterdir()) == [], timeout=10_000)


@pytest.mark.skipif(sys.platform == "win32", reason="it is ended at once there")
def test_an_engine_that_does_not_listen_is_ended_and_leaves_nothing_behind(
    engine: Callable[[str], list[str]], temporary: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    owner = QObject()
    forecast = Forecast(owner, command=engine("signal.SIG_IGN"), patience=100)
    with qtbot.waitSignal(forecast.told, timeout=10_000, check_params_cb=lambda text: text.startswith("12")):
        forecast.ask(tmp_path, ScanSettings())

    with qtbot.waitSignal(forecast.destroyed, timeout=10_000):
        forecast.close()

    assert list(temporary.iterdir()) == []


def test_the_window_does_not_wait_for_an_engine_that_is_stopped(
    engine: Callable[[str], list[str]], temporary: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    owner = QObject()
    forecast = Forecast(owner, command=engine("signal.default_int_handler"))
    with qtbot.waitSignal(forecast.told, timeout=10_000, check_params_cb=lambda text: text.startswith("12")):
        forecast.ask(tmp_path, ScanSettings())

    forecast.close()

    assert forecast._process.state() == QProcess.ProcessState.Running
    qtbot.waitUntil(lambda: list(temporary.iterdir()) == [], timeout=10_000)


def test_the_latest_question_counts(
    engine: Callable[[str], list[str]], temporary: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    owner = QObject()
    forecast = Forecast(owner, command=engine("signal.default_int_handler"))
    with qtbot.waitSignal(forecast.told, timeout=10_000, check_params_cb=lambda text: text.startswith("12")):
        forecast.ask(tmp_path, ScanSettings())
    told: list[str] = []
    forecast.told.connect(told.append)
    forecast.ask(tmp_path / "second", ScanSettings())
    forecast.ask(tmp_path / "third", ScanSettings())
    qtbot.waitUntil(lambda: bool(told) and told[-1].startswith(f"12 samples in {tmp_path / 'third'}"), timeout=10_000)
    assert told[0] == "Looking at the folder…"
    assert not any("second" in text for text in told)
    with qtbot.waitSignal(forecast.destroyed, timeout=10_000):
        forecast.close()


def test_start_waits_for_weights_and_says_so_beside_it(tmp_path: Path, qtbot: QtBot) -> None:
    script = tmp_path / "engine.py"
    script.write_text(
        "import sys\n"
        "if 'dinov2' in open(sys.argv[4]).read():\n"
        "    print('inspector: the weights of dinov2-vit-s14 are not on this machine: get x.pth (Meta; licence Y) '\n"
        "          'and run: inspector weights import FILE; with a network: inspector weights import --from-hub x',\n"
        "          file=sys.stderr)\n"
        "    sys.exit(1)\n"
        "print('# 12 samples')\n"
    )
    dialog = ScanDialog(tmp_path, command=[sys.executable, str(script)])
    qtbot.addWidget(dialog)
    dialog.form.preset.setCurrentText("dinov2-s")
    qtbot.waitUntil(lambda: bool(dialog.reason.text()), timeout=10_000)
    said = "The weights of dinov2-vit-s14 are not on this machine: get x.pth (Meta; licence Y) and import it"
    assert dialog.reason.text() == said
    assert not dialog.start_button.isEnabled()

    dialog.form.preset.setCurrentText("embedded")
    qtbot.waitUntil(lambda: dialog.forecast.text() == "12 samples", timeout=10_000)
    assert (dialog.reason.text(), dialog.start_button.isEnabled()) == ("", True)
    qtbot.waitUntil(lambda: dialog._engine._process.state() == QProcess.ProcessState.NotRunning, timeout=10_000)
    dialog.path.setText("/no/such/folder")
    assert dialog.reason.text() == "This folder is not there."
    assert not dialog.start_button.isEnabled()
    dialog.reject()


def test_closed_before_it_is_known_that_no_engine_starts_nothing_is_left_behind(
    temporary: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    owner = QObject()
    forecast = Forecast(owner, command=[str(tmp_path / "no engine")])
    forecast.ask(tmp_path, ScanSettings())

    with qtbot.waitSignal(forecast.destroyed, timeout=10_000):
        forecast.close()

    assert list(temporary.iterdir()) == []


def test_a_forecast_that_nobody_closes_leaves_nothing_behind(temporary: Path, tmp_path: Path) -> None:
    owner = QObject()
    forecast = Forecast(owner, command=[str(tmp_path / "no engine")])
    assert list(temporary.iterdir()) != []

    del forecast, owner
    gc.collect()

    assert list(temporary.iterdir()) == []
