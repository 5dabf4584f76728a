"""Names that are nothing but the words that layouts look for."""

import pytest
from PIL import Image

from inspector.data.layouts import read_batch


@pytest.mark.parametrize("name", ["_mask", "mask", "_depth", "depth", "_rgb", "xyz", "_", "-", "_gt", " "])
def test_photo_that_is_called_by_the_word_alone_is_listed(name, tmp_path):
    for stem in (name, "part_1", "part_2"):
        Image.new("L", (8, 8)).save(tmp_path / f"{stem}.png")

    batch = read_batch(tmp_path)

    assert {sample.name for sample in batch.samples} == {f"{name}.png", "part_1.png", "part_2.png"}
