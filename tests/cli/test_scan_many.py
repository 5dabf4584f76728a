import json
import shutil

import pytest
from datasets import make_category

from inspector.errors import Cancelled
from inspector.events import Event
from inspector.presets import load_settings
from inspector.store.workspace import Workspace

SMALL = ("--preset", "fast", "--image-size", 64)


@pytest.fixture
def root(tmp_path, make_photos):
    """Two lots, a labelled category, and a folder with one photo too few."""
    make_photos(tmp_path / "all" / "may" / "lot 2", 3)
    make_photos(tmp_path / "all" / "may" / "lot 10", 4)
    make_category(tmp_path / "all" / "nut", "btad")
    make_photos(tmp_path / "all" / "lonely", 1)
    return tmp_path / "all"


def rows(printed):
    return [line.rstrip() for line in printed.splitlines()[1:]]


def test_each_folder_becomes_a_run_and_one_that_fails_does_not_hold_up_the_others(run, root, tmp_path):
    code, printed, told = run("scan-many", root, *SMALL)

    assert code == 1
    assert told.splitlines()[-1] == "inspector: 1 of 4 folders failed; the same command tries it again"
    first, *others, last = rows(printed)
    assert first.split() == ["lonely", "failed"]
    assert [line.split("  ")[0].strip() for line in others] == ["may/lot 2", "may/lot 10", "nut"]
    assert last == "lonely failed: it holds one sample; mutual scoring compares samples: give at least two"
    with Workspace(tmp_path / "workspace") as store:
        done = [one for one in store.runs.all() if one.status == "done"]
        assert [(one.root, one.layout, one.samples) for one in done] == [
            (str(root / "nut"), "btad", 6),
            (str(root / "may" / "lot 10"), "plain", 4),
            (str(root / "may" / "lot 2"), "plain", 3),
        ]


def test_folders_that_are_done_are_passed_over_unless_told(run, root, tmp_path):
    run("scan-many", root / "may", *SMALL)

    again = run("scan-many", root / "may", *SMALL, "--memory", 3)
    other = run("scan-many", root / "may", *SMALL, "--share", 0.5)
    fresh = run("scan-many", root / "may", *SMALL, "--fresh")

    assert [shown[0] for shown in (again, other, fresh)] == [0, 0, 0]
    assert [line.endswith("done before") or line.endswith("done before, unsure") for line in rows(again[1])] == [
        True
    ] * 2
    assert "done before" not in other[1] + fresh[1]
    with Workspace(tmp_path / "workspace") as store:
        assert len(store.runs.all()) == 6


def test_a_folder_whose_photos_are_others_by_now_is_scanned_anew(run, root):
    """A copy keeps the time of its original, so that the time does not tell."""
    run("scan-many", root / "may", *SMALL)
    photo, other, *_ = sorted((root / "may" / "lot 2").iterdir())
    shutil.copy2(other, photo)

    _, printed, _ = run("scan-many", root / "may", *SMALL)

    assert ["done before" in line for line in rows(printed)] == [False, True]


def test_a_stopped_folder_is_taken_up_again(run, root, tmp_path):
    from inspector.jobs.scan_many import scan_many

    def stop(event):
        if event.kind == "progress" and event.stage == "score":
            raise Cancelled

    folders, settings = [root / "may" / "lot 2"], load_settings("fast", values={"image_size": 64})
    with Workspace(tmp_path / "workspace") as store, pytest.raises(Cancelled):
        list(scan_many(folders, "auto", settings, store, stop))

    code, printed, _ = run("scan-many", root / "may", *SMALL)

    assert (code, "resumed" in rows(printed)[0], "scanned" in rows(printed)[1]) == (0, True, True)
    with Workspace(tmp_path / "workspace") as store:
        assert [one.status for one in store.runs.all()] == ["done", "done"]


def test_as_events_failures_are_warnings_and_no_table_is_printed(run, root):
    code, printed, _ = run("scan-many", root, *SMALL, "--events", "jsonl")

    events = [Event.from_json(line) for line in printed.splitlines()]
    assert code == 1
    assert [event.message for event in events if str(root / "lonely") in event.message]
    assert sum(event.kind == "result" for event in events) == 3
    assert all(isinstance(json.loads(line), dict) for line in printed.splitlines())


def test_a_dry_run_lists_the_folders_and_says_beside_them_which_would_fail(run, root):
    code, printed, told = run("scan-many", root, "--dry-run")

    assert code == 1
    assert printed.splitlines() == [str(root / name) for name in ("may/lot 2", "may/lot 10", "nut")]
    assert told.splitlines() == [
        f"{root / 'lonely'} would fail: it holds one sample; mutual scoring compares samples: give at least two",
        "inspector: 1 of 4 folders would fail",
    ]


def test_a_dry_run_ends_as_the_scans_would(run, root):
    well = run("scan-many", root / "may", *SMALL, "--dry-run")
    unknown = run("scan-many", root / "may", "--backbone", "nothing", "--dry-run")

    assert (well[0], well[2]) == (0, "")
    assert (unknown[0], unknown[1]) == (1, "")
    assert unknown[2].splitlines()[-1] == "inspector: 2 of 2 folders would fail"


def test_a_dry_run_passes_over_what_is_done_though_its_region_of_interest_is_gone(run, root, tmp_path):
    roi = tmp_path / "roi.json"
    left = {"type": "Rectangle", "coordinates": [[0, 0], [0.5, 1]]}
    roi.write_text(json.dumps({"unit": "fractions", "features": [{"geometry": left}]}))
    lots, done = root / "may", root / "may" / "lot 2"
    run("scan", done, *SMALL, "--roi", roi)
    roi.unlink()

    code, printed, told = run("scan-many", lots, *SMALL, "--roi", roi, "--dry-run")
    fresh = run("scan-many", lots, *SMALL, "--roi", roi, "--dry-run", "--fresh")

    assert (code, printed) == (1, "")
    assert told.splitlines()[0] == f"{done} is done: run 1"
    assert told.splitlines()[1].startswith(f"{lots / 'lot 10'} would fail: ")
    assert told.splitlines()[2] == "inspector: 1 of 2 folders would fail"
    assert fresh[2].splitlines()[-1] == "inspector: 2 of 2 folders would fail"


def test_a_dry_run_makes_no_workspace(run, root, tmp_path):
    run("scan-many", root / "may", *SMALL, "--dry-run")

    assert not (tmp_path / "workspace" / "inspector.db").exists()
