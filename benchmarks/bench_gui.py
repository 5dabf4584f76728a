"""How fast the desktop app is: start, a run of 10,000 samples, the next sample, the threshold.

    python -m benchmarks.bench_gui [--samples N] [--photo PIXELS] [--repeats R]

Prints a table in Markdown. Needs a display; without one: `xvfb-run -a python -m benchmarks.bench_gui`.
Start is measured in fresh processes on a warm disk, the rest in one process, all as medians.
"""

import argparse
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.gui.large import make_large_workspace

START = """
import sys, time
began = time.perf_counter()
from PySide6.QtCore import QTimer
from gui.app import build
app, window = build(["--workspace", sys.argv[1]])
shown = []
class Watch(QTimer):
    def look(self):
        if not shown and window.isVisible() and window.windowHandle().isExposed():
            shown.append(time.perf_counter() - began)
        if shown and window.store is not None:
            print(shown[0], time.perf_counter() - began)
            app.exit()
watch = Watch(interval=1)
watch.timeout.connect(watch.look)
watch.start()
app.exec()
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--photo", type=int, default=1024, help="side of the photos in pixels")
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rows = start_up(folder, options.repeats)
        make_large_workspace(folder, options.samples, side=options.photo, photos=64)
        rows += in_one_process(folder, options)
    print(
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}\n"
    )
    print("| what | median | worst |\n|---|---:|---:|")
    for what, seconds in rows:
        print(f"| {what} | {1000 * statistics.median(seconds):.1f} ms | {1000 * max(seconds):.1f} ms |")


def start_up(folder: Path, repeats: int) -> list[tuple[str, list[float]]]:
    """Start the app in fresh processes; the first one warms the disk."""
    command = [sys.executable, "-c", START, str(folder / "empty")]
    lines = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(repeats + 1)]
    seen, listed = zip(*(map(float, line.split()) for line in lines[1:]), strict=True)
    return [("start until the window is seen", list(seen)), ("start until the runs are listed", list(listed))]


def timed(action: Callable[[], object]) -> float:
    """Time one call, in seconds."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def in_one_process(folder: Path, options: argparse.Namespace) -> list[tuple[str, list[float]]]:
    """Open the large run and use it."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from gui.app import build

    app, window = build(["--workspace", str(folder / "workspace")])
    assert isinstance(app, QApplication)

    def until(condition: Callable[[], bool]) -> None:
        while not condition():
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            time.sleep(0.0005)  # the other threads need the interpreter too

    until(lambda: window.store is not None)
    review = window.review
    until(lambda: review.isVisible() or window.isVisible())
    opened = [timed(lambda: (window.open_run(1), app.processEvents())) for _ in range(options.repeats)]
    until(lambda: review.viewer.main_view.picture() is not None)

    def step(by: int, pause: float) -> float:
        until_time = time.perf_counter() + pause
        until(lambda: time.perf_counter() > until_time)
        began = time.perf_counter()
        review.list.step(by)
        until(lambda: getattr(review.viewer.main_view.picture(), "index", None) == review.current)
        review.viewer.main_view.viewport().repaint()
        return time.perf_counter() - began

    looked = [step(1, 0.4) for _ in range(20)]
    leaped = [step(50, 0.4) for _ in range(20)]

    def scroll(place: float) -> None:
        bar = review.gallery.verticalScrollBar()
        bar.setValue(round(bar.maximum() * place))
        review.gallery.viewport().repaint()

    scrolled = [timed(lambda place=place: scroll(place)) for place in np.linspace(0, 1, 60)]

    def drag(threshold: float) -> None:
        review.panel.plot.dragged.emit(threshold)
        review.gallery.viewport().repaint()
        review.panel.plot.repaint()

    dragged = [timed(lambda score=score: drag(score)) for score in np.linspace(0.3, 0.7, 60)]
    review.list.set_filter("flagged")
    relisted = [timed(lambda score=score: drag(score)) for score in np.linspace(0.3, 0.7, 60)]
    window.close()
    count, side = f"{options.samples:,}", f"{options.photo} x {options.photo}"
    return [
        (f"open a run of {count} samples", opened),
        (f"next sample, {side} (fetched ahead)", looked),
        (f"a sample further away, {side}", leaped),
        (f"scroll {count} samples, one step", scrolled),
        (f"threshold drag, {count} samples, one step", dragged),
        ("threshold drag while only flagged ones are listed", relisted),
    ]


if __name__ == "__main__":
    main()
