"""The mark of a folder of exports, and exports of which one file fails."""

import errno
import json

import numpy as np
import pytest
from PIL import Image

from inspector import __version__
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.export import writer
from inspector.export.manifest import MANIFEST, read_manifest, write_manifest
from inspector.export.run import write_exports
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.workspace import Workspace

LONG = "n" * 251 + ".png"


@pytest.fixture
def finished(tmp_path):
    """Three parts, one with as long a name as there can be."""
    names = ("a.png", "b.png", LONG)
    with Workspace(tmp_path / "w") as store:
        (tmp_path / "batch").mkdir()
        for name in names:
            Image.new("RGB", (9, 5)).save(tmp_path / "batch" / name)
        samples = tuple(Sample(name, image=tmp_path / "batch" / name) for name in names)
        run_id = store.runs.create(Batch(tmp_path / "batch", samples), ScanSettings())
        store.runs.keep_readings(run_id, [SampleReading(i, "ok", width=9, height=5) for i in range(3)])
        for position in range(3):
            store.artefacts.save_map(run_id, position, np.eye(3, dtype=np.float32))
        results = [SampleResult(i, 1.0, 0.9 - i / 10, 0.9 - i / 10, True) for i in range(3)]
        store.runs.finish(run_id, results, RunResult(Calibration(0.5, True, 0.2, 1.0, 0.0, 1.0)))
        yield store, run_id


def test_a_folder_of_exports_is_marked(finished, tmp_path):
    store, run_id = finished

    write_exports(store, run_id, tmp_path / "out", ["scores", "overlays"])

    content = json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
    assert content == {
        "made_by": "mutual inspector",
        "version": __version__,
        "run": run_id,
        "files": ["overlays/", "scores.csv"],
    }
    write_exports(store, run_id, tmp_path / "out", ["masks"])
    assert read_manifest(tmp_path / "out") == ["masks/", "overlays/", "scores.csv"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"made_by": "another"}', '{"made_by": "mutual inspector", "files": 3}', "[" * 100_000]
)
def test_marks_of_others_and_damaged_ones_name_nothing(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text)

    assert read_manifest(tmp_path) == []


def test_a_mark_names_nothing_outside_its_folder(tmp_path):
    files = ["../photos/", "/etc", "a/b", "..", "maps/", "scores.csv", 7]
    (tmp_path / MANIFEST).write_text(json.dumps({"made_by": "mutual inspector", "files": files}))

    assert read_manifest(tmp_path) == ["maps/", "scores.csv"]


def test_what_is_gone_is_not_named_again(tmp_path):
    (tmp_path / "a.csv").write_text("")
    write_manifest(tmp_path, 1, [tmp_path / "a.csv", tmp_path / "never written"])
    assert read_manifest(tmp_path) == ["a.csv"]
    (tmp_path / "a.csv").unlink()
    write_manifest(tmp_path, 2, [])
    assert read_manifest(tmp_path) == []


def test_names_as_long_as_there_are_can_be_exported(finished, tmp_path):
    store, run_id = finished
    events = []

    written = write_exports(store, run_id, tmp_path / "out", ["scores", "overlays", "maps", "report"], events.append)

    assert not [event.message for event in events if event.kind == "warning"]
    assert len(list(written["overlays"].iterdir())) == len(list(written["maps"].iterdir())) == 3
    assert written["report"].read_text(encoding="utf-8").count('class="box sample') == 3


def fail_at(monkeypatch, name: str, number: int) -> None:
    """Let the file of one sample fail as the system says `number`."""
    replacing = writer.replacing

    def fail(path):
        if path.stem == name or not name:
            raise OSError(number, "the system says no")
        return replacing(path)

    monkeypatch.setattr(writer, "replacing", fail)


def test_one_file_that_fails_is_told_and_the_rest_is_written(finished, tmp_path, monkeypatch):
    store, run_id = finished
    events = []
    fail_at(monkeypatch, "b", errno.EINVAL)

    written = write_exports(store, run_id, tmp_path / "out", ["overlays", "report"], events.append)

    warnings = [event.message for event in events if event.kind == "warning"]
    assert warnings == ["b.png: its file in overlays cannot be written (the system says no); the others are"]
    assert len(list(written["overlays"].iterdir())) == 2
    assert written["report"].read_text(encoding="utf-8").count('class="box sample') == 3


def test_a_full_disk_ends_the_export(finished, tmp_path, monkeypatch):
    store, run_id = finished
    fail_at(monkeypatch, "b", errno.ENOSPC)

    with pytest.raises(StoreError, match=r"cannot write to .*out: the system says no; choose another folder"):
        write_exports(store, run_id, tmp_path / "out", ["overlays"])
    assert read_manifest(tmp_path / "out") == ["overlays/"]


def test_a_folder_where_nothing_can_be_written_ends_the_export(finished, tmp_path, monkeypatch):
    store, run_id = finished
    fail_at(monkeypatch, "", errno.EACCES)

    with pytest.raises(StoreError, match=r"cannot write to .*out: the system says no"):
        write_exports(store, run_id, tmp_path / "out", ["overlays"])
