"""Where parts lie alike, what is left of patches by the subspace of their batch counts, too."""

from functools import partial

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.errors import Cancelled
from inspector.jobs.line import check_settings
from inspector.jobs.scan import scan
from inspector.presets import PRESETS
from inspector.scoring import subspace
from inspector.settings import ScanSettings

ALONE = ScanSettings(image_size=64, batch_size=10, degrees=(1,), layers=(3,), phases=2, references=5, more_sizes=(96,))


@pytest.fixture(params=[False, True], ids=["alike", "anyhow"])
def photos(request, folder):
    """Twenty photos of a ramp, lying alike or each turned and moved in its own way."""
    folder.mkdir(exist_ok=True)
    chance = np.random.default_rng(0)
    for number in range(20):
        part = np.add.outer(2 * np.arange(64), np.arange(64) % 16 * 4) + chance.normal(0, 2, (64, 64))
        if request.param:
            part = np.roll(np.rot90(part, number), chance.integers(0, 64, 2), axis=(0, 1))
        Image.fromarray(part.clip(0, 255).astype(np.uint8)).convert("RGB").save(folder / f"part_{number:02}.png")
    return request.param, folder


def list_scores(store, run_id):
    return np.array([sample.raw_score for sample in store.runs.samples(run_id)])


def scan_all(folder, settings, store):
    return list_scores(store, scan(read_batch(folder), settings, store))


def test_it_counts_where_parts_lie_alike(photos, store):
    anyhow, folder = photos
    alone = scan_all(folder, ALONE, store)

    found = scan_all(folder, ALONE.changed(subspace=0.5), store)

    assert np.array_equal(found, alone) == anyhow
    assert np.array_equal(found, scan_all(folder, ALONE.changed(subspace=0.5), store))
    assert np.median(found) == pytest.approx(np.median(alone), rel=0.3)  # on the same scale
    told = "parts lie alike: what is unusual at its place is 50% of the score of a patch"
    assert [run.notes.count(told) for run in store.runs.all()] == [int(not anyhow)] * 2 + [0]


@pytest.mark.parametrize("photos", [False], indirect=True)
def test_a_scan_that_is_stopped_while_it_is_added_goes_on_to_the_same_scores(photos, store, monkeypatch):
    _, folder = photos
    settings, batch = ALONE.changed(subspace=0.5, tiles="2"), read_batch(folder)
    expected = scan_all(folder, settings, store)

    def stop():
        raise Cancelled

    with monkeypatch.context() as patched:
        add = partial(subspace.add_residuals, step=stop)
        patched.setattr("inspector.jobs.comparison.add_residuals", lambda *of, step: add(*of))
        with pytest.raises(Cancelled):
            scan(batch, settings, store)

    run_id = next(run.id for run in store.runs.all() if run.status == "cancelled")
    assert np.array_equal(list_scores(store, scan(batch, settings, store, run_id=run_id)), expected)
    assert len(store.runs.get(run_id).notes) == len(set(store.runs.get(run_id).notes))


@pytest.mark.parametrize("photos", [False], indirect=True)
def test_scoring_is_told_to_be_done_once(photos, store):
    told = []

    def note(event):
        if event.kind == "progress" and event.stage == "score":
            told.append((event.done, event.total))

    scan(read_batch(photos[1]), ALONE.changed(subspace=0.5, tiles="2", more_sizes=()), store, note)

    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len({total for _, total in told}) == 1
    assert [done == total for done, total in told] == [False] * (len(told) - 1) + [True]


def test_the_default_has_it_and_the_other_presets_do_not():
    assert {name for name, preset in PRESETS.items() if preset.subspace} == {"embedded"}


def test_parts_that_come_one_by_one_do_without():
    assert check_settings(PRESETS["embedded"]).subspace == 0
