"""Recurring defects: planted on good parts, found and corrected; and what that does to the sets as they are.

python -m benchmarks.recurring DATASET [DATASET ...] [--kinds blot scratch] [--seeds 1] [--cache FOLDER] [--threads 1]
    [--mirrored]

A dataset is a folder in a layout with labels. Photos are brought to 384 x 384, planted on, and seen by the embedded
network at 256 px in two passes, stages 2 and 3 joined: the first size of the preset `embedded`. A case is a set, a kind
and a seed; only those are counted in which plain scoring tells the one planted photo of k = 1 (image AUROC >= 98 %). It
is met where, with k planted photos, image AUROC is at least 98 %, pixel AP at least 0.85 of that at k = 1, and the
members are told with precision and recall of at least 0.9. "Known" is what a correction could do at best: planted
photos are scored by the others alone. With `--mirrored` there are mirrored copies of the good photos, too, and batches
of 100. Prints markdown tables; what was computed is kept.
"""

import argparse
import pickle
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.image_graph import correct, find_communities
from benchmarks.planted import KINDS
from benchmarks.planted_tables import Tables, choose_batch, load_planted, load_tables
from inspector.decision.recurring import AUTOMATIC, Group, find_groups
from inspector.evaluation.metrics import image_metrics, pixel_metrics
from inspector.presets import EMBEDDED
from inspector.scoring.burnout import BurnoutRecorder
from inspector.scoring.judges import all_others
from inspector.scoring.maps import grid_maps, image_scores, tile_maps
from inspector.scoring.mutual import lowest_mean

BATCHES = {24: (1, 3, 5, 7), 50: (1, 2, 3, 5, 10, 20)}
"""Planted photos k by batch size N: up to two fifths."""

LARGE_BATCHES = {100: (1, 2, 5, 10, 20, 40)}
"""The same with mirrored copies."""

HALVES = 10
SIDE = 128
"""Maps are compared with masks at this size."""


class Figures(NamedTuple):
    """In percent: image AUROC before re-scoring, pixel AP; NaN where there is none."""

    image: float
    pixel: float


class Recurring(NamedTuple):
    """Patch scores (N, P) of each set, plain and corrected, the groups, and seconds of finding them."""

    plain: list[Tensor]
    groups: list[Group]
    seconds: float


def find_recurring(tables: Sequence[Tensor]) -> Recurring:
    """Score a batch from its distances (N, N - 1, P) as a scan does, and look for groups."""
    count, spent = len(tables[0]), 0.0
    recorder, judges = BurnoutRecorder(EMBEDDED.share), all_others(len(tables[0]))
    side = round(tables[0].shape[2] ** 0.5)
    finder = recorder.make_finder(0, range(count), judges, len(tables), len(tables), (side, side))
    assert finder is not None
    plain = []
    for index, table in enumerate(tables):
        plain.append(torch.stack([lowest_mean(row, EMBEDDED.share) for row in table]))
        start = time.process_time()
        for sample in range(count):
            finder.found[index].append(finder.find(sample, table[sample], plain[-1][sample]))
        spent += time.process_time() - start
    start = time.process_time()
    groups = find_groups(recorder.found, count)
    return Recurring(plain, groups, spent + time.process_time() - start)


def add_gains(plain: Sequence[Tensor], groups: Sequence[Group]) -> list[Tensor]:
    """Patch scores of each set, corrected for some groups."""
    better = [each.clone() for each in plain]
    for region in (region for group in groups for region in group.regions):
        scores, at = better[region.index][region.sample], torch.from_numpy(region.patches)
        gained = plain[region.index][region.sample][at] + torch.from_numpy(region.gain)
        scores[at] = torch.maximum(scores[at], gained)
    return better


def score_apart(tables: Sequence[Tensor], planted: NDArray[np.bool_], plain: Sequence[Tensor]) -> list[Tensor]:
    """Patch scores of each set, as if it were known which samples are planted: these are judged by the others alone."""
    better = [each.clone() for each in plain]
    for sample in np.flatnonzero(planted):
        others = torch.from_numpy(~np.delete(planted, sample))
        for scores, table in zip(better, tables, strict=True):
            scores[sample] = lowest_mean(table[sample][others], EMBEDDED.share)
    return better


def measure(scores: Sequence[Tensor], labels: NDArray[np.bool_], masks: NDArray[np.bool_]) -> Figures:
    """Measure a batch."""
    side = round(scores[0].shape[1] ** 0.5)
    placed = [tile_maps(each, (side, side), (1, 1), phases=2, shift=0.5 * index) for index, each in enumerate(scores)]
    coarse = torch.stack(placed).mean(dim=0)
    maps = grid_maps(coarse.flatten(1), (coarse.shape[1], coarse.shape[2]), (256, 256))
    image = image_metrics(labels, image_scores(maps, share=EMBEDDED.score_share).numpy()).auroc
    step = 256 // SIDE
    wanted = list(masks[:, ::step, ::step])
    pixel = pixel_metrics(wanted, maps[:, ::step, ::step].numpy()).ap if any(mask.any() for mask in wanted) else None
    return Figures(*(float("nan") if value is None else 100 * value for value in (image, pixel)))


def agree(members: Sequence[int], planted: NDArray[np.bool_]) -> bool:
    """Tell whether some members are the planted samples, with precision and recall of at least 0.9."""
    right = int(planted[list(members)].sum())
    return right >= 0.9 * len(members) and right >= 0.9 * planted.sum()


def measure_case(tables: Tables, kind: str, seed: int, cache: Path) -> list[dict[str, Any]]:
    """Measure one kind on one set, at all batch sizes and numbers of planted photos."""
    if kind == "cut-out" and not tables.donors:  # a set without masks
        return []
    planted, rows = load_planted(tables, kind, seed, cache), []
    for count, numbers in (LARGE_BATCHES if tables.name.endswith("-mirrored") else BATCHES).items():
        first: Figures | None = None
        for number in numbers:
            batch = choose_batch(tables, planted, count, number)
            if batch is None:
                break
            found = find_recurring(batch.distances)
            labels = batch.planted, batch.masks
            plain = measure(found.plain, *labels)
            first = first or plain
            if number == 1:
                if plain.image < 98:
                    break
                continue
            communities = find_communities(batch.distances)
            parts = [list(group.members) for group in found.groups], [part.tolist() for part in communities]
            results = (
                (plain, False),
                (
                    measure(add_gains(found.plain, found.groups), *labels) if found.groups else plain,
                    any(agree(part, batch.planted) for part in parts[0]),
                ),
                (measure(score_apart(batch.distances, batch.planted, found.plain), *labels), True),
                (
                    measure(correct(batch.distances, found.plain, communities), *labels) if communities else plain,
                    any(agree(part, batch.planted) for part in parts[1]),
                ),
            )
            met = [(each.image >= 98, each.pixel >= 0.85 * first.pixel, told) for each, told in results]
            rows.append(
                {"kind": kind, "count": count, "number": number, "met": met, "figures": [r[0] for r in results]}
            )
    return rows


def measure_as_it_is(tables: Tables) -> dict[str, Any]:
    """Measure a set without planted defects: alerts on halves of its good parts, figures of the whole."""
    good, alerts = np.flatnonzero(~tables.labels), []
    for seed in range(HALVES):
        half = np.random.default_rng(seed).permutation(good)[: max(20, len(good) // 2)]
        alerts.append(len(find_recurring(tables.choose(half)).groups))
    distances, count = tables.choose(np.arange(len(tables.labels))), len(tables.labels)
    found = find_recurring(distances)
    small = [group for group in found.groups if len(group.members) <= AUTOMATIC * count]
    graph = correct(distances, found.plain, find_communities(distances))
    return {
        "name": tables.name,
        "alerts": sum(number > 0 for number in alerts),
        "groups": [(len(group.members), int(tables.labels[list(group.members)].sum())) for group in found.groups],
        "figures": [
            measure(scores, tables.labels, tables.masks)
            for scores in (found.plain, add_gains(found.plain, small), graph)
        ],
        "seconds": found.seconds,
    }


def print_sets(results: Sequence[dict[str, Any]]) -> None:
    """Print the sets as they are."""
    print(
        "| set | alerts on ten halves of good parts | groups (of them defective) | plain | corrected | image graph | "
        "watch, s |\n|---|---:|---|---:|---:|---:|---:|"
    )
    for found in results:
        groups = ", ".join(f"{size} ({bad})" for size, bad in found["groups"]) or "none"
        cells = " | ".join(f"{each.image:.1f} / {each.pixel:.1f}" for each in found["figures"])
        print(f"| {found['name']} | {found['alerts']} | {groups} | {cells} | {found['seconds']:.1f} |")


def print_cases(rows: Sequence[dict[str, Any]]) -> None:
    """Print, for each batch size and number, in how many cases each criterion is met."""
    heads = "plain: AUROC, AP | corrected: AUROC, AP, members | known: AUROC, AP | image graph: AUROC, AP, members"
    print(f"\n| N | k | cases | {heads} |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    by_size = defaultdict(list)
    for row in rows:
        by_size[row["count"], row["number"]].append(row["met"])
    for (count, number), met in sorted(by_size.items()):
        total = np.array(met).sum(axis=0)  # (4, 3)
        cells = (f"{a}, {b}" + (f", {c}" if index % 2 else "") for index, (a, b, c) in enumerate(total))
        print(f"| {count} | {number} | {len(met)} | {' | '.join(cells)} |")
    print("\n| kind | cases | plain | corrected | known | image graph |\n|---|---:|---:|---:|---:|---:|")
    for kind in KINDS:
        own = [row["figures"] for row in rows if row["kind"] == kind]
        if own:
            mean = np.nanmean(np.array(own), axis=0)
            print(f"| {kind} | {len(own)} | {' | '.join(f'{image:.1f} / {pixel:.1f}' for image, pixel in mean)} |")


def main() -> None:
    """Measure all datasets and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=Path("benchmarks/.recurring"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--mirrored", action="store_true", help="add mirrored good photos: batches of 100")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    sets, rows = [], []
    for folder in arguments.datasets:
        kept = arguments.cache / f"{folder.name}{'-mirrored' if arguments.mirrored else ''}.results"
        if not kept.exists():
            tables = load_tables(folder, arguments.cache, mirrored=arguments.mirrored)
            cases = [
                row
                for seed in range(arguments.seeds)
                for kind in arguments.kinds
                for row in measure_case(tables, kind, seed, arguments.cache)
            ]
            kept.write_bytes(pickle.dumps((measure_as_it_is(tables), cases)))
        found, cases = pickle.loads(kept.read_bytes())
        sets.append(found)
        rows += cases
    print_sets(sets)
    print_cases(rows)


if __name__ == "__main__":
    main()
