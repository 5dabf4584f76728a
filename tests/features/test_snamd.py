import math
from pathlib import Path

import numpy as np
import pytest
import torch

from inspector.features.aggregation import snamd_grid, snamd_points
from tests.features import literal

GOLDEN = Path(__file__).parents[1] / "data" / "muscv2_3d.npz"
HALF = 2e-3  # the published results are rounded to half precision


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("layer", range(3))
def test_published_grid(layer):
    golden = np.load(GOLDEN)
    tokens = torch.from_numpy(golden["tokens"][layer, :, 1:]).unflatten(1, (12, 12))

    result = snamd_grid(tokens, (1, 3, 5))

    assert np.allclose(result, golden["snamd_2d"][:, :, layer], rtol=0, atol=HALF)


@pytest.mark.parametrize("layer", range(3))
def test_published_points(layer):
    golden = {name: torch.from_numpy(values) for name, values in np.load(GOLDEN).items()}

    result = [
        snamd_points(tokens, centers.T, curvature, (1, 3, 5))
        for tokens, centers, curvature in zip(
            golden["point_tokens"][layer], golden["centers"], golden["curvature"], strict=True
        )
    ]

    assert torch.allclose(torch.stack(result), golden["snamd_3d"][:, :, layer], rtol=0, atol=HALF)


def test_two_patches_by_hand():
    # Channels (value, 1 - value); in a 3 x 3 window: itself, the other at distance sqrt 2, seven zeros at distance 1.
    tokens = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]]]])

    result = snamd_grid(tokens, (3,))

    first = torch.tensor([1.0, math.exp(-math.sqrt(2))])
    assert torch.allclose(result[0, 0], first / first.norm())


@pytest.mark.parametrize("degrees", [(1, 3, 5), (3,), (1,), (5, 1), (3, 3, 1)])
@pytest.mark.parametrize("grid", [(4, 7), (1, 1), (6, 2)])
def test_grid_equal_to_the_literal_version(grid, degrees):
    tokens = random(2, *grid, 5)

    result = snamd_grid(tokens, degrees)

    assert torch.allclose(result, literal.snamd_grid(tokens, degrees), atol=1e-6)


def test_degree_1_only_normalises():
    tokens = random(2, 3, 4, 5)

    result = snamd_grid(tokens, (1,))

    assert torch.allclose(result, torch.nn.functional.normalize(tokens.flatten(1, 2), dim=-1))


def test_half_precision_tokens_are_computed_in_float32():
    tokens = random(1, 3, 4, 5).half()

    assert torch.equal(snamd_grid(tokens, (1, 3)), snamd_grid(tokens.float(), (1, 3)))


def test_images_do_not_influence_each_other():
    tokens = random(3, 4, 4, 5)

    assert torch.equal(snamd_grid(tokens, (1, 3, 5))[1:2], snamd_grid(tokens[1:2], (1, 3, 5)))


def test_equal_tokens_of_a_flat_cloud_stay_as_they_are():
    tokens = torch.tensor([[3.0, 4.0]]).repeat(6, 1)

    result = snamd_points(tokens, random(6, 3), torch.zeros(6), (1,))

    assert torch.allclose(result, torch.tensor([[0.6, 0.8]]).repeat(6, 1))


def test_degrees_are_pooled_one_after_the_other():
    tokens, place = torch.tensor([[3.0, 4.0]]), torch.zeros(1, 3)

    flat = snamd_points(tokens, place, torch.tensor([0.0]), (1, 3, 5))
    rough = snamd_points(tokens, place, torch.tensor([0.01]), (1, 3, 5))

    assert torch.allclose(flat, torch.tensor([[2 / 3, 2.2 / 3]]))
    assert torch.allclose(rough, torch.tensor([[0.6, 0.8]]))


@pytest.mark.parametrize("degrees", [(1, 3, 5), (2,), (5, 1), (1, 40)])
def test_points_equal_to_the_literal_version(degrees):
    tokens, centers, curvature = random(20, 6), random(20, 3, seed=1), torch.rand(20) * 0.02

    result = snamd_points(tokens, centers, curvature, degrees)

    expected = literal.snamd_points(tokens, centers, curvature, degrees)
    assert torch.allclose(result, expected, atol=1e-6)


def test_order_of_groups_does_not_matter():
    tokens, centers, curvature = random(20, 6), random(20, 3, seed=1), torch.rand(20) * 0.02
    order = torch.randperm(20)

    result = snamd_points(tokens, centers, curvature, (1, 3, 5))

    shuffled = snamd_points(tokens[order], centers[order], curvature[order], (1, 3, 5))
    assert torch.allclose(shuffled, result[order], atol=1e-6)


def test_groups_at_one_place_each_start_from_their_own_token():
    tokens = torch.eye(3)

    result = snamd_points(tokens, torch.zeros(3, 3), torch.zeros(3), (1,))

    assert torch.equal(result, tokens)


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_not_finite_is_rejected(value):
    tokens = random(6, 4)
    tokens[2, 3] = value

    with pytest.raises(ValueError, match="finite"):
        snamd_points(tokens, random(6, 3), torch.zeros(6), (1, 3))
    with pytest.raises(ValueError, match="finite"):
        snamd_grid(tokens.view(1, 2, 3, 4), (1, 3))


def test_wrong_arguments_are_rejected():
    with pytest.raises(ValueError, match=r"odd positive degrees, but got \(1, 2\)"):
        snamd_grid(random(1, 2, 2, 3), (1, 2))
    with pytest.raises(ValueError, match="odd positive degrees"):
        snamd_grid(random(1, 2, 2, 3), ())
    with pytest.raises(ValueError, match=r"\(N, rows, cols, C\), but got \(2, 3\)"):
        snamd_grid(random(2, 3), (1,))
    with pytest.raises(ValueError, match="positive degrees"):
        snamd_points(random(2, 3), random(2, 3), torch.zeros(2), (0,))
    with pytest.raises(ValueError, match=r"\(2, 3\), \(3, 3\) and \(2,\)"):
        snamd_points(random(2, 3), random(3, 3), torch.zeros(2), (1,))
