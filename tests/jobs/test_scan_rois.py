"""Scans that look at a region of interest: scores and maps are of it alone, judges stay as they are."""

import json

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.errors import Cancelled, InputError, SettingsError
from inspector.events import Event
from inspector.geometry.roi import Roi
from inspector.jobs.group_marks import follow_marks
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from inspector.store.rois import find_roi, load_roi
from tests.clouds import SIZE, make_parts
from tests.jobs.test_recurrence import SETTINGS as SHARED
from tests.jobs.test_recurrence import SHARING
from tests.parts import write_parts
from tests.watching import OPTIONS, SETTINGS, follow

PLAIN = ScanSettings(image_size=64, batch_size=4, windows=())
RIGHT = [[0.5, 0], [1, 1]]
LEFT = [[0, 0], [0.5, 1]]


@pytest.fixture
def roi(tmp_path):
    """Write a rectangle, in fractions; with a size, for photos of its proportions."""

    def write(corners, use="include", **size):
        shape = {"properties": {"use": use}, "geometry": {"type": "Rectangle", "coordinates": corners}}
        file = tmp_path / f"{use}{len(list(tmp_path.iterdir()))}.json"
        file.write_text(json.dumps({"unit": "fractions", "features": [shape], **size}))
        return file

    return write


def blot(path, rows, cols):
    with Image.open(path) as image:
        pixels = np.array(image)
    pixels[rows, cols] = 10
    Image.fromarray(pixels).save(path)


def scores(store, run_id):
    return np.array([sample.raw_score for sample in store.runs.samples(run_id)])


def is_right(anomaly_map):
    return int(anomaly_map.max(axis=0).argmax()) >= anomaly_map.shape[1] // 2


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"alignment": "corners"},
        {"phases": 2, "score_share": 0.01},
        {"tiles": "2"},
        {"more_sizes": (96,)},
    ],
)
def test_a_defect_that_is_ignored_raises_no_score_and_leaves_no_region(folder, store, make_photos, roi, change):
    paths = make_photos(folder, 6)
    blot(paths[2], slice(28, 38), slice(8, 18))
    blot(paths[4], slice(28, 38), slice(60, 70))
    settings = PLAIN.changed(**change)
    whole = scan(read_batch(folder), settings, store)

    run = scan(read_batch(folder), settings.changed(roi=roi(RIGHT)), store)

    assert set(np.argsort(scores(store, whole))[-2:]) == {2, 4}
    assert scores(store, run).argmax() == 4
    assert scores(store, run)[4] == pytest.approx(scores(store, whole)[4], rel=0.02)  # its judges are as they were
    assert scores(store, run)[2] < 0.8 * scores(store, whole)[2]
    for position in (2, 4):
        found = store.artefacts.load_map(run, position)
        assert is_right(found)
        half = found.shape[1] // 2
        assert np.unique(found[:, :half]).tolist() == [found.min()]


def test_the_score_is_the_highest_value_of_the_map_inside(folder, store, make_photos, roi):
    make_photos(folder, 4, spot=True)
    whole = scan(read_batch(folder), PLAIN.changed(image_size=64, alignment="corners"), store)

    run = scan(read_batch(folder), PLAIN.changed(alignment="corners", roi=roi(LEFT, "ignore")), store)

    for position, sample in enumerate(store.runs.samples(run)):
        found = store.artefacts.load_map(run, position)
        assert sample.raw_score == pytest.approx(float(found.max()))
        plain = store.artefacts.load_map(whole, position)
        assert found[:, -1].max() == pytest.approx(float(plain[:, -1].max()), rel=1e-4)  # the last column is seen


def test_all_that_is_usual_is_taken_of_what_is_seen(folder, store, make_photos, roi):
    make_photos(folder, 6, spot=True)

    run = store.runs.get(scan(read_batch(folder), PLAIN.changed(roi=roi([[0.4, 0.4], [0.6, 0.6]])), store))

    inside = np.concatenate([store.artefacts.load_map(run.id, place)[26:38, 26:38].ravel() for place in range(6)])
    assert run.map_low == pytest.approx(float(np.median(inside)), rel=0.1)


def test_of_a_turned_part_the_place_in_the_photo_counts(store, folder, roi):
    places = write_parts(folder, 14, spots={2: (8.0, 5.0), 9: (8.0, 5.0)})
    settings = ScanSettings(image_size=64, more_sizes=(96,), part_box="auto", degrees=(1,), windows=(), modality="2d")
    x, y = places[2][0] / 240, places[2][1] / 200
    around = [[x - 0.15, y - 0.15], [x + 0.15, y + 0.15]]

    whole = scan(read_batch(folder), settings, store)
    run = scan(read_batch(folder), settings.changed(roi=roi(around, "ignore", width=240, height=200)), store)

    assert set(np.argsort(scores(store, whole))[-2:]) == {2, 9}
    assert scores(store, run)[2] < 0.8 * scores(store, whole)[2]


def test_photos_with_clouds_are_seen_on_their_grid(folder, store, roi):
    make_parts(folder, 4, photo_mark=(35, 118), cloud_mark=(35, 118))
    settings = ScanSettings(image_size=64, groups=32, group_size=16, group_step=10, batch_size=4)
    place = [[0.6, 0], [1, 1]]

    whole = scan(read_batch(folder), settings, store)
    run = scan(read_batch(folder), settings.changed(roi=roi(place, "ignore", width=SIZE[1], height=SIZE[0])), store)

    assert scores(store, run)[0] < 0.9 * scores(store, whole)[0]
    _, of_points, pixels = store.artefacts.load_cloud(run, 0)
    right = (pixels >= 0) & (pixels % SIZE[1] > 0.62 * SIZE[1])
    assert np.unique(of_points[right]).tolist() == [of_points.min()]
    assert len(np.unique(of_points[~right])) > 10


def test_photos_of_other_proportions_are_seen_whole_and_said(folder, store, make_photos, roi):
    make_photos(folder, 4)
    (odd,) = make_photos(folder / "tall", 1, size=(80, 64))
    larger = make_photos(folder / "large", 1, size=(128, 160))
    told = []

    run = scan(read_batch(folder), PLAIN.changed(roi=roi(RIGHT, width=80, height=64)), store, told.append)

    reasons = {sample.name: sample.reason for sample in store.runs.samples(run) if sample.reason}
    assert list(reasons) == [f"tall/{odd.name}"]
    assert "other proportions than the region of interest" in reasons[f"tall/{odd.name}"]
    assert any("other proportions" in event.message for event in told if event.kind == "warning")
    by_name = {sample.name: sample.position for sample in store.runs.samples(run)}
    assert is_right(store.artefacts.load_map(run, by_name[f"large/{larger[0].name}"]))


def test_one_that_fits_no_part_is_refused(folder, store, make_photos, roi):
    make_photos(folder, 3)

    with pytest.raises(InputError, match=r"fits no part: it is drawn on .* the first part has 80 x 64"):
        scan(read_batch(folder), PLAIN.changed(roi=roi(RIGHT, width=10, height=64)), store)


def test_one_that_covers_nothing_is_refused_before_a_run_is_begun(folder, store, make_photos, roi):
    make_photos(folder, 3)

    with pytest.raises(SettingsError, match="covers nothing"):
        scan(read_batch(folder), PLAIN.changed(roi=roi([[2, 2], [3, 3]])), store)

    assert store.runs.all() == []


def test_a_stopped_run_goes_on_with_what_it_was_begun_with(folder, store, make_photos, roi):
    paths = make_photos(folder, 4)
    blot(paths[1], slice(28, 38), slice(8, 18))
    settings = PLAIN.changed(roi=roi(RIGHT))
    expected = scores(store, scan(read_batch(folder), settings, store))

    def stop(event: Event) -> None:
        if event.stage == "maps":
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(read_batch(folder), settings, store, stop)
    settings.roi.unlink()
    run = scan(read_batch(folder), settings, store, run_id=2)

    assert scores(store, run).tolist() == expected.tolist()
    assert find_roi(store, run).suffix == ".json"
    assert isinstance(load_roi(store, run), Roi)


def test_the_most_striking_patch_is_one_that_is_seen(folder, store, make_photos, roi):
    paths = make_photos(folder, 5)
    for path in paths[:2]:
        blot(path, slice(28, 38), slice(8, 18))
    settings = PLAIN.changed(windows=(1, 2), rescoring="salient", roi=roi(RIGHT), image_size=64)

    run = scan(read_batch(folder), settings, store)

    with_blots = np.load(store.artefacts.run_folder(run) / "embeddings.npy")
    alike = with_blots @ with_blots.T
    assert alike[0, 1] < 0.99 * alike[0, 0]  # they do not meet in the blot they share


@pytest.mark.parametrize(("use", "groups"), [("ignore", 0), ("include", 1)])
def test_what_recurs_where_nobody_looks_is_not_told(make_photos, folder, store, roi, use, groups):
    paths = make_photos(folder, 30)
    for member in SHARING:
        blot(paths[member], slice(36, 46), slice(16, 26))

    run = scan(read_batch(folder), SHARED.changed(roi=roi([[0.05, 0.4], [0.5, 0.9]], use)), store)

    assert len(store.groups.of_run(run)) == groups


def test_a_watched_folder_looks_there_too(parts, drop, folder, store, roi):
    drop([*parts["good"][:6], parts["bad"]])
    seen, _, _ = follow(folder, store)

    run_id, results, _ = follow(folder, store, settings=SETTINGS.changed(roi=roi([[0.3, 0.3], [0.7, 0.7]], "ignore")))

    assert results[-1].score < store.runs.samples(seen)[-1].raw_score
    x, y = results[-1].peak
    assert not (0.3 * 80 < x < 0.7 * 80 and 0.3 * 64 < y < 0.7 * 64)
    assert load_roi(store, run_id) is not None
    assert follow(folder, store, OPTIONS, resume=True)[0] == run_id


def test_a_mark_leaves_what_is_usual_to_what_is_seen(make_photos, folder, store, roi):
    paths = make_photos(folder, 30)
    for member in SHARING:
        blot(paths[member], slice(36, 46), slice(16, 26))
    settings = SHARED.changed(recurring="correct", roi=roi([[0.05, 0.4], [0.5, 0.9]]))
    run_id = scan(read_batch(folder), settings, store)
    before = store.runs.get(run_id)

    (group,) = store.groups.of_run(run_id)
    store.groups.mark(group.id, "Ada", "accepted")
    follow_marks(store, run_id, "Ada")

    assert store.runs.get(run_id).map_low == pytest.approx(before.map_low, rel=0.1)
