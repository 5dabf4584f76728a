import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, EntryPoints

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.decision.threshold import UNSURE
from inspector.errors import Cancelled, InspectorError, StoreError
from inspector.export import register
from inspector.export.maps import encode_map
from inspector.export.register import EXPORTS, USUAL, list_exports, load_export
from inspector.export.run import write_exports
from inspector.export.shown import FinishedRun, ShownSample
from inspector.geometry.grid import stretch_map
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.tables import RunRow
from inspector.store.workspace import Workspace


@pytest.fixture
def finished(tmp_path):
    """Two parts of 5 x 9 pixels; the first has a peak in the middle of its 3 x 3 map."""
    with Workspace(tmp_path / "w") as store:
        samples = tuple(Sample(f"kind/{i}.png", image=tmp_path / f"{i}.png") for i in range(2))
        run_id = store.runs.create(Batch(tmp_path, samples), ScanSettings())
        store.runs.keep_readings(run_id, [SampleReading(i, "ok", width=9, height=5) for i in range(2)])
        for position in range(2):
            plane = np.zeros((3, 3), np.float32)
            plane[1, 1] = 1 - position
            store.artefacts.save_map(run_id, position, plane)
        results = [SampleResult(0, 1.0, 0.9, 0.9, True), SampleResult(1, 0.5, 0.1, 0.1, False)]
        store.runs.finish(run_id, results, RunResult(Calibration(0.5, True, 0.2, 1.0, 0.0, 1.0)))
        yield store, run_id


def test_the_last_verdict_stands_in_the_csv(finished, tmp_path):
    store, run_id = finished
    first = store.runs.samples(run_id)[0].id
    store.verdicts.add(first, "Mia", "rejected", "")
    store.verdicts.add(first, "Ann", "accepted", "only dust, wiped")
    written = write_exports(store, run_id, tmp_path / "out", ["verdicts"])
    with written["verdicts"].open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["verdict"], rows[0]["operator"], rows[0]["comment"]) == ("accepted", "Ann", "only dust, wiped")
    standing = store.verdicts.of_run(run_id)[-1].time.replace(microsecond=0, tzinfo=UTC)
    assert datetime.fromisoformat(rows[0]["time"]) == standing  # with its zone
    assert (rows[1]["path"], rows[1]["verdict"], rows[1]["operator"]) == ("kind/1.png", "undecided", "")
    assert (rows[0]["raw_score"], rows[0]["decision"]) == ("1.0", "flagged")


def test_regions_that_count_are_listed_with_their_areas(finished, tmp_path):
    store, run_id = finished
    with store.database.session() as session:
        row = session.get(RunRow, run_id)
        row.settings = {**row.settings, "mm_per_pixel": 0.5}
    written = write_exports(store, run_id, tmp_path / "out", ["regions"])
    with written["regions"].open(encoding="utf-8-sig") as file:
        (found,) = csv.DictReader(file)
    assert (found["path"], found["region"], float(found["area_mm2"])) == ("kind/0.png", "1", int(found["area_px"]) / 4)
    assert (int(found["peak_x"]), int(found["peak_y"])) == (4, 2)

    with store.database.session() as session:
        row = session.get(RunRow, run_id)
        row.settings = {**row.settings, "min_region_area": int(found["area_px"]) / 4 + 1}
    write_exports(store, run_id, tmp_path / "out", ["regions", "masks"])
    assert written["regions"].read_text("utf-8-sig").splitlines()[1:] == []
    assert not np.asarray(Image.open(tmp_path / "out" / "masks" / "kind" / "0.png")).any()


def test_masks_have_the_size_of_their_photo_and_the_place_of_the_defect(finished, tmp_path):
    store, run_id = finished
    write_exports(store, run_id, tmp_path / "out", ["masks"])
    mask = np.asarray(Image.open(tmp_path / "out" / "masks" / "kind" / "0.png"))
    expected = np.zeros((5, 9), np.uint8)
    expected[2, 3:6] = 255  # 1 at the centre, falling by 1/2 a row and 1/4 a column
    np.testing.assert_array_equal(mask, expected)
    assert not np.asarray(Image.open(tmp_path / "out" / "masks" / "kind" / "1.png")).any()


def test_a_run_that_is_not_done_is_not_exported(finished, tmp_path):
    store, run_id = finished
    store.runs.end(run_id, "failed", "the disk was full")
    with pytest.raises(StoreError, match="is failed, not done; finish it with `resume`"):
        write_exports(store, run_id, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_only_kept_clouds_are_written(finished, tmp_path):
    store, run_id = finished
    with pytest.raises(StoreError, match="run 1 has nothing of what is to be written: clouds"):
        write_exports(store, run_id, tmp_path / "out", ["clouds"])
    assert "clouds" not in write_exports(store, run_id, tmp_path / "out")
    store.artefacts.save_cloud(run_id, 1, np.zeros((4, 3), np.float32), np.ones(4, np.float32), np.arange(4))
    written = write_exports(store, run_id, tmp_path / "out", ["clouds"])
    assert [path.name for path in (written["clouds"] / "kind").iterdir()] == ["1.ply"]


def test_maps_are_written_as_stored_and_say_how_they_lie(finished, tmp_path):
    store, run_id = finished
    written = write_exports(store, run_id, tmp_path / "out", ["maps", "full-maps"])
    with tifffile.TiffFile(written["maps"] / "kind" / "0.tiff") as file:
        stored, page = file.asarray(), file.pages[0]
        np.testing.assert_array_equal(stored, store.artefacts.load_map(run_id, 0))
        placed = json.loads(page.description)
        assert placed == {"photo_width": 9, "photo_height": 5, "alignment": "edges on edges"}
        assert (page.tags["XResolution"].value, page.tags["YResolution"].value) == ((1, 3), (3, 5))
    full = tifffile.imread(written["full-maps"] / "kind" / "0.tiff")
    np.testing.assert_array_equal(full, stretch_map(stored, (5, 9)))


def test_maps_of_older_runs_lie_corners_on_corners(finished):
    store, run_id = finished
    run = FinishedRun.load(store, run_id)
    record = replace(run.record, settings={**run.record.settings, "alignment": None})
    sample = ShownSample(replace(run, record=record), store.runs.samples(run_id)[0], "0")

    np.testing.assert_array_equal(sample.full_map, stretch_map(sample.stored_map, (5, 9), "corners"))
    with tifffile.TiffFile(io.BytesIO(encode_map(sample))) as file:
        assert json.loads(file.pages[0].description)["alignment"] == "corners on corners"
        tags = file.pages[0].tags
        assert (tags["XResolution"].value, tags["YResolution"].value) == ((1, 4), (1, 2))


def test_a_map_of_a_large_photo_is_small_unless_asked_for(finished, tmp_path):
    store, run_id = finished
    store.runs.keep_readings(run_id, [SampleReading(0, "ok", width=4000, height=3000)])
    written = write_exports(store, run_id, tmp_path / "out", ["maps", "full-maps"])
    assert (written["maps"] / "kind" / "0.tiff").stat().st_size < 1000
    assert tifffile.imread(written["full-maps"] / "kind" / "0.tiff").shape == (3000, 4000)


def test_what_is_gone_is_left_out_and_the_rest_is_written(finished, tmp_path):
    store, run_id = finished
    store.artefacts.map_path(run_id, 0).unlink()
    events = []
    written = write_exports(store, run_id, tmp_path / "out", ["scores", "overlays", "masks"], events.append)
    assert sorted(path.name for path in (written["masks"] / "kind").iterdir()) == ["1.png"]
    assert not written["overlays"].exists()
    warnings = [event.message for event in events if event.kind == "warning"]
    assert [re.split("[: ]", warning)[0] for warning in warnings] == ["kind/0.png", "kind/0.png", "kind/1.png"]
    assert [(event.done, event.total) for event in events if event.kind == "progress"] == [(0, 2), (1, 2), (2, 2)]


def test_an_export_can_be_stopped(finished, tmp_path):
    store, run_id = finished

    def stop(event):
        if event.done:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        write_exports(store, run_id, tmp_path / "out", ["scores", "masks"], stop)
    assert [path.name for path in (tmp_path / "out" / "masks" / "kind").iterdir()] == ["0.png"]
    assert (tmp_path / "out" / "scores.csv").exists()


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_of_the_engine_loads(name):
    assert load_export(name).title


def test_what_is_usual_exists():
    assert set(USUAL) <= set(EXPORTS)


def test_packages_add_exports_and_what_they_lack_is_told(monkeypatch):
    added = EntryPoints(
        [
            EntryPoint("copy", "inspector.export.tables:SCORES", register.GROUP),
            EntryPoint("film", "no_such_module.films:FILM [cinema]", register.GROUP),
        ]
    )
    monkeypatch.setattr(register, "entry_points", lambda group: added.select(group=group))
    assert list_exports() == [*EXPORTS, "copy", "film"]
    assert load_export("copy") is load_export("scores")
    with pytest.raises(InspectorError, match=r"needs no_such_module, .*; pip install 'mutual-inspector\[cinema\]'"):
        load_export("film")
    with pytest.raises(InspectorError, match=r"no export 'books'; choose from: scores, .*, film"):
        load_export("books")


def test_a_moved_threshold_decides_the_stored_samples(finished):
    store, run_id = finished
    store.runs.set_threshold(run_id, 0.05, 0.2)
    run = store.runs.get(run_id)
    assert (run.threshold, run.map_threshold, run.flagged) == (0.05, 0.2, 2)
    store.runs.set_threshold(run_id, 0.9, 1.0)  # a score on the threshold passes
    assert [sample.flagged for sample in store.runs.samples(run_id)] == [False, False]


def test_the_report_says_how_the_threshold_was_found_and_where_it_is_unsure(finished, tmp_path):
    store, run_id = finished

    page = write_exports(store, run_id, tmp_path / "a", ["report"])["report"].read_text(encoding="utf-8")
    assert "0.5000. It lies 4 x MAD above the median of the scores." in page
    assert "Unsure" not in page

    store.runs.set_threshold(run_id, 0.5, 0.6, sure=False, why=UNSURE)
    page = write_exports(store, run_id, tmp_path / "b", ["report"])["report"].read_text(encoding="utf-8")
    assert f"<strong>Unsure.</strong> {UNSURE}" in page
    assert re.search(r"<div>\d+\.\d{4}</div>", page)  # no stop behind a number alone
    assert page.count(UNSURE) == 1

    store.runs.set_threshold(run_id, 0.4, 0.5, "Ada")
    page = write_exports(store, run_id, tmp_path / "c", ["report"])["report"].read_text(encoding="utf-8")
    assert "0.4000. It was set by hand." in page
    assert "Unsure" not in page
