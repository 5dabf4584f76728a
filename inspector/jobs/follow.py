"""The loop of a line: look at the folder, decode ahead, judge in turn."""

import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from inspector.data.arrivals import Arrivals
from inspector.data.found_files import Arrival, LookResult, leave_judged
from inspector.data.held_files import MOST_HELD, HeldFiles
from inspector.data.partners import Partners, choose_modality, cut_to
from inspector.data.parts import Modality, Part
from inspector.data.pixels.value_range import Ranges
from inspector.data.samples import Batch, tell_of
from inspector.errors import StoreAway, StoreError
from inspector.events import Event, Report
from inspector.jobs.arrival_reading import read_arrival
from inspector.jobs.clock_news import ClockNews
from inspector.jobs.folder_news import FolderNews
from inspector.jobs.given_parts import Given
from inspector.jobs.line import Line
from inspector.jobs.looking import Looker, WatchedRoot
from inspector.jobs.losses import Losses, describe_others
from inspector.jobs.part_results import ReadPart
from inspector.jobs.readers import Readers, leave
from inspector.jobs.run_files import list_ignored, list_judged, note_judged, release_copies, take_left
from inspector.jobs.values import choose_value_ranges
from inspector.jobs.watch_options import WatchOptions
from inspector.jobs.watched_run import WatchedRun
from inspector.store.workspace import Workspace

READERS = 2
"""Photos that are decoded at once, beside the network."""

AHEAD = 4
"""Photos that are decoded before their turn."""

ALIVE = 2.0
"""Seconds between two signs of life. Who reads them is gone where one cannot be written: then watching ends."""

PATIENCE = 6
"""Times `settle` after which a file that is found complete, but cannot be read, is taken to be damaged: programs that
write in pieces pause now and then."""

LOST_AFTER = 3.0
"""Seconds from complete on after which a file that changes before it is read is another part's, and no longer the same
one that is still being written."""

LOST = "its file was overwritten before it could be read; write each photo under a name of its own"

PAUSE = 5.0
"""Seconds without a part after which all losses are told of."""


class Follower:
    """The loop of a watched run: look at the folder, decode ahead, judge in turn."""

    def __init__(
        self, folder: Path, options: WatchOptions, workspace: Workspace, report: Report, line: Line, run: WatchedRun
    ) -> None:
        self._folder, self._options, self._workspace, self._report = folder, options, workspace, report
        self._line, self._run, self._root = line, run, WatchedRoot(folder)
        self._ranges: Ranges | None = workspace.runs.get(run.run_id).ranges or None
        self._partners = Partners(folder, options.partner_wait, line.tokens.modality)
        home = workspace.artefacts.run_folder(run.run_id) / "held"
        self._held = HeldFiles(folder, home, max(MOST_HELD, options.warm_up))
        self._waiting: deque[Arrival] = deque()
        self._reading: deque[tuple[Arrival, Future[ReadPart]]] = deque()
        self._warm: list[ReadPart] = []
        self._doubted: list[Arrival] = []  # they cannot be read yet
        self._looked, self._told_alive, self._news = False, -ALIVE, FolderNews(folder, report)
        self._losses, self._clock = Losses(report, self._keep_note), ClockNews(report, self._keep_note)
        self._outlast, run.outage.each_turn = run.outage.outlast, self._tell_alive

    def follow(self, given: Given, each_turn: Callable[[], None]) -> None:
        """Judge what arrives until it is stopped, or nothing has come for long enough.

        Args:
            given: parts that judge from the start.
            each_turn: called about every second, also while no part comes.
        """
        if given.arrivals and not self._run.is_calibrated:
            modality = self._line.tokens.modality or choose_modality(given.arrivals)
            self._set_modality(modality)
            known = self._read_all([part for each in given.arrivals if (part := cut_to(each, modality)) is not None])
            for read in known:
                self._warn_unreadable(read)
            self._run.calibrate(known, given=True, unreviewed=given.describe_unreviewed())
        elif not self._run.is_calibrated:
            self._report(Event("progress", "warm-up", 0, self._options.warm_up))
        self._run.report_rest()
        worked, last = True, time.monotonic()
        arrivals = self._outlast(self._begin_to_look)
        readers = Readers(READERS)
        with Looker(arrivals) as looker:
            try:
                while True:
                    if not worked:
                        looker.news.wait(1.0)
                    looker.news.clear()
                    self._outlast(each_turn)
                    self._tell_alive()
                    self._news.tell_silence(looker.begun)
                    self._clock.tell()
                    self._outlast(self._run.keeper.follow_store)
                    for found in looker.take():
                        if self._take_found(found):
                            last = time.monotonic()
                    self._queue_ready()
                    if worked := self._advance(readers, looker.news.set):
                        last = time.monotonic()
                    elif self._is_idle(last):
                        return
                    elif time.monotonic() - last > PAUSE:
                        self._losses.tell_rest()
            finally:
                leave([future for _, future in self._reading])
                self._run.outage.waits = False
                with suppress(StoreError):
                    self._losses.tell_rest()

    def _begin_to_look(self) -> Arrivals:
        """Take up what an earlier program knew of the folder."""
        workspace, run_id = self._workspace, self._run.run_id
        self._held.due = 0 if self._run.is_calibrated else self._options.warm_up
        ignored, judged = list_ignored(workspace, run_id), partial(list_judged, workspace, run_id)
        if self._line.tokens.modality == "2d+3d":
            note_judged(workspace, run_id, self._partners.note_judged)
        self._partners.add(take_left(self._held, workspace, run_id))
        return Arrivals(self._folder, self._options.settle, ignored, judged, held=self._held, asks=False)

    def _advance(self, readers: Readers, tell: Callable[[], None]) -> bool:
        """Warm up, or read ahead, which is told, and judge one part. Return whether there was anything to do."""
        self._queue_doubted()
        if not self._run.is_calibrated:
            return self._warm_up()
        while self._waiting and len(self._reading) < AHEAD:
            arrival = self._waiting.popleft()
            self._reading.append((arrival, readers.submit(self._read, arrival)))
            self._reading[-1][1].add_done_callback(lambda _: tell())
        if not self._reading or not self._reading[0][1].done():
            return False
        arrival, future = self._reading.popleft()
        failed = isinstance(future.exception(), StoreAway)
        if (read := self._sift(self._read_again(arrival) if failed else future.result())) is not None:
            self._run.take(read if self._line.tokens.holds_cloud(read.part) else self._read_again(arrival))
            release_copies(self._held, read.arrival.files)
        return True

    def _read_again(self, arrival: Arrival) -> ReadPart:
        return self._outlast(partial(self._read, arrival))

    def _sift(self, read: ReadPart) -> ReadPart | None:
        """Return a part that is to be judged; None where it is put back, for it is still being written."""
        arrival, is_young = read.arrival, self._is_young(read.arrival)
        has_changed = read.is_stale or (is_young and arrival.has_changed())
        is_rewritten = has_changed and arrival.can_be_lost()
        if is_rewritten and arrival.cloud is None and not is_young and _get_age(arrival) >= LOST_AFTER:
            return ReadPart(arrival, Part(0, reason=LOST), identity=read.identity)
        if is_rewritten:
            self._warn(f"{arrival.name} changed while it was read: it is judged when it is complete")
            self._requeue(arrival)
        elif self._is_doubtful(read):
            self._doubted.append(arrival)
        else:
            return read
        return None

    def _is_doubtful(self, read: ReadPart) -> bool:
        """Tell whether a file of a part cannot be read, but may still be written, or come back with the folder."""
        return read.is_unusable and (read.was_away or self._is_young(read.arrival))

    def _is_young(self, arrival: Arrival) -> bool:
        return _get_age(arrival) < PATIENCE * self._options.settle

    def _queue_doubted(self) -> None:
        """Queue the doubted parts that have had the time to be written, to be read once more."""
        if self._doubted and self._root.is_away():
            return
        old = [arrival for arrival in self._doubted if not self._is_young(arrival)]
        self._doubted = [arrival for arrival in self._doubted if arrival not in old]
        self._waiting.extendleft(reversed(old))

    def _drop_rewritten(self, names: Collection[str]) -> None:
        """Drop the doubted parts of which a file was found anew; the other file of a part of two waits for it."""
        again = [each for each in self._doubted if any(file.name in names for file in each.files)]
        for arrival in filter(Arrival.can_be_lost, again):
            self._doubted.remove(arrival)
            self._requeue(arrival)

    def _requeue(self, arrival: Arrival) -> None:
        """Put the unchanged file of a part of two back among the waiting: the other one will be found anew."""
        self._partners.forget_judged(arrival.name)
        kept = [file for file in arrival.files if arrival.cloud is not None and not file.has_changed()]
        release_copies(self._held, (file for file in arrival.files if file not in kept))
        self._partners.add(replace(file, complete=time.monotonic()) for file in kept)

    def _warm_up(self) -> bool:
        """Read the first parts once enough have arrived, and calibrate once enough of them can be used."""
        wanted = self._options.warm_up
        if self._line.tokens.modality is None:
            if self._partners.count_ready(time.monotonic()) < wanted:
                return False
            self._set_modality(self._partners.choose_modality())
            self._queue_ready()
        usable = sum(not each.part.reason for each in self._warm)
        missing = wanted - usable
        if len(self._waiting) < missing:
            return False
        arrivals = [self._waiting.popleft() for _ in range(missing)]
        for each in filter(None, map(self._sift, self._read_all(arrivals))):
            self._warn_unreadable(each)
            self._warm.append(each)
        usable = sum(not each.part.reason for each in self._warm)
        if usable >= wanted:
            self._run.calibrate(self._warm, given=False)
            release_copies(self._held, (file for each in self._warm for file in each.arrival.files))
            self._warm = []
        return True

    def _set_modality(self, modality: Modality) -> None:
        """Set what is scored, which the settings left open, and write it to the run."""
        tokens = self._line.tokens
        tokens.set_modality(modality)
        self._partners.modality = modality
        begin = partial(self._workspace.runs.begin, device=tokens.device, weights_sha256=tokens.weights_sha256)
        self._outlast(lambda: begin(self._run.run_id, modality=modality))

    def _queue_ready(self) -> None:
        """Queue the parts that wait for no partner any more, and warn of files that are not judged."""
        gathered = self._partners.take(time.monotonic())
        self._waiting += gathered.parts
        release_copies(self._held, gathered.dropped)
        for told in gathered.told:
            self._warn(told)

    def _read_all(self, arrivals: Sequence[Arrival]) -> list[ReadPart]:
        if self._ranges is None:
            samples = tuple(
                replace(each.to_sample(source=True), name=str(place)) for place, each in enumerate(arrivals)
            )
            batch, settings = Batch(self._folder, samples), self._line.settings
            self._ranges = found = choose_value_ranges(batch, settings.value_range, self._report, settings.memory)
            self._outlast(lambda: self._workspace.runs.keep_value_range(self._run.run_id, found))
        return self._outlast(lambda: Readers(READERS).read_all(self._read, arrivals))

    def _warn_unreadable(self, read: ReadPart) -> None:
        if read.part.reason:
            self._warn(tell_of(read.arrival.name, read.part.reason))

    def _read(self, arrival: Arrival) -> ReadPart:
        was_away = self._root.is_away()
        read = read_arrival(arrival, self._line, self._ranges or {})
        return replace(read, was_away=was_away or self._root.is_away())

    def _take_found(self, found: LookResult | OSError | StoreAway) -> bool:
        """Take what a look has found, and tell of it. Return whether files have come."""
        if isinstance(found, StoreAway):  # it looks again
            self._outlast(partial(self._workspace.watches.get, self._run.run_id))
            return False
        self._looked = True
        if isinstance(found, OSError):
            self._news.tell_away(found)
            return False
        self._news.tell_there()
        judged = partial(list_judged, self._workspace, self._run.run_id)
        release_copies(self._held, self._outlast(lambda: leave_judged(found, judged)))
        for told in describe_others(found):
            self._warn(told)
        self._losses.tell(found.missed, self._held.trouble)
        self._drop_rewritten({arrival.name for arrival in found.arrivals})
        self._partners.add(found.arrivals)
        self._queue_ready()
        if found.arrivals and not self._run.is_calibrated:
            done, wanted = self._partners.count_ready(time.monotonic()), self._options.warm_up
            done += len(self._waiting) + len(self._warm)
            self._report(Event("progress", "warm-up", min(done, wanted), wanted))
        self._news.tell_waiting(len(self._waiting) if self._run.is_calibrated else 0)
        return bool(found.arrivals)

    def _is_idle(self, last: float) -> bool:
        idle, now = self._options.idle, time.monotonic()
        return (
            idle is not None
            and self._looked
            and not self._reading
            and (not self._doubted or self._root.is_away())  # they are no parts of the run yet: `resume` finds them
            and not self._partners.is_waiting(now)
            and now - last > idle
        )

    def _tell_alive(self) -> None:
        now = time.monotonic()
        if now - self._told_alive >= ALIVE:
            self._told_alive = now
            here = len(self._partners) + len(self._waiting) + len(self._reading) + len(self._warm) + len(self._doubted)
            self._report(Event("alive", done=self._run.judged, total=self._run.judged + here))

    def _warn(self, message: str, about: str = "") -> None:
        self._report(Event("warning", about, message=message))

    def _keep_note(self, note: str, instead: str) -> None:
        self._outlast(lambda: self._workspace.runs.add_notes(self._run.run_id, [note], instead=[instead]))


def _get_age(arrival: Arrival) -> float:
    return time.monotonic() - arrival.complete
