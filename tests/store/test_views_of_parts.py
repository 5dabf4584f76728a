"""Photos of one part are views of it: the worst decides, and it counts once."""

import csv
from pathlib import Path

import pytest

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.export.shown import FinishedRun
from inspector.export.story import Story
from inspector.export.tables import SCORE_COLUMNS, write_table
from inspector.settings import ScanSettings
from inspector.store.parts import decide_part, group_parts, number_parts
from inspector.store.records import RunResult, SampleReading, SampleResult

A7 = {"part": "7", "lot": "A"}
KNOWN = [A7, {"part": "7", "lot": "B"}, A7, {}, {}, A7]
FLAGGED = [False, False, True, True, False, False]


@pytest.fixture
def finished(store, tmp_path):
    """Part 7 of lot A has views 0 and 2, of which the second is flagged; view 5 of it cannot be read."""
    samples = tuple(Sample(f"{i}.png", image=tmp_path / f"{i}.png", identity=known) for i, known in enumerate(KNOWN))
    run_id = store.runs.create(Batch(tmp_path, samples), ScanSettings())
    store.runs.keep_readings(run_id, [SampleReading(i, "ok" if i < 5 else "unreadable") for i in range(6)])
    results = [SampleResult(i, 0.1 * i, None, 0.1 * i, flagged) for i, flagged in enumerate(FLAGGED[:5])]
    store.runs.finish(run_id, results, RunResult(Calibration(0.15, False, 0.0, 1.0, 0.0, 1.0)))
    return store, run_id


def test_views_have_the_same_part_and_lot_and_can_be_read(finished):
    store, run_id = finished
    samples = store.runs.samples(run_id)

    assert number_parts(samples) == [0, 1, 0, 2, 3, 4]
    assert [[view.position for view in views] for views in group_parts(samples)] == [[0, 2], [1], [3], [4], [5]]
    assert [decide_part(views) for views in group_parts(samples)] == [True, False, True, False, None]


def test_table_says_what_is_decided_of_the_part(finished, tmp_path):
    store, run_id = finished
    samples = store.runs.samples(run_id)

    write_table(samples, tmp_path / "views.csv", SCORE_COLUMNS)
    write_table(samples[1:2], tmp_path / "single.csv", SCORE_COLUMNS)

    with (tmp_path / "views.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["part_decision"] for row in rows][1:] == [
        rows[1]["decision"],
        *[rows[3]["decision"]] * 2,
        *[rows[4]["decision"], ""],
    ]
    assert rows[0]["part_decision"] == rows[2]["decision"] != rows[0]["decision"]
    assert "part_decision" not in Path(tmp_path / "single.csv").read_text(encoding="utf-8-sig")


def test_report_counts_parts_once_by_the_worst_view_and_names_them(finished):
    store, run_id = finished
    first, _, third, *_ = store.runs.samples(run_id)
    store.verdicts.add(first.id, "Ada", "accepted")
    store.verdicts.add(third.id, "Ada", "rejected")

    story = Story.load(FinishedRun.load(store, run_id))

    assert [count for _, count in story.list_totals()] == [5, 2, 2, 1, 0, 1, 4]
    assert story.full_name(first) == "0.png (7, lot A)"
