"""What a rule for part ids catches is seen while it is typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.scanning.dialog import ScanDialog
from gui.scanning.part_preview import PartPreview


@pytest.fixture
def folder(tmp_path: Path, make_photos: Callable[..., list[Path]]) -> Path:
    make_photos(tmp_path / "photos" / "A7", 4)
    (tmp_path / "photos" / "A7" / "notes.txt").write_text("no photo")
    return tmp_path / "photos"


@pytest.fixture
def preview(qtbot: QtBot) -> PartPreview:
    made = PartPreview()
    qtbot.addWidget(made)
    made.destroyed.connect(made.close_down)
    return made


def test_names_are_shown_with_what_is_caught(preview: PartPreview, folder: Path, qtbot: QtBot) -> None:
    preview.show_rule(folder, r"(?P<lot>\w+)/part_(?P<part>\d)")
    qtbot.waitUntil(lambda: bool(preview.text()))

    assert preview.text().splitlines() == [
        "A7/part_0.png: 0, lot A7",
        "A7/part_1.png: 1, lot A7",
        "A7/part_2.png: 2, lot A7",
        "The rule fits all names: 4.",
    ]
    preview.show_rule(folder, r"part_(?P<part>[0-2])")
    qtbot.waitUntil(lambda: "not A7/part_3.png" in preview.text())
    assert preview.text().splitlines()[-1] == "Names that the rule fits: 3 of 4, not A7/part_3.png."
    preview.show_rule(folder, r"(?P<part>\d+)$")
    qtbot.waitUntil(lambda: preview.text() == "Names that the rule fits: 0 of 4, not A7/part_0.png.")
    preview.close_down()


@pytest.mark.parametrize("rule", ["(?P<part>", r"\d"])
def test_a_wrong_rule_is_told_and_nothing_is_started(folder: Path, qtbot: QtBot, rule: str) -> None:
    dialog = ScanDialog(folder, command=["true"])
    qtbot.addWidget(dialog)

    dialog.form.editor("part_id").fill(rule)

    assert "Part id" in dialog.reason.text()
    assert not dialog.start_button.isEnabled()
    dialog.form.editor("part_id").fill(r"(?P<part>\d)")
    qtbot.waitUntil(lambda: "fits all names: 4" in dialog.parts.text())
    assert not dialog.parts.isHidden()
    dialog.reject()
