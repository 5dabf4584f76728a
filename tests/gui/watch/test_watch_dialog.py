"""The camera, the partner's wait and the recipe in the dialog of a watched folder."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.app import _parser
from gui.scanning.dialog import ScanDialog
from gui.watch.choice import RememberedWatch, WatchChoice
from gui.watch.control import list_recipes
from gui.watch.dialog import WatchDialog
from inspector.recipes import Recipe
from inspector.store.workspace import Workspace

CAMERA = WatchChoice("/a", recipe="washer", partner_wait=2.5, source="0", trigger="mqtt://b/t", alarm_rate=0.1)


def test_choice_of_a_camera_and_a_recipe_becomes_options_also_where_a_run_goes_on() -> None:
    again = ["--alarm-rate", "0.1", "--partner-wait", "2.5", "--source", "0", "--trigger", "mqtt://b/t"]

    assert CAMERA.to_options(resume=False) == ["--recipe", "washer", "--warm-up", "20", *again]
    assert CAMERA.to_options(resume=True) == ["--resume", *again]
    timed = WatchChoice("/a", source="file:a.avi", every=2.0)
    assert timed.to_options(resume=True) == ["--resume", "--source", "file:a.avi", "--every", "2.0"]
    kept = RememberedWatch("/w", CAMERA, going=True)
    assert RememberedWatch.from_json(kept.to_json()) == kept


@pytest.mark.parametrize(
    ("choice", "problem"),
    [
        (WatchChoice("/nowhere"), "folder"),
        (WatchChoice("/nowhere", source="file:a.avi"), ""),
        (WatchChoice("/nowhere", source="camera"), "source"),
        (WatchChoice("/nowhere", source="/dev/video0"), "trigger"),
        (WatchChoice("/nowhere", source="/dev/video0", every=1.0), ""),
        (WatchChoice("/nowhere", source="genicam:/p.cti"), ""),
        (WatchChoice("/nowhere", source="0", trigger="key"), "message"),
        (WatchChoice("/nowhere", source="0", trigger="mqtts://b/t"), ""),
    ],
)
def test_what_a_camera_lacks_is_found_before_anything_is_started(choice: WatchChoice, problem: str) -> None:
    assert choice.find_problem() == problem


def test_dialog_gives_what_its_fields_of_a_camera_say(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = WatchDialog(WatchChoice(str(tmp_path)), {}, recipes=["nut", "washer"])
    qtbot.addWidget(dialog)
    camera = dialog.camera
    assert (camera.when.isEnabled(), dialog.preset.isEnabled()) == (False, True)

    camera.source.setText("0")
    assert dialog.message.text().startswith("This camera gives photos all the time")
    camera.when.setCurrentIndex(camera.when.findData("message"))
    camera.message.setText("key")
    assert dialog.message.text() == "Messages come from mqtt://HOST/TOPIC."
    camera.message.setText("mqtt://b/t")
    dialog.recipe.setCurrentIndex(2)
    dialog.partner_wait.setValue(2.5)

    assert (dialog.message.text(), dialog.start_button.isEnabled(), dialog.preset.isEnabled()) == ("", True, False)
    found = WatchChoice(str(tmp_path), recipe="washer", partner_wait=2.5, source="0", trigger="mqtt://b/t")
    assert dialog.choice() == found
    assert WatchDialog(found, {}, dialog, recipes=["nut", "washer"]).choice() == found
    camera.when.setCurrentIndex(camera.when.findData("clock"))
    camera.every.setValue(0.5)
    assert (dialog.choice().every, dialog.choice().trigger) == (0.5, "")
    camera.source.clear()
    assert (dialog.choice().source, dialog.choice().every, camera.when.isEnabled()) == ("", None, False)


def test_recipes_that_a_line_refuses_are_not_offered(tmp_path: Path) -> None:
    with Workspace(tmp_path) as store:
        for name, settings in (
            ("nut", {"degrees": [1]}),
            ("plate", {"tiles": "2"}),
            ("cast", {"camera": [5, 5, 2, 2]}),
            ("shell", {"modality": "3d", "search_radius": 2}),
        ):
            store.recipes.save(Recipe(name=name, settings=settings))

        assert list_recipes(store) == ["nut"]


def test_a_tilde_that_nobody_expanded_is_the_users_folder(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    options = _parser().parse_args(["--workspace=~/own", "~/lot"])
    scan, watch = ScanDialog(Path("~/lot"), command=["true"]), WatchDialog(WatchChoice("~/lot", golden="~/good"), {})
    for dialog in (scan, watch):
        qtbot.addWidget(dialog)

    assert [Path(options.workspace), Path(options.target)] == [tmp_path / "own", tmp_path / "lot"]
    assert scan.folder() == tmp_path / "lot"
    assert [Path(watch.choice().folder), Path(watch.choice().golden)] == [tmp_path / "lot", tmp_path / "good"]
    scan.reject()
