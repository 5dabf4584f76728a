"""What a scan will cost, from a short calibration on this machine: before thousands of photos are started."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psutil

from inspector.data.samples import Batch
from inspector.pipeline import scan
from inspector.results.store import Run, Store
from inspector.settings import ScanSettings

PROBES = (8, 32)
"""Samples of the two calibrating scans: loading features grows with their number, comparing with that of pairs."""


class Prediction(NamedTuple):
    """What a scan will take: seconds of reading (with the network), of scoring, and of writing maps; bytes of memory at
    its peak, and of disk for tokens, maps and thumbnails."""

    read: float
    score: float
    maps: float
    memory: int
    disk: int

    def __str__(self) -> str:
        total = self.read + self.score + self.maps
        return (
            f"about {_duration(total)} ({_duration(self.read)} reading, {_duration(self.score)} scoring), "
            f"{self.memory / 1e9:.1f} GB of memory, {self.disk / 1e9:.2f} GB of disk"
        )


def predict(batch: Batch, settings: ScanSettings) -> Prediction:
    """Predict the cost of a scan by scanning a few samples, spread over the batch, into a temporary workspace.

    Args:
        batch: at least two samples.
        settings: how it will be scanned.

    Returns:
        The prediction; exact in kind, not in figures: other work on the machine counts twice.

    Raises:
        InspectorError: the scan itself could not go on either.
    """
    count = len(batch.samples)
    few, many = (min(size, count) for size in PROBES)
    chosen = [batch.samples[index * count // many] for index in range(many)]
    with TemporaryDirectory(prefix="inspector-") as folder, Store(Path(folder)) as store:
        first = _probe(replace(batch, samples=tuple(chosen[:few])), settings, store)
        second = _probe(replace(batch, samples=tuple(chosen)), settings, store)
        disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        patches = store.load_map(second.id, second.unreadable).size if many > second.unreadable else 0
    fresh = many - few or many
    read = (second if many > few else first).timings["read"] / fresh * count
    alone, pair = _per_sample_and_pair(first, few, second, many)
    judges = min(count - 1, settings.references)
    maps = second.timings["maps"] / many * count
    rows = min(count, judges + 1)
    memory = psutil.Process().memory_info().rss + rows * (4 * rows * patches // settings.tiles**2 + 4 * disk // many)
    return Prediction(read, alone * count + pair * count * judges / 2, maps, memory, disk // many * count)


def _probe(batch: Batch, settings: ScanSettings, store: Store) -> Run:
    return store.run(scan(batch, settings, store))


def _per_sample_and_pair(first: Run, few: int, second: Run, many: int) -> tuple[float, float]:
    """Split the scoring time of two runs into seconds per sample and seconds per pair of samples."""
    short, long = first.timings["score"], second.timings["score"]
    few_pairs, many_pairs = few * (few - 1) / 2, many * (many - 1) / 2
    if many == few:
        return 0.0, long / many_pairs
    pair = (long * few - short * many) / (many_pairs * few - few_pairs * many)
    pair = min(max(pair, 0.0), long / many_pairs)
    return (long - pair * many_pairs) / many, pair


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
