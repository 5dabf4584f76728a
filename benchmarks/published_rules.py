"""What the rules of measuring that we do not take from MuSc's program are worth; prints a markdown table.

python -m benchmarks.published_rules DATASET [DATASET ...] [--preset published] [--side 256]

A dataset is a folder in a layout with masks. Each is scanned once into a temporary workspace; then the same maps are
measured with masks shrunk by either rule, and AUPRO exactly and on 200 thresholds.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from inspector.data.layouts import read_batch
from inspector.data.masks import fit_mask, read_mask
from inspector.evaluation.metrics import EIGHT_NEIGHBOURS, FALSE_POSITIVE_LIMIT, pixel_metrics
from inspector.geometry.grid import stretch_map
from inspector.jobs.scan import scan
from inspector.presets import PRESETS
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace

THRESHOLDS = 200

Masks = list[NDArray[np.bool_]]
Maps = NDArray[np.float32]


def fit_wholly(mask: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """Shrink a mask as MuSc does for MVTec AD: a pixel is a defect if all that it covers is one."""
    grey = Image.fromarray(mask.astype(np.uint8) * 255)
    shrunk = np.asarray(grey.resize((side, side), Image.Resampling.BILINEAR))
    return np.asarray(shrunk == 255, bool)


def measure_coarse_aupro(masks: Masks, maps: Maps) -> float:
    """AUPRO on evenly spaced thresholds, the rates below the limit stretched to 0..1, as in both published programs."""
    step = (maps.max() - maps.min()) / THRESHOLDS
    thresholds = np.arange(maps.min(), maps.max(), step)
    normal = np.sort(np.concatenate([scores[~mask] for mask, scores in zip(masks, maps, strict=True)]))
    regions = []
    for mask, scores in zip(masks, maps, strict=True):
        labels, count = ndimage.label(mask, structure=EIGHT_NEIGHBOURS)
        regions += [np.sort(scores[labels == region]) for region in range(1, count + 1)]
    overlap = np.mean([share_above(region, thresholds) for region in regions], axis=0)
    rates = share_above(normal, thresholds)
    below = rates < FALSE_POSITIVE_LIMIT
    rates, overlap = rates[below], overlap[below]
    rates = (rates - rates.min()) / (rates.max() - rates.min())
    return float(np.trapezoid(overlap[::-1], rates[::-1]))


def share_above(ordered: NDArray[np.float32], thresholds: NDArray[np.float32]) -> NDArray[np.float64]:
    """Share of ascending values that lie above each threshold."""
    return 1 - np.searchsorted(ordered, thresholds, side="right") / len(ordered)


def read_maps(folder: Path, settings: ScanSettings, side: int) -> tuple[list[NDArray[np.bool_] | None], Maps]:
    """Scan a dataset: the masks of its samples as they were drawn, None = good, and their maps (N, side, side)."""
    batch = read_batch(folder)
    with TemporaryDirectory() as workspace, Workspace(Path(workspace)) as store:
        run_id = scan(batch, settings, store)
        alignment = store.runs.get(run_id).alignment
        stored = [store.artefacts.load_map(run_id, position) for position in range(len(batch.samples))]
    maps = np.stack([stretch_map(values, (side, side), alignment) for values in stored])
    return [read_mask(sample.mask) if sample.mask else None for sample in batch.samples], maps


def main() -> None:
    """Measure the datasets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", type=Path, nargs="+")
    parser.add_argument("--preset", choices=PRESETS, default="published")
    parser.add_argument("--side", type=int, default=256)
    given = parser.parse_args()
    print("| | masks | AUROC | F1-max | AP | AUPRO | on 200 thresholds |\n|---|---|---:|---:|---:|---:|---:|")
    for folder in given.datasets:
        drawn, maps = read_maps(folder, PRESETS[given.preset], given.side)
        for name, fit in (("more than half", fit_mask), ("wholly", fit_wholly)):
            nothing = np.zeros((given.side, given.side), dtype=bool)
            masks = [nothing if mask is None else fit(mask, given.side) for mask in drawn]
            found = pixel_metrics(masks, maps)
            values = (found.auroc, found.f1_max, found.ap, found.aupro, measure_coarse_aupro(masks, maps))
            print(f"| {folder.name} | {name} | {' | '.join(f'{100 * (value or 0):.2f}' for value in values)} |")


if __name__ == "__main__":
    main()
