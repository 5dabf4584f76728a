"""FPFH by hand, and against Open3D's."""

import numpy as np
import pytest

from inspector.features import fpfh
from inspector.features.fpfh import fpfh_histograms


def make_surface(count: int = 600) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    flat = random.random((count, 2))
    points = np.column_stack([flat, 0.2 * np.sin(5 * flat[:, 0])])
    normals = np.column_stack([-np.cos(5 * flat[:, 0]), 0.2 * random.standard_normal(count), np.ones(count)])
    return points, normals / np.linalg.norm(normals, axis=1, keepdims=True)


def test_plane_fills_the_middle_bins():
    points = np.stack([*np.meshgrid(np.arange(4.0), np.arange(4.0)), np.zeros((4, 4))], axis=2).reshape(-1, 3)

    found = fpfh_histograms(points, np.tile([0.0, 0, 1], (16, 1)), 1.5, 100)

    assert np.flatnonzero(found.sum(axis=0)).tolist() == [5, 16, 27]
    np.testing.assert_allclose(found[:, [5, 16, 27]], 200)


def test_two_points_by_hand():
    """The normal at (1, 0, 0) leans by 60 degrees along the line: the frame is there, the line points back."""
    points, lean = np.array([[0.0, 0, 0], [1, 0, 0]]), np.pi / 3
    normals = np.array([[0, 0, 1.0], [np.sin(lean), 0, np.cos(lean)]])

    found = fpfh_histograms(points, normals, 2.0, 100)

    # theta = 60 of -180..180 degrees, alpha = 0, phi = cos 150 degrees = -0.87
    assert [row.nonzero()[0].tolist() for row in found] == [[7, 11 + 5, 22 + 0]] * 2
    np.testing.assert_allclose(found[found > 0], 200)


@pytest.mark.parametrize("most", [100, 12])
@pytest.mark.parametrize("radius", [0.05, 0.15])
def test_equals_open3d(radius, most):
    o3d = pytest.importorskip("open3d")
    points, normals = make_surface()
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points))
    cloud.normals = o3d.utility.Vector3dVector(normals)
    search = o3d.geometry.KDTreeSearchParamHybrid(radius, most)
    expected = np.array(o3d.pipelines.registration.compute_fpfh_feature(cloud, search, range(len(points))).data).T

    np.testing.assert_allclose(fpfh_histograms(points, normals, radius, most), expected, atol=1e-9)


def test_chunks_do_not_matter(monkeypatch):
    points, normals = make_surface()
    whole = fpfh_histograms(points, normals, 0.1, 100)

    monkeypatch.setattr(fpfh, "ROWS", 7)

    assert np.array_equal(fpfh_histograms(points, normals, 0.1, 100), whole)


def test_a_point_without_neighbours_and_normals_along_the_line():
    points = np.array([[0.0, 0, 0], [1, 0, 0], [9, 0, 0]])

    found = fpfh_histograms(points, np.tile([1.0, 0, 0], (3, 1)), 2.0, 100)

    assert np.isfinite(found).all()
    assert not found[2].any()
    assert found[0].sum() == pytest.approx(600)
