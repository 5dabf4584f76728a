"""Folders in which something else lies beside the parts: what is scored, what is left out, and that it is said."""

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inspector import Workspace, rank_samples, read_batch
from inspector.data.samples import Batch
from inspector.export.run import write_exports
from tests.cases.batches import BAD, Scanned, load_chips, save_png, scan_folder, store_chips


def names(batch: Batch) -> list[str]:
    return [sample.name for sample in batch.samples]


def left_out(batch: Batch) -> set[str]:
    return {entry.name for entry in batch.left_out}


def count_rows(file: Path, status: str) -> int:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return sum(row["status"] == status for row in csv.DictReader(lines))


def test_own_exports_in_the_scanned_folder(tmp_path, shelf, colour):
    folder = store_chips(tmp_path / "b", save_png)
    first = scan_folder(folder, shelf)
    write_exports(shelf, first.run.id, folder / "out")

    second = scan_folder(folder, shelf)
    write_exports(shelf, second.run.id, folder / "out")

    assert second.scores == colour.scores
    assert second.flagged == set(BAD)
    assert left_out(read_batch(folder)) == {"out"}
    assert second.run.left_out == [["out", *second.run.left_out[0][1:]]]


def test_own_workspace_and_exports_among_the_photos_themselves(tmp_path):
    folder = store_chips(tmp_path / "b", save_png)
    with Workspace(folder / "workspace") as store:
        found = scan_folder(folder, store)
        write_exports(store, found.run.id, folder)

    assert names(read_batch(folder)) == sorted(f"{name}.png" for name in load_chips())


def test_long_file_name(tmp_path, shelf):
    folder = store_chips(tmp_path / "b", save_png)
    long = ("SN0042_station7_" + "lot-2024-11-07_" * 20)[:251]  # 255 bytes with the suffix, the most there can be
    (folder / "good_000.png").rename(folder / f"{long}.png")
    wide = "零件" * 41 + "_0001"  # as long
    (folder / "good_001.png").rename(folder / f"{wide}.png")

    found = scan_folder(folder, shelf)
    write_exports(shelf, found.run.id, tmp_path / "out", ["scores", "overlays", "maps", "report"])

    assert len(list((tmp_path / "out" / "overlays").iterdir())) == len(load_chips())
    assert len(list((tmp_path / "out" / "maps").iterdir())) == len(load_chips())
    assert long in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert {long, wide} <= set(found.scores)


ODD_NAMES = (
    *("part #1 50%25.png", 'it\'s "quoted".png', "line\nbreak.png", "-rf.png", "[bold red] [blink].png"),
    *("<b>tag<&amp;.png", "=1+1.png", "@home.png", " leading space.png", "Prüfling größe 7.png", "tab\there.png"),
    *("semi;colon,comma.png", "零件.png", "%s%d{0}.png", "C:\\cam\\1.png", "[link=http:__x].png", "trailing dot..png"),
    "\x1b[31mred.png",
)


def test_odd_names(tmp_path, shelf, run):
    folder = tmp_path / "b"
    folder.mkdir()
    chips = list(load_chips().values())
    for number, name in enumerate(ODD_NAMES):
        Image.fromarray(chips[number % len(chips)]).save(folder / name, "PNG")

    found = scan_folder(folder, shelf)
    write_exports(shelf, found.run.id, tmp_path / "out", ["scores", "overlays", "report"])

    assert {sample.name for sample in found.samples} == set(ODD_NAMES)
    assert count_rows(tmp_path / "out" / "scores.csv", "ok") == len(ODD_NAMES)
    assert len(list((tmp_path / "out" / "overlays").iterdir())) == len(ODD_NAMES)
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<b>tag" not in report
    assert "&lt;b&gt;tag&lt;&amp;amp;.png" in report


def test_other_kinds_of_file_among_the_photos(tmp_path, shelf):
    kinds = ("AVIF", "JPEG", "TGA", "JPEG", "JPEG2000", "DIB")
    suffixes = iter((".avif", ".jfif", ".tga", ".jpe", ".j2k", ".dib"))
    written = iter(kinds)

    def write(path: Path, pixels: NDArray[np.uint8]) -> None:
        suffix, kind = next(suffixes, ".png"), next(written, "PNG")
        Image.fromarray(pixels).save(f"{path}{suffix}", kind, **({"quality": 95} if kind in ("AVIF", "JPEG") else {}))

    folder = store_chips(tmp_path / "b", write)
    (folder / "protocol.docx").write_bytes(b"PK\3\4" + bytes(200))

    found = scan_folder(folder, shelf)

    assert set(found.scores) == set(load_chips())
    assert found.run.unreadable == 0
    assert found.separates()
    assert [name for name, _ in found.run.left_out] == ["protocol.docx"]


def test_what_a_store_and_a_mac_leave_between_photos(tmp_path, shelf, colour):
    def write(path: Path, pixels: NDArray[np.uint8]) -> None:
        save_png(path, pixels)
        thumbnails = path.parent / "@eaDir" / f"{path.name}.png"
        thumbnails.mkdir(parents=True)
        Image.fromarray(pixels).resize((90, 80)).save(thumbnails / "SYNOFILE_THUMB_M.jpg")

    folder = store_chips(tmp_path / "b", write)
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(500))
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1" + bytes(500))
    (folder / "._good_000.png").write_bytes(b"\0\5\x16\7" + bytes(100))
    for debris in ("__MACOSX/._good_000.jpg", "$RECYCLE.BIN/$R8QK2.jpg", "lost+found/#1234.jpg", ".thumbnails/a.png"):
        (folder / debris).parent.mkdir()
        Image.fromarray(load_chips()["chip_001"]).save(folder / debris)

    found = scan_folder(folder, shelf)

    assert found.scores == colour.scores
    assert found.flagged == set(BAD)
    assert {"@eaDir", "$RECYCLE.BIN", "__MACOSX", "lost+found"} <= {name for name, _ in found.run.left_out}


def test_ground_truth_is_no_part(tmp_path):
    """MVTec AD 2, scanned as it lies there: the category, and its public test folder."""
    category = tmp_path / "washer"
    for number, (name, pixels) in enumerate(load_chips().items()):
        kind = "good" if name.startswith("good") else "bad"
        (category / "test_public" / kind).mkdir(parents=True, exist_ok=True)
        save_png(category / "test_public" / kind / f"{number:03}_regular", pixels)
        if kind == "bad":
            masks = category / "test_public" / "ground_truth" / "bad"
            masks.mkdir(parents=True, exist_ok=True)
            save_png(masks / f"{number:03}_regular_mask", (pixels[..., 0] > 128).astype(np.uint8) * 255)

    for root in (category, category / "test_public"):
        batch = read_batch(root)
        assert len(batch.samples) == len(load_chips())
        assert not [name for name in names(batch) if "ground_truth" in name]


def test_two_cameras_in_a_folder_each(tmp_path, shelf):
    for number in range(8):
        for view in ("top", "side"):
            (tmp_path / "b" / view).mkdir(parents=True, exist_ok=True)
        save_png(tmp_path / "b" / "top" / f"{number:04}", load_chips()[f"good_{number:03}"])
        strip = 150 + 25 * np.sin(np.arange(400) / 20)[None] + np.random.default_rng(number).normal(0, 4, (200, 400))
        if number == 5:
            rows, cols = np.indices(strip.shape)
            strip[(cols - 300) ** 2 + (rows - 120) ** 2 < 18**2] = 20
        save_png(tmp_path / "b" / "side" / f"{number:04}", strip.clip(0, 255).astype(np.uint8))

    found = scan_folder(tmp_path / "b", shelf)
    write_exports(shelf, found.run.id, tmp_path / "out", ["overlays"])

    ranked = [(sample.name, sample.final or 0.0) for sample in rank_samples(found.samples)]
    assert ranked[0][0] == "side/0005.png"
    assert ranked[0][1] > 1.5 * ranked[1][1]
    assert {sample.name for sample in found.samples if sample.flagged} <= {"side/0005.png"}
    for view in ("side", "top"):
        assert any(file.stem == "0005" for file in (tmp_path / "out" / "overlays" / view).iterdir())


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_few_photos(tmp_path, shelf, count):
    names = ["chip_001", *(f"good_{number:03}" for number in range(count - 1))]
    (tmp_path / "b").mkdir()
    for name in names:
        save_png(tmp_path / "b" / name, load_chips()[name])

    found = scan_folder(tmp_path / "b", shelf, image_size=256)

    assert np.isfinite(list(found.scores.values())).all()
    assert count == 2 or found.ranking[0] == "chip_001"


def test_equal_photos_score_nothing(tmp_path, shelf):
    for kind, pixels in (("same", load_chips()["good_000"]), ("black", np.zeros((160, 180, 3), np.uint8))):
        (tmp_path / kind).mkdir()
        for number in range(6):
            save_png(tmp_path / kind / f"{number}", pixels)

        found = scan_folder(tmp_path / kind, shelf)

        assert set(found.scores.values()) == {0.0}
        assert found.flagged == set()


def test_one_odd_photo_among_equal_ones(tmp_path, shelf):
    (tmp_path / "b").mkdir()
    for number in range(8):
        save_png(tmp_path / "b" / f"{number}", load_chips()["chip_001" if number == 3 else "good_000"])

    found: Scanned = scan_folder(tmp_path / "b", shelf)

    assert found.flagged == {"3"}
