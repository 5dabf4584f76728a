"""What a scan judged by accepted parts alone gives where an operator gave a few verdicts; prints a markdown table.

python -m benchmarks.accepted DATASET [DATASET ...] [--most N] [--few SEED] [--verdicts 8 12 16] [--threads 2]

A dataset is a folder in a layout with labels. Verdicts are true, on parts spread evenly over the scores, highest and
lowest among them. For the features of the default, without poses and subspace: image AUROC of the parts without
verdict after re-scoring and before it, where all parts judge and where those alone do that were accepted (number), and
the means over the sets. With `--most`, of so many photos of each set; with `--few`, of four fifths of the good photos
and a tenth of defective ones.
"""

from collections import defaultdict

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.leave_out import AFTER, CHOICES, Result
from benchmarks.poses import load_features, make_parser, map_passes, summarise
from benchmarks.subspace import load_drawn
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
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print("| set | verdicts | accepted | all parts judge | accepted parts judge |\n|---|---:|---:|---|---|")
    rows: dict[int, list[tuple[float, ...]]] = defaultdict(list)
    for folder in arguments.datasets:
        dataset = load_drawn(folder, arguments.most, few=arguments.few)
        features = [[load_features(dataset, wanted) for wanted in size.features()] for size in CHOICES[AFTER]]
        before = score(dataset, features, None)
        for verdicts in arguments.verdicts:
            places = np.linspace(0, len(dataset.labels) - 1, verdicts).round().astype(int)
            judged = np.argsort(-before.raw)[places]
            accepted, others = judged[~dataset.labels[judged]], np.setdiff1d(np.arange(len(dataset.labels)), judged)
            if not 0 < dataset.labels[others].sum() < len(others):
                continue  # nothing to rank
            after = score(dataset, features, accepted)
            found = [result.auroc(others, raw=raw) for result in (before, after) for raw in (False, True)]
            rows[verdicts].append((len(accepted), *found))
            _print_row(folder.name, verdicts, rows[verdicts][-1])
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
