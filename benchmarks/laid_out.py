"""Parts that lie anywhere at any angle: what finding them is worth. Prints a markdown table.

python -m benchmarks.laid_out DATASET [DATASET ...] [--seeds 2] [--threads 2] [--at-rest]

A dataset is a folder in a layout with labels. Each photo is cut to the part (what stands out from its ground; the
whole photo where nothing does), laid on a plain grey ground of 512 x 512 pixels at a random place and angle with its
mask, and the set is evaluated twice with the default, the closer look at whole photos and at parts alone: image AUROC
after re-scoring, before it, and pixel AP. With `--at-rest` the sets are first evaluated as they are.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.accuracy import _read_labelled
from inspector.data.part_finder import find_part
from inspector.data.photos import read_image
from inspector.evaluation.run import evaluate
from inspector.presets import load_settings
from inspector.store.part_models import load_part_model
from inspector.store.workspace import Workspace

SIDE = 512
PART = 0.42
"""Longer side of the part's photo on the ground, as a share of it."""

PLAIN = 0.8
"""Contrast above which a part is cut out of its own ground."""

Picture = NDArray[np.uint8]


def lay_out(dataset: Path, folder: Path, seed: int) -> None:
    """Write a set in the layout of MVTec AD with its parts laid out."""
    chance = np.random.default_rng(seed)
    ground = chance.uniform(90, 190) + chance.uniform(-25, 25, 3)
    for number, sample in enumerate(_read_labelled(dataset).samples):
        if sample.image is None:
            continue
        photo = read_image(sample.image)
        mask: NDArray[np.uint8] = np.zeros(photo.shape[:2], np.uint8)
        if sample.label and sample.mask is not None:
            drawn, size = read_image(sample.mask)[..., 0], photo.shape[1::-1]
            mask = np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_NEAREST), np.uint8)
        laid, laid_mask = _lay(photo, mask, _cut_out(photo), ground, chance)
        kind = "defective" if sample.label else "good"
        _write(folder / "test" / kind / f"{number:03}.png", laid[..., ::-1])
        if sample.label and sample.mask is not None:
            _write(folder / "ground_truth" / kind / f"{number:03}_mask.png", laid_mask)


def _cut_out(photo: Picture) -> NDArray[np.float32]:
    """The part's outline, 0 or 1: what stands out of a plain ground, else all."""
    seen = find_part(photo)
    if seen is None or seen.contrast < PLAIN or seen.in_one < 0.9:
        return np.ones(photo.shape[:2], np.float32)
    return np.asarray(cv2.resize(seen.mask.astype(np.float32), photo.shape[1::-1]) > 0.5, np.float32)


def _lay(
    photo: Picture,
    mask: Picture,
    outline: NDArray[np.float32],
    ground: NDArray[np.float64],
    chance: np.random.Generator,
) -> tuple[Picture, Picture]:
    height, width = photo.shape[:2]
    scale = PART * SIDE / max(height, width)
    x, y = SIDE / 2 + chance.uniform(-0.2, 0.2, 2) * SIDE
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(0, 360), scale)
    matrix[:, 2] += (x - width / 2, y - height / 2)
    smooth = cv2.GaussianBlur(photo, (0, 0), 0.45 / scale) if scale < 1 else photo
    part = cv2.warpAffine(smooth, matrix, (SIDE, SIDE)).astype(np.float64)
    share = cv2.warpAffine(outline, matrix, (SIDE, SIDE))[..., None].astype(np.float64)
    shadow = cv2.GaussianBlur(np.roll(share[..., 0], (4, 6), (0, 1)), (0, 0), 5)[..., None]
    clouds = cv2.resize(chance.normal(0, 3, (16, 16)), (SIDE, SIDE))[..., None]
    noise = chance.normal(0, 3, (SIDE, SIDE, 1))
    belt = (ground + chance.normal(0, 4) + clouds + noise) * (1 - 0.3 * shadow)
    laid = np.clip(part * share + belt * (1 - share), 0, 255).astype(np.uint8)
    return laid, ((cv2.warpAffine(mask, matrix, (SIDE, SIDE)) > 127) * np.uint8(255)).astype(np.uint8)


def _write(path: Path, pixels: Picture) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), pixels)


def measure(folder: Path, part_box: str, workspace: Path) -> tuple[tuple[float, float, float], str]:
    """Evaluate a set: image AUROC after re-scoring and before, pixel AP, in percent; and how parts were found."""
    settings = load_settings(values={"part_box": part_box})
    with Workspace(workspace) as store:
        (row,) = evaluate(folder, "mvtec-ad", settings, store)
        (raw,) = evaluate(folder, "mvtec-ad", settings, store, rescored=False)
        model = load_part_model(store, max(run.id for run in store.runs.all()))[1]
    pixel = row.pixel.ap if row.pixel else None
    values = [float("nan") if value is None else 100 * value for value in (row.image.auroc, raw.image.auroc, pixel)]
    return (values[0], values[1], values[2]), "no" if model is None else "yes" if model.mean is None else "turned"


def print_row(name: str, folder: Path) -> NDArray[np.float64]:
    """Measure a set with whole photos and with parts alone and print a row of the table."""
    with TemporaryDirectory() as workspace:
        whole, _ = measure(folder, "off", Path(workspace))
        alone, found = measure(folder, "auto", Path(workspace))
    cells = [" | ".join("-" if np.isnan(value) else f"{value:.1f}" for value in values) for values in (whole, alone)]
    print(f"| {name} | {found} | {' | '.join(cells)} |", flush=True)
    return np.array([*whole, *alone])


def main() -> None:
    """Lay out all datasets and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--at-rest", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(
        "| set | found | whole photo: image AUROC | before | pixel AP | part alone: image AUROC | before | pixel AP |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    if arguments.at_rest:
        for dataset in arguments.datasets:
            print_row(f"{dataset.name}, as it is", dataset)
    rows = []
    for dataset in arguments.datasets:
        for seed in range(arguments.seeds):
            with TemporaryDirectory() as folder:
                lay_out(dataset, Path(folder) / dataset.name, seed)
                rows.append(print_row(f"{dataset.name}, laid out {seed}", Path(folder) / dataset.name))
    means = np.nanmean(rows, axis=0)
    print(f"| mean of those laid out | | {' | '.join(f'{value:.1f}' for value in means)} |")


if __name__ == "__main__":
    main()
