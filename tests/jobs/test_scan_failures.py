"""What goes wrong beside the files: the disk, other programs, a part that lacks what the others have."""

import shutil

import numpy as np
import pytest
from PIL import Image
from safetensors import SafetensorError

from inspector.data.layouts import read_batch
from inspector.decision.threshold import label_free_threshold
from inspector.errors import InputError, StoreError
from inspector.features import reader
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from tests.clouds import make_parts

SMALL = ScanSettings(image_size=64, batch_size=4)


def test_a_folder_that_was_doubled_is_told_of_in_one_line(folder, store, make_photos):
    for photo in make_photos(folder, 6):
        shutil.copy(photo, folder / f"again {photo.name}")
    told = []

    run_id = scan(read_batch(folder), SMALL, store, told.append)

    copies = "the same file is in the batch 2 times: copies vouch for one another"
    warned = [event.message for event in told if event.kind == "warning"]
    first = store.runs.samples(run_id)[0].name
    assert [message for message in warned if copies in message] == [f"12 of 12 samples, {first} first: {copies}"]
    assert f"12 of 12 samples, {first} first: {copies}" in store.runs.get(run_id).notes
    assert all(copies in sample.reason for sample in store.runs.samples(run_id))


def fill_disk(monkeypatch):
    """Let every file of tokens fail as on a full disk."""

    def refuse(tensors, path, **_):
        path.write_bytes(b"half a fi")
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr("inspector.features.cache.save_file", refuse)


def test_full_disk_is_told_with_a_remedy_and_leaves_no_half_file(folder, store, make_photos, monkeypatch):
    make_photos(folder, 3)
    fill_disk(monkeypatch)

    with pytest.raises(StoreError, match=r"No space left on device .*make room there, or choose another workspace"):
        scan(read_batch(folder), SMALL, store)

    (run,) = store.runs.all()
    assert (run.status, "No space left" in run.message) == ("failed", True)
    assert not [file for file in (store.folder / "cache").rglob("*") if file.is_file()]


@pytest.mark.parametrize("stage", ["save_plan", "begin"])
def test_what_fails_right_after_a_run_was_made_ends_it(folder, store, make_photos, monkeypatch, stage):
    make_photos(folder, 3)

    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    where = "inspector.jobs.scan.save_plan" if stage == "save_plan" else "inspector.store.runs.Runs.begin"
    monkeypatch.setattr(where, refuse)

    with pytest.raises(OSError, match="No space left"):
        scan(read_batch(folder), SMALL, store)

    assert store.runs.get(1).status == "failed"


def test_equal_files_are_cached_by_several_threads_at_once(folder, store):
    make_parts(folder, 1)
    for number in range(1, 12):
        for kind, suffix in (("rgb", "png"), ("xyz", "tiff")):
            shutil.copy(folder / f"test/good/{kind}/000.{suffix}", folder / f"test/good/{kind}/{number:03}.{suffix}")

    run_id = scan(read_batch(folder), SMALL.changed(groups=16, group_size=32, group_step=8), store)

    assert {sample.status for sample in store.runs.samples(run_id)} == {"ok"}


@pytest.mark.parametrize("mark", ["none", "a dark spot"])
def test_part_without_cloud_is_judged_by_the_whole_photos_of_the_others(folder, store, mark):
    """Photos are blacked out behind the parts; the one that is not must be no reject for that."""
    make_parts(folder, 10, photo_mark=(50, 80))
    if mark != "none":
        shutil.copy(folder / "test/good/rgb/000.png", folder / "test/good/rgb/009.png")
    (folder / "test/good/xyz/009.tiff").unlink()

    run_id = scan(read_batch(folder), SMALL.changed(groups=64, group_size=32, group_step=20, image_size=96), store)

    samples = store.runs.samples(run_id)
    assert samples[9].reason == "scored by its photo alone: it has no cloud"
    raw = [sample.raw_score for sample in samples]
    assert max(raw[1:9]) < raw[0]
    if mark == "none":
        assert raw[9] < max(raw[1:9])
    else:
        assert samples[9].flagged


def test_part_that_lacks_a_cloud_sets_neither_scale_nor_threshold(folder, store):
    make_parts(folder, 8, cloud_mark=(50, 80))
    (folder / "test/good/xyz/007.tiff").unlink()
    photo = np.asarray(Image.open(folder / "test/good/rgb/007.png")).copy()
    photo[30:70, 60:110] = 0  # far odder than all others
    Image.fromarray(photo).save(folder / "test/good/rgb/007.png")

    run_id = scan(
        read_batch(folder),
        SMALL.changed(groups=32, group_size=16, group_step=10, background="off", fusion="sum"),
        store,
    )

    run, samples = store.runs.get(run_id), store.runs.samples(run_id)
    raw = np.array([sample.raw_score for sample in samples[:7]])
    final = np.array([sample.final for sample in samples[:7]])
    assert samples[7].raw_score > raw.max()
    assert samples[7].flagged
    assert (run.calibration["raw_low"], run.calibration["raw_high"]) == (raw.min(), raw.max())
    assert run.threshold == label_free_threshold(final, 4.0)


@pytest.mark.parametrize("gone", [False, True], ids=["there", "gone"])
def test_part_whose_cloud_cannot_be_grouped_is_judged_beside_one_without_cloud(folder, store, monkeypatch, gone):
    """Its photo is blacked out already when the cloud fails: it is read once more, too, and may be gone by then."""
    make_parts(folder, 6, photo_mark=(50, 80))
    (folder / "test/good/xyz/005.tiff").unlink()
    cache_cloud, broken = reader._cache_cloud, "004.tiff"

    def fail_for_one(clouds, key, cloud, original):
        if cloud.name == broken:
            if gone:
                (folder / "test/good/rgb/004.png").unlink()
            raise InputError("it has too few points")
        cache_cloud(clouds, key, cloud, original)

    monkeypatch.setattr(reader, "_cache_cloud", fail_for_one)

    run_id = scan(read_batch(folder), SMALL.changed(groups=32, group_size=16, group_step=10), store)

    samples = store.runs.samples(run_id)
    assert [sample.status for sample in samples] == ["ok"] * 4 + ["unreadable" if gone else "ok", "ok"]
    assert samples[5].raw_score < samples[0].raw_score
    if gone:
        assert "004.png cannot be read" in samples[4].reason
        assert store.runs.get(run_id).unreadable == 1
    else:
        assert samples[4].raw_score < samples[0].raw_score


def test_photo_of_another_size_is_pointed_out_and_scored(folder, store, make_photos):
    photos = make_photos(folder, 10)
    with Image.open(photos[4]) as image:
        (width, height), smaller = image.size, image.resize((31, 17))
    smaller.save(photos[4])
    warnings = []

    run_id = scan(
        read_batch(folder), SMALL, store, lambda event: event.kind == "warning" and warnings.append(event.message)
    )

    told = f"its photo has 31 x 17 pixels, the others {width} x {height}: see whether it belongs to them"
    assert f"{photos[4].name}: {told}" in warnings
    rows = store.runs.samples(run_id)
    assert [told in row.reason for row in rows] == [place == 4 for place in range(10)]
    assert all(row.raw_score is not None for row in rows)


@pytest.mark.parametrize(("left", "told"), [(False, "is gone; put it back there"), (True, "is empty by now, as where")])
def test_a_drive_that_is_pulled_out_ends_the_scan_which_goes_on_when_it_is_back(folder, store, make_photos, left, told):
    """Also where an empty folder is left at which it was mounted."""
    make_photos(folder, 4)
    batch, away = read_batch(folder), folder.with_name("away")

    def pull_out(event):
        if event.kind == "progress" and event.stage == "read":
            folder.rename(away)
            if left:
                folder.mkdir()

    with pytest.raises(InputError, match=told):
        scan(batch, SMALL, store, pull_out)
    assert store.runs.get(1).status == "failed"

    if left:
        folder.rmdir()
    away.rename(folder)
    scan(batch, SMALL, store, run_id=1)
    assert (store.runs.get(1).status, store.runs.get(1).unreadable) == ("done", 0)
