"""Distances between the photos of a set, and between these and photos that a defect was planted on; kept in files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.planted import SIDE, Mask, Photo, plant
from inspector.data.photos import fit_photo
from inspector.features.aggregation import join_layers
from inspector.features.backbones import load_backbone
from inspector.features.metric import lnamd_learnt
from inspector.presets import EMBEDDED
from inspector.scoring.nearest import EVERYTHING, measure_for

SIZE = 256
MOST = 24
"""Photos of a set that are planted on."""

MOST_MIRRORED = 40
"""As many of one with mirrored copies."""


@dataclass(frozen=True)
class Tables:
    """A set: `features` (N, P, C) and `distances` (N, N, P) float16 of both passes, labels (N,), masks (N, 256, 256),
    and photos at SIDE."""

    name: str
    labels: NDArray[np.bool_]
    masks: NDArray[np.bool_] = field(repr=False)
    photos: list[Photo] = field(repr=False)
    features: list[Tensor] = field(repr=False)
    distances: list[Tensor] = field(repr=False)

    def choose(self, samples: NDArray[np.intp]) -> list[Tensor]:
        """Return the distances of some samples to each other, (n, n - 1, P) float32 of each pass."""
        at = torch.from_numpy(samples)
        return [_drop_own(table[at][:, at].float()) for table in self.distances]

    @property
    def donors(self) -> list[tuple[Photo, Mask]]:
        """Photos with a defect to cut out, not too small and not too large, and where it is."""
        return [
            (photo, large)
            for photo, mask in zip(self.photos, self.masks, strict=True)
            if 150 < (large := np.asarray(np.kron(mask, np.ones((3, 3))).astype(bool)[::2, ::2])).sum() < 12000
        ]


class Planted(NamedTuple):
    """Photos of a set with a planted defect: which, their masks, distances to all photos and each other, and back."""

    chosen: NDArray[np.intp]
    masks: NDArray[np.bool_]
    forward: list[Tensor]
    backward: list[Tensor]


class Batch(NamedTuple):
    """Good photos, some of them planted on: distances (N, N - 1, P), which are planted (N,), masks (N, 256, 256)."""

    distances: list[Tensor]
    planted: NDArray[np.bool_]
    masks: NDArray[np.bool_]


def load_tables(folder: Path, cache: Path, *, mirrored: bool = False) -> Tables:
    """Measure a labelled folder once; later calls read what was kept.

    Args:
        folder: in a layout with labels.
        cache: where it is kept.
        mirrored: whether mirrored copies of the good photos come after them, as further good ones.
    """
    name = f"{folder.name}-mirrored" if mirrored else folder.name
    kept = cache / f"{name}.tables"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        dataset = Dataset(folder)
        photos = [fit_photo(photo, SIDE) for photo in dataset.photos]
        labels, masks = dataset.labels, np.stack(dataset.masks)
        if mirrored:
            good = np.flatnonzero(~labels)
            photos += [np.ascontiguousarray(photos[at][:, ::-1]) for at in good]
            labels = np.append(labels, np.zeros(len(good), bool))
            masks = np.concatenate([masks, np.zeros_like(masks[good])])
        features, _ = describe_photos(photos)
        distances = [_compare(each, each)[0] for each in features]
        torch.save(Tables(name, labels, masks, photos, features, distances), kept)
    found: Tables = torch.load(kept, weights_only=False)
    return found


def load_planted(tables: Tables, kind: str, seed: int, cache: Path) -> Planted:
    """Plant a kind of defect on good photos of a set, and measure them."""
    kept = cache / f"{tables.name}-{kind}-{seed}.planted"
    if not kept.exists():
        good = np.flatnonzero(~tables.labels)
        most = MOST_MIRRORED if tables.name.endswith("-mirrored") else MOST
        chosen = np.random.default_rng(seed).permutation(good)[:most]
        photos, masks = zip(*plant([tables.photos[at] for at in chosen], kind, tables.donors, seed), strict=True)
        both = [
            _compare(own, torch.cat([every, own]))
            for own, every in zip(describe_photos(list(photos))[0], tables.features, strict=True)
        ]
        small = np.stack(
            [fit_photo(np.repeat(mask[..., None], 3, 2).astype(np.uint8) * 255, 256)[..., 0] > 127 for mask in masks]
        )
        found = Planted(chosen, small, [pair[0] for pair in both], [pair[1][: len(tables.labels)] for pair in both])
        torch.save(tuple(found), kept)
    return Planted(*torch.load(kept, weights_only=False))


def choose_batch(tables: Tables, planted: Planted, count: int, number: int) -> Batch | None:
    """Take so many good photos, the first `number` of them planted on; None where there are not so many."""
    good = np.flatnonzero(~tables.labels)
    rest = [at for at in good if at not in set(planted.chosen.tolist())]
    samples = np.array([*planted.chosen, *rest])[:count]
    if len(samples) < count or number > len(planted.chosen):
        return None
    own, at = torch.arange(number), torch.from_numpy(samples)
    distances = []
    for table, forward, backward in zip(tables.distances, planted.forward, planted.backward, strict=True):
        square = table[at][:, at].float()
        square[own] = forward[own][:, at].float()
        square[:, own] = backward[at][:, own].float()
        square[:number, :number] = forward[own][:, len(tables.labels) + own].float()
        distances.append(_drop_own(square))
    masks = tables.masks[samples].copy()
    masks[:number] = planted.masks[:number]
    return Batch(distances, np.arange(count) < number, masks)


def _drop_own(square: Tensor) -> Tensor:
    count = len(square)
    return square[~torch.eye(count, dtype=torch.bool)].view(count, count - 1, -1)


def describe_photos(photos: Sequence[Photo]) -> tuple[list[Tensor], Tensor]:
    """Features (N, P, C) float16 of both passes, as the preset `embedded` compares them at its first size; embeddings
    (N, D)."""
    backbone = load_backbone(EMBEDDED.backbone, image_size=SIZE, layers=EMBEDDED.layers)
    squares = torch.from_numpy(np.stack([fit_photo(photo, SIZE) for photo in photos])).permute(0, 3, 1, 2)
    passes: tuple[list[Tensor], list[Tensor]] = ([], [])
    embeddings: list[Tensor] = []
    for group in torch.split(squares, 8):
        images = group.float() / 255
        moved = F.pad(images, (8, 0, 8, 0), mode="reflect")[..., :SIZE, :SIZE]
        for kept, seen in zip(passes, (images, moved), strict=True):
            layers, embedding = backbone.tokens(seen)
            kept.append(join_layers([layer.half() for layer in layers]))
            if kept is passes[0]:
                embeddings.append(embedding)
    return [lnamd_learnt(torch.cat(kept), EMBEDDED.degrees).half() for kept in passes], torch.cat(embeddings)


def _compare(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Distances of the patches of n samples to m others, (n, m, P), and back, (m, n, P), float16."""
    measure = measure_for(one[0].float(), EVERYTHING)
    forward = torch.empty(len(one), len(other), one.shape[1], dtype=torch.float16)
    backward = torch.empty(len(other), len(one), one.shape[1], dtype=torch.float16)
    packed = [measure.pack(each.float()) for each in other]
    others = tuple(torch.stack(parts) for parts in zip(*packed, strict=True))
    step = max(1, measure.block // measure.pair)
    for index, each in enumerate(one):
        own = measure.pack(each.float())
        for first in range(0, len(other), step):
            block = slice(first, first + step)
            there, back = measure.nearest(own, tuple(part[block] for part in others), measure.block)
            forward[index, block] = (there * -2).clamp(min=0).sqrt().half()
            backward[block, index] = (back * -2).clamp(min=0).sqrt().half()
    return forward, backward
