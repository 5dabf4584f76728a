import json

import pytest

from inspector.events import Event


def test_line_goes_round():
    event = Event("progress", "read", 3, 10, "größe\n零件")

    line = event.to_json()

    assert "\n" not in line
    assert Event.from_json(line) == event
    assert json.loads(line)["time"] > 0


@pytest.mark.parametrize("line", ["", "[]", "{}", "not json"])
def test_other_lines_are_refused(line):
    with pytest.raises(ValueError, match=r"expected one event|Expecting value"):
        Event.from_json(line)
