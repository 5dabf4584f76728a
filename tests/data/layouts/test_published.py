"""Datasets as they are published: what is scored, what is left out and why, and what is refused."""

import json

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import LAYOUTS, list_categories, read_batch
from inspector.data.masks import read_mask
from inspector.errors import InputError
from tests.clouds import save_ply


def put(root, *names, value=0):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4), value).save(root / name)


def rows(batch):
    """Name, label, kind and mask of each sample, files relative to the root."""
    return [
        (s.name, s.label, s.kind, s.mask and s.mask.relative_to(batch.root.parent).as_posix()) for s in batch.samples
    ]


def left(batch):
    return {left.name: left.reason for left in batch.left_out}


TRAINING = "photos for training, of which there is no need (1 file)"


def test_mvtec_loco_unites_the_masks_of_a_part(tmp_path):
    root = tmp_path / "box"
    put(root, "train/good/000.png", "validation/good/000.png", "test/good/000.png")
    put(root, "test/logical_anomalies/000.png", "test/structural_anomalies/000.png")
    for kind, number, row in (("logical", 0, 0), ("logical", 1, 2), ("structural", 0, 3)):
        mask = np.zeros((4, 4), np.uint8)
        mask[row] = 255 - number
        put(root, f"ground_truth/{kind}_anomalies/000/{number:03}.png")
        Image.fromarray(mask).save(root / f"ground_truth/{kind}_anomalies/000/{number:03}.png")
    (root / "defects_config.json").write_text("[]")

    for layout in ("auto", "mvtec-loco", "mvtec-ad"):
        batch = read_batch(root, layout)

        assert rows(batch) == [
            ("test/good/000.png", False, "good", None),
            ("test/logical_anomalies/000.png", True, "logical_anomalies", "box/ground_truth/logical_anomalies/000"),
            (
                "test/structural_anomalies/000.png",
                True,
                "structural_anomalies",
                "box/ground_truth/structural_anomalies/000",
            ),
        ]
        assert left(batch) == {
            "defects_config.json": "no kind of photo or cloud that is read",
            "train": TRAINING,
            "validation": TRAINING,
        }
        assert batch.notes == ()
    assert read_batch(root).layout == "mvtec-loco"
    assert read_mask(batch.samples[1].mask).any(axis=1).tolist() == [True, False, True, False]


def test_masks_of_other_parts_of_the_same_number_are_not_taken(tmp_path):
    put(tmp_path, "test/cut/a/000.png", "test/cut/b/000.png", "test/good/0.png", "ground_truth/cut/b/000_mask.png")

    assert [sample.mask for sample in read_batch(tmp_path).samples] == [
        None,
        tmp_path / "ground_truth/cut/b/000_mask.png",
        None,
    ]


def test_mvtec_ad_2_from_category_and_from_test_folder(tmp_path):
    root = tmp_path / "vial"
    put(root, "train/good/000_regular.png", "validation/good/000_regular.png", "test_private/000_regular.png")
    put(root, "test_private_mixed/000_mixed.png", "test_public/good/000_regular.png", "test_public/bad/001_shift.png")
    put(root, "test_public/ground_truth/bad/001_shift_mask.png")

    batch = read_batch(root)

    assert batch.layout == "mvtec-ad-2"
    mask = "vial/test_public/ground_truth/bad/001_shift_mask.png"
    assert rows(batch) == [
        ("test_public/bad/001_shift.png", True, "bad", mask),
        ("test_public/good/000_regular.png", False, "good", None),
    ]
    assert left(batch).keys() == {"train", "validation", "test_private", "test_private_mixed"}
    assert batch.notes == ()
    inner = read_batch(root / "test_public")
    assert inner.layout == "mvtec-ad-2"
    assert rows(inner) == [
        ("bad/001_shift.png", True, "bad", mask.removeprefix("vial/")),
        ("good/000_regular.png", False, "good", None),
    ]


def test_folders_to_train_and_to_test_are_a_dataset_though_no_defect_is_drawn(tmp_path):
    put(tmp_path, "train/good/0.png", "test/good/1.png", "test/defect/2.png")

    batch = read_batch(tmp_path)

    assert batch.layout == "mvtec-ad"
    assert rows(batch) == [("test/defect/2.png", True, "defect", None), ("test/good/1.png", False, "good", None)]
    assert left(batch) == {"train": TRAINING}


def test_photos_and_masks_that_a_layout_does_not_reach_are_told(tmp_path):
    put(tmp_path, "test/good/1.png", "test/cut/2.png", "test/3.png", "extra/4.png", "ground_truth/cut/9_mask.png")

    batch = read_batch(tmp_path)

    assert left(batch) == {
        "extra": "in no folder that the layout mvtec-ad scores (1 file)",
        "ground_truth": "a mask of no photo that is scored (1 file)",
        "test/3.png": "in no folder that the layout mvtec-ad scores",
    }
    assert batch.notes == ("3 files were left out: 2 photos outside of the layout mvtec-ad, 1 mask of no photo",)


@pytest.mark.parametrize(
    ("names", "layout"),
    [
        (("Test/Good/1.png", "Test/Cut/2.png", "Ground_Truth/cut/2_MASK.png"), "mvtec-ad"),
        (("TEST/OK/1.png", "TEST/KO/2.png", "GROUND_TRUTH/KO/2.png"), "btad"),
        (("Test/good/RGB/1.png", "Test/cut/RGB/2.png", "Test/cut/GT/2.png"), "mvtec-3d"),
        (("data/images/normal/1.JPG", "data/images/anomaly/2.JPG", "data/masks/anomaly/2.png"), "visa"),
    ],
)
def test_names_of_folders_in_capitals(tmp_path, names, layout):
    put(tmp_path, *names)

    batch = read_batch(tmp_path)

    assert batch.layout == layout
    assert sorted(sample.label for sample in batch.samples) == [False, True]
    assert [sample.mask for sample in batch.samples if sample.label] == [tmp_path / names[2]]
    assert len(list_categories(tmp_path, layout)) == 1


def make_real_iad(root, **content):
    """A category of two parts from two views, with the list of its test photos."""
    category = root / "realiad_1024" / "toy"
    put(category, *(f"OK/S000{n}/toy_000{n}_OK_C{n}_2023.jpg" for n in (1, 2)))
    put(category, *(f"NG/HS/S0003/toy_0003_NG_HS_C{n}_2023.jpg" for n in (1, 2)))
    put(category, "NG/HS/S0003/toy_0003_NG_HS_C1_2023.png", value=255)
    rows = [
        {"anomaly_class": "OK", "image_path": "OK/S0002/toy_0002_OK_C2_2023.jpg", "mask_path": None},
        {"anomaly_class": "OK", "image_path": "NG/HS/S0003/toy_0003_NG_HS_C2_2023.jpg", "mask_path": None},
        {
            "anomaly_class": "HS",
            "image_path": "NG/HS/S0003/toy_0003_NG_HS_C1_2023.jpg",
            "mask_path": "NG/HS/S0003/toy_0003_NG_HS_C1_2023.png",
        },
    ]
    listed = {"meta": {"prefix": "toy/", "normal_class": "OK"}, "train": [], "test": rows, **content}
    (root / "realiad_jsons" / "realiad_jsons").mkdir(parents=True)
    (root / "realiad_jsons" / "realiad_jsons" / "toy.json").write_text(json.dumps(listed))
    return category


def test_real_iad_takes_the_published_test_photos(tmp_path):
    category = make_real_iad(tmp_path)

    for layout in ("auto", "real-iad"):
        batch = read_batch(category, layout)

        assert batch.layout == "real-iad"
        bad = "NG/HS/S0003/toy_0003_NG_HS_C1_2023"
        assert rows(batch) == [
            (f"{bad}.jpg", True, "HS", f"toy/{bad}.png"),
            ("NG/HS/S0003/toy_0003_NG_HS_C2_2023.jpg", False, "good", None),
            ("OK/S0002/toy_0002_OK_C2_2023.jpg", False, "good", None),
        ]
        assert left(batch) == {"OK/S0001": "not among the published test photos (1 file)"}
        assert batch.notes == ("photos of 2 views (C1, C2) are compared with each other, as published",)


def test_real_iad_without_its_list_goes_by_folders_and_says_so(tmp_path):
    category = make_real_iad(tmp_path)
    (tmp_path / "realiad_jsons" / "realiad_jsons" / "toy.json").unlink()

    batch = read_batch(category)

    assert [(row[1], row[2]) for row in rows(batch)] == [(True, "HS")] + 3 * [(False, "good")]
    assert batch.notes[0] == "no list toy.json was found: all photos are compared, not the published test set"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"meta": None}, "is no list of Real-IAD: it must hold meta with normal_class, and test"),
        ({"test": {}}, "is no list of Real-IAD"),
        ({"test": []}, "lists no test photo"),
        ({"test": [7]}, "test photo 1, lacks anomaly_class or image_path"),
        ({"test": [{"anomaly_class": "OK"}]}, "test photo 1, lacks anomaly_class or image_path"),
        (
            {"test": 2 * [{"anomaly_class": "OK", "image_path": "OK/1.jpg"}]},
            r"photo 2, names 'OK/1\.jpg' a second time",
        ),
        (
            {"test": [{"anomaly_class": "OK", "image_path": "../../secret.jpg"}]},
            r"'\.\./\.\./secret\.jpg', which is no file",
        ),
        ({"test": [{"anomaly_class": "OK", "image_path": "/etc/secret.jpg"}]}, "which is no file in toy"),
    ],
)
def test_a_list_of_real_iad_that_is_wrong_is_refused(tmp_path, content, message):
    category = make_real_iad(tmp_path, **content)

    with pytest.raises(InputError, match=message):
        read_batch(category)


@pytest.mark.parametrize("text", ["", "{", "[" * 200_000, "\0", '{"meta": {"normal_class": "OK"}, "test": 1e999}'])
def test_a_damaged_list_of_real_iad_is_refused(tmp_path, text):
    category = make_real_iad(tmp_path)
    (tmp_path / "realiad_jsons" / "realiad_jsons" / "toy.json").write_text(text)

    with pytest.raises(InputError, match=r"toy\.json (cannot be read|is no list)"):
        read_batch(category)


@pytest.mark.parametrize("layout", sorted(LAYOUTS.keys() - {"plain", "folder"}))
def test_a_folder_that_a_layout_does_not_fit_is_refused(tmp_path, layout):
    put(tmp_path, "photos/1.png", "good/2.png", "2.png")

    expected = LAYOUTS[layout].expected.split("/")[0]
    with pytest.raises(InputError, match=rf"is no folder of the layout {layout}: it must hold {expected}"):
        read_batch(tmp_path, layout)


def test_a_layout_that_fits_but_holds_nothing_says_what_it_scores(tmp_path):
    put(tmp_path, "test/1.png", "train/good/1.png")

    with pytest.raises(
        InputError, match=r"no photo or cloud in .* that the layout mvtec-ad scores \(1 file was left out"
    ):
        read_batch(tmp_path, "mvtec-ad")


@pytest.mark.parametrize(
    "names",
    [
        ("cam/rgb/1.png", "cam/other/2.png", "more/3.png"),
        ("data/rgb/1.png",),
        ("Data/Images/a/1.png",),
        ("test_public/data/1.png",),
        ("test_public/1.png",),
        ("OK/1.png", "NG/2.png"),
        ("OK/a/1.png", "NG/b/c/2.png"),
        ("test/good/1.png", "test/bad/2.png"),
    ],
)
def test_what_only_looks_like_a_dataset_is_plain_and_nothing_is_lost(tmp_path, names):
    root = tmp_path / "batch"
    put(root, *names)

    batch = read_batch(root)

    assert batch.layout == "plain"
    assert [sample.name for sample in batch.samples] == sorted(names)
    assert batch.left_out == ()


@pytest.mark.parametrize(
    ("layout", "good", "bad"),
    [("folder", "ok/{}.ply", "dent/{}.ply"), ("mvtec-ad", "test/good/{}.ply", "test/dent/{}.ply")],
)
def test_labelled_clouds(tmp_path, layout, good, bad):
    for number in (1, 2):
        save_ply(tmp_path / good.format(number), np.ones((3, 3)))
        save_ply(tmp_path / bad.format(number), np.ones((3, 3)))

    batch = read_batch(tmp_path, layout)

    assert sorted((sample.image, sample.cloud, sample.label) for sample in batch.samples) == sorted(
        (None, tmp_path / pattern.format(number), label)
        for number in (1, 2)
        for pattern, label in ((good, False), (bad, True))
    )
