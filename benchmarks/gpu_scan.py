"""Whole scans on a GPU by preset, and how far its scores lie from those of the CPU.

python -m benchmarks.gpu_scan [--count 200] [--side 1024] [--presets musc musc-v2 dinov2-s embedded]

Photos are those of `bench_pipeline`. Networks that are not embedded get random weights, which cost as much as real
ones.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.bench_backbones import write
from benchmarks.bench_pipeline import STAGES, WASHERS, write_photos
from inspector.data.layouts import read_batch
from inspector.jobs.scan import scan
from inspector.presets import PRESETS
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from inspector.weights.catalogue import find_backbone


@dataclass(frozen=True)
class Scanned:
    """What a scan gave: seconds of its stages, and the final score of each sample by name."""

    seconds: tuple[float, ...]
    scores: dict[str, float]


def scan_once(photos: Path, settings: ScanSettings) -> Scanned:
    """Scan a folder in a workspace of its own."""
    with tempfile.TemporaryDirectory() as folder, Workspace(folder) as store:
        run = scan(read_batch(photos), settings, store)
        timings = store.runs.get(run).timings
        scores = {sample.name: sample.final for sample in store.runs.samples(run) if sample.final is not None}
    return Scanned(tuple(timings[stage] for stage in STAGES), scores)


def prepare(preset: str, folder: Path) -> ScanSettings:
    """Return the settings of a preset, with random weights where it needs some."""
    settings = PRESETS[preset]
    if not find_backbone(settings.backbone).file:
        return settings
    file = folder / f"{settings.backbone}.safetensors"
    if not file.exists():
        torch.manual_seed(0)
        write(settings.backbone, file)
    return settings.changed(weights=file)


def print_seconds(presets: Sequence[str], count: int, side: int, folder: Path) -> None:
    """Print what each stage takes on the GPU; each preset is run once before, on a few photos."""
    photos, few = folder / "photos", folder / "few"
    for target, number in ((photos, count), (few, 4)):
        target.mkdir()
        write_photos(target, number, side)
    print(f"{count} JPEG photos of {side} x {side} pixels\n")
    print("| preset | read, s | score, s | maps, s | together, s | photos a second | GPU memory, GiB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for preset in presets:
        settings = prepare(preset, folder)
        scan_once(few, settings.changed(device="cuda"))
        torch.cuda.reset_peak_memory_stats()
        seconds = scan_once(photos, settings.changed(device="cuda")).seconds
        cells = " | ".join(f"{value:.2f}" for value in (*seconds, sum(seconds)))
        memory = torch.cuda.max_memory_allocated() / 2**30
        print(f"| {preset} | {cells} | {count / sum(seconds):.1f} | {memory:.1f} |", flush=True)


def print_differences(presets: Sequence[str], folder: Path) -> None:
    """Print how scores of the washers of `samples/` differ between CPU and GPU."""
    print("\n| preset | washers | largest score | largest difference | same order |")
    print("|---|---:|---:|---:|---|")
    for preset in presets:
        settings = prepare(preset, folder)
        cpu, gpu = (scan_once(WASHERS, settings.changed(device=device)).scores for device in ("cpu", "cuda"))
        largest = max(abs(gpu[name] - score) for name, score in cpu.items())
        same = "yes" if sorted(cpu, key=cpu.__getitem__) == sorted(gpu, key=gpu.__getitem__) else "no"
        print(f"| {preset} | {len(cpu)} | {max(cpu.values()):.4f} | {largest:.0e} | {same} |", flush=True)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--side", type=int, default=1024, help="of the photos, in pixels")
    parser.add_argument("--presets", nargs="*", default=["musc", "musc-v2", "dinov2-s", "embedded"])
    arguments = parser.parse_args()
    if not torch.cuda.is_available():
        sys.exit("this benchmark needs a CUDA device, and there is none here")
    print(f"torch {torch.__version__}, {torch.cuda.get_device_name()}", end="; ")
    with tempfile.TemporaryDirectory() as folder:
        print_seconds(arguments.presets, arguments.count, arguments.side, Path(folder))
        print_differences(arguments.presets, Path(folder))


if __name__ == "__main__":
    main()
