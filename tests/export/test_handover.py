import csv
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.export.handover import write_clouds, write_masks, write_verdicts
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
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
    write_verdicts(store.runs.samples(run_id), store.verdicts.of_run(run_id), tmp_path / "v.csv")
    with (tmp_path / "v.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["verdict"], rows[0]["operator"], rows[0]["comment"]) == ("accepted", "Ann", "only dust, wiped")
    assert rows[0]["time"].endswith("+00:00")
    assert (rows[1]["path"], rows[1]["verdict"], rows[1]["operator"]) == ("kind/1.png", "undecided", "")
    assert (rows[0]["raw_score"], rows[0]["decision"]) == ("1.0", "flagged")


def test_masks_have_the_size_of_their_photo_and_the_place_of_the_defect(finished, tmp_path):
    store, run_id = finished
    write_masks(store, store.runs.get(run_id), store.runs.samples(run_id), tmp_path / "out")
    mask = np.asarray(Image.open(tmp_path / "out" / "masks" / "kind" / "0.png"))
    expected = np.zeros((5, 9), np.uint8)
    expected[2, 3:6] = 255  # 1 at the centre, falling by 1/2 a row and 1/4 a column
    np.testing.assert_array_equal(mask, expected)
    assert not np.asarray(Image.open(tmp_path / "out" / "masks" / "kind" / "1.png")).any()


def test_a_run_that_is_not_done_has_no_masks(finished, tmp_path):
    store, run_id = finished
    run = replace(store.runs.get(run_id), map_threshold=None)
    with pytest.raises(StoreError, match="has no threshold yet"):
        write_masks(store, run, store.runs.samples(run_id), tmp_path)


def test_only_kept_clouds_are_written(finished, tmp_path):
    store, run_id = finished
    store.artefacts.save_cloud(run_id, 1, np.zeros((4, 3), np.float32), np.ones(4, np.float32), np.arange(4))
    assert write_clouds(store, store.runs.get(run_id), store.runs.samples(run_id), tmp_path / "out") == 1
    assert [path.name for path in (tmp_path / "out" / "clouds" / "kind").iterdir()] == ["1.ply"]


def test_a_moved_threshold_decides_the_stored_samples(finished):
    store, run_id = finished
    store.runs.set_threshold(run_id, 0.05, 0.2)
    run = store.runs.get(run_id)
    assert (run.threshold, run.map_threshold, run.flagged) == (0.05, 0.2, 2)
    store.runs.set_threshold(run_id, 0.9, 1.0)  # a score on the threshold passes
    assert [sample.flagged for sample in store.runs.samples(run_id)] == [False, False]
