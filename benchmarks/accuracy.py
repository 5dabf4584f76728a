"""Accuracy of the embedded backbone on labelled datasets, one choice at a time; prints a markdown table.

python -m benchmarks.accuracy DATASET [DATASET ...] [--only WORD] [--threads 2]

A dataset is a folder in a layout with masks. Scores and masks are compared at 256 x 256 pixels, whatever the size of
the network's input. CPU times are of the process, per image, and grow with the number of images.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from inspector.data.layouts import read_batch
from inspector.data.photos import fit_photo, read_image
from inspector.data.samples import Batch
from inspector.evaluation.metrics import image_metrics, pixel_metrics
from inspector.features.aggregation import lnamd
from inspector.features.backbones import load_backbone
from inspector.scoring.distances import distances
from inspector.scoring.judges import all_others
from inspector.scoring.maps import grid_maps, image_scores
from inspector.scoring.mutual import lowest_mean
from inspector.scoring.rescoring import rescore

SIDE = 256
SHARES = (0.1, 0.3, 0.5)
PHASE = 8  # pixels: half a patch of stage 3
COLUMNS = ("image AUROC", "re-scored", "pixel AP", "pixel AUROC", "AUPRO")


@dataclass(frozen=True)
class Features:
    """What is compared with each other: tokens of some stages, joined, on one grid, mean of some degrees."""

    size: int
    stages: tuple[int, ...]
    patch: int
    norm: str
    degrees: tuple[int, ...]
    phase: int


@dataclass(frozen=True)
class Choice:
    """One row of the table.

    Attributes:
        layers: stages; those of an inner tuple are joined (concatenated), the scores of the outer ones averaged.
        patch: pixels of network input per patch, 0 = that of the coarsest stage.
        degrees: the features of an inner tuple are averaged, the scores of the outer ones (published) too.
        norm: "layer" (published), "none", "scale" or "standard" (each channel over the batch) before the layer norm.
        phases: pixels by which the input is moved to the lower right; scores of several are averaged.
        centres: place of the patch centres on the map: "corners" aligned (published) or "middle" of each patch.
        top: image score = mean of this share of the highest pixels, 0 = maximum (published).
        blur: sigma in pixels applied to the map before its image score is taken.
        neighbours: stage whose average is the embedding for re-scoring.
    """

    size: int = 256
    layers: tuple[tuple[int, ...], ...] = ((3,),)
    patch: int = 0
    norm: str = "layer"
    degrees: tuple[tuple[int, ...], ...] = ((1,), (3,))
    share: float = 0.3
    phases: tuple[int, ...] = (0,)
    centres: str = "corners"
    top: float = 0.005
    blur: float = 0
    windows: tuple[int, ...] = (1, 2, 3)
    neighbours: int = 3

    def features(self) -> list[Features]:
        """List what has to be compared; the scores are averaged."""
        patch = self.patch or 2 ** (1 + max(max(stages) for stages in self.layers))
        return [
            Features(self.size, stages, patch, self.norm, degrees, phase)
            for stages in self.layers
            for degrees in self.degrees
            for phase in self.phases
        ]


PUBLISHED = Choice(layers=((2,), (3,)), degrees=((1,), (3,), (5,)), top=0)
STAGE_3 = Choice()


def changes(base: Choice, **values: Sequence[Any]) -> list[Choice]:
    """Change one field of a choice at a time."""
    known = {field.name for field in fields(base)}
    return [replace(base, **{name: value}) for name in known & values.keys() for value in values[name]]


TABLE = {
    "published rules": [
        PUBLISHED,
        *changes(PUBLISHED, top=[0.005]),
        *changes(PUBLISHED, degrees=[((1,),), ((3,),), ((1,), (3,)), ((3,), (5,))]),
        *changes(PUBLISHED, layers=[((2,),), ((3,),), ((2, 3),), ((1,), (2,), (3,)), ((2,), (3,), (4,))]),
        *changes(PUBLISHED, centres=["middle"]),
        replace(PUBLISHED, layers=((2, 3),), degrees=((3,),)),
        replace(PUBLISHED, layers=((2, 3),), degrees=((3,),), patch=8),
    ],
    "stage 3, degrees 1 and 3, top 0.005": [
        STAGE_3,
        *changes(STAGE_3, top=[0, 0.01, 0.02]),
        replace(STAGE_3, top=0, blur=8),
        replace(STAGE_3, top=0, blur=16),
        *changes(STAGE_3, degrees=[((1,),), ((3,),), ((1,), (3,), (5,)), ((1, 3),)]),
        *changes(STAGE_3, size=[224, 320, 384]),
        replace(STAGE_3, size=384, patch=24),
        *changes(STAGE_3, share=[0.1, 0.5]),
        *changes(STAGE_3, norm=["none", "scale", "standard"]),
        *changes(STAGE_3, neighbours=[2, 4]),
        *changes(STAGE_3, windows=[(1, 8, 9)]),
        *changes(STAGE_3, centres=["middle"]),
        *changes(STAGE_3, phases=[(PHASE,), (0, PHASE)]),
        replace(STAGE_3, phases=(0, PHASE), degrees=((1, 3),)),
        replace(STAGE_3, size=320, degrees=((1, 3),)),
        *changes(STAGE_3, layers=[((2, 3),), ((3, 4),)]),
    ],
}


class Dataset:
    """Photos, labels and masks of one test set, and what has been computed from them.

    Attributes:
        metric: (C, C), by which joined features are multiplied where the default does; None = they are compared as
            they come.
    """

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        samples = [sample for sample in _read_labelled(folder).samples if sample.image is not None]
        self.photos = [read_image(sample.image) for sample in samples if sample.image is not None]
        self.labels = np.array([bool(sample.label) for sample in samples])
        self.masks = [_mask(sample.mask if sample.label else None) for sample in samples]
        self.metric: Tensor | None = None
        self._tokens: dict[tuple[int, int, int], tuple[Tensor, Tensor, float]] = {}
        self._scores: dict[Features, tuple[dict[float, Tensor], float]] = {}

    def tokens(self, size: int, stage: int, phase: int = 0) -> tuple[Tensor, Tensor, float]:
        """Tokens (N, rows, cols, C) of a stage on its own grid, embedding (N, D), milliseconds per image."""
        key = (size, stage, phase)
        if key not in self._tokens:
            self._tokens[key] = _extract(self.photos, size, stage, phase)
        return self._tokens[key]

    def scores(self, wanted: Features) -> tuple[dict[float, Tensor], float]:
        """Patch scores (N, P) for each share, milliseconds per image."""
        if wanted not in self._scores:
            grid = wanted.size // wanted.patch
            stages = [self.tokens(wanted.size, stage, wanted.phase)[0] for stage in wanted.stages]
            joined = torch.cat([_normalised(_on_grid(stage, grid), wanted.norm) for stage in stages], dim=3)
            self._scores[wanted] = _compare(joined, wanted)
        return self._scores[wanted]


def _read_labelled(folder: Path) -> Batch:
    """Read a folder by its own layout; one with photos by kind of defect and no masks is read as MVTec AD."""
    batch = read_batch(folder)
    return batch if any(sample.label for sample in batch.samples) else read_batch(folder, "mvtec-ad")


def _mask(path: Path | None) -> NDArray[np.bool_]:
    if path is None:
        return np.zeros((SIDE, SIDE), dtype=bool)
    grey = np.ascontiguousarray(read_image(path)[..., 0])
    return np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST_EXACT) > 127)


def _extract(photos: Sequence[NDArray[np.uint8]], size: int, stage: int, phase: int) -> tuple[Tensor, Tensor, float]:
    """Run the network; a phase moves the input to the lower right, the gap filled by reflection."""
    backbone = load_backbone("efficientnet-lite0", image_size=size, layers=(stage,))
    squares = torch.from_numpy(np.stack([fit_photo(photo, size) for photo in photos])).permute(0, 3, 1, 2)
    start = time.process_time()
    tokens, embeddings = [], []
    for group in torch.split(squares, 8):
        images = group.float() / 255
        if phase:
            images = F.pad(images, (phase, 0, phase, 0), mode="reflect")[..., :size, :size]
        layers, embedding = backbone.tokens(images)
        tokens.append(layers[0].half())  # as the program keeps them
        embeddings.append(embedding)
    spent = 1000 * (time.process_time() - start) / len(photos)
    return torch.cat(tokens), torch.cat(embeddings), spent


def _on_grid(tokens: Tensor, grid: int) -> Tensor:
    planes = tokens.float().permute(0, 3, 1, 2)
    if planes.shape[2] < grid:
        planes = F.interpolate(planes, size=(grid, grid), mode="bilinear", align_corners=False)
    return F.adaptive_avg_pool2d(planes, grid).permute(0, 2, 3, 1)


def _normalised(tokens: Tensor, norm: str) -> Tensor:
    spread = tokens.std(dim=(0, 1, 2))
    return {
        "layer": lambda: F.layer_norm(tokens, tokens.shape[1:]),
        "none": lambda: tokens,
        "scale": lambda: F.layer_norm(tokens / spread, tokens.shape[1:]),
        "standard": lambda: F.layer_norm((tokens - tokens.mean(dim=(0, 1, 2))) / spread, tokens.shape[1:]),
    }[norm]()


def _compare(tokens: Tensor, wanted: Features) -> tuple[dict[float, Tensor], float]:
    start = time.process_time()
    aggregate = _unnormalised if wanted.norm == "none" else lnamd
    features = F.normalize(sum((aggregate(tokens, d) for d in wanted.degrees), torch.zeros(())), dim=2)
    scores = {share: features.new_empty(features.shape[:2]) for share in SHARES}
    count = len(features)
    for sample, to_others in distances(features.__getitem__, range(count), all_others(count)):
        for share, table in scores.items():
            table[sample] = lowest_mean(to_others, share)
    return scores, 1000 * (time.process_time() - start) / len(tokens)


def _unnormalised(tokens: Tensor, degree: int) -> Tensor:
    """LNAMD without its layer norm."""
    planes = F.avg_pool2d(tokens.permute(0, 3, 1, 2), degree, stride=1, padding=degree // 2)
    return F.normalize(planes.flatten(2).transpose(1, 2), dim=2)


def measure(dataset: Dataset, choice: Choice) -> list[float]:
    """Return the values of `COLUMNS`, then milliseconds per image of the network and of scoring."""
    parts = [dataset.scores(wanted) for wanted in choice.features()]
    scores = torch.stack([tables[choice.share] for tables, _ in parts]).mean(dim=0)
    side = round(scores.shape[1] ** 0.5)  # all grids here are square
    if choice.centres == "corners":
        maps = grid_maps(scores, (side, side), (SIDE, SIDE))
    else:
        maps = F.interpolate(scores.view(-1, 1, side, side), size=(SIDE, SIDE), mode="bilinear")[:, 0]
    raw = image_scores(_blurred(maps, choice.blur), share=choice.top)
    rescored = rescore(raw, dataset.tokens(choice.size, choice.neighbours)[1], choice.windows)
    pixels = pixel_metrics(dataset.masks, maps.numpy())
    top_stage = max(max(stages) for stages in choice.layers)
    network = sum(dataset.tokens(choice.size, top_stage, phase)[2] for phase in choice.phases)
    values = (
        image_metrics(dataset.labels, raw.numpy()).auroc,
        image_metrics(dataset.labels, rescored.numpy()).auroc,
        pixels.ap,
        pixels.auroc,
        pixels.aupro,
    )
    return [*(float("nan") if value is None else value for value in values), network, sum(spent for _, spent in parts)]


def _blurred(maps: Tensor, sigma: float) -> Tensor:
    if not sigma:
        return maps
    return torch.from_numpy(np.stack([cv2.GaussianBlur(plane, (0, 0), sigma) for plane in maps.numpy()]))


def label(choice: Choice, base: Choice) -> str:
    """Say in what a choice differs from the first of its group."""
    values = {field.name: getattr(choice, field.name) for field in fields(choice)}
    return "".join(f", {name} {value}" for name, value in values.items() if value != getattr(base, name))


def main() -> None:
    """Measure all choices on all datasets and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--only", default="", help="only rows whose label holds this word")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    rows = {group + label(choice, choices[0]): choice for group, choices in TABLE.items() for choice in choices}
    rows = {name: choice for name, choice in rows.items() if arguments.only in name}
    results: dict[str, list[list[float]]] = {name: [] for name in rows}
    names = []
    for folder in arguments.datasets:
        dataset = Dataset(folder)
        names.append(dataset.name)
        for name, choice in rows.items():
            results[name].append(measure(dataset, choice))
    _print(results, names)


def _print(results: dict[str, list[list[float]]], names: Sequence[str]) -> None:
    print(f"Each dataset and the mean: {', '.join(COLUMNS)}. CPU ms per image: network, scoring.\n")
    print(f"| choice | {' | '.join(names)} | mean | CPU ms |")
    print("|---|" + "---|" * (len(names) + 2))
    for name, values in results.items():
        mean = np.mean(values, axis=0)
        cells = [" ".join(f"{value:.3f}" for value in row[:5]) for row in (*values, mean)]
        print(f"| {name} | {' | '.join(cells)} | {mean[5]:.0f} {mean[6]:.0f} |")


if __name__ == "__main__":
    main()
