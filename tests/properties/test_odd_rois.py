"""Whatever stands in the file of a region of interest, it is read, or refused in one sentence that names the file."""

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from inspector.data.roi_files import read_roi
from inspector.errors import SettingsError
from inspector.recipes import Recipe, unpack_roi
from tests.properties.mutations import mutate

SEED: dict[str, Any] = {
    "type": "FeatureCollection",
    "unit": "pixels",
    "width": 80,
    "height": 60,
    "features": [
        {"properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[5, 5], [40, 5], [40, 30]], [[9, 9]] * 3]}},
        {"properties": {"use": "ignore"}, "geometry": {"type": "Rectangle", "coordinates": [[0, 0], [9.5, 9]]}},
        {"properties": {"width": 3}, "geometry": {"type": "LineString", "coordinates": [[50, 5], [60, 40]]}},
        {"properties": None, "geometry": {"type": "MultiPolygon", "coordinates": [[[[1, 2], [3, 4], [5, 0]]]]}},
    ],
}

DEEP: Any = []
for _ in range(400):
    DEEP = [DEEP]

ODD = st.one_of(
    st.sampled_from(
        [None, True, False, [], {}, "", "x", "\0\n", [[]], {"use": []}, DEEP, "fractions", "ignore", "9" * 999]
    ),
    st.sampled_from([0, -1, 1, 10**400, -(10**400), 1e308, -1e308, 5e-324, 1e9, 100_000, float("nan"), float("inf")]),
    st.floats(),
    st.integers(),
)

TRIED = settings(
    max_examples=80,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def list_places(values: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to everything in nested lists and dictionaries."""
    keys = values if isinstance(values, dict) else range(len(values)) if isinstance(values, list) else ()
    return [found for key in keys for found in ((*path, key), *list_places(values[key], (*path, key)))]


def put(values: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """Return a copy with something else in one place."""
    changed = copy.deepcopy(values)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return changed


PLACES = list_places(SEED)


def require_read_or_told(path: Path) -> None:
    """Read a file; what is refused must be told as people can read it."""
    try:
        read_roi(path)
    except SettingsError as error:
        told = str(error)
        assert path.name in told
        assert told.isprintable()
        assert len(told) < 600


@TRIED
@given(st.sampled_from(PLACES), ODD, st.sampled_from(PLACES), ODD)
def test_odd_values_are_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, first: Any, odd: Any, second: Any, more: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "odd roi.json"
    values = put(SEED, first, odd)
    changed = put(values, second, more) if second in list_places(values) else values
    path.write_text(json.dumps(changed))

    require_read_or_told(path)


@TRIED
@given(st.randoms(use_true_random=False))
def test_damaged_shapes_are_read_or_told(tmp_path_factory: pytest.TempPathFactory, random: Random) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged roi.json"
    path.write_bytes(mutate(json.dumps(SEED).encode(), random))

    require_read_or_told(path)


def test_what_json_does_not_have_is_told_of_a_recipe() -> None:
    roi = Recipe.make({"name": "lid", "roi": {"features": [{1, 2}]}}).roi
    assert roi is not None

    with pytest.raises(SettingsError, match="region of interest of the recipe is damaged"):
        unpack_roi(roi)
