"""Photos, organised clouds and depth images in folders that nobody arranged."""

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.errors import InputError
from tests.clouds import organised, save_ply, save_tiff

SMALL = (20, 30)
COLOURS = np.linspace(0, 1, 20 * 30 * 3).reshape(*SMALL, 3)


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def put_photo(root, *names):
    for name in names:
        save(root / name, (COLOURS * 255).astype(np.uint8))


def put_depth(root, *names):
    for name in names:
        save(root / name, np.full(SMALL, 450, np.uint16))


def put_points(root, *names):
    for seed, name in enumerate(names):
        save_tiff(root / name, organised(seed, size=SMALL))


def put_cloud(root, *names):
    for name in names:
        save_ply(root / name, np.ones((4, 3)))


def rows(batch):
    """Name, photo and cloud of each part, files relative to the root."""
    return [
        (sample.name, *(file and file.relative_to(batch.root).as_posix() for file in (sample.image, sample.cloud)))
        for sample in batch.samples
    ]


def test_organised_clouds_are_clouds(tmp_path):
    put_points(tmp_path, "a.tiff", "b.tiff")

    batch = read_batch(tmp_path)

    assert rows(batch) == [("a.tiff", None, "a.tiff"), ("b.tiff", None, "b.tiff")]
    assert batch.notes == ("taken as clouds (each pixel holds x, y and z): a.tiff and 1 more",)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_photos_of_floats_are_photos(tmp_path, kind):
    random = np.random.default_rng(0)
    for name in ("a.tif", "b.tif"):
        tifffile.imwrite(tmp_path / name, random.random((*SMALL, 3)).astype(kind), photometric="rgb")

    batch = read_batch(tmp_path)

    assert rows(batch) == [("a.tif", "a.tif", None), ("b.tif", "b.tif", None)]
    assert batch.notes == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda xyz: xyz.transpose(1, 0, 2).copy(),
        lambda xyz: np.where(xyz[..., 2:] > 0.48, np.nan, xyz),
        lambda xyz: np.where(xyz[..., 2:] > 0.48, 0, xyz),
        lambda xyz: xyz * 1000 - 50,
        lambda xyz: np.full_like(xyz, np.nan),
    ],
)
def test_points_with_holes_turned_or_in_millimetres_are_clouds(tmp_path, change):
    tifffile.imwrite(tmp_path / "a.tif", change(organised(1, size=SMALL)).astype(np.float32), photometric="rgb")

    assert rows(read_batch(tmp_path)) == [("a.tif", None, "a.tif")]


def test_a_damaged_cloud_among_others_stays_a_cloud(tmp_path):
    put_points(tmp_path, *(f"{number}.tiff" for number in range(4)))
    content = (tmp_path / "3.tiff").read_bytes()
    (tmp_path / "3.tiff").write_bytes(content[: len(content) // 2])

    assert [row[2] for row in rows(read_batch(tmp_path))] == ["0.tiff", "1.tiff", "2.tiff", "3.tiff"]


def test_depth_images_are_clouds_with_a_camera(tmp_path):
    put_depth(tmp_path, "part_1_depth.png", "part_2_depth.png")

    batch = read_batch(tmp_path, has_camera=True)

    assert rows(batch) == [(name, None, name) for name in ("part_1_depth.png", "part_2_depth.png")]
    assert batch.notes == (
        "taken as clouds (depth images, seen by the `camera` that is set): part_1_depth.png and 1 more",
    )


def test_depth_images_without_a_camera_are_photos_and_told(tmp_path):
    put_depth(tmp_path, "part_1_depth.png", "part_2_depth.png")

    batch = read_batch(tmp_path)

    assert rows(batch) == [(name, name, None) for name in ("part_1_depth.png", "part_2_depth.png")]
    assert batch.notes == (
        "photos were scored that look like depth images; set `camera` to make clouds of them: "
        "part_1_depth.png and 1 more",
    )


def test_photos_of_16_bits_are_photos(tmp_path):
    put_depth(tmp_path, "part_1.png", "part_2.png")

    batch = read_batch(tmp_path)

    assert rows(batch) == [("part_1.png", "part_1.png", None), ("part_2.png", "part_2.png", None)]
    assert batch.notes == ()


def test_photos_of_16_bits_beside_others_that_say_so(tmp_path):
    put_depth(tmp_path, "1.png", "1_depth.png")

    assert rows(read_batch(tmp_path, has_camera=True)) == [("1.png", "1.png", "1_depth.png")]


@pytest.mark.parametrize(
    ("photo", "depth"),
    [
        ("1.png", "1_depth.png"),
        ("1.png", "1.tif"),
        ("1.png", "1.pgm"),
        ("1_rgb.png", "1_depth.tif"),
        ("color_1.png", "depth_1.png"),
        ("rgb/1.png", "depth/1.png"),
        ("image/1.png", "depth/1.png"),
        ("1/rgb.png", "1/depth.png"),
        ("a/color/b/1.png", "a/depth/b/1.png"),
    ],
)
def test_photo_and_depth_of_one_part_are_paired(tmp_path, photo, depth):
    put_photo(tmp_path, photo, photo.replace("1", "2"))
    put_depth(tmp_path, depth, depth.replace("1", "2"))

    batch = read_batch(tmp_path, has_camera=True)

    assert rows(batch) == [
        (photo, photo, depth),
        (photo.replace("1", "2"), photo.replace("1", "2"), depth.replace("1", "2")),
    ]


def test_depth_beside_photos_is_left_out_without_a_camera(tmp_path):
    put_photo(tmp_path, "1.png", "2.png")
    put_depth(tmp_path, "1_depth.png", "2_depth.png")

    batch = read_batch(tmp_path)

    assert rows(batch) == [("1.png", "1.png", None), ("2.png", "2.png", None)]
    assert [(left.name, left.reason[:24]) for left in batch.left_out] == [
        ("1_depth.png", "a depth image of 1.png; "),
        ("2_depth.png", "a depth image of 2.png; "),
    ]
    assert batch.notes == (
        "depth images beside photos of the same parts were left out; set `camera` to score them as clouds: "
        "1_depth.png and 1 more",
    )


def test_deep_images_of_the_same_name_are_told(tmp_path):
    put_photo(tmp_path, "1.png")
    put_depth(tmp_path, "1.tif")

    batch = read_batch(tmp_path)

    assert rows(batch) == [("1.png", "1.png", None), ("1.tif", "1.tif", None)]
    assert "look like depth images" in batch.notes[0]


@pytest.mark.parametrize(
    ("photo", "cloud"), [("rgb/1.png", "xyz/1.tiff"), ("1.png", "1_xyz.tiff"), ("1.png", "1.tiff")]
)
def test_photo_and_organised_cloud_are_paired(tmp_path, photo, cloud):
    put_photo(tmp_path, photo)
    put_points(tmp_path, cloud)

    assert rows(read_batch(tmp_path)) == [(photo, photo, cloud)]


def test_clouds_of_one_stem_are_parts_of_their_own(tmp_path):
    put_cloud(tmp_path, "1.ply", "2.ply")
    for name in ("1.xyz", "2.xyz"):
        (tmp_path / name).write_text("0 0 0\n1 1 1\n")

    assert [row[0] for row in rows(read_batch(tmp_path))] == ["1.ply", "1.xyz", "2.ply", "2.xyz"]


def test_a_second_cloud_of_a_part_with_photo_is_named(tmp_path):
    put_photo(tmp_path, "1.png")
    put_cloud(tmp_path, "1.ply")
    (tmp_path / "1.xyz").write_text("0 0 0\n")

    batch = read_batch(tmp_path)

    assert rows(batch) == [("1.png", "1.png", "1.ply")]
    assert batch.left_out == (("1.xyz", "another cloud of 1.png, which is scored with 1.ply"),)
    assert batch.notes == ("1 file was left out: 1 cloud of a part that has one",)


def test_names_that_could_mean_two_parts_are_not_paired(tmp_path):
    put_photo(tmp_path, "rgb/1.png", "1.png")
    put_cloud(tmp_path, "xyz/1.ply")

    assert rows(read_batch(tmp_path)) == [
        ("1.png", "1.png", None),
        ("rgb/1.png", "rgb/1.png", None),
        ("xyz/1.ply", None, "xyz/1.ply"),
    ]


def test_photos_that_differ_in_their_suffix_are_two_parts(tmp_path):
    put_photo(tmp_path, "1.png", "1.bmp")

    assert [row[0] for row in rows(read_batch(tmp_path))] == ["1.bmp", "1.png"]


def test_many_parts_without_cloud_are_counted(tmp_path):
    put_photo(tmp_path, *(f"{number}.png" for number in range(30)))
    put_cloud(tmp_path, "0.ply")

    told = "photos without a cloud: 29, clouds without a photo: 0; they are scored as they are"
    assert read_batch(tmp_path).notes == (told,)


def test_labelled_folders_keep_label_and_mask_of_a_pair(tmp_path):
    put_photo(tmp_path, "ok/1.png", "bad/2.png", "masks/bad/2.png")
    put_cloud(tmp_path, "ok/1.ply", "bad/2.ply", "bad/3.ply")

    batch = read_batch(tmp_path, "folder")

    assert rows(batch) == [
        ("bad/2.png", "bad/2.png", "bad/2.ply"),
        ("bad/3.ply", None, "bad/3.ply"),
        ("ok/1.png", "ok/1.png", "ok/1.ply"),
    ]
    assert [sample.label for sample in batch.samples] == [True, True, False]
    assert [sample.mask for sample in batch.samples] == [tmp_path / "masks/bad/2.png", None, None]


@pytest.mark.parametrize("depth", [np.float32, np.int16])
@pytest.mark.parametrize("more", [0, 1, 3])
def test_points_of_whole_numbers_or_with_more_values_are_clouds(tmp_path, depth, more):
    grid = organised(1, size=SMALL) * 10_000
    for name in ("a.tif", "b.tif"):
        values = np.dstack([grid, *[grid[..., 2]] * more]).astype(depth)
        tifffile.imwrite(tmp_path / name, values, photometric="minisblack", planarconfig="contig")

    assert rows(read_batch(tmp_path)) == [("a.tif", None, "a.tif"), ("b.tif", None, "b.tif")]


@pytest.mark.parametrize("depth", [np.float32, np.int16])
def test_bands_of_a_picture_are_no_points(tmp_path, depth):
    values = (np.random.default_rng(0).random((*SMALL, 5)) * 1000).astype(depth)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack", planarconfig="contig")

    assert rows(read_batch(tmp_path)) == [("a.tif", "a.tif", None)]


def put_axes(root, *names, hidden=0):
    """Images of x, y and z alone, as HALCON writes them, with holes in the first columns."""
    rows, columns = np.mgrid[: SMALL[0], : SMALL[1]]
    for name in names:
        for axis, values in zip("xyz", (columns, rows, 100 + np.sin(columns)), strict=True):
            (root / name.format(axis)).parent.mkdir(parents=True, exist_ok=True)
            tifffile.imwrite(root / name.format(axis), np.where(columns < hidden, -9999, values / 2).astype(np.float32))


@pytest.mark.parametrize(("name", "hidden"), [("a_{}.tif", 0), ("{}/a.tif", 0), ("a/{}.tif", 0), ("a_{}.tif", 10)])
def test_coordinates_in_a_file_each_are_no_parts(tmp_path, name, hidden):
    put_photo(tmp_path, "a.png", "b.png")
    put_axes(tmp_path, name, hidden=hidden)

    batch = read_batch(tmp_path)

    assert [sample.name for sample in batch.samples] == ["a.png", "b.png"]
    assert {left.reason for left in batch.left_out} == {
        "one coordinate of a cloud; export x, y and z as one TIFF of three channels, or as PLY"
    }
    assert batch.notes[0].startswith("files of one coordinate each were left out; export x, y and z as one TIFF")


def test_where_there_is_nothing_but_coordinates_in_a_file_each_the_remedy_is_told(tmp_path):
    put_axes(tmp_path, "a_{}.tif", "b_{}.tif")

    with pytest.raises(InputError, match=r"^a_x\.tif and 5 more hold one coordinate of a cloud each; export x"):
        read_batch(tmp_path)


def test_of_coordinates_in_a_file_each_a_camera_takes_z(tmp_path):
    put_axes(tmp_path, "a_{}.tif", "b_{}.tif")

    batch = read_batch(tmp_path, has_camera=True)

    assert [sample.cloud.name for sample in batch.samples] == ["a_z.tif", "b_z.tif"]


@pytest.mark.parametrize("name", ["a_{}.png", "camera_{}/a.png"])
def test_photos_along_three_axes_are_parts(tmp_path, name):
    put_depth(tmp_path, *map(name.format, "xyz"))

    assert len(read_batch(tmp_path).samples) == 3


@pytest.mark.parametrize(("kind", "decimals"), [(np.float32, 9), (np.float16, 9), (np.float32, 3)])
def test_directions_of_length_1_are_a_picture(tmp_path, kind, decimals):
    """As photometric stereo writes them."""
    rows, columns = np.mgrid[: SMALL[0], : SMALL[1]]
    slopes = np.stack([np.sin(columns / 5), np.cos(rows / 5), np.full(SMALL, 2.0)], axis=2)
    normals = np.round(slopes / np.linalg.norm(slopes, axis=2, keepdims=True), decimals)
    for name in ("a.tif", "b.tif"):
        tifffile.imwrite(tmp_path / name, normals.astype(kind), photometric="rgb")

    assert [sample.cloud for sample in read_batch(tmp_path).samples] == [None, None]


def test_points_a_metre_away_are_no_directions(tmp_path):
    rows, columns = np.mgrid[: SMALL[0], : SMALL[1]]
    points = np.stack([columns / 2000, rows / 2000, 1 + 2e-5 * np.sin(columns)], axis=2)
    tifffile.imwrite(tmp_path / "a.tif", points.astype(np.float32), photometric="rgb")

    assert [sample.cloud.name for sample in read_batch(tmp_path).samples] == ["a.tif"]
