"""docs/line.md names every kind of sink and every field."""

import re
from pathlib import Path

from inspector.sinks.command import REFUSED, TIMEOUT
from inspector.sinks.opcua_fields import ACKNOWLEDGED, FIELDS
from inspector.sinks.register import SINKS
from inspector.sinks.result import SENT

PAGE = (Path(__file__).parents[2] / "docs" / "line.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`]+)`", PAGE))


def test_every_kind_of_sink_is_named():
    assert {kind for kind in SINKS if not any(word.startswith(f"{kind}:") for word in WORDS)} == set()


def test_every_field_is_named():
    assert {*SENT, *FIELDS, ACKNOWLEDGED} - WORDS == set()


def test_numbers_are_those_of_the_code():
    assert f"{REFUSED} that this part" in PAGE
    assert f"After {TIMEOUT:g} seconds it is ended" in PAGE
