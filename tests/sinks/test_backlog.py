import sqlite3

import pytest

from inspector.data.samples import Batch
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.sinks.backlog import Backlog, list_refused
from inspector.store.workspace import Workspace
from tests.sinks.parts import make_result


def take_all(backlog, sink):
    positions = []
    while waiting := backlog.find_next(sink):
        positions.append(waiting.result.position)
        backlog.mark_taken(sink, waiting.number)
    return positions


def test_each_sink_gets_all_results_in_order_and_goes_on_where_it_was(tmp_path):
    backlog = Backlog(tmp_path / "run", ["a", "b"])
    backlog.keep([make_result(5), make_result(3)])
    backlog.keep([make_result(4)])

    assert take_all(backlog, "a") == [5, 3, 4]
    first = backlog.find_next("b")
    backlog.mark_taken("b", first.number)
    backlog.close()

    again = Backlog(tmp_path / "run", ["a", "b"])
    assert again.count_waiting() == {"a": 0, "b": 2}
    assert take_all(again, "b") == [3, 4]


def test_a_result_that_is_kept_twice_is_sent_once(tmp_path):
    backlog = Backlog(tmp_path, ["a"])
    backlog.keep([make_result(1), make_result(2)])
    assert take_all(backlog, "a") == [1, 2]

    backlog.keep([make_result(1), make_result(2), make_result(3)])

    assert take_all(backlog, "a") == [3]


def test_ids_differ_between_backlogs_and_stay_the_same_in_one(tmp_path):
    (here, there), result = (Backlog(tmp_path / name, ["a"]) for name in "ab"), make_result(1)
    here.keep([result])

    assert here.identify(result).id == here.find_next("a").result.id == f"0012-000001-{here.token}"
    assert here.identify(result).id != there.identify(result).id
    assert Backlog(tmp_path / "a", ["a"]).token == here.token


def test_a_new_sink_gets_what_comes_from_then_on(tmp_path):
    Backlog(tmp_path, ["a"]).keep([make_result(1)])

    backlog = Backlog(tmp_path, ["b"])
    backlog.keep([make_result(2)])

    assert take_all(backlog, "b") == [2]
    assert backlog.count_waiting() == {"a": 2, "b": 0}


def test_what_all_sinks_have_is_emptied(tmp_path):
    backlog = Backlog(tmp_path, ["a", "b"])
    backlog.keep(make_result(position) for position in range(5))
    take_all(backlog, "a")
    for _ in range(2):
        backlog.mark_taken("b", backlog.find_next("b").number)

    lines = sqlite3.connect(backlog.path).execute("SELECT line IS NULL FROM result ORDER BY number").fetchall()
    assert lines == [(1,), (1,), (0,), (0,), (0,)]


def test_what_is_refused_is_kept_with_its_reason(tmp_path):
    backlog = Backlog(tmp_path, ["a"])
    backlog.keep([make_result(1)])
    backlog.mark_taken("a", backlog.find_next("a").number, "too large")

    ((sink, result, reason),) = list_refused(tmp_path)
    assert (sink, result.position, reason) == ("a", 1, "too large")
    assert list_refused(tmp_path / "none") == []
    assert not (tmp_path / "none").exists()
    assert backlog.find_next("a") is None


def test_what_was_refused_of_a_run_is_listed(run, tmp_path):
    with Workspace(tmp_path / "workspace") as store:
        run_id = store.runs.create(Batch(tmp_path, ()), ScanSettings())
        folder = store.artefacts.run_folder(run_id)
    assert run("runs", "--refused", run_id) == (0, "No result of run 1 was refused.\n", "")
    assert not (folder / "results.db").exists()
    backlog = Backlog(folder, ["http://plant/parts"])
    backlog.keep([make_result(1)])
    backlog.mark_taken("http://plant/parts", 1, "it answered 422")

    code, told, _ = run("runs", "--refused", run_id)

    (line,) = told.splitlines()[1:]
    assert (code, line.split()[:3]) == (0, ["http://plant/parts", backlog.identify(make_result(1)).id, "ok"])
    assert line.rstrip().endswith("it answered 422")
    assert run("runs", "--refused", 9)[0] == 1


def test_a_sink_waits_for_those_before_it(tmp_path):
    backlog = Backlog(tmp_path, ["reader", "mover"])
    backlog.keep([make_result(1)])

    assert backlog.find_next("mover", ["reader"]) is None
    take_all(backlog, "reader")
    assert backlog.find_next("mover", ["reader"]).result.position == 1


def test_a_backlog_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "results.db").write_bytes(b"something else" * 100)

    with pytest.raises(StoreError, match=r"results\.db cannot be used: file is not a database"):
        Backlog(tmp_path, ["a"])


def test_a_backlog_in_no_folder_is_told(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="choose another workspace"):
        Backlog(tmp_path / "file" / "run", ["a"])


def test_a_full_disk_keeps_what_was_kept_and_goes_on_when_there_is_room(tmp_path):
    backlog = Backlog(tmp_path, ["a"])
    backlog.keep([make_result(1)])
    pages = backlog._connection.execute("PRAGMA page_count").fetchone()[0]
    backlog._connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreError, match=r"results\.db cannot be used: .* disk is full; make room on its disk"):
        backlog.keep(make_result(position) for position in range(2, 100))
    assert backlog.count_waiting() == {"a": 1}

    backlog._connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
    backlog.keep(make_result(position) for position in range(2, 5))
    assert take_all(backlog, "a") == [1, 2, 3, 4]


def test_results_of_which_one_cannot_be_kept_are_none(tmp_path):
    backlog = Backlog(tmp_path, ["a"])

    with pytest.raises(OverflowError):
        backlog.keep([make_result(1), make_result(2**70)])

    backlog.keep([make_result(2)])
    assert take_all(backlog, "a") == [2]


def test_sinks_wait_for_each_other_and_the_line_for_one_of_them_at_most(tmp_path):
    backlog = Backlog(tmp_path, ["a", "b"])
    with backlog._turn:
        backlog.keep([make_result(1)])
        assert backlog.count_waiting() == {"a": 1, "b": 1}
