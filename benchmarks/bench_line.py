"""What judging parts one by one costs beside judging a batch, and whether a change of product is told from defects.

python -m benchmarks.bench_line CATEGORY [CATEGORY ...] [--orders 3] [--threads 2]

CATEGORY is a folder in the layout of MVTec AD. All is done at the preset `fast`, before re-scoring. First table: image
AUROC of a scan of the batch, and of a watch that the same parts come to in random orders, its first 20 calibrating it,
or 20 good ones, drawn at random and left out of the figures, given as known; then the shares of good and of defective
parts that the watch flagged; means over the orders. Second table: of all runs of three parts of one kind in a row, how
many `LinePool` calls another product: defective ones, judged by the good ones of their category, and good ones of the
other categories.
"""

import argparse
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from inspector.data.layouts import read_batch
from inspector.data.photos import fit_photo, read_image
from inspector.data.samples import Batch, Sample
from inspector.evaluation.metrics import image_metrics
from inspector.features.backbones import load_backbone
from inspector.jobs.scan import scan
from inspector.jobs.watch import watch
from inspector.jobs.watch_options import WatchOptions
from inspector.presets import FAST
from inspector.scoring.line_pool import BURST, LinePool, Member
from inspector.store.records import SampleRecord
from inspector.store.workspace import Workspace

WARM_UP = 20
MOST_EMBEDDED = 24
"""Photos of a kind whose embeddings are compared."""


def score_batch(batch: Batch) -> float:
    """Image AUROC of a scan, before re-scoring."""
    with TemporaryDirectory(prefix="line-") as folder, Workspace(folder) as store:
        rows = store.runs.samples(scan(batch, FAST.changed(windows=(), variants="off"), store))
    return measure_auroc([bool(row.label) for row in rows], rows)


def score_line(samples: Sequence[Sample], golden: Sequence[Sample]) -> tuple[float, float, float]:
    """Watch a folder that parts come to in an order; return AUROC and the shares of good and defective ones flagged."""
    with TemporaryDirectory(prefix="line-") as folder:
        root, given = Path(folder) / "line", Path(folder) / "golden"
        for place, some in ((root, samples), (given, golden)):
            place.mkdir()
            for index, sample in enumerate(some):
                assert sample.image is not None
                path = place / f"{index:05d}{sample.image.suffix}"
                shutil.copyfile(sample.image, path)
                os.utime(path, (index, index))
        options = WatchOptions(warm_up=WARM_UP, golden=given if golden else None, settle=0, idle=1)
        with Workspace(Path(folder) / "workspace") as store:
            run_id = watch(root, FAST, options, store)
            rows = [row for row, arrived in store.watches.arrived(run_id) if not arrived.given]
    labels = np.array([bool(sample.label) for sample in samples])
    flagged = np.array([bool(row.flagged) for row in rows])
    return measure_auroc(labels, rows), flagged[~labels].mean(), flagged[labels].mean()


def measure_auroc(labels: ArrayLike, rows: Sequence[SampleRecord]) -> float:
    """Image AUROC of raw scores, in percent."""
    auroc = image_metrics(labels, np.array([row.raw_score for row in rows])).auroc
    assert auroc is not None
    return 100 * auroc


def embed(samples: Sequence[Sample]) -> NDArray[np.float32]:
    """Embeddings of some photos, (N, D)."""
    network = load_backbone(FAST.backbone)
    files = [sample.image for sample in samples if sample.image is not None]
    chosen = files[:: max(1, len(files) // MOST_EMBEDDED)][:MOST_EMBEDDED]
    squares = np.stack([fit_photo(read_image(file), network.image_size) for file in chosen])
    parts = torch.split(torch.from_numpy(squares).permute(0, 3, 1, 2), 8)
    return np.concatenate([network.tokens(some.float() / 255)[1].numpy() for some in parts])


def count_changes(pool: NDArray[np.float32], flagged: NDArray[np.float32]) -> list[bool]:
    """Whether each run of parts in a row is called another product."""
    members = [Member(place, vector) for place, vector in enumerate(pool)]
    told = []
    for first in range(len(flagged) - BURST + 1):
        line = LinePool(members, capacity=len(pool), every=1)
        found = [line.consider(place, flagged[place], flagged=True).told for place in range(first, first + BURST)]
        told.append(found[-1] == "change")
    return told


def print_lines(batches: dict[str, Batch], orders: int) -> None:
    """Print the first table."""
    columns = ("category", "batch", "warm-up", "good flagged", "defective", "20 known", "good flagged", "defective")
    print("| " + " | ".join(columns) + " |\n|---|" + "---:|" * (len(columns) - 1))
    for name, batch in batches.items():
        warm, known = [], []
        for seed in range(orders):
            order = [batch.samples[place] for place in np.random.default_rng(seed).permutation(len(batch.samples))]
            warm.append(score_line(order, []))
            golden = [sample for sample in order if not sample.label][:WARM_UP]
            known.append(score_line([sample for sample in order if sample not in golden], golden))
        shown = [f"{score_batch(batch):.1f}"]
        for auroc, good, defective in (np.mean(warm, axis=0), np.mean(known, axis=0)):
            shown += [f"{auroc:.1f}", f"{good:.0%}", f"{defective:.0%}"]
        print(f"| {name} | {' | '.join(shown)} |", flush=True)


def print_changes(batches: dict[str, Batch]) -> None:
    """Print the second table."""
    print("\n| category | defective | other categories |\n|---|---:|---:|")
    kinds = {name: sorted({sample.kind for sample in batch.samples}) for name, batch in batches.items()}
    vectors = {
        (name, kind): embed([sample for sample in batch.samples if sample.kind == kind])
        for name, batch in batches.items()
        for kind in kinds[name]
    }
    for name in batches:
        good = vectors[name, "good"]
        own = [count_changes(good, found) for (of, kind), found in vectors.items() if of == name and kind != "good"]
        others = [count_changes(good, found) for (of, kind), found in vectors.items() if of != name and kind == "good"]
        shown = " | ".join(f"{np.mean(np.concatenate(each)):.1%}" if each else "" for each in (own, others))
        print(f"| {name} | {shown} |", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("categories", nargs="+", type=Path)
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    batches = {folder.name: read_batch(folder, "mvtec-ad") for folder in given.categories}
    print_lines(batches, given.orders)
    print_changes(batches)


if __name__ == "__main__":
    main()
