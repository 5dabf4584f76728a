"""Makes the pictures of docs/screenshots again, from the sample batches and made runs.

    python tools/screenshots.py [--out DIR] [SCENE ...]

Scenes: washers, housings, line, statistics, reports; without any, all of them, each in a process of its own with a
workspace and preferences that are thrown away. Days, times and durations in them are those of now; the rest is the
same each time on one machine. Reports are drawn by Chromium, and left out where there is none.
"""

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QDeadlineTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from sqlalchemy import update

from gui.app import build
from gui.watch.choice import WatchChoice
from gui.window import MainWindow
from inspector.data.photos import read_image, shrink
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.export.rendering import encode
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.tables import RunRow
from inspector.store.workspace import Workspace

ROOT = Path(__file__).parents[1]

SAMPLES = ROOT / "samples"

SIZE = (1280, 800)
"""Pixels of a window."""

SHOWN_FOLDER = "/home/ada"
"""What reports call the folder that the batches lie in."""

REPORT_HEIGHTS = {"report": 1096, "report-clouds": 1360}

OPERATOR = "Mia"

FOLDER = Path(tempfile.gettempdir()) / "station"
"""What a scene leaves lies in it until its end; its name is seen in pictures."""


def main() -> None:
    """Make what is asked for; a scene that goes wrong ends with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots", help="folder of the pictures")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(SCENES))
    arguments = parser.parse_args()
    unknown = sorted({*arguments.scenes} - {*SCENES})
    if unknown:
        parser.error(f"there is no scene {', '.join(unknown)}; choose from {', '.join(SCENES)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for scene in arguments.scenes or SCENES:
        with settled() as folder:
            drawing = multiprocessing.get_context("spawn").Process(target=SCENES[scene], args=(folder, arguments.out))
            drawing.start()
            drawing.join()
        if drawing.exitcode:
            sys.exit(1)


@contextmanager
def settled() -> Iterator[Path]:
    """Serve X at the size of the pictures; preferences, logs and caches of what is started lie in a folder."""
    FOLDER.mkdir()  # one that is there already is not ours
    try:
        with _serve():
            yield FOLDER
    finally:
        shutil.rmtree(FOLDER)


@contextmanager
def _serve() -> Iterator[None]:
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{kind}_HOME"] = str(FOLDER / kind.lower())
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    read, write = os.pipe()
    screen = f"{SIZE[0]}x{SIZE[1]}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as number:
            os.environ["DISPLAY"], os.environ["QT_QPA_PLATFORM"] = f":{number.readline().strip()}", "xcb"
        try:
            yield
        finally:
            server.terminate()


# Scenes


def show_washers(folder: Path, out: Path) -> None:
    """Review of the washers: three are judged, the fourth is looked at; the grid, a comparison, operator mode."""
    scan("washers", folder)
    window = open_station(folder, "1")
    review = window.review
    window.menus.actions["regions"].trigger()
    for name, verdict in (("dent/001", "reject"), ("contamination/001", "accept"), ("chip/001", "reject")):
        look_at(window, f"{name}.jpg")
        window.menus.actions[verdict].trigger()
    look_at(window, "stain/001.jpg")
    take(window, out / "station-review.png")

    window.menus.actions["operator_mode"].trigger()
    take(window, out / "station-operator.png")
    window.menus.actions["operator_mode"].trigger()

    look_at(window, "dent/001.jpg")
    window.menus.actions["compare"].trigger()
    wait(lambda: review.viewer.second_view.picture() is not None, "the most similar part")
    take(window, out / "station-compare.png")
    window.menus.actions["compare"].trigger()

    review.filters.chips["flagged"].click()
    window.menus.actions["grid"].trigger()
    look_at(window, "stain/001.jpg")
    first = review.gallery.currentIndex()
    for row in range(first.row() + 1, first.row() + 3):
        review.gallery.selectionModel().select(
            review.gallery.model().index(row, 0), review.gallery.selectionModel().SelectionFlag.Select
        )
    take(window, out / "station-grid.png")
    window.close()


def show_housings(folder: Path, out: Path) -> None:
    """Review of the housings in German and dark: the part that is asked for, the oddest place, the cloud beside."""
    scan("housings", folder)
    window = open_station(folder, "1", theme="dark", language="de")
    window.menus.actions["ask"].trigger()
    wait(lambda: window.review.photo.sight() != "loading", "the part that is asked for")
    window.menus.actions["cloud"].trigger()
    wait(lambda: window.review.viewer.cloud_view is not None, "the cloud")
    take(window, out / "station-cloud.png")
    window.close()


def show_line(folder: Path, out: Path) -> None:
    """A watched line: after the good washers six defective ones in a row come, and nobody takes the results."""
    good = sorted((SAMPLES / "washers" / "test" / "good").iterdir())
    kinds = ("scratch", "chip", "contamination", "dent", "stain")
    bad = [SAMPLES / "washers" / "test" / kind / "001.jpg" for kind in kinds]
    bad.append(bad[-1].with_name("000.jpg"))
    belt = folder / "line-a"
    belt.mkdir()
    window = open_station(folder)
    sinks = ("http://127.0.0.1:9/results",)
    window.watching.begin(WatchChoice(str(belt), warm_up=10, sinks=sinks, alarm_rate=0.1))
    for coming, first in ((good, 0), (bad, len(good))):
        for number, photo in enumerate(coming, start=first):
            shutil.copy(photo, belt / f"part_{number:03}.jpg")
        wait(partial(has_judged, window, first + len(coming)), "the parts")
    take(window, out / "station-line.png")
    window.watching.job.stop()
    window.close()


def show_statistics(folder: Path, out: Path) -> None:
    """Statistics of 36 runs, of which one lies above its limit."""
    with Workspace(folder / "workspace") as store:
        make_runs(store, folder / "photos")
    window = open_station(folder)
    page = window.pages.statistics
    shown: list[bool] = []
    page.shown.connect(lambda: shown.append(True))
    window.pages.show_statistics()
    wait(lambda: shown, "the figures")
    take(window, out / "station-statistics.png")
    window.close()


def draw_reports(folder: Path, out: Path) -> None:
    """The beginnings of both reports."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.stderr.write("There is no Chromium to draw reports with: report.png and report-clouds.png stay.\n")
        return
    for number, (batch, name) in enumerate((("washers", "report"), ("housings", "report-clouds")), start=1):
        scan(batch, folder)
        run_inspector("export", str(number), "--out", str(folder / name), "--what", "report", folder=folder)
        page = folder / name / "report.html"
        page.write_text(page.read_text("utf-8").replace(str(folder), SHOWN_FOLDER), "utf-8")
        given = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"]
        given += [f"--user-data-dir={folder / 'browser'}", f"--window-size=1240,{REPORT_HEIGHTS[name]}"]
        command = [browser, *given, f"--screenshot={out / name}.png", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        lessen(out / f"{name}.png")


SCENES: dict[str, Callable[[Path, Path], None]] = {
    "washers": show_washers,
    "housings": show_housings,
    "line": show_line,
    "statistics": show_statistics,
    "reports": draw_reports,
}


# What scenes are made of


def run_inspector(*words: str, folder: Path) -> None:
    """Run the command line on the workspace of a scene."""
    command = [sys.executable, "-m", "inspector.cli", *words, "--workspace", str(folder / "workspace")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def scan(batch: str, folder: Path) -> None:
    """Scan a sample batch, copied beside the workspace of a scene."""
    shutil.copytree(SAMPLES / batch / "test", folder / batch)
    run_inspector("scan", str(folder / batch), folder=folder)


def open_station(folder: Path, target: str = "", *, theme: str = "light", language: str = "en") -> MainWindow:
    """Open the app on the workspace of a scene, and wait for the run that it is to show."""
    given = ["--workspace", str(folder / "workspace"), "--theme", theme, "--language", language]
    _, window = build([*given, target] if target else given)
    sys.excepthook = sys.__excepthook__  # what goes wrong ends the scene
    window.operator.sign_in(OPERATOR)
    window.resize(*SIZE)
    wait(lambda: window.store is not None, "the workspace")
    if target:
        wait(lambda: window.review.session is not None and window.review.photo.sight() != "loading", "the run")
    return window


def look_at(window: MainWindow, name: str) -> None:
    """Choose a part of the list by the end of its name."""
    session = window.review.session
    assert session is not None
    sample = next(index for index, one in enumerate(session.rows) if one.name.endswith(name))
    window.review.list.show(sample)
    window.review.show_sample(sample)
    wait(lambda: window.review.photo.sight() != "loading", name)


def has_judged(window: MainWindow, count: int) -> bool:
    """Tell whether so many parts of a watched line are judged, and the newest is on the screen."""
    line = window.watching.screen
    shown = line.view.part is not None and line.view.part.position == count - 1
    return line.state.judged == count and shown and line.view.view.picture() is not None


def wait(condition: Callable[[], object], what: str) -> None:
    """Let the app work until something holds."""
    patience = QDeadlineTimer(60_000)
    while not condition():
        if patience.hasExpired():
            raise TimeoutError(f"waited for a minute in vain for: {what}")
        QTest.qWait(20)


def take(window: QWidget, picture: Path) -> None:
    """Write what a window shows, once all that was begun is drawn."""
    window.resize(*SIZE)
    QTest.qWait(500)
    window.grab().save(str(picture))
    lessen(picture)


def lessen(picture: Path) -> None:
    """Leave a picture 256 colours, which halves its bytes; rare ones, as those of verdicts, are kept."""
    with Image.open(picture) as opened:
        whole = opened.convert("RGB")
    whole.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=2).save(picture, optimize=True)


def make_runs(store: Workspace, photos: Path) -> None:
    """Fill a workspace with a month of runs of two stations, drawn from a seed."""
    rng = np.random.default_rng(7)
    begin = datetime.now(UTC).replace(hour=4, minute=30, second=0, microsecond=0, tzinfo=None) - timedelta(days=27)
    photo = encode(shrink(read_image(SAMPLES / "washers" / "test" / "chip" / "001.jpg"), 256), ".jpg")
    for number in range(36):
        share = 0.12 if number == 27 else 0.04
        count = int(rng.choice([24, 40, 60]))
        odd = rng.random(count) < share
        station = "AB"[number % 2]
        identity = {"lot": f"L{24 + number // 9}", "station": station}
        samples = tuple(Sample(f"{i:03}.jpg", image=photos / f"{i:03}.jpg", identity=identity) for i in range(count))
        run_id = store.runs.create(Batch(photos / station, samples), ScanSettings(), Recipe(name="washer M16"))
        store.runs.keep_readings(run_id, [SampleReading(i, "ok", width=360, height=320) for i in range(count)])
        results = [SampleResult(i, float(flag), None, float(flag) + i / 1000, bool(flag)) for i, flag in enumerate(odd)]
        store.runs.finish(run_id, results, RunResult(Calibration(0.5, True, 0.0, 1.0, 0.0, 1.0)))
        with store.database.session() as session:
            kept = {"created": begin + timedelta(hours=18 * number), "map_threshold": 0.5}
            session.execute(update(RunRow).where(RunRow.id == run_id).values(kept))
        for position, sample in enumerate(store.runs.samples(run_id)):
            if odd[position]:
                store.artefacts.save_map(run_id, position, draw_map(rng))
                judge(store, sample.id, rng, "Mia" if number % 3 else "Jonas")
            if number == 35 or odd[position]:
                store.artefacts.save_thumbnail(run_id, position, photo)


def draw_map(rng: np.random.Generator) -> NDArray[np.float32]:
    """An anomaly map of 32 x 36 pixels with one spot, mostly on the right of the ring."""
    plane = np.zeros((32, 36), np.float32)
    angle = rng.normal(-0.3, 0.5) if rng.random() < 0.8 else rng.uniform(0, 2 * np.pi)
    plane[round(16 + 10 * np.sin(angle)), round(18 + 10 * np.cos(angle))] = 1
    return plane


def judge(store: Workspace, sample_id: int, rng: np.random.Generator, operator: str) -> None:
    """Reject most flagged parts with a class or without, accept some, leave a few."""
    chance = rng.random()
    if chance < 0.75:
        defect = str(rng.choice(["scratch", "dent", "stain", ""], p=[0.5, 0.2, 0.15, 0.15]))
        store.verdicts.add(sample_id, operator, "rejected", defect_class=defect)
    elif chance < 0.95:
        store.verdicts.add(sample_id, operator, "accepted")


if __name__ == "__main__":
    main()
