"""A line waits where its workspace is away or full: it says so, judges each part once, and goes on by itself."""

import errno
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from inspector.errors import Cancelled, StoreAway, StoreError
from inspector.export.words import Words
from inspector.features.cache import TokenCache
from inspector.jobs.outage import Outage
from inspector.jobs.watch import watch
from inspector.sinks.register import make_sinks
from inspector.sinks.sending import Sending
from inspector.store.artefacts import Artefacts
from inspector.store.pools import Pools
from inspector.store.runs import Runs
from inspector.store.tables import RunRow
from inspector.store.watches import Watches
from tests.watching import OPTIONS, SETTINGS, expect_parts, follow

FULL = OSError(errno.ENOSPC, "No space left on device")


class Failing:
    """Fails in each of some seconds, and answers after them."""

    def __init__(self, monkeypatch, *seconds):
        self.now, self.left, self.told = 0.0, list(seconds), []
        clock = SimpleNamespace(monotonic=lambda: self.now, sleep=self.wait)
        monkeypatch.setattr("inspector.jobs.outage.time", clock)
        self.outage = Outage(self.told.append)

    def wait(self, _):
        self.now = self.left.pop(0)

    def act(self):
        if self.left:
            raise StoreAway(f"full at {self.now:.0f}")
        return "done"


def test_outage_is_told_at_once_then_ever_more_rarely_and_its_end(monkeypatch):
    failing = Failing(monkeypatch, *range(1, 200, 2))

    assert failing.outage.outlast(failing.act) == "done"

    assert [event.stage for event in failing.told] == ["store", "store", "store", "stored"]
    assert [event.message.split("full at ")[1].split(";")[0] for event in failing.told[:3]] == ["0", "61", "181"]
    assert failing.told[3].message == "the workspace can be used again, after 3 min: the line goes on"
    assert failing.outage.error is None


def test_what_waiting_does_not_mend_ends_it_and_a_stop_is_known_to_have_come_meanwhile(monkeypatch):
    failing = Failing(monkeypatch, 1, 2)

    def stop():
        raise KeyboardInterrupt

    def refuse():
        raise StoreError("wrong password")

    with pytest.raises(StoreError, match="wrong password"):
        failing.outage.outlast(refuse)
    assert failing.told == []
    failing.outage.each_turn = stop
    with pytest.raises(KeyboardInterrupt):
        failing.outage.outlast(failing.act)
    assert isinstance(failing.outage.error, StoreAway)


def test_line_whose_run_went_on_elsewhere_ends_and_neither_writes_nor_closes_it(parts, drop, folder, store):
    """Nothing was heard of it for a minute, as while it waits: whoever resumes the run may do so."""
    drop(parts["good"][:8])
    owner, verdicts = "program 7 (1.00) on other", []

    def take(verdict):
        verdicts.append(verdict)
        if verdict.position == 6:
            with store.database.session() as session:
                session.execute(update(RunRow).values(owner=owner))

    with pytest.raises(StoreError, match=r"run 1 was taken up by program 7 .* on other, .*goes on there") as told:
        watch(folder, SETTINGS, OPTIONS, store, on_result=take)

    run = store.runs.get(1)
    assert [verdict.position for verdict in verdicts] == list(range(7))
    assert (run.samples, run.status, run.owner) == (7, "running", owner)
    assert not store.artefacts.map_path(1, 7).exists()
    german = Words("de").sentence(str(told.value))
    assert re.fullmatch("Lauf 1 wurde von Programm 7 .*; er geht dort weiter", german)


BEFORE = [
    (Artefacts, "save_map"),
    (TokenCache, "save"),
    (Runs, "get"),
    (Runs, "keep_value_range"),
    (Watches, "find_latest_of"),
    (Watches, "judged"),
    (Pools, "changes"),
    (Pools, "keep"),
    (Sending, "tell"),
]
"""What a line does in a workspace; here nothing is done before it fails."""

AFTER = [(Watches, "calibrate"), (Watches, "add"), (Watches, "keep_reported"), (Sending, "send")]
"""Here what was done is not answered."""


def fail_when_due(monkeypatch, owner, name, *, after, due):
    """Let a method fail when its name is among those that are due, having done its work or not."""
    done = getattr(owner, name)

    def act(*given, **named):
        if name not in due:
            return done(*given, **named)
        if after:
            done(*given, **named)
        due.discard(name)
        raise StoreAway(f"{name} is away")

    monkeypatch.setattr(owner, name, act)


def test_each_part_is_judged_once_whatever_was_away_meanwhile(parts, drop, folder, store, monkeypatch, tmp_path):
    drop(parts["good"][:6])
    expect_parts(monkeypatch, 9)
    monkeypatch.setattr("inspector.jobs.outage.PAUSE", 0.0)
    monkeypatch.setattr("inspector.jobs.pool_keeper.LOOK_AGAIN", 0.0)
    due, verdicts, events, taken_out = {"judged"}, [], [], []
    for after, places in ((False, BEFORE), (True, AFTER)):
        for owner, name in places:
            fail_when_due(monkeypatch, owner, name, after=after, due=due)

    def report(event):
        events.append(event)
        if event.kind == "progress" and event.done == 6:  # the warm-up is full
            due.update({"keep_value_range", "save", "save_map", "calibrate", "send", "keep_reported"})

    def take(verdict):
        verdicts.append(verdict)
        if verdict.position == 5:
            drop([*parts["good"][6:8], parts["bad"]], "more_{}")
            taken_out.append(store.watches.get(verdict.run).pool["members"][0])
            store.pools.change(verdict.run, taken_out[0], "Ada", "taken out")
            due.update(name for _, name in [*BEFORE, *AFTER])

    sinks = make_sinks([f"file:{tmp_path / 'results'}"])
    run_id = watch(folder, SETTINGS, OPTIONS, store, report, take, sinks=sinks)

    assert due <= {"calibrate", "keep_value_range"}
    assert [verdict.position for verdict in verdicts] == list(range(9))
    assert [row.position for row in store.runs.samples(run_id)] == list(range(9))
    assert verdicts[8].verdict == "ng"
    assert store.runs.get(run_id).samples == 9
    assert taken_out[0] not in store.watches.get(run_id).pool["members"]
    assert len([*(tmp_path / "results").glob("0*.json")]) == 9
    told = [event.stage for event in events if event.stage in ("store", "stored")]
    assert len(told) >= 30
    assert told == ["store", "stored"] * (len(told) // 2)


def test_line_that_is_stopped_while_the_workspace_is_away_ends_at_once_and_goes_on_later(
    parts, drop, folder, store, monkeypatch
):
    drop(parts["good"][:8])

    def stop(event):
        if event.stage == "store":
            raise Cancelled

    with monkeypatch.context() as patched:
        patched.setattr(Artefacts, "save_map", lambda *_: (_ for _ in ()).throw(StoreAway("the disk is full")))
        patched.setattr(Watches, "finish", None)
        with pytest.raises(Cancelled, match=r"stopped while nothing could be kept, .resume. goes on .*disk is full"):
            watch(folder, SETTINGS, replace(OPTIONS, idle=None), store, stop)
    _, verdicts, _ = follow(folder, store, resume=True)

    assert [verdict.position for verdict in verdicts] == list(range(8))


@pytest.mark.parametrize("count", [2, 7])
def test_line_whose_run_went_on_elsewhere_ends_also_while_it_waits_for_parts(
    parts, drop, folder, store, monkeypatch, count
):
    """It went on until its next part came; in its warm-up, until that was full."""
    drop(parts["good"][:count])
    monkeypatch.setattr("inspector.jobs.pool_keeper.LOOK_AGAIN", 0.0)

    def lose(event):
        if event.done == count:
            with store.database.session() as session:
                session.execute(update(RunRow).values(owner="program 7 (1.00) on other"))

    with pytest.raises(StoreError, match=r"run 1 was taken up by program 7 .* on other"):
        watch(folder, SETTINGS, replace(OPTIONS, idle=2.0), store, lose)

    assert store.runs.get(1).status == "running"
