"""What a station did without its server comes to it in order and once, whatever interrupts it."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.export.words import Words
from inspector.settings import ScanSettings
from inspector.store import hand_over as module
from inspector.store.carried import Carried, carry_verdicts
from inspector.store.groups import FoundGroup
from inspector.store.hand_over import HandedRun, hand_over
from inspector.store.pruning import plan_pruning, prune
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.run_facts import name_fact, renumber_runs
from inspector.store.tables import SampleRow
from inspector.store.workspace import Workspace

PARTS = 3


def make_run(store: Workspace, name: str = "lot") -> int:
    """Make a finished run with maps; part 0 is flagged."""
    batch = Batch(Path(name), tuple(Sample(f"{i}.png", image=Path(name) / f"{i}.png") for i in range(PARTS)))
    run = store.runs.create(batch, ScanSettings())
    store.runs.keep_readings(run, [SampleReading(i, "ok", sha256=f"{name} {i}") for i in range(PARTS)])
    for position in range(PARTS):
        store.artefacts.save_map(run, position, np.full((2, 3), position, np.float32))
    results = [SampleResult(i, 0.9 - i / 10, None, 0.9 - i / 10, i == 0) for i in range(PARTS)]
    store.runs.finish(run, results, RunResult(Calibration(0.85, True, 0, 1, 0, 1)))
    return run


def judge(store: Workspace, run: int, position: int, operator: str, verdict: str, comment: str = "") -> None:
    store.verdicts.add(store.runs.samples(run)[position].id, operator, verdict, comment)


def tell_verdicts(store: Workspace, run: int) -> list[tuple[object, ...]]:
    positions = {sample.id: sample.position for sample in store.runs.samples(run)}
    said = store.verdicts.of_run(run)
    return [(positions[v.sample_id], v.operator, v.time, v.old, v.new, v.comment, v.kind) for v in said]


def hand(station: Workspace, shared: Workspace) -> list[HandedRun]:
    told: list[HandedRun] = []
    hand_over(station, shared, told.append)
    return told


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Workspace]:
    """A station with two runs, five verdicts, a moved threshold and a marked group."""
    with Workspace(tmp_path / "station") as store:
        first, second = make_run(store, "lot 1"), make_run(store, "lot 2")
        judge(store, first, 0, "Ann", "rejected", "a dent")
        judge(store, second, 1, "Bob", "accepted")
        judge(store, first, 0, "Bob", "accepted")
        judge(store, first, 2, "Ann", "rejected")
        judge(store, first, 0, "Ann", "accepted", "looked twice")
        store.runs.set_threshold(first, 0.75, 0.75, "Ann")
        store.groups.keep(second, [FoundGroup({0: (0, 0, 1, 1), 2: (0, 0, 1, 1)}, False)], {})
        store.groups.mark(store.groups.of_run(second)[0].id, "Ann", "defect")
        yield store


@pytest.fixture
def shared(location: str | Path) -> Iterator[Workspace]:
    """The shared workspace, on each kind of database; it has a run of its own, so that numbers differ."""
    with Workspace(location) as store:
        make_run(store, "another")
        yield store


def test_runs_come_with_all_that_was_said_and_their_files(station: Workspace, shared: Workspace) -> None:
    handed = hand(station, shared)

    assert [(each.source, each.number, each.parts, each.verdicts, each.clashes) for each in handed] == [
        (1, 2, PARTS, 4, ()),
        (2, 3, PARTS, 1, ()),
    ]
    for source, number in ((1, 2), (2, 3)):
        assert tell_verdicts(shared, number) == tell_verdicts(station, source)
        ours, theirs = station.runs.get(source), shared.runs.get(number)
        same = ("created", "finished", "root", "settings", "threshold", "samples", "flagged", "status", "calibration")
        assert [getattr(theirs, name) for name in same] == [getattr(ours, name) for name in same]
        assert [(s.name, s.final, s.flagged, s.sha256) for s in shared.runs.samples(number)] == [
            (s.name, s.final, s.flagged, s.sha256) for s in station.runs.samples(source)
        ]
        for position in range(PARTS):
            assert (shared.artefacts.load_map(number, position) == position).all()
    assert [(m.operator, m.old, m.new) for m in shared.runs.threshold_changes(2)] == [("Ann", 0.85, 0.75)]
    assert [(g.mark, [m.position for m in g.members]) for g in shared.groups.of_run(3)] == [("defect", [0, 2])]
    assert shared.audit.find_problems() == []


def test_verdicts_that_were_carried_over_name_their_run_by_its_number_there(
    station: Workspace, shared: Workspace
) -> None:
    of_a_file = "fewer than two of 3 parts that are compared with each other, run 1/a.png first, were accepted"
    station.runs.add_notes(2, ["judged by the 2 parts that were accepted in run 1", of_a_file])
    with station.database.session(durable=True) as session:
        carry_verdicts(session, 2, Carried(1, [0], [1, 2]))

    hand(station, shared)

    carried = [said for said in shared.verdicts.of_run(3) if said.kind == "carried"]
    assert [(said.operator, said.new, said.comment, said.carried_from) for said in carried] == [
        ("Bob", "accepted", "looked twice", 2),
        ("Ann", "rejected", "", 2),
    ]
    assert shared.runs.get(3).notes == ["judged by the 2 parts that were accepted in run 2", of_a_file]
    assert shared.audit.find_problems() == []
    assert hand(station, shared) == []


def test_a_run_that_does_not_come_along_is_not_named_by_its_number_at_the_station() -> None:
    told = ["judged by 3 views of the 2 parts that were accepted in run 7: by 2 at most, drawn at random"]
    told += [f"verdicts carried over from run {number}, where the files are the same: 1" for number in (7, 8)]

    named = renumber_runs(told, {8: 2})

    assert named[0].endswith("that were accepted in an earlier run: by 2 at most, drawn at random")
    assert [note[27:41] for note in named[1:]] == ["an earlier run", "run 2, where t"]
    assert [name_fact(note) for note in named] == ["Judges", "Verdicts", "Verdicts"]
    assert Words("de").sentence(named[1]).startswith("aus einem früheren Lauf übernommene Urteile")


def test_photos_that_wait_on_a_line_stay_at_the_station(station: Workspace, shared: Workspace) -> None:
    copy = station.artefacts.run_folder(1) / "held" / "1" / "current.png"
    copy.parent.mkdir(parents=True)
    copy.touch()

    hand(station, shared)

    assert [*shared.folder.rglob("current.png")] == []


def test_repeated_it_hands_over_what_is_new_and_nothing_twice(station: Workspace, shared: Workspace) -> None:
    hand(station, shared)
    entries = shared.audit.entries()

    assert hand(station, shared) == []
    assert shared.audit.entries() == entries
    judge(station, 2, 0, "Ann", "rejected")
    again = hand(station, shared)

    assert [(each.number, each.parts, each.verdicts) for each in again] == [(3, 0, 1)]
    assert tell_verdicts(shared, 3) == tell_verdicts(station, 2)
    assert len(shared.runs.all()) == 3


@pytest.mark.sqlite_only  # it is the same code on a server
@pytest.mark.parametrize("where", ["_copy_files", "_add_samples", "_add_rest", "_add_verdicts", "rename"])
def test_interrupted_anywhere_and_repeated_all_is_there_once(
    station: Workspace, shared: Workspace, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    owner, name = (Path, where) if where == "rename" else (module, where)
    work, calls = getattr(owner, name), [0]

    def die_after(*given: object) -> object:
        calls[0] += 1
        done = work(*given)
        if calls[0] == 2:  # the first run is kept by then
            raise Killed
        return done

    monkeypatch.setattr(owner, name, die_after)
    with pytest.raises(Killed):
        hand(station, shared)
    monkeypatch.undo()
    assert len(shared.runs.all()) == (3 if where == "rename" else 2)

    hand(station, shared)

    assert [tell_verdicts(shared, number) for number in (2, 3)] == [tell_verdicts(station, run) for run in (1, 2)]
    assert [shared.artefacts.load_map(3, position).max() for position in range(PARTS)] == [0, 1, 2]
    assert sorted(path.name for path in (shared.folder / "runs").iterdir()) == ["1", "2", "3"]
    assert shared.audit.find_problems() == []


def test_what_was_decided_on_the_server_stands_and_the_clash_is_told(station: Workspace, shared: Workspace) -> None:
    hand(station, shared)
    judge(shared, 2, 1, "Eve", "accepted")
    judge(shared, 2, 2, "Eve", "accepted")
    judge(station, 1, 1, "Ann", "rejected", "a scratch")
    judge(station, 1, 2, "Bob", "accepted")

    (handed,) = hand(station, shared)

    assert handed.verdicts == 2
    assert handed.clashes == ("run 2, 1.png: Ann said rejected at the station; Eve's accepted stands",)
    said = [(place, *rest) for place, *rest in tell_verdicts(shared, 2) if place in (1, 2)]
    assert [(place, who, old, new, comment, kind) for place, who, _, old, new, comment, kind in said] == [
        (2, "Ann", "undecided", "rejected", "", "verdict"),
        (1, "Eve", "undecided", "accepted", "", "verdict"),
        (2, "Eve", "rejected", "accepted", "", "verdict"),
        (1, "Ann", "accepted", "accepted", "[rejected, handed over] a scratch", "comment"),
        (2, "Bob", "accepted", "accepted", "[accepted, handed over]", "comment"),
    ]
    assert (hand(station, shared), shared.audit.find_problems()) == ([], [])


KILLED = """
import os, sys
from pathlib import Path
from inspector.store.hand_over import hand_over
from inspector.store.workspace import Workspace
rename, calls = Path.rename, []
def die(path, target):
    calls.append(path)
    if len(calls) == 2:
        os._exit(9)
    rename(path, target)
Path.rename = die
hand_over(Workspace(sys.argv[1]), Workspace(sys.argv[2]))
"""


@pytest.mark.sqlite_only  # it is the same code on a server
def test_killed_while_a_run_is_put_in_place_and_repeated_all_is_there_once(
    station: Workspace, shared: Workspace
) -> None:
    program = subprocess.run([sys.executable, "-c", KILLED, station.folder, shared.folder], check=False)
    assert (program.returncode, len(shared.runs.all())) == (9, 3)
    assert not (shared.folder / "runs" / "3").exists()

    assert hand(station, shared) == []

    assert sorted(path.name for path in (shared.folder / "runs").iterdir()) == ["1", "2", "3"]
    assert tell_verdicts(shared, 3) == tell_verdicts(station, 2)
    assert shared.artefacts.load_map(3, 2).max() == 2
    assert shared.audit.find_problems() == []


@pytest.mark.sqlite_only  # it is the same code on a server
def test_files_of_a_run_that_was_not_kept_are_not_those_of_the_next_one(
    station: Workspace, shared: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename
    seen: list[list[int]] = []

    def look(path: Path, target: Path) -> Path:
        with sqlite3.connect(shared.folder / "inspector.db") as other:
            seen.append([number for (number,) in other.execute("SELECT id FROM run ORDER BY id")])
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", look)
    hand(station, shared)

    assert seen == [[1, 2], [1, 2, 3]]  # rows are kept before files get their number


def test_a_run_that_was_removed_there_is_not_brought_back(station: Workspace, shared: Workspace) -> None:
    hand(station, shared)
    prune(shared, replace(plan_pruning(shared), runs=(shared.runs.get(2),)), "Eve")

    left = hand_over(station, shared)

    assert [(run.id, why) for run, why in left] == [(1, "was removed there")]
    assert (sorted(run.id for run in shared.runs.all()), shared.audit.find_problems()) == ([1, 3], [])


@pytest.mark.sqlite_only  # it is the same code on a server
def test_who_typed_parts_and_moved_folders_comes_with_them(station: Workspace, shared: Workspace) -> None:
    station.runs.keep_identity(2, 1, {"part": "7"}, "Ann")
    station.runs.move_files(2, "moved", [], "Eve")

    hand(station, shared)

    assert shared.audit.parts(3) == station.audit.parts(2) != []
    (moved,) = [json.loads(entry.fields) for entry in shared.audit.entries() if entry.kind == "folder"]
    assert (moved["id"], moved["run_id"], moved["operator"], moved["new"]) == (3, 3, "Eve", "moved")
    assert shared.audit.find_problems() == []
    hand(station, shared)
    assert len(shared.audit.parts(3)) == 1


@pytest.mark.sqlite_only  # it is the same code on a server
def test_parts_that_came_since_follow(station: Workspace, shared: Workspace) -> None:
    """As of a watched folder that was taken up again."""
    hand(station, shared)
    with station.database.session() as session:
        session.add(SampleRow(run_id=2, position=3, name="late.png", status="ok", flagged=True))
        session.connection().exec_driver_sql("UPDATE run SET samples = 4, flagged = 2 WHERE id = 2")
    station.artefacts.save_map(2, 3, np.ones((2, 3), np.float32))
    judge(station, 2, 3, "Ann", "rejected")
    station.runs.keep_identity(2, 3, {"part": "late"}, "Ann")
    station.runs.keep_identity(2, 0, {"part": "there already"}, "Ann")

    (handed,) = hand(station, shared)

    run = shared.runs.get(3)
    assert ((handed.parts, handed.verdicts), (run.samples, run.flagged)) == ((1, 1), (4, 2))
    assert shared.artefacts.load_map(3, 3).max() == 1
    assert tell_verdicts(shared, 3) == tell_verdicts(station, 2)
    assert ([said.position for said in shared.audit.parts(3)], shared.audit.find_problems()) == ([3], [])


@pytest.mark.sqlite_only  # it is the same code on a server
def test_what_is_not_done_stays(station: Workspace, shared: Workspace, run: object) -> None:
    station.runs.create(Batch(Path("open"), (Sample("a.png", image=Path("a.png")),)), ScanSettings())

    code, told, _ = run("hand-over", station.folder)  # type: ignore[operator]

    assert code == 0
    assert told.splitlines() == [
        "Run 1 is run 2 there: 3 new parts, 4 new verdicts.",
        "Run 2 is run 3 there: 3 new parts, 1 new verdict.",
        "Run 3 is not done, and stays.",
        "5 verdicts were handed over; 0 of the parts had been decided differently there.",
    ]


@pytest.mark.sqlite_only  # it is the same code on a server
def test_what_cannot_be_handed_over_is_refused(shared: Workspace, run: object, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="to itself"):
        hand(shared, shared)
    (tmp_path / "link").symlink_to(shared.folder)
    with Workspace(tmp_path / "link") as again, pytest.raises(StoreError, match="to itself"):
        hand(again, shared)
    code, _, stderr = run("hand-over", tmp_path / "nothing")  # type: ignore[operator]

    assert (code, "there is no workspace in" in stderr, (tmp_path / "nothing").exists()) == (1, True, False)


@pytest.mark.sqlite_only  # copies are of folders
def test_a_copy_of_a_workspace_knows_its_runs_again(station: Workspace, tmp_path: Path) -> None:
    station.close()
    shutil.copytree(tmp_path / "station", tmp_path / "copy")

    with Workspace(tmp_path / "station") as again, Workspace(tmp_path / "copy") as copy:
        assert hand(again, copy) == []
