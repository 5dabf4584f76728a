import csv
import json
import os
import signal
import sqlite3
import sys
from contextlib import closing

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.cli import main
from inspector.cli.scan import _find_unfinished_run
from inspector.data.layouts import read_batch
from inspector.decision.threshold import UNSURE_OF_FEW
from inspector.presets import PRESETS
from inspector.store.workspace import Workspace
from tests import processes

SMALL = ("--image-size", 64, "--more-sizes", "none")


@pytest.fixture
def folder(tmp_path, make_photos):
    make_photos(tmp_path / "batch", 5, size=(48, 96), spot=True)
    return tmp_path / "batch"


def test_scan_prints_the_ranking_and_writes_the_exports(run, folder, tmp_path):
    (folder / "bad.png").write_text("no image")
    out = tmp_path / "out"

    code, stdout, stderr = run("scan", folder, "--image-size", 64, "--part-box", "off", "--export", out)

    assert code == 0
    assert "part_0.png" in stdout
    assert "1 could not be read" in stdout
    assert str(out / "report.html") in stdout
    assert "warning: bad.png" in stderr
    with (out / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "raw_score", "rescored", "decision", "status", "reason", "variant"]
    assert [row["path"] for row in rows] == ["bad.png", *(f"part_{i}.png" for i in range(5))]
    assert (rows[0]["raw_score"], rows[0]["decision"], rows[0]["status"]) == ("", "", "unreadable")
    assert float(rows[1]["raw_score"]) > max(float(row["raw_score"]) for row in rows[2:])
    with Image.open(out / "overlays" / "part_0.png") as overlay:
        assert overlay.size == (96, 48)
    anomaly_map = tifffile.imread(out / "maps" / "part_0.tiff")
    stored = np.load(tmp_path / "workspace" / "runs" / "1" / "maps" / "000001.npy")
    assert stored.shape == (96, 96)  # four values a patch of the larger size
    np.testing.assert_array_equal(anomaly_map, stored)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "bad.png" in page
    assert page.count('class="box sample') == 5
    assert "http" not in page


def test_export_of_an_earlier_run(run, folder, tmp_path):
    assert run("scan", folder, *SMALL)[0] == 0
    (folder / "part_3.png").unlink()

    code, stdout, stderr = run("export", 1, "--out", tmp_path / "out")

    assert (code, stdout.strip()) == (0, str(tmp_path / "out" / "report.html"))
    assert "part_3.png cannot be read" in stderr
    assert sorted(p.name for p in (tmp_path / "out" / "overlays").iterdir()) == [f"part_{i}.png" for i in (0, 1, 2, 4)]


def test_names_that_differ_only_in_their_suffix_keep_their_own_files(run, tmp_path, make_photos):
    for path in make_photos(tmp_path / "batch", 2):
        Image.open(path).save(path.with_suffix(".bmp"))

    assert run("scan", tmp_path / "batch", *SMALL, "--export", tmp_path / "out")[0] == 0

    names = sorted(p.name for p in (tmp_path / "out" / "overlays").iterdir())
    assert names == ["part_0.bmp.png", "part_0.png.png", "part_1.bmp.png", "part_1.png.png"]


def test_runs_are_listed(run, folder):
    run("scan", folder, *SMALL)

    code, stdout, _ = run("runs")

    assert code == 0
    assert "done" in stdout


def test_jsonl_events_fill_stdout_and_nothing_else(run, folder):
    code, stdout, _ = run("scan", folder, "--image-size", 64, "--events", "jsonl")

    events = [json.loads(line) for line in stdout.splitlines()]
    assert code == 0
    assert (events[0]["kind"], events[-1]["kind"]) == ("run", "result")
    assert {event["stage"] for event in events if event["kind"] == "progress"} == {
        "look",
        "read",
        "score",
        "maps",
    }


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder.mkdir(), "no photo or cloud in"),
        (lambda folder: None, "there is no folder"),
        (lambda folder: (folder.mkdir(), Image.new("L", (4, 4)).save(folder / "one.png")), "at least two"),
    ],
)
def test_what_cannot_go_on_says_so_in_one_line(run, tmp_path, make, words):
    make(tmp_path / "batch")

    code, stdout, stderr = run("scan", tmp_path / "batch")

    assert (code, stdout) == (1, "")
    assert stderr.startswith("inspector: ")
    assert stderr.count("\n") == 1
    assert words in stderr


@pytest.mark.parametrize(
    "arguments", [["scan"], ["scan", ".", "--degrees", "x"], ["scan", ".", "--events", "xml"], ["nonsense"]]
)
def test_wrong_usage_exits_with_2(run, arguments):
    assert run(*arguments)[0] == 2


def test_unknown_setting_value_exits_with_1(run, folder):
    code, _, stderr = run("scan", folder, "--backbone", "resnet")

    assert code == 1
    assert "choose one of: " in stderr


def test_dry_run_prints_the_settings_and_scans_nothing(run, folder, tmp_path):
    code, stdout, _ = run("scan", folder, *SMALL, "--dry-run", "--windows", "none")

    assert code == 0
    assert "# 5 samples" in stdout
    assert "windows = []" in stdout
    assert not (tmp_path / "workspace").exists()


def test_a_dry_run_of_a_single_part_counts_nothing_before_it_refuses(run, folder):
    for photo in sorted(folder.iterdir())[1:]:
        photo.unlink()

    code, stdout, stderr = run("scan", folder, *SMALL, "--dry-run")

    assert (code, stdout) == (1, "")
    assert "holds one sample" in stderr


def test_resume_without_a_stopped_run_says_so(run, folder, store):
    code, _, stderr = run("scan", folder, "--resume")

    assert code == 1
    assert "no stopped run" in stderr


def test_stopped_runs_of_before_there_was_a_choice_are_resumed_as_they_began(tmp_path, make_photos):
    make_photos(tmp_path / "batch", 2)
    with Workspace(tmp_path / "workspace") as store:
        run_id = store.runs.create(read_batch(tmp_path / "batch"), PRESETS["published"])
        store.runs.end(run_id, "cancelled", "stopped")
    with closing(sqlite3.connect(tmp_path / "workspace" / "inspector.db")) as database, database:
        database.execute(
            "UPDATE run SET settings = json_set(json_remove(settings, '$.resize', '$.alignment'), '$.tiles', 2)"
        )

    with Workspace(tmp_path / "workspace") as store:
        found, settings = _find_unfinished_run(store, tmp_path / "batch")

    assert (found, settings.resize, settings.alignment) == (run_id, "bicubic", "corners")
    assert settings.tiles == "2x2"


def scan_and_tell(workspace, *command):
    os.environ["INSPECTOR_WORKSPACE"] = str(workspace)
    sys.argv = ["inspector", *command, "--events", "jsonl"]
    main()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("stop", ["SIGINT", "SIGTERM"])
def test_interrupt_is_clean_and_resume_finishes(run, tmp_path, make_photos, stop):
    make_photos(tmp_path / "batch", 40)
    command = ("scan", tmp_path / "batch", "--preset", "fast", "--image-size", 128, "--batch-size", 4)
    said = tmp_path / "said"
    process = processes.start(scan_and_tell, tmp_path / "workspace", *map(str, command), said=said)
    while process.is_alive() and '"read", "done": 8' not in said.read_text():
        process.join(0.01)
    os.kill(process.pid, getattr(signal, stop))
    process.join(60)
    assert process.exitcode == 130, said.read_text()
    assert said.read_text().splitlines()[-1] == "inspector: run 1 was stopped; --resume finishes it"

    code, stdout, _ = run("scan", tmp_path / "batch", "--resume")

    assert code == 0
    assert "Run 1: " in stdout


def test_scan_exports_what_is_chosen(run, folder, tmp_path):
    code, stdout, _ = run(*("scan", folder, *SMALL, "--export", tmp_path / "out", "--export-what", "scores,masks"))

    assert code == 0
    assert stdout.endswith(f"Exported to {tmp_path / 'out'}\n")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "inspector-export.json",
        "masks",
        "scores.csv",
    ]


@pytest.mark.parametrize("what", ["", "scores,books"])
def test_exports_that_do_not_exist_are_wrong_usage(run, what, tmp_path):
    Workspace(tmp_path / "workspace").close()

    code, _, stderr = run("export", 1, "--out", tmp_path / "out", "--what", what)

    assert code == 2
    assert "is none of scores, verdicts" in " ".join(stderr.replace("│", " ").split())


def test_the_last_line_says_where_the_threshold_is_unsure(run, folder):
    unsure = run("scan", folder, *SMALL)[1].splitlines()
    median = run("scan", folder, *SMALL, "--threshold", "mad")[1].splitlines()

    assert unsure[-1] == f"Unsure. {UNSURE_OF_FEW}"
    assert median[-1].startswith("Run 2: ")


def test_where_it_is_unsure_nothing_is_called_all_right(run, make_photos, tmp_path):
    make_photos(tmp_path / "alike", 6)

    lines = run("scan", tmp_path / "alike", "--image-size", 64, "--export", tmp_path / "out")[1].splitlines()

    assert "Run 1: nothing is flagged, but the scores leave it open." in lines
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<h1>Nothing is flagged, but the scores leave it open</h1>" in page
    assert ", seen at 64 and 384 pixels" in page
