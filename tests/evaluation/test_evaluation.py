import os
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from datasets import CORNERS, PATHS, make_category

from inspector.data.layouts import read_batch
from inspector.data.photos import read_image
from inspector.errors import Cancelled, InputError
from inspector.evaluation.metrics import ImageMetrics, image_metrics, pixel_metrics
from inspector.evaluation.run import divide, evaluate
from inspector.features.backbones import load_backbone
from inspector.scoring.maps import grid_maps
from inspector.scoring.rescoring import rescore, rescore_near
from inspector.settings import ScanSettings
from inspector.store.embeddings import load_embeddings
from inspector.store.workspace import Workspace

SMALL = ScanSettings(image_size=64, batch_size=4)


@pytest.fixture
def store(tmp_path):
    with Workspace(tmp_path / "workspace") as opened:
        yield opened


@pytest.fixture
def root(tmp_path):
    """Two categories in MVTec AD's layout."""
    for name in ("bolt", "nut"):
        make_category(tmp_path / "set" / name, "mvtec-ad")
    return tmp_path / "set"


class Listener:
    """A `Report` that remembers, and can stop the work."""

    def __init__(self, stop=lambda event: False):
        self.events = []
        self.stop = stop

    def __call__(self, event):
        self.events.append(event)
        if self.stop(event):
            raise Cancelled

    def said(self, kind):
        return [event.message for event in self.events if event.kind == kind]


def truth(number, side=64):
    """The mask of defect `number` as drawn by `make_category`, scaled up to a multiple of its size."""
    mask = np.zeros((64, 64), bool)
    row, col = CORNERS[number]
    mask[row : row + 16, col : col + 16] = True
    return mask.repeat(side // 64, 0).repeat(side // 64, 1)


@pytest.mark.parametrize("layout", PATHS)
def test_metrics_are_those_of_the_stored_scores_and_maps(tmp_path, store, layout):
    make_category(tmp_path / "set" / "bolt", layout)

    (row,) = evaluate(tmp_path / "set", layout, SMALL, store, side=128)

    samples = store.runs.samples(1)
    defects = [sample for sample in samples if sample.label]
    assert (row.category, row.n_images, row.n_anomalous) == ("bolt", 6, 2)
    assert [int(sample.name.rpartition("/")[2][:2]) for sample in defects] == [0, 1]
    assert row.image == image_metrics([s.label for s in samples], [s.final for s in samples])
    masks = {defect.position: truth(number, 128) for number, defect in enumerate(defects)}
    maps = [
        grid_maps(torch.from_numpy(store.artefacts.load_map(1, i)).view(1, -1), (4, 4), (128, 128))[0] for i in range(6)
    ]
    expected = pixel_metrics([masks.get(i, np.zeros((128, 128))) for i in range(6)], maps)
    for name in ("auroc", "f1_max", "ap", "aupro"):
        assert getattr(row.pixel, name) == pytest.approx(getattr(expected, name), abs=1e-5)


def test_default_side_and_raw_scores(root, store):
    rescored = evaluate(root, "mvtec-ad", SMALL, store, categories=["nut"])
    raw = evaluate(root, "mvtec-ad", SMALL, store, categories=["nut"], rescored=False)

    samples = store.runs.samples(1)
    assert [row.category for row in rescored] == ["nut"]
    assert raw[0].image == image_metrics([s.label for s in samples], [s.raw_score for s in samples])
    assert rescored[0].pixel == raw[0].pixel == evaluate(root / "nut", "mvtec-ad", SMALL, store, side=518)[0].pixel


def test_tiles_are_evaluated_like_whole_photos(root, store):
    tiled = evaluate(root, "mvtec-ad", SMALL.changed(tiles=2), store, categories=["nut"], side=64)
    whole = evaluate(root, "mvtec-ad", SMALL, store, categories=["nut"], side=64)

    assert [store.runs.get(run_id).settings["tiles"] for run_id in (1, 2)] == ["2", "1"]
    maps = [
        grid_maps(torch.from_numpy(store.artefacts.load_map(1, i)).view(1, -1), (7, 7), (64, 64))[0] for i in range(6)
    ]
    defects = [sample.position for sample in store.runs.samples(1) if sample.label]
    expected = pixel_metrics([truth(defects.index(i)) if i in defects else np.zeros((64, 64)) for i in range(6)], maps)
    assert tiled[0].pixel.ap == pytest.approx(expected.ap, abs=1e-5)
    assert tiled[0].pixel.ap > whole[0].pixel.ap
    assert tiled[0].image.auroc == 1


def test_finished_categories_are_not_scanned_again(root, store):
    first = evaluate(root, "mvtec-ad", SMALL, store)
    listener = Listener()

    second = evaluate(root, "mvtec-ad", SMALL, store, listener)

    assert second == first
    assert [row.category for row in first] == ["bolt", "nut"]
    assert len(store.runs.all()) == 2
    assert listener.said("run") == []
    assert [(e.done, e.total, e.message) for e in listener.events] == [(0, 2, ""), (1, 2, "bolt"), (2, 2, "nut")]


def test_what_is_new_is_scanned_again(root, store):
    nut = root / "nut"
    evaluate(nut, "mvtec-ad", SMALL, store)

    evaluate(nut, "mvtec-ad", SMALL, store, fresh=True)
    assert len(store.runs.all()) == 2

    evaluate(nut, "mvtec-ad", SMALL.changed(share=0.5), store)
    assert len(store.runs.all()) == 3

    later = time.time() + 60
    os.utime(nut / "test" / "good" / "03.png", (later, later))
    evaluate(nut, "mvtec-ad", SMALL, store)
    assert len(store.runs.all()) == 4

    (nut / "test" / "good" / "03.png").unlink()
    (row,) = evaluate(nut, "mvtec-ad", SMALL, store)
    assert (len(store.runs.all()), row.n_images) == (5, 5)


def test_stopped_evaluation_goes_on_where_it_was(root, store, tmp_path):
    stop = Listener(lambda event: event.stage == "score" and event.done == 3 and len(store.runs.all()) == 2)
    with pytest.raises(Cancelled):
        evaluate(root, "mvtec-ad", SMALL, store, stop)
    assert [run.status for run in store.runs.all()] == ["cancelled", "done"]

    listener = Listener()
    rows = evaluate(root, "mvtec-ad", SMALL, store, listener)

    assert listener.said("run") == ["2"]
    assert [run.status for run in store.runs.all()] == ["done", "done"]
    with Workspace(tmp_path / "other") as other:
        assert rows == evaluate(root, "mvtec-ad", SMALL, other)


def test_division_is_seeded_even_and_complete(tmp_path):
    make_category(tmp_path / "nut", "mvtec-ad", good=9, defective=4)
    batch = read_batch(tmp_path / "nut")

    parts = divide(batch, 3, seed=5)

    assert parts == divide(batch, 3, seed=5)
    assert parts != divide(batch, 3, seed=6)
    assert [len(part.samples) for part in parts] == [5, 4, 4]
    assert sorted(sum(s.kind == "spot" for s in part.samples) for part in parts) == [1, 1, 2]
    assert sorted(s.name for part in parts for s in part.samples) == sorted(s.name for s in batch.samples)
    positions = [[batch.samples.index(s) for s in part.samples] for part in parts]
    assert positions == [sorted(part) for part in positions]
    assert [part.notes for part in parts] == [(f"nut: subset {n} of 3, seed 5",) for n in (1, 2, 3)]
    assert divide(batch, 1, seed=5) == [batch]


def test_too_many_subsets(tmp_path):
    make_category(tmp_path / "nut", "mvtec-ad")
    batch = read_batch(tmp_path / "nut")

    with pytest.raises(InputError, match="6 samples, too few for 4 subsets; use at most 3"):
        divide(batch, 4, seed=0)
    with pytest.raises(ValueError, match="at least 1 subset"):
        divide(batch, 0, seed=0)


def test_subsets_are_scored_apart_and_rescored_together(root, store):
    (row,) = evaluate(root / "nut", "mvtec-ad", SMALL, store, subsets=2, seed=1)

    parts = [store.runs.samples(run_id) for run_id in (1, 2)]
    assert [len(part) for part in parts] == [3, 3]
    assert [sum(s.label for s in part) for part in parts] == [1, 1]
    together = parts[0] + parts[1]
    images = np.stack([read_image(Path(s.image)) for s in together])  # they have the size of the input
    tensors = torch.from_numpy(images).permute(0, 3, 1, 2) / 255
    _, embeddings = load_backbone("efficientnet-lite0", image_size=64).tokens(tensors)
    final = rescore(torch.tensor([s.raw_score for s in together]), embeddings, (1, 2, 3))
    assert (row.n_images, row.n_anomalous) == (6, 2)
    assert row.image == image_metrics([s.label for s in together], final)

    again = evaluate(root / "nut", "mvtec-ad", SMALL, store, subsets=2, seed=1)
    assert (again, len(store.runs.all())) == ([row], 2)
    (whole,) = evaluate(root / "nut", "mvtec-ad", SMALL, store)
    assert (len(store.runs.all()), store.runs.get(3).samples, whole.n_images) == (3, 6, 6)


def test_subsets_are_rescored_together_as_their_runs_are(root, store):
    (row,) = evaluate(root / "nut", "mvtec-ad", SMALL.changed(rescoring="near"), store, subsets=2, seed=1)

    samples = [sample for run_id in (1, 2) for sample in store.runs.samples(run_id)]
    embeddings = np.concatenate([load_embeddings(store, run_id)[1] for run_id in (1, 2)])
    final = rescore_near(torch.tensor([sample.raw_score for sample in samples]), torch.from_numpy(embeddings))
    assert store.runs.get(1).rescoring == "nearness"
    assert row.image == image_metrics([sample.label for sample in samples], final)


def test_subsets_without_rescoring_use_raw_scores(root, store):
    (row,) = evaluate(root / "nut", "mvtec-ad", SMALL.changed(windows=()), store, subsets=2)

    together = store.runs.samples(1) + store.runs.samples(2)
    assert row.image == image_metrics([s.label for s in together], [s.raw_score for s in together])


def test_one_class_only_is_undefined(tmp_path, store):
    make_category(tmp_path / "good", "folder", good=3, defective=0)
    make_category(tmp_path / "bad", "folder", good=0, defective=3)
    (tmp_path / "bad" / "ok").mkdir()

    (good,) = evaluate(tmp_path / "good", "folder", SMALL, store)
    (bad,) = evaluate(tmp_path / "bad", "folder", SMALL, store)

    assert (good.image, good.pixel) == (ImageMetrics(None, None, None), None)
    assert bad.image == ImageMetrics(None, None, None)
    assert bad.pixel is not None


def test_defects_without_masks(tmp_path, store):
    make_category(tmp_path / "none", "folder", masks=False)
    make_category(tmp_path / "some", "folder", defective=3)
    (tmp_path / "some" / PATHS["folder"][2].format("01")).unlink()
    listener = Listener()

    none, some = evaluate(tmp_path, "folder", SMALL, store, listener)

    assert (none.n_anomalous, none.image.auroc is None, none.pixel) == (2, False, None)
    assert (some.n_images, some.pixel is None) == (7, False)
    assert listener.said("warning") == ["some: 1 of 3 defective photos lacks a mask and does not count for pixels"]


def test_unreadable_photo_does_not_count(root, store):
    (root / "nut" / "test" / "good" / "03.png").write_bytes(b"cut off")
    listener = Listener()

    (row,) = evaluate(root / "nut", "mvtec-ad", SMALL, store, listener)

    assert (row.n_images, row.n_anomalous) == (5, 2)
    assert listener.said("warning")[-1] == "nut: 1 of 6 photos cannot be read and does not count"


def test_photos_without_labels_are_refused_before_anything_is_scanned(root, store, make_photos):
    make_photos(root / "photos", 3)

    with pytest.raises(InputError, match=r"nothing in .*photos says which parts are good .* use the `layout` folder"):
        evaluate(root / "photos", "plain", SMALL, store)
    with pytest.raises(InputError, match="has no category bolts, nuts; it has: bolt, nut"):
        evaluate(root, "mvtec-ad", SMALL, store, categories=["bolts", "nut", "nuts"])
    assert store.runs.all() == []
