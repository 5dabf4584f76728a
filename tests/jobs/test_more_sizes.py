"""Photos seen at several sizes: the map is the mean of all, each divided by what is usual at its size."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from inspector.data.layouts import read_batch
from inspector.data.photos import fit_photo, read_image
from inspector.errors import SettingsError
from inspector.features.aggregation import lnamd
from inspector.features.backbones import load_backbone
from inspector.jobs.scan import scan
from inspector.scoring.maps import grid_maps, image_scores
from inspector.scoring.mutual import mutual_scores
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace

SETTINGS = ScanSettings(image_size=64, more_sizes=(96,), degrees=(1,), windows=(), score_share=0.01)


@pytest.fixture
def store(tmp_path):
    with Workspace(tmp_path / "workspace") as opened:
        yield opened


def score(photos, size):
    """Patch scores (N, P) of one size, literally."""
    network = load_backbone(SETTINGS.backbone, image_size=size)
    squares = torch.from_numpy(np.stack([fit_photo(photo, size) for photo in photos])).permute(0, 3, 1, 2)
    layers = [layer.half().float() for layer in network.tokens(squares.float() / 255)[0]]
    return torch.stack([mutual_scores(F.normalize(lnamd(layer, 1), dim=-1)) for layer in layers]).mean(dim=0)


def test_map_is_the_mean_of_all_sizes_each_on_its_own_scale(make_photos, store, tmp_path):
    make_photos(tmp_path / "batch", 6, spot=True)
    batch = read_batch(tmp_path / "batch")

    run = scan(batch, SETTINGS, store)

    photos = [read_image(sample.image) for sample in batch.samples]
    small, large = (score(photos, size) for size in (64, 96))
    usual = small.median(), large.median()
    wanted = torch.zeros(())
    for scores, each in zip((small, large), usual, strict=True):
        side = round(scores.shape[1] ** 0.5)
        wanted = wanted + grid_maps(scores / each, (side, side), (24, 24)) / 2
    wanted = wanted * (usual[0] + usual[1]) / 2
    for sample, plane in zip(store.runs.samples(run), wanted, strict=True):
        found = store.artefacts.load_map(run, sample.position)
        assert np.allclose(found, plane.numpy(), atol=1e-5)
        assert sample.raw_score == pytest.approx(
            float(image_scores(grid_maps(plane.reshape(1, -1), (24, 24), (64, 64)), share=0.01)), abs=1e-5
        )


def test_tokens_of_several_sizes_are_kept_apart_and_met_again(make_photos, store, tmp_path):
    make_photos(tmp_path / "batch", 4, spot=True)
    batch = read_batch(tmp_path / "batch")
    runs = [scan(batch, SETTINGS.changed(**change), store) for change in ({}, {"more_sizes": ()}, {})]

    first, plain, again = ([sample.raw_score for sample in store.runs.samples(run)] for run in runs)
    assert first == again != plain
    assert len(list((store.folder / "cache").iterdir())) == 2


def test_tiles_and_passes_go_with_several_sizes(make_photos, store, tmp_path):
    make_photos(tmp_path / "batch", 4, spot=True)

    run = scan(
        read_batch(tmp_path / "batch"), SETTINGS.changed(tiles=2, phases=2, search_radius=1, alignment="corners"), store
    )

    scores = {sample.name: sample.raw_score for sample in store.runs.samples(run)}
    assert max(scores, key=scores.__getitem__) == "part_0.png"


def test_progress_of_all_sizes_is_one(make_photos, store, tmp_path):
    make_photos(tmp_path / "batch", 4)
    events = []

    scan(read_batch(tmp_path / "batch"), SETTINGS, store, events.append)

    told = [(event.done, event.total) for event in events if (event.kind, event.stage) == ("progress", "score")]
    assert told[0][0] == 0
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert len({total for _, total in told}) == 1


def test_equal_photos_score_nothing_at_any_size(make_photos, store, tmp_path):
    (photo,) = make_photos(tmp_path / "batch", 1)
    for number in range(3):
        (tmp_path / "batch" / f"copy_{number}.png").write_bytes(photo.read_bytes())

    run = scan(read_batch(tmp_path / "batch"), SETTINGS, store)

    assert [sample.raw_score for sample in store.runs.samples(run)] == pytest.approx([0] * 4, abs=1e-3)


def test_sizes_that_no_network_takes_are_refused():
    with pytest.raises(SettingsError, match="more_sizes"):
        ScanSettings().changed(more_sizes=(16,))


@pytest.mark.parametrize(
    ("size", "change", "told"),
    [
        ((400, 640), {}, "photos of 640 x 400 pixels are compared in patches of 107 x 67"),
        ((400, 640), {"tiles": 2, "more_sizes": ()}, "are cut into 2 x 3 `tiles` and compared in patches of 64 x 57"),
        ((150, 150), {}, ""),
    ],
)
def test_photos_much_larger_than_the_network_sees_are_told(make_photos, store, tmp_path, size, change, told):
    make_photos(tmp_path / "batch", 3, size=size)
    events = []

    run = scan(read_batch(tmp_path / "batch"), SETTINGS.changed(**change), store, events.append)

    notes = store.runs.get(run).notes
    assert [event.message for event in events if event.kind == "warning"] == notes
    assert [told in note and "`tiles`" in note for note in notes] == ([True] if told else [])
