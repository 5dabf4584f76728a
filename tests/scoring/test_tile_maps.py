"""Scores of tiles -> one map of the photo."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from inspector.data.photos import cut_tiles
from inspector.scoring.maps import tile_maps
from tests.scoring import literal


def test_one_tile_is_its_grid():
    scores = torch.rand(2, 12)

    assert torch.equal(tile_maps(scores, (3, 4), (1, 1)), scores.view(2, 3, 4))


@pytest.mark.parametrize("tiles", [(2, 2), (3, 3), (1, 3)])
@pytest.mark.parametrize("grid", [(4, 4), (9, 16), (37, 37)])
def test_equal_scores_give_an_equal_map(tiles, grid):
    value = 0.3137

    maps = tile_maps(torch.full((2, tiles[0] * tiles[1] * grid[0] * grid[1]), value), grid, tiles)

    assert maps.dtype == torch.float32
    assert (maps == torch.tensor(value)).all()


@pytest.mark.parametrize(("tiles", "grid"), [((2, 2), (8, 8)), ((2, 2), (9, 16)), ((3, 3), (10, 8)), ((2, 3), (8, 9))])
def test_equals_literal_version(tiles, grid):
    scores = torch.rand(2, tiles[0] * tiles[1] * grid[0] * grid[1], generator=torch.Generator().manual_seed(0))

    for alignment in ("centres", "corners"):
        maps = tile_maps(scores, grid, tiles, alignment)

        expected = literal.tile_maps(scores, grid, tiles, maps.shape[1:], alignment)
        torch.testing.assert_close(maps, expected)


@pytest.mark.parametrize("tiles", [(2, 2), (3, 3), (2, 5), (3, 1)])
@pytest.mark.parametrize("size", [(448, 300), (123, 457)])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_ramp_across_a_photo_comes_back_as_the_ramp(tiles, size, axis):
    levels = np.linspace(0, 255, size[axis])
    photo = np.broadcast_to(levels[:, None, None] if axis == 0 else levels[:, None], (*size, 3))

    squares = torch.from_numpy(cut_tiles(photo.round().astype(np.uint8), tiles, 64))[..., 0].float()
    patches = F.avg_pool2d(squares, 8).view(1, -1)  # 8 x 8 patches a tile
    (found,) = tile_maps(patches, (8, 8), tiles)

    half = 0.5 / (8 * (1 + 0.75 * (tiles[axis] - 1)))  # a patch, as a share of the photo
    pixels = torch.linspace(half, 1 - half, found.shape[axis]) * size[axis] - 0.5
    expected = pixels * 255 / (size[axis] - 1)
    expected = expected[:, None] if axis == 0 else expected
    torch.testing.assert_close(found, expected.expand_as(found), rtol=0, atol=1)


def test_a_peak_keeps_its_height_and_place():
    for tile, row, col, place in [(0, 5, 7, (5, 7)), (1, 5, 7, (5, 19)), (2, 8, 4, (20, 4)), (3, 15, 15, (27, 27))]:
        planes = torch.zeros(4, 16, 16)
        planes[tile, row, col] = 1

        (found,) = tile_maps(planes.view(1, -1), (16, 16), (2, 2))

        assert found.shape == (28, 28)
        assert found[place] == 1
        assert found.sum() == 1


def test_on_corners_each_patch_has_a_value_of_its_own():
    """The second of two tiles of nine patches begins 6.75 patches on: there are four values a patch."""
    patches = torch.zeros(1, 2, 9)
    patches[0, 1, 8] = 1

    (found,) = tile_maps(patches.view(1, -1), (1, 9), (1, 2), "corners")

    assert found.shape == (1, 4 * (8 + 6.75) + 1)
    assert found.argmax() == found.numel() - 1


def test_wrong_number_of_scores_is_refused():
    with pytest.raises(ValueError, match=r"\(N, 36\), but got \(1, 9\)"):
        tile_maps(torch.zeros(1, 9), (3, 3), (2, 2))
