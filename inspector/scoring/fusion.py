"""Scores of photos and clouds brought to one scale, so that neither decides their sum by its unit alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from inspector.scoring.batch import BatchScores
from inspector.scoring.feature_sets import BatchFeatures

LEAST_USUAL = 0.01
"""Scores of which the usual one is smaller are not enlarged: features have length 1 and are kept in half precision, and
what is left between photos of one grey is rounding."""


class ModalityScales(NamedTuple):
    """Divisors (> 0) of the scores of patches and of groups that bring both to one scale."""

    photo: float
    cloud: float


def scale_scores(features: BatchFeatures, scores: BatchScores) -> BatchScores:
    """Divide the scores of photos and of clouds by twice what is usual in the batch; their sum is then usually 1.

    Usual is the median at the groups' centres, of all samples with photo and cloud: both are measured at the same
    places, on the part. Scores are mean distances, and 0 is "the same in the other samples": as a multiple of the usual
    one, a score means the same in both. The spread is left alone; where a modality tells nothing, it is noise.

    Args:
        features: those of the batch.
        scores: of its patches and groups.

    Returns:
        Scores that can be added; those given where no sample has both.

    Example:
        A patch of 0.9 among patches of usually 0.6 gives 0.75, and so does a group of 0.15 among groups of usually 0.1.
    """
    scales = find_modality_scales(features, scores)
    return scores if scales is None else divide_scores(scores, scales)


def find_modality_scales(features: BatchFeatures, scores: BatchScores) -> ModalityScales | None:
    """Find what `scale_scores` divides by: twice the usual score of each modality; None where no sample has both."""
    both = [sample for sample in features.both if sample in scores.patches and sample in scores.groups]
    if not both:
        return None
    photo = _find_usual([scores.patches[sample][features.find_cells(sample)] for sample in both])
    return ModalityScales(2 * photo, 2 * _find_usual([scores.groups[sample] for sample in both]))


def divide_scores(scores: BatchScores, scales: ModalityScales) -> BatchScores:
    """Divide scores of photos and clouds; those of a part that came later by the scales of its batch."""
    return replace(
        scores,
        patches=_divide(scores.patches, scales.photo),
        groups=_divide(scores.groups, scales.cloud),
        phases=_divide(scores.phases, scales.photo),
        divisors=(scales.photo, scales.cloud),
    )


def _find_usual(values: list[Tensor]) -> float:
    return max(LEAST_USUAL, float(torch.cat(values).median()))


def _divide(scores: Mapping[int, Tensor], scale: float) -> dict[int, Tensor]:
    return {sample: values / scale for sample, values in scores.items()}
