"""Files of regions of interest."""

import functools
import json

import numpy as np
import pytest
from PIL import Image

from inspector.data.roi_files import parse_drawing, read_drawing, read_roi, to_geojson
from inspector.errors import SettingsError
from inspector.geometry.roi import Drawing, Shape
from tests.properties.mutations import repair_png

NAN = float("nan")
LINE = {"type": "LineString", "coordinates": [[1, 2], [30, 40]]}
POLYGON = {"type": "Polygon", "coordinates": [[[10, 10], [50, 10], [50, 30]]]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features, **more):
    return {"type": "FeatureCollection", "width": 100, "height": 50, "features": list(features), **more}


@pytest.fixture
def write(tmp_path):
    def save(values):
        file = tmp_path / "roi.json"
        file.write_text(values if isinstance(values, str) else json.dumps(values))
        return file

    return save


def test_white_of_a_picture_is_looked_at(tmp_path):
    pixels = np.zeros((40, 60), np.uint8)
    pixels[10:20, 30:] = 255
    Image.fromarray(pixels).save(tmp_path / "roi.png")

    roi = read_roi(tmp_path / "roi.png")

    assert roi.size == (40, 60)
    np.testing.assert_array_equal(roi.mask, pixels > 0)


def test_every_kind_of_shape_is_read(write):
    rectangle = {"type": "Rectangle", "coordinates": [[0, 0], [20, 10]]}
    line = {"type": "LineString", "coordinates": [[5, 5], [9, 9]]}
    many = {"type": "MultiPolygon", "coordinates": [POLYGON["coordinates"], POLYGON["coordinates"]]}

    drawing = read_drawing(write(collection(feature(rectangle), feature(line, use="ignore", width=3), feature(many))))

    assert drawing.size == (50, 100)
    assert drawing.shapes[0] == Shape("include", (((0, 0), (20, 0), (20, 10), (0, 10)),))
    assert drawing.shapes[1] == Shape("ignore", (((5, 5), (9, 9)),), 3.0)
    assert len(drawing.shapes) == 4


def test_what_is_written_is_read_again():
    shapes = (Shape("include", (((1.0, 2.0), (3.5, 4.0), (5.0, 0.0)),)), Shape("ignore", (((1.0, 1.0),),), 2.5))
    for drawing in (Drawing(shapes, (50, 100)), Drawing(shapes, None, "fractions")):
        assert parse_drawing(json.loads(json.dumps(to_geojson(drawing)))) == drawing


def test_fractions_go_with_photos_of_any_size(write):
    shape = {"type": "Rectangle", "coordinates": [[0, 0], [0.5, 1]]}

    roi = read_roi(write({"unit": "fractions", "features": [feature(shape)]}))

    assert roi.size is None
    assert roi.contains(np.array([(0.4, 0.9), (0.6, 0.1)])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ("{", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ([], 'expected {"features"'),
        ({"features": [feature(POLYGON)]}, 'need the "width" and "height"'),
        (collection(feature(POLYGON), width=-1), "whole numbers"),
        (collection(feature(POLYGON), width="x"), "whole numbers"),
        (collection(feature(POLYGON), unit="mm"), 'expected "unit" pixels or fractions'),
        (collection({}), 'has a "geometry"'),
        (collection(feature(POLYGON, use="maybe")), 'expected "use"'),
        (collection(feature({"type": "Circle"})), "expected a Polygon"),
        (collection(feature({"type": "Polygon", "coordinates": [[[1, 2]]]})), "at least 3 places"),
        (collection(feature({"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, "a"]]]})), "expected a number"),
        (collection(feature({"type": "Rectangle", "coordinates": [[1, 2]]})), "at least 2 places"),
        (collection(feature({"type": "LineString", "coordinates": [[1, 2]]})), "expected a number"),
        (collection(feature({"type": "LineString", "coordinates": [[1, 2]]}, width=0)), "above 0"),
        ("", "cannot be read"),
        ("\0" * 9, "cannot be read"),
        (collection(feature(POLYGON), height=True), "whole numbers"),
        (collection({"geometry": POLYGON, "properties": [1]}), 'the "properties"'),
        (collection({"geometry": {**LINE, "type": "MultiLineString"}, "properties": [1]}), 'the "properties"'),
        (
            collection(feature({"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 10**400]]]})),
            "expected a number",
        ),
        (collection(feature({"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 1e300]]]})), "expected a number"),
        (collection(feature({"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, NAN]]]})), "expected a number"),
        (collection(feature(LINE, width=10**400)), "expected a number"),
        (collection(feature(LINE, width=-NAN)), "expected a number"),
        (collection(feature(LINE, width=10**8)), "covers everything"),
        (collection(feature(LINE, width=10**8, use="ignore")), "covers nothing"),
        (collection(feature({"type": "Polygon", "coordinates": [[[0, 9], [9, 0]] * 5000]})), "too many borders"),
        (collection(*[feature({"type": "LineString", "coordinates": [[5, 5]]}, width=90)] * 9000), "too many borders"),
        (collection(unit=functools.reduce(lambda inner, _: [inner], range(900), "x")), 'expected "unit"'),
        (collection(), "covers everything"),
        (collection(feature({"type": "Rectangle", "coordinates": [[0, 0], [100, 50]]})), "covers everything"),
        (collection(feature({"type": "Rectangle", "coordinates": [[200, 90], [300, 95]]})), "covers nothing"),
    ],
)
def test_what_cannot_be_used_is_told(write, values, told):
    with pytest.raises(SettingsError) as raised:
        read_roi(write(values))

    assert told in str(raised.value)
    assert "roi.json" in str(raised.value)


def test_a_file_of_shapes_is_not_too_large(write, monkeypatch):
    monkeypatch.setattr("inspector.data.roi_files.MOST_BYTES", 100)

    with pytest.raises(SettingsError, match=r"roi.json cannot be read: more than 100 bytes"):
        read_roi(write(collection(feature(POLYGON))))


def test_wide_brushes_are_drawn_far_beyond_the_photo(write):
    line = feature({"type": "LineString", "coordinates": [[-100, 25], [-101, 25]]}, width=300, use="ignore")

    roi = read_roi(write(collection(line)))

    assert roi.contains(np.array([(0.2, 0.5), (0.8, 0.5)])).tolist() == [False, True]


def test_pictures_of_many_kinds_are_read_alike(tmp_path):
    white = np.zeros((40, 60), bool)
    white[10:20, 30:] = True
    layer = np.zeros((40, 60, 4), np.uint8)
    layer[white] = 255
    opaque = np.dstack([np.where(white[..., None], 255, 0).repeat(3, 2), np.full((40, 60), 255)]).astype(np.uint8)
    for number, pixels in enumerate((white, white.astype(np.uint16) * 65535, layer, opaque)):
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")

        np.testing.assert_array_equal(read_roi(tmp_path / f"{number}.png").mask, white)


def test_a_picture_that_is_none_and_a_folder_are_told(tmp_path):
    (tmp_path / "roi.png").write_bytes(b"")
    (tmp_path / "roi").mkdir()
    huge = tmp_path / "huge.png"
    Image.new("1", (300, 200)).save(huge)
    sizes = [side.to_bytes(4) for side in (300, 200, 30_000, 20_000)]
    huge.write_bytes(repair_png(huge.read_bytes().replace(sizes[0] + sizes[1], sizes[2] + sizes[3])))

    for file, told in (
        (tmp_path / "roi.png", "cannot be read"),
        (tmp_path / "roi", "is a folder"),
        (huge, "30000 x 20000"),
    ):
        with pytest.raises(SettingsError, match=rf"{file.name}.*{told}"):
            read_roi(file)


@pytest.mark.parametrize("value", [0, 255])
def test_a_picture_of_one_colour_is_refused(tmp_path, value):
    Image.fromarray(np.full((8, 8), value, np.uint8)).save(tmp_path / "roi.png")

    with pytest.raises(SettingsError, match=r"covers (nothing|everything)"):
        read_roi(tmp_path / "roi.png")


def test_missing_files_are_told(tmp_path):
    for name in ("none.png", "none.json"):
        with pytest.raises(SettingsError, match=r"region of interest .*none"):
            read_roi(tmp_path / name)
