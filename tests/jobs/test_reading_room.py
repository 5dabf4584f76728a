"""How many photos are read side by side before a scan is bounded by the memory that it may take."""

import numpy as np
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.events import silent
from inspector.jobs.part_boxes import learn_batch
from inspector.jobs.values import choose_value_ranges


def test_photos_are_read_side_by_side_as_the_setting_memory_allows(folder, monkeypatch):
    given = []
    for module in ("values", "part_boxes"):
        monkeypatch.setattr(f"inspector.jobs.{module}.count_readers", lambda room: given.append(room) or 1)
    folder.mkdir()
    chance = np.random.default_rng(0)
    for number in range(3):
        Image.fromarray(chance.integers(0, 4096, (64, 64), np.uint16)).save(folder / f"{number}.png")
    batch = read_batch(folder)

    ranges = choose_value_ranges(batch, "auto", silent, memory=1e-3)
    learn_batch(batch, ranges, silent, memory=1e-3)
    choose_value_ranges(batch, "auto", silent)

    assert given[:2] == [0, 0]
    assert given[2] > 0
