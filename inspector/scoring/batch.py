"""A batch's features -> scores of patches and groups, photos and clouds alone or strengthening each other."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from inspector.scoring.crossmodal import enhance
from inspector.scoring.mutual import EVERYTHING, Load, lowest_mean, nearest_distances
from inspector.scoring.nearest import Comparison

Step = Callable[[], None]
"""Called after each sample of each pass, so that a scan can show its progress or be stopped."""


def least_bytes(count: int, references: int, patches: int, tiles: int = 1) -> int:
    """Return the bytes below which a batch cannot be scored: the scores of all samples and the distances of one, each
    with a copy.

    Args:
        count: number of samples N.
        references: as for `mutual_scores`.
        patches: patches and groups of a sample, those of each set of features whose distances are needed together.
        tiles: T; T x T tiles have so many patches each.
    """
    return 8 * patches * (count * tiles**2 + min(count - 1, references))


def single_modality_scores(
    loads: Sequence[Load],
    count: int,
    *,
    share: float,
    references: int,
    memory: int,
    step: Step,
    how: Comparison = EVERYTHING,
) -> Tensor:
    """Mean of the mutual scores over several sets of features (layers, degrees) of the same samples.

    Args:
        loads: one per set of features, each giving (P, C) of a sample.
        count: number of samples N.
        share, references: as for `mutual_scores`.
        memory: bytes that all of it may take.
        step: called after each sample of each set.
        how: precision, and which patches are compared.

    Returns:
        (N, P) float32 on the CPU.

    Raises:
        InputError: fewer than two samples.
    """
    patches = len(loads[0](0))
    total = torch.zeros(count, patches)
    room = max(1, memory - 2 * total.nbytes)  # the mean is a copy
    for load in loads:
        for sample, to_others in nearest_distances(load, count, references=references, memory=room, how=how):
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
    memory: int,
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
        memory: bytes that all of it may take.
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
    room = max(1, memory - 2 * (grid_total.nbytes + point_total.nbytes))
    for pair in range(pairs):
        grid_run, point_run = _run_of(grid_loads, pair, pairs), _run_of(point_loads, pair, pairs)
        each = max(1, room // (len(grid_run) + len(point_run)))  # the distances of all these grow side by side
        grid = _mean_distances(grid_run, count, references, each, grid_how)
        point = _mean_distances(point_run, count, references, each, point_how)
        for (sample, patches), (_, groups) in zip(grid, point, strict=True):
            better_patches, better_groups = enhance(patches.T, groups.T, cells[sample].to(patches.device))
            grid_total[sample] += lowest_mean(better_patches.T, share).cpu()
            point_total[sample] += lowest_mean(better_groups.T, share).cpu()
            step()
    return grid_total / pairs, point_total / pairs


def _run_of(loads: Sequence[Load], index: int, runs: int) -> Sequence[Load]:
    return loads[index * len(loads) // runs : (index + 1) * len(loads) // runs]


def _mean_distances(
    loads: Sequence[Load], count: int, references: int, memory: int, how: Comparison
) -> Iterator[tuple[int, Tensor]]:
    """Nearest-patch distances of each sample, (K, P), averaged over sets of features."""
    sources = [nearest_distances(load, count, references=references, memory=memory, how=how) for load in loads]
    for together in zip(*sources, strict=True):
        yield together[0].sample, torch.stack([distances.to_others for distances in together]).mean(dim=0)
