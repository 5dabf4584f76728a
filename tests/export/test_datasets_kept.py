"""Datasets: what counts as a region, which views are held back, and that nothing is lost by writing them again."""

import csv
import json
import os
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from inspector.errors import StoreError
from inspector.export.run import write_exports

SETS = ("coco", "yolo", "voc", "labelme")
"""Exports for training."""
LARGE, SMALL = (slice(2, 10), slice(3, 12)), (slice(20, 21), slice(30, 32))
KEEP = 12
"""Photos of the runs below."""


def plane(*boxes):
    made = np.zeros((24, 40), np.float32)
    for box in boxes:
        made[box] = 0.9
    return made


@pytest.fixture
def judged(make_judged):
    """Ten accepted, two rejected photos."""
    said = ["accepted"] * 10 + ["rejected"] * 2
    return make_judged([plane(*[LARGE] * (verdict == "rejected")) for verdict in said], said, {}, {})


def export(store, run_id, folder, *names):
    told = []
    written = write_exports(store, run_id, folder, names, lambda event: told.append(event.message))
    return (*(written[name] for name in names), told)


def list_files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_only_regions_that_count_are_in_any_export(store, make_judged, tmp_path):
    settings = {"min_region_area": 20.0, "min_region_strength": 1.5}
    faint = plane(LARGE, SMALL)
    faint[12:18, 20:30] = 0.6
    run_id = make_judged([plane(), faint], ["accepted", "rejected"], {}, {}, **settings)

    masks, anomalib, coco, yolo, voc, labelme, regions, _ = export(
        store, run_id, tmp_path / "out", "masks", "anomalib", "coco", "yolo", "voc", "labelme", "regions"
    )

    counted = np.where(plane(LARGE) > 0, 255, 0)
    drawn = [next(masks.rglob("p.1.png")), *(anomalib / "mask").rglob("*.png")]
    for mask in drawn:
        np.testing.assert_array_equal(np.asarray(Image.open(mask)), counted)
    assert len(drawn) == 2
    assert len(json.loads((coco / "annotations.json").read_text("utf-8"))["annotations"]) == 1
    assert sum(len(file.read_text("utf-8").splitlines()) for file in yolo.rglob("labels/*/*.txt")) == 1
    assert sum(file.read_text("utf-8").count("<object>") for file in voc.rglob("*.xml")) == 1
    assert sum(len(json.loads(file.read_text("utf-8"))["shapes"]) for file in labelme.rglob("*.json")) == 1
    assert len(regions.read_text("utf-8-sig").splitlines()) == 2


def list_splits(folder):
    """Return the places of photos by what a dataset has them for."""
    if (folder / "samples.csv").is_file():
        with (folder / "samples.csv").open(encoding="utf-8-sig") as file:
            pairs = [(row["split"], Path(row["image_path"]).name) for row in csv.DictReader(file)]
    elif (folder / "data.yaml").is_file():
        content = yaml.safe_load((folder / "data.yaml").read_text("utf-8"))
        pairs = [(split, path.name) for split in ("train", "val") for path in (folder / content[split]).iterdir()]
    else:
        lists = {split: (folder / "ImageSets" / "Main" / f"{split}.txt").read_text() for split in ("train", "val")}
        pairs = [(split, line) for split, lines in lists.items() for line in lines.split()]
    return {int(name.split("_")[0]): split for split, name in pairs}


@pytest.mark.parametrize("name", ["anomalib", "yolo", "voc"])
def test_all_views_of_a_part_train_or_none(store, make_judged, tmp_path, name):
    said = ["accepted", "accepted", "rejected"] * 12
    parts = {place: {"part": str(place // 3 % 6), "lot": f"L{place // 18}"} for place in range(36)}
    parts[35] = {}  # one more, which nothing is known of
    run_id = make_judged([plane(*[LARGE] * (verdict == "rejected")) for verdict in said], said, {}, parts)

    splits = list_splits(export(store, run_id, tmp_path / "out", name)[0])

    views = {}
    for place, split in splits.items():
        views.setdefault(tuple(parts[place].values()) or place, set()).add(split)
    assert len(splits) == 36
    assert [part for part, found in views.items() if len(found) > 1] == []
    assert name == "anomalib" or len(Counter(splits.values())) == 2


def test_parts_of_the_same_number_in_other_lots_are_others(store, make_judged, tmp_path):
    parts = {place: {"part": "7", "lot": f"L{place}"} for place in range(10)}
    run_id = make_judged([plane()] * 10, ["accepted"] * 10, {}, parts)

    splits = list_splits(export(store, run_id, tmp_path / "out", "yolo")[0])

    assert Counter(splits.values()) == {"train": 8, "val": 2}


def test_accepted_views_of_a_rejected_part_train_no_model_of_good_ones(store, make_judged, tmp_path):
    said = ["accepted", "rejected", "accepted"]
    run_id = make_judged([plane()] * 3, said, {}, {0: {"part": "1"}, 1: {"part": "1"}})

    folder, _ = export(store, run_id, tmp_path / "out", "anomalib")

    assert list_splits(folder) == {0: "test", 1: "test", 2: "train"}
    assert [path.name for path in (folder / "normal_test").iterdir()] == ["000000_p.0.png"]


@pytest.mark.parametrize("name", [*SETS, "anomalib"])
def test_the_same_run_replaces_what_it_left_and_nothing_else(store, judged, tmp_path, name):
    folder, _ = export(store, judged, tmp_path / "out", name)
    (folder / "notes.md").write_text("mine", encoding="utf-8")
    (next(folder.rglob("000000*")).parent / "Thumbs.db").write_bytes(b"of the system")
    store.verdicts.add(store.runs.samples(judged)[0].id, "Bob", "undecided")

    export(store, judged, tmp_path / "out", name)

    assert list(folder.rglob("000000*")) == []
    assert list(folder.rglob("000001*"))
    assert (folder / "notes.md").read_text(encoding="utf-8") == "mine"


def correct(folder):
    next(folder.rglob("000011*")).write_bytes(b"corrected")


def correct_to_the_same_size(folder):
    file = next(folder.rglob("000011*"))
    file.write_bytes(file.read_bytes())
    os.utime(file, ns=(10**18, 10**18))


def label_another(folder):
    (next(folder.rglob("000011*")).parent / "by hand.json").write_text("{}")


def remove_one(folder):
    next(folder.rglob("000011*")).unlink()


def forget(folder):
    (folder / "written.jsonl").unlink()


@pytest.mark.parametrize("change", [correct, correct_to_the_same_size, label_another, remove_one, forget])
@pytest.mark.parametrize("name", [*SETS, "anomalib"])
def test_what_was_done_by_hand_is_not_lost(store, judged, tmp_path, name, change):
    folder, _ = export(store, judged, tmp_path / "out", name)
    change(folder)
    before = list_files(tmp_path / "out")

    with pytest.raises(StoreError, match="would be lost; choose another folder, or move what is there away"):
        export(store, judged, tmp_path / "out", "scores", name)

    assert list_files(tmp_path / "out") == before
    shutil.move(folder, tmp_path / "corrected")
    export(store, judged, tmp_path / "out", name)


def test_another_run_takes_no_place(store, judged, make_judged, tmp_path):
    export(store, judged, tmp_path / "out", "labelme", "coco")
    other = make_judged([plane(), plane()], ["accepted"] * 2, {}, {})
    before = list_files(tmp_path / "out")

    with pytest.raises(StoreError, match=f"holds an export of another run, of number {judged}; choose another folder"):
        export(store, other, tmp_path / "out", "yolo", "labelme")

    assert list_files(tmp_path / "out") == before


def test_an_export_that_was_broken_off_is_written_again(store, judged, tmp_path):
    def stop(event):
        if event.done == KEEP // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_exports(store, judged, tmp_path / "out", ["labelme"], stop)
    assert list((tmp_path / "out").rglob("*.json"))

    folder, _ = export(store, judged, tmp_path / "out", "labelme")

    assert len(list(folder.rglob("photos/*.json"))) == KEEP


def test_a_photo_that_has_another_size_now_gets_no_labels(store, judged, tmp_path):
    Image.fromarray(np.zeros((12, 20, 3), np.uint8)).save(store.runs.samples(judged)[11].image)

    folder, told = export(store, judged, tmp_path / "out", "labelme")

    assert any("p.11.png has another size than when it was scored" in message for message in told)
    assert list(folder.rglob("000011*")) == []
