"""Recurring defects on parts with photo and cloud: planted on good ones, found and corrected by whole scans.

    python -m benchmarks.recurring_clouds DATASET [--members 3 5] [--seeds 2] [--kinds blot dent] [--modality 2d+3d 3d]

DATASET is in the layout of MVTec 3D-AD; its good parts are taken. What `benchmarks.planted` plants on photos leaves the
clouds as they are; a `dent` lies in the cloud alone, and `both` is a blot with a dent below. Members are told where one
group has precision and recall of at least 0.9. Prints a markdown table, and how many scans of good parts alone, one of
all and ten that leave two out, had an alert.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray

from benchmarks.planted import KINDS, SIDE, Mask, Photo, plant
from inspector.data.layouts import read_batch
from inspector.data.photos import read_image
from inspector.data.samples import Sample
from inspector.evaluation.metrics import image_metrics, pixel_metrics
from inspector.geometry.grid import stretch_map
from inspector.jobs.scan import scan
from inspector.presets import load_settings
from inspector.store.workspace import Workspace

DEPTH = 0.002
"""Of a dent, in metres; its width is that of a blot."""

LEFT_OUT = 10
"""Scans of good parts that leave two out."""


class Scanned(NamedTuple):
    """Members of each group, raw scores (N,) without and with correction, and maps likewise."""

    groups: list[list[int]]
    plain: NDArray[np.float64]
    corrected: NDArray[np.float64]
    plain_maps: list[NDArray[np.float32]]
    maps: list[NDArray[np.float32]]


def plant_on_part(sample: Sample, kind: str, seed: int, jitter: int, folder: Path) -> Mask:
    """Write photo and cloud of a part, with a defect; return where it lies in the photo."""
    assert sample.image is not None
    assert sample.cloud is not None
    photo, xyz = read_image(sample.image), tifffile.imread(sample.cloud)
    height, width = photo.shape[:2]
    of_photo = "blot" if kind in ("dent", "both") else kind
    large = cv2.resize(photo, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    copies = plant([np.asarray(large, np.uint8)] * (jitter + 1), of_photo, (), seed)  # each lies a little aside
    changed, mask = copies[jitter]
    small = np.asarray(cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA) > 0.5)
    if kind in ("dent", "both"):
        soft = cv2.GaussianBlur(small.astype(np.float32), (0, 0), 2)
        xyz = xyz.copy()
        xyz[..., 2] += np.where(xyz[..., 2] != 0, DEPTH * soft, 0).astype(xyz.dtype)
    if kind != "dent":
        photo = _keep_size(changed, (height, width))
    _write(folder, sample, photo, xyz)
    return small


def _keep_size(photo: Photo, size: tuple[int, int]) -> Photo:
    return np.asarray(cv2.resize(photo, size[::-1], interpolation=cv2.INTER_AREA), np.uint8)


def _write(folder: Path, sample: Sample, photo: Photo, xyz: NDArray[np.float32]) -> None:
    assert sample.image is not None
    name = sample.image.stem
    for kind in ("rgb", "xyz"):
        (folder / "test" / "good" / kind).mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "test" / "good" / "rgb" / f"{name}.png"), photo[..., ::-1])
    tifffile.imwrite(folder / "test" / "good" / "xyz" / f"{name}.tiff", xyz, photometric="rgb")


def scan_folder(folder: Path, modality: str, store: Workspace) -> Scanned:
    """Scan with correction."""
    settings = load_settings(values={"modality": modality, "recurring": "correct"})
    run_id = scan(read_batch(folder), settings, store)
    rows, groups = store.runs.samples(run_id), store.groups.of_run(run_id)
    members = {member.position for group in groups for member in group.members}
    artefacts = store.artefacts
    corrected = np.array([row.raw_score for row in rows])
    plain = np.array([row.raw_score if row.plain_score is None else row.plain_score for row in rows])
    maps = [artefacts.load_map(run_id, row.position) for row in rows]
    plain_maps = [
        artefacts.load_map(run_id, row.position, plain=row.position in members and bool(groups)) for row in rows
    ]
    return Scanned([[m.position for m in group.members] for group in groups], plain, corrected, plain_maps, maps)


def measure(scores: NDArray[np.float64], maps: Sequence[NDArray[np.float32]], masks: Sequence[Mask]) -> str:
    """Return image AUROC before re-scoring / pixel AP, in percent."""
    labels = np.array([mask.any() for mask in masks])
    placed = (stretch_map(each, mask.shape) for each, mask in zip(maps, masks, strict=True))
    image, pixel = image_metrics(labels, scores).auroc, pixel_metrics(masks, placed).ap
    return " / ".join("-" if value is None else f"{100 * value:.1f}" for value in (image, pixel))


def scan_planted(good: Sequence[Sample], kind: str, seed: int, number: int, modality: str, store: Workspace) -> str:
    """Scan good parts, some of them planted on; return a row of the table."""
    chosen = set(np.random.default_rng(seed).permutation(len(good))[:number].tolist())
    with TemporaryDirectory() as name:
        masks, folder = [], Path(name)
        for place, sample in enumerate(good):
            assert sample.image is not None
            assert sample.cloud is not None
            if place in chosen:
                masks.append(plant_on_part(sample, kind, seed, sorted(chosen).index(place), folder))
            else:
                photo = read_image(sample.image)
                masks.append(np.zeros(photo.shape[:2], bool))
                _write(folder, sample, photo, tifffile.imread(sample.cloud))
        found = scan_folder(folder, modality, store)
    told = any(
        len(chosen & set(part)) >= 0.9 * len(part) and len(chosen & set(part)) >= 0.9 * number for part in found.groups
    )
    groups = ", ".join(f"{len(part)} ({len(chosen & set(part))})" for part in found.groups) or "none"
    plain, better = measure(found.plain, found.plain_maps, masks), measure(found.corrected, found.maps, masks)
    return f"| {modality} | {kind} | {seed} | {number} | {groups} | {'yes' if told else 'no'} | {plain} | {better} |"


def count_alerts(good: Sequence[Sample], modality: str, store: Workspace) -> Iterator[int]:
    """Yield how many groups each scan of good parts alone had."""
    for seed in range(LEFT_OUT + 1):
        kept = np.sort(np.random.default_rng(seed).permutation(len(good))[: len(good) - (2 if seed else 0)])
        with TemporaryDirectory() as name:
            for place in kept:
                sample = good[place]
                assert sample.image is not None
                assert sample.cloud is not None
                _write(Path(name), sample, read_image(sample.image), tifffile.imread(sample.cloud))
            yield len(scan_folder(Path(name), modality, store).groups)


def main() -> None:
    """Plant, scan and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--members", nargs="+", type=int, default=[1, 3, 5])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--kinds", nargs="+", default=["blot", "scratch", "colour", "dent", "both"])
    parser.add_argument("--modality", nargs="+", default=["2d+3d", "3d"])
    arguments = parser.parse_args()
    assert set(arguments.kinds) <= {*KINDS, "dent", "both"}
    good = [sample for sample in read_batch(arguments.dataset).samples if sample.label is False]
    with TemporaryDirectory() as folder, Workspace(Path(folder)) as store:
        print("| modality | kind | seed | k | groups (of them planted) | told | plain | corrected |", flush=True)
        print("|---|---|---:|---:|---|---|---:|---:|")
        for modality in arguments.modality:
            for kind in arguments.kinds:
                if modality == "3d" and kind not in ("dent", "both"):
                    continue
                for seed in range(arguments.seeds):
                    for number in arguments.members:
                        print(scan_planted(good, kind, seed, number, modality, store), flush=True)
        for modality in arguments.modality:
            alerts = list(count_alerts(good, modality, store))
            print(
                f"\n{modality}: {sum(number > 0 for number in alerts)} of {len(alerts)} scans of good parts", flush=True
            )


if __name__ == "__main__":
    main()
