"""The parts of a line that judge those to come: which are taken in, which leave, and when nothing is learnt."""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Told = Literal["", "burst", "change", "over"]
"""What the pool noticed: many parts are flagged; those flagged are alike and unlike the pool; parts are good again."""

Embedding = NDArray[np.float32]
"""(D,), one vector a part."""

WATCHED = 6
"""Latest parts that are looked at for a burst."""

BURST = 3
"""So many of them flagged are a burst."""

CALM = 5
"""Parts in a row that are not flagged end it."""

RECENT = 0.4
"""Share of the pool, the latest members, that stay however alike they are: more than the share of the judges that
decide a score (0.3), so that a line that has drifted is judged by what it is now."""

FAR = 3.0
"""So many times as far from their nearest member as members are from theirs, flagged parts are another product."""

ALIKE = 0.7
"""And no further from each other than this share of their distance to the pool."""


@dataclass(frozen=True, eq=False)
class Member:
    """A part that judges others.

    Attributes:
        position: its place in the run.
        embedding: (D,).
        joined: place of the part after which it was taken in; its own where it judges from the start.
        by_hand: whether somebody put it in: it stays, also when the pool is full.
    """

    position: int
    embedding: Embedding = field(repr=False)
    joined: int = -1
    by_hand: bool = False


@dataclass(frozen=True)
class Learnt:
    """What came of one part: positions that need not be kept any more, and what was noticed."""

    dropped: tuple[int, ...] = ()
    told: Told = ""


class LinePool:
    """The pool of judges of a line.

    Every n-th good part becomes a candidate, and is taken in when n more good parts have come without a burst: a defect
    that begins below the threshold and then is flagged again and again is never learnt. While a burst lasts nothing is
    learnt at all. When the pool is full, the member leaves that is nearest to another one, so that what is left is as
    diverse as can be; the latest members stay.

    Attributes:
        members: the judges, the oldest first.
        capacity: R, most of them.
        every: n, good parts between two that are taken in.
    """

    def __init__(self, members: Sequence[Member], capacity: int, every: int) -> None:
        """Begin with some members; of more than `capacity` the most diverse stay."""
        if capacity < 2 or every < 1:
            raise ValueError(f"expected room for two members and a step of 1 or more, but got {capacity}, {every}")
        self.members = list(members)
        self.capacity = capacity
        self.every = every
        self._candidate: Member | None = None
        self._waited = 0
        self._latest: deque[tuple[bool, Embedding | None]] = deque(maxlen=WATCHED)
        self._told: Told = ""
        while len(self.members) > capacity:
            self._drop_nearest(0)

    @property
    def in_burst(self) -> bool:
        """Whether nothing is learnt now."""
        return self._told in ("burst", "change")

    @property
    def kept(self) -> set[int]:
        """Positions of the members and of the candidate."""
        return {member.position for member in (*self.members, self._candidate) if member is not None}

    def consider(self, position: int, embedding: Embedding | None, *, flagged: bool) -> Learnt:
        """Learn from a part that was judged, or not.

        Args:
            position: its place in the run.
            embedding: (D,); None = it cannot judge others, as where its photo or its cloud is missing.
            flagged: whether it lies above the threshold, or was rejected.
        """
        before = self.kept
        self._latest.append((flagged, embedding if flagged else None))
        told = self._watch_burst()
        if self.in_burst:
            self._candidate, self._waited = None, 0
        elif not flagged and embedding is not None:
            self._waited += 1
            if self._waited >= self.every:
                self._admit(position)
                self._candidate, self._waited = Member(position, embedding), 0
        return Learnt(tuple(sorted((before | {position}) - self.kept)), told)

    def remove(self, positions: Collection[int]) -> tuple[int, ...]:
        """Take parts out that were rejected; return those that were there. One member always stays."""
        out = [position for position in sorted(self.kept) if position in positions]
        left = [member for member in self.members if member.position not in positions]
        if not left:
            left = self.members[-1:]
            out = [position for position in out if position != left[0].position]
        self.members = left
        if self._candidate is not None and self._candidate.position in positions:
            self._candidate = None
        return tuple(out)

    def put(self, member: Member) -> tuple[int, ...]:
        """Take a part in by hand, to stay; return the positions that it drove out."""
        before = self.kept
        self.members = [each for each in self.members if each.position != member.position]
        self.members.append(replace(member, by_hand=True))
        if self._candidate is not None and self._candidate.position == member.position:
            self._candidate = None
        if len(self.members) > self.capacity:
            self._drop_nearest(1)
        return tuple(sorted(before - self.kept))

    def copy(self) -> "LinePool":
        """Return one that learns apart from this one."""
        other = copy(self)
        other.members, other._latest = list(self.members), self._latest.copy()
        return other

    def to_json(self) -> dict[str, Any]:
        """Return its state as values that JSON holds, embeddings left out."""
        return {
            "members": [member.position for member in self.members],
            "joined": {str(member.position): member.joined for member in self.members},
            "by_hand": [member.position for member in self.members if member.by_hand],
            "candidate": None if self._candidate is None else self._candidate.position,
            "waited": self._waited,
            "latest": [flagged for flagged, _ in self._latest],
            "told": self._told,
        }

    @classmethod
    def from_json(
        cls, state: Mapping[str, Any], embedding_of: Callable[[int], Embedding], capacity: int, every: int
    ) -> "LinePool":
        """Go on from a state.

        Args:
            state: of `to_json`.
            embedding_of: gives the embedding of a member by its position.
            capacity, every: as before, or others.
        """
        joined, by_hand = state.get("joined", {}), state.get("by_hand", ())
        members = [
            Member(position, embedding_of(position), joined.get(str(position), position), position in by_hand)
            for position in state["members"]
        ]
        pool = cls(members, capacity, every)
        if (candidate := state["candidate"]) is not None:
            pool._candidate = Member(candidate, embedding_of(candidate))
        pool._waited = state["waited"]
        pool._latest.extend((flagged, None) for flagged in state["latest"])
        pool._told = state["told"]
        return pool

    def _admit(self, position: int) -> None:
        if self._candidate is None:
            return
        self.members.append(replace(self._candidate, joined=position))
        if len(self.members) > self.capacity:
            self._drop_nearest(int(np.ceil(RECENT * self.capacity)))

    def _drop_nearest(self, staying: int) -> None:
        """Drop the member nearest to another one, the older of two; the last `staying` ones are safe, and those that
        were put in by hand as long as there are others."""
        nearest = _find_nearest(self._embeddings(), self._embeddings(), own=True)
        places = range(len(self.members))
        others = [place for place in places if not self.members[place].by_hand]
        older = [place for place in others if place < len(places) - staying]
        del self.members[min(older or others or places, key=lambda place: nearest[place])]

    def _embeddings(self) -> Embedding:
        return np.stack([member.embedding for member in self.members])

    def _watch_burst(self) -> Told:
        """See whether a burst begins, is a change of product, or ends; return what is new."""
        flagged = [embedding for is_flagged, embedding in self._latest if is_flagged]
        calm = not any(is_flagged for is_flagged, _ in list(self._latest)[-CALM:])
        before = self._told
        if len(flagged) >= BURST and before != "change":
            seen = [embedding for embedding in flagged if embedding is not None]
            self._told = "change" if len(seen) >= BURST and self._is_other_product(np.stack(seen)) else "burst"
        elif self.in_burst and calm:
            self._told = ""
            return "over"
        return self._told if self._told != before else ""

    def _is_other_product(self, flagged: Embedding) -> bool:
        if len(self.members) < 2:
            return False
        pool = self._embeddings()
        away, among = np.median(_find_nearest(flagged, pool)), np.median(_find_nearest(flagged, flagged, own=True))
        usual = np.median(_find_nearest(pool, pool, own=True))
        return bool(away > FAR * usual and among < ALIKE * away)


def _find_nearest(some: Embedding, others: Embedding, *, own: bool = False) -> NDArray[np.float64]:
    """Distance of each of some vectors (N, D) to the nearest of others (M, D), (N,); `own` = not to itself."""
    far = np.linalg.norm(some[:, None].astype(np.float64) - others[None], axis=2)
    if own:
        np.fill_diagonal(far, np.inf)
    return np.asarray(far.min(axis=1))
