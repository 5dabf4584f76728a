"""The pool of a watched run with the tokens of its parts: taken up as it was left, and changed as people say."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from inspector.data.odd_parts import UsualExtent
from inspector.errors import StoreAway, StoreError
from inspector.events import Event, Report
from inspector.jobs.arrival_reading import read_arrival
from inspector.jobs.given_parts import make_arrival
from inspector.jobs.line import Line, UsualScores
from inspector.jobs.looking import WatchedRoot
from inspector.places import is_empty
from inspector.scoring.line_pool import LinePool, Member
from inspector.store.claims import require_claim
from inspector.store.pools import PoolChangeRecord
from inspector.store.records import RunRecord, SampleRecord
from inspector.store.watches import Arrived
from inspector.store.workspace import Workspace

LOOK_AGAIN = 2.0
"""Seconds between two looks at what people said in the store."""

MOST_NAMED = 3
"""Parts that are named in one sentence; further ones are counted."""


class PoolKeeper:
    """Keeps the pool of a watched run in line with its parts and with what people say.

    Attributes:
        pool: the parts that judge; None before the run is calibrated.
        unit: how large the clouds of the first parts are.
        profile: the colour profile that most of their photos have; "" where none is usual.
    """

    def __init__(
        self, run_id: int, line: Line, workspace: Workspace, report: Report, *, capacity: int, every: int
    ) -> None:
        """Serve a run; `begin` makes its pool, or `restore` brings back that of a run that is resumed."""
        self.pool: LinePool | None = None
        self.unit, self.profile = UsualExtent(), ""
        self._run_id, self._line, self._workspace, self._report = run_id, line, workspace, report
        self._capacity, self._every = capacity, every
        self._root = WatchedRoot(workspace.runs.get(run_id).root)
        self._contents: dict[int, str] = {}
        self._changes = 0
        self._looked_up = -LOOK_AGAIN

    def begin(self, members: Sequence[Member], contents: Mapping[int, str]) -> None:
        """Make the pool of the first parts; `contents` are theirs by position. To be followed by `keep_only`."""
        self.pool = LinePool(members, self._capacity, self._every)
        self._contents = {position: contents[position] for position in self.pool.kept}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Bring the pool back as it was kept; tokens that cannot be read are made anew, as by `mend`.

        Raises:
            StoreError: none of them can be read or made anew, or the watched folder with their photos is away.
        """
        wanted = {*state["members"], *({state["candidate"]} - {None})}
        rows = self._workspace.watches.arrived(self._run_id, positions=wanted)
        contents = {arrived.position: arrived.content for _, arrived in rows}
        lost = self._make_anew(rows)
        here = [position for position in state["members"] if position not in lost]
        self._require_some(here, lost)
        candidate = None if state["candidate"] in lost else state["candidate"]
        if "usual" in state:
            self._line.usual = UsualScores(**state["usual"])
        self._line.usual_sizes, self.profile = state.get("usual_sizes", []), state.get("profile", "")
        self.unit = UsualExtent(state.get("unit", 0.0), state.get("units_alike", False), tuple(state.get("sides", ())))
        self.pool = LinePool.from_json(
            {**state, "members": here, "candidate": candidate},
            lambda position: self._line.tokens.read_embedding(contents[position]),
            self._capacity,
            self._every,
        )
        self._contents = {position: contents[position] for position in self.pool.kept}
        self._changes = state.get("changes", 0)

    def keep_only(self) -> None:
        """Remove the tokens of parts that are not in the pool."""
        self._line.tokens.keep_only(self._contents.values())

    def holds(self, content: str) -> bool:
        """Tell whether a part of this content is a member of the pool, or its candidate."""
        return content in self._contents.values()

    def list_contents(self) -> list[str]:
        """Return the contents of the members."""
        assert self.pool is not None
        return [self._contents[member.position] for member in self.pool.members]

    def _list_usual(self) -> dict[str, Any]:
        extent, alike, sides = self.unit
        found = {"unit": extent, "units_alike": alike, "sides": list(sides), "profile": self.profile}
        return {name: value for name, value in found.items() if value}

    def to_json(self, pool: LinePool) -> dict[str, Any]:
        """Return the state of a pool for the store, with the number of the last change by people that it contains."""
        usual, sizes = self._line.usual, self._line.usual_sizes
        found = {**({} if usual is None else {"usual": usual.to_json()}), **({"usual_sizes": sizes} if sizes else {})}
        return {**pool.to_json(), "changes": self._changes, **found, **self._list_usual()}

    def take(self, pool: LinePool, position: int, content: str) -> None:
        """Take over the pool as it is after a part was judged."""
        self.pool = pool
        self._contents[position] = content
        self._forget_others()

    def mend(self) -> None:
        """Make tokens of the pool anew that cannot be read, from the files of their parts; let go of other such parts.

        Raises:
            StoreAway: the watched folder with their photos is away, too; nobody is let go of, and all is asked again.
            StoreError: no part of the pool is left; the workspace cannot be used, and all is asked for again.
        """
        assert self.pool is not None
        lost = self._make_anew(self._workspace.watches.arrived(self._run_id, positions=self.pool.kept))
        self._require_some({member.position for member in self.pool.members} - lost.keys(), lost)
        self.pool.remove(lost)
        self._forget_others()

    def _make_anew(self, rows: Iterable[tuple[SampleRecord, Arrived]]) -> dict[int, str]:
        """Make the tokens of those of some parts anew whose cannot be read; return why that fails, by position."""
        made, lost = list[str](), dict[int, str]()
        try:
            for sample, arrived in rows:
                if self._line.tokens.holds(arrived.content):
                    continue
                was_away = self._root.is_away()
                if told := self._read_again(sample, arrived):
                    self._require_root(was_away)
                    lost[arrived.position] = f"{sample.name} judges no more: its features cannot be read, and {told}"
                else:
                    made.append(sample.name)
        finally:
            if made:
                named = ", ".join(made[:MOST_NAMED])
                named += f" and {len(made) - MOST_NAMED} more" if len(made) > MOST_NAMED else ""
                self._warn(f"features of parts that judge could not be read, and were made anew: {named}")
        return lost

    def _require_root(self, was_away: bool) -> None:
        """Let nobody go while the photos are away with the watched folder: they come back with it."""
        if was_away or self._root.is_away():
            told = f"features of parts that judge cannot be read, and their photos are away with {self._root.folder}"
            raise StoreAway(told)

    def _require_some(self, members: Collection[int], lost: Mapping[int, str]) -> None:
        """Tell who judges no more, or, once for all, that nobody is left who does."""
        if not members and is_empty(self._root.folder):
            raise StoreError(
                f"features of parts that judge cannot be read, and {self._root.folder} with their photos is empty, as "
                "where a share is not mounted; mount it and go on, or watch anew, without `resume`"
            )
        for told in lost.values():
            self._warn(told)
        if not members:
            told = f"the tokens of the pool of run {self._run_id} are missing or damaged; watch anew, without `resume`"
            raise StoreError(told)

    def follow_store(self) -> None:
        """See every `LOOK_AGAIN` seconds whether the run is still this program's, and what people said of its pool.

        Rejected parts are taken out, and changes by people applied.

        Raises:
            StoreError: another program has taken up the run; the workspace cannot be used: nothing has changed then,
                and all is asked for again.
        """
        now = time.monotonic()
        if now - self._looked_up < LOOK_AGAIN:
            return
        get_held_run(self._workspace, self._run_id)
        if self.pool is not None:
            self._follow(self.pool.copy())
        self._looked_up = now

    def _follow(self, pool: LinePool) -> None:
        assert self.pool is not None
        changes = self._workspace.pools.changes(self._run_id, self._changes)
        asked = self.pool.kept | {change.position for change in changes}
        rejected = self._workspace.watches.rejected(self._run_id, asked)
        if not changes and not rejected:
            return
        for change in changes:
            if change.new == "taken out":
                self._take_out(pool, change.position)
            elif change.position not in rejected:
                self._put_in(pool, change)
        pool.remove(rejected)
        if not changes and pool.kept == self.pool.kept:  # the last one is rejected, and stays
            return
        followed = changes[-1].id if changes else self._changes
        self._workspace.pools.keep(self._run_id, {**self.to_json(pool), "changes": followed})
        self.pool, self._changes = pool, followed
        self._forget_others()

    def _take_out(self, pool: LinePool, position: int) -> None:
        pool.remove({position})
        if position in pool.kept:
            self._warn("the last part of the pool cannot be taken out: it judges until another one does")

    def _put_in(self, pool: LinePool, change: PoolChangeRecord) -> None:
        ((sample, arrived),) = self._workspace.watches.arrived(self._run_id, positions=[change.position])
        if not self._line.tokens.can_judge(arrived.content):
            self._warn(f"{sample.name} cannot judge others: it lacks a photo or a cloud")
            return
        if not self._line.tokens.holds(arrived.content):
            told = self._read_again(sample, arrived)
            if told:
                self._warn(f"{sample.name} cannot judge others: {told}")
                return
        self._contents[change.position] = arrived.content
        last = self._workspace.runs.get(self._run_id).samples - 1
        pool.put(Member(change.position, self._line.tokens.read_embedding(arrived.content), last))

    def _read_again(self, sample: SampleRecord, arrived: Arrived) -> str:
        """Read a part again and save its tokens; return why it cannot judge, or ""."""
        files = [Path(path) if path else None for path in (sample.image, sample.cloud)]
        told = " or ".join(str(path) for path in files if path is not None)
        ranges = self._workspace.runs.get(self._run_id).ranges or {}
        try:
            part = read_arrival(make_arrival(arrived.file, *files), self._line, ranges).part
        except OSError:
            return f"{told} is not there any more"
        if part.reason:
            return part.reason
        if part.content != arrived.content:
            return f"{told} is not what was judged any more"
        self._line.tokens.keep_tokens([part])
        return ""

    def _forget_others(self) -> None:
        """Remove the tokens of parts that judge no more."""
        assert self.pool is not None
        before = set(self._contents.values())
        self._contents = {place: name for place, name in self._contents.items() if place in self.pool.kept}
        self._line.tokens.drop(before, self._contents.values())

    def _warn(self, message: str) -> None:
        self._report(Event("warning", "pool", message=message))


def get_held_run(workspace: Workspace, run_id: int) -> RunRecord:
    """Return a run that this program holds; raises StoreError where another one has taken it up meanwhile."""
    run = workspace.runs.get(run_id)
    require_claim(workspace.database, run)
    return run
