"""Which runs of a workspace on a server go on: told by its clock, whatever those of stations show."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from gui.start.runs import mark_stopped, read_runs
from inspector.data.samples import Batch, Sample
from inspector.errors import StoreError
from inspector.server.answers import RunAnswer
from inspector.settings import ScanSettings
from inspector.store import claims
from inspector.store.claims import SILENCE
from inspector.store.pruning import plan_pruning
from inspector.store.tables import RunRow


@pytest.fixture
def run_id(shared, tmp_path):
    return shared.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())


def test_a_run_whose_station_may_not_have_been_able_to_tell_is_not_taken(shared, run_id, monkeypatch):
    """This station's clock is an hour ahead: to it the run of another is silent, to the server it is not."""
    elsewhere = "program 7 (1.00) on elsewhere"
    with shared.database.session() as session:
        session.get_one(RunRow, run_id).owner = elsewhere
    monkeypatch.setattr(claims, "is_alive", lambda *_: False)
    with pytest.raises(StoreError, match=f"is being scanned by {re.escape(elsewhere)}"):
        shared.runs.hold(run_id).__enter__()

    monkeypatch.setattr(claims, "SILENCE", timedelta(0))
    with shared.database.session() as session:
        session.get_one(RunRow, run_id).heartbeat = datetime.now(UTC) - 2 * SILENCE
    with shared.runs.hold(run_id):
        assert shared.runs.get(run_id).owner == claims.name_owner()


def give_away(shared, run_id, monkeypatch, clock):
    """Give the run to another station just now, and set the clock of this one so far ahead."""
    with shared.database.session() as session:
        row = session.get_one(RunRow, run_id)
        row.owner, row.heartbeat = "program 7 (1.00) on elsewhere", shared.database.read_clock()

    class Other(datetime):
        @classmethod
        def now(cls, zone):
            return datetime.now(zone) + clock

    monkeypatch.setattr(claims, "datetime", Other)


@pytest.fixture
def held_elsewhere(shared, run_id, monkeypatch):
    """The run is another station's, and this station's clock is an hour ahead."""
    give_away(shared, run_id, monkeypatch, timedelta(hours=1))
    assert not claims.is_alive(shared.runs.get(run_id))
    return run_id


def test_a_run_that_is_listed_as_silent_is_taken_by_a_station_whose_clock_is_behind(shared, run_id, monkeypatch):
    give_away(shared, run_id, monkeypatch, timedelta(hours=-1))
    monkeypatch.setattr(claims, "SILENCE", timedelta(0))

    with shared.runs.hold(run_id):
        assert shared.runs.get(run_id).owner == claims.name_owner()


def test_run_of_another_station_is_not_marked_as_stopped_whatever_this_clock_shows(shared, held_elsewhere):
    """It was, and could be taken away from there then."""
    assert mark_stopped(shared, held_elsewhere, "failed", "killed", "program 8 (1.00) on this")

    assert shared.runs.get(held_elsewhere).status == "running"


def test_run_of_another_station_is_listed_as_being_scanned_whatever_this_clock_shows(shared, held_elsewhere):
    listed = read_runs(shared)

    assert listed.resumable == set()
    assert [RunAnswer.of(run, listed.now).status for run in listed.runs] == ["running"]


def test_run_of_another_station_is_not_pruned_whatever_this_clock_shows(shared, held_elsewhere, tmp_path):
    shared.runs.create(Batch(tmp_path, ()), ScanSettings())

    assert plan_pruning(shared, keep_runs=1).runs == ()
