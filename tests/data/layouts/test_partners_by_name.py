"""Photos and clouds whose names nearly say which belong together: paired where that is sure, told where it is not."""

import unicodedata

import pytest

from inspector.data.layouts import read_batch
from tests.data.layouts.test_pairing import put_cloud, put_photo, rows


@pytest.mark.parametrize(
    ("photos", "clouds"),
    [
        ([f"rgb/{number}.png" for number in (1, 2, 10)], [f"xyz/{number:03d}.ply" for number in (1, 2, 10)]),
        (["Part_1_rgb.png", "Part_2_rgb.png"], ["part_01_xyz.ply", "part_02_xyz.ply"]),
        (["ü_rgb.png"], [unicodedata.normalize("NFD", "ü_xyz.ply")]),
    ],
)
def test_names_that_differ_only_in_how_they_are_written_are_one_part(tmp_path, photos, clouds):
    put_photo(tmp_path, *photos)
    put_cloud(tmp_path, *clouds)

    batch = read_batch(tmp_path)

    assert [row[1:] for row in rows(batch)] == list(zip(photos, clouds, strict=True))
    more = f" and {len(photos) - 1} more" if len(photos) > 1 else ""
    assert batch.notes[0].startswith("photos and clouds whose names are not quite the same were taken for one part: ")
    assert batch.notes[0].endswith(f"{clouds[0].split('/')[-1]}{more}")


def test_two_that_could_be_meant_are_not_guessed(tmp_path):
    put_photo(tmp_path, "1_rgb.png", "3_rgb.png", "03_rgb.png")
    put_cloud(tmp_path, "01_xyz.ply", "001_xyz.ply", "003_xyz.ply")

    assert [row for row in rows(read_batch(tmp_path)) if row[1] and row[2]] == []


def test_photos_and_clouds_without_any_partner_are_told(tmp_path):
    put_photo(tmp_path, "left/1.png", "right/1.png")
    put_cloud(tmp_path, "cloud/1.ply")

    (note,) = read_batch(tmp_path).notes

    assert note == (
        "no photo and no cloud belong together by their names, such as left/1.png and cloud/1.ply: "
        "2 photos and 1 cloud are scored apart; give those of one part the same name"
    )


@pytest.mark.parametrize(
    ("photos", "clouds"), [(range(1, 5), range(4)), (range(2, 6), range(3, 7)), (range(3, 9), range(1, 7))]
)
@pytest.mark.parametrize("pattern", ["{}/{:03d}", "{}/{}_20260101_12{:02d}"])
def test_numbers_that_are_shifted_are_told(tmp_path, photos, clouds, pattern):
    put_photo(tmp_path, *(pattern.format("rgb", *["image"][: pattern.count("{") - 2], n) + ".png" for n in photos))
    put_cloud(tmp_path, *(pattern.format("xyz", *["cloud"][: pattern.count("{") - 2], n) + ".ply" for n in clouds))

    assert read_batch(tmp_path).notes[0].startswith("photos and clouds may be numbered from different numbers on: see")


def test_one_that_is_missing_amid_others_shifts_nothing(tmp_path):
    put_photo(tmp_path, *(f"rgb/{n}.png" for n in (1, 2, 4, 5)))
    put_cloud(tmp_path, *(f"xyz/{n}.ply" for n in (1, 3, 4, 5)))

    assert list(read_batch(tmp_path).notes) == [
        "rgb/2.png has no cloud; it is scored without",
        "xyz/3.ply has no photo; it is scored without",
    ]
