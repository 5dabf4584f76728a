"""Recurring defects of a scan: found while parts are compared, reported, kept, and corrected where that is wanted."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from inspector.data.parts import Part
from inspector.decision.recurring import (
    AUTOMATIC,
    LEAST_SAMPLES,
    BurntOut,
    Group,
    describe_group,
    find_groups,
    may_be_corrected,
)
from inspector.decision.regions import defect_regions
from inspector.events import Event
from inspector.jobs.job import Job
from inspector.jobs.maps import map_part
from inspector.jobs.rois import choose_roi, find_seen_groups, find_seen_patches, hide_burnt_out
from inspector.scoring.batch import BatchScores
from inspector.scoring.burnout import LEAST_JUDGES, BurnoutRecorder, recorder_bytes
from inspector.scoring.correction import Gains, correct_scores, find_gains, take_as_scores
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.sample_maps import SampleMaps
from inspector.scoring.variants import Variants
from inspector.store.groups import Box, FoundGroup

MOST_MEMORY = 0.25
"""Share of the memory for scoring that the recorders may take; the comparison gets the rest."""

EDGE = 0.5
"""A shared region ends where half of its peak is reached."""


@dataclass(frozen=True)
class Recurrence:
    """What was found in a batch: groups, which of them the scores follow, and the scores without that.

    Attributes:
        scores: of the batch at each size, corrected where that was wanted.
        plain: the same as they were; None where nothing was corrected.
        groups: the surest first.
        corrected: for each group, whether scores follow it.
        gains: of each group, at each size.
    """

    scores: Sequence[BatchScores] = field(repr=False)
    plain: Sequence[BatchScores] | None = field(default=None, repr=False)
    groups: Sequence[Group] = ()
    corrected: Sequence[bool] = ()
    gains: Sequence[Sequence[Gains]] = field(default=(), repr=False)


Recorders = Mapping[int, Sequence[BurnoutRecorder]]
"""The recorder of burnt-out patches at each size of the photos, by variant; 0 = of a batch of one kind. A variant that
is not there is not looked at."""


def make_recorders(job: Job, sizes: Sequence[BatchFeatures], variants: Variants) -> Recorders:
    """Make the recorders of burnt-out patches: for each size of the photos, and for each variant that is large enough.

    Returns:
        None of them where `recurring` is off, or where groups cannot be found; then the run gets a note that says why.
    """
    both, count = len(sizes[0].both), len({*sizes[0].photos, *sizes[0].clouds})
    if job.settings.recurring == "off" or count < LEAST_SAMPLES:
        return {}
    why_not, notes = _say_why_not(job, sizes), []
    looked_at = [number for number, places in _list_compared(variants) if len(places) >= LEAST_SAMPLES]
    if why_not:
        notes.append(f"recurring defects were not looked for: {why_not}")
    elif len(looked_at) < len(variants.members):
        notes.append(f"recurring defects were not looked for in variants of fewer than {LEAST_SAMPLES} parts")
    elif 1 < both < count:
        notes.append(f"recurring defects were looked for on the {both} parts with photo and cloud alone")
    job.workspace.runs.add_notes(job.run_id, notes)
    return {} if why_not else {number: [BurnoutRecorder(job.settings.share) for _ in sizes] for number in looked_at}


def _list_compared(variants: Variants) -> list[tuple[int, Sequence[int]]]:
    """List the numbers of the variants and the places of their parts; 0 and all where the batch is of one kind."""
    return list(enumerate(variants.members, start=1)) or [(0, range(len(variants.numbers)))]


def _count_compared(features: BatchFeatures) -> int:
    """Count the samples that are compared with each other and watched: those with photo and cloud, if there are any."""
    return len(features.both) if len(features.both) > 1 else max(len(features.photos), len(features.clouds))


def measure_recorders(job: Job, sizes: Sequence[BatchFeatures]) -> int:
    """Return the bytes that the recorders of all sizes take, at most: variants have fewer judges, and take no more."""
    count = _count_compared(sizes[0])
    judges = min(count - 1, job.settings.references)
    sets = [sum(len(of_tile) for of_tile in features.tiles) for features in sizes]
    patches = sum(number * math.prod(features.grid) for number, features in zip(sets, sizes, strict=True))
    of_clouds = len(sizes[0].points)
    return recorder_bytes(count, judges, patches + of_clouds * job.settings.groups, sum(sets) + of_clouds)


def _say_why_not(job: Job, sizes: Sequence[BatchFeatures]) -> str:
    if job.plan.judges:
        return "accepted parts alone judge"
    if _count_compared(sizes[0]) < LEAST_SAMPLES:
        return f"fewer than {LEAST_SAMPLES} parts have photo and cloud"
    if job.settings.references < LEAST_JUDGES:
        return f"that takes at least {LEAST_JUDGES} `references`"
    taken = measure_recorders(job, sizes)
    if taken > MOST_MEMORY * job.plan.scoring:
        return f"that takes {taken / 1e9:.1f} GB of memory, more than there is room for; give more `memory`"
    return ""


def find_recurrence(
    job: Job,
    parts: Sequence[Part],
    sizes: Sequence[BatchFeatures],
    scores: Sequence[BatchScores],
    variants: Variants,
    recorders: Recorders,
) -> Recurrence:
    """Find groups of parts that share a region, report them, and correct the scores where `recurring` is "correct".

    Args:
        job: the scan.
        parts: the usable parts, N of them.
        sizes: their features, at each size of the photos.
        scores: of the batch at each size.
        variants: which parts were judged among themselves.
        recorders: what was recorded of each variant; empty = no groups are looked for.
    """
    groups = _find_groups(job, parts, sizes, variants, recorders)
    wanted = job.settings.recurring == "correct"
    corrected = [wanted and may_be_corrected(len(group.members), group.looked_at) for group in groups]
    _report_groups(job, groups, corrected)
    gains = [_find_gains([group], sizes, scores, recorders) for group in groups]
    if not any(corrected):
        return Recurrence(scores, None, groups, corrected, gains)
    chosen = [group for group, follows in zip(groups, corrected, strict=True) if follows]
    added = _find_gains(chosen, sizes, scores, recorders)
    better = [correct_scores(each, gain) for each, gain in zip(scores, added, strict=True)]
    return Recurrence(better, scores, groups, corrected, gains)


def _find_groups(
    job: Job, parts: Sequence[Part], sizes: Sequence[BatchFeatures], variants: Variants, recorders: Recorders
) -> list[Group]:
    """Find the groups of a batch, or of each of its variants as of a batch of its own; the surest first."""
    groups: list[Group] = []
    for number, places in _list_compared(variants):
        if number in recorders:
            own = [features.choose(places) for features in sizes] if number else sizes
            found = _list_burnt_out(job, [parts[place] for place in places], own, recorders[number])
            groups += [_place_in_batch(group, places, number or None) for group in find_groups(found, len(places))]
    return sorted(groups, key=lambda group: -group.sureness)


def _place_in_batch(group: Group, places: Sequence[int], variant: int | None) -> Group:
    """Return a group of samples that lie at some places of the batch, ascending, as one of the whole batch."""
    regions = tuple(replace(region, sample=places[region.sample]) for region in group.regions)
    return replace(group, members=tuple(places[each] for each in group.members), regions=regions, variant=variant)


def _list_burnt_out(
    job: Job, parts: Sequence[Part], sizes: Sequence[BatchFeatures], recorders: Sequence[BurnoutRecorder]
) -> list[list[BurntOut]]:
    """List the burnt-out patches of each set of features; where there is a region of interest, only those within it."""
    if job.roi is None:
        return [found for recorder in recorders for found in recorder.found]
    listed = []
    for size, (features, recorder) in enumerate(zip(sizes, recorders, strict=True)):
        patches = features.grid[0] * features.grid[1]
        looked_at = [index for index, part in enumerate(parts) if choose_roi(job.roi, part)]
        seen = {
            index: find_seen_patches(job.roi, parts[index], features, closer=size > 0).reshape(-1, patches)
            for index in looked_at
            if index in features.photos
        }
        in_clouds = {
            index: find_seen_groups(job.roi, parts[index], features, index)
            for index in looked_at
            if index in features.clouds
        }
        for place, found in zip(recorder.places, recorder.found, strict=True):
            of_place = in_clouds if place.tile is None else {index: seen[index][place.tile] for index in seen}
            listed.append(
                [hide_burnt_out(one, of_place[one.sample]) if one.sample in of_place else one for one in found]
            )
    return listed


def _find_gains(
    groups: Sequence[Group],
    sizes: Sequence[BatchFeatures],
    scores: Sequence[BatchScores],
    recorders: Recorders,
) -> list[Gains]:
    places = [recorder.places for recorder in next(iter(recorders.values()))]  # alike in all variants
    firsts = np.cumsum([0, *map(len, places)])
    return [
        find_gains(groups, of_size, features, found, int(first))
        for of_size, features, found, first in zip(places, sizes, scores, firsts[:-1], strict=True)
    ]


def _report_groups(job: Job, groups: Sequence[Group], corrected: Sequence[bool]) -> None:
    notes = []
    for group, follows in zip(groups, corrected, strict=True):
        told = describe_group(len(group.members), group.looked_at, group.variant, corrected=follows)
        if not follows and job.settings.recurring == "correct":
            share = f"{AUTOMATIC:.0%}"
            told += f"; as they are more than {share} of those compared, scores follow once it is marked as a defect"
        job.report(Event("warning", "score", message=told))
        notes.append(told)
    job.workspace.runs.add_notes(job.run_id, notes)


def keep_recurrence(
    job: Job, parts: Sequence[Part], sizes: Sequence[BatchFeatures], found: Recurrence, raw: NDArray[np.float64]
) -> None:
    """Write groups, the boxes of their regions, and the scores and maps of members with and without correction.

    Args:
        job: the scan.
        parts: the usable parts, N of them.
        sizes: their features, at each size of the photos.
        found: as `find_recurrence` returns it.
        raw: (N,) float64, the raw scores that the run keeps.
    """
    if not found.groups and not job.workspace.groups.of_run(job.run_id):
        return
    may_follow = job.settings.recurring == "correct"
    plain_scores = list(found.scores if found.plain is None else found.plain)
    groups = []
    each = zip(found.groups, found.gains, found.corrected, strict=True)
    for number, (group, gains, follows) in enumerate(each, start=1):
        scores = _keep_corrected(job, parts, sizes, plain_scores, gains, number) if may_follow else {}
        boxes = _find_boxes(job, parts, sizes, plain_scores, gains)
        groups.append(FoundGroup(boxes, follows, scores, group.looked_at))
    plain: dict[int, float] = {}
    if may_follow and groups:
        plain = {part.position: float(raw[index]) for index, part in enumerate(parts)}
        together = list(zip(sizes, plain_scores, strict=True))
        for member in sorted({member for group in found.groups for member in group.members}):
            shown = map_part(job, together, member, parts[member])
            plain[parts[member].position] = shown.score
            job.workspace.artefacts.save_map(job.run_id, parts[member].position, shown.anomaly_map, plain=True)
            _keep_points(job, parts[member].position, shown)
    job.workspace.groups.keep(job.run_id, groups, plain)


def _keep_corrected(
    job: Job,
    parts: Sequence[Part],
    sizes: Sequence[BatchFeatures],
    plain: Sequence[BatchScores],
    gains: Sequence[Gains],
    number: int,
) -> dict[int, float]:
    """Keep the maps that the members of a group have where scores follow it alone; return their scores, by position."""
    better = [correct_scores(each, gain) for each, gain in zip(plain, gains, strict=True)]
    together, scores = list(zip(sizes, better, strict=True)), {}
    for member in _list_members(gains):
        position = parts[member].position
        shown = map_part(job, together, member, parts[member])
        scores[position] = shown.score
        job.workspace.artefacts.save_corrected(job.run_id, number, position, shown.anomaly_map)
        _keep_points(job, position, shown, number)
    return scores


def _keep_points(job: Job, position: int, shown: SampleMaps, group: int | None = None) -> None:
    """Keep what the points of a member's cloud score, plain or where scores follow a group."""
    if shown.point_scores is not None:
        job.workspace.artefacts.save_point_scores(job.run_id, position, shown.point_scores, group)


def _list_members(gains: Sequence[Gains]) -> list[int]:
    return sorted({sample for gain in gains for sample in gain.samples})


def _find_boxes(
    job: Job,
    parts: Sequence[Part],
    sizes: Sequence[BatchFeatures],
    scores: Sequence[BatchScores],
    gains: Sequence[Gains],
) -> Mapping[int, Box]:
    """Find where in its picture each member shows what a group shares: its gains are mapped as scores are."""
    boxes = {}
    for member in _list_members(gains):
        as_scores = [take_as_scores(gain, found, member) for gain, found in zip(gains, scores, strict=True)]
        shown = map_part(job, list(zip(sizes, as_scores, strict=True)), member, parts[member])
        boxes[parts[member].position] = find_box(shown.anomaly_map)
    return boxes


def find_box(gain_map: NDArray[np.float32]) -> Box:
    """Return the box around the highest peak of a map, as far as half of it is reached.

    Args:
        gain_map: (h, w) float32, >= 0.

    Example:
        A map of 4 x 4 zeros with a one in its first corner: (0, 0, 0.25, 0.25).
    """
    height, width = gain_map.shape
    found = defect_regions(gain_map, EDGE * float(gain_map.max()))
    if not found:
        return (0.0, 0.0, 1.0, 1.0)
    peak = found[0]
    return (peak.x / width, peak.y / height, (peak.x + peak.width) / width, (peak.y + peak.height) / height)
