import dataclasses

import numpy as np
import pytest
import torch

from inspector.data.clouds.background import BACKGROUND_RECIPES, blacken, remove_background
from inspector.data.clouds.cloud import Cloud
from inspector.data.clouds.transforms import pad_cloud, resize_cloud, select_points, to_unit_sphere
from inspector.errors import InputError
from inspector.geometry.frame import Frame

MVTEC, EYECANDIES = BACKGROUND_RECIPES["mvtec-3d"], BACKGROUND_RECIPES["eyecandies"]
SIZE = (120, 160)


def grid(*size: int) -> Cloud:
    """Point (row, col, 1) at each pixel."""
    rows, cols = np.mgrid[: size[0], : size[1]]
    points = np.stack([rows, cols, np.ones(size)], axis=2).reshape(-1, 3).astype(np.float32)
    return Cloud(points, np.arange(len(points)), size, name="grid.tiff")


def scene(step: float = 0.001, noise: float = 0.0005) -> tuple[Cloud, np.ndarray, np.ndarray]:
    """A tilted table with a large and a small block on it; two holes. Also where the blocks are, (H, W)."""
    rows, cols = np.mgrid[: SIZE[0], : SIZE[1]]
    large = (abs(rows - 60) < 25) & (abs(cols - 60) < 30)
    small = (abs(rows - 60) < 12) & (abs(cols - 125) < 12)
    depth = 0.5 + 0.1 * step * cols - 0.03 * (large | small)
    depth += np.random.default_rng(0).normal(0, noise, SIZE)
    xyz = np.stack([cols * step, rows * step, depth], axis=2).reshape(-1, 3).astype(np.float32)
    kept = np.setdiff1d(np.arange(len(xyz)), [0, 60 * 160 + 60])
    return Cloud(xyz[kept], kept, SIZE, name="scene.tiff"), large, small


def mask_of(cloud: Cloud) -> np.ndarray:
    mask = np.zeros(cloud.size, dtype=bool)
    mask.flat[cloud.pixels] = True
    return mask


def photo_with_spot(row: int, col: int) -> np.ndarray:
    photo = np.full((*SIZE, 3), 50, np.uint8)
    photo[row, col] = 200
    photo[2, 2] = 255  # the table is brighter still
    return photo


def test_largest_cluster_above_the_table_is_the_part():
    cloud, large, _ = scene()
    large[60, 60] = False  # the hole

    part = remove_background(cloud, MVTEC)

    assert np.array_equal(mask_of(part), large)
    assert np.array_equal(part.points, cloud.points[np.isin(cloud.pixels, part.pixels)])
    assert part.name == "scene.tiff"


def test_cluster_with_the_brightest_pixel_is_the_part():
    recipe = dataclasses.replace(EYECANDIES, reach=0.006)
    cloud, large, small = scene()
    large[60, 60] = False

    one = remove_background(cloud, recipe, photo=photo_with_spot(60, 120))
    other = remove_background(cloud, recipe, photo=photo_with_spot(50, 50)[..., 0])

    assert np.array_equal(mask_of(one), small)
    assert np.array_equal(mask_of(other), large)


@pytest.mark.parametrize("turned", [False, True])
def test_behind_the_table_is_background_for_eyecandies_alone(turned):
    cloud, large, small = scene()
    points = cloud.points.copy()
    points[large.flat[cloud.pixels], 2] += 0.1  # a hole in the table instead of a block
    if turned:
        points = points[:, [1, 2, 0]]  # a rotation: the camera no longer looks along z
    cloud = dataclasses.replace(cloud, points=points)

    behind = remove_background(cloud, dataclasses.replace(MVTEC, behind=True))

    assert np.array_equal(mask_of(behind), small)
    assert mask_of(remove_background(cloud, MVTEC)).sum() == large.sum() - 1


def test_millimetres_give_the_same_part_as_metres():
    cloud, _, _ = scene()
    millimetres = dataclasses.replace(cloud, points=cloud.points * 1000)

    part = remove_background(millimetres, MVTEC, metre=1000)

    assert np.array_equal(part.pixels, remove_background(cloud, MVTEC).pixels)


def test_dense_and_thinned_clouds_have_the_same_clusters(monkeypatch):
    cloud, _, _ = scene()
    usual = remove_background(cloud, MVTEC)
    monkeypatch.setattr("inspector.data.clouds.background.DETAIL", 1000)  # every point for itself

    exact = remove_background(cloud, MVTEC)

    assert np.array_equal(usual.pixels, exact.pixels)


@pytest.mark.parametrize("far", [3e38, 1e12, 1e6, 11.0])
def test_a_few_wild_points_leave_the_part_as_it_is(far):
    cloud, _, _ = scene()
    usual = remove_background(cloud, MVTEC)
    points = cloud.points.copy()
    places = np.searchsorted(cloud.pixels, [5, 60 * 160 + 61, 70 * 160 + 70])
    points[places] = [[far, 0, -far], [0, 0, far], [far, far, far]]
    wild = dataclasses.replace(cloud, points=points)

    part = remove_background(wild, MVTEC)

    assert wild.extent == pytest.approx(cloud.extent, rel=0.01)
    assert np.array_equal(part.pixels, np.setdiff1d(usual.pixels, cloud.pixels[places]))


def test_cloud_of_a_planets_size_is_refused():
    cloud, _, _ = scene()

    with pytest.raises(InputError, match=r"^scene\.tiff is \d+e\+\d+ m wide, which no part is; check its unit"):
        remove_background(dataclasses.replace(cloud, points=cloud.points * np.float32(1e20)), MVTEC)


def test_noise_that_fills_the_space_takes_larger_places(monkeypatch):
    monkeypatch.setattr("inspector.data.clouds.background.MOST_PAIRS", 1e5)
    cloud, large, small = scene()

    shown = mask_of(remove_background(cloud, MVTEC))

    assert (shown & large).sum() > 0.95 * large.sum()
    assert not (shown & small).any()


def test_a_long_line_is_resized_without_its_square():
    line = Cloud(np.ones((300_000, 3), np.float32), np.arange(300_000), (1, 300_000))
    padded = pad_cloud(line, Frame.around((1, 300_000)))

    with pytest.raises(InputError, match="has no point left at 224 x 224 pixels"):
        resize_cloud(padded, (224, 224))


def test_same_cloud_gives_the_same_part():
    cloud, _, _ = scene(noise=0.003)

    assert np.array_equal(remove_background(cloud, MVTEC).pixels, remove_background(cloud, MVTEC).pixels)


def test_table_alone_leaves_nothing():
    rows, cols = np.mgrid[:60, :60] / 1000
    table = np.stack([cols, rows, np.full_like(rows, 0.5)], axis=2).reshape(-1, 3).astype(np.float32)

    with pytest.raises(InputError, match=r"^a\.tiff is all background by the recipe; switch"):
        remove_background(Cloud(table, np.arange(3600), (60, 60), name="a.tiff"), MVTEC)


def test_clean_cloud_has_no_border():
    cloud, large, _ = scene()
    clean = select_points(cloud, np.flatnonzero(large.flat[cloud.pixels]))

    with pytest.raises(InputError, match=r"^scene\.tiff has only 0 points at its border.*; switch background"):
        remove_background(clean, MVTEC)


def test_cloud_without_pixels_has_no_border():
    cloud = Cloud(np.ones((100, 3), np.float32), name="a.ply")

    with pytest.raises(InputError, match=r"^a\.ply has no pixel grid"):
        remove_background(cloud, MVTEC)


def test_wrong_arguments_of_background_removal_are_rejected():
    cloud, _, _ = scene()

    with pytest.raises(ValueError, match="positive length"):
        remove_background(cloud, MVTEC, metre=0)
    with pytest.raises(ValueError, match=r"expected a photo of \(120, 160\), but got None"):
        remove_background(cloud, EYECANDIES)
    with pytest.raises(ValueError, match=r"but got \(160, 120\)"):
        remove_background(cloud, EYECANDIES, photo=np.zeros((160, 120), np.uint8))


def test_only_dropped_pixels_turn_black():
    before = select_points(grid(2, 3), np.array([0, 1, 2, 4]))
    after = select_points(before, np.array([1, 3]))
    photo = np.full((2, 3, 3), 9, np.uint8)

    blackened = blacken(photo, before, after)

    assert blackened[..., 0].tolist() == [[0, 9, 0], [9, 9, 9]]
    assert (photo == 9).all()


def test_photo_of_another_size_is_rejected():
    with pytest.raises(ValueError, match=r"clouds of \(3, 2\), but got \(2, 3\)"):
        blacken(np.zeros((3, 2, 3), np.uint8), grid(2, 3), grid(2, 3))


def test_photo_and_cloud_move_alike():
    frame, cloud = Frame.around((3, 5)), select_points(grid(3, 5), np.array([0, 7, 14]))

    padded = pad_cloud(cloud, frame)

    assert padded.size == (5, 5)
    assert np.array_equal(padded.points, cloud.points)
    assert np.array_equal(mask_of(padded), frame.pad(mask_of(cloud)))


def test_clouds_of_other_sizes_do_not_fit_the_frame():
    with pytest.raises(ValueError, match=r"\(3, 5\), but got \(5, 3\)"):
        pad_cloud(grid(5, 3), Frame.around((3, 5)))


def test_resizing_takes_the_nearest_pixel():
    resized = resize_cloud(grid(4, 4), (2, 2))

    assert resized.points[:, :2].tolist() == [[0, 0], [0, 2], [2, 0], [2, 2]]
    assert resized.pixels.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("size", [(7, 5), (3, 11), (10, 9), (20, 4)])
def test_resizing_is_that_of_torch(size):
    cloud = select_points(grid(10, 9), np.flatnonzero(np.random.default_rng(0).random(90) < 0.6))
    dense = np.zeros((90, 3), np.float32)
    dense[cloud.pixels] = cloud.points
    image = torch.from_numpy(dense.reshape(1, 10, 9, 3)).permute(0, 3, 1, 2)

    resized = resize_cloud(cloud, size)

    expected = torch.nn.functional.interpolate(image, size=size, mode="nearest")[0].permute(1, 2, 0).numpy()
    result = np.zeros((*size, 3), np.float32)
    result.reshape(-1, 3)[resized.pixels] = resized.points
    assert np.array_equal(result, expected)


def test_normals_stay_with_their_points():
    cloud = dataclasses.replace(grid(4, 4), normals=grid(4, 4).points)

    for changed in (
        resize_cloud(cloud, (3, 5)),
        select_points(cloud, np.array([2, 9])),
        pad_cloud(cloud, Frame.around((4, 4))),
    ):
        assert np.array_equal(changed.normals, changed.points)


def test_resizing_to_nothing():
    only_last = select_points(grid(4, 4), np.array([15]))

    with pytest.raises(InputError, match=r"^grid\.tiff has no point left at 2 x 2 pixels"):
        resize_cloud(only_last, (2, 2))
    with pytest.raises(ValueError, match="organised cloud"):
        resize_cloud(Cloud(np.ones((1, 3), np.float32)), (2, 2))


def test_unit_sphere_is_centred_and_touched():
    cloud = Cloud(np.array([[100, 0, 0], [104, 0, 0], [102, 1, 0], [102, -1, 0]], np.float32))

    points = to_unit_sphere(cloud).points

    assert points.tolist() == [[-1, 0, 0], [1, 0, 0], [0, 0.5, 0], [0, -0.5, 0]]


def test_one_place_stays_at_the_origin():
    assert to_unit_sphere(Cloud(np.full((3, 3), 5, np.float32))).points.tolist() == [[0, 0, 0]] * 3
