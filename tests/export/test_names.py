"""Names of exported files: any sample gets one, and no two are the same anywhere."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.export.names import (
    LONGEST_NAME,
    LONGEST_SUFFIX,
    count_bytes,
    fit_name,
    name_files,
    room_below,
)
from inspector.files import fold_name


def name_all(*names: str, room: int = 4095) -> list[str]:
    samples = [SimpleNamespace(position=position, name=name) for position, name in enumerate(names)]
    return list(name_files(samples, room).values())


def test_names_that_fit_stay():
    names = ("part.png", "größe 零件.png", "a/b/c.v2.png", "trailing dot..png", " leading.png", "semi;colon,.png")

    assert name_all(*names) == [name.removesuffix(".png") for name in names]


def test_suffix_tells_apart_what_differs_only_in_it():
    assert name_all("a.png", "a.jpg", "b.png") == ["a.png", "a.jpg", "b"]


@pytest.mark.parametrize("sign", ["x", "ä", "零", "😀", "e\u0301"])
def test_long_names_are_cut_between_characters(sign):
    stem = (sign * 300).encode()[: 251 - 251 % len(sign.encode())].decode()

    (name,) = name_all(f"{stem}.png")

    kept, mark = name[:-9], name[-9:]
    assert count_bytes(name) <= LONGEST_NAME - LONGEST_SUFFIX
    assert re.fullmatch("~[0-9a-f]{8}", mark)
    assert kept == sign * (len(kept) // len(sign))
    assert name_all("other.png", f"{stem}.png")[1] == name


def test_names_longer_than_a_path_lose_their_folders():
    deep = "/".join(["folder"] * 500) + "/part.png"

    (name,) = name_all(deep, room=1000)

    assert re.fullmatch("part~[0-9a-f]{8}", name)


@pytest.mark.parametrize(
    ("wanted", "fitting"),
    [
        ("CON", "_CON"),
        ("conin$", "_conin$"),
        ("nul.v2", "_nul.v2"),
        ("com1/aux", "_com1/_aux"),
        ("console", "console"),
        ("folder./a ", "folder._/a "),
        ("blank /a", "blank _/a"),
    ],
)
def test_names_of_devices_and_folders_that_windows_changes(wanted, fitting):
    assert fit_name(wanted, f"{wanted}.png") == fitting


@pytest.mark.parametrize(
    "names", [("Part.png", "part.png"), ("gr\u00f6\u00dfe.png", "gro\u0308\u00dfe.png"), ("a/X.png", "A/x.png")]
)
def test_names_that_differ_in_case_or_composition_only(names):
    first, second = name_all(*names)

    assert first == names[0]
    assert fold_name(first) != fold_name(second)


def test_a_sample_is_no_folder_of_others():
    first, second = name_all("a.jpg", "a.png/x.jpg")  # the overlay of the first would be a.png, too

    assert (first[:2], second) == ("a~", "a.png/x")


def test_room_below_a_folder(tmp_path):
    assert room_below(tmp_path) < 4095 - len(str(tmp_path))


pieces = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda piece: piece.strip(".")
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(pieces, min_size=1, max_size=3).map("/".join), min_size=1, max_size=6, unique=True))
def test_any_names(names):
    found = name_all(*(f"{name}.png" for name in names))

    assert len({fold_name(name) for name in found}) == len(names)
    assert all(count_bytes(piece) <= LONGEST_NAME for name in found for piece in name.split("/"))
