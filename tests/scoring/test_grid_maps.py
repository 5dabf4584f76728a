import pytest
import torch

from inspector.scoring.maps import grid_maps, image_scores
from tests.scoring import literal


def test_equals_published_values(golden_2d):
    scores = torch.from_numpy(golden_2d["map_patch"])

    maps = grid_maps(scores, (12, 12), (112, 112), "corners")

    torch.testing.assert_close(maps, torch.from_numpy(golden_2d["map_112"]).double(), atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(maps.amax(dim=(1, 2)), torch.from_numpy(golden_2d["score_raw"]), atol=1e-4, rtol=1e-4)


def test_few_pixels_by_hand():
    scores = torch.tensor([[0.0, 1.0]])
    assert grid_maps(scores, (1, 2), (1, 3), "corners").tolist() == [[[0.0, 0.5, 1.0]]]
    assert grid_maps(scores, (1, 2), (1, 4)).tolist() == [[[0.0, 0.25, 0.75, 1.0]]]


@pytest.mark.parametrize(
    ("grid", "size"), [((2, 3), (5, 4)), ((3, 2), (9, 7)), ((1, 1), (3, 3)), ((4, 1), (4, 6)), ((3, 3), (1, 1))]
)
def test_equals_literal_version(grid, size):
    scores = torch.rand(2, grid[0] * grid[1], generator=torch.Generator().manual_seed(0))

    for alignment in ("centres", "corners"):
        expected = literal.grid_maps(scores, grid, size, alignment)
        torch.testing.assert_close(grid_maps(scores, grid, size, alignment), expected)


def test_corners_keep_their_values_on_a_grid_that_is_not_square():
    scores = torch.arange(6.0)[None]

    (result,) = grid_maps(scores, (2, 3), (20, 90))

    assert [float(result[row, col]) for row, col in ((0, 0), (0, -1), (-1, 0), (-1, -1))] == [0, 2, 3, 5]


def test_wrong_grid_is_refused():
    with pytest.raises(ValueError, match=r"\(N, 6\), but got \(1, 5\)"):
        grid_maps(torch.zeros(1, 5), (2, 3), (4, 4))


@pytest.mark.parametrize(("share", "expected"), [(0.0, 4.0), (0.25, 4.0), (0.5, 3.5), (1.0, 2.5)])
def test_image_score_is_the_mean_of_the_highest_values(share, expected):
    assert image_scores(torch.tensor([[[1.0, 4.0], [3.0, 2.0]]]), share=share).tolist() == [expected]


def test_image_score_is_the_highest_value_as_published():
    assert image_scores(torch.tensor([[[1.0, 2.0], [3.0, 4.0]]])).tolist() == [4.0]
