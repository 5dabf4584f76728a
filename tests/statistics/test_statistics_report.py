import csv
import re
from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event, insert
from sqlalchemy.engine import Engine
from typer.testing import CliRunner

from inspector.cli import app
from inspector.statistics.counts import Counts, add_up
from inspector.statistics.overview import read_overview
from inspector.statistics.report import render_report, write_tables
from inspector.statistics.selection import Selection
from inspector.statistics.shifts import USUAL, read_shifts
from inspector.statistics.words import StatisticsWords
from inspector.store.tables import RunRow, SampleRow
from inspector.store.workspace import Workspace
from tests.statistics.conftest import NOON, MakeRun, save_spots

SHIFTS = read_shifts(USUAL)


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_bad_run_is_named_with_its_rate_and_its_limit(store: Workspace, make_run: MakeRun) -> None:
    for rejects in (1, 0, 2, 1, 1, 12):
        make_run([i < rejects for i in range(40)])

    overview, _ = read_overview(store, Selection(), "run", SHIFTS)

    assert StatisticsWords().list_signals(overview)[0] == "Run 6: reject rate 30.0 %, above the upper limit of 19.3 %."
    assert "Run 6" in StatisticsWords(decimal=",").list_signals(overview)[0]
    assert "30,0 %" in StatisticsWords(decimal=",").list_signals(overview)[0]


@pytest.mark.parametrize(
    ("flagged", "figures", "signal"),
    [
        ([], ("0", "–", "0 (–)"), "Nothing was judged"),
        ([[False] * 4], ("4", "100.0 %", "0 (0.0 %)"), "two points or more"),
        ([[True] * 3, [True] * 5], ("8", "0.0 %", "8 (100.0 %)"), "within their limits"),
    ],
)
def test_edges_are_told(
    store: Workspace, make_run: MakeRun, flagged: list[list[bool]], figures: tuple[str, ...], signal: str
) -> None:
    for samples in flagged:
        make_run(samples)

    overview, places = read_overview(store, Selection(), "run", SHIFTS)
    page = render_report(overview, places, [], StatisticsWords())

    assert tuple(value for _, value, _ in StatisticsWords().list_figures(overview.counts)[:3]) == figures
    assert signal in StatisticsWords().list_signals(overview)[0]
    assert signal in page


def test_places_lie_over_a_typical_part(store: Workspace, make_run: MakeRun) -> None:
    run_id = make_run([True, False, False])
    for position in range(3):
        save_spots(store, run_id, position, (0, 0))

    _, places = read_overview(store, Selection(), "run", SHIFTS)
    elsewhere = read_overview(store, Selection(folder="none"), "run", SHIFTS)[1]

    assert places.grid[0, 0] == places.grid.sum() == 1
    assert places.picture.shape == (32, 48, 3)
    assert abs(int(places.picture[31, 47, 0]) - 90) <= 2
    assert np.ptp(places.picture[:4, :6].reshape(-1, 3), axis=0).max() <= 4
    assert abs(int(places.picture[0, 0, 0]) - 90) > 30
    assert elsewhere.grid.sum() == 0
    assert elsewhere.typical is None


def test_tables_hold_points_agreement_classes_and_places(store: Workspace, make_run: MakeRun, tmp_path: Path) -> None:
    save_spots(store, make_run([True, False], {0: "rejected"}, classes={0: "dent"}), 0, (15, 15))
    make_run([False, False])
    overview, places = read_overview(store, Selection(), "run", SHIFTS)

    write_tables(overview, places, tmp_path, "point")

    points = read_rows(tmp_path / "control-chart.csv")
    assert [(row["point"], row["parts"], row["rejects"], row["mean"]) for row in points] == [
        ("Run 1", "2", "1", "0.25"),
        ("Run 2", "2", "0", "0.25"),
    ]
    assert read_rows(tmp_path / "agreement.csv")[0] == {
        "program": "flagged", "rejected": "1", "accepted": "0", "no verdict": "0"
    }  # fmt: skip
    assert read_rows(tmp_path / "classes.csv") == [{"class": "dent", "rejects": "1", "cumulative": "1.0"}]
    assert read_rows(tmp_path / "places.csv") == [{"cell": "H8", "regions": "1"}]


def test_the_report_shows_charts_in_the_readers_language(store: Workspace, make_run: MakeRun) -> None:
    save_spots(store, make_run([True, False], {0: "rejected"}), 0, (15, 15))
    make_run([False, False])
    overview, places = read_overview(store, Selection(), "run", SHIFTS)

    page = render_report(overview, places, [("Operator", "<Mia>")], StatisticsWords(lambda text: f"~{text}", ","))

    drawings = [b64decode(found).decode() for found in re.findall(r"svg\+xml;base64,([^\"]+)", page)]
    assert len(drawings) == 3
    assert all(drawing.startswith("<svg") for drawing in drawings)
    assert "~Run 1" in drawings[0]
    assert "100,0 %" in drawings[1]
    assert "&lt;Mia&gt;" in page
    assert "<h1>~Shift report</h1>" in page
    assert "image/jpeg" in page


def test_the_command_writes_tables_and_the_report(make_run: MakeRun, store: Workspace, tmp_path: Path) -> None:
    make_run([True, False, False])
    make_run([False, False], time=NOON + timedelta(days=1), folder="other")
    asked = ["statistics", "--workspace", store.location, "--out", str(tmp_path / "out"), "--folder"]

    done = CliRunner().invoke(app, [*asked, str(tmp_path / "lot"), "--from", "2026-04-30", "--by", "day"])

    assert done.exit_code == 0, done.output
    assert "Parts: 3" in done.output
    assert "Rejects: 1 (33.3 %)" in done.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"report.html", "control-chart.csv", "agreement.csv", "classes.csv", "places.csv"}
    assert str(tmp_path / "lot") in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_the_command_writes_the_report_in_german(make_run: MakeRun, store: Workspace, tmp_path: Path) -> None:
    make_run([True, False, False])
    asked = ["statistics", "--workspace", store.location, "--out", str(tmp_path), "--language", "de", "--by", "day"]

    done = CliRunner().invoke(app, [*asked, "--from", "2026-04-30"])

    assert done.exit_code == 0, done.output
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert [word in page for word in ("Schichtbericht", "<td>Von</td>", "1 (33,3 %)")] == [True] * 3
    assert "Parts: 3" in done.output


def test_runs_without_number_are_counted_in_one_query_that_reads_no_file(store: Workspace) -> None:
    runs, each = 1000, 50
    run = {"status": "done", "root": "/lot", "layout": "plain", "version": "1", "backbone": "b", "samples": each}
    given = {"created": NOON.replace(tzinfo=None), "notes": [], "left_out": [], "settings": {}, "timings": {}}
    sample = {"name": "a", "status": "ok", "raw_score": 0.0, "final": 0.0}
    rows = [{**sample, "run_id": i + 1, "position": j, "flagged": j < i % 7} for i in range(runs) for j in range(each)]
    with store.database.session() as session:
        session.execute(insert(RunRow), [{**run, **given, "id": i + 1} for i in range(runs)])
        session.connection().execute(insert(SampleRow), rows)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        tallies = store.tallies.count()
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    assert len(asked) == 1
    flagged = sum(i % 7 for i in range(runs))
    assert add_up(tallies) == Counts(flagged_open=flagged, passed_open=runs * each - flagged)
    assert len(tallies) < 2 * runs
