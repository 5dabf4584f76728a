"""How near a threshold comes to the best one by a few verdicts; prints a markdown table.

python -m benchmarks.verdicts DATASET [DATASET ...] --cache FOLDER [--stages 2 3] [--sizes 256 384] [--draws 5]

Batches as in `benchmarks.thresholds`. Columns: in which order parts are judged, and after how many verdicts the
threshold is set; percent of parts flagged in batches of good parts alone, and F1-max less the F1 at the threshold, in
points, by share of defects; means over batches. "Asked for" are the parts that `choose_next` names. With wrong verdicts
one in ten, drawn at random, says the opposite; F1 is by what the parts are.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.batches import Drawn, draw, load_tables
from benchmarks.thresholds import MIXED, Floats, best_f1, f1
from inspector.decision.verdict_threshold import choose_next, fit_threshold

COUNTS = (2, 4, 6, 8, 10, 12, 16)

WRONG = 0.1
"""Share of wrong verdicts in the last rows."""

Choose = Callable[[Floats, NDArray[np.intp], NDArray[np.bool_]], int | None]
"""Takes scores (N,), the parts that were judged and what was said of them; names the next, None = there is none."""


def highest_first(scores: Floats, judged: NDArray[np.intp], _: NDArray[np.bool_]) -> int | None:
    """Name the highest part without a verdict."""
    left = np.setdiff1d(np.arange(len(scores)), judged)
    return int(left[scores[left].argmax()]) if len(left) else None


def judge(batch: Drawn, choose: Choose, wrong: float, seed: int) -> Iterable[tuple[int, float, bool]]:
    """Judge the parts of a batch in turn.

    Yields:
        At each of `COUNTS`: how many verdicts, the share flagged where all parts are good, else F1-max less the F1, and
        whether the threshold is sure.
    """
    chance = np.random.default_rng(seed)
    said = batch.labels ^ (chance.random(len(batch.labels)) < wrong)
    judged = np.zeros(0, np.intp)
    for count in range(1, max(COUNTS) + 1):
        wanted = choose(batch.final, judged, said[judged])
        judged = judged if wanted is None else np.append(judged, wanted)
        if count not in COUNTS:
            continue
        found = fit_threshold(batch.final, judged, said[judged])
        assert found is not None
        flagged = batch.final > found.value
        lost = best_f1(batch.labels, batch.final) - f1(batch.labels, flagged)
        yield count, float(lost if batch.labels.any() else flagged.mean()), found.sure


def print_order(name: str, choose: Choose, batches: Iterable[Drawn], wrong: float = 0) -> None:
    """Print a line for each number of verdicts."""
    values: dict[tuple[int, str], list[float]] = defaultdict(list)
    by_sureness: dict[tuple[int, bool], list[float]] = defaultdict(list)
    for seed, batch in enumerate(batches):
        if batch.kind not in ("good", *MIXED):
            continue
        for count, value, sure in judge(batch, choose, wrong, seed):
            values[count, batch.kind].append(100 * value)
            if batch.kind != "good":
                by_sureness[count, sure].append(100 * value)
    for count in COUNTS:
        cells = [f"{np.mean(values[count, kind]):.1f}" for kind in ("good", *MIXED)]
        cells.append(f"{np.mean([value for kind in MIXED for value in values[count, kind]]):.1f}")
        for sure in (True, False):
            known = by_sureness[count, sure]
            cells.append(f"{np.mean(known):.1f} ({len(known)})" if known else "")
        print(f"| {name} | {count} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="folder for the distances of each dataset")
    parser.add_argument("--stages", type=int, nargs="+", default=[2, 3], help="joined on the grid of the last")
    parser.add_argument("--sizes", type=int, nargs="+", default=[256, 384], help="pixels; maps of several are averaged")
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    batches = [
        batch
        for folder in arguments.datasets
        for batch in draw(
            load_tables(folder, tuple(arguments.stages), arguments.sizes, arguments.cache), arguments.draws
        )
    ]
    heads = [*MIXED, "mean gap", "where sure (batches)", "where unsure"]
    print(f"| parts judged | verdicts | good alone | {' | '.join(heads)} |\n|---|{'---:|' * (len(heads) + 2)}")
    print_order("those asked for", choose_next, batches)
    print_order("the highest", highest_first, batches)
    print_order("those asked for, one in ten wrong", choose_next, batches, WRONG)


if __name__ == "__main__":
    main()
