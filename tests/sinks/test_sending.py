import pytest

from inspector.errors import StoreError
from inspector.sinks.backlog import Backlog
from inspector.sinks.delivery import TOLD_AT
from inspector.sinks.sending import Sending
from inspector.sinks.sink import RefusedError
from tests.sinks.parts import DOWN, Remembering, make_result, wait_for


@pytest.fixture
def sink():
    return Remembering()


def test_results_arrive_once_and_in_order(tmp_path, sink):
    with Sending([sink], str(tmp_path)) as sending:
        for position in range(20):
            sending.send(make_result(position))
        sending.send(make_result(3), make_result(20))

    assert sink.positions == list(range(21))
    assert sink.taken[3].id == f"0012-000003-{sink.taken[3].id[-8:]}"


def test_a_slow_sink_slows_neither_the_line_nor_the_others(tmp_path, sink):
    slow = Remembering("slow")
    slow.free.clear()
    with Sending([slow, sink], tmp_path) as sending:
        for position in range(20):
            sending.send(make_result(position))
        wait_for(lambda: len(sink.taken) == 20)
        assert slow.taken == []
        slow.free.set()

    assert slow.positions == list(range(20))


def test_what_a_sink_does_not_take_is_told_once_and_sent_again(tmp_path, sink, report, told):
    sink.error = DOWN
    with Sending([sink], tmp_path, report) as sending:
        sending.send(make_result(1), make_result(2))
        wait_for(lambda: sink.tries > 4)
        sink.error = None
        wait_for(lambda: len(sink.taken) == 2)

    assert sink.positions == [1, 2]
    assert told == [
        "memory: nobody is there; results are kept and sent again",
        "memory: it takes results again",
    ]


def test_a_sink_that_can_be_reached_again_is_told_also_while_no_part_comes(tmp_path, sink, report, told, monkeypatch):
    """As a broker that was away when the line began: it was told with the next part."""
    tries = iter([DOWN, DOWN, None])
    monkeypatch.setattr("inspector.sinks.delivery.FIRST_WAIT", 0.01)

    def open_late():
        if (error := next(tries)) is not None:
            raise error

    sink.open = open_late
    with Sending([sink], tmp_path, report) as sending:
        wait_for(lambda: sending.tell() or len(told) == 2)
        sending.send(make_result(1), make_result(2))
        wait_for(lambda: len(sink.taken) == 2)

    assert sink.positions == [1, 2]
    assert told == ["memory: nobody is there; results are kept and sent again", "memory: it takes results again"]


def test_how_many_results_wait_is_told_each_time_it_has_changed(tmp_path, sink):
    events = []
    sink.error = DOWN
    with Sending([sink], tmp_path, events.append) as sending:
        sending.send(make_result(1), make_result(2))
        sending.tell()
        sink.error = None
        wait_for(lambda: len(sink.taken) == 2)
        sending._counted = 0.0
        sending.tell()

    assert [(event.message, event.total) for event in events if event.kind == "waiting"] == [
        ("memory", 2),
        ("memory", 0),
    ]


def test_what_waits_at_the_end_is_told_and_sent_the_next_time(tmp_path, sink, report, told):
    sink.error = DOWN
    sending = Sending([sink], tmp_path, report)
    sending.send(make_result(1), make_result(2))
    sending.close(patience=0.1)
    assert told[-1] == "memory: 2 results wait; they are sent when the run goes on"

    again = Remembering()
    Sending([again], tmp_path).close()

    assert again.positions == [1, 2]


def test_results_for_a_sink_that_is_not_named_any_more_are_told(tmp_path, sink, report, told):
    sink.error = DOWN
    sending = Sending([sink], tmp_path)
    sending.send(make_result(1))
    sending.close(patience=0)

    Sending([Remembering("other")], tmp_path, report).close()

    assert told == ["memory: 1 result waits, but this sink is not named any more"]


def test_what_is_refused_is_told_and_holds_nothing_up(tmp_path, sink, report, told):
    sink.error = RefusedError("it has no serial number")
    with Sending([sink], tmp_path, report) as sending:
        sending.send(make_result(1))
        wait_for(lambda: sink.tries == 1)
        sink.error = None
        sending.send(make_result(2))

    assert sink.positions[-1] == 2
    assert told == ["memory: a.png is put aside: it has no serial number"]


def test_a_sink_that_fails_in_an_unforeseen_way_does_not_stop_the_line(tmp_path, sink, report, told):
    sink.error = ZeroDivisionError("by zero")
    with Sending([sink], tmp_path, report) as sending:
        sending.send(make_result(1))
        wait_for(lambda: sink.tries > 1)
        sink.error = None

    assert sink.positions == [1]
    assert "by zero" in told[0]


def test_a_queue_that_grows_is_told_each_time_that_it_doubled(tmp_path, sink, report, told, monkeypatch):
    monkeypatch.setattr("inspector.sinks.sending.LOOK_AGAIN", 0)
    sink.free.clear()
    with Sending([sink], tmp_path, report) as sending:
        for start in range(0, 4 * TOLD_AT, 50):
            sending.send(*(make_result(position) for position in range(start, start + 50)))
        sink.free.set()

    growth = [f"memory: {count} results wait to be sent" for count in (TOLD_AT, 2 * TOLD_AT, 4 * TOLD_AT)]
    assert [sentence for sentence in told if "to be sent" in sentence] == growth


def test_files_are_moved_after_those_who_read_them(tmp_path):
    reader, mover = Remembering("reader"), Remembering("mover")
    reader.reads_files = mover.moves_files = True
    reader.free.clear()
    with Sending([mover, reader], tmp_path) as sending:
        sending.send(make_result(1))
        wait_for(lambda: reader.tries == 1)
        assert mover.tries == 0
        reader.free.set()

    assert mover.positions == [1]


def test_without_sinks_nothing_is_written(tmp_path):
    with Sending([], tmp_path) as sending:
        sending.send(make_result(1))

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_sent_after_the_end(tmp_path, sink):
    sending = Sending([sink], tmp_path)
    sending.close()
    sending.close()

    with pytest.raises(ValueError, match="it was closed"):
        sending.send(make_result(1))


def test_a_sink_whose_progress_cannot_be_noted_goes_on_when_it_can(tmp_path, sink, report, told, monkeypatch):
    mark, full = Backlog.mark_taken, [True, True]

    def mark_once(*arguments):
        if full:
            full.pop()
            raise StoreError("results.db cannot be used: database or disk is full")
        mark(*arguments)

    monkeypatch.setattr(Backlog, "mark_taken", mark_once)
    with Sending([sink], tmp_path, report) as sending:
        sending.send(make_result(1), make_result(2))

    assert sink.positions == [1, 1, 1, 2]
    assert "disk is full; results are kept and sent again" in told[0]


def test_a_sink_is_closed_and_opened_again_after_it_failed_and_waits_begin_anew_after_it_took(tmp_path, sink):
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) % 3 == 0:
            sink.error = None
        return sink.stopping.is_set()

    sink.error, sink.stopping.wait = DOWN, wait
    with Sending([sink], tmp_path) as sending:
        sending.send(make_result(1))
        wait_for(lambda: sink.taken)
        sink.error = DOWN
        sending.send(make_result(2))

    assert waits == [0.01, 0.02, 0.04, 0.01, 0.02, 0.04]
    assert sink.calls == [
        "open",
        *["take", "close", "open"] * 3,
        "take",
        *["take", "close", "open"] * 3,
        "take",
        "close",
    ]
