"""Which patches run out of near samples: found while their distances are in memory, kept in a few bytes a patch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from inspector.decision.recurring import ALIKE, BESIDE, BurntOut
from inspector.scoring.judges import Judges

LEAST_DISTANCE = 0.01
"""Smaller distances count as this: features have length 1 and are kept in half precision; the rest is rounding."""

FIRST = 2
"""Near samples that a patch must have at least before a jump counts."""

LOOSE = 4.0
"""A patch is kept from a jump that comes by chance once in e^4 patches: the group decides, not one patch."""

WHOLE = 0.25
"""Share of a sample's patches that have the same near judges, above which these are variants of the whole part, and no
region of it. The other patches of the sample count."""

MOST = 8
"""One patch in so many of a sample is kept at most, the strongest."""

AT_ONCE = 1 << 17
"""Distances that are sorted at a time: what they take stays in the processor's cache."""

GPU_AT_ONCE = 1 << 23
"""The same on a GPU where the result does not depend on it: it wants much work at a time."""

LEAST_JUDGES = 10
"""Of a sample; fewer say nothing of what is usual."""


class SetPlace(NamedTuple):
    """Where a set of features lies in a batch's scores: tile of the photos, None = clouds; pass, None = all passes
    together; one of so many sets of it."""

    tile: int | None
    phase: int | None
    sets: int


@dataclass(frozen=True)
class BurnoutFinder:
    """Finds burnt-out patches by the distances of one tile. Without `found` it can be sent to another process.

    Attributes:
        numbers: (N,) int64, places in the batch of the samples that `judges` numbers.
        judges: who judges them.
        share: as for `mutual_scores`.
        grid: (rows, columns) of the patches; None = they lie on no grid.
        found: for each set of features of the tile, what was found of each sample.
    """

    numbers: Tensor
    judges: Judges
    share: float
    grid: tuple[int, int] | None = None
    found: Sequence[list[BurntOut]] = ()

    def find(self, sample: int, to_others: Tensor, plain: Tensor) -> BurntOut:
        """Find the burnt-out patches of a sample.

        Args:
            sample: its number among those that `judges` numbers.
            to_others: (K, P) float32, the distances of its patches to the nearest patch of each of its K judges.
            plain: (P,) float32, its scores.
        """
        known = self.numbers[self.judges.of_one(sample)]
        return find_burnt_out(to_others, plain, known, int(self.numbers[sample]), self.share, self.grid)


class BurnoutRecorder:
    """Records, while a batch is scored, which of its patches run out of near samples; scores stay as they are.

    Attributes:
        found: for each set of features, the burnt-out patches of each sample.
        places: where each set lies in the scores.
    """

    def __init__(self, share: float) -> None:
        """Begin with no set of features; `share` as for `mutual_scores`."""
        self.found: list[list[BurntOut]] = []
        self.places: list[SetPlace] = []
        self._share = share

    def make_finder(
        self,
        tile: int | None,
        samples: Sequence[int],
        judges: Judges,
        sets: int,
        phases: int | None = 1,
        grid: tuple[int, int] | None = None,
    ) -> BurnoutFinder | None:
        """Make the finder for the sets of features of one tile; None where fewer than `LEAST_JUDGES` judge.

        Args:
            tile: number of the tile; None = they are clouds.
            samples: places in the batch of those that are compared and that judge, as `judges` numbers them.
            judges: who judges them.
            sets: sets of features of the tile, those of each pass together.
            phases: passes of the photos; None = their scores are not told apart by pass.
            grid: (rows, columns) of the patches; None = they lie on no grid.
        """
        if judges.most < LEAST_JUDGES:
            return None
        found: list[list[BurntOut]] = [[] for _ in range(sets)]
        self.found += found
        each = sets // (phases or 1)
        self.places += [SetPlace(tile, index // each if phases else None, each) for index in range(sets)]
        return BurnoutFinder(torch.tensor(samples), judges, self._share, grid, found)


def recorder_bytes(count: int, judges: int, patches: int, sets: int) -> int:
    """Return the bytes that a `BurnoutRecorder` takes at most.

    Args:
        count: number of samples.
        judges: of each.
        patches: of a sample, those of all sets of features together.
        sets: of features.
    """
    kept = count * (patches // MOST * (24 + 4 * len(BESIDE) + judges // 8) + sets * 8 * judges)
    return 48 * AT_ONCE + 5 * judges * patches // max(1, sets) + kept


def find_burnt_out(
    to_others: Tensor,
    plain: Tensor,
    judges: Tensor,
    sample: int,
    share: float,
    grid: tuple[int, int] | None = None,
) -> BurntOut:
    """Find the patches of a sample whose near samples may run out.

    Args:
        to_others: (K, P) float32, the distances of its patches to the nearest patch of each judge, K >= 2 x `FIRST`.
        plain: (P,) float32, their scores.
        judges: (K,) int64, the numbers of the judges.
        sample: its own number.
        share: as for `mutual_scores`.
        grid: (rows, columns) of the patches; None = they lie on no grid.

    Returns:
        What `find_groups` needs of it: the patches that jump by more than chance explains of one patch.

    Example:
        Distances 1, 1, 1, 9, 9, 9, 9, 9 to eight judges: the near ones are the first three; with a share of 0.3 the
        score is 1 with them and 9 without.
    """
    count, patches = to_others.shape
    half = count // 2
    number = torch.arange(FIRST, half + 1, device=to_others.device)
    strengths, places, steps = [], [], []
    for block in torch.split(to_others, max(1, AT_ONCE // count), dim=1):
        logs = _sort_values(block)[:, : half + 1].log()
        jumps = (logs[:, FIRST:] - logs[:, FIRST - 1 : -1]) * number  # (p, half - FIRST + 1)
        largest = jumps.max(dim=1)
        strengths.append(largest.values)
        places.append(largest.indices)
        steps.append(jumps.median())
    strength, near, step = torch.cat(strengths), torch.cat(places) + FIRST, float(torch.stack(steps).median())
    chance = strength * (math.log(2) / step) if step > 0 else torch.zeros_like(strength)
    loose = (chance > LOOSE + math.log(half)).nonzero().flatten()
    corrected, is_near = _leave_out_near(to_others, loose, near[loose], share)
    part = (_count_alike(is_near) <= WHOLE * patches).nonzero().flatten()
    part = part[chance[loose[part]].topk(min(len(part), max(1, patches // MOST))).indices]
    kept = loose[part]
    beside = (
        None if grid is None else _score_beside(to_others, plain, kept, is_near[part], corrected[part], grid, share)
    )
    return BurntOut(
        sample,
        judges.numpy(),
        kept.cpu().numpy(),
        strength[kept].cpu().numpy(),
        np.packbits(is_near[part].cpu().numpy(), axis=1),
        plain[kept].cpu().numpy(),
        corrected[part].cpu().numpy(),
        step,
        float(plain.max()),
        patches,
        0 if grid is None else grid[1],
        None if beside is None else beside.cpu().numpy(),
    )


def _score_beside(
    to_others: Tensor,
    plain: Tensor,
    patches: Tensor,
    is_near: Tensor,
    corrected: Tensor,
    grid: tuple[int, int],
    share: float,
) -> Tensor:
    """Score the patches around some (B,) by the judges that are not near these: (B, 8) what they gain, >= 0.

    A defect is rarely as large as the patches that jump: where one would be odder than any of its sample, those around
    it, which show its edge, are scored without the same near samples.
    """
    gains = plain.new_zeros(len(patches), len(BESIDE))
    odd = (corrected >= plain.max()).nonzero()  # (b, 1)
    if not len(odd):
        return gains
    down, right = torch.tensor(BESIDE, device=plain.device).T
    row, col = patches[odd] // grid[1] + down, patches[odd] % grid[1] + right  # (b, 8)
    inside = (row >= 0) & (row < grid[0]) & (col >= 0) & (col < grid[1])
    at, own = (row * grid[1] + col)[inside], odd.expand_as(inside)[inside]
    left = to_others[:, at].T.masked_fill(is_near[own], torch.inf).sort(dim=1).values
    rest = ((~is_near[own]).sum(dim=1) * share).long().clamp_(min=1)
    means = left.cumsum(dim=1).gather(1, rest[:, None] - 1)[:, 0] / rest
    gains[own, torch.arange(len(BESIDE), device=plain.device).expand_as(inside)[inside]] = (means - plain[at]).clamp(
        min=0
    )
    return gains


def _sort_values(to_others: Tensor) -> Tensor:
    """Sort each patch's distances, (K, P) -> (P, K); on a CPU by NumPy, which is several times faster at it."""
    if to_others.is_cuda:
        return _sort(to_others)[0]
    return torch.from_numpy(np.sort(to_others.clamp(min=LEAST_DISTANCE).T.contiguous().numpy(), axis=1))


def _sort(to_others: Tensor) -> tuple[Tensor, Tensor]:
    """Sort each patch's distances: (K, P) -> (P, K), and whose they are."""
    found = to_others.clamp(min=LEAST_DISTANCE).T.contiguous().sort(dim=1)
    return found.values, found.indices


def _leave_out_near(to_others: Tensor, patches: Tensor, near: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Score some patches by the judges beyond their `near` (B,) nearest ones: (B,) scores, (B, K) who was left out."""
    count = len(to_others)
    corrected = to_others.new_empty(len(patches))
    is_near = torch.zeros(len(patches), count, dtype=torch.bool, device=to_others.device)
    for block in _split_places(len(patches), count, to_others.device):
        ordered, who = _sort(to_others[:, patches[block]])  # (b, K)
        sums = torch.cat([ordered.new_zeros(len(ordered), 1), ordered.cumsum(dim=1)], dim=1)
        rest = ((count - near[block]) * share).long().clamp_(min=1)
        ends = torch.stack([near[block], near[block] + rest], dim=1)
        low, high = sums.gather(1, ends).unbind(dim=1)
        corrected[block] = (high - low) / rest
        first = torch.arange(count, device=ordered.device) < near[block, None]
        is_near[block] = torch.zeros_like(first).scatter_(1, who, first)
    return corrected, is_near


def _split_places(count: int, width: int, device: torch.device) -> Sequence[Tensor]:
    """Split the numbers from 0 to `count` so that so many rows of `width` values may be held at a time."""
    at_once = GPU_AT_ONCE if device.type == "cuda" else AT_ONCE
    return torch.split(torch.arange(count, device=device), max(1, at_once // max(1, width)))


def _count_alike(is_near: Tensor) -> Tensor:
    """Count, for each of the patches of a sample (B, K), those that have the same near judges, itself among them."""
    named = is_near.float()
    size = named.sum(dim=1)
    counts = []
    for block in _split_places(len(named), len(named), named.device):
        both = named[block] @ named.T
        counts.append((both >= ALIKE * (size[block, None] + size - both)).sum(dim=1))
    return torch.cat(counts) if counts else size.long()
