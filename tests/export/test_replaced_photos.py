"""A photo that was replaced after the scan is shown in no export, beside the score and defects of the one before."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.export.run import write_exports
from inspector.store.groups import FoundGroup
from inspector.store.records import SampleReading

TOLD = "p.5.png is another file than the one that was scanned; put that one back"


@pytest.fixture
def replaced(store, make_judged):
    """Six judged parts, the last two of which share a region; another photo of the same size took the last one's place.

    Returns the run, the path of that photo, and its bytes of before.
    """
    planes = [np.full((24, 40), 0.1, np.float32) for _ in range(6)]
    planes[5][2:9, 3:15] = 0.9
    run_id = make_judged(planes, ["accepted"] * 5 + ["rejected"], {}, {})
    paths = [Path(sample.image) for sample in store.runs.samples(run_id)]
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    readings = [SampleReading(i, "ok", sha256=digest, width=40, height=24) for i, digest in enumerate(digests)]
    store.runs.keep_readings(run_id, readings)
    store.groups.keep(run_id, [FoundGroup(dict.fromkeys((4, 5), (0.4, 0.4, 0.6, 0.6)), corrected=False)], {})
    before = paths[5].read_bytes()
    Image.fromarray(np.full((24, 40, 3), 200, np.uint8)).save(paths[5])
    return run_id, paths[5], before


def export(store, run_id, folder, name, language="en"):
    told = []
    written = write_exports(store, run_id, folder, [name], lambda event: told.append(event.message), language=language)
    return written[name], [message for message in told if "p.5" in message]


@pytest.mark.parametrize("name", ["overlays", "anomalib", "coco", "labelme", "voc", "yolo"])
def test_it_is_left_out_and_told_until_it_is_back(store, replaced, tmp_path, name):
    run_id, path, before = replaced

    folder, told = export(store, run_id, tmp_path / "out", name)

    assert told == [f"kind 1/{TOLD}"]
    assert list(folder.rglob("*p.5*")) == []
    assert list(folder.rglob("*p.3*")) != []

    path.write_bytes(before)
    folder, told = export(store, run_id, tmp_path / "out", name)
    assert told == []
    assert list(folder.rglob("*p.5*")) != []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", TOLD), ("de", "p.5.png ist eine andere Datei als die geprüfte; bitte jene zurücklegen")],
)
def test_the_report_says_why_there_is_no_picture(store, replaced, tmp_path, language, sentence):
    run_id, _, _ = replaced

    path, told = export(store, run_id, tmp_path / "out", "report", language)

    page = path.read_text(encoding="utf-8")
    assert told == [f"kind 1/{TOLD}"]
    assert f"kind 1/{sentence}" in page  # among those that share a region
    assert page.count(sentence) == 2  # and in the list of those without pictures
    assert page.count("<figcaption>kind 0/p.4.jpg") == 1
    assert "<figcaption>kind 1/p.5.png" not in page
    assert page.count("<article") == 5


def test_what_is_told_of_its_map_stays(store, replaced, tmp_path):
    path, told = export(store, replaced[0], tmp_path / "out", "regions")

    assert told == []
    assert "kind 1/p.5.png,1," in path.read_text(encoding="utf-8")
