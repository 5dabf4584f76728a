"""Files of regions of interest: a picture whose white is looked at, or shapes as GeoJSON writes them."""

import json
from pathlib import Path
from typing import Any

from inspector.data.masks import read_mask
from inspector.data.photos import read_bytes
from inspector.errors import InputError, SettingsError, say_why
from inspector.geometry.roi import Drawing, Roi, Shape, Use
from inspector.places import is_folder

JSON_SUFFIXES = {".json", ".geojson"}

MOST_PLACES = 100_000
"""Of all shapes together."""

MOST_PLACE = 1e9
"""Of a coordinate, either way, and of the width of a brush."""

MOST_BYTES = 50_000_000
"""Of a file of shapes."""

MOST_CROSSINGS = 1000
"""Borders that a row of the mask may cross on average: of a drawing by hand some ten; time grows with their square."""

MOST_SIDE = 100_000
"""Of the photo, in pixels."""


def read_roi(path: str | Path) -> Roi:
    """Read a region of interest: shapes from `.json` and `.geojson`, else a picture: white is looked at, black is not.

    Raises:
        SettingsError: the file cannot be read or understood, or what it says covers nothing or everything.
    """
    path = Path(path)
    if is_folder(path):
        raise SettingsError(f"the region of interest {path} is a folder; name a file in it")
    if path.suffix.lower() in JSON_SUFFIXES:
        roi = read_drawing(path).to_roi()
    else:
        try:
            mask = read_mask(path)
        except InputError as error:
            raise SettingsError(f"the region of interest {path} cannot be read: {_say_reason(error)}") from error
        roi = Roi(mask, (mask.shape[0], mask.shape[1]))
    if roi.mask.all() or not roi.mask.any():
        what = "everything, as if there were none" if roi.mask.all() else "nothing"
        raise SettingsError(f"the region of interest {path} covers {what}; draw it anew, or leave out `roi`")
    return roi


def read_drawing(path: str | Path) -> Drawing:
    """Read the shapes of a region of interest.

    Raises:
        SettingsError: the file cannot be read or understood.
    """
    try:
        content = read_bytes(path)
        if len(content) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES} bytes")
        return parse_drawing(json.loads(content))
    except (InputError, ValueError, RecursionError) as error:  # wrong encoding and wrong JSON are ValueErrors
        told = f"the region of interest {path} cannot be read: {_say_reason(error)}"
        raise SettingsError(f"{told}; see docs/files.md") from error


def _say_reason(error: Exception) -> str:
    """Return why a file cannot be read, without saying again that it cannot."""
    return say_why(error).rpartition("cannot be read: ")[2]


def parse_drawing(values: Any) -> Drawing:
    """Read shapes from what JSON holds.

    Args:
        values: as `to_geojson` writes them.

    Raises:
        ValueError: something else; it says what was expected.
    """
    if not isinstance(values, dict) or not isinstance(values.get("features"), list):
        raise ValueError('expected {"features": [..]}')
    unit = values.get("unit", "pixels")
    if unit not in ("pixels", "fractions"):
        raise ValueError(f'expected "unit" pixels or fractions, but got {unit!r:.40}')
    sides = [values.get("height"), values.get("width")]
    size = None
    if sides != [None, None]:
        if not all(type(side) is int and 1 <= side <= MOST_SIDE for side in sides):
            raise ValueError('"width" and "height" are whole numbers: the size of the photo in pixels')
        size = (values["height"], values["width"])
    elif unit == "pixels":
        raise ValueError('places in pixels need the "width" and "height" of the photo')
    shapes = tuple(shape for feature in values["features"] for shape in _parse_feature(feature))
    if sum(len(line) for shape in shapes for line in shape.lines) > MOST_PLACES:
        raise ValueError(f"more than {MOST_PLACES} places")
    drawing = Drawing(shapes, size, "fractions" if unit == "fractions" else "pixels")
    if drawing.count_crossings() > MOST_CROSSINGS:
        raise ValueError("its shapes have too many borders; draw them with fewer places, or as a picture")
    return drawing


def to_geojson(drawing: Drawing) -> dict[str, Any]:
    """Return shapes as values that JSON holds, as GeoJSON has them."""
    size = {} if drawing.size is None else {"width": drawing.size[1], "height": drawing.size[0]}
    features = []
    for shape in drawing.shapes:
        lines = [[list(place) for place in line] for line in shape.lines]
        geometry: dict[str, Any] = {"type": "Polygon", "coordinates": lines}
        properties: dict[str, Any] = {"use": shape.use}
        if shape.width:
            geometry = {"type": "MultiLineString", "coordinates": lines}
            properties["width"] = shape.width
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "unit": drawing.unit, **size, "features": features}


def _parse_feature(feature: Any) -> list[Shape]:
    if not isinstance(feature, dict) or not isinstance(geometry := feature.get("geometry"), dict):
        raise ValueError('each of "features" has a "geometry"')
    properties = feature.get("properties")
    if not isinstance(properties := {} if properties is None else properties, dict):
        raise ValueError('the "properties" of a feature are names with values')
    use: Use = properties.get("use", "include")
    if use not in ("include", "ignore"):
        raise ValueError(f'expected "use" include or ignore, but got {use!r:.40}')
    kind, given = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        return [_make_polygon(use, given)]
    if kind == "MultiPolygon":
        return [_make_polygon(use, each) for each in _take_list(given)]
    if kind == "Rectangle":
        (left, top), (right, bottom) = _take_line(given, 2, 2)
        return [Shape(use, (((left, top), (right, top), (right, bottom), (left, bottom)),))]
    if kind in ("LineString", "MultiLineString"):
        width = _take_number(properties.get("width"))
        if width <= 0:
            raise ValueError('the "width" of a line is above 0')
        lines = [given] if kind == "LineString" else _take_list(given)
        return [Shape(use, tuple(_take_line(line, 1) for line in lines), width)]
    raise ValueError(f"expected a Polygon, Rectangle or LineString, but got {kind!r:.40}")


def _make_polygon(use: Use, given: Any) -> Shape:
    return Shape(use, tuple(_take_line(line, 3) for line in _take_list(given)))


def _take_list(given: Any) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise ValueError('"coordinates" are lists of places')
    return given


def _take_line(given: Any, least: int, most: int = MOST_PLACES) -> tuple[tuple[float, float], ...]:
    places = _take_list(given)
    if not least <= len(places) <= most or not all(isinstance(place, list) and len(place) >= 2 for place in places):
        raise ValueError(f"expected a line of at least {least} places [x, y]")
    return tuple((_take_number(place[0]), _take_number(place[1])) for place in places)


def _take_number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not abs(given) <= MOST_PLACE:
        raise ValueError(f"expected a number, but got {given!r:.40}")
    return float(given)
