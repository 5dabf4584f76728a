import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage, QPainter

from gui.pictures.sample_picture import (
    SamplePicture,
    find_defects,
    load_detail,
    load_picture,
    map_size,
    score_at,
    to_image,
)
from inspector.errors import InputError
from inspector.export.rendering import lay_over
from inspector.store.workspace import Workspace


def picture_of(anomaly_map: np.ndarray, size: tuple[int, int]) -> SamplePicture:
    photo = np.full((*size, 3), 100, np.uint8)
    return SamplePicture(0, to_image(photo), anomaly_map.astype(np.float32))


def test_pixels_keep_their_place_and_colour() -> None:
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[1, 2] = (10, 20, 30)
    image = to_image(pixels)
    assert (image.width(), image.height()) == (3, 2)
    assert QColor(image.pixel(2, 1)).getRgb()[:3] == (10, 20, 30)


def test_the_heat_layer_gives_the_overlay_of_reports(tmp_path: Path) -> None:
    photo = np.random.default_rng(1).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    Image.fromarray(photo).save(tmp_path / "a.png")
    with Workspace(tmp_path / "w") as store:
        store.artefacts.save_map(1, 0, np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4))
        picture = load_picture(store, 1, 0, tmp_path / "a.png", (0.2, 0.9), "inferno")
    assert picture.anomaly_map is not None
    assert picture.heat is not None
    expected = lay_over(photo, picture.anomaly_map, (0.2, 0.9), opacity=1.0)
    painter = QPainter(painted := QImage(picture.photo))
    painter.drawImage(0, 0, picture.heat)
    painter.end()
    for row, col in ((0, 0), (10, 15), (12, 20), (19, 29)):
        got = QColor(painted.pixel(col, row)).getRgb()[:3]
        np.testing.assert_allclose(got, expected[row, col], atol=3)


def test_large_photos_get_a_smaller_heat_layer() -> None:
    assert map_size(100, 200) == (100, 200)
    assert map_size(3072, 1536) == (1536, 768)


@pytest.mark.parametrize("size", [(9, 13), (81, 117), (27, 65)])
def test_a_marked_pixel_is_found_where_it_is_at_any_scale(size: tuple[int, int]) -> None:
    anomaly_map = np.zeros((9, 13))
    anomaly_map[2, 9] = 1
    picture = picture_of(anomaly_map, size)
    x, y = int(9.5 * size[1] / 13), int(2.5 * size[0] / 9)

    defects = find_defects(picture, 0.5)

    assert (defects.regions[0].peak_x, defects.regions[0].peak_y) == (x, y)
    assert score_at(picture, x + 0.5, y + 0.5) == 1.0
    np.testing.assert_allclose(defects.lines[0].mean(axis=0), (x + 0.5, y + 0.5), atol=0.5)


def test_there_is_no_score_outside_the_photo() -> None:
    picture = picture_of(np.ones((4, 4)), (8, 8))
    assert score_at(picture, 7.9, 7.9) == 1.0
    for x, y in ((-0.1, 1), (8, 1), (1, 8)):
        assert score_at(picture, x, y) is None


def test_a_photo_without_map_has_no_defects(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    with Workspace(tmp_path / "w") as store:
        picture = load_picture(store, 1, 0, tmp_path / "a.png", None, "inferno")
    assert picture.heat is None
    assert find_defects(picture, 0.0).regions == ()


def test_a_photo_that_is_gone_is_an_input_error(tmp_path: Path) -> None:
    with Workspace(tmp_path / "w") as store, pytest.raises(InputError, match=r"gone\.png cannot be read"):
        load_picture(store, 1, 0, tmp_path / "gone.png", None, "inferno")


def test_another_photo_than_the_one_that_was_scanned_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (4, 4)).save(path)
    scanned = hashlib.sha256(path.read_bytes()).hexdigest()
    with Workspace(tmp_path / "w") as store:
        assert load_picture(store, 1, 0, path, None, "inferno", sha256=scanned).size == (4, 4)
        Image.new("RGB", (4, 4), "red").save(path)
        with pytest.raises(InputError, match=r"a\.png is another file than the one that was scanned"):
            load_picture(store, 1, 0, path, None, "inferno", sha256=scanned)
    with pytest.raises(InputError, match=r"a\.png is another file than the one that was scanned"):
        load_detail(0, path, sha256=scanned)


def test_where_nothing_lies_above_the_threshold_the_oddest_places_are_found() -> None:
    plane = np.zeros((40, 50))
    plane[4, 5], plane[30, 40], plane[30, 42], plane[20, 10] = 1.0, 0.9, 0.85, 0.5  # 42 lies beside 40, 0.5 is low
    picture = picture_of(plane, (80, 100))

    assert find_defects(picture, 2.0).oddest == ((11.0, 9.0), (81.0, 61.0))
    assert find_defects(picture, 0.95).oddest == ()
    assert find_defects(picture_of(np.ones((4, 5)), (80, 100)), 2.0).oddest == ()
