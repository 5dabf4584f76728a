import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import folders, list_categories, read_batch
from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import label_sample, list_images
from inspector.data.samples import Batch
from inspector.errors import InputError


def put(root, *names, value=0):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4), value).save(root / name)


def rows(batch):
    """Name, label, kind, mask and cloud of each sample, files relative to the root."""
    return [
        (s.name, s.label, s.kind, *(file and file.relative_to(batch.root).as_posix() for file in (s.mask, s.cloud)))
        for s in batch.samples
    ]


def write_split(root, lines):
    (root / "split_csv").mkdir(parents=True)
    text = "\n".join(["object,split,label,image,mask", *lines]) + "\n"
    (root / "split_csv" / "1cls.csv").write_text(text, encoding="utf-8")


@pytest.fixture
def visa(tmp_path):
    """One VisA category in the original layout, with a photo of the train split."""
    category = tmp_path / "visa" / "candle"
    put(category / "Data", "Images/Normal/0001.JPG", "Images/Normal/0010.JPG", "Images/Normal/0002.JPG")
    put(category / "Data", "Images/Anomaly/000.JPG")
    put(category / "Data", "Masks/Anomaly/000.png", value=2)
    return category


def test_visa_takes_the_published_test_split(visa):
    write_split(
        visa.parent,
        [
            "candle,train,normal,candle/Data/Images/Normal/0001.JPG,",
            "candle,test,normal,candle/Data/Images/Normal/0010.JPG,",
            "candle,test,normal,candle/Data/Images/Normal/0002.JPG,",
            "candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png",
            "pcb1,test,normal,pcb1/Data/Images/Normal/0001.JPG,",
        ],
    )

    batch = read_batch(visa)

    assert (batch.layout, batch.notes) == ("visa", ())
    assert rows(batch) == [
        ("Data/Images/Anomaly/000.JPG", True, "anomaly", "Data/Masks/Anomaly/000.png", None),
        ("Data/Images/Normal/0002.JPG", False, "good", None, None),
        ("Data/Images/Normal/0010.JPG", False, "good", None, None),
    ]


def test_visa_without_split_file_takes_all_and_says_so(visa):
    batch = read_batch(visa, "visa")

    assert [(s.name[-8:], s.label) for s in batch.samples] == [
        ("/000.JPG", True),
        ("0001.JPG", False),
        ("0002.JPG", False),
        ("0010.JPG", False),
    ]
    assert batch.samples[0].mask == visa / "Data/Masks/Anomaly/000.png"
    assert len(batch.notes) == 1
    assert "1cls.csv is missing: all photos are compared" in batch.notes[0]


def test_visa_from_inside_the_category(visa, monkeypatch):
    write_split(visa.parent, ["candle,test,normal,candle/Data/Images/Normal/0002.JPG,"])
    monkeypatch.chdir(visa)

    assert list_categories(type(visa)("."), "visa") == [("candle", type(visa)("."))]
    assert [s.name for s in read_batch(type(visa)("."), "visa").samples] == ["Data/Images/Normal/0002.JPG"]


def test_visa_rearranged_as_mvtec_ad(tmp_path):
    put(tmp_path, "test/good/0.JPG", "test/bad/1.JPG", "ground_truth/bad/1.png", "train/good/2.JPG")

    batch = read_batch(tmp_path, "visa")

    assert batch.layout == "visa"
    assert rows(batch) == [
        ("test/bad/1.JPG", True, "bad", "ground_truth/bad/1.png", None),
        ("test/good/0.JPG", False, "good", None, None),
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "lists no test photo of 'candle'; the folder must have its name in VisA"),
        (["candle,train,normal,candle/Data/Images/Normal/0001.JPG,"], "lists no test photo"),
    ],
)
def test_visa_split_that_does_not_know_the_category(visa, lines, message):
    write_split(visa.parent, lines)

    with pytest.raises(InputError, match=message):
        read_batch(visa, "visa")


def test_visa_split_without_its_columns(visa):
    write_split(visa.parent, [])
    (visa.parent / "split_csv" / "1cls.csv").write_text("image;label\n")

    with pytest.raises(InputError, match=r"1cls\.csv has no columns object, split, label, image, mask"):
        read_batch(visa, "visa")


def test_btad(tmp_path):
    put(tmp_path / "01", "train/ok/0.bmp", "test/ok/1.bmp", "test/ko/2.bmp", "ground_truth/ko/2.png")

    for layout in ("auto", "btad"):
        batch = read_batch(tmp_path / "01", layout)

        assert batch.layout == "btad"
        assert rows(batch) == [
            ("test/ko/2.bmp", True, "ko", "ground_truth/ko/2.png", None),
            ("test/ok/1.bmp", False, "good", None, None),
        ]


def test_mvtec_3d_pairs_photo_cloud_and_mask(tmp_path):
    put(tmp_path, *(f"test/{kind}/{part}/000.png" for kind in ("good", "cut") for part in ("rgb", "gt")))
    put(tmp_path, "test/cut/xyz/000.tiff")

    batch = read_batch(tmp_path, "mvtec-3d")

    assert rows(batch) == [
        ("test/cut/rgb/000.png", True, "cut", "test/cut/gt/000.png", "test/cut/xyz/000.tiff"),
        ("test/good/rgb/000.png", False, "good", "test/good/gt/000.png", None),
    ]


def test_eyecandies_label_is_whether_the_mask_is_empty(tmp_path):
    data = "test_public/data"
    for number in ("00", "01", "02"):
        put(tmp_path, f"{data}/{number}_image_4.png", f"{data}/{number}_image_0.png", f"{data}/{number}_depth.png")
    put(tmp_path, f"{data}/00_mask.png", value=255)
    put(tmp_path, f"{data}/01_mask.png", f"{data}/01_bumps_mask.png", "train/data/000_image_4.png")

    for layout in ("auto", "eyecandies"):
        batch = read_batch(tmp_path, layout)

        assert batch.layout == "eyecandies"
        assert rows(batch) == [
            (f"{data}/00_image_4.png", True, "anomaly", f"{data}/00_mask.png", f"{data}/00_depth.png"),
            (f"{data}/01_image_4.png", False, "good", f"{data}/01_mask.png", f"{data}/01_depth.png"),
            (f"{data}/02_image_4.png", None, "", None, f"{data}/02_depth.png"),
        ]


def test_folder_with_masks_of_some_kinds(tmp_path):
    put(tmp_path, "OK/0.png", "scratch/a/1.png", "dent/2.png", "Masks/scratch/1_mask.png")

    batch = read_batch(tmp_path, "folder")

    assert rows(batch) == [
        ("dent/2.png", True, "dent", None, None),
        ("OK/0.png", False, "good", None, None),
        ("scratch/a/1.png", True, "scratch", "Masks/scratch/1_mask.png", None),
    ]


def test_a_folder_of_kinds_is_still_scanned_as_plain(tmp_path):
    put(tmp_path, "ok/0.png", "scratch/1.png")

    assert read_batch(tmp_path).layout == "plain"


@pytest.mark.parametrize(
    ("layout", "inside"),
    [
        ("mvtec-ad", "test/good/0.png"),
        ("visa", "Data/Images/Normal/0.JPG"),
        ("visa", "test/good/0.JPG"),
        ("btad", "test/ok/0.bmp"),
        ("mvtec-3d", "test/good/rgb/0.png"),
        ("eyecandies", "test_public/data/00_image_4.png"),
        ("folder", "Normal/0.png"),
    ],
)
def test_categories_of_a_dataset_and_of_one_category(tmp_path, layout, inside):
    root = tmp_path / "set"
    put(root, f"part_10/{inside}", f"part_2/{inside}", "licence/page.png")

    assert list_categories(root, layout) == [("part_2", root / "part_2"), ("part_10", root / "part_10")]
    assert list_categories(root / "part_2", layout) == [("part_2", root / "part_2")]


def test_a_plain_folder_is_one_category(tmp_path):
    assert list_categories(tmp_path, "plain") == [(tmp_path.name, tmp_path)]


def test_no_category_says_what_is_looked_for(tmp_path):
    put(tmp_path, "photos/0.png")

    with pytest.raises(InputError, match=r"no category of the layout folder in .* holds good or normal or ok; check"):
        list_categories(tmp_path, "folder")
    with pytest.raises(InputError, match="there is no folder"):
        list_categories(tmp_path / "gone", "btad")
    with pytest.raises(ValueError, match="expected a layout of mvtec-3d, visa"):
        list_categories(tmp_path, "mvtec")


def test_damaged_mask_is_named(tmp_path):
    put(tmp_path, "test_public/data/00_image_4.png")
    (tmp_path / "test_public/data/00_mask.png").write_bytes(np.zeros(9, np.uint8).tobytes())

    with pytest.raises(InputError, match=r"00_mask\.png is no image"):
        read_batch(tmp_path, "eyecandies")


def test_a_new_layout_is_one_entry_of_the_register(tmp_path, monkeypatch):
    put(tmp_path, "nut/photos/2.png", "nut/photos/1.png")
    flat = Layout(
        lambda root: Batch(root, tuple(label_sample(root, file, "good", None) for file in list_images(root))),
        marks=("photos",),
        recognise=lambda root: (root / "photos").is_dir(),
    )
    monkeypatch.setattr(folders, "LAYOUTS", {"flat": flat, **folders.LAYOUTS})

    batch = read_batch(tmp_path / "nut")

    assert batch.layout == "flat"
    assert rows(batch) == [(f"photos/{n}.png", False, "good", None, None) for n in (1, 2)]
    assert list_categories(tmp_path, "flat") == [("nut", tmp_path / "nut")]


def test_a_folder_of_several_looks_is_the_most_particular_layout(tmp_path):
    put(tmp_path, "test/ok/0.png", "test/ko/0.png", "ground_truth/ko/0.png")

    assert [name for name, layout in folders.LAYOUTS.items() if layout.recognise(tmp_path)] == [
        "btad",
        "mvtec-ad",
        "plain",
    ]
    assert read_batch(tmp_path).layout == "btad"
