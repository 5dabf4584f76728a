"""The rendered washers of `samples/`, small, as the batches that the cases store in many ways; and a scan of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector import Workspace, rank_samples, read_batch, scan
from inspector.presets import load_settings
from inspector.store.records import RunRecord, SampleRecord

SAMPLES = Path(__file__).parents[2] / "samples"

BAD = ("chip_001", "contamination_001", "dent_001")

SIZE = (180, 160)
"""(W, H) of the chips, half of the samples'."""

Chips = dict[str, NDArray[np.uint8]]


@cache
def load_chips() -> Chips:
    """Eleven washers by name, eight good ones and one of each plain kind of defect: (160, 180, 3) uint8."""
    names = [*BAD, *(f"good_{number:03}" for number in range(8))]
    return {name: _load(name) for name in names}


def _load(name: str) -> NDArray[np.uint8]:
    kind, number = name.split("_")
    with Image.open(SAMPLES / "washers" / "test" / kind / f"{number}.jpg") as image:
        return np.asarray(image.resize(SIZE, Image.Resampling.LANCZOS))


def to_grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(pixels).convert("L"))


def store_chips(folder: Path, write: Callable[[Path, NDArray[np.uint8]], None], *, grey: bool = False) -> Path:
    """Write each chip: `write` is given its path without suffix, and its pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, pixels in load_chips().items():
        write(folder / name, to_grey(pixels) if grey else pixels)
    return folder


def save_png(path: Path, pixels: NDArray[Any]) -> None:
    Image.fromarray(pixels).save(path.with_name(f"{path.name}.png"))


@dataclass(frozen=True)
class Scanned:
    """What a scan came to.

    Attributes:
        run: its record.
        samples: in batch order.
    """

    run: RunRecord = field(repr=False)
    samples: list[SampleRecord] = field(repr=False)

    @property
    def ranking(self) -> list[str]:
        """Names without suffix, the highest score first."""
        return [Path(sample.name).stem for sample in rank_samples(self.samples)]

    @property
    def flagged(self) -> set[str]:
        """Names without suffix."""
        return {Path(sample.name).stem for sample in self.samples if sample.flagged}

    @property
    def scores(self) -> dict[str, float]:
        """Final scores by name without suffix."""
        return {Path(sample.name).stem: sample.final or 0.0 for sample in self.samples}

    @property
    def reasons(self) -> dict[str, str]:
        """What is told of samples, by name without suffix."""
        return {Path(sample.name).stem: sample.reason for sample in self.samples if sample.reason}

    def separates(self, bad: tuple[str, ...] = BAD) -> bool:
        """Whether each of the bad parts scores higher than each of the others: an AUROC of 1."""
        return set(self.ranking[: len(bad)]) == set(bad)


def scan_folder(folder: Path, store: Workspace, **values: Any) -> Scanned:
    """Scan a folder at 128 pixels, through the public door."""
    plain = {
        "image_size": 128,
        "phases": 1,
        "batch_size": 4,
        "threshold": "mad",
    }  # the cases are about reading, not deciding
    settings = load_settings("fast", values={**plain, **values})
    run_id = scan(read_batch(folder), settings, store)
    return Scanned(store.runs.get(run_id), store.runs.samples(run_id))
