"""Masks and small copies among photos that nobody labelled."""

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch

PHOTO = np.random.default_rng(5).integers(0, 256, (24, 32, 3), dtype=np.uint8)
MASK = np.zeros((24, 32), np.uint8)
MASK[4:9, 6:20] = 255


def save(root, *names, pixels=PHOTO):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(root / name)


def parts(batch):
    return [sample.name for sample in batch.samples]


def left(batch):
    return {left.name: left.reason for left in batch.left_out}


def drawn(count):
    return f"a mask: a drawing of where a photo shows a defect ({count} file{'s' if count > 1 else ''})"


@pytest.mark.parametrize("folder", ["ground_truth", "GT", "Masks", "mask", "labels", "a/defect_masks", "photos/masks"])
def test_masks_of_the_names_of_photos_are_left_out(tmp_path, folder):
    save(tmp_path, "photos/1.png", "photos/2.png")
    save(tmp_path, f"{folder}/1.png", f"{folder}/2_mask.png", pixels=MASK)

    batch = read_batch(tmp_path)

    assert parts(batch) == ["photos/1.png", "photos/2.png"]
    assert drawn(2) in left(batch).values()
    assert batch.notes == (f"2 files were left out: 2 masks in {folder.split('/')[-1]}",)


def test_masks_in_folders_of_kinds_and_of_single_parts_are_left_out(tmp_path):
    save(tmp_path, "cut/001.png", "bent/002.png")
    save(tmp_path, "ground_truth/cut/001/000.png", "ground_truth/bent/002.png", pixels=MASK)

    batch = read_batch(tmp_path)

    assert parts(batch) == ["bent/002.png", "cut/001.png"]
    assert left(batch) == {"ground_truth": drawn(2)}


@pytest.mark.parametrize("folder", ["label", "masks", "segmentation"])
def test_photos_of_labels_and_of_face_masks_are_parts(tmp_path, folder):
    save(tmp_path, "bottle/1.png", "bottle/2.png", f"{folder}/1.png", f"{folder}/2.png")

    batch = read_batch(tmp_path)

    assert parts(batch) == sorted(["bottle/1.png", "bottle/2.png", f"{folder}/1.png", f"{folder}/2.png"])
    assert batch.notes == ()


def test_drawings_that_belong_to_no_photo_are_scored_and_told(tmp_path):
    save(tmp_path, "photos/1.png", "photos/2.png")
    save(tmp_path, "masks/a.png", "masks/b.png", pixels=MASK)

    batch = read_batch(tmp_path)

    assert parts(batch) == ["masks/a.png", "masks/b.png", "photos/1.png", "photos/2.png"]
    assert batch.notes == ("masks looks like masks, but no photos have the same names: its files are scored as parts",)


def test_ground_truth_is_left_out_though_its_names_are_others(tmp_path):
    save(tmp_path, "photos/1.png", "photos/2.png")
    save(tmp_path, "ground_truth/a.png", pixels=MASK)

    batch = read_batch(tmp_path)

    assert parts(batch) == ["photos/1.png", "photos/2.png"]
    assert left(batch) == {"ground_truth": drawn(1)}


def test_a_folder_of_nothing_but_masks_is_scored(tmp_path):
    save(tmp_path, "masks/1.png", "masks/2.png", pixels=MASK)

    assert parts(read_batch(tmp_path)) == ["masks/1.png", "masks/2.png"]


@pytest.mark.parametrize("name", ["{}_mask.png", "{}_gt.bmp", "{}-label.png"])
def test_masks_beside_their_photos_are_left_out(tmp_path, name):
    save(tmp_path, "1.jpg", "2.jpg")
    save(tmp_path, name.format(1), name.format(2), pixels=MASK)

    batch = read_batch(tmp_path)

    assert parts(batch) == ["1.jpg", "2.jpg"]
    assert left(batch).keys() == {name.format(1), name.format(2)}
    assert batch.notes == ("2 files were left out: 2 masks beside its photo",)


def test_photos_called_masks_beside_others_are_parts(tmp_path):
    save(tmp_path, "1.png", "1_mask.png")

    assert parts(read_batch(tmp_path)) == ["1.png", "1_mask.png"]


def test_small_copies_are_left_out_and_large_ones_are_not(tmp_path):
    save(tmp_path, "1.png", "2.png", "previews/1.png")
    save(tmp_path, "thumbs/1.png", "thumbs/2.png", pixels=PHOTO[::4, ::4])

    batch = read_batch(tmp_path)

    assert parts(batch) == ["1.png", "2.png", "previews/1.png"]
    assert left(batch) == {"thumbs": "a small copy of a photo (2 files)"}


def test_masks_inside_the_folders_of_kinds_are_left_out(tmp_path):
    save(tmp_path, "ok/1.png", "cut/2.png")
    save(tmp_path, "cut/masks/2.png", "gt/cut/2.png", pixels=MASK)

    batch = read_batch(tmp_path, "folder")

    assert [(sample.name, sample.mask) for sample in batch.samples] == [
        ("cut/2.png", tmp_path / "gt/cut/2.png"),
        ("ok/1.png", None),
    ]
    assert left(batch) == {"cut/masks": drawn(1)}


def make_mvtec(root):
    save(root, "train/good/0.png", "test/good/0.png", "test/cut/1.png")
    save(root, "ground_truth/cut/1_mask.png", pixels=MASK)


def test_of_datasets_in_a_folder_what_their_layouts_score_is_taken(tmp_path):
    make_mvtec(tmp_path / "bottle")
    save(tmp_path, "cable/test_public/good/0.png", "cable/test_public/bad/1.png", "cable/train/good/2.png")
    save(tmp_path, "cable/test_public/ground_truth/bad/1_mask.png", pixels=MASK)
    save(tmp_path, "more/3.png")

    batch = read_batch(tmp_path)

    assert batch.layout == "plain"
    assert parts(batch) == [
        "bottle/test/cut/1.png",
        "bottle/test/good/0.png",
        "cable/test_public/bad/1.png",
        "cable/test_public/good/0.png",
        "more/3.png",
    ]
    assert {(sample.label, sample.kind, sample.mask) for sample in batch.samples} == {(None, "", None)}
    assert left(batch) == {
        "bottle/ground_truth": drawn(1),
        "bottle/train": "photos for training, of which there is no need (1 file)",
        "cable/test_public/ground_truth": drawn(1),
        "cable/train": "photos for training, of which there is no need (1 file)",
    }


def test_a_dataset_that_cannot_be_read_is_a_folder_like_others(tmp_path):
    save(tmp_path, "visa/candle/Data/Images/Normal/0.JPG", "visa/candle/Data/Images/Anomaly/1.JPG")
    (tmp_path / "visa/split_csv").mkdir()
    (tmp_path / "visa/split_csv/1cls.csv").write_text("damaged")

    assert len(read_batch(tmp_path).samples) == 2
