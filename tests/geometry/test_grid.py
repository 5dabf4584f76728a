import numpy as np
import pytest
import torch

from inspector.geometry.grid import limit_size, map_scale, patches_of, stretch_map
from inspector.scoring.maps import grid_maps


@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor])
def test_patches_of_pixels(kind):
    assert patches_of(kind([5, 10]), (2, 2), 4).tolist() == [0, 3]
    assert patches_of(kind([0, 9, 10, 29]), (3, 2), (3, 10)).tolist() == [0, 1, 2, 5]
    assert patches_of(kind([6]), (2, 2), (3, 3)).tolist() == [2]
    assert patches_of(kind([]), (2, 2), 4).tolist() == []


@pytest.mark.parametrize("pixel", [-1, 4])
def test_pixels_outside_the_image_are_refused(pixel):
    with pytest.raises(ValueError, match="2 x 2 image, but some lie outside"):
        patches_of(torch.tensor([0, pixel]), (2, 2), 2)


@pytest.mark.parametrize("alignment", ["centres", "corners"])
@pytest.mark.parametrize(("grid", "size"), [((4, 4), (30, 70)), ((1, 3), (5, 9)), ((1, 1), (2, 2)), ((3, 2), (1, 1))])
def test_stretching_equals_the_engines_maps(grid, size, alignment):
    scores = torch.rand(1, grid[0] * grid[1], generator=torch.Generator().manual_seed(0))

    stretched = stretch_map(scores.view(grid).numpy(), size, alignment)

    np.testing.assert_allclose(stretched, grid_maps(scores, grid, size, alignment)[0].numpy(), atol=1e-6)


@pytest.mark.parametrize("patch", [(0, 0), (0, 5), (3, 0), (3, 5), (1, 4)])
def test_marked_patch_lands_on_its_pixels_on_a_photo_that_is_not_square(patch):
    anomaly_map = np.zeros((4, 6), np.float32)
    anomaly_map[patch] = 1

    stretched = stretch_map(anomaly_map, (44, 198))  # patches of 11 x 33 pixels
    on_corners = stretch_map(anomaly_map, (40, 201), "corners")

    assert stretched[11 * patch[0] + 5, 33 * patch[1] + 16] == stretched.max() == 1
    rows, cols = np.nonzero(stretched == 1)  # from the outermost centres to the edge it is as hot
    assert len(np.unique(rows)) == (1 if 0 < patch[0] < 3 else 6)
    assert len(np.unique(cols)) == (1 if 0 < patch[1] < 5 else 17)
    assert np.unravel_index(on_corners.argmax(), on_corners.shape) == (13 * patch[0], 40 * patch[1])


def test_what_lies_beyond_the_outermost_centres_is_like_them():
    assert stretch_map(np.array([[0, 1]], np.float32), (1, 8)).tolist() == [[0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]]


def test_limited_size_keeps_proportions():
    assert limit_size((100, 200), 1536) == (100, 200)
    assert limit_size((3072, 1536), 1536) == (1536, 768)
    assert limit_size((1, 4000), 100) == (1, 100)


def test_scale_of_a_map_is_edge_to_edge():
    assert map_scale((100, 300), (10, 20)) == (15, 10)
    assert map_scale((5, 9), (1, 5)) == (1.8, 5)
