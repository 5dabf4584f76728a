"""How fast parts that arrive one by one are judged: parts a second, and milliseconds from complete file to verdict.

python -m benchmarks.bench_watch [--parts 200] [--side 1000] [--rate 5] [--pool 64] [--kind jpg] [--preset fast]

Photos of `side` x `side` pixels, the washers of `samples/`, each varied and with noise of its own. First as many as the
pool holds are given as known good. Then parts are renamed into the folder, once at the rate of a line, which gives the
latency, and once all at a time, which gives the rate that can be held. A file is complete when it is renamed in;
until the system has told of it, or a look has found it, counts, and settling is switched off (`--settle 0`), because a
file that is renamed in needs none. A verdict is there when it is handed on: it is in the database by then, its map and
its thumbnail beside it. `--threads` sets the threads of torch. Seconds of a processor that a part takes are counted
from the first verdict to the last.
"""

import argparse
import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import numpy as np
import torch
from PIL import Image

from benchmarks.bench_pipeline import write_photos
from inspector.jobs.watch import watch
from inspector.jobs.watch_options import WatchOptions
from inspector.presets import load_settings
from inspector.sinks.result import PartResult
from inspector.store.workspace import Workspace

QUANTILES = (50, 90, 95, 99, 100)


def write_parts(folder: Path, count: int, side: int, kind: str) -> list[Path]:
    """Write photos that all differ."""
    folder.mkdir()
    write_photos(folder, count, side)
    files = sorted(folder.iterdir())
    if kind == "jpg":
        return files
    for file in files:
        with Image.open(file) as image:
            image.save(file.with_suffix(f".{kind}"))
    return [file.with_suffix(f".{kind}") for file in files]


def send(files: list[Path], folder: Path, rate: float, came: dict[str, float]) -> None:
    """Rename files into a folder, so many a second; 0 = all at once. Note when each was complete."""
    begun = time.monotonic()
    for index, file in enumerate(files):
        beside = folder / f".{file.name}"
        shutil.copy(file, beside)
        if rate:
            time.sleep(max(0.0, begun + index / rate - time.monotonic()))
        came[file.name] = time.monotonic()
        beside.rename(folder / file.name)


def measure(
    parts: list[Path], golden: Path, rate: float, pool: int, work: Path, preset: str
) -> tuple[float, float, np.ndarray]:
    """Watch a folder that parts come into; return parts a second, seconds of a processor that one takes, and seconds
    from complete file to verdict."""
    folder, spent = work / f"line-{rate:g}", []
    came: dict[str, float] = {}
    judged: dict[str, float] = {}
    folder.mkdir()

    def note(result: PartResult) -> None:
        judged[result.name] = time.monotonic()
        spent.append(time.process_time())

    options = WatchOptions(golden=golden, pool=pool, settle=0, idle=5)

    def begin() -> None:
        wait_for_run(work)
        send(parts, folder, rate, came)

    sender = Thread(target=begin)
    sender.start()
    with Workspace(work / "workspace") as store:
        watch(folder, load_settings(preset), options, store, on_result=note)
    sender.join()
    names = [part.name for part in parts]
    assert sorted(judged) == sorted(names)
    times = [judged[name] for name in names]
    seconds = np.array([judged[name] - came[name] for name in names])
    each = (spent[-1] - spent[0]) / (len(names) - 1)
    return (len(names) - 1) / (max(times) - min(times)), each, seconds


def wait_for_run(work: Path) -> None:
    """Wait until the newest run is calibrated: its parts are judged from then on."""
    with Workspace(work / "workspace") as store:
        while True:
            runs = store.runs.all()
            if runs and runs[0].status == "running" and runs[0].threshold is not None:
                return
            time.sleep(0.1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=int, default=200)
    parser.add_argument("--side", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=5.0)
    parser.add_argument("--pool", type=int, default=64)
    parser.add_argument("--kind", default="jpg", choices=["jpg", "png", "bmp"])
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    with TemporaryDirectory(prefix="line-") as folder:
        work = Path(folder)
        files = write_parts(work / "stock", given.pool + given.parts, given.side, given.kind)
        golden = work / "golden"
        golden.mkdir()
        for file in files[: given.pool]:
            shutil.move(file, golden)
        photos = f"{given.side} x {given.side} {given.kind}, preset {given.preset}"
        print(f"{photos}, pool of {given.pool}, {given.threads} threads of torch")
        columns = ["parts a second", "CPU seconds a part", *(f"{each} %" for each in QUANTILES)]
        print(f"| parts come | {' | '.join(columns)} |")
        print("|---|" + "---:|" * len(columns))
        for rate in (given.rate, 0.0):
            held, each, seconds = measure(files[given.pool :], golden, rate, given.pool, work, given.preset)
            shown = " | ".join(f"{1000 * value:.0f}" for value in np.percentile(seconds, QUANTILES))
            come = f"{rate:g} a second" if rate else "all at once"
            print(f"| {come} | {held:.1f} | {each:.2f} | {shown} |", flush=True)
        load = os.getloadavg()[0]
        print(f"load of the machine at the end: {load:.1f}")


if __name__ == "__main__":
    main()
