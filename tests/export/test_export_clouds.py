"""What a run with clouds leaves: PLY files, cards with three pictures, and facts that name what was scored."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from inspector.data.clouds.cloud import read_cloud
from inspector.data.layouts import read_batch
from inspector.export.rendering import colour_map
from inspector.export.run import write_exports
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from tests.clouds import SIZE, make_parts, part_points, save_ply

SMALL = ScanSettings(image_size=64, groups=32, group_size=16, group_step=10)


@pytest.fixture
def store(tmp_path):
    with Workspace(tmp_path / "workspace") as opened:
        yield opened


def pictures(page):
    return [
        Image.open(io.BytesIO(base64.b64decode(found))).size for found in re.findall(r"base64,([A-Za-z0-9+/=]+)", page)
    ]


@pytest.mark.parametrize(
    ("modality", "told"),
    [
        ("2d", {"efficientnet-lite0 on cpu"}),
        ("3d", {"FPFH, 32 groups of 16 points", "cut off as in MVTec 3D-AD", "RsCon"}),
        ("2d+3d", {"efficientnet-lite0 on cpu", "FPFH, 32 groups of 16 points", "cut off as in MVTec 3D-AD", "RsCon"}),
    ],
)
def test_report_names_what_was_scored(tmp_path, store, modality, told):
    make_parts(tmp_path / "batch", 3)
    (tmp_path / "batch/test/good/xyz/001.tiff").unlink()
    run_id = scan(read_batch(tmp_path / "batch"), SMALL.changed(modality=modality), store)

    page = write_exports(store, run_id, tmp_path / "out")["report"].read_text(encoding="utf-8")

    assert store.runs.get(run_id).modality == modality
    facts = " ".join(re.findall(r"<dd>(.*?)</dd>", page))
    assert {fact for fact in told if fact not in facts} == set()
    assert ("efficientnet" in facts, "FPFH" in facts) == ("2d" in modality, "3d" in modality)
    assert len(pictures(page)) == {"2d": 6, "3d": 6, "2d+3d": 8}[modality]
    assert set(pictures(page)) == {SIZE[::-1]}
    assert ("scored by its photo alone: it has no cloud" in page) == (modality == "2d+3d")
    assert (tmp_path / "out" / "clouds").exists() == (modality != "2d")


def test_exported_points_are_those_of_the_store(tmp_path, store):
    make_parts(tmp_path / "batch", 2)
    run_id = scan(read_batch(tmp_path / "batch"), SMALL, store)

    write_exports(store, run_id, tmp_path / "out")

    points, scores, _ = store.artefacts.load_cloud(run_id, 0)
    path = tmp_path / "out/clouds" / f"{store.runs.samples(run_id)[0].name.removesuffix('.png')}.ply"
    assert np.array_equal(read_cloud(path).points, points)
    run = store.runs.get(run_id)
    body = np.frombuffer(path.read_bytes().split(b"end_header\n")[1], np.uint8).reshape(len(points), 19)
    assert np.array_equal(body[:, 12:16].copy().view("<f4")[:, 0], scores)
    assert np.array_equal(body[:, 16:], colour_map(scores[None], run.display_range)[0])


def test_clouds_without_photos(tmp_path, store):
    for number in range(3):
        save_ply(tmp_path / "batch" / f"{number}.ply", part_points(number))
    run_id = scan(read_batch(tmp_path / "batch"), SMALL, store)

    page = write_exports(store, run_id, tmp_path / "out")["report"].read_text(encoding="utf-8")

    assert store.runs.get(run_id).modality == "3d"
    assert "left as it is" in page
    assert sorted(path.name for path in (tmp_path / "out/clouds").iterdir()) == ["0.ply", "1.ply", "2.ply"]
    assert sorted(path.name for path in (tmp_path / "out/overlays").iterdir()) == ["0.png", "1.png", "2.png"]
