"""Batches drawn from labelled sets, with their scores: what a rule for the threshold is measured on.

Each photo goes through the network once; the distance of every patch to every other photo is kept, and each drawn
batch is scored from these, exactly as a scan of its photos alone would score it (but for half precision).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.accuracy import SIDE, Dataset
from inspector.data.photos import fit_photo
from inspector.features.aggregation import join_layers, lnamd_mean
from inspector.features.backbones import load_backbone
from inspector.features.metric import lnamd_learnt
from inspector.presets import EMBEDDED
from inspector.scoring.distances import distances
from inspector.scoring.judges import all_others
from inspector.scoring.maps import grid_maps, image_scores, tile_maps
from inspector.scoring.mutual import lowest_mean
from inspector.scoring.rescoring import rescore_near
from inspector.scoring.sample_maps import PHASE

SHARES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6)
SMALL = (10, 24)
DRAWN = 0.8
"""Share of the good or of the defective parts, whichever are scarce, that a mixed batch takes: draws differ."""


class Table(NamedTuple):
    """What all batches of a set are scored from: distances (phases, N, N, P) float16, of patch p of photo i to photo j,
    embeddings (N, D) float32, labels (N,) bool."""

    distances: Tensor
    embeddings: Tensor
    labels: NDArray[np.bool_]


@dataclass(frozen=True)
class Drawn:
    """One drawn batch.

    Attributes:
        kind: "good", "good 10" (so many parts alone), "mixed 10" (small, a fifth is defective), or the share, "0.02".
        labels: (N,) bool. raw, final: (N,) float64, before and after re-scoring.
    """

    kind: str
    labels: NDArray[np.bool_] = field(repr=False)
    raw: NDArray[np.float64] = field(repr=False)
    final: NDArray[np.float64] = field(repr=False)


def load_tables(folder: Path, stages: tuple[int, ...], sizes: Sequence[int], cache: Path) -> list[Table]:
    """Measure a labelled folder once at each size; later calls read what was kept in `cache`.

    As in the default settings photos go through the network twice at the first size, once at others.
    """
    return [_load_table(folder, stages, size, cache, 2 if size == sizes[0] else 1) for size in sizes]


def _load_table(folder: Path, stages: tuple[int, ...], size: int, cache: Path, phases: int) -> Table:
    kept = cache / f"{folder.name}-{''.join(map(str, stages))}-{size}-{phases}.npz"
    if not kept.exists():
        dataset = Dataset(folder)
        sets, embeddings = _extract(dataset.photos, stages, size)
        sets = sets[:phases]
        tables = torch.stack([_compare(features) for features in sets])
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(kept, distances=tables.numpy(), embeddings=embeddings.numpy(), labels=dataset.labels)
    with np.load(kept) as values:
        return Table(torch.from_numpy(values["distances"]), torch.from_numpy(values["embeddings"]), values["labels"])


def _extract(photos: Sequence[NDArray[np.uint8]], stages: tuple[int, ...], size: int) -> tuple[list[Tensor], Tensor]:
    """Features (N, P, C) of both phases, the stages joined on the grid of the coarsest, and embeddings (N, D)."""
    backbone = load_backbone(EMBEDDED.backbone, image_size=size, layers=stages)
    squares = torch.from_numpy(np.stack([fit_photo(photo, size) for photo in photos]))
    embeddings: list[Tensor] = []
    passes: tuple[list[Tensor], list[Tensor]] = ([], [])
    for group in torch.split(squares.permute(0, 3, 1, 2), 8):
        images = group.float() / 255
        first, embedding = backbone.tokens(images)
        step = size // first[-1].shape[1] // 2
        moved = F.pad(images, (step, 0, step, 0), mode="reflect")[..., :size, :size]
        embeddings.append(embedding)
        for kept, layers in zip(passes, (first, backbone.tokens(moved)[0]), strict=True):
            halves = [layer.half() for layer in layers]  # as the program keeps them
            kept.append(join_layers(halves) if len(halves) > 1 else halves[0])
    aggregate = lnamd_learnt if stages == EMBEDDED.layers else lnamd_mean
    return [aggregate(torch.cat(kept), EMBEDDED.degrees) for kept in passes], torch.cat(embeddings)


def _compare(features: Tensor) -> Tensor:
    count = len(features)
    table = torch.zeros(count, count, features.shape[1], dtype=torch.float16)
    for sample, to_others in distances(features.__getitem__, range(count), all_others(count)):
        table[sample, [other for other in range(count) if other != sample]] = to_others.half()
    return table


def draw(tables: Sequence[Table], draws: int, seed: int = 0) -> Iterator[Drawn]:
    """Yield batches of good parts alone (ten halves), and `draws` of each share of defects and of each small size.

    Args:
        tables: of one set, by size.
        draws: how many of each.
        seed: of the choice.
    """
    rng = np.random.default_rng(seed)
    good, bad = np.flatnonzero(~tables[0].labels), np.flatnonzero(tables[0].labels)
    for _ in range(10):
        yield _score(tables, "good", rng.choice(good, len(good) // 2, replace=False))
    for size in SMALL:
        for _ in range(draws):
            yield _score(tables, f"good {size}", rng.choice(good, min(size, len(good)), replace=False))
            yield _score(tables, f"mixed {size}", _choose(rng, good, bad, size - size // 5, size // 5))
    for share in SHARES:
        many = round(DRAWN * len(good))
        odd = max(1, round(many * share / (1 - share)))
        if odd > DRAWN * len(bad):
            odd = round(DRAWN * len(bad))
            many = round(odd * (1 - share) / share)
        for _ in range(draws):
            yield _score(tables, f"{share:g}", _choose(rng, good, bad, many, odd))


def _choose(
    rng: np.random.Generator, good: NDArray[np.intp], bad: NDArray[np.intp], many: int, odd: int
) -> NDArray[np.intp]:
    return np.concatenate([rng.choice(good, many, replace=False), rng.choice(bad, odd, replace=False)])


def _score(tables: Sequence[Table], kind: str, chosen: NDArray[np.intp]) -> Drawn:
    """Score a batch of some photos as the default settings do: maps of several sizes are averaged, each divided by the
    median patch score at its size."""
    places = torch.from_numpy(chosen)
    planes, typical = zip(*(_map_batch(table, places) for table in tables), strict=True)
    if len(tables) > 1:
        planes = tuple(plane / usual for plane, usual in zip(planes, typical, strict=True))
    raw = image_scores(torch.stack(planes).mean(dim=0), share=EMBEDDED.score_share).double()
    final = rescore_near(raw, tables[0].embeddings[places])
    return Drawn(kind, tables[0].labels[chosen], raw.numpy(), final.numpy())


def _map_batch(table: Table, places: Tensor) -> tuple[Tensor, Tensor]:
    """Maps (n, SIDE, SIDE) of some photos judged by each other, and their median patch score."""
    own = table.distances[:, places][:, :, places].float()  # (phases, n, n, P)
    count, patches = own.shape[1], own.shape[3]
    others = ~torch.eye(count, dtype=torch.bool)
    side = round(patches**0.5)  # all grids here are square
    passes = [
        torch.stack([lowest_mean(rows[keep], EMBEDDED.share) for rows, keep in zip(phase, others, strict=True)])
        for phase in own
    ]
    maps = torch.stack(
        [
            tile_maps(scores, (side, side), (1, 1), phases=len(own), shift=PHASE * index)
            for index, scores in enumerate(passes)
        ]
    ).mean(dim=0)
    coarse = (maps.shape[1], maps.shape[2])
    planes = [grid_maps(part.reshape(1, -1), coarse, (SIDE, SIDE)) for part in maps]
    return torch.cat(planes), torch.stack(passes).median()
