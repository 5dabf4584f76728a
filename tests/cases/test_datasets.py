"""Datasets as people have them: masks drawn in any way, split files from any program."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inspector import evaluate, read_batch
from inspector.data.layouts import list_categories
from inspector.data.masks import read_mask
from inspector.errors import InputError
from inspector.presets import load_settings
from tests.cases.batches import SAMPLES, load_chips


def load_mask(name: str) -> NDArray[np.bool_]:
    """The mask of a chip, at its size."""
    kind, number = name.split("_")
    with Image.open(SAMPLES / "washers" / "ground_truth" / kind / f"{number}_mask.png") as image:
        return np.asarray(image.convert("L").resize((180, 160), Image.Resampling.NEAREST)) > 127


def save_white_by_index(file: Path, mask: NDArray[np.bool_]) -> None:
    """A palette in which index 0 is white, as `quantize(2)` may give it."""
    image = Image.fromarray((~mask).astype(np.uint8), "L").convert("P")
    image.putdata((~mask).astype(np.uint8).ravel())
    image.putpalette([255, 255, 255, 0, 0, 0] + [0] * 762)
    image.save(file)


def save_by_alpha(file: Path, mask: NDArray[np.bool_]) -> None:
    """Drawn in an editor: one colour, and the drawing in the alpha channel."""
    colour = np.full((*mask.shape, 3), (255, 0, 0), np.uint8)
    Image.fromarray(np.dstack([colour, mask.astype(np.uint8) * 255])).save(file)


DRAWN = {
    "1 bit BMP": (".bmp", lambda file, mask: Image.fromarray(mask).save(file)),
    "1 bit PNG": (".png", lambda file, mask: Image.fromarray(mask).save(file)),
    "0 and 1": (".png", lambda file, mask: Image.fromarray(mask.astype(np.uint8)).save(file)),
    "kinds 1, 2, 3": (".png", lambda file, mask: Image.fromarray(mask.astype(np.uint8) * 3).save(file)),
    "colour BMP": (".bmp", lambda file, mask: Image.fromarray(mask.astype(np.uint8) * 255).convert("RGB").save(file)),
    "16 bits": (".png", lambda file, mask: Image.fromarray(mask.astype(np.uint16) * 65535).save(file)),
    "16 bits, 0 and 1": (".png", lambda file, mask: Image.fromarray(mask.astype(np.uint16)).save(file)),
    "palette, 0 is white": (".png", save_white_by_index),
    "opaque": (".png", lambda file, mask: Image.fromarray(mask.astype(np.uint8) * 255).convert("RGBA").save(file)),
    "alpha": (".png", save_by_alpha),
    "JPEG": (".jpg", lambda file, mask: Image.fromarray(mask.astype(np.uint8) * 255).save(file, quality=95)),
    "TIFF": (".tif", lambda file, mask: Image.fromarray(mask.astype(np.uint8) * 255).save(file)),
}
"""Ways to draw a mask."""


@pytest.mark.parametrize("name", DRAWN)
def test_masks_show_the_same_however_they_are_drawn(tmp_path, name):
    suffix, save = DRAWN[name]
    mask = load_mask("chip_001")
    save(tmp_path / f"mask{suffix}", mask)

    read = read_mask(tmp_path / f"mask{suffix}")

    assert read.any()
    assert (read ^ mask).mean() < (0.002 if name == "JPEG" else 1e-9)


def make_btad(category: Path, drawn: list[str]) -> None:
    """A category of BTAD whose masks are drawn in the given ways in turn."""
    for number, (name, pixels) in enumerate(load_chips().items()):
        good = name.startswith("good")
        for folder in (f"test/{'ok' if good else 'ko'}", "ground_truth/ko", "train/ok"):
            (category / folder).mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(category / "test" / ("ok" if good else "ko") / f"{number:04}.bmp")
        if not good:
            suffix, save = DRAWN[drawn[number % len(drawn)]]
            save(category / "ground_truth" / "ko" / f"{number:04}{suffix}", load_mask(name))


def test_tables_do_not_depend_on_how_masks_are_drawn(tmp_path, shelf):
    make_btad(tmp_path / "plain" / "01", ["TIFF"])
    make_btad(tmp_path / "odd" / "01", ["palette, 0 is white", "0 and 1", "1 bit BMP"])
    settings = load_settings("fast", values={"image_size": 128, "batch_size": 4})

    plain, odd = (evaluate(tmp_path / kind, "btad", settings, shelf, side=128) for kind in ("plain", "odd"))

    assert plain[0].pixel is not None
    assert plain[0].pixel == odd[0].pixel
    assert plain[0].image == odd[0].image


COLUMNS = ["object", "split", "label", "image", "mask"]


def make_visa(root: Path, *, separator: str = ",", slash: str = "/", name: str = "1cls.csv", extra: str = "") -> Path:
    """A category of VisA and its split file, saved by one program or another."""
    rows = [COLUMNS]
    for number, label in enumerate(["normal"] * 5 + ["anomaly"] * 2):
        kind = label.capitalize()
        photo, mask = f"washer/Data/Images/{kind}/{number:04}.JPG", f"washer/Data/Masks/{kind}/{number:04}.png"
        for file in (photo, mask) if label == "anomaly" else (photo,):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            Image.new("L", (8, 8), 1).save(root / file)
        row = ["washer", "train" if number == 0 else "test", label, photo, mask if label == "anomaly" else ""]
        rows.append([cell.replace("/", slash) for cell in row])
    if extra:
        rows.append(["washer", "test", "normal", extra, ""])
    (root / "split_csv").mkdir()
    text = "\r\n".join(separator.join(row) for row in rows) + "\r\n"
    (root / "split_csv" / name).write_text(text, encoding="cp1252")
    return root / "washer"


TESTED = [f"Data/Images/Anomaly/{n:04}.JPG" for n in (5, 6)] + [f"Data/Images/Normal/{n:04}.JPG" for n in range(1, 5)]


@pytest.mark.parametrize("slash", ["/", "\\"])
def test_split_file_with_either_slash(tmp_path, slash):
    batch = read_batch(make_visa(tmp_path, slash=slash), "visa")

    assert [sample.name for sample in batch.samples] == TESTED
    assert [sample.mask is not None and sample.mask.is_file() for sample in batch.samples] == [True] * 2 + [False] * 4


def test_split_file_resaved_with_semicolons_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match=r"1cls\.csv"):
        read_batch(make_visa(tmp_path, separator=";"), "visa")


def test_other_split_alone_gives_all_photos_and_a_note(tmp_path):
    batch = read_batch(make_visa(tmp_path, name="2cls_fewshot.csv"), "visa")

    assert len(batch.samples) == 7
    assert any("1cls.csv is missing" in note for note in batch.notes)


def test_listed_photo_that_is_not_there(tmp_path):
    """It is a part that cannot be read, or one that is left out by name; the others are compared."""
    batch = read_batch(make_visa(tmp_path, extra="washer/Data/Images/Normal/0999.JPG"), "visa")

    told = [sample.name for sample in batch.samples] + [entry.name for entry in batch.left_out]
    assert {*TESTED, "Data/Images/Normal/0999.JPG"} <= set(told)


def test_published_layout_of_mvtec_ad_2(tmp_path):
    """The labels of the public test set, with masks; what has no label is no part of it."""
    root = tmp_path / "washer"
    files = {
        "test_public/good/000_regular.png": 0,
        "test_public/good/001_regular.png": 0,
        "test_public/bad/002_regular.png": 0,
        "test_public/ground_truth/bad/002_regular_mask.png": 255,
        "test_private/003_mixed.png": 0,
        "train/good/004_regular.png": 0,
        "validation/good/005_regular.png": 0,
    }
    for name, level in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), level).save(root / name)

    batch = read_batch(root)

    assert [(sample.name, sample.label) for sample in batch.samples] == [
        ("test_public/bad/002_regular.png", True),
        ("test_public/good/000_regular.png", False),
        ("test_public/good/001_regular.png", False),
    ]
    assert batch.samples[0].mask == root / "test_public/ground_truth/bad/002_regular_mask.png"


def test_single_category_is_listed(tmp_path):
    make_btad(tmp_path / "01", ["TIFF"])

    assert list_categories(tmp_path, "btad") == [("01", tmp_path / "01")]


def test_masks_of_a_part_are_united(tmp_path):
    """MVTec LOCO: a mask for each thing that is wrong with a part."""
    mask = load_mask("chip_001")
    halves = (mask & (np.arange(180) < 90), mask & (np.arange(180) >= 90))
    for file in ("test/good/000.png", "test/logical_anomalies/000.png", "train/good/000.png"):
        (tmp_path / file).parent.mkdir(parents=True)
        Image.fromarray(load_chips()["good_000"]).save(tmp_path / file)
    masks = tmp_path / "ground_truth" / "logical_anomalies" / "000"
    masks.mkdir(parents=True)
    for number, half in enumerate(halves):
        Image.fromarray(half.astype(np.uint8) * 255).save(masks / f"{number:03}.png")

    batch = read_batch(tmp_path, "mvtec-loco")

    assert [(sample.name, sample.label) for sample in batch.samples] == [
        ("test/good/000.png", False),
        ("test/logical_anomalies/000.png", True),
    ]
    assert batch.samples[1].mask is not None
    assert np.array_equal(read_mask(batch.samples[1].mask), mask)


def test_views_of_real_iad_by_its_list(tmp_path):
    category = tmp_path / "audiojack"
    rows = []
    for kind, label, part in (("OK", "OK", "S0001"), ("NG/AK", "AK", "S0002")):
        for view in ("C1", "C2"):
            stem = f"{kind}/{part}/audiojack_{part}_{view}_20230101000000"
            (category / stem).parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (8, 8), 90).save(category / f"{stem}.jpg")
            if label != "OK":
                Image.new("L", (8, 8), 255).save(category / f"{stem}.png")
            mask = f"{stem}.png" if label != "OK" else None
            rows.append(
                {"category": "audiojack", "anomaly_class": label, "image_path": f"{stem}.jpg", "mask_path": mask}
            )
    meta = {"normal_class": "OK", "pre_transform": [], "prefix": "audiojack/"}
    listed = json.dumps({"meta": meta, "train": [], "test": rows})
    (tmp_path / "audiojack.json").write_text(listed, encoding="utf-8-sig")  # as editors on Windows may leave it

    batch = read_batch(category)

    assert batch.layout == "real-iad"
    assert [(sample.kind, sample.mask is not None) for sample in batch.samples] == [("AK", True)] * 2 + [
        ("good", False)
    ] * 2
