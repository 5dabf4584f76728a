"""Which regions of a map count."""

import numpy as np
import pytest
from scipy import ndimage

from inspector.decision.regions import Region, RegionRule, defect_regions, level_regions


@pytest.fixture
def plane():
    """A hot value, and a square of 3 x 3 that is less hot."""
    values = np.zeros((10, 10), np.float32)
    values[1, 1] = 5.0
    values[5:8, 5:8] = 2.0
    return values


@pytest.mark.parametrize(
    ("rule", "pixels", "peaks"),
    [
        (RegionRule(), 1, [5.0, 2.0]),
        (RegionRule(area=4), 1, [2.0]),
        (RegionRule(area=9), 1, [2.0]),
        (RegionRule(area=10), 1, []),
        (RegionRule(area=4), 4, [5.0, 2.0]),  # a value is 4 pixels of the photo
        (RegionRule(strength=2.5), 1, [5.0]),
        (RegionRule(strength=2.0), 1, [5.0, 2.0]),
        (RegionRule(area=4, strength=2.5), 1, []),
        (RegionRule(area=0.3, mm_per_pixel=0.2), 1, [2.0]),  # 9 pixels are 0.36 mm², one is 0.04
        (RegionRule(area=0.4, mm_per_pixel=0.2), 1, []),
    ],
)
def test_small_and_weak_regions_do_not_count(plane, rule, pixels, peaks):
    before = plane.copy()

    left = level_regions(plane, 1.0, rule, pixels)

    assert [region.peak for region in defect_regions(left, 1.0)] == peaks
    np.testing.assert_array_equal(plane, before)
    np.testing.assert_array_equal(left[plane <= 1], plane[plane <= 1])


def test_strength_is_measured_by_the_threshold_and_what_does_not_count_comes_down_to_it(plane):
    left = level_regions(plane, 1.5, RegionRule(strength=1.5))

    assert [region.peak for region in defect_regions(left, 1.5)] == [5.0]
    np.testing.assert_array_equal(left[5:8, 5:8], np.full((3, 3), 1.5))
    assert RegionRule(strength=3).counts(2.0, 9, 0.5)


def test_what_lies_at_the_threshold_adds_nothing_to_an_area():
    row = np.array([[3.0, 1.0, 0.0]], np.float32)

    assert defect_regions(level_regions(row, 1.0, RegionRule(area=2)), 1.0) == []


def test_without_a_rule_the_map_stays_itself(plane):
    assert level_regions(plane, 1.0, RegionRule()) is plane


def test_areas_are_told_in_the_unit_that_is_known():
    assert RegionRule().say_area(120) == "120 px"
    assert RegionRule(mm_per_pixel=0.02).say_area(120) == "0.048 mm²"
    assert RegionRule(mm_per_pixel=0.5).say_area(49380) == "12345 mm²"
    assert RegionRule(mm_per_pixel=0.05).to_mm2(3226) == 8.065
    assert RegionRule().to_mm2(5) is None


def test_runs_of_before_count_all_regions():
    assert RegionRule.of({"phases": 1}) == RegionRule()
    assert RegionRule.of({"min_region_area": 3.0, "min_region_strength": 2.0, "mm_per_pixel": 0.1}) == RegionRule(
        3, 2, 0.1
    )


def list_regions(plane, threshold):
    """Do what `defect_regions` does, one label after the other."""
    labels, count = ndimage.label(plane > threshold, np.ones((3, 3)))
    regions = []
    for index in range(1, count + 1):
        rows, cols = np.nonzero(labels == index)
        place = int(np.argmax(plane[rows, cols]))
        size = (int(np.ptp(cols)) + 1, int(np.ptp(rows)) + 1, len(rows))
        peak = (float(plane[rows[place], cols[place]]), int(cols[place]), int(rows[place]))
        regions.append(Region(int(cols.min()), int(rows.min()), *size, *peak))
    return regions


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (24, 31)])
@pytest.mark.parametrize("threshold", [-1.0, 0.3, 0.55, 0.8, 2.0])
def test_regions_touch_lie_within_each_other_and_reach_the_edge(size, threshold):
    plane = np.random.default_rng(3).random(size, np.float32)

    assert set(defect_regions(plane, threshold)) == set(list_regions(plane, threshold))


def test_a_region_within_the_hole_of_another_is_one_of_its_own():
    ring = np.ones((9, 9), np.float32)
    ring[1:8, 1:8] = 0
    ring[4, 4] = 3

    assert [(region.x, region.area) for region in defect_regions(ring, 0.5)] == [(4, 1), (0, 32)]
    left = level_regions(ring, 0.5, RegionRule(area=2))
    assert (left[4, 4], left[0, 0]) == (0.5, 1)
