"""Where tiles lie, what they show, and how their patches share the values of one map."""

from itertools import pairwise

import numpy as np
import pytest

from inspector.data.photos import cut_tiles, fit_photo
from inspector.geometry.tiles import blend_weights, map_length, tile_boxes


def photo(height: int, width: int):
    return np.random.default_rng(height).integers(0, 256, (height, width, 3)).astype(np.uint8)


def ramp(tiles: int, patches: int):
    """Where the patches of all tiles lie, in patches, (T x P,)."""
    return (np.arange(tiles)[:, None] * patches * 3 / 4 + np.arange(patches)).ravel()


def test_one_tile_is_the_photo():
    assert tile_boxes((5, 8), (1, 1)) == [(0, 0, 8, 5)]


def test_two_tiles_by_hand():
    assert tile_boxes((7, 14), (2, 2)) == [(0, 0, 8, 4), (6, 0, 14, 4), (0, 3, 8, 7), (6, 3, 14, 7)]


def test_three_tiles_by_hand():
    boxes = tile_boxes((10, 5), (3, 3))

    assert [box[0::2] for box in boxes[:3]] == [(0, 2), (1.5, 3.5), (3, 5)]
    assert [box[1::2] for box in boxes[::3]] == [(0, 4), (3, 7), (6, 10)]


@pytest.mark.parametrize("tiles", [1, 2, 3, 5, 16])
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (97, 101), (333, 1000)])
def test_tiles_cover_the_photo_with_a_quarter_in_common(size, tiles):
    boxes = tile_boxes(size, (tiles, tiles))

    assert len(boxes) == tiles**2
    assert boxes[0][:2] == (0, 0)
    assert boxes[-1][2:] == (size[1], size[0])
    for first, second in pairwise(boxes[:tiles]):  # of the first row
        assert first[2] - second[0] == pytest.approx((first[2] - first[0]) / 4)
    for first, second in pairwise(boxes[::tiles]):  # of the first column
        assert first[3] - second[1] == pytest.approx((first[3] - first[1]) / 4)


@pytest.mark.parametrize("size", [(64, 80), (1, 1), (3, 500)])
def test_one_tile_is_the_network_input(size):
    pixels = photo(*size)

    assert np.array_equal(cut_tiles(pixels, (1, 1), 64), fit_photo(pixels, 64)[None])


def test_tiles_show_their_part_of_the_photo():
    pixels = photo(56, 112)

    tiles = cut_tiles(pixels, (2, 2), 32)

    assert tiles.shape == (4, 32, 32, 3)
    alone = fit_photo(pixels[24:, 48:], 32)
    inner = (slice(3, None), slice(3, None))  # at inner borders the filter sees what lies beyond
    assert np.array_equal(tiles[3][inner], alone[inner])
    assert not np.array_equal(tiles[3], alone)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (2, 2)])
def test_photos_of_few_pixels_give_all_tiles(size):
    pixels = np.full((*size, 3), 77, np.uint8)

    assert np.array_equal(cut_tiles(pixels, (3, 3), 32), np.full((9, 32, 32, 3), 77))


@pytest.mark.parametrize(
    ("tiles", "patches", "centres", "corners"),
    [
        (1, 16, 16, 16),
        (1, 1, 1, 1),
        (1, 37, 37, 37),
        (2, 16, 28, 28),
        (3, 16, 40, 40),
        (2, 4, 7, 7),
        (2, 14, 2 * 49, 2 * 23 + 2),
        (2, 37, 4 * 64 + 3, 4 * 63 + 4),
    ],
)
def test_length_of_the_map(tiles, patches, centres, corners):
    assert map_length(tiles, patches) == centres
    assert map_length(tiles, patches, "corners") == corners


def place_values(tiles: int, patches: int, length: int, alignment: str) -> np.ndarray:
    """Where the values of a map lie, in patches, 0 = the centre of the first one."""
    last = ramp(tiles, patches)[-1]
    return (
        np.linspace(0, last, length)
        if alignment == "corners"
        else (np.arange(length) + 0.5) * (last + 1) / length - 0.5
    )


@pytest.mark.parametrize(("alignment", "reach"), [("centres", 0.125), ("corners", 1e-9)])
@pytest.mark.parametrize("patches", [4, 8, 13, 14, 16, 37])
@pytest.mark.parametrize("tiles", [1, 2, 3, 5])
def test_each_patch_has_a_value_of_its_own(tiles, patches, alignment, reach):
    places = place_values(tiles, patches, map_length(tiles, patches, alignment), alignment)

    off = np.abs(ramp(tiles, patches)[:, None] - places).min(axis=1).max()
    assert off <= (reach if tiles > 1 and patches % 4 else 1e-9) + 1e-9


def test_two_phases_take_four_values_a_patch():
    assert map_length(1, 16, phases=2) == 64
    assert map_length(2, 14, phases=2) == 98


def test_one_tile_is_linear_between_its_patches():
    for alignment in ("centres", "corners"):
        assert np.array_equal(blend_weights(1, 2, 3, alignment), [[1, 0], [0.5, 0.5], [0, 1]])
        assert np.array_equal(blend_weights(1, 16, 16, alignment), np.eye(16))
    assert np.array_equal(blend_weights(1, 2, 4), [[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 1]])


def test_patches_of_a_moved_photo_lie_where_they_were_before():
    # Moved half a patch to the lower right: patch i has its centre at i patches, of which 4 values span one.
    weights = blend_weights(1, 4, 16, shift=0.5)

    centres = weights.T @ (np.arange(16) + 0.5) / weights.sum(axis=0) / 4
    assert np.allclose(centres[1:3], [1, 2])
    assert np.allclose(weights[:5, 0], [0.875, 0.625, 0.375, 0.125, 0])
    assert np.allclose(weights[12:, 3], 1)


def test_overlap_by_hand():
    weights = blend_weights(2, 8, 14)  # the second tile begins 6 patches on: two patches in common

    assert np.allclose(weights[:6], np.eye(14, 16)[:6])
    assert np.allclose(weights[6], np.eye(16)[6])  # the first patch of the second tile counts nothing yet
    assert np.allclose(weights[7], np.eye(16)[9])  # the last of the first tile nothing any more
    assert np.allclose(weights[8:], np.eye(16)[10:])


def test_wider_overlap_by_hand():
    weights = blend_weights(2, 16, 28)  # 12 patches on: four in common, three steps

    expected = np.zeros((4, 32))
    for step in range(4):
        expected[step, 12 + step] = 1 - step / 3
        expected[step, 16 + step] = step / 3
    assert np.allclose(weights[12:16], expected)


@pytest.mark.parametrize("patches", [1, 2, 3, 4, 5, 8, 16, 37])
@pytest.mark.parametrize("tiles", [1, 2, 3, 5])
@pytest.mark.parametrize("length", [None, 1, 2, 100])
def test_weights_sum_to_one(tiles, patches, length):
    weights = blend_weights(tiles, patches, length or map_length(tiles, patches))

    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize("alignment", ["centres", "corners"])
@pytest.mark.parametrize("patches", [8, 13, 16, 37])
@pytest.mark.parametrize("tiles", [1, 2, 3, 5])
def test_a_ramp_comes_back_as_the_ramp(tiles, patches, alignment):
    values = ramp(tiles, patches)

    for length in (map_length(tiles, patches, alignment), 333):
        expected = np.clip(place_values(tiles, patches, length, alignment), 0, values[-1])
        found = blend_weights(tiles, patches, length, alignment) @ values
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("patches", [2, 3, 4, 5, 8, 16, 37])
def test_tiles_that_disagree_make_no_jump(patches):
    values = np.repeat([0.0, 1.0, 0.0], patches)
    length = 100 * map_length(3, patches)

    steps = np.abs(np.diff(blend_weights(3, patches, length) @ values))

    patch = length / (ramp(3, patches)[-1] + 1)  # width of a patch, in values of the map
    assert steps.max() <= 1.01 / (patch * max(1, patches / 4 - 1))
