"""Clouds that were misread or refused: the same points however they are written, and the dented part is found."""

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inspector import Workspace, read_batch, scan
from inspector.data.clouds.cloud import read_cloud
from inspector.presets import load_settings
from tests.cases.batches import Scanned

DENTED = 5


def make_plate(number: int, count: int = 1500) -> NDArray[np.float64]:
    """(M, 3) millimetres, rounded to four decimals: an embossed plate; one of a batch is dented."""
    random = np.random.default_rng(100 + number)
    x, y = random.uniform(-30, 30, (2, count))
    z = 50 + 3 * np.exp(-(x**2 + y**2) / 150) + random.normal(0, 0.03, count)
    if number == DENTED:
        z -= 4 * np.exp(-((x - 17) ** 2 + (y + 15) ** 2) / 20)
    return np.round(np.stack([x, y, z], axis=1), 4)


def write_rows(points: NDArray[np.float64], separator: str = ";") -> str:
    return "".join(separator.join(f"{value:.4f}" for value in row) + "\n" for row in points)


def scan_clouds(folder: Path, store: Workspace, *, modality: str = "3d", **values: object) -> Scanned:
    settings = load_settings(
        "fast", values={"modality": modality, "groups": 96, "group_size": 32, "group_step": 20, **values}
    )
    batch = read_batch(folder, has_camera=settings.camera is not None)
    run_id = scan(batch, settings, store)
    return Scanned(store.runs.get(run_id), store.runs.samples(run_id))


XYZ = {
    "decimal comma": lambda points: write_rows(points).replace(".", ","),
    "decimal comma and blanks": lambda points: write_rows(points, " ").replace(".", ","),
    "commas between": lambda points: write_rows(points, ","),
    "header": lambda points: "X;Y;Z\n" + write_rows(points),
    "two header lines": lambda points: "scan of a plate\nX [mm] Y [mm] Z [mm]\n" + write_rows(points, " "),
    "byte order mark": lambda points: "\ufeff" + write_rows(points, "\t"),
    "Windows line ends": lambda points: write_rows(points, " ").replace("\n", "\r\n"),
}
"""Ways to write points as text."""


@pytest.mark.parametrize("name", XYZ)
def test_text_is_read_for_what_it_says(tmp_path, name):
    points = make_plate(0)
    (tmp_path / "part.xyz").write_text(XYZ[name](points), encoding="utf-8", newline="")

    cloud = read_cloud(tmp_path / "part.xyz")

    assert np.array_equal(cloud.points, points.astype(np.float32))


@pytest.mark.parametrize("kind", ["point", "comma", "mixed"])
def test_dented_part_is_found_whatever_the_decimal_sign(tmp_path, shelf, kind):
    for number in range(8):
        text = write_rows(make_plate(number))
        comma = kind == "comma" or (kind == "mixed" and number % 2 == 0)
        (tmp_path / f"part_{number}.xyz").write_text(text.replace(".", ",") if comma else text)

    found = scan_clouds(tmp_path, shelf)

    assert found.run.unreadable == 0
    assert found.ranking[0] == f"part_{DENTED}"


HEADER = "ply\nformat binary_little_endian 1.0\n"
VERTICES = "element vertex {}\nproperty float x\nproperty float y\nproperty float z\n"
LIST = "property list uchar float descriptor\n"
FACES = "element face 2\nproperty list uchar int vertex_indices\n"


def write_vertices(points: NDArray[np.float64], after: bytes = b"") -> bytes:
    return b"".join(struct.pack("<3f", *point) + after for point in points)


def test_ply_with_a_list_at_each_vertex(tmp_path):
    points = make_plate(0)
    start = HEADER + VERTICES.format(len(points)) + LIST + "end_header\n"
    after = struct.pack("<B2f", 2, 0.5, 0.25)
    (tmp_path / "part.ply").write_bytes(start.encode() + write_vertices(points, after))

    assert np.array_equal(read_cloud(tmp_path / "part.ply").points, points.astype(np.float32))


def test_ply_with_faces_before_vertices(tmp_path):
    points = make_plate(0)
    start = HEADER + FACES + VERTICES.format(len(points)) + "end_header\n"
    faces = struct.pack("<B3iB4i", 3, 0, 1, 2, 4, 0, 1, 2, 3)
    (tmp_path / "part.ply").write_bytes(start.encode() + faces + write_vertices(points))

    assert np.array_equal(read_cloud(tmp_path / "part.ply").points, points.astype(np.float32))


def test_two_files_of_one_stem_are_two_parts(tmp_path):
    for number in range(6):
        rows = write_rows(make_plate(number, 20), " ")
        (tmp_path / f"part_{number // 2}.{'xyz' if number % 2 else 'ply'}").write_text(
            rows if number % 2 else f"ply\nformat ascii 1.0\n{VERTICES.format(20)}end_header\n{rows}"
        )

    batch = read_batch(tmp_path)

    assert {sample.name for sample in batch.samples} == {
        f"part_{number}.{suffix}" for number in range(3) for suffix in ("xyz", "ply")
    }


def make_mesh() -> NDArray[np.float64]:
    """(T, 3, 3) triangles of a wavy sheet."""
    grid = np.linspace(0, 40, 12)
    height = np.random.default_rng(0).normal(0, 0.05, (12, 12))
    sheet = np.dstack([*np.meshgrid(grid, grid, indexing="ij"), height]).round(5)
    return np.stack([sheet[:-1, :-1], sheet[1:, :-1], sheet[:-1, 1:]], axis=2).reshape(-1, 3, 3)


def write_text_mesh(corners: NDArray[np.float64]) -> str:
    facets = ["".join(f"vertex {x:.5f} {y:.5f} {z:.5f}\n" for x, y, z in facet) for facet in corners]
    start, end = "facet normal 0 0 1\nouter loop\n", "endloop\nendfacet\n"
    return "solid part\n" + "".join(start + facet + end for facet in facets) + "endsolid part\n"


def write_binary_mesh(corners: NDArray[np.float64], head: bytes = b"cad") -> bytes:
    facets = (struct.pack("<12fH", 0, 0, 1, *facet.ravel(), 0) for facet in corners)
    return head.ljust(80) + struct.pack("<I", len(corners)) + b"".join(facets)


STL = {
    "capitals": lambda corners: write_text_mesh(corners).upper().encode(),
    "byte order mark": lambda corners: b"\xef\xbb\xbf" + write_text_mesh(corners).encode(),
    "Windows line ends": lambda corners: write_text_mesh(corners).replace("\n", "\r\n").encode(),
    "binary": write_binary_mesh,
    "binary that begins with solid": lambda corners: write_binary_mesh(corners, b"solid part"),
    "bytes after the end": lambda corners: write_binary_mesh(corners) + b"\r\n",
}
"""Ways to write a mesh."""


@pytest.mark.parametrize("name", STL)
def test_meshes_are_read_however_they_are_written(tmp_path, name):
    corners = make_mesh()
    (tmp_path / "plain.stl").write_text(write_text_mesh(corners))
    (tmp_path / "part.stl").write_bytes(STL[name](corners))

    expected, cloud = (read_cloud(tmp_path / file) for file in ("plain.stl", "part.stl"))

    np.testing.assert_allclose(cloud.points, expected.points, atol=1e-4)


def write_depth(folder: Path, *, photos: bool) -> None:
    """Depth images of 16 bits, millimetres, of a block on a table; one block is dented, which photos do not show."""
    folder.mkdir()
    rows, cols = np.mgrid[:90, :120]
    block = (cols > 20) & (cols < 100) & (rows > 14) & (rows < 76)
    for number in range(8):
        random = np.random.default_rng(number)
        depth = 500 - 40 * block + random.normal(0, 0.5, rows.shape)
        if number == DENTED:
            depth += 9 * np.exp(-((cols - 75) ** 2 + (rows - 34) ** 2) / 60)
        cv2.imwrite(str(folder / f"part_{number}_depth.png"), depth.round().astype(np.uint16))
        if photos:
            photo = (90 + 80 * block + random.normal(0, 3, rows.shape)).clip(0, 255).astype(np.uint8)
            cv2.imwrite(str(folder / f"part_{number}.png"), np.repeat(photo[..., None], 3, axis=2))


CAMERA = (225.0, 225.0, 60.0, 45.0)


def test_depth_images_are_clouds_where_the_camera_is_known(tmp_path, shelf):
    write_depth(tmp_path / "b", photos=False)

    found = scan_clouds(tmp_path / "b", shelf, camera=CAMERA)

    assert found.run.modality == "3d"
    assert found.ranking[0] == f"part_{DENTED}_depth"
    assert any("taken as clouds" in note for note in found.run.notes)


def test_depth_images_beside_photos_are_their_clouds(tmp_path, shelf):
    write_depth(tmp_path / "b", photos=True)

    batch = read_batch(tmp_path / "b", has_camera=True)
    found = scan_clouds(tmp_path / "b", shelf, modality="2d+3d", image_size=128, camera=CAMERA)

    assert [(s.name, s.cloud and s.cloud.name) for s in batch.samples] == [
        (f"part_{number}.png", f"part_{number}_depth.png") for number in range(8)
    ]
    assert found.ranking[0] == f"part_{DENTED}"


def test_depth_images_without_a_camera_are_no_black_photos(tmp_path, shelf):
    """They are scored as photos on a scale of their own, and it is said how to make clouds of them."""
    write_depth(tmp_path / "b", photos=False)

    found = scan_clouds(tmp_path / "b", shelf, modality="2d", image_size=128)

    assert any("camera" in note for note in found.run.notes)
    assert found.ranking[0] == f"part_{DENTED}_depth"
    assert found.run.value_range is not None
