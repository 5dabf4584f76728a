"""Numbers within what the engine says have a decimal comma in German; names that look like them are never changed."""

import re

import pytest

from inspector.export.words import Words


@pytest.mark.parametrize(
    ("said", "german"),
    [
        ("`share`: input should be less than or equal to 0.5, but got 1.5", "höchstens 0,5 sein, angegeben ist 1,5"),
        ("`roi`: input should be a valid path, but got '1.5'", "angegeben ist '1.5'"),
    ],
)
def test_a_value_that_was_given_is_written_as_it_is_typed_and_a_text_as_it_is(said: str, german: str) -> None:
    assert Words("de").sentence(f"setting {said}").endswith(german)


def test_a_number_in_brackets_and_one_with_a_sign_have_a_comma() -> None:
    say = Words("de").sentence
    mark = "2 of 9 photos, a.png first: pixels of one value away from all others were taken for holes (9.5)"
    assert say(mark).endswith("(9,5)")
    assert say("12 points with the height -0.5 were taken for holes").startswith("die Höhe -0,5 gilt")


@pytest.mark.parametrize("name", ["1.5 h", "3.5 mm", "2.5", "0.5 – 2.5"])
def test_a_name_like_a_number_is_never_changed(name: str) -> None:
    say = Words("de").sentence
    for said in (
        f"there is no folder {name}; check the path",
        f"there is a recipe {name} already; use {name}, or give it another name",
        f"{name} is 3.5 m wide, which no part is; check its unit",
        f"no code was found in 3 of 5 photos, {name} first",
        f"the score of {name} of run 1 was changed: it is 1.25, but was 3.25 when 'Bob' decided",
        f"comment is '{name}', but was {name}",
    ):
        assert say(said).count(name) == said.count(name)
        assert not re.search(r"[23]\.(5 m |25)", say(said))
