"""Rows and columns of tiles by the size of a batch's photos, and scans of long ones."""

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.errors import Cancelled
from inspector.geometry.grid import stretch_map
from inspector.jobs.predict import predict
from inspector.jobs.preparation import prepare_scan
from inspector.jobs.scan import scan
from inspector.jobs.tiling import choose_tiling, find_enough, measure_patch, write_tiling
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from tests.clouds import make_parts

SMALL = ScanSettings(image_size=64, batch_size=4, degrees=(1,), windows=())


def write_plain(folder, *sizes):
    """Write a grey photo of each size, (H, W)."""
    folder.mkdir(exist_ok=True)
    for index, (height, width) in enumerate(sizes):
        Image.new("L", (width, height), 90).save(folder / f"part_{index}.png")
    return read_batch(folder)


def write_long(folder, size, place, count=5):
    """Write photos of noise; part 0 has a spot of 12 pixels around `place`, (row, column)."""
    folder.mkdir(exist_ok=True)
    noise = np.random.default_rng(5)
    for index in range(count):
        pixels = 120 + noise.normal(0, 6, (*size, 1)).repeat(3, axis=2)
        if index == 0:
            pixels[place[0] - 6 : place[0] + 6, place[1] - 6 : place[1] + 6] = 10
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / f"part_{index}.png")
    return read_batch(folder)


def choose(batch, tiles, patches=24):
    return choose_tiling(batch, tiles, lambda: patches)


@pytest.mark.parametrize(
    ("size", "tiles", "expected"),
    [
        *(((500, 1260), "2", (2, 6)), ((1260, 500), "2", (6, 2)), ((400, 900), "2", (2, 5)), ((64, 64), "3", (3, 3))),
        *(((64, 100), "2", (2, 3)), ((64, 85), "2", (2, 2)), ((5, 3000), "2", (2, 16)), ((500, 1260), "1", (1, 1))),
        *(((500, 1260), "3x2", (3, 2)), ((500, 1260), "1x4", (1, 4)), ((500, 1260), "2x2", (2, 2))),
    ],
)
def test_a_number_of_tiles_goes_along_the_shorter_side(folder, size, tiles, expected):
    assert choose(write_plain(folder, size, size), tiles) == expected


def test_the_median_of_the_photos_decides(folder):
    batch = write_plain(folder, (100, 400), (100, 210), (50, 100), (100, 200), (300, 100))
    (folder / "part_9.png").write_bytes(b"no photo")

    assert choose(read_batch(folder), "2") == choose(batch, "2") == (2, 4)


def test_where_no_photo_can_be_read_tiles_are_as_many_along_each_side(folder):
    write_plain(folder, (100, 400), (100, 400))
    for file in folder.iterdir():
        file.write_bytes(b"no photo")

    assert choose(read_batch(folder), "3") == (3, 3)
    assert choose(read_batch(folder), "auto") == (1, 1)


@pytest.mark.parametrize(
    ("size", "patches", "expected"),
    [
        *(((900, 1100), 24, (1, 1)), ((2360, 2360), 24, (3, 3)), ((500, 1260), 24, (1, 3)), ((1260, 500), 24, (3, 1))),
        *(((4000, 6000), 24, (3, 5)), ((500, 20000), 24, (1, 16)), ((2360, 2360), 37, (2, 2))),
    ],
)
def test_auto_takes_the_fewest_tiles_with_small_patches_and_never_too_many(folder, size, patches, expected):
    assert choose(write_plain(folder, size), "auto", patches) == expected

    grids = [(patches, patches)]
    if expected[0] * expected[1] < 15:
        assert max(measure_patch(size, expected, grids)) < 48
    assert find_enough(size, grids, 16) == expected


@pytest.mark.parametrize("tiling", [(1, 1), (2, 6), (1, 3), (3, 7), (2, 2)])
def test_the_setting_of_a_tiling_gives_it_again(folder, tiling):
    size = (500, 1260)

    assert choose(write_plain(folder, size), write_tiling(tiling, size)) == tiling


def test_a_long_photo_is_cut_into_whichever_setting_is_shorter():
    assert [write_tiling(tiling, (500, 1260)) for tiling in ((2, 6), (1, 3), (2, 2))] == ["2", "1x3", "2x2"]


@pytest.mark.parametrize("changes", [{}, {"phases": 2, "more_sizes": (96,)}, {"alignment": "corners"}])
@pytest.mark.parametrize(
    ("size", "tiles", "tiling", "place"),
    [
        *(((500, 1260), "2", (2, 6), (90, 1130)), ((1260, 500), "2", (6, 2), (700, 60))),
        *(((120, 900), "1x6", (1, 6), (60, 480)), ((120, 600), "auto", (1, 6), (60, 425))),
    ],
)
def test_a_spot_on_a_long_photo_lies_where_it_is(folder, store, size, tiles, tiling, place, changes):
    settings = SMALL.changed(tiles=tiles, **changes)

    run_id = scan(write_long(folder, size, place, count=3), settings, store)

    scores = [sample.raw_score for sample in store.runs.samples(run_id)]
    assert np.argmax(scores) == 0
    found = stretch_map(store.artefacts.load_map(run_id, 0), size)
    peak = np.unravel_index(found.argmax(), size)
    patch = measure_patch(size, tiling, [(4, 4)])
    assert [abs(at - wanted) <= side for at, wanted, side in zip(peak, place, patch, strict=True)] == [True, True]


def test_a_stopped_scan_of_long_photos_resumes_to_the_same_scores(folder, store, tmp_path):
    batch, settings = write_long(folder, (100, 250), (50, 200)), SMALL.changed(tiles="2", phases=2)
    with Workspace(tmp_path / "other") as other:
        expected = [sample.raw_score for sample in other.runs.samples(scan(batch, settings, other))]

    def stop(event):
        if event.stage == "read" and event.done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(batch, settings, store, stop)
    run_id = scan(batch, settings, store, run_id=1)

    assert [sample.raw_score for sample in store.runs.samples(run_id)] == expected


def test_equal_tiles_share_their_tokens(folder, store):
    batch = write_long(folder, (80, 80), (40, 40), count=2)
    for tiles in ("2", "2x2", "3", "2x3", "3x2"):
        scan(batch, SMALL.changed(tiles=tiles), store)

    assert len(list((store.folder / "cache").iterdir())) == 4


@pytest.mark.parametrize(
    ("size", "tiles", "told"),
    [
        ((100, 250), "2", "photos of 250 x 100 pixels are cut into 2 x 6 `tiles` and compared in patches of 13 x 14"),
        ((100, 250), "2x2", ""),
        ((100, 100), "2", ""),
        ((100, 120), "auto", "photos of 120 x 100 pixels are not cut into `tiles`, and compared in patches of 30 x 25"),
        (
            (400, 640),
            "1",
            "photos of 640 x 400 pixels are compared in patches of 160 x 100: defects that are much smaller may go "
            "unseen; a closer look takes `tiles` = auto, or 3 (15 a photo)",
        ),
        (
            (900, 900),
            "auto",
            "photos of 900 x 900 pixels are cut into 4 x 4 `tiles` and compared in patches of 69 x 69: defects that "
            "are much smaller may go unseen; a closer look takes `tiles` = 6 (36 a photo)",
        ),
    ],
)
def test_what_was_chosen_and_what_would_do_is_told(folder, store, size, tiles, told):
    events = []

    run = scan(write_plain(folder, size, size), SMALL.changed(tiles=tiles), store, events.append)

    notes = store.runs.get(run).notes
    assert [note for note in notes if "tiles" in note] == ([told] if told else [])
    assert [event.message for event in events if "tiles" in event.message] == ([told] if told else [])


def test_auto_leaves_clouds_whole(folder, store):
    make_parts(folder, 3)

    prepared = prepare_scan(read_batch(folder), SMALL.changed(tiles="auto"), store)

    assert (prepared.modality, prepared.images.tiles) == ("2d+3d", (1, 1))


def test_cost_is_predicted_for_the_tiles_of_the_whole_batch(folder):
    batch = write_plain(folder, (80, 200), (80, 200))

    long, wide = (predict(batch, ScanSettings(image_size=256, tiles=tiles)) for tiles in ("2", "2x2"))

    assert long.disk > 2 * wide.disk
