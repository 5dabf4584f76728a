"""Deep photos in a scan: one scale, kept with the run, told, and the same when the run is taken up again."""

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.errors import Cancelled, SettingsError
from inspector.export.shown import FinishedRun
from inspector.jobs.scan import scan
from inspector.presets import load_settings
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace

SMALL = ScanSettings(image_size=64, degrees=(1,))


@pytest.fixture
def store(tmp_path):
    with Workspace(tmp_path / "ws") as store:
        yield store


@pytest.fixture
def folder(tmp_path):
    """Six photos of 12 bits in files of 16, one of them with a bright spot."""
    (tmp_path / "batch").mkdir()
    rows, cols = np.mgrid[:40, :50]
    for number in range(6):
        values = 1000 + 20 * rows + 30 * cols + number
        if number == 4:
            values[10:20, 10:20] = 4000
        Image.fromarray(values.astype(np.uint16)).save(tmp_path / "batch" / f"{number}.png")
    return tmp_path / "batch"


def run_scan(folder, store, settings=SMALL, report=lambda _: None, run_id=None):
    run_id = scan(read_batch(folder), settings, store, report, run_id=run_id)
    return store.runs.get(run_id), {s.name: s for s in store.runs.samples(run_id)}


def test_scale_of_the_batch_is_kept_and_what_is_shown_is_on_it(folder, store):
    run, samples = run_scan(folder, store)

    assert run.value_range == {"uint16": [[0.0, 4095.0]]}
    assert run.ranges_in_words == "0 – 4095 (uint16)"
    shown = {sample.record.name: sample.photo for sample in FinishedRun.load(store, run.id).ranked()}
    assert shown["4.png"][15, 15].tolist() == [249] * 3
    assert max(samples, key=lambda name: samples[name].raw_score) == "4.png"


def test_same_scores_as_photos_of_8_bits(folder, store, tmp_path):
    _, found = run_scan(folder, store)
    (tmp_path / "shallow").mkdir()
    for file in folder.iterdir():
        values = np.asarray(Image.open(file)).astype(np.float32)
        Image.fromarray((values * np.float32(255 / 4095) + np.float32(0.5)).astype(np.uint8)).save(
            tmp_path / "shallow" / file.name
        )

    _, shallow = run_scan(tmp_path / "shallow", store)

    assert {name: sample.raw_score for name, sample in found.items()} == {
        name: sample.raw_score for name, sample in shallow.items()
    }


def test_full_and_given_scales(folder, store):
    full, samples = run_scan(folder, store, SMALL.changed(value_range="full"))
    assert full.value_range == {}
    assert "only a corner of its range" in samples["0.png"].reason
    assert full.notes == ["6 of 6 photos, 0.png first: the photo uses only a corner of its range"]

    given, _ = run_scan(folder, store, SMALL.changed(value_range=[900, 4000]))
    assert given.value_range == {"any": [[900.0, 4000.0]]}
    assert given.ranges_in_words == "900 – 4000"


def test_stopped_run_goes_on_with_its_scale(folder, store):
    def stop(event):
        if event.stage == "score":
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        run_scan(folder, store, report=stop)
    (run,) = store.runs.all()
    brighter = np.full((40, 50), 60000, np.uint16)
    Image.fromarray(brighter).save(folder / "5.png")

    again, _ = run_scan(folder, store, run_id=run.id)

    assert (again.id, again.value_range) == (run.id, {"uint16": [[0.0, 4095.0]]})


def test_batch_of_mixed_depths_is_told(folder, store):
    Image.fromarray(np.mgrid[:40, :50][1].astype(np.uint8) * 5).save(folder / "shallow.png")

    run, _ = run_scan(folder, store)

    assert run.notes == [
        "the batch mixes photos of different depths (6 of 16 bits, 1 of 8 bits); each is read on the scale of its kind"
    ]


def test_few_suspicious_photos_are_named_and_many_are_counted(folder, store):
    warnings = []
    Image.new("L", (50, 40), 99).save(folder / "flat.png")
    run, samples = run_scan(folder, store, report=lambda e: e.kind == "warning" and warnings.append(e.message))

    assert samples["flat.png"].status == "ok"
    assert samples["flat.png"].reason == "the photo is one flat colour (red 99, green 99, blue 99)"
    assert warnings[0] == "flat.png: the photo is one flat colour (red 99, green 99, blue 99)"
    assert len(run.notes) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("AUTO", "auto"),
        ("full", "full"),
        ([0, 4095], "0, 4095"),
        ("0,4095", "0, 4095"),
        ((0.5, 1.25), "0.5, 1.25"),
        ([[0, 1], [0, 2], [0, 3]], "0, 1, 0, 2, 0, 3"),
    ],
)
def test_value_ranges_as_people_write_them(given, kept):
    assert load_settings(values={"value_range": given}).value_range == kept


@pytest.mark.parametrize("given", ["bright", "5", [5, 1], [0, 1, 2], "0, inf", [[0, 1], [0, 2]]])
def test_value_ranges_that_are_none(given):
    with pytest.raises(SettingsError, match="value_range"):
        load_settings(values={"value_range": given})
