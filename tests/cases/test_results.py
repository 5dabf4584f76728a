"""What comes out: the peak of a map where the defect is, tables that Excel opens, and calm where nothing is odd."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from inspector import read_batch, scan
from inspector.errors import Cancelled
from inspector.events import Event
from inspector.export.run import write_exports
from inspector.presets import load_settings
from tests.cases.batches import load_chips, save_png, scan_folder

SPOT = (112, 1300)
"""(row, col) of the spot on strip 5 as it lies: the middle of a patch."""


def make_strip(number: int) -> NDArray[np.uint8]:
    """(200, 1600) uint8: a strip with two dark lines; strip 5 has a dark spot."""
    strip = 150 + 25 * np.sin(np.arange(1600) / 40)[None] + np.random.default_rng(number).normal(0, 4, (200, 1600))
    strip[30:36] -= 60
    strip[164:170] -= 60
    if number == 5:
        rows, cols = np.indices(strip.shape)
        strip[(rows - SPOT[0]) ** 2 + (cols - SPOT[1]) ** 2 < 14**2] = 20
    return strip.clip(0, 255).astype(np.uint8)


def save_strip(file: Path, number: int, kind: str) -> None:
    image = Image.fromarray(make_strip(number))
    if kind == "wide":
        image.save(file.with_suffix(".png"))
        return
    turned = image.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter clockwise brings it back
    if kind == "tall":
        turned.save(file.with_suffix(".png"))
    else:
        turned.save(file.with_suffix(".jpg"), quality=95, exif=exif)


@pytest.mark.parametrize(
    ("kind", "spot", "shape"),
    [
        ("wide", SPOT, (200, 1600)),
        ("exif", SPOT, (200, 1600)),
        ("tall", (1599 - SPOT[1], SPOT[0]), (1600, 200)),
    ],
)
def test_peak_of_the_map_lies_on_the_spot(tmp_path, shelf, kind, spot, shape):
    (tmp_path / "b").mkdir()
    for number in range(8):
        save_strip(tmp_path / "b" / f"strip_{number:02}", number, kind)

    found = scan_folder(tmp_path / "b", shelf)
    write_exports(shelf, found.run.id, tmp_path / "out", ["full-maps"])

    assert found.ranking[0] == "strip_05"
    full = tifffile.imread(tmp_path / "out" / "full-maps" / "strip_05.tiff")
    assert full.shape == shape
    peak = np.argwhere(full == full.max()).mean(axis=0)
    assert np.abs(peak - spot).max() <= 8


NAMES = ("Prüfling größe.png", "=HYPERLINK(0).png", "+49.png", "-7.png", "@part.png", "零件.png", "0007.png", "1-2.png")


def test_table_opens_in_excel_by_double_click(tmp_path, shelf):
    (tmp_path / "b").mkdir()
    for name, pixels in zip(NAMES, load_chips().values(), strict=False):
        Image.fromarray(pixels).save(tmp_path / "b" / name)

    found = scan_folder(tmp_path / "b", shelf)
    write_exports(shelf, found.run.id, tmp_path / "out", ["scores"])

    content = (tmp_path / "out" / "scores.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    cells = [line.split(",")[0].strip('"') for line in content.decode("utf-8-sig").splitlines()[1:]]
    assert len(cells) == len(NAMES)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert {cell.removeprefix("'") for cell in cells} == set(NAMES)


def test_stopped_scan_of_many_is_finished_later(tmp_path, shelf):
    (tmp_path / "b").mkdir()
    chips = list(load_chips().values())
    for number in range(40):
        small = Image.fromarray(chips[number % len(chips)]).resize((60, 54))
        noise = np.random.default_rng(number).normal(0, 3, (54, 60, 3))
        save_png(tmp_path / "b" / f"part_{number:02}", (np.asarray(small) + noise).clip(0, 255).astype(np.uint8))
    settings = load_settings("fast", values={"image_size": 64, "batch_size": 4})
    heard: list[Event] = []

    def stop(event: Event) -> None:
        heard.append(event)
        if event.kind == "progress" and event.done >= 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(read_batch(tmp_path / "b"), settings, shelf, stop)
    run_id = scan(read_batch(tmp_path / "b"), settings, shelf, run_id=shelf.runs.all()[0].id)

    assert shelf.runs.get(run_id).status == "done"
    assert len([sample for sample in shelf.runs.samples(run_id) if sample.final is not None]) == 40


def draw_board(random: np.random.Generator, kinds: NDArray[np.int64]) -> NDArray[np.uint8]:
    """(400, 480, 3) uint8: two kinds of components in a grid of 5 x 6."""
    image = Image.new("RGB", (480, 400), (20, 90, 50))
    draw = ImageDraw.Draw(image)
    right, down = random.integers(-1, 2, 2)
    for (row, col), kind in np.ndenumerate(kinds):
        x, y = 20 + col * 76 + right, 15 + row * 76 + down
        if kind:
            draw.rectangle([x, y, x + 50, y + 50], fill=(30, 30, 34))
            draw.ellipse([x + 6, y + 6, x + 14, y + 14], fill=(190, 190, 190))
        else:
            draw.rectangle([x + 12, y, x + 38, y + 50], fill=(200, 170, 110))
            draw.line([x + 12, y + 12, x + 38, y + 12], fill=(120, 40, 30), width=5)
    noisy = np.asarray(image) * random.uniform(0.97, 1.03) + random.normal(0, 3, (400, 480, 3))
    return noisy.clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("radius", [None, 2])
def test_component_in_the_wrong_place_comes_first(tmp_path, shelf, radius):
    (tmp_path / "b").mkdir()
    order = np.random.default_rng(5).integers(0, 2, (5, 6))
    swapped = order.copy()
    swapped[1, 4] = 1 - swapped[1, 4]
    for number in range(12):
        board = draw_board(np.random.default_rng(50 + number), swapped if number == 6 else order)
        save_png(tmp_path / "b" / f"board_{number:02}", board)

    found = scan_folder(tmp_path / "b", shelf, image_size=256, search_radius=radius)

    assert found.ranking[0] == "board_06"


def draw_disc(random: np.random.Generator) -> NDArray[np.uint8]:
    rows, cols = np.mgrid[:300, :300]
    radius = np.hypot(rows - 150 - random.integers(-3, 4), cols - 150 - random.integers(-3, 4))
    ring = 180 + 8 * np.sin(radius * 2 + random.uniform(0, 6))
    disc = np.where((radius < 110) & (radius > 45), ring, 50) * random.uniform(0.97, 1.03)
    return (disc + random.normal(0, 4, radius.shape)).clip(0, 255).astype(np.uint8)


def test_nothing_stands_out_among_good_parts(tmp_path, shelf):
    (tmp_path / "b").mkdir()
    for number in range(30):
        save_png(tmp_path / "b" / f"part_{number:02}", draw_disc(np.random.default_rng(16000 + number)))

    found = scan_folder(tmp_path / "b", shelf, image_size=256, phases=2)

    assert found.flagged == set()
