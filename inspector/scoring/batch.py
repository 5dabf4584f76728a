"""A batch's features -> scores of patches and groups, photos and clouds alone or strengthening each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from inspector.events import Report
from inspector.machine import GPU_SHARE, Budget
from inspector.scoring.burnout import BurnoutFinder, BurnoutRecorder
from inspector.scoring.distances import MEMORY, Load
from inspector.scoring.enhanced import Step, score_enhanced
from inspector.scoring.feature_sets import BatchFeatures, FeatureSet
from inspector.scoring.judges import Judges, Known, draw_samples, find_judges, pool
from inspector.scoring.mutual import ScoreSamples, score_samples
from inspector.scoring.nearest import EVERYTHING, Comparison
from inspector.scoring.progress import Progress


@dataclass(frozen=True)
class BatchScores:
    """Scores of patches and groups, by the place of the sample in the batch; only of samples that have them.

    Attributes:
        patches: (K x P,) float32 each, tile by tile; the mean of all passes of the photo.
        groups: (G,) float32 each.
        phases: (2, K x P) float32 each, the passes apart: a patch of the second shows another place than that of
            the first. Only where photos went through the network twice and no cloud strengthened them.
        usual: the usual score of a patch where that is not to follow `patches`; None = it follows.
        usual_group: that of a group where it is not to follow `groups`.
        divisors: what scores of patches and of groups were divided by.
        footing: what mutual scores of a sample were multiplied by, beside a subspace or as those of a variant; see
            `add_residuals`, `join_scores`. 1 where it is not there.
    """

    patches: dict[int, Tensor] = field(default_factory=dict, repr=False)
    groups: dict[int, Tensor] = field(default_factory=dict, repr=False)
    phases: dict[int, Tensor] = field(default_factory=dict, repr=False)
    usual: Tensor | None = field(default=None, repr=False)
    usual_group: Tensor | None = field(default=None, repr=False)
    divisors: tuple[float, float] = (1.0, 1.0)
    footing: dict[int, float] = field(default_factory=dict, repr=False)

    @cached_property
    def typical_patch(self) -> Tensor:
        """The usual score of a patch in this batch: what a sample without photo is taken to have. 0 if none has one."""
        return _find_typical(self.patches) if self.usual is None else self.usual

    @cached_property
    def typical_group(self) -> Tensor:
        """The usual score of a group in this batch: what a sample without cloud is taken to have. 0 if none has one."""
        return _find_typical(self.groups) if self.usual_group is None else self.usual_group


def scoring_room(device: str, budget: Budget) -> int:
    """Return the bytes that scoring may take now: what is left of the budget; on a GPU 0.8 of what is free on it, at
    most a budget that was given."""
    if device == "cpu":
        return budget.left()
    torch.cuda.empty_cache()  # what the network is done with
    free = int(GPU_SHARE * torch.cuda.mem_get_info()[0])
    return min(free, budget.limit) if budget.given else free


def least_bytes(count: int, references: int, patches: int, tiles: int = 1, phases: int = 1) -> int:
    """Return the bytes below which a batch cannot be scored: the scores of all samples and the distances of one, each
    with a copy.

    Args:
        count: number of samples N.
        references: as for `mutual_scores`.
        patches: patches and groups of a sample, those of each set of features whose distances are needed together.
        tiles: K, of a photo; each has so many patches.
        phases: passes of the photos, each with scores of its own.
    """
    return 8 * patches * (count * tiles * phases + min(count - 1, references))


def score_batch(
    features: BatchFeatures,
    *,
    share: float,
    references: int,
    report: Report,
    precision: Literal["auto", "float32", "half"] = "auto",
    search_radius: int | None = None,
    memory: int = MEMORY,
    recorder: BurnoutRecorder | None = None,
    compare: ScoreSamples = score_samples,
    plain_patches: bool = False,
    known: Known | None = None,
) -> BatchScores:
    """Score patches and groups of all samples against each other, each tile against the same tile of the others.

    Samples with photo and cloud are scored with cross-modal enhancement among themselves. Those that lack one are
    scored with what is there, against all samples that have it too; where the photos of the others are blacked out
    behind the part, a photo that is not is compared with those others as they were before (`features.whole`).

    Args:
        features: those of the batch.
        share, references: as for `mutual_scores`.
        report: receives the progress; may raise `Cancelled`.
        precision: of the comparisons, as for `Comparison`.
        search_radius: up to how many patches away patches are compared; None = all with all.
        memory: bytes that scoring may take, on a GPU of the GPU's memory.
        recorder: records burnt-out patches and groups; where samples have photo and cloud, theirs alone. None = nothing
            does.
        compare: compares samples that are scored by one modality alone: in this process, or on several machines.
        plain_patches: whether photos stay as they are where they strengthen clouds.
        known: known good samples, which then judge alone, where those that have what is compared show two parts or
            more; nothing is recorded then. None = all judge each other.

    Raises:
        InputError: a sample has only a photo, or only a cloud, and no other sample has one.
    """
    enhanced = features.both if len(features.both) > 1 else []
    grid_comparison = Comparison(precision, features.grid, search_radius)
    passes = _plan_passes(features, enhanced, references, known, (grid_comparison, Comparison(precision)))
    runs = min(len(features.tiles[0]), len(features.points))
    tell = Progress(report, len(enhanced) * runs + sum(len(each.samples) * len(each.loads) for each in passes))
    by_phase, groups = _score_passes(
        features,
        passes,
        share=share,
        memory=memory,
        step=tell.step,
        recorder=None if enhanced else recorder,
        compare=compare,
    )
    phases = features.phases
    patches = {sample: found[0] if phases == 1 else found.mean(dim=0) for sample, found in by_phase.items()}
    if enhanced:
        both = _score_both(
            features,
            enhanced,
            find_judges(enhanced, references, known),
            share=share,
            memory=memory,
            step=tell.step,
            comparisons=(grid_comparison, Comparison(precision)),
            recorder=recorder,
            plain_patches=plain_patches,
        )
        for found, scores in zip((patches, groups), both, strict=True):
            found.update(zip(enhanced, scores, strict=True))
    apart = by_phase if phases > 1 else {}
    return BatchScores(patches, groups, {sample: apart[sample] for sample in apart if sample not in enhanced})


def _score_passes(
    features: BatchFeatures,
    passes: Sequence["_Pass"],
    *,
    share: float,
    memory: int,
    step: Step,
    recorder: BurnoutRecorder | None,
    compare: ScoreSamples,
) -> tuple[dict[int, Tensor], dict[int, Tensor]]:
    """Score all that is scored by one modality alone.

    Returns:
        The scores of patches by sample, (phases, patches) with those of the tiles one after the other; of groups (G,).
    """
    tiles, phases = len(features.tiles), features.phases
    of_all_tiles = 8 * tiles * phases * len(features.photos) * features.grid[0] * features.grid[1] if tiles > 1 else 0
    of_tiles: list[dict[int, Tensor]] = [{} for _ in features.tiles]
    groups: dict[int, Tensor] = {}
    for each in passes:
        finder = None
        if recorder is not None and each.loads is not features.whole:
            passes_of_it = 1 if each.tile is None else phases
            grid = None if each.tile is None else features.grid
            finder = recorder.make_finder(each.tile, each.samples, each.judges, len(each.loads), passes_of_it, grid)
        scores = score_alone(
            each.loads,
            each.numbers,
            each.judges,
            share=share,
            memory=max(1, memory - of_all_tiles),
            step=step,
            comparison=each.comparison,
            phases=1 if each.tile is None else phases,
            finder=finder,
            compare=compare,
        )
        if each.tile is None:
            groups.update(zip(each.samples, scores[0], strict=True))
        else:
            of_tiles[each.tile].update(zip(each.samples, scores.unbind(dim=1), strict=True))
    return {sample: torch.cat([found[sample] for found in of_tiles], dim=1) for sample in of_tiles[0]}, groups


def _score_both(
    features: BatchFeatures,
    samples: Sequence[int],
    judges: Judges,
    *,
    share: float,
    memory: int,
    step: Step,
    comparisons: tuple[Comparison, Comparison],
    recorder: BurnoutRecorder | None,
    plain_patches: bool,
) -> tuple[Tensor, Tensor]:
    """Score the patches (N, P) and groups (N, G) of samples with photo and cloud, groups by both."""
    photos, clouds = features.tiles[0], features.points
    finders: tuple[BurnoutFinder | None, BurnoutFinder | None] = None, None
    if recorder is not None:
        pairs = min(len(photos), len(clouds))
        of_photos = recorder.make_finder(0, samples, judges, pairs, None, features.grid)
        finders = of_photos, recorder.make_finder(None, samples, judges, pairs)
    return score_enhanced(
        [loads.choose(samples) for loads in photos],
        [loads.choose(samples) for loads in clouds],
        [features.find_cells(sample) for sample in samples],
        judges,
        share=share,
        memory=memory,
        step=step,
        grid_comparison=comparisons[0],
        point_comparison=comparisons[1],
        finders=finders,
        plain_patches=plain_patches,
    )


def score_alone(
    loads: Sequence[Load],
    samples: Sequence[int],
    judges: Judges,
    *,
    share: float,
    memory: int,
    step: Step,
    comparison: Comparison = EVERYTHING,
    phases: int = 1,
    finder: BurnoutFinder | None = None,
    compare: ScoreSamples = score_samples,
) -> Tensor:
    """Mean of the mutual scores over several sets of features (layers, degrees) of the same samples.

    Args:
        loads: one per set of features, each giving (P, C) of a sample.
        samples: the N samples to be scored, each once.
        judges: who judges them.
        share: as for `mutual_scores`.
        memory: bytes that all of it may take.
        step: called after each sample of each set.
        comparison: precision, and which patches are compared.
        phases: F passes of the photos; those sets of each stand together, and their means are taken apart.
        finder: finds the burnt-out patches of each sample, by each set; None = they are not looked for.
        compare: as for `score_batch`.

    Returns:
        (F, N, P) float32 on the CPU, in the order of `samples`.

    Raises:
        InputError: a sample has no judge but itself, or memory does not suffice.
    """
    total = torch.zeros(phases, len(samples), len(loads[0](samples[0])))
    place = {sample: row for row, sample in enumerate(samples)}
    room = max(1, memory - 2 * total.nbytes)  # the mean is a copy
    for index, load in enumerate(loads):
        of_phase = total[index * phases // len(loads)]
        found = compare(load, samples, judges, share=share, memory=room, comparison=comparison, finder=finder)
        for sample, scores, burnt_out in found:
            of_phase[place[sample]] += scores.cpu()
            if finder is not None and burnt_out is not None:
                finder.found[index].append(burnt_out)
            step()
    return total / (len(loads) // phases)


class _Pass(NamedTuple):
    """Samples that are scored by one modality.

    Attributes:
        samples: their places in the batch.
        numbers: their numbers in `loads`; judges are numbered so, too.
        tile: of the photos; None = they are clouds.
    """

    samples: Sequence[int]
    loads: Sequence[Load]
    numbers: Sequence[int]
    judges: Judges
    comparison: Comparison
    tile: int | None


def _plan_passes(
    features: BatchFeatures,
    enhanced: Sequence[int],
    references: int,
    known: Known | None,
    comparisons: tuple[Comparison, Comparison],
) -> list[_Pass]:
    """Find who is scored by one modality alone, and with whom: those with both stand by where others lack one."""
    grid_comparison, point_comparison = comparisons

    def among_themselves(
        samples: Sequence[int], sets: Sequence[FeatureSet], comparison: Comparison, tile: int | None
    ) -> _Pass:
        numbers, loads = range(len(samples)), [each.choose(samples) for each in sets]
        return _Pass(samples, loads, numbers, find_judges(samples, references, known), comparison, tile)

    passes = []
    alone = sorted(set(features.photos) - set(enhanced))
    if features.whole:
        alone = sorted(set(features.whole_photos) - set(enhanced))
    if alone and features.whole:
        judges = known.among(features.whole_photos).draw(references) if known else None
        judges = judges or pool(draw_samples(features.whole_photos, references))
        passes.append(_Pass(alone, features.whole, alone, judges, grid_comparison, 0))
    elif alone:
        passes += [
            among_themselves(features.photos, sets, grid_comparison, tile) for tile, sets in enumerate(features.tiles)
        ]
    if set(features.clouds) - set(enhanced):
        passes.append(among_themselves(features.clouds, features.points, point_comparison, None))
    return passes


def _find_typical(scores: Mapping[int, Tensor]) -> Tensor:
    return torch.stack(list(scores.values())).median() if scores else torch.zeros(())
