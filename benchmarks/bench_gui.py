"""How fast the desktop app is: start, a run of 10,000 samples, the next sample, the threshold.

    python -m benchmarks.bench_gui [--samples N] [--photo PIXELS] [--repeats R] [--steps S]
    python -m benchmarks.bench_gui --photo 3464                                 (photos of 12 megapixels)
    python -m benchmarks.bench_gui --samples 600 --photo 128 --repeats 1 --steps 5000          (memory)

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
from functools import partial
from pathlib import Path

import numpy as np
import psutil

from tests.gui.large import make_large_workspace

LIMITS = {"next sample": 100, "threshold drag": 16}
"""Milliseconds that these rows may take, by how they begin: what the eye takes for at once, and a frame at 60 Hz."""

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
    parser.add_argument("--steps", type=int, default=0, help="also go on so many samples and tell the memory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rows = start_up(folder, options.repeats)
        make_large_workspace(folder, options.samples, side=options.photo, photos=64)
        station = Station(folder / "workspace")
        rows += in_one_process(station, options)
        told = tell_growth(station, options.steps) if options.steps else ""
        station.window.close()
    print(
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}\n"
    )
    print("| what | median | worst | limit |\n|---|---:|---:|---:|")
    for what, seconds in rows:
        limit = next((f"{limit} ms" for begins, limit in LIMITS.items() if what.startswith(begins)), "")
        print(f"| {what} | {1000 * statistics.median(seconds):.1f} ms | {1000 * max(seconds):.1f} ms | {limit} |")
    print(f"\n{told}")


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


class Station:
    """The app with the large run, and what can be timed in it."""

    def __init__(self, workspace: Path) -> None:
        """Start it and wait for the review screen."""
        from gui.app import build

        self.app, self.window = build(["--workspace", str(workspace)])
        self.until(lambda: self.window.store is not None)
        self.review = self.window.review
        self.until(self.window.isVisible)

    def until(self, condition: Callable[[], bool]) -> None:
        """Handle events until something is so."""
        while not condition():
            self.app.processEvents()
            time.sleep(0.0005)  # the other threads need the interpreter too

    def settle(self, pause: float = 0.4) -> None:
        """Let the app come to rest, as it does between two acts of an operator."""
        end = time.perf_counter() + pause
        self.until(lambda: time.perf_counter() > end)

    def still(self, begin: Callable[[], object], ended: Callable[[], bool]) -> tuple[float, float]:
        """Begin something; return the longest time that the window stood still until it ended, and all of it."""
        began = time.perf_counter()
        longest = timed(begin)
        while not ended():
            longest = max(longest, timed(self.app.processEvents))
            time.sleep(0.0005)
        return longest, time.perf_counter() - began

    def open_run(self) -> tuple[float, float]:
        """Open the run; see `still`."""
        samples = self.review.gallery.samples
        return self.still(
            lambda: self.window.open_run(1), lambda: self.review.session is not None and samples.rowCount() > 0
        )

    def sort(self, by: str) -> tuple[float, float]:
        """Choose an order; see `still`."""
        order, session = self.review.filters.order, self.review.session
        assert session is not None
        return self.still(
            lambda: order.setCurrentIndex(order.findData(by)), lambda: by == "score" or session.knows_times
        )

    def step(self, by: int) -> float:
        """Go to another sample; return the seconds until its photo is painted.

        The operator looks at the one before until the next one is fetched ahead.
        """
        self.settle()
        session, current = self.review.session, self.review.current
        if by == 1 and session is not None and current is not None:
            ahead = session.neighbours(current)[:1]
            self.until(lambda: all(sample in self.review.photo.pictures._pictures for sample in ahead))
        view, began = self.review.viewer.main_view, time.perf_counter()
        self.review.list.step(by)
        self.until(lambda: getattr(view.picture(), "index", None) == self.review.current)
        view.viewport().repaint()
        return time.perf_counter() - began

    def scroll(self, place: float) -> None:
        """Scroll the list to a place, 0..1, and paint it."""
        bar = self.review.gallery.verticalScrollBar()
        bar.setValue(round(bar.maximum() * place))
        self.review.gallery.viewport().repaint()

    def drag(self, threshold: float) -> None:
        """Move the threshold and paint what shows it."""
        self.review.panel.plot.dragged.emit(threshold)
        self.review.gallery.viewport().repaint()
        self.review.panel.plot.repaint()


def tell_growth(station: Station, steps: int) -> str:
    """Go on through the list, round at its end, and return how the memory of the process grows meanwhile."""
    process, review, measured = psutil.Process(), station.review, []
    samples, view = review.gallery.samples, review.viewer.main_view
    review.list.set_filter("all")
    for step in range(steps):
        review.gallery.select_sample(samples.sample_at(step % samples.rowCount()))
        station.until(lambda: getattr(view.picture(), "index", None) == review.current)
        if step % 50 == 49:
            measured.append((step, process.memory_info().rss / 2**20))
    later = np.array(measured[len(measured) // 5 :])  # until then, caches fill up
    slope = np.polyfit(later[:, 0] / 1000, later[:, 1], 1)[0]
    first, last = later[0, 1], later[-1, 1]
    return f"memory over {steps:,} steps: {first:.0f} MB, at last {last:.0f} MB, slope {slope:+.2f} MB per 1,000 steps"


def in_one_process(station: Station, options: argparse.Namespace) -> list[tuple[str, list[float]]]:
    """Open the large run and use it."""
    opened, sorted_by_time = [], []
    for _ in range(options.repeats):
        opened.append(station.open_run())
        station.settle()
        sorted_by_time.append(station.sort("time"))
        station.sort("score")
        station.settle()
    station.until(lambda: station.review.viewer.main_view.picture() is not None)
    looked, leaped = ([station.step(by) for _ in range(20)] for by in (1, 50))
    scrolled = [timed(partial(station.scroll, place)) for place in np.linspace(0, 1, 60)]
    meanwhile = [timed(partial(station.drag, score)) for score in np.linspace(0.3, 0.7, 60)]
    station.settle(2.0)
    dragged = [timed(partial(station.drag, score)) for score in np.linspace(0.3, 0.7, 60)]
    station.review.list.set_filter("flagged")
    relisted = [timed(partial(station.drag, score)) for score in np.linspace(0.3, 0.7, 60)]
    count, side = f"{options.samples:,}", f"{options.photo} x {options.photo}"
    return [
        (f"open a run of {count} samples: the window stands still", [longest for longest, _ in opened]),
        (f"open a run of {count} samples: until they are listed", [whole for _, whole in opened]),
        (f"sort {count} samples by time: the window stands still", [longest for longest, _ in sorted_by_time]),
        (f"next sample, {side} (fetched ahead)", looked),
        (f"a sample further away, {side}", leaped),
        (f"scroll {count} samples, one step", scrolled),
        (f"threshold drag, {count} samples, one step", dragged),
        ("the same while photos and thumbnails of the steps before are still decoded", meanwhile),
        ("threshold drag while only flagged ones are listed", relisted),
    ]


if __name__ == "__main__":
    main()
