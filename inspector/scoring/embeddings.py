"""What re-scoring calls neighbours: samples alike as photos, or alike in their most striking patch."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from inspector.scoring.batch import BatchScores
from inspector.scoring.distances import Load
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.rescoring import Kind


class Neighbourhood(NamedTuple):
    """One vector a sample, (N, D); samples are the nearer the larger their inner product.

    `kind` names the re-scoring with them: "RsCIN" (MuSc) or "nearness" for the photos' embeddings, "RsCon" (MuSc-V2)
    for the features of the salient patches and groups.
    """

    kind: Kind
    embeddings: Tensor


def find_neighbourhood(
    features: BatchFeatures, scores: BatchScores, count: int, rescoring: Literal["auto", "near", "image", "salient"]
) -> Neighbourhood:
    """Find by what samples are neighbours.

    Args:
        features: those of the batch.
        scores: of its patches and groups.
        count: number of samples N.
        rescoring: "image" or "salient"; "auto" and "near" = salient where there are clouds. Where a sample has no
            photo, salient patches are taken for all.
    """
    by_image = {"image": True, "salient": False}.get(rescoring, not features.clouds)
    if by_image and len(features.photos) == count:
        return Neighbourhood("nearness" if rescoring == "near" else "RsCIN", read_embeddings(features))
    pieces = []
    for of_tiles, per_layer, found in (
        (features.tiles, features.per_layer, scores.patches),
        ((features.points,), 1, scores.groups),
    ):
        if found:
            pieces.append(_fill(_gather_salient([_choose_set(sets, per_layer) for sets in of_tiles], found), count))
    return Neighbourhood("RsCon", torch.cat(pieces, dim=1))


def read_embeddings(features: BatchFeatures) -> Tensor:
    """Return the networks' embeddings of all photos of a batch, (N, D) float32, in its order."""
    photos = features.tiles[0][0]
    return torch.stack([photos.read(sample, "embedding") for sample in features.photos])


def _choose_set(sets: Sequence[Load], per_layer: int) -> Load:
    """Choose the first set of the layer before the last; of the only one where there is one."""
    return sets[max(0, len(sets) // per_layer - 2) * per_layer]


def _gather_salient(loads: Sequence[Load], scores: Mapping[int, Tensor]) -> dict[int, Tensor]:
    """Features of each sample's highest-scoring patch, over all tiles: `loads` one per tile, `scores` tile by tile."""
    vectors = {}
    for sample, values in scores.items():
        tile, place = divmod(int(values.argmax()), len(values) // len(loads))
        vectors[sample] = loads[tile](sample)[place].cpu()
    return vectors


def _fill(vectors: Mapping[int, Tensor], count: int) -> Tensor:
    """(N, D), zeros for samples that have none."""
    missing = torch.zeros_like(next(iter(vectors.values())))
    return torch.stack([vectors.get(sample, missing) for sample in range(count)])
