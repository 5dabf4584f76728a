"""Rules for the image threshold, measured on batches with few, many and no defects; prints markdown tables.

python -m benchmarks.thresholds DATASET [DATASET ...] --cache FOLDER [--stages 3] [--sizes 256] [--draws 5] [--seed 0]

Columns: percent of parts flagged in batches of good parts alone (half of those of a set, 10, 24 of them); F1-max less
the F1 at the threshold, in points, by share of defects; the same of small mixed batches (a fifth is defective).
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.batches import SHARES, SMALL, Drawn, draw, load_tables
from inspector.decision.threshold import choose_threshold, label_free_threshold
from inspector.presets import EMBEDDED

Floats = NDArray[np.float64]
Rule = Callable[[Floats, Floats], tuple[float, bool]]
"""Takes scores before and after re-scoring, both as distances, (N,); gives the threshold, and whether it is sure."""

MIXED = [f"{share:g}" for share in SHARES]
KINDS = ["good", *(f"good {size}" for size in SMALL), *MIXED, *(f"mixed {size}" for size in SMALL)]


def mads(k: float) -> Rule:
    """Return the rule median + k x MAD."""
    return lambda _, final: (label_free_threshold(final, k), True)


def otsu(_: Floats, final: Floats) -> tuple[float, bool]:
    """Split so that the variance between the two groups is largest (Otsu, 1979)."""
    ordered = np.sort(final)
    lower = np.arange(1, len(ordered))
    sums = np.cumsum(ordered)
    step = (sums[-1] - sums[:-1]) / (len(ordered) - lower) - sums[:-1] / lower
    place = int((lower * (len(ordered) - lower) * step**2).argmax())
    return float(ordered[place : place + 2].mean()), True


def widest_gap(_: Floats, final: Floats) -> tuple[float, bool]:
    """Take the threshold around which the number of flagged parts stays the same for longest, as MEBin does of maps."""
    ordered = np.sort(final)
    place = int(np.diff(ordered).argmax())
    return float(ordered[place : place + 2].mean()), True


def mirrored_mode(k: float) -> Rule:
    """Return the rule mode + k x spread below it, on logarithms; the mode by halving the densest half (half-sample)."""

    def choose(_: Floats, final: Floats) -> tuple[float, bool]:
        logs = np.sort(np.log(final))
        dense = logs
        while len(dense) > 3:
            half = -(-len(dense) // 2)
            first = int((dense[half - 1 :] - dense[: len(dense) - half + 1]).argmin())
            dense = dense[first : first + half]
        mode = float(dense.mean())
        below = logs[logs <= mode]
        spread = float(np.sqrt(np.mean((mode - below) ** 2))) if len(below) else 0.0
        return float(np.exp(mode + k * max(spread, 0.01))), True

    return choose


def divide_or_mads(raw: Floats, final: Floats, k: float) -> tuple[float, bool]:
    """Apply the automatic rule."""
    low, span = raw.min(), raw.max() - raw.min()
    found = choose_threshold(raw, (final - low) / span, rescored=True, rule="auto", k=k)
    return low + span * found.value, found.sure


def two_groups(raw: Floats, final: Floats) -> tuple[float, bool]:
    """Apply the rule of the default settings."""
    return divide_or_mads(raw, final, EMBEDDED.threshold_k)


class Variant(NamedTuple):
    """The rule of the default settings with other constants."""

    k: float
    clear: float
    apart: float

    def choose(self, raw: Floats, final: Floats) -> tuple[float, bool]:
        """Apply it."""
        with patch.multiple("inspector.decision.threshold", CLEAR=self.clear, APART=self.apart):
            return divide_or_mads(raw, final, self.k)


RULES: dict[str, Rule] = {
    "median + 4 MAD (before)": mads(4),
    "median + 5 MAD": mads(5),
    "median + 6 MAD": mads(6),
    "widest gap (MEBin-like)": widest_gap,
    "Otsu": otsu,
    "mode + 3 lower spreads": mirrored_mode(3),
    "mode + 5 lower spreads": mirrored_mode(5),
    "two groups, else median + 4 MAD (new)": two_groups,
}


class Outcome(NamedTuple):
    """What a rule did to a batch: share flagged where all are good, else F1-max less F1; and whether it was sure."""

    value: float
    sure: bool


@dataclass(frozen=True)
class Cell:
    """Outcomes of one rule on one set, by kind of batch."""

    outcomes: Mapping[str, list[Outcome]]

    def mean(self, kind: str) -> float:
        """Mean value in percent."""
        return 100 * float(np.mean([found.value for found in self.outcomes[kind]]))

    @property
    def gap(self) -> float:
        """Mean of F1-max less F1 over the shares of defects, in points."""
        return float(np.mean([self.mean(kind) for kind in MIXED]))

    def unsure(self, kind: str) -> float:
        """Percent of batches where the rule was not sure."""
        return 100 * float(np.mean([not found.sure for found in self.outcomes[kind]]))


def apply(rule: Rule, batches: Sequence[Drawn]) -> Cell:
    """Measure a rule on the batches of one set."""
    outcomes = defaultdict(list)
    for batch in batches:
        low, high = batch.raw.min(), batch.raw.max()
        final = low + batch.final * (high - low)
        threshold, sure = rule(batch.raw, final)
        flagged = final > threshold
        lost = best_f1(batch.labels, final) - f1(batch.labels, flagged)
        outcomes[batch.kind].append(Outcome(float(lost if batch.labels.any() else flagged.mean()), sure))
    return Cell(outcomes)


def f1(labels: NDArray[np.bool_], flagged: NDArray[np.bool_]) -> float:
    """F1 of flagging, 0 where nothing defective is flagged."""
    return float(2 * (labels & flagged).sum() / max(1, labels.sum() + flagged.sum()))


def best_f1(labels: NDArray[np.bool_], scores: Floats) -> float:
    """F1-max: the highest F1 of any threshold."""
    return max(f1(labels, scores >= score) for score in scores)


def print_rules(cells: Mapping[str, Mapping[str, Cell]]) -> None:
    """Print one line a rule, means over the sets."""
    heads = [*KINDS, "mean gap", "gap where sure", "where unsure", "unsure, good alone", "unsure, mixed"]
    print(f"| rule | {' | '.join(heads)} |\n|---|{'---:|' * len(heads)}")
    for name, by_set in cells.items():
        sets = list(by_set.values())
        mixed = [found for cell in sets for kind in MIXED for found in cell.outcomes[kind]]
        values = [float(np.mean([cell.mean(kind) for cell in sets])) for kind in KINDS]
        values.append(float(np.mean([cell.mean(kind) for cell in sets for kind in MIXED])))
        for wanted in (True, False):
            chosen = [found.value for found in mixed if found.sure == wanted]
            values.append(100 * float(np.mean(chosen)) if chosen else float("nan"))
        values.append(float(np.mean([cell.unsure("good") for cell in sets])))
        values.append(float(np.mean([cell.unsure(kind) for cell in sets for kind in MIXED])))
        print(f"| {name} | {' | '.join('' if np.isnan(value) else f'{value:.1f}' for value in values)} |", flush=True)


def print_sets(cells: Mapping[str, Mapping[str, Cell]]) -> None:
    """Print one line a set and rule: flagged of good parts alone, unsure there, and gap (unsure) by share."""
    print(f"\n| set | rule | good alone (unsure) | {' | '.join(MIXED)} | mean gap |")
    print(f"|---|---|{'---:|' * (len(MIXED) + 2)}")
    for folder in next(iter(cells.values())):
        for name, by_set in cells.items():
            cell = by_set[folder]
            texts = [f"{cell.mean(kind):.1f} ({cell.unsure(kind):.0f})" for kind in ("good", *MIXED)]
            print(f"| {folder} | {name} | {' | '.join(texts)} | {cell.gap:.1f} |")


def print_left_out(batches: Mapping[str, Sequence[Drawn]]) -> None:
    """Print how constants do on a set that were chosen on the others: least gap, at most 2 % of good parts flagged."""
    variants = [Variant(*values) for values in product((4.0, 5.0, 6.0), (0.5, 0.6, 0.7), (0.1, 0.15, 0.2, 0.25))]
    cells = {one: {name: apply(one.choose, drawn) for name, drawn in batches.items()} for one in variants}
    before = {name: apply(mads(4), drawn) for name, drawn in batches.items()}
    print("\n| left out | k, CLEAR, APART | good alone | mean gap | median + 4 MAD: good alone | mean gap |")
    print("|---|---|---:|---:|---:|---:|")
    rows = []
    for name in batches:
        others = {one: [by_set[other] for other in batches if other != name] for one, by_set in cells.items()}
        flagged = {one: np.mean([cell.mean("good") for cell in known]) for one, known in others.items()}
        allowed = [one for one in variants if flagged[one] <= 2] or [min(variants, key=flagged.__getitem__)]
        best = min(allowed, key=lambda one: float(np.mean([cell.gap for cell in others[one]])))
        found = cells[best][name]
        rows.append((found.mean("good"), found.gap, before[name].mean("good"), before[name].gap))
        print(f"| {name} | {best.k:g}, {best.clear:g}, {best.apart:g} | {' | '.join(f'{v:.1f}' for v in rows[-1])} |")
    print(f"| mean | | {' | '.join(f'{value:.1f}' for value in np.mean(rows, axis=0))} |")


def main() -> None:
    """Measure all rules on all datasets and print three tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="folder for the distances of each dataset")
    parser.add_argument("--stages", type=int, nargs="+", default=[3], help="joined on the grid of the last")
    parser.add_argument("--sizes", type=int, nargs="+", default=[256], help="pixels; maps of several are averaged")
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0, help="of the draws")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cells: dict[str, dict[str, Cell]] = {name: {} for name in RULES}
    drawn: dict[str, list[Drawn]] = {}
    for folder in arguments.datasets:
        tables = load_tables(folder, tuple(arguments.stages), arguments.sizes, arguments.cache)
        batches = drawn[folder.name] = list(draw(tables, arguments.draws, arguments.seed))
        for name, rule in RULES.items():
            cells[name][folder.name] = apply(rule, batches)
    print_rules(cells)
    print_sets({name: by_set for name, by_set in cells.items() if name in (next(iter(RULES)), next(reversed(RULES)))})
    print_left_out(drawn)


if __name__ == "__main__":
    main()
