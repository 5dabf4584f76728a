"""What the engine says is told in German, and every sentence of the table is one that the engine says."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import inspector
from inspector.export.german_sentences import SENTENCES
from inspector.export.words import Words


@cache
def spoken() -> str:
    """All texts of the engine, one a line, with § for what is filled in."""
    lines = set()
    for path in Path(inspector.__file__).parent.rglob("*.py"):
        if path.name == "german_sentences.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                lines.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                lines.add("".join(str(part.value) if isinstance(part, ast.Constant) else "§" for part in node.values))
    return "\n".join(sorted(lines))


@pytest.mark.parametrize("pattern", SENTENCES)
def test_each_sentence_is_one_that_the_engine_says(pattern: str) -> None:
    pieces = re.split(r"\([^()]*[+*]\??\)%?|\.\+", pattern.replace(r"\(", "«").replace(r"\)", "»"))
    for piece in pieces:
        literal = (
            re.sub(r"\\(.)", r"\1", piece.replace("«", "(").replace("»", ")"))
            .strip(" ;:,()")
            .removeprefix("s ")
            .removeprefix("s: ")
        )
        assert literal in spoken(), f"nothing in the engine says {literal!r}"


def test_german_has_the_places_of_its_pattern_and_no_others() -> None:
    for pattern, german in SENTENCES.items():
        places = {int(number) for number in re.findall(r"\{(\d+)\}", german)}
        assert places <= set(range(re.compile(pattern).groups)), pattern


def test_numbers_and_reasons_within_a_sentence_are_german_too() -> None:
    say = Words("de").sentence
    told = "about 2.5 s (2 s reading, 0 s scoring), 1.8 GB of memory, 0.01 GB of disk"
    assert say(told) == "etwa 2,5 s (2 s Lesen, 0 s Bewerten), 1,8 GB Arbeitsspeicher, 0,01 GB auf der Festplatte"
    damaged = "a.jpg is damaged or cut off (it ends before its last pixel); copy it again from the camera"
    assert "(die Datei endet vor dem letzten Pixel)" in say(damaged)
    assert say("No photo or cloud in /b; known kinds: .png").startswith("Kein Foto und keine Punktwolke in /b")
    odd = "its photo has 31 x 17 pixels, the others 96 x 64: see whether it belongs to them"
    assert say(odd).lower() == "sein foto hat 31 x 17 pixel, die anderen 96 x 64: bitte prüfen, ob es dazugehört"
    copies = "12 of 12 samples, b.png first: the same file is in the batch 2 times: copies vouch for one another"
    assert say(copies).startswith("12 von 12 Teilen, als erstes b.png: dieselbe Datei ist 2-mal in der Charge")
    gone = "there is no look at me.png at s3://lots/lot 3; check bucket and folder"
    assert say(gone).startswith("look at me.png gibt es an der Adresse s3://lots/lot 3 nicht")
    assert say("fetched from s3://lots/lot 3") == "geholt von s3://lots/lot 3"
    assert Words("en").sentence(damaged) == damaged
