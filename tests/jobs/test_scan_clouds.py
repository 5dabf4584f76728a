"""Scans of clouds, and of photos with clouds: where defects land, and what bad files do."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from inspector.data.layouts import read_batch
from inspector.data.photos import read_image
from inspector.errors import Cancelled, InputError, SettingsError
from inspector.geometry.grid import stretch_map
from inspector.jobs.preparation import prepare_scan
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from tests.clouds import SIZE, make_parts, organised, part_points, save_ply, save_tiff

SMALL = ScanSettings(image_size=64, groups=32, group_size=16, group_step=10, batch_size=4)
FINE = ScanSettings(image_size=160, groups=200, group_size=16, group_step=10, windows=())
MARK = (35, 118)
"""Row and column of a defect; swapped, they lie outside the photo."""


def rows(store, run_id):
    return {Path(s.name).stem: s for s in store.runs.samples(run_id)}


def table(store, run_id):
    return {s.name: (s.status, s.reason, s.raw_score, s.rescored) for s in store.runs.samples(run_id)}


def scanned(folder, store, settings=SMALL):
    warnings = []
    run_id = scan(
        read_batch(folder), settings, store, lambda event: event.kind == "warning" and warnings.append(event.message)
    )
    return run_id, warnings


def peak(anomaly_map):
    return np.unravel_index(anomaly_map.argmax(), anomaly_map.shape)


def test_search_radius_of_clouds_alone_is_refused(folder, store):
    make_parts(folder, 2)

    with pytest.raises(SettingsError, match="only clouds are scored; leave it out"):
        scan(read_batch(folder), SMALL.changed(search_radius=2, modality="3d"), store)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("marks", "modality", "reach"),
    [
        ({"photo_mark": MARK}, "2d", 14.1),
        ({"cloud_mark": MARK}, "3d", 8),
        ({"photo_mark": MARK}, "2d+3d", 14),
        ({"cloud_mark": MARK}, "2d+3d", 10),
        ({"cloud_mark": MARK, "photo_mark": MARK}, "auto", 10),
    ],
    ids=["photo", "cloud", "both by photo", "both by cloud", "both"],
)
def test_defect_lands_on_its_pixel(folder, store, marks, modality, reach):
    make_parts(folder, 5, **marks)

    run_id, _ = scanned(folder, store, FINE.changed(modality=modality))

    samples = store.runs.samples(run_id)
    assert np.argmax([sample.raw_score for sample in samples]) == 0
    assert (samples[0].height, samples[0].width) == SIZE
    assert np.hypot(*(np.array(peak(stretch_map(store.artefacts.load_map(run_id, 0), SIZE))) - MARK)) < reach
    if "cloud_mark" in marks:
        points, scores, pixels = store.artefacts.load_cloud(run_id, 0)
        assert np.array_equal(points, organised(0, MARK).reshape(-1, 3)[pixels])
        assert np.hypot(*(np.array(divmod(pixels[scores.argmax()], SIZE[1])) - MARK)) < reach


@pytest.mark.parametrize("modality", ["3d", "2d+3d"])
@pytest.mark.parametrize("side", [64, 224])
def test_points_are_found_under_their_pixels(folder, store, modality, side):
    make_parts(folder, 2, size=(70, 130))

    run_id, _ = scanned(folder, store, SMALL.changed(modality=modality, image_size=side))

    points, scores, pixels = store.artefacts.load_cloud(run_id, 1)
    assert np.array_equal(points, organised(1, size=(70, 130)).reshape(-1, 3)[pixels])
    assert scores.shape == (len(points),)
    assert (scores >= 0).all()


def test_scaled_maps_are_usually_one_on_the_part(folder, store):
    make_parts(folder, 4)

    maps = {}
    for fusion in ("scaled", "sum"):
        run_id, _ = scanned(folder, store, SMALL.changed(fusion=fusion))
        scores = [store.artefacts.load_cloud(run_id, place)[1] for place in range(4)]
        maps[fusion] = np.median(np.concatenate(scores))

    assert maps["scaled"] == pytest.approx(1, abs=0.2)
    assert maps["sum"] != pytest.approx(1, abs=0.2)


def test_photos_with_clouds_are_seen_at_the_largest_size_and_clouds_as_before(folder, store):
    make_parts(folder, 4, photo_mark=MARK)
    both, larger = SMALL.changed(modality="2d+3d"), SMALL.changed(more_sizes=(96,), modality="2d+3d")

    small, large = scanned(folder, store, both)[0], scanned(folder, store, larger)[0]

    prepared = prepare_scan(read_batch(folder), larger, store)
    assert (prepared.side, [network.image_size for network in prepared.images.more]) == (64, [96])
    assert prepared.clouds.cache.names() == prepare_scan(read_batch(folder), both, store).clouds.cache.names()
    assert np.argmax([sample.raw_score for sample in store.runs.samples(large)]) == 0
    maps = [stretch_map(store.artefacts.load_map(run, 0), SIZE) for run in (large, small)]
    near, far = (np.hypot(*(np.array(peak(each)) - MARK)) for each in maps)
    assert near < far


def test_plain_folder_of_clouds(folder, store):
    for number in range(4):
        points = part_points(number)
        if number == 2:
            near = np.hypot(points[:, 0] - 0.1, points[:, 1] - 0.05) < 0.012
            points[near, 2] += 0.008
        save_ply(folder / f"part_{number}.ply", points)

    run_id, warnings = scanned(folder, store, SMALL.changed(groups=128, windows=()))

    samples = store.runs.samples(run_id)
    assert warnings == []
    assert np.argmax([sample.raw_score for sample in samples]) == 2
    points, scores, pixels = store.artefacts.load_cloud(run_id, 2)
    assert points.shape == part_points(2).shape
    assert np.linalg.norm(points[scores.argmax(), :2] - [0.1, 0.05]) < 0.02
    picture = read_image(store.artefacts.picture_of(samples[2]))
    assert picture.shape[:2] == (samples[2].height, samples[2].width) == store.artefacts.load_map(run_id, 2).shape
    shown = pixels >= 0
    assert len(np.unique(pixels[shown])) == shown.sum() > 1000
    found = store.artefacts.load_map(run_id, 2)
    row, col = peak(found)
    hot = np.divmod(pixels[np.where(shown, scores, -1).argmax()], samples[2].width)
    assert np.hypot(row - hot[0], col - hot[1]) < 12


def test_photos_and_clouds_paired_by_stem(folder, store):
    make_parts(folder, 3)
    flat = folder.parent / "flat"
    flat.mkdir()
    for number in range(3):
        shutil.copy(folder / f"test/good/rgb/{number:03}.png", flat / f"{number}.png")
        if number:
            save_ply(flat / f"{number}.ply", organised(number).reshape(-1, 3))
    batch = read_batch(flat)
    assert batch.notes == ("0.png has no cloud; it is scored without",)

    run_id, _ = scanned(flat, store, SMALL.changed(modality="3d"))

    assert [s.status for s in store.runs.samples(run_id)] == ["unreadable", "ok", "ok"]
    assert store.runs.samples(run_id)[0].reason == "it has no cloud"


def test_stopped_scan_resumes_to_the_very_same_result(folder, store, tmp_path):
    make_parts(folder, 5)
    with Workspace(tmp_path / "other") as other:
        expected = table(other, scanned(folder, other)[0])

    def stop(event):
        if event.stage == "read" and event.done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(read_batch(folder), SMALL, store, stop)
    run_id = scan(read_batch(folder), SMALL, store, run_id=store.runs.all()[0].id)

    assert table(store, run_id) == expected


def test_order_of_modalities_does_not_disturb_the_cache(folder, store, tmp_path):
    make_parts(folder, 3)
    for modality in ("2d", "3d", "2d+3d"):
        with Workspace(tmp_path / modality) as fresh:
            expected = table(fresh, scanned(folder, fresh, SMALL.changed(modality=modality))[0])
        assert table(store, scanned(folder, store, SMALL.changed(modality=modality))[0]) == expected
    off = SMALL.changed(background="off")
    assert table(store, scanned(folder, store, off)[0]) != expected


def test_background_follows_the_layout(folder, store):
    make_parts(folder, 2)
    scanned(folder, store)

    assert SMALL.background_of("mvtec-3d") == "mvtec-3d"
    assert SMALL.background_of("plain") == "off"
    assert SMALL.changed(background="eyecandies").background_of("mvtec-3d") == "eyecandies"
    points, _, _ = store.artefacts.load_cloud(1, 0)
    assert points[:, 2].max() < 0.496


@pytest.mark.parametrize(
    ("cloud", "told"),
    [
        (organised(1)[:, :150], "160 x 100 pixels: they are not aligned"),
        (organised(1, size=(24, 30)), "24 pixels, the photo 160 x 100 pixels"),
        (np.zeros((*SIZE, 3), np.float32), "holds no point, only holes"),
        (
            np.where(np.arange(160)[:, None] % 40 == 0, organised(1), np.nan),
            "the cloud has only 160 points, too few for 256 groups",
        ),
        (None, "is damaged or cut off (some of its pixels are missing)"),
    ],
    ids=["another size", "much smaller", "all holes", "few points", "damaged"],
)
def test_bad_cloud_leaves_the_photo_and_says_so(folder, store, cloud, told):
    make_parts(folder, 4)
    path = folder / "test/good/xyz/001.tiff"
    path.write_bytes(path.read_bytes()[:5000]) if cloud is None else save_tiff(path, cloud.astype(np.float32))

    run_id, warnings = scanned(folder, store, SMALL.changed(background="off", groups=256))

    bad = rows(store, run_id)["001"]
    assert bad.reason.startswith("scored by its photo alone: ")
    assert told in bad.reason
    assert warnings == [f"{bad.name}: {bad.reason}"]
    assert (bad.status, bad.height, bad.width) == ("ok", *SIZE)
    assert np.isfinite([s.final for s in store.runs.samples(run_id)]).all()
    assert store.artefacts.load_cloud(run_id, 1) is None
    assert store.artefacts.load_map(run_id, 1).shape == store.artefacts.load_map(run_id, 0).shape
    assert store.runs.get(run_id).unreadable == 0


def test_cloud_with_fewer_points_than_groups(folder, store):
    for number in range(4):
        save_ply(folder / f"{number}.ply", part_points(number)[: 20 if number == 3 else None])

    run_id, warnings = scanned(folder, store)

    few = rows(store, run_id)["3"]
    assert few.status == "unreadable"
    assert "20 points" in few.reason
    assert "32 groups" in few.reason
    assert warnings == [f"3.ply: {few.reason}"]
    assert [s.status for s in store.runs.samples(run_id)] == ["ok"] * 3 + ["unreadable"]


def test_a_single_group(folder, store):
    make_parts(folder, 3)

    run_id, _ = scanned(folder, store, SMALL.changed(groups=1, modality="3d"))

    assert np.isfinite([s.final for s in store.runs.samples(run_id)]).all()
    assert len(np.unique(store.artefacts.load_cloud(run_id, 0)[1])) == 1


def test_one_modality_missing_in_some_samples(folder, store):
    make_parts(folder, 6)
    (folder / "test/good/xyz/000.tiff").unlink()
    (folder / "test/good/rgb/005.png").unlink()

    run_id, warnings = scanned(folder, store)

    found = rows(store, run_id)
    assert found["000"].reason == "scored by its photo alone: it has no cloud"
    assert found["005"].reason == "scored by its cloud alone: it has no photo"
    assert {s.status for s in found.values()} == {"ok"}
    assert np.isfinite([s.final for s in found.values()]).all()
    assert len(store.runs.get(run_id).notes) == 3  # the first of the ones and the last of the others: shifted?
    assert len(warnings) == 5
    assert [store.artefacts.load_cloud(run_id, position) is None for position in range(6)] == [True] + [False] * 5


def test_the_only_photo_of_a_batch_is_left_out(folder, store):
    make_parts(folder, 4)
    for number in (1, 2, 3):
        (folder / f"test/good/rgb/{number:03}.png").unlink()

    run_id, warnings = scanned(folder, store)

    found = rows(store, run_id)
    assert found["000"].status == "ok"
    assert found["000"].reason == "its photo is not scored: no other sample has a photo that can be used"
    assert warnings[-1].endswith(found["000"].reason)
    assert np.isfinite([s.final for s in found.values()]).all()


def test_a_lone_photo_without_cloud_is_listed(folder, store):
    make_parts(folder, 4)
    for number in (1, 2, 3):
        (folder / f"test/good/rgb/{number:03}.png").unlink()
    (folder / "test/good/xyz/000.tiff").unlink()

    run_id, _ = scanned(folder, store)

    found = rows(store, run_id)
    assert found["000"].status == "unreadable"
    assert found["000"].reason.endswith("no other sample has a photo that can be used")
    assert [found[name].final is not None for name in ("000", "001", "002", "003")] == [False, True, True, True]
    assert store.runs.get(run_id).unreadable == 1


def test_one_photo_and_one_cloud_cannot_be_compared(folder, store):
    make_parts(folder, 2)
    (folder / "test/good/xyz/000.tiff").unlink()
    (folder / "test/good/rgb/001.png").unlink()

    with pytest.raises(InputError, match=r"only 1 of 2 samples .* can be used; give at least two"):
        scanned(folder, store)


def test_metres_among_millimetres_are_told_and_scored(folder, store):
    make_parts(folder, 4)
    expected = table(store, scanned(folder, store)[0])
    save_tiff(folder / "test/good/xyz/002.tiff", organised(2) * 1000)

    run_id, warnings = scanned(folder, store)

    (warning,) = warnings
    assert warning.endswith("002.png: its cloud seems to be in another unit than the others")
    assert {s.status for s in store.runs.samples(run_id)} == {"ok"}
    for sample in store.runs.samples(run_id):
        assert sample.raw_score == pytest.approx(expected[sample.name][2], rel=0.02)


def test_duplicate_points_are_scored(folder, store):
    for number in range(3):
        points = part_points(number)
        save_ply(folder / f"{number}.ply", np.concatenate([points, points[:500]]) if number == 1 else points)

    run_id, warnings = scanned(folder, store)

    assert warnings == []
    points, scores, _ = store.artefacts.load_cloud(run_id, 1)
    assert len(points) == len(part_points(1)) + 500
    np.testing.assert_allclose(scores[-500:], scores[:500], atol=1e-6)


def test_all_points_at_one_place(folder, store):
    for number in range(3):
        save_ply(folder / f"{number}.ply", np.ones((99, 3)) if number == 1 else part_points(number))

    run_id, _ = scanned(folder, store)

    assert "at one place" in rows(store, run_id)["1"].reason


def test_modality_that_the_batch_lacks(folder, store, make_photos):
    make_photos(folder, 3)

    with pytest.raises(InputError, match=r"`modality` 2d\+3d needs clouds, but .* has none; use auto"):
        scanned(folder, store, SMALL.changed(modality="2d+3d"))
