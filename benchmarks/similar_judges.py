"""Judges that are similar against judges at random: what it does to accuracy, and what finding them costs.

python -m benchmarks.similar_judges DATASET [DATASET ...] [--references 10 20 40] [--size 256]
python -m benchmarks.similar_judges --search 100000 [--judges 200]

A dataset is a folder in a layout with labels. Each sample is judged by its neighbours on the ring (three orders), by
the samples whose embeddings are nearest, or by all; preset `fast`. The second command finds the nearest of random
embeddings with what is installed of faiss-cpu and usearch: CPU time, and share of the nearest that is found.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.labelled import Figures, features, figures
from inspector.scoring.distances import distances
from inspector.scoring.judges import all_others
from inspector.scoring.judges import ring as ring_of
from inspector.scoring.mutual import lowest_mean

EMBEDDING = 1280
SEEDS = 3
ASKED = 200
"""Random embeddings whose nearest ones are compared with the true ones."""


def find_similar(embeddings: Tensor, number: int) -> Tensor:
    """Find the samples of the largest inner product with each, itself left out: (N, number)."""
    products = embeddings @ embeddings.T
    return products.fill_diagonal_(-torch.inf).topk(number, dim=1).indices


def find_ring(count: int, number: int, seed: int) -> Tensor:
    """Find the neighbours of each sample on a ring in random order: (N, number)."""
    judges = ring_of(count, number, seed)
    return torch.stack([judges.of_one(sample) for sample in range(count)])


def tabulate(sets: Sequence[Tensor]) -> list[Tensor]:
    """Distances of each set: (N, N, P), of a sample's patches to each other sample."""
    tables = []
    for each in sets:
        count = len(each)
        table = torch.zeros(count, count, each.shape[1])
        for sample, to_others in distances(each.__getitem__, range(count), all_others(count)):
            table[sample, [other for other in range(count) if other != sample]] = to_others
        tables.append(table)
    return tables


def score(tables: Sequence[Tensor], judges: Tensor) -> Tensor:
    """Patch scores (N, P) by the judges (N, K) of each sample."""
    found = [
        torch.stack([lowest_mean(table[sample, own], 0.3) for sample, own in enumerate(judges)]) for table in tables
    ]
    return torch.stack(found).mean(dim=0)


def rows(folder: Path, references: Sequence[int], size: int) -> Iterator[str]:
    """Yield the lines of one dataset."""
    dataset = Dataset(folder)
    compared = features(dataset, size, (3,))
    embeddings = F.normalize(compared.embeddings, dim=1)
    tables, count = tabulate(compared.sets), len(dataset.labels)
    for number in references:
        if number >= count - 1:
            continue
        at_random = [figures(dataset, score(tables, find_ring(count, number, seed)), compared) for seed in range(SEEDS)]
        similar = figures(dataset, score(tables, find_similar(embeddings, number)), compared)
        yield f"| {folder.name} | {number} | {_average(at_random)} | {_average([similar])} |"
    everyone = figures(dataset, score(tables, find_similar(embeddings, count - 1)), compared)
    yield f"| {folder.name} | all {count - 1} | {_average([everyone])} | |"


def _average(found: Sequence[Figures]) -> str:
    return " ".join(f"{statistics.mean(values):.1f}" for values in zip(*found, strict=True))


def search(count: int, judges: int) -> Iterator[str]:
    """Yield a line for each way of finding the nearest among random embeddings, one thread."""
    embeddings = np.random.default_rng(0).standard_normal((count, EMBEDDING), dtype=np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    asked = embeddings[:ASKED]
    start = time.process_time()
    truth = np.argsort(-(asked @ embeddings.T), axis=1)[:, : judges + 1]
    exactly = time.process_time() - start
    yield f"| NumPy, exactly | {count} | | {1000 * exactly / ASKED:.2f} | 100.0 |"
    for name, find in (("faiss", _search_faiss), ("usearch", _search_usearch)):
        if find_spec(name) is None:
            continue
        for how, built, took, found in find(embeddings, asked, judges + 1):
            hit = np.mean([len(np.intersect1d(own, true)) / len(true) for own, true in zip(found, truth, strict=True)])
            cells = f"{1000 * built / count:.2f} | {1000 * took / ASKED:.2f} | {100 * hit:.1f}"
            yield f"| {name}, {how} | {count} | {cells} |"


Search = Iterator[tuple[str, float, float, np.ndarray]]
"""Of a way: its name, CPU seconds of building and of asking, what was found (ASKED, K)."""


def _search_faiss(embeddings: np.ndarray, asked: np.ndarray, number: int) -> Search:
    import faiss

    faiss.omp_set_num_threads(1)
    lists = round(4 * len(embeddings) ** 0.5)
    coarse = faiss.IndexFlatIP(EMBEDDING)
    for how, index in (
        ("exactly", faiss.IndexFlatIP(EMBEDDING)),
        ("lists, a tenth looked at", faiss.IndexIVFFlat(coarse, EMBEDDING, lists, faiss.METRIC_INNER_PRODUCT)),
    ):
        start = time.process_time()
        if not index.is_trained:
            index.cp.niter, index.nprobe = 5, lists // 10
            index.train(embeddings[: 40 * lists])
        index.add(embeddings)
        built = time.process_time()
        found = index.search(asked, number)[1]
        yield how, built - start, time.process_time() - built, found


def _search_usearch(embeddings: np.ndarray, asked: np.ndarray, number: int) -> Search:
    from usearch.index import Index

    index = Index(ndim=EMBEDDING, metric="ip", dtype="f32")
    start = time.process_time()
    index.add(np.arange(len(embeddings)), embeddings, threads=1)
    built = time.process_time()
    found = index.search(asked, number, threads=1).keys
    yield "graph", built - start, time.process_time() - built, np.asarray(found)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="*", type=Path)
    parser.add_argument("--references", type=int, nargs="+", default=[10, 20, 40])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--search", type=int, help="number of random embeddings")
    parser.add_argument("--judges", type=int, default=200)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.search:
        print("| way | N | built, ms a part | asked, ms a part | of the nearest found, % |\n|---|---:|---:|---:|---:|")
        for row in search(arguments.search, arguments.judges):
            print(row, flush=True)
        return
    print("Image AUROC, before re-scoring, pixel AP; percent\n")
    print("| set | judges | ring (mean of 3 orders) | most similar |\n|---|---:|---|---|")
    for folder in arguments.datasets:
        for row in rows(folder, arguments.references, arguments.size):
            print(row, flush=True)


if __name__ == "__main__":
    main()
