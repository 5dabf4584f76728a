"""What Python's readers of regular expressions, JSON and TOML find wrong is told in German."""

import re
import tomllib
from pathlib import Path

import pytest

from inspector.data.roi_files import read_roi
from inspector.errors import SettingsError
from inspector.export.words import Words
from inspector.part_rule import check_rule

RULES = ("(", "[", "*", "(?P<a>x)(?P<a>y)", "x{5,2}", "(?P<1>x)", "(?P=b)", "\\", "(?z)", "(?<=a*)", "a**", "[z-a]")
RULES += ("(?P<lot", "(?", r"\q", "x)", "(?i", "(?#", r"\x1", r"\8", "x{99999999999}", r"\N{foo}")

TOML = ("a", "a=", "a=[1", "[x", "a=1 b=2", 'a="x', "a=1\na=2", "=3", 'a="\\q"', "a={b=1,b=2}")


@pytest.mark.parametrize("rule", RULES)
def test_what_is_wrong_with_an_expression_is_german(rule: str) -> None:
    say = Words("de").sentence
    with pytest.raises(ValueError, match="no regular expression") as refused:
        check_rule(rule)

    why = re.sub(r" \(character \d+\)$", "", str(refused.value).removeprefix("it is no regular expression: "))
    assert say(why) != why
    told = say(f"setting `part_id`: {refused.value}, but got 'x'")
    assert re.fullmatch(r"`part_id`: es ist kein regulärer Ausdruck: .+( \(Zeichen \d+\))?, angegeben ist 'x'", told)
    assert why not in told


def test_places_in_an_expression_count_from_one() -> None:
    with pytest.raises(ValueError, match=r"unbalanced parenthesis \(character 2\)"):
        check_rule("x)")


@pytest.mark.parametrize(
    ("content", "german"),
    [
        ("{", 'Ein Name in " fehlt (Zeile 1, Spalte 2)'),
        ('{"a" 1}', "Ein : fehlt (Zeile 1, Spalte 6)"),
        ("[]", '{"features": [..]} wird erwartet'),
        ('{"features": [{"geometry": {}}], "unit": "fractions"}', "Polygon, Rectangle oder LineString wird erwartet"),
        ("\xe4", "es ist kein Text in utf-8"),
    ],
)
def test_what_is_wrong_with_a_region_of_interest_is_german(tmp_path: Path, content: str, german: str) -> None:
    (tmp_path / "roi.json").write_text(content, encoding="latin-1")

    with pytest.raises(SettingsError) as refused:
        read_roi(tmp_path / "roi.json")

    told = Words("de").sentence(str(refused.value))
    assert german in told
    assert told.endswith("; siehe docs/files.md")


@pytest.mark.parametrize("content", TOML)
def test_what_is_wrong_with_toml_is_german(content: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(content)

    told = Words("de").sentence(f"x.toml is no valid TOML: {refused.value}")
    assert re.fullmatch(r"x\.toml ist kein gültiges TOML: .+ \((Zeile \d+, Spalte \d+|am Ende der Datei)\)", told)
    assert str(refused.value).split(" (at ")[0] not in told
