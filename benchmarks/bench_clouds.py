"""What photos, clouds and both find in a labelled batch, and how long each stage takes a sample.

    python benchmarks/bench_clouds.py [--preset P] [--threads T] [--folder DIR]

Prints Markdown. Accuracy is that of a scan; stages are timed one after the other, on one sample at a time, though a
scan reads and groups in two threads beside the network. Seconds of the processor are those of all threads: on a machine
that does other work, too, they say more than the clock.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from inspector.data.clouds.background import BACKGROUND_RECIPES, remove_background
from inspector.data.clouds.cloud import read_cloud
from inspector.data.clouds.transforms import pad_cloud, resize_cloud, to_unit_sphere
from inspector.data.layouts import read_batch
from inspector.data.masks import fit_mask, read_mask
from inspector.data.photos import fit_photo, read_image
from inspector.data.samples import Batch
from inspector.evaluation.metrics import image_metrics, pixel_metrics
from inspector.features.aggregation import snamd_points
from inspector.features.backbones import load_backbone
from inspector.features.point_groups import group_points
from inspector.features.point_tokens import load_point_feature
from inspector.geometry.frame import Frame
from inspector.geometry.grid import stretch_map
from inspector.jobs.scan import scan
from inspector.presets import load_settings
from inspector.settings import ScanSettings
from inspector.store.records import SampleRecord
from inspector.store.workspace import Workspace

FOLDER = Path(__file__).parent.parent / "samples" / "housings"
SIDE = 256


def accuracy(batch: Batch, settings: ScanSettings) -> Iterator[str]:
    """One row per modality and kind of defect, each kind against all good parts."""
    yield "| scored | defects | image AUROC | before re-scoring | image AP | pixel AP | AUPRO |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    kinds = ("all", *dict.fromkeys(sample.kind for sample in batch.samples if sample.label))
    for modality in ("2d", "3d", "2d+3d"):
        with TemporaryDirectory() as folder, Workspace(Path(folder)) as store:
            run_id = scan(batch, settings.changed(modality=modality), store)
            for kind in kinds:
                rows = [row for row in store.runs.samples(run_id) if kind in ("all", row.kind) or not row.label]
                labels = [bool(row.label) for row in rows]
                image = image_metrics(labels, np.array([row.final for row in rows]))
                raw = image_metrics(labels, np.array([row.raw_score for row in rows]))
                masks = (_read_mask(row) for row in rows)
                maps = (stretch_map(store.artefacts.load_map(run_id, row.position), (SIDE, SIDE)) for row in rows)
                pixel = pixel_metrics(masks, maps)
                values = (image.auroc, raw.auroc, image.ap, pixel.ap, pixel.aupro)
                yield (
                    f"| {modality} | {kind} | "
                    + " | ".join("–" if value is None else f"{100 * value:.1f}" for value in values)
                    + " |"
                )


def _read_mask(row: SampleRecord) -> NDArray[np.bool_]:
    assert row.mask is not None
    return fit_mask(read_mask(row.mask), SIDE)


class Seconds(NamedTuple):
    """A sample's, of one stage: by the clock, and of the processor with all its threads; None = not measured."""

    clock: float
    processor: float | None = None


def stage_times(batch: Batch, settings: ScanSettings) -> dict[str, Seconds]:
    """Seconds a sample of each stage, one after the other."""
    clocks: defaultdict[str, float] = defaultdict(float)
    processor: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def clock(stage: str) -> Iterator[None]:
        start, begun = time.perf_counter(), time.process_time()
        yield
        clocks[stage] += (time.perf_counter() - start) / len(batch.samples)
        processor[stage] += (time.process_time() - begun) / len(batch.samples)

    backbone = load_backbone(settings.backbone, image_size=settings.image_size)
    feature, _ = load_point_feature(settings.point_feature, settings.point_weights)
    side = backbone.image_size
    backbone.tokens(torch.zeros(1, 3, side, side))
    for sample in batch.samples:
        assert sample.image is not None
        assert sample.cloud is not None
        with clock("reading"):
            photo, cloud = read_image(sample.image), read_cloud(sample.cloud)
        with clock("background"):
            kept = remove_background(cloud, BACKGROUND_RECIPES["mvtec-3d"])
            assert cloud.size is not None
            frame = Frame.around(cloud.size)
            square = fit_photo(frame.pad(photo), side)
            prepared = to_unit_sphere(resize_cloud(pad_cloud(kept, frame), (side, side)))
        points = torch.from_numpy(prepared.points)
        with clock("grouping"):
            groups = group_points(points, groups=settings.groups, size=settings.group_size, step=settings.group_step)
        with clock("point features"):
            tokens = feature(points, groups, None)
        with clock("photo features"), torch.inference_mode():
            for _ in range(settings.phases):
                backbone.tokens(torch.from_numpy(square.copy()).permute(2, 0, 1)[None].float() / 255)
        with clock("SNAMD"):
            for layer in tokens:
                snamd_points(layer, points[groups.center_index], groups.curvature, settings.point_degrees)
    with TemporaryDirectory() as folder, Workspace(Path(folder)) as store:
        timings = store.runs.get(scan(batch, settings.changed(modality="2d+3d"), store)).timings
    seconds = {stage: Seconds(clocks[stage], processor[stage]) for stage in clocks}
    for name, stage in (("scoring (with aggregation)", "score"), ("maps", "maps")):
        seconds[name] = Seconds(timings[stage] / len(batch.samples))
    return seconds


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--preset", default="embedded")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    batch, settings = read_batch(arguments.folder, "mvtec-3d"), load_settings(arguments.preset)
    print(f"Preset `{arguments.preset}`, {len(batch.samples)} samples, {arguments.threads} threads\n")
    for line in accuracy(batch, settings):
        print(line)
    times = stage_times(batch, settings)
    print("\n| stage | seconds a sample | of the processor |\n|---|---:|---:|")
    for stage, (clock, processor) in times.items():
        print(f"| {stage} | {clock:.3f} | {'' if processor is None else f'{processor:.3f}'} |")
    print(f"| together | {sum(each.clock for each in times.values()):.3f} | |")


if __name__ == "__main__":
    main()
