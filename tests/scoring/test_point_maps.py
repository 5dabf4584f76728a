from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter

from inspector.scoring.maps import _make_box, point_maps, point_scores
from tests.scoring import literal

GOLDEN = Path(__file__).parents[1] / "data" / "muscv2_3d.npz"


def golden_inputs() -> tuple[torch.Tensor, torch.Tensor, list[torch.Tensor], list[torch.Tensor]]:
    golden = {name: torch.from_numpy(values) for name, values in np.load(GOLDEN).items()}
    clouds = golden["clouds"].flatten(1, 2)
    pixels = [(cloud != 0).any(dim=1).nonzero().flatten() for cloud in clouds]
    points = [cloud[places] for cloud, places in zip(clouds, pixels, strict=True)]
    return golden["map3d_group"], golden["centers"].mT, points, pixels


def contested(points: torch.Tensor, centers: torch.Tensor) -> torch.Tensor:
    """Points whose third and fourth nearest centre are equally near to four digits: either may be taken."""
    nearest = torch.cdist(points.double(), centers.double()).sort(dim=1).values
    return nearest[:, 3] - nearest[:, 2] < 1e-4 * nearest[:, 2]


def test_published_maps_before_the_blur():
    inputs = golden_inputs()

    maps = point_maps(*inputs, (96, 96), blur=0).flatten(1)

    expected = torch.from_numpy(np.load(GOLDEN)["map3d_96_unblurred"]).flatten(1)
    undecided = torch.zeros_like(maps, dtype=torch.bool)
    for row, centers, points, pixels in zip(undecided, *inputs[1:], strict=True):
        row[pixels] = contested(points, centers)
    assert undecided.sum() < 20
    assert torch.allclose(maps[~undecided], expected[~undecided], rtol=0, atol=1e-4)
    assert torch.allclose(maps, expected, rtol=0, atol=2e-3)


def test_published_maps():
    maps = point_maps(*golden_inputs(), (96, 96))

    golden = np.load(GOLDEN)
    tolerance = 0.01 * golden["map3d_96_unblurred"].max(axis=(1, 2), keepdims=True)
    assert (np.abs(maps.numpy() - golden["map3d_96"]) < tolerance).all()


def test_score_between_two_centres_by_hand():
    centers = torch.tensor([[0.0, 0, 0], [3, 0, 0]])

    scores = point_scores(torch.tensor([0.0, 1.0]), centers, torch.tensor([[1.0, 0, 0], [1.5, 9, 0], [3, 0, 0]]))

    assert torch.allclose(scores, torch.tensor([0.2, 0.5, 1.0]))


def test_point_takes_the_pixel_it_is_given():
    maps = point_maps(
        [torch.tensor([2.0])], [torch.zeros(1, 3)], [torch.ones(2, 3)], [torch.tensor([1, 5])], (2, 4), blur=0
    )

    assert maps.tolist() == [[[0, 2, 0, 0], [0, 2, 0, 0]]]


@pytest.mark.parametrize("groups", [1, 2, 3, 20])
def test_equal_to_the_literal_version(groups):
    generator = torch.Generator().manual_seed(groups)
    centers, points = torch.rand(groups, 3, generator=generator), torch.rand(50, 3, generator=generator)
    points[:groups] = centers
    scores = torch.rand(groups, generator=generator)

    assert torch.allclose(point_scores(scores, centers, points), literal.point_scores(scores, centers, points))


def test_clouds_of_a_batch_may_differ_in_points():
    scores, centers, points, pixels = golden_inputs()

    alone = point_maps(scores[3:4], centers[3:4], points[3:4], pixels[3:4], (96, 96))

    together = point_maps(scores, centers, points, pixels, (96, 96))
    assert torch.allclose(alone[0], together[3], atol=1e-6)


def test_unit_and_place_do_not_matter():
    scores, centers, points, _ = golden_inputs()

    metres = point_scores(scores[0], centers[0], points[0])

    assert torch.allclose(point_scores(scores[0], centers[0] * 1024, points[0] * 1024), metres)


def test_blur_is_that_of_pillow_to_its_8_bits():
    row, col = np.mgrid[:60, :90]
    plane = (np.hypot(row - 20, col - 70) < 15) * 255.0
    pixels = torch.arange(60 * 90)
    points = torch.stack([pixels // 90, pixels % 90, 0 * pixels], dim=1).float()

    blurred = point_maps([torch.from_numpy(plane.flatten())], [points], [points], [pixels], (60, 90))[0]

    expected = np.asarray(Image.fromarray(plane.astype(np.uint8)).filter(ImageFilter.GaussianBlur(4)))
    assert np.abs(blurred.numpy() - expected).max() < 3


@pytest.mark.parametrize("blur", [0.3, 1.0, 4.0, 7.5])
def test_blur_keeps_sums_and_variance(blur):
    pixels = torch.arange(81 * 81)
    points = torch.stack([pixels // 81, pixels % 81, 0 * pixels], dim=1).double()
    scores = (pixels == 40 * 81 + 40).double()

    blurred = point_maps([scores], [points], [points], [pixels], (81, 81), blur=blur)[0]

    variance = float((blurred.sum(dim=1) * (torch.arange(81) - 40) ** 2).sum())
    assert float(blurred.sum()) == pytest.approx(1)
    assert variance == pytest.approx(blur**2)


def test_ends_of_the_box_weigh_less_than_its_middle_and_no_less_than_nothing():
    for deviation in np.linspace(0.1, 9, 2000):
        end, *middle, other = _make_box(float(deviation))

        assert -1e-12 <= end == other < middle[0]
        assert middle == [middle[0]] * len(middle)


def test_empty_cloud_gives_an_empty_map():
    maps = point_maps(
        [torch.ones(1)], [torch.zeros(1, 3)], [torch.zeros(0, 3)], [torch.zeros(0, dtype=torch.int64)], (5, 6)
    )

    assert torch.equal(maps, torch.zeros(1, 5, 6))


@pytest.mark.parametrize("place", range(3))
def test_not_finite_is_rejected(place):
    inputs = [torch.rand(4), torch.rand(4, 3), torch.rand(9, 3)]
    inputs[place].view(-1)[1] = torch.nan

    with pytest.raises(ValueError, match="finite"):
        point_scores(*inputs)


def test_wrong_arguments_are_rejected():
    one = torch.rand(1, 3)
    with pytest.raises(ValueError, match=r"but got \(4,\), \(5, 3\) and \(9, 3\)"):
        point_scores(torch.rand(4), torch.rand(5, 3), torch.rand(9, 3))
    with pytest.raises(ValueError, match=r"but got \(4,\), \(4, 3\) and \(9, 2\)"):
        point_scores(torch.rand(4), torch.rand(4, 3), torch.rand(9, 2))
    with pytest.raises(ValueError, match=r"but got \(4, 1\), \(4, 3\) and \(9, 3\)"):
        point_scores(torch.rand(4, 1), torch.rand(4, 3), torch.rand(9, 3))
    with pytest.raises(ValueError, match="2 x 3 map, but some lie outside"):
        point_maps([torch.rand(1)], [one], [one], [torch.tensor([6])], (2, 3))
    with pytest.raises(ValueError, match=r"expected 1 pixels, one of each point, but got \(2,\)"):
        point_maps([torch.rand(1)], [one], [one], [torch.tensor([0, 1])], (2, 3))
    with pytest.raises(ValueError, match="shorter"):
        point_maps([torch.rand(1)] * 2, [one], [one], [torch.tensor([0])], (2, 3))
