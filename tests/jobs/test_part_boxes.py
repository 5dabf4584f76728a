"""Scans that find the part in its photo: the closer look is at it alone, and its map lies where the part does."""

import numpy as np
import pytest
from PIL import Image

from inspector.cli.scan import _find_unfinished_run
from inspector.data.layouts import read_batch
from inspector.errors import Cancelled
from inspector.events import Event
from inspector.jobs.scan import scan
from inspector.presets import PRESETS
from inspector.settings import ScanSettings
from inspector.store.part_models import load_boxes, load_part_model, save_part_model
from tests.parts import draw_part, write_parts

SETTINGS = ScanSettings(
    image_size=64, more_sizes=(96,), part_box="auto", degrees=(1,), windows=(), score_share=0.001, modality="2d"
)
SPOT = (8.0, 5.0)


def find_peak(anomaly_map, size):
    row, col = np.unravel_index(anomaly_map.argmax(), anomaly_map.shape)
    return (col + 0.5) * size[1] / anomaly_map.shape[1], (row + 0.5) * size[0] / anomaly_map.shape[0]


def place_spot(place):
    x, y, turn = place[0], place[1], np.radians(place[2])
    return x + SPOT[0] * np.cos(turn) - SPOT[1] * np.sin(turn), y + SPOT[0] * np.sin(turn) + SPOT[1] * np.cos(turn)


def test_peak_lies_on_the_defect_of_a_part_at_any_angle(store, folder):
    places = write_parts(folder, 14, spots={2: SPOT, 9: SPOT})

    run = scan(read_batch(folder), SETTINGS, store)

    ranked = sorted(store.runs.samples(run), key=lambda sample: -sample.raw_score)
    assert {sample.position for sample in ranked[:2]} == {2, 9}
    for sample in ranked[:2]:
        found = find_peak(store.artefacts.load_map(run, sample.position), (200, 240))
        assert found == pytest.approx(place_spot(places[sample.position]), abs=8)
    assert "turned as the others lie" in " ".join(store.runs.get(run).notes)
    boxes = load_boxes(store, run)
    assert sorted(boxes) == list(range(14))
    assert (boxes[3].x, boxes[3].y) == pytest.approx(places[3][:2], abs=8)


def test_off_sees_whole_photos(store, folder):
    write_parts(folder, 6)

    run = scan(read_batch(folder), SETTINGS.changed(part_box="off"), store)

    assert load_boxes(store, run) == {}
    assert not store.runs.get(run).notes


def test_photos_without_plain_ground_are_seen_whole_as_with_off(store, folder):
    folder.mkdir()
    noise = np.random.default_rng(0)
    for index in range(5):
        Image.fromarray(noise.integers(0, 255, (64, 80, 3)).astype(np.uint8)).save(folder / f"{index}.png")

    found, off = (scan(read_batch(folder), SETTINGS.changed(part_box=part_box), store) for part_box in ("auto", "off"))

    assert load_boxes(store, found) == {}
    for ours, theirs in zip(store.runs.samples(found), store.runs.samples(off), strict=True):
        assert ours.raw_score == theirs.raw_score


def test_part_that_is_not_seen_is_told_and_still_scored(store, folder):
    write_parts(folder, 22)
    Image.fromarray(np.full((200, 240, 3), 150, np.uint8)).save(folder / "99.png")
    told = []

    run = scan(read_batch(folder), SETTINGS, store, told.append)

    missing = store.runs.samples(run)[-1]
    assert "does not stand out" in missing.reason
    assert missing.raw_score is not None
    assert any(event.kind == "warning" and event.message.startswith("99") for event in told)


def test_unreadable_photos_do_not_hide_the_parts(store, folder):
    write_parts(folder, 12)
    for index in range(5):
        (folder / f"{90 + index}.png").write_bytes(b"\x89PNG\r\n\x1a\n no more")

    run = scan(read_batch(folder), SETTINGS, store)

    assert len(load_boxes(store, run)) == 12
    assert store.runs.get(run).unreadable == 5


def test_stopped_scan_goes_on_with_the_parts_as_it_knew_them(store, folder):
    write_parts(folder, 10, spots={4: SPOT})
    batch = read_batch(folder)
    whole = scan(batch, SETTINGS, store)

    def stop(event: Event):
        if event.kind == "progress" and event.stage == "score" and event.done:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        scan(batch, SETTINGS, store, stop)
    begun, settings = _find_unfinished_run(store, folder)
    known, _ = load_part_model(store, begun)
    assert known
    scan(batch, settings, store, run_id=begun)

    for ours, theirs in zip(store.runs.samples(begun), store.runs.samples(whole), strict=True):
        assert ours.raw_score == theirs.raw_score
        first, second = (store.artefacts.load_map(run, ours.position) for run in (begun, whole))
        assert np.array_equal(first, second)


def test_model_of_a_run_comes_back_and_damage_is_not_believed(store, folder):
    write_parts(folder, 8)
    run = scan(read_batch(folder), SETTINGS, store)
    _, model = load_part_model(store, run)
    photo = draw_part((100, 90), 200)

    save_part_model(store, run, model)
    _, again = load_part_model(store, run)
    assert again.place(photo) == model.place(photo)

    path = store.artefacts.run_folder(run) / "parts.npz"
    path.write_bytes(path.read_bytes()[:100])
    assert load_part_model(store, run) == (False, None)
    (store.artefacts.run_folder(run) / "boxes.json").write_text("[1]")
    assert load_boxes(store, run) == {}


def test_tiles_look_closer_at_the_part(store, folder):
    places = write_parts(folder, 10, spots={4: SPOT})

    run = scan(read_batch(folder), SETTINGS.changed(tiles=2), store)

    ranked = sorted(store.runs.samples(run), key=lambda sample: -sample.raw_score)
    assert ranked[0].position == 4
    assert find_peak(store.artefacts.load_map(run, 4), (200, 240)) == pytest.approx(place_spot(places[4]), abs=8)


def test_published_presets_never_look_for_parts():
    assert {name for name, preset in PRESETS.items() if preset.part_box == "auto"} == {"embedded"}
