import numpy as np
import open3d as o3d
import pytest
import torch
import torch.nn.functional as F

from inspector.errors import InputError
from inspector.features.point_groups import PointGroups, group_points
from inspector.features.point_mae import PointMAE
from inspector.features.point_tokens import fpfh_tokens, load_point_feature, point_mae_tokens
from inspector.scoring.mutual import mutual_scores


def dome(seed: int = 0, dent: bool = False) -> torch.Tensor:
    """About 2800 points of a dome seen by a camera that looks along +z, noise 0.001."""
    row, col = np.mgrid[:60, :60] / 30 - 1
    height = 3 - np.sqrt(np.clip(2 - row**2 - col**2, 0, None))
    if dent:
        height += 0.15 * np.clip(1 - (np.hypot(row - 0.3, col) / 0.2) ** 2, 0, None)
    noise = np.random.default_rng(seed).normal(0, 0.001, (60, 60, 3))
    points = (np.stack([col, row, height], axis=2) + noise)[np.hypot(row, col) < 0.95]
    return torch.from_numpy(points).float()


def grouped(points: torch.Tensor, groups: int = 60) -> PointGroups:
    return group_points(points, groups=groups, size=32, step=20)


def test_shape_and_length():
    tokens = fpfh_tokens(dome(), grouped(dome()))

    assert tokens.shape == (1, 60, 99)
    assert tokens.dtype == torch.float32
    assert torch.allclose(tokens.norm(dim=2), torch.ones(1, 60), atol=1e-5)
    assert torch.allclose(tokens[..., :33].norm(dim=2), torch.full((1, 60), 3**-0.5), atol=1e-5)


def test_smallest_radius_is_the_plain_histogram_averaged_over_the_group():
    points = dome()
    groups = grouped(points)
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points.double().numpy()))
    spacing = float(np.median(np.asarray(cloud.compute_nearest_neighbor_distance())))
    cloud.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(30))
    cloud.orient_normals_towards_camera_location([0.0, 0.0, -1e6])
    search = o3d.geometry.KDTreeSearchParamRadius(4 * spacing)
    histograms = o3d.pipelines.registration.compute_fpfh_feature(cloud, search, None).data

    tokens = fpfh_tokens(points, groups)

    for group, members in enumerate(groups.members.tolist()):
        mean = torch.from_numpy(histograms[:, members].mean(axis=1)).float()
        expected = F.normalize(mean, dim=0) * 3**-0.5
        assert torch.allclose(tokens[0, group, :33], expected, atol=1e-5)


def test_unit_and_place_do_not_matter():
    points = dome()
    groups = grouped(points)

    tokens = fpfh_tokens(points, groups)

    assert torch.allclose(fpfh_tokens(points * 1024, groups), tokens, atol=1e-4)
    assert torch.allclose(fpfh_tokens(points + 1, groups), tokens, atol=2e-2)


def test_given_normals_are_used_whatever_their_length():
    points = dome()
    groups = grouped(points)
    normals = points - torch.tensor([0.0, 0, 3])

    outward = fpfh_tokens(points, groups, normals)

    assert torch.allclose(fpfh_tokens(points, groups, normals * 5), outward, atol=1e-6)
    assert not torch.allclose(fpfh_tokens(points, groups, -normals), outward, atol=1e-2)


def test_dent_scores_highest():
    clouds = [dome(seed, dent=seed == 2) for seed in range(5)]
    groups = [grouped(points, 100) for points in clouds]

    tokens = torch.cat([fpfh_tokens(*pair) for pair in zip(clouds, groups, strict=True)])
    scores = mutual_scores(tokens)

    sample, group = divmod(int(scores.argmax()), 100)
    center = clouds[sample][groups[sample].center_index[group]]
    assert sample == 2
    assert float((center[:2] - torch.tensor([0, 0.3])).norm()) < 0.3


def test_duplicated_points_are_described():
    points = dome().repeat(2, 1)

    tokens = fpfh_tokens(points, grouped(points))

    assert tokens.isfinite().all()


def test_coinciding_points_are_refused():
    points = torch.ones(40, 3)

    with pytest.raises(InputError, match="at one place; check the export"):
        fpfh_tokens(points, grouped(points, 2))


@pytest.mark.parametrize("far", [1e4, 1e12, 1e30])
def test_wild_points_are_described_or_refused(far):
    points = dome()
    points[3] = far
    groups = grouped(dome(), 10)

    if far < 1e6:
        assert fpfh_tokens(points, groups).isfinite().all()
    else:
        with pytest.raises(InputError, match="a few points of the cloud lie so far away"):
            fpfh_tokens(points, groups)


@pytest.mark.parametrize("count", [2, 3, 50])
def test_points_in_a_line_are_described(count):
    points = torch.arange(count).float()[:, None] * torch.tensor([1.0, 2, 0])
    groups = group_points(points, groups=1, size=2, step=1)

    assert fpfh_tokens(points, groups).isfinite().all()


@pytest.mark.parametrize("given", [False, True])
def test_not_finite_is_rejected(given):
    points, groups = dome(), grouped(dome())
    normals = torch.ones_like(points)
    (normals if given else points)[3, 1] = torch.nan

    with pytest.raises(ValueError, match="finite"):
        fpfh_tokens(points, groups, normals)


def test_wrong_shapes_are_rejected():
    with pytest.raises(ValueError, match=r"but got \(\d+, 3\), \(5, 3\)"):
        fpfh_tokens(dome(), grouped(dome()), torch.ones(5, 3))


def test_features_by_name(tmp_path):
    points = dome()
    groups = grouped(points)
    torch.save(PointMAE().state_dict(), tmp_path / "weights.pth")

    fpfh, _ = load_point_feature("fpfh", None)
    point_mae, _ = load_point_feature("point-mae", tmp_path / "weights.pth")

    assert torch.equal(fpfh(points, groups, None), fpfh_tokens(points, groups))
    assert point_mae(points, groups, None).shape == (3, 60, 384)


def test_point_mae_sees_groups_relative_to_their_centres():
    points = dome()
    groups = grouped(points)
    model = PointMAE().eval()
    relative = points[groups.members] - points[groups.center_index][:, None]

    tokens = point_mae_tokens(model)(points, groups, None)

    with torch.inference_mode():
        expected = model(relative[None], points[groups.center_index][None])[:, 0]
    assert torch.allclose(tokens, expected, atol=1e-6)
