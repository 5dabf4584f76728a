"""Photos and clouds of one part find each other as they arrive, up to a time."""

from dataclasses import replace
from pathlib import Path

import pytest

from inspector.data.found_files import Arrival
from inspector.data.judged_files import find_alike_key
from inspector.data.known_files import Stamp
from inspector.data.partners import Partners

ROOT = Path("/line")


def came(name, at=0.0):
    kind = "cloud" if name.endswith((".tiff", ".ply")) else "photo"
    return Arrival(name, ROOT / name, Stamp(1, 1), at, kind)


def taken(partners, now=0.0):
    return [[file.name for file in part.files] for part in partners.take(now).parts]


@pytest.mark.parametrize(
    ("photo", "cloud"),
    [
        ("a.png", "a.tiff"),
        ("rgb/1.png", "xyz/1.tiff"),
        ("good/rgb/1.png", "good/xyz/1.tiff"),
        ("1_color.png", "1_depth.tiff"),
        ("7/image.png", "7/cloud.ply"),
    ],
)
def test_files_of_one_part_are_one_part_whichever_comes_first(photo, cloud):
    for names in ((photo, cloud), (cloud, photo)):
        partners = Partners(ROOT, 10, "2d+3d")
        partners.add([came(names[0], 1)])
        assert taken(partners, 2) == []
        assert partners.is_waiting(2)
        partners.add([came(names[1], 3)])
        (part,) = partners.take(3).parts
        assert ([file.name for file in part.files], part.complete) == ([photo, cloud], 3)
        assert len(partners) == 0


def test_files_of_different_parts_stay_apart():
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came("a/1.png"), came("b/1.tiff"), came("rgb_2.png"), came("rgb/2.png"), came("2.tiff")])

    assert taken(partners, 9) == []
    assert sorted(taken(partners, 10)) == [["2.tiff"], ["a/1.png"], ["b/1.tiff"], ["rgb/2.png"], ["rgb_2.png"]]
    partners.add([came("a/1.jpg", 11)])  # as in a batch, a part of its own
    assert taken(partners, 21) == [["a/1.jpg"]]


def test_partner_that_comes_late_is_told_and_not_judged():
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came("a.png", 0)])
    assert taken(partners, 10) == [["a.png"]]
    partners.add([came("a.tiff", 11)])
    assert partners.is_waiting(12)  # a new a.png may come

    gathered = partners.take(21)

    told = "a.tiff came too late: a.png was judged without it, and is not judged again"
    assert (gathered.parts, gathered.told) == ([], [told])


@pytest.mark.parametrize(
    ("photo", "cloud"), [("a.png", "a.tiff"), ("a_rgb.png", "a_xyz.tiff"), ("A.png", "a.tiff"), ("a.tiff", "a.png")]
)
@pytest.mark.parametrize("comes_first", [True, False])
def test_half_that_comes_late_never_joins_the_next_part_of_its_name(photo, cloud, comes_first):
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came(photo, 0)])
    assert taken(partners, 10) == [[photo]]
    for name in (cloud, photo) if comes_first else (photo, cloud):
        partners.add([came(name, 11)])
    assert taken(partners, 11) == []
    partners.add([came(cloud, 12)])  # that of the next part: the one before was replaced

    gathered = partners.take(22)

    assert [{file.name for file in part.files} for part in gathered.parts] == [{photo, cloud}]
    told = f"{cloud} came too late: {photo} was judged without it, and is not judged again"
    assert [each for each in gathered.told if "taken for one part" not in each] == [told]


def test_next_part_of_a_name_is_judged_by_its_photo_where_only_the_late_half_of_the_one_before_comes():
    partners = Partners(ROOT, 10, "2d+3d")
    for time in (0, 20):
        partners.add([came("a.png", time)])
        assert taken(partners, time + 10) == [["a.png"]]
        partners.add([came("a.png", time + 11), came("a.tiff", time + 12)])
        assert taken(partners, time + 21) == [["a.png"]]
        assert [sentence.split()[:4] for sentence in partners.take(time + 22).told] == [
            ["a.tiff", "came", "too", "late:"]
        ]


@pytest.mark.parametrize("lost", ["part.png", "part.ply"])
@pytest.mark.parametrize(("apart", "is_usual"), [(0.9, False), (4, True)])
@pytest.mark.parametrize("order", [1, -1])
def test_a_lost_file_costs_the_parts_after_it_nothing_where_all_have_one_name(lost, apart, is_usual, order):
    partners, kept = Partners(ROOT, 10, "2d+3d"), "part.ply" if lost == "part.png" else "part.png"
    names, both = [kept, lost][::order], [["part.png", "part.ply"]]
    if is_usual:  # files of one part have come so far apart
        partners.add([came(names[0], 0), came(names[1], 4.5)])
        assert taken(partners, 4.5) == both
    partners.add([came(kept, 20)])
    assert taken(partners, 30) == [[kept]]
    partners.add([came(names[0], 40), came(names[1], 40 + apart)])
    assert taken(partners, 49.9) == []  # one more may come: then the first was the late one
    found = partners.take(50)
    told = f"{kept} and {lost} came together and are taken for one part; what the part before lacked did not come"
    assert ([[file.name for file in part.files] for part in found.parts], found.told) == (both, [told])

    partners.add([came(names[0], 60), came(names[1], 60 + apart)])

    gathered = partners.take(60 + apart)
    assert ([[file.name for file in part.files] for part in gathered.parts], gathered.told) == (both, [])


def test_a_late_photo_does_not_join_the_next_cloud_of_its_name_after_whole_parts():
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came("part.png", 0), came("part.ply", 0)])
    assert taken(partners, 0) == [["part.png", "part.ply"]]
    partners.add([came("part.ply", 20)])
    assert taken(partners, 30) == [["part.ply"]]
    partners.add([came("part.png", 31), came("part.ply", 36)])
    assert taken(partners, 37) == []
    partners.add([came("part.png", 38)])
    (told,) = partners.take(38).told
    assert told == "part.png came too late: part.ply was judged without it, and is not judged again"


def test_half_that_comes_late_by_its_words_joins_the_part_of_its_very_stem():
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came("1_rgb.png", 0)])
    assert taken(partners, 10) == [["1_rgb.png"]]
    partners.add([came("1.tiff", 11), came("1.png", 12)])

    assert taken(partners, 12) == [["1.png", "1.tiff"]]


def test_part_that_was_given_out_and_not_judged_lacks_nothing():
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came("a.png", 0)])
    assert taken(partners, 10) == [["a.png"]]
    partners.forget_judged("a.png")  # it has changed while it was read
    partners.add([came("a.tiff", 11), came("a.png", 12)])

    assert taken(partners, 12) == [["a.png", "a.tiff"]]


def test_one_more_cloud_of_a_judged_part_is_told_and_not_judged():
    partners = Partners(ROOT, 0, "2d+3d")
    partners.note_judged("a.png", "a.tiff")
    partners.add([came("a.ply")])

    assert partners.take(0).told == ["a.ply is one more cloud of a.png, which was judged; it is not judged"]


def test_names_that_come_again_are_new_parts():
    partners = Partners(ROOT, 10, "2d+3d")
    for time in (0, 20):
        partners.add([came("a.png", time), came("a.tiff", time)])
        assert taken(partners, time) == [["a.png", "a.tiff"]]
    partners.add([came("a.png", 40)])
    assert taken(partners, 50) == [["a.png"]]


def test_file_that_is_replaced_while_it_waits_takes_its_own_place():
    partners = Partners(ROOT, 10, None)
    partners.add([came("a.png"), came("a.tiff"), came("b.png")])
    partners.add([came("a.tiff", 5), came("b.png", 5)])
    assert (len(partners), partners.count_ready(5)) == (2, 1)
    partners.modality = "2d+3d"

    (part,) = partners.take(5).parts
    assert [(file.name, file.complete) for file in part.files] == [("a.png", 5), ("a.tiff", 5)]
    assert taken(partners, 15) == [["b.png"]]


@pytest.mark.parametrize(
    ("names", "modality"),
    [
        (["a.png", "b.png", "c.png"], "2d"),
        (["a.ply", "b.ply", "c.ply"], "3d"),
        (["a.png", "b.png", "c.ply"], "2d"),
        (["a.png", "a.ply", "b.png", "b.ply"], "2d+3d"),
    ],
)
def test_first_parts_say_what_is_judged(names, modality):
    partners = Partners(ROOT, 10, None)
    partners.add(map(came, names))

    assert partners.take(99).parts == []
    assert partners.choose_modality() == modality
    kinds = {Path(name).suffix for name in names}
    assert partners.is_waiting(0) == (kinds == {".png", ".ply"} and modality != "2d+3d")


def test_kind_that_is_not_judged_is_told_once_and_keeps_nobody_waiting():
    partners = Partners(ROOT, 10, "2d")
    partners.add([came("a.png"), came("a.ply"), came("b.ply"), came("b.png")])

    gathered = partners.take(0)

    assert [part.name for part in gathered.parts] == ["a.png", "b.png"]
    assert [part.cloud for part in gathered.parts] == [None, None]
    assert gathered.told == ["a.ply: this watch judges photos alone; clouds are passed over"]


@pytest.mark.parametrize("modality", ["2d", "3d", "2d+3d"])
def test_only_the_latest_judged_parts_are_remembered_and_only_where_a_partner_may_come_late(modality, monkeypatch):
    monkeypatch.setattr("inspector.data.judged_files.REMEMBERED", 3)
    partners = Partners(ROOT, 0, modality)
    for number in (*range(20), 17):
        partners.note_judged(f"{number}.png", None)
    late = [] if modality != "2d+3d" else ["17.tiff", "18.tiff", "19.tiff"]
    assert len(partners._judged._files) == len(late)
    assert len(partners._judged._by_key) == 3 * len(late)
    partners.add([came(f"{number}.tiff") for number in range(20)])

    told = [sentence.split()[0] for sentence in partners.take(1).told if "too late" in sentence]
    assert sorted(told) == late


@pytest.mark.parametrize(
    ("photo", "cloud"), [("A.PNG", "a.tiff"), ("part_1.png", "part_001.ply"), ("gr\u00f6n.png", "gro\u0308n.ply")]
)
def test_names_that_are_not_quite_the_same_are_one_part_after_the_wait(photo, cloud):
    partners = Partners(ROOT, 10, None)
    partners.add([came(photo, 1), came(cloud, 2), came("b.png", 3), came("B.ply", 4)])
    assert partners.count_ready(5) == 0
    assert partners.count_ready(14) == 2
    assert partners.choose_modality() == "2d+3d"
    partners.modality = "2d+3d"

    found = partners.take(14)

    assert [[file.name for file in part.files] for part in found.parts] == [[photo, cloud], ["b.png", "B.ply"]]
    assert found.told == [f"{photo} and {cloud} were taken for one part, though their names are not quite the same"]
    partners.add([came("B.png", 15)])
    assert taken(partners, 30) == [["B.png"]]


def test_names_alike_that_could_be_meant_otherwise_stay_apart():
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came("A.png"), came("a.png"), came("A.tiff"), came("1.png"), came("01.png"), came("001.ply")])

    assert taken(partners, 1) == [["A.png", "A.tiff"]]
    assert taken(partners, 11) == [["a.png"], ["1.png"], ["01.png"], ["001.ply"]]


def test_other_half_with_a_name_alike_that_comes_too_late_is_told():
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came("A.png")])
    assert taken(partners, 11) == [["A.png"]]
    partners.add([came("a.ply", 12)])

    assert partners.take(23).told == ["a.ply came too late: A.png was judged without it, and is not judged again"]


def test_whole_parts_of_names_alike_do_not_make_doubtful_of_which_one_a_late_file_is_the_other_half():
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came(name) for name in ("01.png", "01.ply", "1.png", "2.png", "02.png")])
    assert taken(partners, 11) == [["01.png", "01.ply"], ["1.png"], ["2.png"], ["02.png"]]
    partners.add([came("001.ply", 12), came("002.ply", 12)])

    late = partners.take(23)

    assert late.told == ["001.ply came too late: 1.png was judged without it, and is not judged again"]
    assert [part.name for part in late.parts] == ["002.ply"]


def test_many_files_without_a_partner_are_compared_by_their_names_once_each(monkeypatch):
    made = []

    def find(*file):
        made.append(file)
        return find_alike_key(*file)

    monkeypatch.setattr("inspector.data.partners.find_alike_key", find)
    partners = Partners(ROOT, 10, "2d+3d")
    partners.add([came(f"{number}{end}") for number in range(50) for end in ("a.png", "b.ply")])

    assert partners.count_ready(11) == 100
    assert len(made) == 100


def test_files_of_which_there_are_copies_are_parts_of_their_own_when_the_next_of_their_name_comes(tmp_path):
    def held(name, at):
        (tmp_path / name).touch()
        return replace(came(name, at), copy=tmp_path / name)

    partners = Partners(ROOT, 10, None)
    partners.add([held("a.png", 1), held("a.png", 2)])
    assert (len(partners), partners.count_ready(2), partners.choose_modality()) == (2, 2, "2d")
    partners.modality = "2d+3d"
    partners.add([held("a.tiff", 3), held("b.tiff", 4), held("b.tiff", 5)])

    gathered = partners.take(6)

    assert [[(file.name, file.complete) for file in part.files] for part in gathered.parts] == [
        [("a.png", 1)],
        [("b.tiff", 4)],
        [("a.png", 3), ("a.tiff", 3)],
    ]
    assert gathered.dropped == []
