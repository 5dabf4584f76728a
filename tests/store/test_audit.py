"""The audit chain finds what was changed, removed or inserted behind the program's back, and names it."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import inspector
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import InputError
from inspector.settings import ScanSettings
from inspector.store import audit
from inspector.store.audit import check_links, compare_chains, compute_hash, export_chain, read_chain
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.workspace import Workspace
from tests import processes

WORKSPACE_0001 = Path(__file__).parent / "data" / "workspace_0001"


@pytest.fixture
def decided(store, tmp_path):
    """A workspace with verdicts 1 to 3 and threshold change 1: entries 1, 2, 4 and 3."""
    batch = Batch(tmp_path, tuple(Sample(f"part_{i}.png", image=tmp_path / f"part_{i}.png") for i in range(3)))
    run_id = store.runs.create(batch, ScanSettings())
    results = [SampleResult(i, 0.5 + i, None, 0.5 + i, False) for i in range(3)]
    store.runs.finish(run_id, results, RunResult(Calibration(0.4, False, 0.0, 1.0, 0.0, 1.0)))
    first, second, _ = store.runs.samples(run_id)
    store.verdicts.add(first.id, "Ada", "rejected", "dent")
    store.verdicts.add(second.id, "Bob", "accepted")
    store.runs.set_threshold(run_id, 0.75, 0.5, "Ada")
    store.verdicts.add(first.id, "Bob", "accepted", "dust")
    return store


def test_what_the_program_writes_is_chained(decided):
    entries = decided.audit.entries()

    assert decided.audit.find_problems() == []
    assert [(entry.kind, json.loads(entry.fields)["id"]) for entry in entries] == [
        ("verdict", 1),
        ("verdict", 2),
        ("threshold", 1),
        ("verdict", 3),
    ]
    assert [entry.previous for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
    assert json.loads(entries[0].fields)["name"] == "part_0.png"


def test_hash_can_be_checked_by_hand():
    """printf '\\nverdict\\n{}' | sha256sum"""
    assert compute_hash("", "verdict", "{}") == "a56eed3a265293e1346adbfef3979154d14e660cd2bf6fd578d7a7b417e39ce4"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE verdict SET new = 'rejected' WHERE id = 3",
            ["verdict 3 (run 1, part_0.png, by 'Bob') was changed: new is 'rejected', but was 'accepted'"],
        ),
        (
            "UPDATE verdict SET time = '2020-01-01 00:00:00.000000' WHERE id = 3",
            ["verdict 3 (run 1, part_0.png, by 'Bob') was changed: time is '2020-01-01T00:00:00.000000Z', but was"],
        ),
        (
            "UPDATE sample SET name = 'other.png' WHERE position = 1",
            ["verdict 2 (run 1, part_1.png, by 'Bob') was changed: name is 'other.png', but was 'part_1.png'"],
        ),
        (
            "UPDATE verdict SET carried_from = 1 WHERE id = 3",  # it would count in no agreement
            ["verdict 3 (run 1, part_0.png, by 'Bob') was changed: carried_from is 1, but was None"],
        ),
        ("DELETE FROM verdict WHERE id = 1", ["verdict 1 (run 1, part_0.png, by 'Ada') is missing"]),
        (
            "INSERT INTO verdict VALUES (9, 2, 'Eve', '2026-01-01', 'accepted', 'rejected', '', '', 'undo', NULL)",
            ["verdict 9 (run 1, part_1.png, by 'Eve') was inserted: the audit chain knows nothing of it"],
        ),
        (
            "UPDATE threshold_change SET new = 0.9",
            ["threshold change 1 (run 1, by 'Ada') was changed: new is 0.9, but was 0.75"],
        ),
        ("UPDATE run SET threshold = 0.9", ["the threshold of run 1 was changed: it is 0.9, but was 0.75"]),
        (
            "DELETE FROM run",
            ["run 1 is missing, and it was not pruned; entries of the audit chain"],
        ),
        (
            "UPDATE sample SET flagged = (1 = 0)",
            ["whether part_1.png (and of 1 more) of run 1 is flagged does not follow from its score and the threshold"],
        ),
        (
            "UPDATE sample SET flagged = NULL WHERE id = 1",
            ["whether part_0.png of run 1 is flagged does not follow from its score and the threshold"],
        ),
        (
            "UPDATE sample SET final = 9 WHERE id = 3",
            ["the final score of part_2.png of run 1 is not the one that was found"],
        ),
        (
            "UPDATE sample SET final = 9, raw_score = 9, flagged = (1 = 1) WHERE id = 1",
            ["the score of part_0.png of run 1 was changed: it is 9.0, but was 0.5 when 'Bob' decided"],
        ),
        ("DELETE FROM threshold_change", ["threshold change 1 (run 1, by 'Ada') is missing"]),
        ("UPDATE audit SET kind = 'pruned' WHERE id = 2", ["audit entry 2 was changed", "verdict 1 ", "verdict 2 "]),
        (
            "DELETE FROM audit WHERE id = 2",
            ["audit entry 2 is missing", "verdict 2 (run 1, part_1.png, by 'Bob') was inserted"],
        ),
        ("DELETE FROM audit WHERE id < 3", ["audit entries 1 to 2 are missing", "verdict 1 ", "verdict 2 "]),
        ("DELETE FROM audit WHERE id = 4", ["verdict 3 (run 1, part_0.png, by 'Bob') was inserted"]),
        ("UPDATE audit SET hash = 'ff' WHERE id = 2", ["audit entry 2 was changed", "audit entry 3 does not follow"]),
        (
            "INSERT INTO audit VALUES (5, 'verdict', 'no json', (SELECT hash FROM audit WHERE id = 4), 'ff')",
            ["audit entry 5 was changed"],
        ),
    ],
)
def test_each_kind_of_change_is_found_and_named(decided, change, statement, told):
    change(decided, statement)

    problems = decided.audit.find_problems()

    assert len(problems) == len(told)
    for problem, words in zip(problems, told, strict=True):
        assert problem.startswith(words)


def test_typed_parts_and_moved_folders_are_chained_with_who_said_what_of_before(decided, change, tmp_path):
    decided.runs.keep_identity(1, 0, {"part": " 7 "}, "Ann")
    decided.runs.keep_identity(1, 0, {"part": "7"}, "Ann")  # as it is: nothing is said
    decided.runs.keep_identity(1, 0, {"part": "8", "lot": "A"}, "Bob")
    decided.runs.move_files(1, "elsewhere", [{"position": 1, "image": "elsewhere/part_1.png"}], "Eve")
    export_chain(decided.audit.entries(), tmp_path / "chain.jsonl")

    said = [(entry.kind, json.loads(entry.fields)) for entry in read_chain(tmp_path / "chain.jsonl")[4:]]

    assert [(kind, fields["operator"], fields["old"], fields["new"]) for kind, fields in said] == [
        ("part", "Ann", {}, {"part": "7"}),
        ("part", "Bob", {"part": "7"}, {"part": "8", "lot": "A"}),
        ("folder", "Eve", str(tmp_path), "elsewhere"),
    ]
    assert [(one.position, one.operator, one.new) for one in decided.audit.parts(1)] == [
        (0, "Ann", {"part": "7"}),
        (0, "Bob", {"part": "8", "lot": "A"}),
    ]
    assert f"{decided.audit.parts(1)[0].time.isoformat(timespec='microseconds')}Z" == said[0][1]["time"]
    assert (decided.runs.get(1).root, decided.audit.find_problems()) == ("elsewhere", [])
    change(decided, "UPDATE sample SET identity = '{}' WHERE id = 1")
    change(decided, "UPDATE run SET root = 'here'")
    assert decided.audit.find_problems() == [
        "part of sample 1 (run 1, part_0.png, by 'Bob') was changed: identity is {}, but was {'lot': 'A', 'part': '8'}",
        "folder of run 1 (run 1, by 'Eve') was changed: root is 'here', but was 'elsewhere'",
    ]


def test_an_entry_that_was_changed_says_nothing_of_parts_and_hinders_nobody(decided, change):
    decided.runs.keep_identity(1, 0, {"part": "7"}, "Ann")
    decided.runs.keep_identity(1, 1, {"part": "8"}, "Bob")
    for rubbish in ('"run_id":1, and no JSON', '{"kind":"","run_id":1,"x":0}'):
        change(decided, "UPDATE audit SET fields = :fields WHERE id = 5", fields=rubbish)

        assert [said.operator for said in decided.audit.parts(1)] == ["Bob"]
        assert "audit entry 5 was changed" in decided.audit.find_problems()[0]


def test_entry_rewritten_with_its_own_hash_breaks_the_next(decided, change):
    entry = decided.audit.entries()[0]
    fields = entry.fields.replace("rejected", "accepted")
    change(
        decided,
        "UPDATE audit SET fields = :fields, hash = :hash WHERE id = 1",
        fields=fields,
        hash=compute_hash(entry.previous, entry.kind, fields),
    )
    change(decided, "UPDATE verdict SET new = 'accepted' WHERE id = 1")

    [problem] = decided.audit.find_problems()

    assert problem == "audit entry 2 does not follow the one before: one of them was changed"


def test_export_is_verified_and_holds_against_a_chain_made_anew(decided, change, tmp_path):
    export_chain(decided.audit.entries(), tmp_path / "chain.jsonl")
    exported = read_chain(tmp_path / "chain.jsonl")
    assert exported == decided.audit.entries()
    assert check_links(exported) == []

    decided.verdicts.add(2, "Ada", "rejected")
    assert compare_chains(exported, decided.audit.entries()) == ""
    change(decided, "DELETE FROM verdict WHERE id >= 3")
    change(decided, "DELETE FROM audit WHERE id >= 4")
    assert decided.audit.find_problems() == []  # the end was cut off on both sides: the export alone tells
    assert compare_chains(exported, decided.audit.entries()) == "the workspace lacks audit entries 4 to 4 of the export"
    decided.verdicts.add(1, "Eve", "undecided")
    assert "departs from the export at audit entry 4" in compare_chains(exported, decided.audit.entries())


@pytest.mark.parametrize(
    "content", ["no json", '{"id": 1}', "[1]", '{"id":"1","kind":"","fields":"","previous":"","hash":""}']
)
def test_what_is_no_export_is_refused(tmp_path, content):
    (tmp_path / "chain.jsonl").write_text(content)

    with pytest.raises(InputError, match="no export of an audit chain"):
        read_chain(tmp_path / "chain.jsonl")


def test_rows_of_before_there_was_a_chain_are_chained(tmp_path):
    old = Path(shutil.copytree(WORKSPACE_0001, tmp_path / "old"))
    with Workspace(old) as workspace:
        assert [json.loads(entry.fields)["operator"] for entry in workspace.audit.entries()] == ["Ada", "Bob"]
        assert workspace.audit.find_problems() == []
        workspace.verdicts.add(workspace.runs.samples(2)[0].id, "Cem", "accepted")
        assert len(workspace.audit.entries()) == 3
        assert workspace.audit.find_problems() == []


def decide(location, operator):
    with Workspace(location) as workspace:
        for number in range(25):
            workspace.verdicts.add(1 + number % 3, operator, "accepted", str(number))


def test_chain_of_stations_that_decide_at_the_same_time_is_one_line(decided, tmp_path):
    said = tmp_path / "said"
    stations = [processes.start(decide, decided.location, name, said=said) for name in "ABCD"]
    for station in stations:
        station.join()

    assert [station.exitcode for station in stations] == [0] * 4, said.read_text()
    assert len(decided.audit.entries()) == 104
    assert decided.audit.find_problems() == []


def test_chain_is_looked_at_as_of_one_moment_while_stations_decide(decided):
    code = (
        "import sys; from inspector.store.workspace import Workspace\n"
        "with Workspace(sys.argv[1]) as workspace:\n"
        "    for _ in sys.stdin:\n"
        "        for _ in range(3):\n"
        "            workspace.verdicts.add(1, 'Ada', 'accepted', 'again'); print(flush=True)\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    station = subprocess.Popen([sys.executable, "-c", code, decided.location], **pipes)
    try:
        for _ in range(100):  # as many verdicts as looks ask for, since a longer chain takes longer to look at
            station.stdin.write("\n")
            station.stdout.readline()
            assert decided.audit.find_problems() == []
    finally:
        station.kill()
        station.communicate()


def test_verdict_that_comes_while_the_chain_is_read_is_no_problem(decided, monkeypatch):
    with Workspace(decided.location) as station:
        for name in ("list_rows", "list_stated"):
            monkeypatch.setattr(audit, name, decide_before(station, getattr(audit, name)))
        assert decided.audit.find_problems() == []

    assert len(decided.audit.entries()) == 6


def decide_before(station, listing):
    def decide_and_list(*arguments):
        station.verdicts.add(1, "Ada", "accepted", "meanwhile")
        return listing(*arguments)

    return decide_and_list


def test_kinds_of_before_they_were_kept_are_told_by_the_comment(tmp_path, change):
    """As the version before wrote them: undo as a comment, a comment as the same verdict again."""
    old = Path(shutil.copytree(WORKSPACE_0001, tmp_path / "old"))
    rows = [("rejected", "accepted", "undo"), ("accepted", "accepted", "dust"), ("accepted", "rejected", "dent")]
    with closing(sqlite3.connect(old / "inspector.db")) as database:
        insert = "INSERT INTO verdict (sample_id, operator, time, old, new, comment) VALUES (1, 'Ada', ?, ?, ?, ?)"
        for minute, said in enumerate(rows):
            database.execute(insert, (f"2026-01-01 00:0{minute}:00.000000", *said))
        database.commit()

    with Workspace(old) as workspace:
        kinds = [said.kind for said in workspace.verdicts.of_run(1)][-3:]
        assert kinds == ["undo", "comment", "verdict"]
        assert workspace.audit.find_problems() == []
        change(workspace, "UPDATE verdict SET kind = 'verdict' WHERE comment = 'undo'")
        [problem] = workspace.audit.find_problems()
        assert problem.endswith("was changed: kind is 'verdict', but was 'undo'")


def test_rows_are_made_only_where_they_are_chained():
    root = Path(inspector.__file__).parent
    makers = {
        (path.relative_to(root).as_posix(), kind)
        for path in root.rglob("*.py")
        for kind in re.findall(r"(?<!class )\b(VerdictRow|ThresholdChangeRow)\(", path.read_text(encoding="utf-8"))
    }

    verdicts = {("store/verdicts.py", "VerdictRow"), ("store/carried.py", "VerdictRow")}
    assert makers == {*verdicts, ("store/run_rows.py", "ThresholdChangeRow")}


def test_commands(run, decided, change, tmp_path):
    code, said, _ = run("audit")
    assert (code, said.splitlines()[0]) == (0, f"4 entries, the last is {decided.audit.entries()[-1].hash}")
    assert run("audit", "--export", tmp_path / "chain.jsonl")[0] == 0
    assert run("audit", "--verify", tmp_path / "chain.jsonl")[0] == 0

    change(decided, "DELETE FROM verdict WHERE id = 1")
    code, _, told = run("audit")
    assert code == 1
    assert "verdict 1 (run 1, part_0.png, by 'Ada') is missing" in told
    text = (tmp_path / "chain.jsonl").read_text().replace("dent", "dust")
    (tmp_path / "chain.jsonl").write_text(text)
    code, _, told = run("audit", "--verify", tmp_path / "chain.jsonl")
    assert code == 1
    assert "audit entry 1 was changed" in told


def test_verdict_on_a_part_that_a_scan_reads_later_stands_as_it_was_given(store, tmp_path):
    run_id = store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())
    store.verdicts.add(store.runs.samples(run_id)[0].id, "Ada", "rejected")

    store.runs.keep_readings(run_id, [SampleReading(0, "ok", sha256="f" * 64)])
    assert store.audit.find_problems() == []
    store.verdicts.add(store.runs.samples(run_id)[0].id, "Ada", "accepted")
    store.runs.keep_readings(run_id, [SampleReading(0, "ok", sha256="e" * 64)])

    (problem,) = store.audit.find_problems()
    assert "verdict 2" in problem
