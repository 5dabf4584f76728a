"""How parts of a batch lie is learnt from some, and every part is placed by it."""

import numpy as np
import pytest

from inspector.data.part_finder import find_part
from inspector.data.part_model import PartModel, learn_parts
from inspector.data.photos import cut_box
from tests.parts import draw_part

CHANCE = np.random.default_rng(3)
PLACES = [(CHANCE.uniform(70, 170), CHANCE.uniform(65, 135), CHANCE.uniform(0, 360)) for _ in range(16)]
PHOTOS = [draw_part(place[:2], place[2], seed=index) for index, place in enumerate(PLACES)]


def learn(photos, **options):
    return learn_parts([find_part(photo) for photo in photos], **options)


def test_parts_at_any_angle_are_turned_alike():
    model = learn(PHOTOS)

    assert isinstance(model, PartModel)
    assert model.mean is not None
    turns = []
    for photo, (*_, angle) in zip(PHOTOS, PLACES, strict=True):
        box, seen = model.place(photo)
        assert seen
        turns.append((box.angle - angle) % 360)
    spread = (np.array(turns) - turns[0] + 180) % 360 - 180
    assert np.abs(spread - np.median(spread)).max() <= 3  # degrees


def test_cut_boxes_look_alike():
    model = learn(PHOTOS)

    cut = [cut_box(photo, model.place(photo)[0]).astype(float) for photo in PHOTOS]

    assert len({pixels.shape for pixels in cut}) == 1
    mean = np.mean(cut, axis=0)
    assert max(np.abs(pixels - mean).mean() for pixels in cut) < 6  # of 255; photos as they are differ by 25


def test_box_holds_the_part_and_little_else():
    model = learn(PHOTOS)

    sides = sorted((model.width * 240, model.height * 240))

    assert 75 < sides[1] < 110
    assert sides[0] < 60


def test_parts_that_lie_alike_are_not_turned():
    photos = [draw_part((x, 100), CHANCE.normal(0, 1), seed=index) for index, x in enumerate(range(80, 160, 8))]

    model = learn(photos)

    assert isinstance(model, PartModel)
    assert model.mean is None
    box, seen = model.place(photos[0])
    assert seen
    assert box.angle == 0
    assert box.x == pytest.approx(82, abs=4)
    assert box.y == pytest.approx(99, abs=4)


def test_part_that_is_not_seen_is_taken_to_lie_as_usual():
    model = learn(PHOTOS)

    box, seen = model.place(np.full((200, 240, 3), 150, np.uint8))

    assert not seen
    assert box.angle == 0
    assert box.x == pytest.approx(np.median([place[0] for place in PLACES]), abs=6)


def test_photos_may_be_larger_than_those_learnt_from():
    model = learn(PHOTOS)
    small, _ = model.place(PHOTOS[0])

    large, _ = model.place(np.repeat(np.repeat(PHOTOS[0], 3, axis=0), 3, axis=1))

    assert large.x == pytest.approx(3 * small.x, abs=3)
    assert large.width == pytest.approx(3 * small.width)
    assert (large.angle - small.angle + 180) % 360 - 180 == pytest.approx(0, abs=3)


def test_grounds_without_part_are_told():
    assert learn([np.full((90, 90, 3), 80, np.uint8)] * 4) == "a part on a plain ground is seen in 0 of 4 photos"
    assert "of 3 photos" in learn_parts([None] * 3)
    assert "of 0 photos" in learn_parts([])


def test_parts_of_unlike_sizes_are_told():
    photos = [draw_part((120, 100), 0, scale=scale, seed=index) for index, scale in enumerate([0.4, 0.4, 1, 1] * 3)]

    assert learn(photos) == "parts are of different sizes"


def test_parts_that_fill_their_photos_are_told():
    photos = [draw_part((60, 45), 0, size=(90, 120), seed=index) for index in range(5)]

    assert learn(photos) == "parts fill their photos"


def test_cut_box_goes_on_beyond_the_photo():
    model = learn(PHOTOS)
    box, _ = model.place(draw_part((45, 40), 20))

    cut = cut_box(np.full((80, 80, 3), 99, np.uint8), box)

    assert (cut == 99).all()
