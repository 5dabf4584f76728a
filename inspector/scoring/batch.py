"""A batch's features -> scores of patches and groups, photos and clouds alone or strengthening each other."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from inspector.scoring.crossmodal import enhance
from inspector.scoring.mutual import EVERYTHING, Load, lowest_mean, nearest_distances
from inspector.scoring.nearest import Comparison

Step = Callable[[], None]
"""Called after each sample of each pass, so that a scan can show its progress or be stopped."""


def single_modality_scores(
    loads: Sequence[Load], count: int, *, share: float, references: int, step: Step, how: Comparison = EVERYTHING
) -> Tensor:
    """Mean of the mutual scores over several sets of features (layers, degrees) of the same samples.

    Args:
        loads: one per set of features, each giving (P, C) of a sample.
        count: number of samples N.
        share, references: as for `mutual_scores`.
        step: called after each sample of each set.
        how: precision, and which patches are compared.

    Returns:
        (N, P) float32 on the CPU.

    Raises:
        InputError: fewer than two samples.
    """
    patches = len(loads[0](0))
    total = torch.zeros(count, patches)
    for load in loads:
        for sample, to_others in nearest_distances(load, count, references=references, how=how):
            total[sample] += lowest_mean(to_others, share).cpu()
            step()
    return total / len(loads)


def cross_modal_batch_scores(
    grid_loads: Sequence[Load],
    point_loads: Sequence[Load],
    cells: Sequence[Tensor],
    *,
    share: float,
    references: int,
    step: Step,
    grid_how: Comparison = EVERYTHING,
    point_how: Comparison = EVERYTHING,
) -> tuple[Tensor, Tensor]:
    """Mean of the mutual scores after cross-modal enhancement (MuSc-V2, CAE) over pairs of feature sets.

    Published are as many sets for photos as for clouds, paired one by one. Where the numbers differ, the longer list
    is cut into as many runs as the shorter has sets, and the distances within a run are averaged first.

    Args:
        grid_loads: one per set of patch features, each giving (P, C) of a sample.
        point_loads: one per set of group features, each giving (G, C) of a sample.
        cells: for each of the N samples (G,) int64, the patch in which each group's centre lies.
        share, references: as for `mutual_scores`.
        step: called after each sample of each pair.
        grid_how, point_how: precision, and which patches or groups are compared.

    Returns:
        (N, P) and (N, G) float32 on the CPU.

    Raises:
        InputError: fewer than two samples.
    """
    count = len(cells)
    grid_total, point_total = torch.zeros(count, len(grid_loads[0](0))), torch.zeros(count, len(point_loads[0](0)))
    pairs = min(len(grid_loads), len(point_loads))
    for pair in range(pairs):
        grid = _mean_distances(_run_of(grid_loads, pair, pairs), count, references, grid_how)
        point = _mean_distances(_run_of(point_loads, pair, pairs), count, references, point_how)
        for (sample, patches), (_, groups) in zip(grid, point, strict=True):
            better_patches, better_groups = enhance(patches.T, groups.T, cells[sample].to(patches.device))
            grid_total[sample] += lowest_mean(better_patches.T, share).cpu()
            point_total[sample] += lowest_mean(better_groups.T, share).cpu()
            step()
    return grid_total / pairs, point_total / pairs


def _run_of(loads: Sequence[Load], index: int, runs: int) -> Sequence[Load]:
    return loads[index * len(loads) // runs : (index + 1) * len(loads) // runs]


def _mean_distances(
    loads: Sequence[Load], count: int, references: int, how: Comparison
) -> Iterator[tuple[int, Tensor]]:
    """Nearest-patch distances of each sample, (K, P), averaged over sets of features."""
    for together in zip(
        *(nearest_distances(load, count, references=references, how=how) for load in loads), strict=True
    ):
        yield together[0].sample, torch.stack([distances.to_others for distances in together]).mean(dim=0)
