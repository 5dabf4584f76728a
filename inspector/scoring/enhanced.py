"""Scores of samples with photo and cloud: each modality, or photos alone, strengthens the other before the mean."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from inspector.scoring.burnout import BurnoutFinder
from inspector.scoring.crossmodal import enhance, enhance_groups
from inspector.scoring.distances import Load, distances
from inspector.scoring.judges import Judges
from inspector.scoring.mutual import lowest_mean
from inspector.scoring.nearest import EVERYTHING, Comparison

Step = Callable[[], None]
"""Called after each sample of each pass, so that a scan can show its progress or be stopped."""


def score_enhanced(
    grid_loads: Sequence[Load],
    point_loads: Sequence[Load],
    cells: Sequence[Tensor],
    judges: Judges,
    *,
    share: float,
    memory: int,
    step: Step,
    grid_comparison: Comparison = EVERYTHING,
    point_comparison: Comparison = EVERYTHING,
    samples: Sequence[int] | None = None,
    finders: tuple[BurnoutFinder | None, BurnoutFinder | None] = (None, None),
    plain_patches: bool = False,
) -> tuple[Tensor, Tensor]:
    """Mean of the mutual scores after cross-modal enhancement (MuSc-V2, CAE) over pairs of feature sets.

    Published are as many sets for photos as for clouds, paired one by one. Where the numbers differ, the longer list
    is cut into as many runs as the shorter has sets, and the distances within a run are averaged first.

    Args:
        grid_loads: one per set of patch features, each giving (P, C) of a sample.
        point_loads: one per set of group features, each giving (G, C) of a sample.
        cells: for each of the N samples to be scored (G,) int64, the patch in which each group's centre lies.
        judges: who judges them.
        share: as for `mutual_scores`.
        memory: bytes that all of it may take.
        step: called after each sample of each pair.
        grid_comparison, point_comparison: precision, and which patches or groups are compared.
        samples: those to be scored, each once; None = the first N.
        finders: find the burnt-out patches and groups of each sample, by each pair, from the distances as they are
            before enhancement: its ranks make other patches jump, too. None = they are not looked for.
        plain_patches: whether patches keep their own distances, and groups alone are enhanced.

    Returns:
        (N, P) and (N, G) float32 on the CPU, in the order of `samples`.

    Raises:
        InputError: a sample has no judge but itself, or memory does not suffice.
    """
    wanted = range(len(cells)) if samples is None else samples
    place = {sample: row for row, sample in enumerate(wanted)}
    grid_total, point_total = (
        torch.zeros(len(wanted), len(loads[0](wanted[0]))) for loads in (grid_loads, point_loads)
    )
    pairs = min(len(grid_loads), len(point_loads))
    room = max(1, memory - 2 * (grid_total.nbytes + point_total.nbytes))
    for pair in range(pairs):
        grid_run, point_run = _cut_run(grid_loads, pair, pairs), _cut_run(point_loads, pair, pairs)
        each = max(1, room // (len(grid_run) + len(point_run)))  # the distances of all these grow side by side
        grid = _average_distances(grid_run, wanted, judges, each, grid_comparison)
        point = _average_distances(point_run, wanted, judges, each, point_comparison)
        for (sample, patches), (_, groups) in zip(grid, point, strict=True):
            row = place[sample]
            own = patches.T, groups.T, cells[row].to(patches.device)
            better_patches, better_groups = (own[0], enhance_groups(*own)) if plain_patches else enhance(*own)
            grid_total[row] += lowest_mean(better_patches.T, share).cpu()
            point_total[row] += lowest_mean(better_groups.T, share).cpu()
            for finder, found in zip(finders, (patches, groups), strict=True):
                if finder is not None:
                    finder.found[pair].append(finder.find(sample, found, lowest_mean(found, share)))
            step()
    return grid_total / pairs, point_total / pairs


def _cut_run(loads: Sequence[Load], index: int, runs: int) -> Sequence[Load]:
    return loads[index * len(loads) // runs : (index + 1) * len(loads) // runs]


def _average_distances(
    loads: Sequence[Load], samples: Sequence[int], judges: Judges, memory: int, comparison: Comparison
) -> Iterator[tuple[int, Tensor]]:
    """Nearest-patch distances of each sample, (K, P), averaged over sets of features."""
    sources = [distances(load, samples, judges, memory=memory, comparison=comparison) for load in loads]
    for together in zip(*sources, strict=True):
        yield together[0].sample, torch.stack([found.to_others for found in together]).mean(dim=0)
