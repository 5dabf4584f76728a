from datetime import UTC, datetime

import pytest

from gui.watch.line_state import LATEST, LISTED, LineState, read_earlier
from inspector.events import Event
from inspector.sinks.backlog import Backlog
from inspector.sinks.result import PartResult
from inspector.store.workspace import Workspace
from tests.gui.watch.conftest import tell_part


def part(position: int, verdict: str = "ok", score: float | None = 0.25) -> Event:
    return Event(**tell_part(position, verdict, score))


def test_parts_are_counted_once_and_the_reject_rate_is_of_the_latest() -> None:
    state = LineState()
    for position in range(LATEST):
        state.take(part(position, "ng"))
    for position in range(LATEST, LATEST + 25):
        assert state.take(part(position)) is not None
    assert state.take(part(LATEST)) is None  # told again
    state.take(part(LATEST + 25, "unreadable", None))

    assert (state.judged, state.flagged, state.unreadable) == (LATEST + 26, LATEST, 1)
    assert state.reject_rate == pytest.approx(24 / 49)  # of the latest fifty one cannot be read
    for position in range(LATEST + 26, LATEST + 26 + LISTED):
        state.take(part(position))
    assert len(state.parts) == LISTED


@pytest.mark.parametrize(
    ("begins", "ends", "about"),
    [
        ("burst", "over", "pool"),
        ("change", "over", "pool"),
        ("alarm", "calm", "alarm"),
        ("away", "back", "away"),
        ("behind", "level", "behind"),
        ("store", "stored", "store"),
        ("silent", "back", "away"),
    ],
)
def test_alarm_lasts_until_its_end_is_told(begins: str, ends: str, about: str) -> None:
    state = LineState()
    state.take(Event("warning", begins, message="so"))
    state.take(Event("warning", message="something else"))
    assert list(state.alarms) == [about]

    state.take(Event("warning", ends))
    assert state.alarms == {}


def test_warm_up_sinks_and_waiting_parts_are_known() -> None:
    state = LineState()
    state.take(Event("progress", "warm-up", 12, 20))
    state.take(Event("waiting", message="mqtt://b", total=4))
    state.take(Event("alive", done=3, total=8))
    assert (state.warm_up, state.sinks, state.waiting) == ((12, 20), {"mqtt://b": 4}, 5)

    state.take(part(0))
    assert state.warm_up is None


def test_run_that_goes_on_has_its_earlier_parts(line: Workspace) -> None:
    line.verdicts.add(line.runs.samples(1)[2].id, "Ada", "rejected")

    state = LineState()
    state.begin(1, read_earlier(line, 1))

    assert (state.judged, state.flagged, state.unreadable) == (6, 1, 0)
    assert [each.name for each in state.parts] == [f"part_{place}.png" for place in range(6)]
    assert state.verdicts == {2: "rejected"}
    assert state.take(part(5)) is None
    assert state.take(part(6)) is not None


def test_what_sinks_refused_is_counted_when_a_run_goes_on(line: Workspace) -> None:
    assert read_earlier(line, 1).refused == {}
    backlog = Backlog(line.artefacts.run_folder(1), ["mqtt://b"])
    backlog.keep([PartResult(1, 0, "a", "/a", "ok", 0.1, 0.2, None, datetime.now(UTC), 0.1, "")])
    backlog.mark_taken("mqtt://b", 1, "too large")
    backlog.close()

    assert read_earlier(line, 1).refused == {"mqtt://b": [("a", "too large")]}
