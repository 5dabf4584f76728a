"""What a scan will cost, from a short calibration on this machine: before thousands of photos are started."""

from dataclasses import replace
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from safetensors import safe_open

from inspector.data.samples import Batch
from inspector.features.aggregation import AGGREGATIONS, JOINED
from inspector.jobs.preparation import SCORING_SHARE, prepare_scan
from inspector.jobs.scan import scan
from inspector.machine import LEAST_ROOM, resident_bytes, scan_budget
from inspector.scoring.batch import least_bytes
from inspector.settings import ScanSettings
from inspector.store.plan import load_plan
from inspector.store.records import RunRecord
from inspector.store.workspace import Workspace

PROBES = (8, 32, 96)
"""Samples of the calibrating scans: loading features grows with their number, comparing with that of pairs. The first
one warms up; the more the others take in, the better they tell the two apart."""

PATIENCE = 8.0
"""Seconds of one calibrating scan after which none with more samples follows."""


class Prediction(NamedTuple):
    """What a scan will take: seconds of reading (with the network), of scoring, and of writing maps; bytes of memory at
    its peak, and of disk for tokens, maps and thumbnails. `wanted`: bytes with which comparing would be faster, 0 where
    the budget does not slow it down."""

    read: float
    score: float
    maps: float
    memory: int
    disk: int
    wanted: int = 0

    def __str__(self) -> str:
        total = self.read + self.score + self.maps
        told = (
            f"about {_say_duration(total)} ({_say_duration(self.read)} reading, {_say_duration(self.score)} scoring), "
            f"{self.memory / 1e9:.1f} GB of memory, {self.disk / 1e9:.2f} GB of disk"
        )
        if not self.wanted:
            return told
        return f"{told}; scoring will take longer than that in so little memory: {self.wanted / 1e9:.1f} GB would do"


def predict(batch: Batch, settings: ScanSettings, accepted: int | None = None) -> Prediction:
    """Predict the cost of a scan by scanning a few samples, spread over the batch, into a temporary workspace.

    Args:
        batch: at least two samples.
        settings: how it will be scanned.
        accepted: how many accepted parts judge alone; None = all judge each other.

    Returns:
        The prediction; exact in kind, not in figures: other work on the machine counts twice.

    Raises:
        SettingsError: the memory that may be taken does not suffice for so many samples.
        InspectorError: the scan itself could not go on either.
    """
    count = len(batch.samples)
    with TemporaryDirectory(prefix="inspector-") as folder, Workspace(Path(folder)) as store:
        images = prepare_scan(batch, settings, store).images
    rows, cols = images.tiles if images else (1, 1)
    settings = settings.changed(tiles=f"{rows}x{cols}")  # as of the whole batch, whichever samples are tried
    sizes = sorted({min(size, count) for size in PROBES})
    chosen = [batch.samples[index * count // sizes[-1]] for index in range(sizes[-1])]
    few, many = 0, 0
    with TemporaryDirectory(prefix="inspector-") as folder, Workspace(Path(folder)) as store:
        for size in sizes:
            few, many, second = many, size, _probe(replace(batch, samples=tuple(chosen[:size])), settings, store)
            disk = (
                _measure_disk(Path(folder) / "cache") + _measure_disk(store.artefacts.run_folder(second.id))
            ) // size
            if few and sum(second.timings.values()) > PATIENCE:
                break
        first = _probe(replace(batch, samples=tuple(chosen[:few])), settings, store) if few else second
        layers = len(images.backbone.layers) if images else 1
        plan, features = load_plan(store, second.id), _Features.found_in(Path(folder) / "cache", settings, layers)
    assert plan is not None
    read = second.timings["read"] / (many - few) * count
    alone, pair = _split_time(first.timings["score"], few or many, second.timings["score"], many)
    judges = min(count - 1, settings.references, accepted or count)
    compared = count * judges / (1 if accepted else 2)  # parts that judge each other are compared once for both
    maps = second.timings["maps"] / many * count
    least = least_bytes(count, settings.references, features.together, rows * cols, settings.phases)
    scan_budget(settings.memory).require(LEAST_ROOM + least, f"a scan of {count} samples takes")
    base, freely = resident_bytes(), least + features.count_bytes(min(count, judges + 1))
    memory = base + max(plan.reading, min(freely, plan.scoring), least)
    wanted = base + int(freely / SCORING_SHARE) if freely > plan.scoring else 0
    return Prediction(read, alone * count + pair * compared, maps, memory, disk * count, wanted)


class _Features(NamedTuple):
    """Sizes of what is compared: patches (and groups) whose distances are needed together, and their channels."""

    together: int
    channels: int

    @classmethod
    def found_in(cls, cache: Path, settings: ScanSettings, layers: int) -> "_Features":
        """Look at a file of each kind of tokens, those of photos (rows, cols, C) and of clouds (G, C).

        Args:
            cache: the folder of the tokens.
            settings: how they are compared.
            layers: of the network of the photos, each time that one goes through it.
        """
        sets, patches, channels = [], [], 0
        folders = list(cache.iterdir())
        for folder in folders:
            with safe_open(next(folder.glob("*.safetensors")), framework="np") as file:
                count = sum(name.startswith("layer_") for name in file.keys())  # noqa: SIM118 - not a dict
                shapes = [file.get_slice(f"layer_{index}").get_shape() for index in range(count)]
            is_photo = len(shapes[0]) == 3
            if is_photo and settings.more_sizes and len(folders) > 1:  # beside clouds the last size alone is compared
                shapes = shapes[-layers:]
            joined = layers if is_photo and settings.aggregation == JOINED else 1
            degrees = len(AGGREGATIONS[settings.aggregation](settings.degrees)) if is_photo else 1
            sets.append(len(shapes) // joined * degrees)
            patches.append(max(prod(shape[:-1]) for shape in shapes))
            widths = [shape[-1] for shape in shapes]
            channels = max(channels, *(sum(widths[first : first + joined]) for first in range(0, len(widths), joined)))
        runs = min(sets)  # with photos and clouds, the sets of a run are compared side by side
        return cls(sum(-(-count // runs) * size for count, size in zip(sets, patches, strict=True)), channels)

    def count_bytes(self, samples: int) -> int:
        """Bytes of the distances and features of so many samples all against all, in float32."""
        return 4 * samples * self.together * (samples + self.channels)


def _measure_disk(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _probe(batch: Batch, settings: ScanSettings, store: Workspace) -> RunRecord:
    return store.runs.get(scan(batch, settings, store))


def _split_time(short: float, few: int, long: float, many: int) -> tuple[float, float]:
    """Split the scoring times of a short and a long run into seconds per sample and seconds per pair of samples."""
    few_pairs, many_pairs = few * (few - 1) / 2, many * (many - 1) / 2
    if many == few:
        return 0.0, long / many_pairs
    pair = (long * few - short * many) / (many_pairs * few - few_pairs * many)
    pair = min(max(pair, 0.0), long / many_pairs)
    return (long - pair * many_pairs) / many, pair


def _say_duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
