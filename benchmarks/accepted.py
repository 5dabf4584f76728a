"""What a scan judged by accepted parts alone gives where an operator gave a few verdicts; prints a markdown table.

python -m benchmarks.accepted DATASET [DATASET ...] [--most N] [--few SEED] [--verdicts 8 12 16 | --good]
    [--turned] [--metric FILE] [--threads 2]

A dataset is a folder in a layout with labels. Verdicts are true, on parts spread evenly over the scores, highest and
lowest among them. For the features of the default, without poses and subspace: image AUROC of the parts without
verdict after re-scoring and before it, where all parts judge and where those alone do that were accepted (number), and
the means over the sets. With `--most`, of so many photos of each set; with `--few`, of four fifths of the good photos
and a tenth of defective ones; with `--metric`, of features that are multiplied by a matrix, as the default's are by
`inspector/features/metric.npy`. With `--good`, in place of verdicts: what the features could give if all good parts
were known and judged alone; of all parts, with pixel AP.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.leave_out import AFTER, CHOICES, Result
from benchmarks.poses import load_features, make_parser, map_passes, summarise
from benchmarks.subspace import load_chosen
from inspector.presets import EMBEDDED
from inspector.scoring.judges import Known, find_judges
from inspector.scoring.mutual import score_samples


def score(dataset: Dataset, features: list[list[Tensor]], known: NDArray[np.intp] | None) -> Result:
    """Score a set by all parts, or by the known ones alone; `features` by size and pass."""
    maps = []
    count = len(dataset.labels)
    judges = find_judges(range(count), EMBEDDED.references, None if known is None else Known(frozenset(known.tolist())))
    for size, of_size in zip(CHOICES[AFTER], features, strict=True):
        passes = []
        for each in of_size:
            found = score_samples(each.__getitem__, range(count), judges, share=EMBEDDED.share)
            passes.append(torch.stack([scores for _, scores, _ in sorted(found, key=lambda one: one[0])]))
        maps.append(map_passes(passes, size))
    return summarise(dataset, torch.stack(maps).mean(dim=0), dataset.tokens(CHOICES[AFTER][0].size, 3)[1])


def main() -> None:
    """Print one table."""
    parser = make_parser(__doc__)
    parser.add_argument("--few", type=int, metavar="SEED")
    parser.add_argument("--verdicts", type=int, nargs="+", default=[8, 12, 16])
    parser.add_argument("--good", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    datasets = (load_set(folder, arguments) for folder in arguments.datasets)
    if arguments.good:
        print_good(datasets)
    else:
        print_verdicts(datasets, arguments.verdicts)


def load_set(folder: Path, arguments: argparse.Namespace) -> tuple[Dataset, list[list[Tensor]]]:
    """Load a set and its features, by size and pass."""
    dataset = load_chosen(folder, arguments)
    return dataset, [[load_features(dataset, wanted) for wanted in size.features()] for size in CHOICES[AFTER]]


def print_good(datasets: Iterable[tuple[Dataset, list[list[Tensor]]]]) -> None:
    """Print what all parts as judges give, and what the good ones alone would."""
    print("| set | all parts judge | good parts judge |\n|---|---|---|")
    rows = []
    for dataset, features in datasets:
        found = [score(dataset, features, known) for known in (None, np.flatnonzero(~dataset.labels))]
        rows.append([[each.auroc(), each.auroc(raw=True), each.pixel] for each in found])
        _print_good(dataset.name, rows[-1])
    known = np.ma.masked_invalid(rows).mean(axis=0)
    _print_good(f"mean of {len(rows)}", known.filled(np.nan).tolist())


def _print_good(name: str, figures: Sequence[Sequence[float]]) -> None:
    cells = (" ".join("-" if np.isnan(value) else f"{value:.1f}" for value in each) for each in figures)
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def print_verdicts(datasets: Iterable[tuple[Dataset, list[list[Tensor]]]], numbers: Sequence[int]) -> None:
    """Print what the parts that were accepted give as judges, for some numbers of verdicts."""
    print("| set | verdicts | accepted | all parts judge | accepted parts judge |\n|---|---:|---:|---|---|")
    rows: dict[int, list[tuple[float, ...]]] = defaultdict(list)
    for dataset, features in datasets:
        before = score(dataset, features, None)
        for verdicts in numbers:
            places = np.linspace(0, len(dataset.labels) - 1, verdicts).round().astype(int)
            judged = np.argsort(-before.raw)[places]
            accepted, others = judged[~dataset.labels[judged]], np.setdiff1d(np.arange(len(dataset.labels)), judged)
            if not 0 < dataset.labels[others].sum() < len(others):
                continue  # nothing to rank
            after = score(dataset, features, accepted)
            found = [result.auroc(others, raw=raw) for result in (before, after) for raw in (False, True)]
            rows[verdicts].append((len(accepted), *found))
            _print_row(dataset.name, verdicts, rows[verdicts][-1])
    for verdicts, values in rows.items():
        _print_row(f"mean of {len(values)}", verdicts, np.mean(values, axis=0))


def _print_row(name: str, verdicts: int, values: "NDArray[np.float64] | tuple[float, ...]") -> None:
    accepted, final, raw, known_final, known_raw = values
    print(
        f"| {name} | {verdicts} | {accepted:.3g} | {final:.1f} {raw:.1f} | {known_final:.1f} {known_raw:.1f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
