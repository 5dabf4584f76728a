"""Pipes and devices in the place of a file are refused: they would hang a command, or fill the memory."""

import os
import traceback
from pathlib import Path

import pytest

from inspector.data.photos import read_bytes
from inspector.data.roi_files import read_roi
from inspector.errors import InspectorError
from inspector.evaluation.external_scores import ScoreTable, embeddings_from_file, read_scores
from inspector.evaluation.imported_run import read_map
from inspector.files import require_regular
from inspector.presets import load_settings
from inspector.recipes import pack_roi, read_recipe
from inspector.store.audit import read_chain
from inspector.weights.files import read_weight_file

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")

TOLD = "it is a pipe or a device, and no file"


def test_pipes_and_devices_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()

    for odd in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match=TOLD):
            require_regular(odd)
    assert [require_regular(each) for each in (tmp_path / "file", tmp_path)] == [tmp_path / "file", tmp_path]


def read_embeddings(path):
    table = ScoreTable(Path("scores.csv"), ("path", "score"), (), ("a", "b"), (1.0, 2.0), (0, 1))
    embeddings_from_file(table, path)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("settings.toml", lambda path: load_settings(file=path)),
        ("recipe.toml", read_recipe),
        ("roi.json", pack_roi),
        ("roi.json", read_roi),
        ("roi.png", read_roi),
        ("photo.png", read_bytes),
        ("scores.csv", read_scores),
        ("embeddings.csv", read_embeddings),
        ("embeddings.npy", read_embeddings),
        ("map.npy", read_map),
        ("map.png", read_map),
        ("chain.jsonl", read_chain),
        ("weights.safetensors", read_weight_file),
    ],
)
def test_whatever_is_named_as_a_file_is_looked_at_before_it_is_read(name, read, tmp_path):
    (tmp_path / name).symlink_to("/dev/null")  # it ends at once where it is read after all

    with pytest.raises(InspectorError) as caught:
        read(tmp_path / name)

    assert TOLD in "".join(traceback.format_exception(caught.value))
