"""What was typed or drawn stays in its dialog where it cannot be kept, with the reason."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from gui.review.class_editor import ClassEditor
from gui.review.part_dialog import PartDialog
from gui.roi.dialog import RoiDialog
from gui.shell.keeping import KeepingDialog, ask_and_keep
from gui.shell.texts import say_alone, show_letters
from gui.window import MainWindow
from inspector.errors import SettingsError, StoreError
from inspector.store.users import NotAllowed
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


class Case(NamedTuple):
    """How a dialog comes up, what is put in, what writes it, and how it is seen in the dialog and in the store."""

    command: str
    kind: type[KeepingDialog]
    put_in: Callable[[KeepingDialog], object]
    door: str
    writes: str
    shown: Callable[[KeepingDialog], object]
    kept: Callable[[Workspace], object]


CASES = (
    Case(
        "part",
        PartDialog,
        lambda dialog: dialog.fields["part"].setText("0012"),
        "runs",
        "keep_identity",
        lambda dialog: dialog.fields["part"].text(),
        lambda store: store.runs.samples(1)[0].identity.get("part"),
    ),
    Case(
        "classes",
        ClassEditor,
        lambda dialog: dialog.text.setPlainText("burr"),
        "classes",
        "save_of_run",
        lambda dialog: dialog.text.toPlainText(),
        lambda store: " ".join(store.classes.all()),
    ),
    Case(
        "roi",
        RoiDialog,
        lambda dialog: dialog.canvas.sketch.add("include", [(0, 0), (40, 0), (40, 30), (0, 30)]),
        "recipes",
        "save",
        lambda dialog: len(dialog.canvas.sketch.shapes),
        lambda store: len(store.recipes.get("lid").roi["features"]),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=[case.command for case in CASES])
def test_what_cannot_be_kept_stays_in_its_dialog(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    case: Case,
) -> None:
    make_run(2)[0].close()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("lid", True))
    window = make_window("1")
    wait_for_photo(window, qtbot)
    store = window.store
    assert store is not None
    window.menus.actions[case.command].trigger()
    dialog = window.findChild(case.kind)
    assert dialog is not None
    if isinstance(dialog, RoiDialog):
        qtbot.waitUntil(lambda: dialog.canvas.sketch is not None)
    case.put_in(dialog)
    typed = case.shown(dialog)

    for error in (StoreError("the disk is full"), NotAllowed("Mia may not"), OSError(5, "the share is away")):

        def refuse(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        with monkeypatch.context() as now:
            now.setattr(getattr(store, case.door), case.writes, refuse)
            dialog.accept()
        assert dialog.isVisible()
        assert (say_alone(str(error)) in dialog.refusal.text(), dialog.refusal.isVisible()) == (True, True)
        assert case.shown(dialog) == typed

    dialog.accept()
    assert not dialog.isVisible()
    assert case.kept(store) == typed


def test_who_may_not_any_more_loses_nothing_that_was_typed(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    make_run(2)[0].close()
    window = make_window("1")
    wait_for_photo(window, qtbot)
    window.menus.actions["part"].trigger()
    dialog = window.findChild(PartDialog)
    assert dialog is not None
    dialog.fields["part"].setText("0012")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("", False))
    window.operator.sign_out()

    dialog.accept()
    assert (dialog.isVisible(), dialog.fields["part"].text()) == (True, "0012")

    window.operator.sign_in("Ann")
    dialog.accept()
    assert window.store is not None
    assert [said.operator for said in window.store.audit.parts(1)] == ["Ann"]


def test_a_line_that_cannot_be_kept_is_asked_for_again_with_the_reason(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    answers = ["a/b", "lid"]

    def answer(_parent: object, _title: str, label: str, _echo: object, text: str) -> tuple[str, bool]:
        asked.append((label, text))
        return answers.pop(0), True

    def keep(name: str) -> None:
        if "/" in name:
            raise SettingsError("no <b> slashes")

    monkeypatch.setattr(QInputDialog, "getText", answer)
    ask_and_keep(None, "Keep", "Name", "", keep)
    assert asked == [("Name", ""), (show_letters("No <b> slashes\n\nName"), "a/b")]
    assert "&lt;b&gt;" in asked[1][0]
