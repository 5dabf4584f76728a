"""Sentences with numbers are right for one as for several, in both languages."""

from pathlib import Path

import numpy as np
import pytest

from inspector.data.clouds.background import _measure_above_background
from inspector.data.clouds.point_file import parse_table
from inspector.data.clouds.xyz import parse_xyz
from inspector.data.layouts.accounting import MOST_GROUPS, sum_up
from inspector.data.layouts.listing import note_lone_files
from inspector.data.layouts.tree import FoundPath
from inspector.data.pixels.netpbm import describe_rest
from inspector.data.samples import Sample
from inspector.errors import InputError
from inspector.export.words import Words
from inspector.features.point_groups import _describe_too_few
from inspector.jobs.folder_news import FolderNews
from inspector.server.gate import _slow_down


def test_what_an_export_of_a_dataset_leaves_out_is_german() -> None:
    said = "coco: left out: 1 without a verdict; left out: 1 rejected, without a region in the map"
    german = "coco: ausgelassen: 1 ohne Urteil; ausgelassen: 1 Ausschuss, ohne Fehlerstelle in der Karte"
    assert Words("de").sentence(said) == german


def test_what_the_parts_of_a_line_lack_is_german() -> None:
    said = "none of the first 5 parts has what is judged; set modality to 2d or 3d"
    german = "keines der ersten 5 Teile hat das, was beurteilt wird; bitte modality auf 2d oder 3d stellen"
    assert Words("de").sentence(said) == german


def refuse(call, *given):
    with pytest.raises(InputError) as told:
        call(*given)
    return str(told.value)


def tell_waiting(count):
    told = []
    news = FolderNews(Path("lot"), lambda event: told.append(event.message))
    news.tell_waiting(99)
    news.tell_waiting(count)
    return told[-1]


def find_border(count):
    pixels = np.arange(count)
    return refuse(_measure_above_background, np.zeros((count, 3)), pixels, (99, 99), 0.1, "a.tiff")


def sum_up_kinds(more):
    kinds = [f".{number}" for number in range(more + MOST_GROUPS)]
    told = sum_up(FoundPath(Path(kind), "", kind) for kind in kinds)[0]
    return told.rpartition(", ")[2]


def list_strangers(count):
    photos = [Sample(f"a{number}.png", image=Path(f"a{number}.png")) for number in range(count)]
    return note_lone_files([*photos, Sample("b.ply", cloud=Path("b.ply"))])[0].partition(": ")[2].partition(";")[0]


@pytest.mark.parametrize(
    ("tell", "one", "several", "german"),
    [
        (tell_waiting, ": 1 waits", ": 2 wait", ": 1 wartet"),
        (find_border, "has only 1 point at its border", "has only 2 points at its border", "hat nur 1 Punkt am"),
        (
            lambda count: str(_describe_too_few(count, 9, 9)),
            "has only 1 point, too",
            "2 points, too",
            "nur 1 Punkt, zu",
        ),
        (
            lambda count: refuse(parse_table, [b" ".join([b"1"] * count)], 1, 3, "a.ply"),
            "has 1 number in",
            "2 numbers in",
            "hat 1 Zahl in",
        ),
        (
            lambda count: refuse(parse_xyz, b"1 2 3\n" + b" ".join([b"4"] * count), "a.xyz"),
            "line 2 has 1 cell, but",
            "line 2 has 2 cells, but",
            "Zeile 2 hat 1 Feld, die",
        ),
        (
            lambda count: refuse(parse_xyz, b"9\n" + b"4 5 6\n" * count, "a.xyz"),
            "announces 9 points, but 1 follows",
            "announces 9 points, but 2 follow",
            "kündigt 9 Punkte an, aber 1 folgt",
        ),
        (
            lambda count: parse_xyz(b"%d\n" % count + b"4 5 6\n" * 5, "a.xyz").notes[0],
            "announces 1 point, but 5 follow",
            "announces 2 points, but 5 follow",
            "kündigt 1 Punkt an, aber 5 folgen",
        ),
        (lambda count: str(describe_rest(count)[0]), "(1 byte)", "(2 bytes)", "(1 Byte)"),
        (sum_up_kinds, "1 more kind\n", "2 more kinds", ""),
        (list_strangers, "1 photo and 1 cloud are scored", "2 photos and 1 cloud are scored", ""),
        (lambda count: str(_slow_down(count, "too fast")), "again in 1 second\n", "again in 2 seconds", ""),
    ],
)
def test_one_is_told_as_one(tell, one, several, german):
    texts = tell(1), tell(2)

    assert one in f"{texts[0]}\n"
    assert several in texts[1]
    assert german in Words("de").sentence(texts[0])
