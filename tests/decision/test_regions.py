"""Which regions of a map count."""

import numpy as np
import pytest

from inspector.decision.regions import RegionRule, defect_regions, level_regions


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


def test_without_a_rule_the_map_stays_itself(plane):
    assert level_regions(plane, 1.0, RegionRule()) is plane


def test_areas_are_told_in_the_unit_that_is_known():
    assert RegionRule().say_area(120) == "120 px"
    assert RegionRule(mm_per_pixel=0.02).say_area(120) == "0.048 mm²"
    assert RegionRule().to_mm2(5) is None


def test_runs_of_before_count_all_regions():
    assert RegionRule.of({"phases": 1}) == RegionRule()
    assert RegionRule.of({"min_region_area": 3.0, "min_region_strength": 2.0, "mm_per_pixel": 0.1}) == RegionRule(
        3, 2, 0.1
    )
