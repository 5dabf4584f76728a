from pathlib import Path

import numpy as np
import pytest
import torch

from inspector.errors import InputError
from inspector.features.point_groups import PointGroups, farthest_point_sampling, group_points
from tests.features import literal

GOLDEN = Path(__file__).parents[1] / "data" / "muscv2_3d.npz"


def golden_clouds() -> list[torch.Tensor]:
    clouds = torch.from_numpy(np.load(GOLDEN)["clouds"]).flatten(1, 2)
    return [cloud[(cloud != 0).any(dim=1)] for cloud in clouds]


def bent_sheet(count: int = 600, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.rand(2, count, generator=generator)
    return torch.stack([x, y, (3 * (x - 0.5).relu()).square()], dim=1)


def test_line_is_sampled_from_its_first_point_to_the_farthest():
    line = torch.tensor([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [10, 0, 0]])

    assert farthest_point_sampling(line, 3).tolist() == [0, 3, 2]


def test_line_is_flat_and_its_group_the_nearest_points():
    line = torch.tensor([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [10, 0, 0]])

    groups = group_points(line, groups=1, size=3, step=1)

    assert groups.members.tolist() == [[0, 1, 2]]
    assert groups.curvature.tolist() == [0.0]


def test_growth_takes_a_point_once_for_each_member_it_is_near_to():
    # Two corners of a small tetrahedron start the group; point 2 is the nearest to both of them.
    points = torch.tensor([[0, 0, 0], [1, 0, 0], [0.5, 0.9, 0], [0.5, 0.3, 1.2], [5, 5, 5]])

    published = group_points(points, groups=1, size=4, step=2, flat=0.0)
    unique = group_points(points, groups=1, size=4, step=2, flat=0.0, unique=True)

    assert published.members.tolist() == [[0, 1, 2, 2]]
    assert unique.members.tolist() == [[0, 1, 2, 3]]


@pytest.mark.parametrize("sample", range(7))
def test_published_groups(sample):
    golden = np.load(GOLDEN)

    groups = group_points(golden_clouds()[sample], groups=64, size=24, step=15)

    assert np.array_equal(groups.center_index, golden["center_index"][sample])
    assert np.array_equal(groups.members, golden["group_index"][sample])
    assert np.allclose(groups.curvature, golden["curvature"][sample], atol=1e-6)


@pytest.mark.parametrize(("size", "step"), [(24, 15), (24, 24), (24, 5), (30, 7), (3, 1)], ids=lambda value: str(value))
def test_equal_to_the_literal_version(size, step):
    points = bent_sheet()

    groups = group_points(points, groups=40, size=size, step=step)

    centers, members, curvature = literal.group_points(points, groups=40, size=size, step=step)
    assert groups.center_index.tolist() == centers
    assert groups.members.tolist() == members
    assert torch.allclose(groups.curvature, torch.tensor(curvature), atol=1e-6)


def test_flat_and_rough_groups_both_occur_in_the_sheet():
    curvature = group_points(bent_sheet(), groups=40, size=24, step=15).curvature

    assert 0 < int((curvature < 0.01).sum()) < 40


def test_unit_does_not_matter():
    points = bent_sheet()

    metres = group_points(points, groups=40, size=24, step=15)
    scaled = group_points(points * 1024, groups=40, size=24, step=15)

    assert torch.equal(metres.members, scaled.members)
    assert torch.allclose(metres.curvature, scaled.curvature, atol=1e-6)


def test_chunks_do_not_matter(monkeypatch):
    whole = group_points(bent_sheet(), groups=40, size=24, step=5)
    monkeypatch.setattr("inspector.features.point_groups.CHUNK_VALUES", 1)

    chunked = group_points(bent_sheet(), groups=40, size=24, step=5)

    assert torch.equal(whole.members, chunked.members)


def test_unique_groups_hold_no_point_twice():
    groups = group_points(bent_sheet(), groups=40, size=24, step=5, unique=True)

    assert all(len(set(row)) == 24 for row in groups.members.tolist())
    assert (groups.members == groups.center_index[:, None]).any(dim=1).all()


def test_argument_is_left_as_it_was():
    points = bent_sheet()

    group_points(points, groups=4, size=24, step=5)

    assert torch.equal(points, bent_sheet())


def test_one_group_of_all_points():
    groups = group_points(bent_sheet(24), groups=1, size=24, step=24)

    assert groups.members.tolist() == [list(range(24))]


def test_coinciding_points_are_flat_groups_of_point_0():
    groups = group_points(torch.ones(30, 3), groups=5, size=24, step=15)

    assert groups.center_index.tolist() == [0] * 5
    assert groups.curvature.tolist() == [0.0] * 5
    assert groups.members.shape == (5, 24)


def test_duplicated_points_are_kept_and_grouped():
    points = bent_sheet(100).repeat(2, 1)

    groups = group_points(points, groups=20, size=24, step=15)

    assert (groups.members == groups.center_index[:, None]).any(dim=1).all()
    assert groups.curvature.isfinite().all()


@pytest.mark.parametrize(("count", "groups", "size"), [(23, 1, 24), (0, 1, 24), (30, 31, 24)])
def test_too_few_points_name_the_need_and_the_remedy(count, groups, size):
    with pytest.raises(InputError, match=rf"only {count} points.*at least {max(groups, size)}; choose fewer"):
        group_points(torch.rand(count, 3), groups=groups, size=size, step=15)


def test_too_few_points_to_sample():
    with pytest.raises(InputError, match="only 2 points"):
        farthest_point_sampling(torch.rand(2, 3), 3)


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_holes_are_rejected(value):
    points = bent_sheet()
    points[7, 1] = value

    with pytest.raises(ValueError, match="finite"):
        group_points(points, groups=4, size=24, step=15)


@pytest.mark.parametrize(
    "change", [{"groups": 0}, {"size": 1, "step": 1}, {"step": 0}, {"step": 25}], ids=lambda value: str(value)
)
def test_sizes_out_of_range_are_rejected(change):
    with pytest.raises(ValueError, match="expected groups >= 1"):
        group_points(bent_sheet(), **{"groups": 4, "size": 24, "step": 15, **change})


def test_wrong_shape_is_rejected():
    with pytest.raises(ValueError, match=r"\(M, 3\), but got \(5, 2\)"):
        group_points(torch.rand(5, 2))
    with pytest.raises(ValueError, match="at least one group"):
        farthest_point_sampling(torch.rand(5, 3), 0)
    with pytest.raises(ValueError, match="for 3 centres"):
        PointGroups(torch.zeros(3), torch.zeros(2, 4), torch.zeros(3))


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_groups_are_the_same_on_the_device():
    here = group_points(bent_sheet(), groups=40, size=24, step=15)

    there = group_points(bent_sheet().cuda(), groups=40, size=24, step=15)

    assert there.members.device.type == "cuda"
    assert torch.equal(there.members.cpu(), here.members)
