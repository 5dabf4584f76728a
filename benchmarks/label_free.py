"""Is there a sign, without labels, of which choice suits a batch? Prints markdown tables.

python -m benchmarks.label_free DATASET [DATASET ...] [--threads 2] [--cache FILE]

A dataset is a folder in a layout with labels. Candidates are the choices of benchmarks.leave_out, each with and without
re-scoring. For each candidate and set, signs are measured that need no labels:

- agreement of halves: rank correlation of image scores by two random halves of the judges, in the mean of eight draws;
- agreement with the rest: mean rank correlation with the image scores of the other candidates;
- tail: highest tenth of the image scores over their median, in MADs;
- gap: share of the variance between two groups of image scores that Otsu's threshold parts;
- likeness: rank correlation of a photo's raw score with the mean raw score of its three nearest neighbours by
  embedding; taken as a sign for re-scoring, without which it counts as 0.3.

The candidate with the highest sign (or lowest, marked -) is taken for each set. A sign is worth something where the
mean image AUROC of what it takes is above that of the fixed default. Beside it: the best fixed candidate, chosen on the
other sets, and the best of all, chosen with labels.
"""

import argparse
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.stats import spearmanr
from torch import Tensor

from benchmarks.accuracy import SIDE, Choice, Dataset, Features, _normalised, _on_grid
from benchmarks.leave_out import AFTER, CHOICES
from inspector.evaluation.metrics import image_metrics
from inspector.features.aggregation import lnamd
from inspector.presets import EMBEDDED
from inspector.scoring.distances import distances
from inspector.scoring.judges import all_others
from inspector.scoring.maps import grid_maps, image_scores, tile_maps
from inspector.scoring.mutual import lowest_mean
from inspector.scoring.rescoring import rescore

DRAWS = 8

Scores = NDArray[np.float64]


def compare(dataset: Dataset, wanted: Features) -> list[Tensor]:
    """Patch scores (N, P) by all judges, then by each half of them, draw by draw."""
    grid = wanted.size // wanted.patch
    stages = [dataset.tokens(wanted.size, stage, wanted.phase)[0] for stage in wanted.stages]
    joined = torch.cat([_normalised(_on_grid(stage, grid), wanted.norm) for stage in stages], dim=3)
    features = F.normalize(sum((lnamd(joined, d) for d in wanted.degrees), torch.zeros(())), dim=2)
    count = len(features)
    halves = [np.random.default_rng(draw).permutation(count) for draw in range(DRAWS)]
    members = [torch.from_numpy(part) for each in halves for part in np.array_split(each, 2)]
    scores = torch.zeros(1 + len(members), count, features.shape[1])
    judges = all_others(count)
    for sample, to_others in distances(features.__getitem__, range(count), judges):
        by = judges.of_one(sample)
        scores[0, sample] = lowest_mean(to_others, EMBEDDED.share)
        for index, part in enumerate(members, start=1):
            scores[index, sample] = lowest_mean(to_others[torch.isin(by, part)], EMBEDDED.share)
    return list(scores)


def score(dataset: Dataset, sizes: Sequence[Choice]) -> tuple[list[Scores], Tensor]:
    """Image scores by all judges and by each half, and embeddings."""
    by_size = []
    for size in sizes:
        passes = [compare(dataset, wanted) for wanted in size.features()]
        grid, maps = (size.size // size.patch,) * 2, []
        for judged in zip(*passes, strict=True):
            placed = [tile_maps(s, grid, (1, 1), phases=len(passes), shift=0.5 * i) for i, s in enumerate(judged)]
            coarse = torch.stack(placed).mean(dim=0) / torch.stack(judged).median()
            maps.append(grid_maps(coarse.flatten(1), (coarse.shape[1], coarse.shape[2]), (SIDE, SIDE)))
        by_size.append(maps)
    found = [
        image_scores(torch.stack(each).mean(dim=0), share=EMBEDDED.score_share).double().numpy()
        for each in zip(*by_size, strict=True)
    ]
    return found, dataset.tokens(sizes[0].size, 3)[1]


def measure(folder: Path) -> dict[str, tuple[float, dict[str, float], Scores]]:
    """By candidate: image AUROC in percent, signs, image scores."""
    dataset = Dataset(folder)
    found = {}
    for name, sizes in CHOICES.items():
        (raw, *halves), embeddings = score(dataset, sizes)
        near = (-embeddings @ embeddings.T).fill_diagonal_(np.inf).argsort(dim=1)[:, :3].numpy()
        likeness = rank(raw, raw[near].mean(axis=1))
        for told, final in {
            "raw": raw,
            "re-scored": rescore(torch.from_numpy(raw), embeddings, EMBEDDED.windows).numpy(),
        }.items():
            again = halves
            if told == "re-scored":
                again = [rescore(torch.from_numpy(h), embeddings, EMBEDDED.windows).numpy() for h in halves]
            signs = {
                "agreement of halves": float(np.mean([rank(again[i], again[i + 1]) for i in range(0, len(again), 2)])),
                "tail": tail(final),
                "gap": gap(final),
                "likeness": likeness if told == "re-scored" else 0.3,
            }
            auroc = image_metrics(dataset.labels, final).auroc
            assert auroc is not None
            found[f"{name}, {told}"] = (100 * auroc, signs, final)
    for name, (_, signs, own) in found.items():
        signs["agreement with the rest"] = float(
            np.mean([rank(own, f[2]) for other, f in found.items() if other != name])
        )
    return found


def rank(one: Scores, other: Scores) -> float:
    """Spearman's rank correlation."""
    return float(spearmanr(one, other).statistic)


def tail(scores: Scores) -> float:
    """How far the highest tenth lies above the median, in MADs."""
    middle = np.median(scores)
    spread = np.median(np.abs(scores - middle)) or 1.0
    return float((np.sort(scores)[-max(1, len(scores) // 10) :].mean() - middle) / spread)


def gap(scores: Scores) -> float:
    """Largest share of the variance that lies between two groups of scores (Otsu)."""
    ordered, count = np.sort(scores), len(scores)
    below = np.arange(1, count)
    sums = np.cumsum(ordered)[:-1]
    low, high = sums / below, (ordered.sum() - sums) / (count - below)
    return float((below * (count - below) / count**2 * (low - high) ** 2).max() / max(1e-12, ordered.var()))


def print_signs(results: Mapping[str, Mapping[str, tuple[float, dict[str, float], Scores]]]) -> None:
    """Print what each sign takes."""
    names, default = list(results), f"{AFTER}, re-scored"
    candidates = list(results[names[0]])
    table = np.array([[results[name][candidate][0] for candidate in candidates] for name in names])
    print(
        f"| taken by | {' | '.join(names)} | mean | sets better than the default |\n|---|{'---:|' * (len(names) + 2)}"
    )
    fixed = table[:, candidates.index(default)]
    rows = {"the default": fixed}
    left = [int(np.delete(table, index, axis=0).mean(axis=0).argmax()) for index in range(len(names))]
    rows["best on the other sets"] = table[np.arange(len(names)), left]
    for sign in results[names[0]][candidates[0]][1]:
        values = np.array([[results[name][candidate][1][sign] for candidate in candidates] for name in names])
        rows[sign] = table[np.arange(len(names)), values.argmax(axis=1)]
        rows[f"- {sign}"] = table[np.arange(len(names)), values.argmin(axis=1)]
    rows["best of all, with labels"] = table.max(axis=1)
    for told, row in rows.items():
        cells = " | ".join(f"{value:.1f}" for value in row)
        print(f"| {told} | {cells} | {row.mean():.1f} | {int((row > fixed + 0.05).sum())} |")
    print("\nRank correlation of sign and image AUROC over the candidates of a set, mean over sets:")
    print("\n| sign | mean | sets above 0 |")
    print("|---|---:|---:|")
    for sign in results[names[0]][candidates[0]][1]:
        found = [
            rank(np.array([results[n][c][1][sign] for c in candidates]), table[index]) for index, n in enumerate(names)
        ]
        print(f"| {sign} | {np.nanmean(found):.2f} | {sum(value > 0 for value in found)} |")


def main() -> None:
    """Measure all datasets and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    results = {}
    for folder in arguments.datasets:
        kept = arguments.cache and arguments.cache / f"{folder.name}.label_free"
        if kept and kept.exists():
            results[folder.name] = pickle.loads(kept.read_bytes())
            continue
        results[folder.name] = measure(folder)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps(results[folder.name]))
    print_signs(results)


if __name__ == "__main__":
    main()
