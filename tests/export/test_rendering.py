import cv2
import numpy as np

from inspector.export.rendering import CONTOUR, draw_contours, encode, heat_map, overlay


def test_heat_map_ends_are_the_ends_of_the_colormap():
    colours = heat_map(np.array([[-1.0, 0.0, 1.0, 9.0]], np.float32), (0.0, 1.0))

    assert np.array_equal(colours[0, 0], colours[0, 1])
    assert np.array_equal(colours[0, 2], colours[0, 3])
    assert colours[0, 1].sum() < 20
    assert colours[0, 2].sum() > 500


def test_cold_pixels_stay_a_photo():
    photo = np.random.default_rng(0).integers(0, 256, (600, 9, 3), dtype=np.uint8)
    anomaly_map = np.zeros((600, 9), np.float32)
    anomaly_map[550, 3] = 1

    mixed = overlay(photo, anomaly_map, (0.0, 1.0), opacity=1.0)

    changed = (mixed != photo).any(axis=2)
    assert changed[550, 3]
    assert changed.sum() == 1


def test_contour_surrounds_what_lies_above_the_threshold():
    anomaly_map = np.zeros((20, 30), np.float32)
    anomaly_map[5:10, 12:20] = 1
    photo = np.zeros((20, 30, 3), np.uint8)

    drawn = draw_contours(photo, anomaly_map, 0.5)

    outline = (drawn == CONTOUR).all(axis=2)
    rows, cols = np.nonzero(outline)
    assert (rows.min(), rows.max(), cols.min(), cols.max()) == (5, 9, 12, 19)
    assert not outline[7, 15]
    assert photo.max() == 0


def test_encoded_picture_keeps_its_colours():
    picture = np.full((3, 4, 3), (200, 100, 50), np.uint8)

    decoded = cv2.imdecode(np.frombuffer(encode(picture), np.uint8), cv2.IMREAD_COLOR)

    assert decoded[0, 0].tolist() == [50, 100, 200]
