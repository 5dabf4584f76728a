"""Groups of samples that share a region which the others lack: what mutual scoring cannot see. No torch.

A patch of a recurring defect has near samples, those with the same defect, and then none: its sorted distances
d_1 <= d_2 <= ... grow smoothly and jump when the near samples run out ("neighbour burnout", CoDeGraph,
arXiv 2510.10456). For a normal patch k ln(d_{k+1} / d_k) is about exponential, with one rate for all k.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspector.decision.threshold import LEAST_SPREAD

LEAST_SAMPLES = 20
"""Samples below which nothing is looked for: too few are left to tell what is usual."""

LEAST_MEMBERS = 3
"""Of a group."""

LIKELY = 0.75
"""Strength from which a patch may be the seed of a group, as a multiple of the logarithm of all jumps looked at: the
largest of so many jumps by chance is about 1."""

ALIKE = 0.6
"""Two patches name the same samples where those that both name are at least this share of those that one does."""

NAMED = 0.5
"""Patches of a member belong to the shared region where they name the group by at least this measure."""

AGREED = 0.6
"""Share of the samples that a patch names which must have a patch that names the same ones."""

BESIDE = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right)
"""Rows down and columns to the right of a patch, of the eight around it."""

ODD = 1.0
"""How far above the oddest patch of a usual sample a seed must lie without its near samples, in MADs of these."""

SURE = 2.8
"""Sureness of a group from which it is told: strength, mean over the members of the strongest patch of each, times the
root of the oddness, median of the oddest, times the square of the closeness, mean of the closest. Of good parts alone
the highest was 2.7 (docs/decisions/0023-recurring.md)."""

SURE_OF_MANY = 4.2
"""The same for a group of more than `AUTOMATIC` of a batch of fewer than `FEW` samples, which may as well be how many
parts are: of 32 good ropes, a draw of 24 had a group of ten of 3.5."""

FEW = 30
"""Samples below which too few are left, beside a large group, to tell what is usual."""

AUTOMATIC = 0.25
"""Share of the parts that were compared up to which a group is corrected without being asked: more may as well be the
good ones."""

UNSEEN = 0.45
"""Share of the parts above which a recurring defect looks like what is usual."""


def describe_unseen(share: float) -> str:
    """Say what is not seen where parts judge each other: a defect on more than a share of them."""
    return (
        f"Parts were compared with each other: a defect on more than about {share:.0%} of them looks like what is "
        "usual, and is not seen."
    )


def describe_group(members: int, looked_at: int, variant: int | None = None, *, corrected: bool = False) -> str:
    """Say what a group is, of so many parts that were compared with each other, and whether scores follow it.

    Args:
        members: how many parts share a region.
        looked_at: how many were compared.
        variant: the variant that these are; None = all parts were judged together.
        corrected: whether scores follow it.
    """
    follows = "; they were scored as if they could not vouch for one another" if corrected else ""
    parts = "parts" if variant is None else f"parts of variant {variant}"
    return f"{members} of {looked_at} {parts} share a region that the others lack{follows}"


def may_be_corrected(members: int, looked_at: int) -> bool:
    """Tell whether scores may follow a group of so many of the parts that were compared without being asked."""
    return members <= AUTOMATIC * looked_at


@dataclass(frozen=True)
class BurntOut:
    """The patches of one sample, in one set of features, whose near samples may run out.

    Attributes:
        sample: its number.
        judges: (K,) int64, the samples that it was compared with.
        patches: (B,) int64. strength: (B,) float32, the largest k ln(d_{k+1} / d_k), in natural units of no rate.
        near: (B, K / 8) uint8, which judges are the nearest, before the jump, as bits.
        plain, corrected: (B,) float32, the patch's score, and what it is without its near samples.
        step: the usual k ln(d_{k+1} / d_k) of the sample's patches, their median.
        top: its highest plain score.
        size: how many patches it has.
        columns: of the grid that its patches lie on; 0 = they lie on none.
        beside: (B, 8) float32 >= 0, what the patches around each one (`BESIDE`) gain without its near samples; 0 where
            it would itself not be odder, without them, than the sample's `top`.
    """

    sample: int
    judges: NDArray[np.int64] = field(repr=False)
    patches: NDArray[np.int64] = field(repr=False)
    strength: NDArray[np.float32] = field(repr=False)
    near: NDArray[np.uint8] = field(repr=False)
    plain: NDArray[np.float32] = field(repr=False)
    corrected: NDArray[np.float32] = field(repr=False)
    step: float
    top: float
    size: int
    columns: int = 0
    beside: NDArray[np.float32] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class MemberRegion:
    """Where a member of a group shows what the group shares, in one set of features.

    Attributes:
        index: number of the set. sample: the member.
        patches: (B,) int64, ascending. gain: (B,) float32, corrected less plain scores, > 0.
    """

    index: int
    sample: int
    patches: NDArray[np.int64] = field(repr=False)
    gain: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True)
class Group:
    """Samples that share a region.

    Attributes:
        members: their numbers, ascending.
        regions: one for each member and each set of features that shows it.
        strength: of the jumps of its members' distances, as a multiple of the logarithm of all jumps looked at.
        oddness: how far its members lie above usual ones without each other, in MADs.
        closeness: how alike the group and what its members name are, in [0, 1]: 1 where each names all others alone.
        looked_at: how many samples were compared with each other to find it.
        variant: the variant that these are; None where all samples were judged together.
    """

    members: tuple[int, ...]
    regions: tuple[MemberRegion, ...] = field(repr=False)
    strength: float
    oddness: float
    closeness: float
    looked_at: int = 0
    variant: int | None = None

    @property
    def sureness(self) -> float:
        """How sure it is that its members, and they alone, share what the others lack, and that it is odd (`SURE`)."""
        return self.strength * float(np.sqrt(max(0.0, self.oddness))) * self.closeness**2

    def is_told(self, count: int) -> bool:
        """Whether it is told, in a batch of `count` samples."""
        members = len(self.members)
        least = SURE_OF_MANY if count < FEW and not may_be_corrected(members, count) else SURE
        return LEAST_MEMBERS <= members < UNSEEN * count and self.sureness >= least


class _Patches(NamedTuple):
    """Burnt-out patches of all samples and sets, one row each: `of_set` its number, `sample`, `patch`; `strength` as a
    multiple of the logarithm of all jumps; `odd` how far it lies, without its near samples, above a usual sample's
    oddest patch, in MADs;
    `around` (R, 8) the patches around it, and `beside` what these gain; `named` (R, N / 8) the near samples and its
    own, as bits. `judged` (N, N / 8): by sample, its judges and itself."""

    of_set: NDArray[np.int64]
    sample: NDArray[np.int64]
    patch: NDArray[np.int64]
    strength: NDArray[np.float64]
    gain: NDArray[np.float32]
    odd: NDArray[np.float64]
    around: NDArray[np.int64]
    beside: NDArray[np.float32]
    named: NDArray[np.uint8]
    judged: NDArray[np.uint8]


class _Pairs(NamedTuple):
    """Patches that name the same samples, each other's among them: rows of seeds, and of any patches."""

    seeds: NDArray[np.int64]
    others: NDArray[np.int64]


def find_groups(found: Sequence[Sequence[BurntOut]], count: int) -> list[Group]:
    """Find groups of samples that share a region which the others lack.

    A patch names its near samples and its own. It is the seed of a group where it would be odder without them than the
    oddest patch of a usual sample, and where most of the samples that it names have a patch that names the same ones.
    Seeds that name the same samples are connected; a component whose members' strongest patches are stronger, on
    average, than chance explains is a group. Its regions are all patches of its members that name it.

    Args:
        found: for each set of features (layer, degree, pass, size, tile), what was found of each sample that was
            compared.
        count: number of samples N in the batch; a group is told by its share of those that were compared.

    Returns:
        The groups, the surest first; none below `LEAST_SAMPLES`.

    Example:
        Sixty parts, twelve of them with the same blot: one group of twelve, whose regions lie on the blot.
    """
    compared = len({each.sample for samples in found for each in samples})
    rows = _collect(found, count) if compared >= LEAST_SAMPLES else None
    if rows is None:
        return []
    pairs = _find_alike(rows)
    groups = [replace(_make_group(rows, pairs, seeds), looked_at=compared) for seeds in _connect(rows, pairs)]
    return sorted((each for each in groups if each.is_told(compared)), key=lambda group: -group.sureness)


def _collect(found: Sequence[Sequence[BurntOut]], count: int) -> _Patches | None:
    """Gather the patches of all samples; None where there are none."""
    width = -(-count // 8)
    judged = np.zeros((count, width), np.uint8)
    parts: list[tuple[NDArray[Any], ...]] = []
    for index, samples in enumerate(found):
        steps = [each.step for each in samples if each.step > 0]
        if not steps:
            continue
        rate = np.log(2) / float(np.median(steps))
        tops = np.array([each.top for each in samples])
        usual = float(np.median(tops))
        spread = max(float(np.median(np.abs(tops - usual))), LEAST_SPREAD * usual)
        for each in samples:
            judged[each.sample] |= _to_bits(each.judges, each.sample, count)
            if not len(each.patches):
                continue
            jumps = np.log(len(found) * count * each.size * max(2, len(each.judges) // 2))
            named = np.zeros((len(each.patches), count), bool)
            named[:, each.judges] = np.unpackbits(each.near, axis=1, count=len(each.judges))
            named[:, each.sample] = True
            parts.append(
                (
                    np.full(len(each.patches), index),
                    np.full(len(each.patches), each.sample),
                    each.patches,
                    each.strength * rate / jumps,
                    each.corrected - each.plain,
                    (each.corrected - usual) / spread,
                    each.patches[:, None] + np.array([down * each.columns + right for down, right in BESIDE]),
                    np.zeros((len(each.patches), len(BESIDE)), np.float32) if each.beside is None else each.beside,
                    np.packbits(named, axis=1),
                )
            )
    if not parts:
        return None
    parts.sort(key=lambda part: int(part[1][0]))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return _Patches._make([*columns, judged])


def _to_bits(judges: NDArray[np.int64], sample: int, count: int) -> NDArray[np.uint8]:
    bits = np.zeros(count, bool)
    bits[judges] = bits[sample] = True
    return np.packbits(bits)


def _count(bits: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.asarray(np.bitwise_count(bits).sum(axis=-1, dtype=np.int64))


def _find_alike(rows: _Patches) -> _Pairs:
    """Find, for each likely seed, the patches of the samples it names that name it, too, and else the same ones."""
    count = len(rows.judged)
    starts = np.searchsorted(rows.sample, np.arange(count + 1))
    seeds, others = [], []
    for seed in np.flatnonzero((rows.odd >= ODD) & (rows.strength >= LIKELY)):
        own = rows.sample[seed]
        near = np.flatnonzero(np.unpackbits(rows.named[seed], count=count))
        place = np.concatenate([np.arange(starts[each], starts[each + 1]) for each in near if each != own])
        place = place[rows.named[place, own // 8] & (128 >> own % 8) > 0]
        known = rows.judged[own] & rows.judged[rows.sample[place]]  # who judges both
        one, other = rows.named[seed] & known, rows.named[place] & known
        alike = place[_count(one & other) >= ALIKE * _count(one | other)]
        seeds.append(np.full(len(alike), seed))
        others.append(alike)
    if not seeds:
        return _Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))
    return _Pairs(np.concatenate(seeds), np.concatenate(others))


def _connect(rows: _Patches, pairs: _Pairs) -> list[NDArray[np.int64]]:
    """Return the components of the seeds on which enough of the samples that they name agree."""
    from scipy.sparse import coo_matrix  # takes longer to load than all else that the app's list of runs needs
    from scipy.sparse.csgraph import connected_components

    agreeing = np.unique(np.stack([pairs.seeds, rows.sample[pairs.others]]), axis=1)[0]
    total = len(rows.sample)
    agreed = np.bincount(agreeing, minlength=total) + 1 >= AGREED * _count(rows.named)
    agreed &= np.bincount(agreeing, minlength=total) > 0
    kept = agreed[pairs.seeds] & agreed[pairs.others]
    links = coo_matrix((np.ones(kept.sum()), (pairs.seeds[kept], pairs.others[kept])), (total, total))
    _, part = connected_components(links, directed=False)
    seeds = np.flatnonzero(agreed)
    return [seeds[part[seeds] == each] for each in np.unique(part[seeds])]


def _make_group(rows: _Patches, pairs: _Pairs, seeds: NDArray[np.int64]) -> Group:
    """Make a group of its seeds and of what names the same as they do."""
    alike = np.union1d(seeds, pairs.others[np.isin(pairs.seeds, seeds)])  # in the order of their samples
    members, starts = np.unique(rows.sample[alike], return_index=True)
    bits = np.zeros(len(rows.judged), bool)
    bits[members] = True
    group = np.packbits(bits)
    strength, odd, close = (
        np.maximum.reduceat(values, starts)
        for values in (rows.strength[alike], rows.odd[alike], _share_named(rows, alike, group))
    )
    own = np.flatnonzero(np.isin(rows.sample, members) & (rows.gain > 0))
    own = own[_share_named(rows, own, group) >= NAMED]
    own = own[np.lexsort((rows.sample[own], rows.of_set[own]))]
    cuts = np.flatnonzero((np.diff(rows.sample[own]) != 0) | (np.diff(rows.of_set[own]) != 0)) + 1
    regions = [
        MemberRegion(int(rows.of_set[part[0]]), int(rows.sample[part[0]]), *_join_beside(rows, part))
        for part in np.split(own, cuts)
        if len(part)
    ]
    return Group(
        tuple(members.tolist()), tuple(regions), float(strength.mean()), float(np.median(odd)), float(close.mean())
    )


def _join_beside(rows: _Patches, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Join some patches of a sample and those around them that gain: each once, with its largest gain."""
    patches = np.concatenate([rows.patch[at], rows.around[at].ravel()])
    gain = np.concatenate([rows.gain[at], rows.beside[at].ravel()])
    order = np.lexsort((-gain, patches))
    order = order[gain[order] > 0]
    patches, first = np.unique(patches[order], return_index=True)
    return patches, gain[order[first]]


def _share_named(rows: _Patches, at: NDArray[np.int64], group: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Tell how alike what some patches name and a group are: samples in both, as a share of those in either."""
    known, named = group & rows.judged[rows.sample[at]], rows.named[at]
    return np.asarray(_count(named & known) / _count(named | known))
