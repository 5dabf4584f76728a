"""Clouds that are easily misread: tables that are no list of points, and files that a copy changed."""

import io
import struct

import numpy as np
import pytest
import tifffile

from inspector.data.clouds.cloud import read_cloud
from inspector.data.clouds.depth import PinholeCamera
from inspector.data.clouds.xyz import parse_xyz
from inspector.errors import InputError

ROWS, COLS = np.mgrid[:20, :30]
GRID = np.stack([COLS * 0.5 - 7, ROWS * 0.5 - 5, 50 + np.sin(COLS / 5.0) + np.cos(ROWS)], axis=2).astype(np.float32)
POINTS = GRID.reshape(-1, 3)
NUMBERS = np.stack([ROWS, COLS], axis=2).reshape(-1, 2)


def write(table):
    return "".join(" ".join(f"{value:.6g}" for value in row) + "\n" for row in table).encode()


def write_ply(values, count=600, how="binary_little_endian"):
    properties = "".join(f"property float {axis}\n" for axis in "xyz")
    return f"ply\nformat {how} 1.0\nelement vertex {count}\n{properties}end_header\n".encode() + values


def write_pcd(values):
    sizes = f"WIDTH {len(POINTS)}\nHEIGHT 1\nPOINTS {len(POINTS)}"
    return f"VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n{sizes}\nDATA binary\n".encode() + values


def write_tiff(values, **options):
    content = io.BytesIO()
    tifffile.imwrite(content, values, **{"photometric": "minisblack", "planarconfig": "contig", **options})
    return content.getvalue()


def write_stl():
    corners = np.random.default_rng(0).normal(0, 5, (60, 12)).astype("<f4")
    return bytes(80) + struct.pack("<I", 60) + b"".join(row.tobytes() + b"\1\1" for row in corners)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (write(GRID[..., 2]), "line 1 and those after it hold 30 numbers: a table of heights"),
        (b"# Channel: height\n" + write(GRID[..., 2]).replace(b" ", b";"), "line 2 and those after it hold 30 numbers"),
        (b"ncols 30\nnrows 20\nxllcorner 0\ncellsize 0.5\n" + write(GRID[..., 2]), "is a table of heights"),
        (b"DSAA\n30 20\n0 15\n0 10\n48 52\n" + write(GRID[..., 2]), "is a table of heights"),
        (b"30\n20\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n" + write(np.eye(4)) + write(POINTS), "is a PTX scan"),
    ],
)
def test_tables_that_are_no_points_are_refused(content, told):
    with pytest.raises(InputError, match=told):
        parse_xyz(content, "a.asc")


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
@pytest.mark.parametrize("turned", [[2, 3, 4], [3, 2, 4]])
def test_numbers_of_rows_and_columns_are_no_coordinates(order, turned):
    table = np.hstack([NUMBERS[:, order], POINTS])[:, [0, 1, *turned]]

    parsed = parse_xyz(write(table), "a.xyz")

    np.testing.assert_allclose(parsed.points, table[:, 2:], atol=1e-3)
    assert parsed.notes == ("its first two columns count rows and columns and were passed over",)


def test_heights_on_a_grid_with_colours_keep_their_places():
    table = np.hstack([NUMBERS, POINTS[:, 2:], np.random.default_rng(0).integers(0, 256, (len(POINTS), 3))])

    parsed = parse_xyz(write(table), "a.xyz")

    np.testing.assert_allclose(parsed.points, table[:, :3], atol=1e-3)
    assert parsed.notes == ()


def test_more_points_than_announced_are_told():
    (note,) = parse_xyz(b"500\n" + write(POINTS), "a.pts").notes

    assert note == "its first line announces 500 points, but 600 follow, which were all read"


def test_more_vertices_than_announced_are_told(tmp_path):
    (tmp_path / "a.ply").write_bytes(write_ply(write(POINTS), 500, "ascii"))

    cloud = read_cloud(tmp_path / "a.ply")

    assert len(cloud.points) == 500
    assert ["after the end of its data" in note for note in cloud.notes] == [True]


BINARY = {
    "ply": write_ply(POINTS.tobytes()),
    "pcd": write_pcd(POINTS.tobytes()),
    "stl": write_stl(),
    "tiff": write_tiff(GRID),
}


@pytest.mark.parametrize("kind", BINARY)
def test_clouds_whose_end_was_never_written_are_told(tmp_path, kind):
    content, path = BINARY[kind], tmp_path / f"a.{kind}"
    path.write_bytes(content)
    assert read_cloud(path).notes == ()

    path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))

    assert [note for note in read_cloud(path).notes if "its file ends in zeros" in note]


@pytest.mark.parametrize("kind", ["ply", "pcd", "stl"])
def test_clouds_sent_as_text_are_refused(tmp_path, kind):
    noise = np.random.default_rng(0).integers(0, 1 << 30, (len(POINTS), 3)).astype("<u4").tobytes()
    made = {"ply": write_ply(noise), "pcd": write_pcd(noise), "stl": write_stl() + b"\n" * 9}[kind]
    (tmp_path / f"a.{kind}").write_bytes(made.replace(b"\n", b"\r\n"))

    with pytest.raises(InputError, match="sent as text"):
        read_cloud(tmp_path / f"a.{kind}")


def test_point_that_is_there_many_times_is_told(tmp_path):
    grid = GRID.copy()
    grid[5:8] = -1
    (tmp_path / "a.tiff").write_bytes(write_tiff(grid))

    (note,) = read_cloud(tmp_path / "a.tiff").notes

    assert note == "90 points are exactly (-1, -1, -1); where these are holes, add -1 to the setting `holes`"
    assert len(read_cloud(tmp_path / "a.tiff", holes=[-1]).points) == len(POINTS) - 90


@pytest.mark.parametrize("depth", [np.float32, np.float64, np.int16, np.int32])
@pytest.mark.parametrize("more", [0, 1, 3])
def test_tiff_of_points_with_more_values_behind_them(tmp_path, depth, more):
    values = np.round(np.dstack([GRID, *[GRID[..., 0] * 0 + 3] * more]) * 100).astype(depth)
    (tmp_path / "a.tiff").write_bytes(write_tiff(values))

    cloud = read_cloud(tmp_path / "a.tiff")

    np.testing.assert_array_equal(cloud.points, np.round(POINTS * 100))
    assert len(cloud.notes) == (more > 0)


def test_stack_of_pictures_is_no_cloud(tmp_path):
    (tmp_path / "a.tiff").write_bytes(write_tiff(GRID.transpose(2, 0, 1).copy(), planarconfig=None))

    with pytest.raises(InputError, match="holds 3 pictures of float32"):
        read_cloud(tmp_path / "a.tiff")


def test_grid_is_turned_upright_as_a_photo_is(tmp_path):
    (tmp_path / "a.tiff").write_bytes(write_tiff(GRID[::-1].copy(), extratags=[(274, 3, 1, 4, False)]))

    np.testing.assert_array_equal(read_cloud(tmp_path / "a.tiff").points, POINTS)


@pytest.mark.parametrize(
    ("far", "kind", "told"), [(4.5e6, "float32", True), (4.5e6, "float64", False), (0, "float32", False)]
)
def test_points_so_far_from_zero_that_their_file_rounds_them_are_told(tmp_path, far, kind, told):
    points = GRID.astype(float) + np.array([far and far + 0.1, 0, 0])
    (tmp_path / "part.tif").write_bytes(write_tiff(points.astype(kind)))

    notes = read_cloud(tmp_path / "part.tif").notes

    assert any("32-bit numbers go in steps of 0.5 there" in note for note in notes) == told


@pytest.mark.parametrize(("decimals", "told"), [(0, "multiples of 1,"), (1, "multiples of 0.1,"), (3, None)])
def test_points_that_were_rounded_to_few_steps_are_told(tmp_path, decimals, told):
    points = np.random.default_rng(0).uniform(0, 10 if decimals else 80, (2000, 3)).round(decimals)
    (tmp_path / "part.xyz").write_bytes(write(points))

    notes = read_cloud(tmp_path / "part.xyz").notes

    assert any(f"all {told} a coarse step for its size" in note for note in notes) == (told is not None)


@pytest.mark.parametrize(
    ("header", "told"), [("rho theta phi", True), ("made by me", False), ("x y z", False), ("# angle = 30", False)]
)
def test_columns_that_are_called_angles_are_told(header, told):
    notes = parse_xyz(header.encode() + b"\n" + write(POINTS), "part.xyz").notes

    assert any("called rho, theta, phi, and were read as x, y, z" in note for note in notes) == told
    assert bool(notes) == told


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("part.ply", write_ply(POINTS.tobytes(), how="binary_big_endian")),
        ("part.ply", write_ply((POINTS * 0 + ROWS.reshape(-1, 1) / 2 + 1).tobytes(), how="binary_big_endian")),
        ("part.pcd", write_pcd(POINTS.astype(">f4").tobytes())),
        ("part.ply", write_ply(np.random.default_rng(0).normal(0, 9, (600, 3)).tobytes())),
    ],
)
def test_numbers_that_are_no_coordinates_are_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(InputError, match=rf"{name} holds no coordinates: half of its numbers are below"):
        read_cloud(tmp_path / name)


@pytest.mark.parametrize(("scale", "told"), [(1, True), (0.001, False), (2, False)])
def test_first_columns_that_may_be_colours_are_told(scale, told):
    colours = np.random.default_rng(0).integers(0, 256, (len(POINTS), 3))

    notes = parse_xyz(write(np.hstack([colours * scale, POINTS])), "part.xyz").notes

    assert any("first three columns may be colours" in note for note in notes) == told


def test_points_on_whole_places_with_their_colours_behind_them_are_no_colours():
    both = np.random.default_rng(0).integers(0, 256, (600, 6))

    assert parse_xyz(write(both), "part.xyz").notes == ()


def test_a_turned_profile_of_a_flat_part_is_read(tmp_path):
    along = np.linspace(1, 100, 200)
    points = np.stack([along, along * 1e-16, along * 1e-16], axis=1)
    (tmp_path / "part.ply").write_bytes(write_ply(points.astype("<f4").tobytes(), 200))

    assert read_cloud(tmp_path / "part.ply").notes == ()


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("X [mm];Y [mm];Z [um]", "mm, mm, um"),
        ("z_um x_mm y_mm", "mm, mm, um"),
        ("X,Y,Z\nmm,mm,um", "mm, mm, um"),
        ("X [mm];Y [mm];Z [mm]", ""),
        ("x y z", ""),
        ("X,Y,Z\nmm,mm,mm", ""),
    ],
)
def test_axes_in_different_units_by_the_header_are_told(header, told):
    notes = parse_xyz(header.encode() + b"\n" + write(POINTS), "part.xyz").notes

    note = f"its columns x, y, z are in {told} by its header, and were read as if in one unit: export them in one"
    assert notes == ((note,) if told else ())


LIT = np.random.default_rng(0).uniform(0, 200, (600, 7))
NORMALS = POINTS / np.linalg.norm(POINTS, axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (GRID[:, :24, 2], True),  # heights of a grid
        (GRID[:, :5, 2], True),
        (POINTS.reshape(-1, 6), True),  # two points in a line
        (np.hstack([POINTS, NORMALS]), False),
        (np.hstack([NORMALS * 100, NORMALS]), False),
        (np.hstack([POINTS, np.full_like(POINTS, 9)]), False),
        (LIT, False),  # brightness, red, green and blue
        (LIT[:, :5], False),
    ],
)
def test_columns_that_are_all_alike_are_told(table, told):
    notes = parse_xyz(write(table), "part.xyz").notes

    assert any("its further columns are like the first three" in note for note in notes) == told


def test_mesh_under_the_name_of_points_is_refused():
    with pytest.raises(InputError, match=r"part\.xyz is a mesh \(OFF\), which is not read"):
        parse_xyz(b"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n", "part.xyz")


@pytest.mark.parametrize("channels", [(), (3,)])
def test_full_grid_is_read_and_not_the_small_copy_before_it(tmp_path, channels):
    grid = GRID if channels else GRID[..., 2]
    with tifffile.TiffWriter(tmp_path / "part.tif") as file:
        file.write(grid[::4, ::4], subfiletype=1, photometric="minisblack", planarconfig="contig")
        file.write(grid, photometric="minisblack", planarconfig="contig")

    cloud = read_cloud(tmp_path / "part.tif", camera=PinholeCamera((100.0, 100.0), (15.0, 10.0)))

    assert cloud.size == (20, 30)
    assert not any("further picture" in note for note in cloud.notes)


@pytest.mark.parametrize("channels", [1, 3])
def test_holes_that_fill_the_lowest_rows_are_no_copy_that_broke_off(tmp_path, channels):
    grid = (GRID + 9).astype("<f4")[..., -channels:].squeeze()
    grid[15:] = 0
    content = write_tiff(grid)
    cut = content[: len(content) - 5 * 30 * 4 * channels - 40]
    camera = PinholeCamera((100.0, 100.0), (15.0, 10.0))

    told = []
    for part in (content, cut + bytes(len(content) - len(cut))):
        (tmp_path / "part.tif").write_bytes(part)
        notes = read_cloud(tmp_path / "part.tif", camera=camera).notes
        told.append(any("its file ends in zeros" in note for note in notes))
    assert told == [False, True]


def test_step_of_a_cloud_is_not_told_of_the_distance_of_a_wild_point(tmp_path):
    points = np.random.default_rng(0).uniform(0, 100, (1200, 3)).round(3)
    points[5, 0] = 1e7 + 1
    (tmp_path / "part.xyz").write_bytes("".join("{} {} {}\n".format(*point) for point in points).encode())

    (told,) = read_cloud(tmp_path / "part.xyz").notes
    assert told.startswith("one of its points lies far away")
