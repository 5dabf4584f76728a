"""Who judges whom: all others, neighbours on a ring in random order, or a pool of references."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from inspector.errors import InputError


class Judges(ABC):
    """The samples that others are compared with. A sample never judges itself."""

    @property
    @abstractmethod
    def most(self) -> int:
        """How many judges a sample has, at most."""

    @abstractmethod
    def of(self, samples: Tensor) -> Tensor:
        """Return the samples that judge at least one of some others, (B,) int64 -> (J,) int64."""

    @abstractmethod
    def rows(self, samples: Tensor, judge: int) -> Tensor:
        """Return the places of one judge among those of each of some samples, (B,) int64; -1 = it does not judge it."""

    @abstractmethod
    def of_one(self, sample: int) -> Tensor:
        """Return the judges of one sample in the order of their `rows`, (K,) int64."""

    def number(self, sample: int) -> int:
        """Return how many judges a sample has."""
        return self.most

    def order(self, samples: Sequence[int]) -> Sequence[int]:
        """Return the order in which samples are done."""
        return samples


@dataclass(frozen=True)
class AllOthers(Judges):
    """Every sample of a batch judges every other one; judges in batch order."""

    count: int

    @property
    def most(self) -> int:
        """How many judges a sample has."""
        return self.count - 1

    def of(self, samples: Tensor) -> Tensor:
        """Return all samples of the batch, (count,) int64."""
        return torch.arange(self.count)

    def rows(self, samples: Tensor, judge: int) -> Tensor:
        """Return the places of one judge, as `Judges.rows`: (B,) int64 -> (B,) int64."""
        return torch.where(samples == judge, -1, judge - (samples < judge).long())

    def of_one(self, sample: int) -> Tensor:
        """Return all others."""
        return torch.cat([torch.arange(sample), torch.arange(sample + 1, self.count)])


@dataclass(frozen=True)
class Ring(Judges):
    """Samples lie on a ring, each is judged by its neighbours: every sample has its own judges.

    Judges come in the order: those ahead, then those behind, the nearest first.

    Attributes:
        ring: the samples as they lie on it.
        reach: how many places away a judge may be, in both directions; less than half of the ring.
    """

    ring: tuple[int, ...]
    reach: int

    @property
    def most(self) -> int:
        """How many judges a sample has."""
        return 2 * self.reach

    def of(self, samples: Tensor) -> Tensor:
        """Return the neighbours of some samples, (B,) int64 -> (J,) int64, ascending; some may be among them."""
        near = self._places[samples][:, None] + torch.arange(-self.reach, self.reach + 1)
        found: Tensor = self._samples[near % len(self.ring)].unique()  # type: ignore[no-untyped-call]
        return found

    def rows(self, samples: Tensor, judge: int) -> Tensor:
        """Return the places of one judge, as `Judges.rows`: (B,) int64 -> (B,) int64."""
        ahead = (self._places[judge] - self._places[samples]) % len(self.ring)
        behind = len(self.ring) - ahead
        reach = self.reach
        return torch.where(ahead <= reach, ahead - 1, torch.where(behind <= reach, reach + behind - 1, -1))

    def of_one(self, sample: int) -> Tensor:
        """Return the neighbours of one sample: those ahead, then those behind, the nearest first."""
        steps = torch.arange(1, self.reach + 1)
        return self._samples[(self._places[sample] + torch.cat([steps, -steps])) % len(self.ring)]

    def order(self, samples: Sequence[int]) -> Sequence[int]:
        """Return some samples as they lie on the ring, the first `reach` places last: the ring is closed by then."""
        wanted = set(samples)
        return [sample for sample in (*self.ring[self.reach :], *self.ring[: self.reach]) if sample in wanted]

    @cached_property
    def _samples(self) -> Tensor:
        return torch.tensor(self.ring)

    @cached_property
    def _places(self) -> Tensor:
        """Where each sample lies on the ring."""
        places = torch.empty_like(self._samples)
        places[self._samples] = torch.arange(len(self.ring))
        return places


@dataclass(frozen=True)
class Pool(Judges):
    """The same samples judge all others; judges in the order of the pool.

    Attributes:
        members: the judges; they may be among the judged or not. A member is judged by the other members.
        parts: number of the part that each sample shows, by the number of the sample: no view of a part judges
            another one. () = each is a part of its own.
    """

    members: tuple[int, ...]
    parts: tuple[int, ...] = ()

    @property
    def most(self) -> int:
        """How many judges a sample has of whose part none is in the pool."""
        return len(self.members)

    def of(self, samples: Tensor) -> Tensor:
        """Return the members, (K,) int64."""
        return torch.tensor(self.members)

    def rows(self, samples: Tensor, judge: int) -> Tensor:
        """Return the places of one judge, as `Judges.rows`: (B,) int64 -> (B,) int64."""
        place = self._members[judge]
        return torch.tensor([_count_before(place, self._own(sample)) for sample in samples.tolist()])

    def of_one(self, sample: int) -> Tensor:
        """Return the members but for those that show the part of the sample, itself among them."""
        own = self._own(sample)
        return torch.tensor([member for place, member in enumerate(self.members) if place not in own])

    def number(self, sample: int) -> int:
        """Return how many judges a sample has: one less where it is in the pool."""
        return self.most - len(self._own(sample))

    def _own(self, sample: int) -> Sequence[int]:
        """Return the places of the members that show the part of a sample, ascending."""
        return self._views.get(self.parts[sample] if self.parts else sample, ())

    @cached_property
    def _members(self) -> dict[int, int]:
        return {member: place for place, member in enumerate(self.members)}

    @cached_property
    def _views(self) -> dict[int, list[int]]:
        """Places of the members by their part."""
        views: dict[int, list[int]] = {}
        for place, member in enumerate(self.members):
            views.setdefault(self.parts[member] if self.parts else member, []).append(place)
        return views


def _count_before(place: int, own: Sequence[int]) -> int:
    """Return a place among those that are not a sample's own, ascending; -1 = it is one of these."""
    return -1 if place in own else place - sum(each < place for each in own)


@dataclass(frozen=True)
class Known:
    """Known good samples of a batch, which judge alone where they show two parts or more.

    Attributes:
        places: theirs in the batch.
        parts: number of the part that each sample shows, by its place: a part has one or several views. () = each is a
            part of its own.
    """

    places: frozenset[int]
    parts: tuple[int, ...] = ()

    def choose(self, places: Sequence[int]) -> "Known":
        """Return those among some samples, which are numbered anew in their order."""
        rows = frozenset(row for row, place in enumerate(places) if place in self.places)
        return Known(rows, tuple(self.parts[place] for place in places) if self.parts else ())

    def among(self, places: Sequence[int]) -> "Known":
        """Return those among some samples, which keep their numbers."""
        return Known(self.places.intersection(places), self.parts)

    def draw(self, most: int) -> Pool | None:
        """Let them judge, at most so many of them, drawn at random; None where they show fewer than two parts."""
        turns: Counter[int] = Counter()
        views = []
        for place in draw_order(sorted(self.places)):
            part = self.parts[place] if self.parts else place
            views.append((turns[part], place))
            turns[part] += 1
        chosen = sorted(views, key=lambda view: view[0])[:most]  # of each part one view before the second of any
        return pool(sorted(place for _, place in chosen), self.parts) if len(turns) > 1 else None


def all_others(count: int) -> AllOthers:
    """Let all samples of a batch judge each other.

    Args:
        count: number of samples N.

    Raises:
        InputError: fewer than two samples.
    """
    if count < 2:
        raise InputError("mutual scoring compares samples with each other: give at least two")
    return AllOthers(count)


def ring(count: int, references: int | None, seed: int = 0) -> AllOthers | Ring:
    """Let each sample be judged by some others, its neighbours on a ring in random order.

    Args:
        count: number of samples N.
        references: judges of each sample, rounded up to an even number; None, or as many as there are = all others.
        seed: order on the ring; the same for equal `count` and `seed`.

    Raises:
        InputError: fewer than two samples.

    Example:
        Five samples and two references: each is judged by the sample before and the one after it on the ring.
    """
    everyone = all_others(count)
    if references is None or 2 * (reach := (references + 1) // 2) >= count - 1:
        return everyone
    return Ring(tuple(torch.randperm(count, generator=torch.Generator().manual_seed(seed)).tolist()), reach)


def find_judges(samples: Sequence[int], references: int, known: Known | None) -> AllOthers | Ring | Pool:
    """Let the known good ones among some samples judge all of them; where they show fewer than two parts, all each
    other.

    Args:
        samples: N places in a batch.
        references: judges of each sample, at most: as for `ring`, or so many of the known ones, drawn at random.
        known: known good samples; None = none is known. Where all are, all judge each other.

    Returns:
        Judges by the number of a sample in `samples`.

    Raises:
        InputError: fewer than two samples.

    Example:
        Samples 4, 5, 6 and 7, of which 5 and 7 are known: 1 and 3 judge.
    """
    chosen = known.choose(samples) if known else Known(frozenset())
    apart = len(set(chosen.parts)) in (0, len(samples))
    judges = None if apart and len(chosen.places) == len(samples) else chosen.draw(references)
    return judges or ring(len(samples), references)


def draw_samples(samples: Sequence[int], most: int) -> Sequence[int]:
    """Draw so many samples at random, the same ones each time; all where there are no more."""
    return [samples[place] for place in sorted(draw_order(range(len(samples)))[:most])]


def draw_order(samples: Sequence[int]) -> list[int]:
    """Return samples in an order that is drawn at random, the same one each time."""
    return [
        samples[place] for place in torch.randperm(len(samples), generator=torch.Generator().manual_seed(0)).tolist()
    ]


def pool(members: Sequence[int], parts: Sequence[int] = ()) -> Pool:
    """Let the same samples judge whatever comes, as a part of today is judged by those of yesterday.

    Args:
        members: at least one sample; of those to be judged, or others.
        parts: as `Pool.parts`.

    Raises:
        InputError: an empty pool.
        ValueError: a member twice.
    """
    if not members:
        raise InputError("the pool of references is empty: give at least one sample to compare with")
    if len(set(members)) < len(members):
        raise ValueError(f"expected each member of a pool once, but got {tuple(members)}")
    return Pool(tuple(members), tuple(parts))
