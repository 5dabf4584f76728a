from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.watch.choice import RememberedWatch, WatchChoice, usable_presets
from gui.watch.dialog import WatchDialog
from inspector.jobs.line import check_settings
from inspector.presets import PRESETS


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (WatchChoice("/a", warm_up=12), "--preset fast --warm-up 12"),
        (WatchChoice("/a", "golden", golden="/g"), "--preset fast --golden /g"),
        (WatchChoice("/a", "like", like=7, only_new=True), "--preset fast --like 7 --only-new"),
        (
            WatchChoice("/a", sinks=("file:/x", "mqtt://b/t"), alarm_rate=0.1),
            "--preset fast --warm-up 20 --alarm-rate 0.1 --on-result file:/x --on-result mqtt://b/t",
        ),
    ],
)
def test_choice_becomes_the_options_of_the_command_line(choice: WatchChoice, expected: str) -> None:
    assert choice.to_options(resume=False) == expected.split()


def test_presets_that_are_offered_go_on_a_line() -> None:
    assert {"embedded", "fast"} <= set(usable_presets())
    for name in usable_presets():
        assert check_settings(PRESETS[name]).windows == ()


def test_run_that_goes_on_has_its_own_beginning_and_the_same_sinks() -> None:
    choice = WatchChoice("/a", "golden", golden="/g", only_new=True, sinks=("file:/x",), alarm_rate=0.2)

    assert choice.to_options(resume=True) == ["--resume", "--alarm-rate", "0.2", "--on-result", "file:/x"]


def test_what_was_watched_is_remembered_and_other_text_is_not_taken_for_it() -> None:
    kept = RememberedWatch("/w", WatchChoice("/a", sinks=("file:/x",)), going=True)

    assert RememberedWatch.from_json(kept.to_json()) == kept
    for text in ("", "3", "[]", "{}", '{"workspace": "/w", "choice": {"sinks": [], "foldr": ""}, "going": true}'):
        assert RememberedWatch.from_json(text) is None


def test_dialog_gives_what_its_fields_say(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = WatchDialog(WatchChoice(""), {3: "run 3", 9: "run 9"})
    qtbot.addWidget(dialog)
    assert not dialog.start_button.isEnabled()

    dialog.path.setText(str(tmp_path))
    dialog.starts["like"].setChecked(True)
    dialog.like.setCurrentIndex(1)
    dialog.only_new.setChecked(True)
    dialog.alarm.setChecked(True)
    dialog.alarm_rate.setValue(25)
    dialog.sinks.setPlainText(" file:/x \n\nmqtt://b/t\n")

    assert dialog.start_button.isEnabled()
    assert dialog.choice() == WatchChoice(
        str(tmp_path), "like", like=9, only_new=True, sinks=("file:/x", "mqtt://b/t"), alarm_rate=0.25
    )
    assert WatchDialog(dialog.choice(), {3: "run 3", 9: "run 9"}, dialog).choice() == dialog.choice()


def test_dialog_says_what_is_missing(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = WatchDialog(WatchChoice(str(tmp_path / "gone")), {})
    qtbot.addWidget(dialog)
    assert dialog.message.text() == "This folder is not there."
    assert not dialog.starts["like"].isEnabled()

    dialog.path.setText(str(tmp_path))
    dialog.starts["golden"].setChecked(True)
    assert dialog.message.text() == "Name a folder of known good parts."
    dialog.golden.setText(str(tmp_path))
    dialog.sinks.setPlainText("somewhere")
    assert dialog.message.text().startswith("An address is KIND:PLACE")
    assert not dialog.start_button.isEnabled()
    dialog.sinks.setPlainText("")
    assert dialog.message.text() == ""
    assert dialog.start_button.isEnabled()
