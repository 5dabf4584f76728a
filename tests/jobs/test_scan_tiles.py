"""Scans of photos cut into tiles: large photos, tiny defects."""

import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.data.photos import cut_tiles, read_image
from inspector.errors import Cancelled, SettingsError
from inspector.features.aggregation import lnamd
from inspector.features.backbones import Backbone, load_backbone
from inspector.geometry.grid import stretch_map
from inspector.jobs.predict import predict
from inspector.jobs.scan import scan
from inspector.scoring.maps import tile_maps
from inspector.scoring.mutual import mutual_scores
from inspector.scoring.rescoring import rescore
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from tests.clouds import make_parts

SMALL = ScanSettings(image_size=64, batch_size=4, tiles=2)
FINE = ScanSettings(image_size=128, tiles=4)

SIDE = 448
"""Of the large photos, in pixels: 128 pixels of the network's input show 448 of them, or 138 with 4 x 4 tiles."""

PATCH = SIDE / 3.25 / 8
"""Side of a tile's patch with `FINE`, in pixels of the photo."""

BORDERS = tuple(SIDE / 3.25 * place for place in (0.75, 1, 1.5, 1.75, 2.25, 2.5))
"""Where tiles begin or end inside the photo, with `FINE`."""


def make_weave(folder, place, *, count=6, defect=12):
    """Write photos of a weave, stripes of 2 pixels in noise; on part 0 they run across in a square around `place`."""
    folder.mkdir()
    noise = np.random.default_rng(3)
    rows, cols = np.mgrid[:SIDE, :SIDE] % 4 < 2
    around = tuple(slice(round(middle) - defect // 2, round(middle) + defect // 2) for middle in place)
    for index in range(count):
        stripes = cols.copy()
        if index == 0:
            stripes[around] = rows[around]
        pixels = np.where(stripes, 190, 70)[..., None] + noise.normal(0, 30, (SIDE, SIDE, 1)).repeat(3, axis=2)
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / f"part_{index}.png")


def table(store, run_id):
    return {s.name: (s.status, s.raw_score, s.rescored, s.flagged) for s in store.runs.samples(run_id)}


def maps(store, run_id):
    return [
        store.artefacts.load_map(run_id, s.position).tobytes() for s in store.runs.samples(run_id) if s.status == "ok"
    ]


@pytest.mark.parametrize("rescoring", ["image", "salient"])
def test_each_tile_is_scored_as_a_photo_of_its_own(folder, store, make_photos, rescoring):
    paths = make_photos(folder, 5, spot=True)

    run_id = scan(read_batch(folder), SMALL.changed(rescoring=rescoring), store)

    squares = torch.from_numpy(np.stack([cut_tiles(read_image(path), (2, 2), 64) for path in paths], axis=1))
    backbone = load_backbone("efficientnet-lite0", image_size=64)
    tokens = [backbone.tokens(of_tile.permute(0, 3, 1, 2) / 255) for of_tile in squares]  # a tile of all parts
    degrees = (1, 3, 5)
    patches = [
        torch.stack([mutual_scores(lnamd(layer, r)) for layer in layers for r in degrees]).mean(dim=0)
        for layers, _ in tokens
    ]
    blended = tile_maps(torch.cat(patches, dim=1), (4, 4), (2, 2))
    raw = blended.amax(dim=(1, 2))
    embeddings = torch.cat([embedding for _, embedding in tokens], dim=1) / 2
    if rescoring == "salient":
        highest = [divmod(int(scores.argmax()), 16) for scores in torch.cat(patches, dim=1)]  # tile, patch
        embeddings = torch.stack(
            [lnamd(tokens[tile][0][0], 1)[part, patch] for part, (tile, patch) in enumerate(highest)]
        )
    samples = store.runs.samples(run_id)
    for sample in samples:
        np.testing.assert_allclose(
            store.artefacts.load_map(run_id, sample.position), blended[sample.position], atol=1e-3
        )
    np.testing.assert_allclose([s.raw_score for s in samples], raw, atol=1e-3)
    np.testing.assert_allclose([s.rescored for s in samples], rescore(raw, embeddings, (1, 2, 3)), atol=1e-2)


@pytest.mark.parametrize(
    "place",
    [(SIDE / 2, SIDE / 2), (BORDERS[2], BORDERS[1]), (BORDERS[0], 60)],
    ids=["middle of an overlap", "borders of tiles", "border of a tile"],
)
def test_defect_that_a_whole_photo_hides_is_found_with_tiles_where_it_is(folder, store, place):
    make_weave(folder, place)

    whole = scan(read_batch(folder), FINE.changed(tiles=1), store)
    run_id = scan(read_batch(folder), FINE, store)

    raw = np.array([s.raw_score for s in store.runs.samples(run_id)])
    raw_of_whole = np.array([s.raw_score for s in store.runs.samples(whole)])
    assert raw.argmax() == 0
    assert raw[0] - raw[1:].max() > 2 * np.ptp(raw[1:])
    assert (raw_of_whole[1:] > raw_of_whole[0]).sum() > 1
    anomaly_map = stretch_map(store.artefacts.load_map(run_id, 0), (SIDE, SIDE))
    peak = np.unravel_index(anomaly_map.argmax(), anomaly_map.shape)
    assert np.abs(np.array(peak) - place).max() <= PATCH


def test_map_has_no_jump_where_tiles_begin_or_end(folder, store):
    make_weave(folder, (SIDE / 2, SIDE / 2))

    run_id = scan(read_batch(folder), ScanSettings(image_size=256, tiles=2), store)

    side, patch = SIDE / 1.75, SIDE / 1.75 / 16  # of a tile
    good = np.stack([stretch_map(store.artefacts.load_map(run_id, part), (SIDE, SIDE)) for part in range(1, 6)])
    for steps in (np.abs(np.diff(good, axis=1)).mean(axis=(0, 2)), np.abs(np.diff(good, axis=2)).mean(axis=(0, 1))):
        places = np.arange(len(steps)) + 0.5
        at_borders = (places > side * 0.75 - patch) & (places < side + patch)  # and between them, where tiles blend
        assert steps[at_borders].max() <= steps[~at_borders].max()
        assert steps[at_borders].mean() <= 1.25 * steps[~at_borders].mean()


def test_photos_of_all_sizes_and_bad_files_among_them(folder, store, make_photos):
    good = make_photos(folder, 4, size=(63, 81))
    expected = table(store, scan(read_batch(folder), SMALL, store))
    (folder / "cut off.png").write_bytes(good[0].read_bytes()[:300])

    mixed = scan(read_batch(folder), SMALL, store)

    rest = {name: row for name, row in table(store, mixed).items() if name != "cut off.png"}
    assert table(store, mixed)["cut off.png"] == ("unreadable", None, None, None)
    assert rest == expected

    Image.new("RGB", (1, 1)).save(folder / "dot.png")
    Image.new("RGB", (500, 3)).save(folder / "strip.png")
    run_id = scan(read_batch(folder), SMALL.changed(tiles=3), store)
    assert [s.status for s in store.runs.samples(run_id)].count("ok") == 6
    assert {
        store.artefacts.load_map(run_id, s.position).shape for s in store.runs.samples(run_id) if s.status == "ok"
    } == {(10, 10)}


@pytest.mark.parametrize("stage", ["read", "score", "maps"])
def test_stopped_scan_resumes_to_the_very_same_result(folder, store, make_photos, tmp_path, stage):
    make_photos(folder, 5, spot=True)
    settings = SMALL.changed(batch_size=3, phases=2, tiles=2)
    with Workspace(tmp_path / "other") as other:
        whole = scan(read_batch(folder), settings, other)
        expected, expected_maps = table(other, whole), maps(other, whole)

    def stop(event):
        if event.stage == stage and event.done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(read_batch(folder), settings, store, stop)
    run_id = scan(read_batch(folder), settings, store, run_id=1)

    assert table(store, run_id) == expected
    assert maps(store, run_id) == expected_maps


def test_network_sees_no_more_squares_at_once_than_wanted(folder, store, make_photos, monkeypatch):
    make_photos(folder, 3)
    seen = []
    extract = Backbone.tokens
    monkeypatch.setattr(Backbone, "tokens", lambda self, images: seen.append(len(images)) or extract(self, images))

    scan(read_batch(folder), SMALL.changed(tiles=3), store)  # 9 tiles: one photo at a time
    assert seen == [1, *[4, 4, 1] * 3]  # one grey square tells how much memory it takes

    seen.clear()
    scan(read_batch(folder), SMALL.changed(batch_size=9), store)  # 4 tiles: two photos at a time
    assert seen == [1, 8, 4]


def test_tokens_of_tiles_are_kept_apart_from_those_of_whole_photos(folder, store, make_photos, monkeypatch):
    make_photos(folder, 3)
    first = [table(store, scan(read_batch(folder), SMALL.changed(tiles=tiles), store)) for tiles in (1, 2, 3)]
    seen, extract = [], Backbone.tokens
    monkeypatch.setattr(Backbone, "tokens", lambda self, images: seen.append(len(images)) or extract(self, images))

    again = [table(store, scan(read_batch(folder), SMALL.changed(tiles=tiles), store)) for tiles in (3, 1, 2)]

    assert seen == [1, 1, 1]  # grey squares that tell how much memory they take; all tokens are in the cache
    assert again == [first[2], first[0], first[1]]
    assert first[0] != first[1] != first[2]


def test_progress_counts_all_tiles(folder, store, make_photos):
    make_photos(folder, 3)
    events = []

    scan(read_batch(folder), SMALL, store, events.append)

    for stage, total in (("read", 3), ("score", 3 * 3 * 4), ("maps", 3)):
        counts = [(event.done, event.total) for event in events if event.stage == stage]
        assert counts == sorted(counts)
        assert counts[-1] == (total, total)


def test_identical_photos_score_zero(folder, store, make_photos):
    (path,) = make_photos(folder, 1)
    shutil.copy(path, folder / "copy.png")

    run_id = scan(read_batch(folder), SMALL, store)

    assert {(s.raw_score, s.rescored, s.flagged) for s in store.runs.samples(run_id)} == {(0.0, 0.0, False)}
    assert not store.artefacts.load_map(run_id, 0).any()


def test_share_of_the_map_is_that_of_its_area(folder, store, make_photos):
    make_photos(folder, 3, spot=True)

    run_id = scan(read_batch(folder), SMALL.changed(score_share=0.1), store)

    for sample in store.runs.samples(run_id):
        fine = np.sort(stretch_map(store.artefacts.load_map(run_id, sample.position), (601, 601)).ravel())
        assert sample.raw_score == pytest.approx(fine[-len(fine) // 10 :].mean(), rel=2e-2)


@pytest.mark.parametrize("modality", ["auto", "3d", "2d+3d"])
def test_clouds_are_not_cut(folder, store, modality):
    make_parts(folder, 3)

    with pytest.raises(SettingsError, match=r"tiles are for photos.* set `modality` to 2d, or `tiles` to 1"):
        scan(read_batch(folder), SMALL.changed(modality=modality), store)

    assert store.runs.all() == []


def test_photos_beside_clouds_are_cut_when_they_are_scored_alone(folder, store):
    make_parts(folder, 3)

    run_id = scan(read_batch(folder), SMALL.changed(modality="2d"), store)

    assert store.artefacts.load_map(run_id, 0).shape == (7, 10)  # of 2 x 3 tiles


def test_cost_is_predicted(folder, make_photos):
    make_photos(folder, 2)

    tiled, whole = (predict(read_batch(folder), ScanSettings(image_size=256, tiles=tiles)) for tiles in (2, 1))

    assert tiled.disk > 2 * whole.disk
