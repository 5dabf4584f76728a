"""What studies on labelled photos share: the features that a scan compares with the preset `fast`, their figures."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.accuracy import SIDE, Dataset
from inspector.data.photos import fit_photo
from inspector.evaluation.metrics import image_metrics, pixel_metrics
from inspector.features.aggregation import lnamd_mean
from inspector.features.backbones import load_backbone
from inspector.presets import EMBEDDED
from inspector.scoring.maps import grid_maps, image_scores
from inspector.scoring.rescoring import rescore


class Features(NamedTuple):
    """Features of a batch: (N, P, C) float32 of each layer and phase, embeddings (N, D), the size of the input."""

    sets: list[Tensor]
    embeddings: Tensor
    size: int


class Figures(NamedTuple):
    """In percent: image AUROC, the same before re-scoring, pixel AP at 256 x 256."""

    image: float
    raw: float
    pixel: float


def features(dataset: Dataset, size: int, layers: Sequence[int]) -> Features:
    """Run the embedded network as the preset `fast` does: two phases, tokens kept in half precision."""
    backbone = load_backbone(EMBEDDED.backbone, image_size=size, layers=layers)
    squares = torch.from_numpy(np.stack([fit_photo(photo, size) for photo in dataset.photos]))
    tokens, embeddings = [], []
    for group in torch.split(squares.permute(0, 3, 1, 2), 8):
        images = group.float() / 255
        first, embedding = backbone.tokens(images)
        step = size // first[-1].shape[1] // 2
        moved = F.pad(images, (step, 0, step, 0), mode="reflect")[..., :size, :size]
        tokens.append([layer.half() for layer in (*first, *backbone.tokens(moved)[0])])
        embeddings.append(embedding)
    sets = [lnamd_mean(torch.cat(parts), EMBEDDED.degrees) for parts in zip(*tokens, strict=True)]
    return Features(sets, torch.cat(embeddings), size)


def figures(dataset: Dataset, scores: Tensor, compared: Features) -> Figures:
    """Measure patch scores (N, P) of a square grid against labels and masks."""
    grid = (round(scores.shape[1] ** 0.5),) * 2
    raw = torch.cat(
        [
            image_scores(grid_maps(sample[None], grid, (compared.size,) * 2), share=EMBEDDED.score_share)
            for sample in scores
        ]
    )
    final = rescore(raw, compared.embeddings, EMBEDDED.windows)
    values = (
        image_metrics(dataset.labels, final.numpy()).auroc,
        image_metrics(dataset.labels, raw.numpy()).auroc,
        pixel_metrics(dataset.masks, grid_maps(scores, grid, (SIDE, SIDE)).numpy()).ap,
    )
    return Figures(*(float("nan") if value is None else 100 * value for value in values))
