"""Labelled folders of point files, and masks that do not have the size of their photo."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from inspector.evaluation.run import evaluate
from inspector.settings import ScanSettings
from tests.clouds import part_points, save_ply
from tests.datasets import make_category

CLOUDS = ScanSettings(image_size=64, groups=32, group_size=16, group_step=10, batch_size=4)


def write_pcd(path, points):
    rows = "\n".join(" ".join(map(str, point)) for point in points)
    head = f"FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH {len(points)}\nHEIGHT 1\nPOINTS {len(points)}\n"
    path.write_text(f"{head}DATA ascii\n{rows}\n")


def write_xyz(path, points):
    path.write_text("\n".join(" ".join(map(str, point)) for point in points))


def write_stl(path, points):
    """Each point as a triangle of its own, so small that points sampled on it lie there."""
    facets = io.BytesIO()
    for point in points:
        corners = point + np.float32([[0, 0, 0], [1e-5, 0, 0], [0, 1e-5, 0]])
        facets.write(np.float32([0, 0, 1]).tobytes() + corners.astype("<f4").tobytes() + b"\0\0")
    path.write_bytes(bytes(80) + np.uint32(len(points)).tobytes() + facets.getvalue())


WRITERS = {".ply": save_ply, ".pcd": write_pcd, ".xyz": write_xyz, ".stl": write_stl}


@pytest.mark.parametrize(
    ("suffix", "layout", "good", "bad"),
    [*((suffix, "folder", "ok", "dent") for suffix in WRITERS), (".ply", "mvtec-ad", "test/good", "test/dent")],
)
def test_point_files_of_labelled_parts_are_evaluated(tmp_path, store, suffix, layout, good, bad):
    category = tmp_path / "nut"
    for number in range(4):
        folder = category / (bad if number == 3 else good)
        folder.mkdir(parents=True, exist_ok=True)
        points = part_points(number)[::6].astype(np.float32)
        if number == 3:
            points = points + np.float32([0, 0, 0.02]) * (points[:, :1] > 0.08)
        WRITERS[suffix](folder / f"{number}{suffix}", points)

    (row,) = evaluate(category, layout, CLOUDS, store)

    assert (row.category, row.n_images, row.n_anomalous, row.pixel) == ("nut", 4, 1, None)
    assert row.modality == "3d"
    assert row.image.auroc == (1.0 if suffix != ".stl" else pytest.approx(0.5, abs=0.5))  # sampled at random


def test_masks_of_another_size_or_drawn_the_other_way_round_are_told(tmp_path, store):
    make_category(tmp_path / "nut", "mvtec-ad")
    mask = tmp_path / "nut/ground_truth/spot/01_mask.png"
    with Image.open(mask) as image:
        image.resize((32, 16)).save(mask)
    with Image.open(mask.with_name("00_mask.png")) as image:
        ImageOps.invert(image.convert("L")).save(mask.with_name("00_mask.png"))
    events = []

    evaluate(tmp_path / "nut", "mvtec-ad", ScanSettings(image_size=64, batch_size=4), store, events.append)

    assert [event.message for event in events if event.kind == "warning"] == [
        "nut: the mask of test/spot/00.png calls most of its photo a defect; see whether white is the defect there",
        "nut: 1 of 2 masks lacks the size of its photo and was stretched, that of test/spot/01.png: "
        "32 x 16 instead of 64 x 64 pixels",
    ]
