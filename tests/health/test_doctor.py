"""The doctor finds what is wrong with a station and says what to do; what is sound it calls good."""

import json
import shutil
import sqlite3
import time
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from inspector.data.samples import Batch, Sample
from inspector.health import checks, machine, self_test, storage, weights
from inspector.health.checks import CHECKS, run_checks
from inspector.health.findings import Finding
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace

WORKSPACE_0001 = Path(__file__).parents[1] / "store" / "data" / "workspace_0001"


@pytest.fixture
def used(store, tmp_path):
    run_id = store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())
    store.verdicts.add(store.runs.samples(run_id)[0].id, "Ada", "rejected", "a dent")
    return store.folder


def change(folder, statement):
    with closing(sqlite3.connect(folder / "inspector.db")) as database:
        database.execute(statement)
        database.commit()


def only(findings):
    [finding] = findings
    return finding


def test_sound_station_passes_and_says_what_it_is(run, used, monkeypatch):
    monkeypatch.setitem(CHECKS, "memory", lambda _: [Finding("memory", "good", "enough")])  # other tests take it
    monkeypatch.setitem(CHECKS, "disk", lambda _: [Finding("disk", "good", "enough")])

    code, said, _ = run("doctor", "--json")

    findings = [Finding(**fields) for fields in json.loads(said)]
    assert [f for f in findings if f.level == "wrong"] == []
    assert code == 0
    assert list(dict.fromkeys(finding.check for finding in findings)) == list(CHECKS)
    told = {finding.check: finding.message for finding in findings}
    assert "torch 2." in told["versions"]
    assert told["weights"] == "embedded efficientnet-lite0: SHA-256 579344248a93e230"
    assert "1 entry agrees" in told["database"]
    assert "6 drawn photos scanned on " in told["self-test"]


def test_wrong_findings_end_with_1_and_a_remedy(run, used, monkeypatch):
    for name in CHECKS:
        if name != "database":
            monkeypatch.setitem(CHECKS, name, lambda _, name=name: [Finding(name, "good", "fine")])
    assert run("doctor")[0] == 0
    change(used, "UPDATE verdict SET new = 'accepted'")

    code, said, _ = run("doctor")

    assert code == 1
    assert "wrong   database     verdict 1 (run 1, a.png, by 'Ada') was changed: new is 'accepted'" in said
    assert "-> somebody wrote into the database by other means" in said


def test_check_that_fails_is_a_finding(tmp_path, monkeypatch):
    for name in list(CHECKS)[1:]:
        monkeypatch.delitem(checks.CHECKS, name)
    monkeypatch.setitem(checks.CHECKS, "versions", lambda _: 1 / 0)

    finding = only(run_checks(tmp_path))

    assert finding.level == "wrong"
    assert "ZeroDivisionError" in finding.message


def test_finding_that_needs_a_remedy_has_one():
    with pytest.raises(ValueError, match="remedy"):
        Finding("disk", "wrong", "full")


def test_database_is_looked_at_as_it_is(used, tmp_path):
    assert only(storage.check_database(tmp_path / "none")).level == "skipped"
    assert not (tmp_path / "none").exists()
    old = Path(shutil.copytree(WORKSPACE_0001, tmp_path / "old"))
    assert "earlier version" in only(storage.check_database(old)).message
    assert not (old / "inspector-0001.db").exists()
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "inspector.db").touch()
    assert "not made to its end" in only(storage.check_database(tmp_path / "half")).message
    assert [finding.level for finding in storage.check_database(used)] == ["good", "good"]
    change(used, "UPDATE alembic_version SET version_num = '9999'")
    assert only(storage.check_database(used)).remedy == "update the inspector"


def test_damage_and_loose_rows_are_found(used, tmp_path):
    change(used, "DELETE FROM run")
    finding = only(storage.check_database(used))
    assert (finding.level, "rows of" in finding.message) == ("wrong", True)
    (used / "inspector.db").write_bytes(b"no database " * 999)
    for rest in ("-wal", "-shm"):
        (used / f"inspector.db{rest}").unlink(missing_ok=True)
    finding = only(storage.check_database(used))
    assert "is damaged" in finding.message
    assert "--salvage" in finding.remedy


def test_many_changed_rows_are_counted(store, tmp_path):
    samples = tuple(Sample(f"{i}.png", image=tmp_path / "a.png") for i in range(30))
    store.runs.create(Batch(tmp_path, samples), ScanSettings())
    for index in range(30):
        store.verdicts.add(index + 1, "Ada", "rejected")
    change(store.folder, "UPDATE verdict SET new = 'accepted'")

    findings = storage.check_database(store.folder)

    assert len(findings) == 22
    assert findings[-1].message == "and 10 more rows"


def test_slow_or_closed_disks_are_told(tmp_path, monkeypatch):
    assert only(storage.check_write_speed(tmp_path / "to" / "come")).level in ("good", "warning")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(storage, "_measure_file", lambda _: 3.0)
    assert only(storage.check_write_speed(tmp_path)).level == "warning"

    def refuse(_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(storage, "_measure_file", refuse)
    assert "Read-only file system" in only(storage.check_write_speed(tmp_path)).message


def test_clock_behind_the_workspace_or_the_program_is_found(used, monkeypatch):
    assert only(machine.check_clock(used)).level == "good"
    change(used, "UPDATE verdict SET time = '2999-01-01 00:00:00.000000'")
    assert "before the newest entry of the workspace (2999-01-01" in only(machine.check_clock(used)).message
    monkeypatch.setattr(machine, "FUTURE", -machine.timedelta(days=40_000))
    assert "before this program was installed" in only(machine.check_clock(used)).message


def test_little_memory_and_disk(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    for free, level in ((0.5e9, "wrong"), (2e9, "warning"), (50e9, "good")):
        monkeypatch.setattr(machine, "free_bytes", lambda free=free: free)
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _, free=free: usage(100e9, 0, free))
        found = only(machine.check_memory(tmp_path)), only(machine.check_disk(tmp_path / "none"))
        assert [finding.level for finding in found] == [level, level]


def test_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "PACKAGES", (*machine.PACKAGES, "no-such-package"))

    assert "not installed: no-such-package" in only(machine.check_versions(tmp_path)).message


def test_gl_is_skipped_without_a_desktop_and_a_warning_where_it_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "_has_desktop", lambda: False)
    assert only(machine.check_gl(tmp_path)).level in ("skipped", "good")
    crash = namedtuple("crash", "returncode stdout")
    monkeypatch.setattr(machine, "_has_desktop", lambda: True)
    monkeypatch.setattr(machine.subprocess, "run", lambda *_, **__: crash(-11, ""))
    finding = only(machine.check_gl(tmp_path))
    assert (finding.level, "exit code -11" in finding.message) == ("warning", True)


def test_other_weights_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "EMBEDDED_SHA256", "another")
    monkeypatch.setenv("INSPECTOR_WEIGHTS", str(tmp_path))

    assert "install it again" in weights.check_weights(tmp_path)[0].remedy


def test_self_test_finds_other_scores_and_is_quick(tmp_path, monkeypatch):
    begin = time.perf_counter()
    assert only(self_test.check_scores(tmp_path)).level == "good"
    assert time.perf_counter() - begin < self_test.PATIENCE
    scores = [score * 1.05 for score in self_test.EXPECTED]
    monkeypatch.setattr(self_test, "_scan", lambda: (scores, [0], "cpu"))
    assert "5.0% from what they must be" in only(self_test.check_scores(tmp_path)).message
    monkeypatch.setattr(self_test, "_scan", lambda: (list(self_test.EXPECTED), [], "cpu"))
    assert only(self_test.check_scores(tmp_path)).level == "wrong"


def test_drawn_photos_are_the_same_everywhere():
    photos = self_test.draw_photos()

    assert [photo.shape for photo in photos] == [(96, 96, 3)] * 6
    assert [int(photo.astype(np.int64).sum()) for photo in photos] == [
        3259638,
        3353880,
        3353877,
        3353319,
        3353796,
        3353457,
    ]


def test_salvage_command(run, used, tmp_path):
    code, said, _ = run("doctor", "--salvage", tmp_path / "new")

    assert code == 0
    assert "verdict: 1 row\n" in said
    with Workspace(tmp_path / "new") as store:
        assert len(store.runs.all()) == 1
