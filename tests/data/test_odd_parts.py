"""Photos of another size than the others of a batch are pointed out; so are clouds in another unit."""

import math

import pytest

from inspector.data.odd_parts import find_usual_size, find_usual_unit, note_odd_parts, note_odd_size, note_odd_unit
from inspector.data.parts import Part

USUAL = (480, 640)


@pytest.mark.parametrize(
    ("sizes", "usual"),
    [
        ([USUAL] * 9 + [(1, 1)], USUAL),
        ([USUAL] * 8 + [(1, 1)], None),  # more than one in ten
        ([USUAL] * 4, None),  # too few to tell
        ([USUAL] * 5, USUAL),
        ([(480 + i, 640 - i) for i in range(20)], (480, 640)),  # cut out, nearly alike
        ([(100 * i, 100) for i in range(1, 20)], None),
        ([], None),
    ],
)
def test_usual_size_is_that_of_nearly_all(sizes, usual):
    assert find_usual_size(sizes) == usual


@pytest.mark.parametrize("size", [(640, 480), (1, 1), (480, 720), (960, 1280)])
def test_photo_of_another_size_has_a_note(size):
    height, width = size

    noted = note_odd_size(Part(3, size=size, image_key="a", note="seen"), USUAL)

    assert noted.note == (
        f"seen; its photo has {width} x {height} pixels, the others 640 x 480: see whether it belongs to them"
    )


def test_others_stay_as_they_are():
    for part in (Part(0, size=(500, 600), image_key="a"), Part(0, size=(1, 1), cloud_key="b")):
        assert note_odd_size(part, USUAL) is part
    assert note_odd_size(Part(0, size=(1, 1), image_key="a"), None).note == ""


def test_odd_parts_of_a_batch_are_noted():
    parts = [Part(i, size=USUAL, image_key=str(i), cloud_key=str(i), extent=0.2) for i in range(10)]
    parts[3] = Part(3, size=(48, 64), image_key="3", cloud_key="3", extent=200.0)

    noted = note_odd_parts(parts)

    assert [i for i, part in enumerate(noted) if part is not parts[i]] == [3]
    assert noted[3].note.endswith("belongs to them; its cloud seems to be in another unit than the others")


@pytest.mark.parametrize(
    ("others", "extent", "told"),
    [
        ([25.4] * 10, 10.0, True),  # inches among centimetres
        ([1.0] * 10, 3.3, True),  # feet among metres
        ([1.0] * 10, 0.4, True),
        ([1.0] * 10, 1.6, False),  # a larger part
        ([1.0] * 4, 10.0, False),  # too few to tell
        ([1.0, 1.3, 1.7, 2.2, 2.8, 3.7], 10.0, False),  # parts of many sizes
    ],
)
def test_units_that_differ_by_little_are_told_where_parts_are_of_one_size(others, extent, told):
    parts = [Part(i, cloud_key=str(i), extent=each) for i, each in enumerate([*others, extent])]

    noted = note_odd_unit(parts[-1], find_usual_unit(parts[:-1]))

    assert bool(noted.note) == told


UNITS, AXES = "another unit than the others along some of its axes", "along other axes"


@pytest.mark.parametrize(
    ("others", "sides", "told"),
    [
        ([(40.0, 30.0, 5.0)] * 9, (40.0, 30.0, 5000.0), UNITS),
        ([(40.0, 30.0, 5.0)] * 9, (1.6, 1.18, 5.0), UNITS),
        ([(40.0, 30.0, 5.0)] * 9, (5.0, 30.5, 40.5), AXES),
        ([(40.0, 30.0, 5.0)] * 9, (40.0, 30.0, 7.0), ""),  # a thicker part
        ([(40.0, 30.0, 5.0)] * 9, (40.0, 30.0, 12.7), ""),  # a burr, and no inches that were centimetres
        ([(40.0, 30.0, 5.0)] * 9, (40.0, 30.0, 0.0), ""),
        ([(40.0, 40.0, 5.0)] * 9, (40.5, 39.5, 5.0), ""),
        ([(40.0, 30.0, 5.0), (30.0, 40.0, 5.0)] * 5, (40.0, 30.0, 5000.0), "another unit than the others"),
        ([(40.0, 30.0, 5.0), (30.0, 40.0, 5.0)] * 5, (5.0, 30.0, 40.0), ""),  # they lie in many poses
    ],
)
def test_axes_that_are_swapped_or_in_another_unit_are_told(others, sides, told):
    boxes = [*others, sides]
    parts = [Part(i, cloud_key=str(i), extent=math.hypot(*box), sides=box) for i, box in enumerate(boxes)]

    note = note_odd_unit(parts[-1], find_usual_unit(parts[:-1])).note

    assert note.partition(":")[0].endswith(told) if told else not note


@pytest.mark.parametrize(("count", "told"), [(4, True), (3, False)])  # too few to tell
def test_photos_with_another_colour_profile_than_most_are_noted(count, told):
    profiles = ["sRGB"] * count + ["Display P3", ""]
    parts = [Part(i, image_key=str(i), profile=profile) for i, profile in enumerate(profiles)]

    notes = [part.note for part in note_odd_parts(parts)]

    note = (
        "the colour profile of its photo is Display P3, most photos have sRGB: save all with one profile, for colours "
        "are compared as they are stored"
    )
    assert notes == [""] * count + [note if told else "", ""]


def test_copies_of_one_file_are_noted():
    keys = ["a", "b", "c", "a", "d", "e", "a", "", ""]
    parts = [Part(i, size=USUAL, image_key=key, cloud_key="x" if key == "e" else "") for i, key in enumerate(keys)]

    noted = note_odd_parts(parts)

    assert {part.position: part.note for part in noted if part.note} == dict.fromkeys(
        (0, 3, 6), "the same file is in the batch 3 times: copies vouch for one another"
    )


def test_few_different_files_are_no_batch_with_copies():
    parts = [Part(i, size=USUAL, image_key="ab"[i % 2]) for i in range(8)]

    assert note_odd_parts(parts) == parts
