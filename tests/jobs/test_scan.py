import errno
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.data.photos import fit_photo, read_image
from inspector.decision.calibration import Calibration, choose_display_range
from inspector.errors import Cancelled, InputError
from inspector.events import Event
from inspector.features.aggregation import lnamd
from inspector.features.backbones import load_backbone
from inspector.jobs.maps import thin_map
from inspector.jobs.scan import scan
from inspector.scoring.maps import grid_maps
from inspector.scoring.mutual import mutual_scores
from inspector.scoring.rescoring import rescore
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from tests.scoring.literal import mutual_scores_nearby

SMALL = ScanSettings(image_size=64, batch_size=4)


def table(store, run_id):
    return {s.name: (s.status, s.raw_score, s.rescored, s.flagged) for s in store.runs.samples(run_id)}


def test_scan_is_the_published_chain(folder, store, make_photos):
    paths = make_photos(folder, 6, spot=True)

    run_id = scan(read_batch(folder), SMALL.changed(alignment="corners"), store)

    images = np.stack([fit_photo(read_image(path), 64) for path in paths])
    layers, embeddings = load_backbone("efficientnet-lite0", image_size=64).tokens(
        torch.from_numpy(images).permute(0, 3, 1, 2) / 255
    )
    patch_scores = torch.stack([mutual_scores(lnamd(t, r)) for t in layers for r in (1, 3, 5)]).mean(dim=0)
    raw = grid_maps(patch_scores, (4, 4), (64, 64), "corners").amax(dim=(1, 2))
    samples = store.runs.samples(run_id)
    np.testing.assert_allclose([s.raw_score for s in samples], raw, atol=1e-3)
    np.testing.assert_allclose([s.rescored for s in samples], rescore(raw, embeddings, (1, 2, 3)), atol=5e-3)
    np.testing.assert_allclose(store.artefacts.load_map(run_id, 0), patch_scores[0].view(4, 4), atol=1e-3)


def test_the_odd_part_is_found_where_it_is_odd(folder, store, make_photos):
    make_photos(folder, 8, spot=True)

    run_id = scan(read_batch(folder), ScanSettings(image_size=128), store)

    samples = store.runs.samples(run_id)
    assert np.argmax([s.final for s in samples]) == 0
    assert samples[0].flagged
    anomaly_map = store.artefacts.load_map(run_id, 0)
    row, col = np.unravel_index(anomaly_map.argmax(), anomaly_map.shape)
    assert (2 <= row <= 5, 2 <= col <= 5) == (True, True)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_few_photos_work(folder, store, make_photos, count):
    make_photos(folder, count)

    run_id = scan(read_batch(folder), SMALL, store)

    assert [np.isfinite([s.raw_score, s.rescored]).all() for s in store.runs.samples(run_id)] == [True] * count


def test_search_radius_is_scored_as_told(folder, store, make_photos):
    paths = make_photos(folder, 4, spot=True)
    settings = ScanSettings(image_size=128, layers=(3,), degrees=(1,), search_radius=2)

    run_id = scan(read_batch(folder), settings, store)

    images = torch.from_numpy(np.stack([fit_photo(read_image(path), 128) for path in paths]))
    layers, _ = load_backbone("efficientnet-lite0", image_size=128, layers=(3,)).tokens(
        images.permute(0, 3, 1, 2) / 255
    )
    expected = mutual_scores_nearby(lnamd(layers[0].half(), 1), (8, 8), 2)
    maps = [store.artefacts.load_map(run_id, position) for position in range(4)]
    np.testing.assert_allclose(maps, expected.view(4, 8, 8), atol=1e-3)


def test_part_in_the_wrong_place_is_found_by_the_search_radius_alone(folder, store, make_photos):
    make_photos(folder, 7)
    for path in sorted(folder.iterdir()):  # a dark bar, in all but one at the same place
        pixels = np.array(Image.open(path))
        left = 8 if path.stem == "part_2" else 56
        pixels[8:20, left : left + 12] = 20
        Image.fromarray(pixels).save(path)
    ratios = []
    for radius in (None, 1):
        run_id = scan(read_batch(folder), ScanSettings(image_size=256, windows=(), search_radius=radius), store)
        scores = np.array([sample.raw_score for sample in store.runs.samples(run_id)])
        ratios.append(scores[2] / np.delete(scores, 2).max())

    assert ratios[1] > 1.2 * ratios[0]


def test_one_photo_is_refused_with_a_remedy(folder, store, make_photos):
    make_photos(folder, 1)

    with pytest.raises(InputError, match="give at least two"):
        scan(read_batch(folder), SMALL, store)

    assert store.runs.all() == []


def test_identical_photos_score_zero_and_nothing_stands_out(folder, store, make_photos):
    (path,) = make_photos(folder, 1)
    for index in range(1, 5):
        shutil.copy(path, folder / f"copy_{index}.png")

    run_id = scan(read_batch(folder), SMALL, store)

    assert {(s.raw_score, s.rescored, s.flagged) for s in store.runs.samples(run_id)} == {(0.0, 0.0, False)}


def test_bad_files_are_listed_and_the_rest_is_scored(folder, store, make_photos):
    good = make_photos(folder, 5)
    (folder / "cut off.png").write_bytes(good[0].read_bytes()[:300])
    (folder / "text.jpg").write_text("a note, not a photo")
    (folder / "empty.tif").touch()
    (folder / "lost.png").symlink_to(folder / "nowhere.png")
    (folder / "folder.png").mkdir()
    Image.new("RGB", (1, 1)).save(folder / "dot.png")
    Image.new("RGB", (3000, 5)).save(folder / "strip.png")
    Image.fromarray(np.full((9, 9), 300, np.uint16)).save(folder / "größe 零件.tiff")
    warnings = []

    run_id = scan(
        read_batch(folder), SMALL, store, lambda event: event.kind == "warning" and warnings.append(event.message)
    )

    unreadable = {s.name: s.reason for s in store.runs.samples(run_id) if s.status == "unreadable"}
    assert sorted(unreadable) == ["cut off.png", "empty.tif", "lost.png", "text.jpg"]
    assert "damaged or cut off" in unreadable["cut off.png"]
    assert "is empty" in unreadable["empty.tif"]
    assert "No such file" in unreadable["lost.png"]
    assert "is not an image" in unreadable["text.jpg"]
    flat = [warning.partition(":")[0] for warning in warnings if "the photo is one flat colour" in warning]
    assert flat == ["dot.png", "größe 零件.tiff", "strip.png"]
    (mixed,) = store.runs.get(run_id).notes
    assert mixed.startswith("the batch mixes photos of different depths (7 of 8 bits, 1 of 16 bits)")
    assert len(warnings) == 4 + len(flat) + 1
    scored = [s.name for s in store.runs.samples(run_id) if s.status == "ok" and s.raw_score is not None]
    assert len(scored) == 8
    assert store.runs.get(run_id).unreadable == 4


def test_bad_files_do_not_change_the_scores_of_the_others(folder, store, make_photos):
    make_photos(folder, 5)
    clean = table(store, scan(read_batch(folder), SMALL, store))
    (folder / "bad.png").write_bytes(b"no image")

    mixed = table(store, scan(read_batch(folder), SMALL, store))

    del mixed["bad.png"]
    assert mixed == clean


def test_file_without_permission_is_listed(folder, store, make_photos, monkeypatch):
    locked = make_photos(folder, 3)[0]
    read = Path.read_bytes

    def refuse(path):  # the tests may run as root, who may read everything
        if path == locked:
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)

    run_id = scan(read_batch(folder), SMALL, store)

    assert store.runs.samples(run_id)[0].reason == "part_0.png cannot be read: Permission denied"
    assert [s.status for s in store.runs.samples(run_id)] == ["unreadable", "ok", "ok"]


def test_too_few_readable_photos_fail_by_name(folder, store, make_photos):
    make_photos(folder, 1)
    (folder / "bad.png").write_bytes(b"no image")

    with pytest.raises(InputError, match="only 1 of 2 samples"):
        scan(read_batch(folder), SMALL, store)

    assert store.runs.all()[0].status == "failed"
    assert "only 1 of 2" in store.runs.all()[0].message


@pytest.mark.parametrize("stage", ["read", "score", "maps"])
def test_stopped_scan_resumes_to_the_very_same_result(folder, store, make_photos, tmp_path, stage):
    make_photos(folder, 7, spot=True)
    with Workspace(tmp_path / "other") as other:
        expected = table(other, scan(read_batch(folder), SMALL, other))

    def stop(event: Event) -> None:
        if event.stage == stage and event.done > 0:
            raise Cancelled

    with pytest.raises(Cancelled, match="`resume` finishes it"):
        scan(read_batch(folder), SMALL, store, stop)
    run_id = store.runs.all()[0].id
    assert store.runs.get(run_id).status == "cancelled"

    assert scan(read_batch(folder), SMALL, store, run_id=run_id) == run_id

    assert store.runs.get(run_id).status == "done"
    assert table(store, run_id) == expected


def test_a_scan_that_is_stopped_when_all_is_written_is_done(folder, store, make_photos, monkeypatch):
    """Else it would be resumed, and a threshold that was moved meanwhile be lost."""
    make_photos(folder, 4)
    finish = store.runs.finish

    def finish_and_stop(*given):
        finish(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(store.runs, "finish", finish_and_stop)
    with pytest.raises(Cancelled):
        scan(read_batch(folder), SMALL, store)

    assert (store.runs.get(1).status, store.runs.get(1).message) == ("done", "")


@pytest.mark.parametrize(("shape", "most"), [((224, 224), 419), ((16, 16), 419), ((1, 900), 64), ((7, 3), 21)])
def test_map_values_are_thinned_evenly(shape, most):
    rows, cols = np.mgrid[: shape[0], : shape[1]].astype(np.float32)

    kept_rows, kept_cols = thin_map(rows, most), thin_map(cols, most)

    assert most / 4 <= len(kept_rows) <= most
    if min(shape) > 100:
        assert abs(kept_rows.mean() - rows.mean()) < 6
        assert len(set(kept_rows)) == len(set(kept_cols))


def test_display_range_hardly_moves_when_values_arethin_map():
    random = np.random.default_rng(0)
    maps = random.normal(1, 0.1, (400, 8, 8)).astype(np.float32).repeat(8, axis=1).repeat(8, axis=2)
    maps[:40, 10:30, 20:40] += 0.5

    low, high = choose_display_range(maps.ravel(), 1.2)
    thin_low, thin_high = choose_display_range(np.concatenate([thin_map(plane, 419) for plane in maps]), 1.2)

    assert thin_low == pytest.approx(low, abs=0.01 * (high - low))
    assert thin_high == pytest.approx(high, abs=0.03 * (high - low))


def test_damaged_cache_file_is_made_anew(folder, store, make_photos):
    make_photos(folder, 3)
    expected = table(store, scan(read_batch(folder), SMALL, store))
    for file in (store.folder / "cache").rglob("*.safetensors"):
        file.write_bytes(file.read_bytes()[:50])

    assert table(store, scan(read_batch(folder), SMALL, store)) == expected


def test_events_count_to_the_end(folder, store, make_photos):
    make_photos(folder, 5)
    events = []

    run_id = scan(read_batch(folder), SMALL, store, events.append)

    assert events[0] == Event("run", message=str(run_id))
    assert events[-1] == Event("result", message=str(run_id))
    for stage, total in (("read", 5), ("score", 15), ("maps", 5)):
        counts = [event.done for event in events if event.stage == stage]
        assert counts == sorted(counts)
        assert counts[-1] == total


def test_second_phase_sees_what_lies_half_a_patch_aside(folder, store, make_photos):
    paths = make_photos(folder, 4, spot=True)
    settings = SMALL.changed(phases=2, aggregation="lnamd-mean", degrees=(1, 3))

    run_id = scan(read_batch(folder), settings, store)

    images = torch.from_numpy(np.stack([fit_photo(path_pixels, 64) for path_pixels in map(read_image, paths)]))
    images = images.permute(0, 3, 1, 2) / 255
    moved = torch.nn.functional.pad(images, (8, 0, 8, 0), mode="reflect")[..., :64, :64]
    backbone = load_backbone("efficientnet-lite0", image_size=64)
    expected = []
    for phase in (images, moved):
        (tokens,) = backbone.tokens(phase)[0]
        merged = torch.nn.functional.normalize(lnamd(tokens, 1) + lnamd(tokens, 3), dim=-1)
        expected.append(mutual_scores(merged))
    first, second = (grid_maps(patches[:1], (4, 4), (16, 16))[0].numpy() for patches in expected)
    # A patch of the second pass lies half a patch, two values of the map, to the upper left of that of the first.
    second = np.pad(second, (0, 2), mode="edge")[2:, 2:]
    np.testing.assert_allclose(store.artefacts.load_map(run_id, 0), (first + second) / 2, atol=1e-3)


def test_on_corners_the_passes_are_averaged_patch_by_patch(folder, store, make_photos):
    make_photos(folder, 4, spot=True)
    settings = SMALL.changed(phases=2, aggregation="lnamd-mean", degrees=(1, 3), alignment="corners")

    run_id = scan(read_batch(folder), settings, store)

    assert store.artefacts.load_map(run_id, 0).shape == (4, 4)
    assert store.runs.get(run_id).alignment == "corners"


def test_few_references_still_find_the_odd_part(folder, store, make_photos):
    make_photos(folder, 12, spot=True)

    run_id = scan(read_batch(folder), SMALL.changed(references=4), store)

    assert np.argmax([s.raw_score for s in store.runs.samples(run_id)]) == 0


def test_without_windows_the_raw_score_decides(folder, store, make_photos):
    make_photos(folder, 4)

    run_id = scan(read_batch(folder), SMALL.changed(windows=()), store)

    assert [(s.rescored, s.final == s.raw_score) for s in store.runs.samples(run_id)] == [(None, True)] * 4


def test_cuda_without_a_gpu_is_refused(folder, store, make_photos, monkeypatch):
    make_photos(folder, 2)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)

    with pytest.raises(InputError, match="no usable GPU"):
        scan(read_batch(folder), SMALL.changed(device="cuda"), store)


@pytest.mark.parametrize("windows", [(1, 2, 3), ()])
def test_calibration_kept_with_the_run_decides_each_part_as_the_batch_did(folder, store, make_photos, windows):
    make_photos(folder, 8, spot=True)

    run = store.runs.get(scan(read_batch(folder), SMALL.changed(windows=windows), store))

    calibration = Calibration.from_json(run.calibration)
    samples = store.runs.samples(run.id)
    assert [calibration.apply(sample.final) for sample in samples] == [sample.flagged for sample in samples]
    assert (calibration.threshold, calibration.map_threshold) == (run.threshold, run.map_threshold)
    assert (calibration.map_low, calibration.map_high) == run.display_range
    assert any(sample.flagged for sample in samples)
