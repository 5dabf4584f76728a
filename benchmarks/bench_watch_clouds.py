"""How fast parts with clouds that arrive one by one are judged, and how they rank.

python -m benchmarks.bench_watch_clouds CATEGORY [--golden 16] [--threads 1]

CATEGORY is one of MVTec 3D-AD. Some of its good parts are given as known good, with their backgrounds removed; all
others lie in the folder at the start, each with photo and cloud. Clouds alone are judged, then photos with clouds.
"""

import argparse
import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from inspector.evaluation.metrics import image_metrics
from inspector.jobs.watch import watch
from inspector.jobs.watch_options import WatchOptions
from inspector.presets import load_settings
from inspector.sinks.result import PartResult
from inspector.store.workspace import Workspace


def lay_out(category: Path, work: Path, golden: int) -> None:
    """Copy photos and clouds: every part of the line has a name that says its kind."""
    for kind in sorted(folder.name for folder in (category / "test").iterdir()):
        for place, photo in enumerate(sorted((category / "test" / kind / "rgb").iterdir())):
            target = work / ("golden" if kind == "good" and place < golden else "line")
            for name, file in (("rgb", photo), ("xyz", category / "test" / kind / "xyz" / f"{photo.stem}.tiff")):
                (target / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(file, target / name / f"{kind}_{file.name}")


def measure(work: Path, modality: str) -> str:
    """Judge the line, and return a row of the table."""
    times: list[float] = []
    results: list[PartResult] = []

    def note(result: PartResult) -> None:
        times.append(time.monotonic())
        results.append(result)

    settings = load_settings("fast").changed(modality=modality, background="mvtec-3d")
    with Workspace(work / "workspace") as store:
        watch(work / "line", settings, WatchOptions(golden=work / "golden", settle=0, idle=5), store, on_result=note)
    bad = np.array([not Path(result.name).name.startswith("good") for result in results])
    scores = np.array([result.score for result in results])
    flagged = np.array([result.verdict == "ng" for result in results])
    rate = (len(times) - 1) / (times[-1] - times[0])
    ranked = image_metrics(bad, scores).auroc
    shown = "" if ranked is None else f"{100 * ranked:.1f}"
    shares = f"{flagged[~bad].mean():.0%} | {flagged[bad].mean():.0%}"
    return f"| {modality} | {len(results)} | {rate:.2f} | {shown} | {shares} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("category", type=Path)
    parser.add_argument("--golden", type=int, default=16)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    with TemporaryDirectory(prefix="line-") as folder:
        lay_out(given.category, Path(folder), given.golden)
        print("| judged | parts | parts a second | image AUROC | good flagged | defective flagged |")
        print("|---|---:|---:|---:|---:|---:|")
        for modality in ("3d", "2d+3d"):
            print(measure(Path(folder), modality), flush=True)
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
