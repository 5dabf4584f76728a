"""Whole scans at the default settings against what `inspector scan --dry-run` predicts for them.

python -m benchmarks.bench_pipeline [--counts 50 200 1000 2000] [--side 512] [--threads 2]

The photos are the washers of `samples/`, each a little brighter or darker and with noise of its own, so that no two
files are equal; one in twenty has a defect. Each scan and each prediction is a process of its own, with a workspace of
its own: memory is the peak of that process, disk all that the workspace holds at the end.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import cv2
import numpy as np

WASHERS = Path(__file__).parent.parent / "samples" / "washers" / "test"
STAGES = ("read", "score", "maps")
DEFECT_EVERY = 20


class Cost(NamedTuple):
    """What a process took: its wall time in seconds, its largest resident memory in bytes, and what it printed."""

    seconds: float
    memory: int
    printed: str


def write_photos(folder: Path, count: int, side: int) -> None:
    """Write JPEG photos of `side` x `side` pixels that all differ."""
    files = sorted(WASHERS.rglob("*.jpg"))
    good = cycle([_square(file, side) for file in files if file.parent.name == "good"])
    defects = cycle([_square(file, side) for file in files if file.parent.name != "good"])
    for number in range(count):
        rng = np.random.default_rng([side, number])
        photo = next(defects if number % DEFECT_EVERY == DEFECT_EVERY - 1 else good)
        varied = photo * rng.uniform(0.97, 1.03) + rng.normal(0, 3, photo.shape)
        encoded = cv2.imencode(".jpg", varied.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
        (folder / f"{number:05d}.jpg").write_bytes(encoded.tobytes())


def _square(file: Path, side: int) -> np.ndarray:
    """Cut the middle out of a photo and stretch it."""
    photo = cv2.imdecode(np.frombuffer(file.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert photo is not None
    least = min(photo.shape[:2])
    top, left = (photo.shape[0] - least) // 2, (photo.shape[1] - least) // 2
    return cv2.resize(photo[top : top + least, left : left + least], (side, side), interpolation=cv2.INTER_CUBIC)


def run_step(step: str, photos: Path, workspace: Path, threads: int) -> Cost:
    """Run a step of the measurement in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bench_pipeline", "--step", step, "--threads", str(threads)]
    start = time.perf_counter()
    process = subprocess.Popen([*command, str(photos), str(workspace)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(time.perf_counter() - start, usage.ru_maxrss * 1024, printed)


def print_costs(step: str, photos: Path, workspace: Path, threads: int) -> None:
    """Scan or predict at the default settings, and print the seconds of the stages, and more where predicted."""
    import torch

    from inspector.data.layouts import read_batch
    from inspector.jobs.predict import predict
    from inspector.jobs.scan import scan
    from inspector.presets import load_settings
    from inspector.store.workspace import Workspace

    torch.set_num_threads(threads)
    batch, settings = read_batch(photos), load_settings()
    if step == "predict":
        print(json.dumps(predict(batch, settings)._asdict()))
        return
    with Workspace(workspace) as store:
        print(json.dumps(store.runs.get(scan(batch, settings, store)).timings))


def rows(photos: Path, count: int, threads: int) -> Iterator[str]:
    """Predict and scan one batch; three lines of the table: true, predicted, and their ratio."""
    with TemporaryDirectory() as name:
        workspace = Path(name)
        asked = run_step("predict", photos, workspace, threads)
        done = run_step("scan", photos, workspace, threads)
        disk = sum(file.stat().st_size for file in workspace.rglob("*") if file.is_file())
    found, predicted = json.loads(done.printed), json.loads(asked.printed)
    true = [*(found[stage] for stage in STAGES), sum(found[stage] for stage in STAGES), done.memory, disk]
    told = [*(predicted[stage] for stage in STAGES), sum(predicted[stage] for stage in STAGES)]
    told += [predicted["memory"], predicted["disk"]]
    yield f"| {count} | true | {_cells(true)} | {count / true[3]:.1f} | {done.seconds:.1f} |"
    yield f"| | predicted | {_cells(told)} | {count / told[3]:.1f} | {asked.seconds:.1f} |"
    yield f"| | ratio | {' | '.join(f'{b / a:.2f}' if a else '' for a, b in zip(true, told, strict=True))} | | |"


def _cells(values: list[float]) -> str:
    seconds = " | ".join(f"{value:.1f}" for value in values[:4])
    return f"{seconds} | {values[4] / 2**20:.0f} | {values[5] / 2**20:.0f}"


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--counts", type=int, nargs="+", default=[50, 200, 1000, 2000])
    parser.add_argument("--side", type=int, default=512, help="of the photos, in pixels")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--step", choices=("predict", "scan"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        photos, workspace = arguments.folders
        print_costs(arguments.step, photos, workspace, arguments.threads)
        return
    print(f"{arguments.side} x {arguments.side} JPEG photos, default settings, {arguments.threads} threads; ", end="")
    print(
        "ratio = predicted / true; process = seconds of the whole process, for a prediction those of the calibration\n"
    )
    print("| N | | read, s | score, s | maps, s | together, s | peak MiB | disk MiB | photos a second | process, s |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for count in arguments.counts:
        with TemporaryDirectory() as name:
            write_photos(Path(name), count, arguments.side)
            for row in rows(Path(name), count, arguments.threads):
                print(row, flush=True)


if __name__ == "__main__":
    main()
