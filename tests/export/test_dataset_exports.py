"""Exports for training, read by small readers of their own: what is confirmed is there, and nothing else."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import cv2
import imagecodecs
import numpy as np
import pytest
import yaml
from PIL import Image

from inspector.errors import StoreError
from inspector.export.anomalib import name_folder
from inspector.export.datasets import name_flat
from inspector.export.run import write_exports
from tests.export.polygons import fill_evenly

WIDTH, HEIGHT = 60, 40
BOXES = {4: [(10, 8, 12, 6), (40, 24, 5, 10)], 5: [(30, 2, 8, 8)]}
"""Defects of samples, (x, y, width, height)."""
SAID = ["accepted"] * 4 + ["rejected"] * 3 + ["undecided"]
KINDS = {4: "deep dent", 5: "scratch"}


@pytest.fixture
def judged(store, make_judged):
    """Eight photos: four accepted, two rejected with defects, one without any place (6), one undecided."""
    planes = [np.zeros((HEIGHT, WIDTH), np.float32) for _ in SAID]
    for place, boxes in BOXES.items():
        for x, y, width, height in boxes:
            planes[place][y : y + height, x : x + width] = 0.9
    store.classes.save(["stain", "scratch"])
    return store, make_judged(planes, SAID, KINDS, {})


def size_of(path):
    with Image.open(path) as photo:
        return photo.size


def export(judged, folder, name):
    """Write one export; return its folder and the warnings."""
    told = []
    written = write_exports(*judged, folder, [name], lambda event: told.append(event))
    return written[name], [event.message for event in told if event.kind == "warning"]


def test_coco_holds_boxes_outlines_and_classes(judged, tmp_path):
    folder, told = export(judged, tmp_path / "out", "coco")

    content = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    names = {kind["id"]: kind["name"] for kind in content["categories"]}
    assert names == {1: "stain", 2: "scratch", 3: "deep dent", 4: "defect"}
    files = {image["id"]: image for image in content["images"]}
    assert sorted(image["source"] for image in files.values()) == sorted(
        f"kind {place % 2}/p.{place}.{'jpg' if place == 4 else 'png'}" for place in range(6)
    )
    for image in files.values():
        assert size_of(folder / "images" / image["file_name"]) == (image["width"], image["height"])
    found = {}
    for note in content["annotations"]:
        place = int(files[note["image_id"]]["source"].split(".")[1])
        found.setdefault(place, []).append(tuple(note["bbox"]))
        assert names[note["category_id"]] == KINDS[place]
        x, y, width, height = note["bbox"]
        corners = np.reshape(note["segmentation"][0], (-1, 2))
        assert note["area"] == width * height
        assert (corners.min(0) >= (x, y)).all()
        assert (corners.max(0) <= (x + width, y + height)).all()
        drawn = fill_evenly(corners, HEIGHT, WIDTH)
        assert drawn[y : y + height, x : x + width].sum() == drawn.sum() == note["area"]
    assert {place: sorted(boxes) for place, boxes in found.items()} == BOXES
    assert told == ["coco: left out: 1 without a verdict; left out: 1 rejected, without a region in the map"]
    assert "4 accepted and 2 rejected photos" in (folder / "dataset.txt").read_text(encoding="utf-8")


def test_yolo_holds_shares_of_width_and_height(judged, tmp_path):
    folder, _ = export(judged, tmp_path / "out", "yolo")

    content = yaml.safe_load((folder / "data.yaml").read_text(encoding="utf-8"))
    found, empty = {}, 0
    for split in ("train", "val"):
        for photo in (Path(content["path"]) / content[split]).iterdir():
            label = Path(str(photo).replace("images", "labels")).with_suffix(".txt")
            lines = label.read_text(encoding="ascii").splitlines()
            empty += not lines
            for line in lines:
                number, *shares = line.split()
                middle_x, middle_y, width, height = np.multiply([float(s) for s in shares], [WIDTH, HEIGHT] * 2)
                box = tuple(round(value) for value in (middle_x - width / 2, middle_y - height / 2, width, height))
                place = int(photo.name.split("_")[0])
                found.setdefault(place, []).append(box)
                assert content["names"][int(number)] == KINDS[place]
    assert {place: sorted(boxes) for place, boxes in found.items()} == BOXES
    assert empty == 4


def test_voc_counts_pixels_from_one(judged, tmp_path):
    folder, _ = export(judged, tmp_path / "out", "voc")

    names = (folder / "ImageSets" / "Main" / "trainval.txt").read_text(encoding="utf-8").splitlines()
    assert len(names) == 6
    split = [(folder / "ImageSets" / "Main" / f"{kind}.txt").read_text("utf-8") for kind in ("train", "val")]
    assert sorted("".join(split).split()) == sorted(names)
    assert all(split)
    found = {}
    for name in names:
        root = ElementTree.parse(folder / "Annotations" / f"{name}.xml").getroot()
        sides = tuple(int(root.findtext(f"size/{side}")) for side in ("width", "height"))
        assert size_of(folder / "JPEGImages" / root.findtext("filename")) == sides
        for item in root.iter("object"):
            ends = [int(item.findtext(f"bndbox/{end}")) for end in ("xmin", "ymin", "xmax", "ymax")]
            box = (ends[0] - 1, ends[1] - 1, ends[2] - ends[0] + 1, ends[3] - ends[1] + 1)
            found.setdefault(int(name.split("_")[0]), []).append(box)
            assert item.findtext("name") == KINDS[int(name.split("_")[0])]
    assert {place: sorted(boxes) for place, boxes in found.items()} == BOXES


def test_labelme_lies_beside_its_photo(judged, tmp_path):
    folder, _ = export(judged, tmp_path / "out", "labelme")

    files = sorted((folder / "photos").glob("*.json"))
    assert [int(file.name.split("_")[0]) for file in files] == list(range(6))
    for place, file in enumerate(files):
        content = json.loads(file.read_text(encoding="utf-8"))
        size = (content["imageWidth"], content["imageHeight"])
        assert size_of(file.parent / content["imagePath"]) == size == (WIDTH, HEIGHT)
        assert {shape["label"] for shape in content["shapes"]} == ({KINDS[place]} if place in KINDS else set())
        found = [np.floor(np.array(shape["points"])).astype(int) for shape in content["shapes"]]
        boxes = sorted((*corners.min(0), *(corners.max(0) - corners.min(0) + 1)) for corners in found)
        assert boxes == BOXES.get(place, [])


def test_anomalib_pairs_photos_with_masks(judged, tmp_path):
    folder, told = export(judged, tmp_path / "out", "anomalib")

    with (folder / "samples.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {(row["label_index"], row["split"]) for row in rows} == {("0", "train"), ("0", "test"), ("1", "test")}
    folders = {("0", "train"): "normal", ("0", "test"): "normal_test", ("1", "test"): "abnormal"}
    assert all(row["image_path"].startswith(f"{folders[row['label_index'], row['split']]}/") for row in rows)
    abnormal = {row["image_path"]: row["mask_path"] for row in rows if row["label_index"] == "1"}
    assert sorted(path.split("/")[1] for path in abnormal) == ["deep dent", "defect", "scratch"]
    for image, mask in abnormal.items():
        assert Path(image).stem == Path(mask).stem
        drawn = cv2.imread(str(folder / mask), cv2.IMREAD_UNCHANGED)
        expected = np.zeros((HEIGHT, WIDTH), np.uint8)
        for x, y, width, height in BOXES.get(int(Path(image).name.split("_")[0]), ()):
            expected[y : y + height, x : x + width] = 255
        np.testing.assert_array_equal(drawn, expected)
    assert all((folder / row["image_path"]).is_file() for row in rows)
    assert told == [
        "anomalib: left out: 1 without a verdict; with an empty mask: 1 rejected, without a region in the map"
    ]


def test_photos_are_copied_unless_they_would_be_read_otherwise(judged, tmp_path):
    store, run_id = judged
    turned = Path(store.runs.samples(run_id)[0].image)
    exif = Image.Exif()
    exif[274] = 3
    Image.fromarray(np.zeros((HEIGHT, WIDTH, 3), np.uint8)).save(turned, exif=exif)
    deep = Path(store.runs.samples(run_id)[1].image)
    deep.write_bytes(imagecodecs.png_encode(np.full((HEIGHT, WIDTH, 3), 40_000, np.uint16)))

    folder, _ = export(judged, tmp_path / "out", "labelme")

    jpeg = Path(store.runs.samples(run_id)[4].image)
    assert (folder / "photos" / "000004_p.4.jpg").read_bytes() == jpeg.read_bytes()
    assert (folder / "photos" / "000000_p.0.png").read_bytes() != turned.read_bytes()
    with Image.open(folder / "photos" / "000000_p.0.png") as written:
        assert written.getexif().get(274) is None
    assert cv2.imread(str(folder / "photos" / "000001_p.1.png"), cv2.IMREAD_UNCHANGED).dtype == np.uint8


@pytest.mark.parametrize(
    ("name", "flat"),
    [
        ("kind/new\nline.png", "000003_new_line"),
        ("a b\tc.png", "000003_a_b_c"),
        ('<a href="x">.png', "000003__a_href=_x_"),
        ("\u202egnp.\u5de5\u4ef6,1.png", "000003__gnp.\u5de5\u4ef6,1"),
    ],
)
def test_names_stand_in_lists_and_on_windows(name, flat):
    record = SimpleNamespace(name=name, position=3)

    assert name_flat(SimpleNamespace(record=record)) == flat


@pytest.mark.parametrize(("kind", "folder"), [("..", "_"), ("a/b", "a_b"), ("scratch.", "scratch"), ("a\nb", "a_b")])
def test_folder_of_a_class_lies_where_it_should(kind, folder):
    assert name_folder(kind) == folder


def test_a_run_that_nobody_reviewed_has_no_data_set(judged, tmp_path):
    store, run_id = judged
    for sample in store.runs.samples(run_id):
        store.verdicts.add(sample.id, "Ada", "undecided")

    with pytest.raises(StoreError, match="nothing of what is to be written: coco"):
        export(judged, tmp_path / "out", "coco")
