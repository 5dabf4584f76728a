"""Where parts lie in many poses, patches are judged by the nearest tenth of the others, and this is told."""

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.jobs.line import check_settings
from inspector.jobs.scan import scan
from inspector.presets import PRESETS
from inspector.settings import ScanSettings

AUTO = ScanSettings(image_size=64, batch_size=4, degrees=(1,), poses="auto", share=0.5, more_sizes=(96,))
TOLD = "parts lie in many poses: each patch is judged by the nearest tenth of the other parts"


@pytest.fixture
def turned(folder, monkeypatch):
    """Twelve photos of stripes, three of each of four directions."""
    monkeypatch.setattr("inspector.scoring.poses.LEAST_PARTS", 12)
    folder.mkdir(exist_ok=True)
    chance = np.random.default_rng(0)
    rows, cols = np.mgrid[:64, :64]
    for number in range(12):
        angle = number % 4 * np.pi / 4
        wave = 100 + 60 * np.sin((rows * np.sin(angle) + cols * np.cos(angle)) / 3) + chance.normal(0, 4, (64, 64))
        Image.fromarray(wave.astype(np.uint8)).convert("RGB").save(folder / f"part_{number:02}.png")
    return folder


def scan_all(folder, settings, store):
    run_id = scan(read_batch(folder), settings, store)
    return store.runs.get(run_id).notes, {sample.name: sample.raw_score for sample in store.runs.samples(run_id)}


def test_the_nearest_tenth_judges_parts_in_many_poses(turned, store):
    notes, scores = scan_all(turned, AUTO, store)
    told, wanted = scan_all(turned, AUTO.changed(poses="off", share=0.1), store)
    _, other = scan_all(turned, AUTO.changed(poses="off"), store)

    assert TOLD in notes
    assert TOLD not in told
    assert scores == pytest.approx(wanted, abs=1e-5)
    assert scores != pytest.approx(other, abs=1e-2)


def test_parts_in_one_pose_are_judged_by_the_share(make_photos, folder, store, monkeypatch):
    monkeypatch.setattr("inspector.scoring.poses.LEAST_PARTS", 12)
    make_photos(folder, 12, spot=True)

    notes, scores = scan_all(folder, AUTO, store)

    assert TOLD not in notes
    assert scores == pytest.approx(scan_all(folder, AUTO.changed(poses="off"), store)[1], abs=1e-5)


def test_the_presets_of_the_embedded_network_look_at_poses_and_the_published_ones_do_not():
    assert {name for name, preset in PRESETS.items() if preset.poses == "auto"} == {"embedded", "fast"}


def test_parts_that_come_one_by_one_keep_the_share():
    assert check_settings(PRESETS["embedded"]).poses == "off"
