import pytest
import torch

from inspector.features.aggregation import lnamd
from tests.features import literal


def grid_tokens(golden_2d):
    return torch.from_numpy(golden_2d["tokens"])[:, :, 1:].reshape(3, 7, 12, 12, 48)


@pytest.mark.parametrize("degree", [1, 3, 5])
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_equals_published_values(golden_2d, degree, layer):
    expected = torch.from_numpy(golden_2d[f"lnamd_r{degree}"])[:, :, layer]

    result = lnamd(grid_tokens(golden_2d)[layer], degree)

    torch.testing.assert_close(result, expected, atol=1e-4, rtol=1e-4)


def test_two_patches_by_hand():
    tokens = torch.tensor([1.0, 3.0]).view(1, 1, 2, 1)

    alone, averaged = lnamd(tokens, 1), lnamd(tokens, 3)

    torch.testing.assert_close(alone.flatten(), torch.tensor([-1.0, 1.0]))
    torch.testing.assert_close(averaged.flatten(), torch.zeros(2))


@pytest.mark.parametrize("shape", [(2, 1, 1, 4), (3, 2, 5, 6), (1, 4, 3, 2)])
@pytest.mark.parametrize("degree", [1, 3, 5])
def test_equals_literal_version(shape, degree):
    tokens = torch.randn(shape, generator=torch.Generator().manual_seed(1))

    torch.testing.assert_close(lnamd(tokens, degree), literal.lnamd(tokens, degree), atol=1e-5, rtol=1e-5)


def test_scale_of_tokens_does_not_matter():
    tokens = torch.randn(2, 4, 4, 8, generator=torch.Generator().manual_seed(2))

    torch.testing.assert_close(lnamd(tokens * 50, 3), lnamd(tokens, 3), atol=1e-4, rtol=1e-4)


def test_half_precision_tokens_give_float32():
    assert lnamd(torch.randn(1, 2, 2, 3).half(), 3).dtype == torch.float32


def test_uniform_image_gives_zeros_not_nan():
    assert lnamd(torch.full((1, 3, 3, 4), 7.0), 3).abs().max() == 0


def test_tokens_stay_as_they_are():
    tokens = torch.ones(1, 2, 2, 3)

    lnamd(tokens, 3)

    assert torch.equal(tokens, torch.ones(1, 2, 2, 3))


def test_refuses_even_degree():
    with pytest.raises(ValueError, match="odd positive degree, but got 2"):
        lnamd(torch.zeros(1, 2, 2, 3), 2)


def test_refuses_flat_tokens():
    with pytest.raises(ValueError, match=r"\(N, rows, cols, C\), but got \(2, 4, 3\)"):
        lnamd(torch.zeros(2, 4, 3), 1)
