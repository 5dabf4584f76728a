"""A run's batch can be scanned again, judged by the parts that were accepted in it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gui.review.scan_again import say_why_not
from gui.review.session import Session
from gui.window import MainWindow
from inspector.settings import ScanSettings
from inspector.store.claims import IMPORTED, WATCHED
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


@pytest.mark.parametrize(("layout", "told"), [(WATCHED, "A watched folder"), (IMPORTED, "Another program")])
def test_it_is_for_batches_that_this_program_has_scanned(session: Session, layout: str, told: str) -> None:
    for part in (1, 2):
        session.decide(part, "accepted", "Mia")
    assert say_why_not(session) == ""
    session.run = replace(session.run, layout=layout)
    assert say_why_not(session).startswith(told)


def test_two_views_of_a_part_are_one_accepted_part(session: Session) -> None:
    for index in (1, 2):
        session.store.runs.keep_identity(session.run.id, index, {"part": "7"}, "Mia")
    again = Session(session.store, session.run.id)
    again.decide(1, "accepted", "Mia")
    assert say_why_not(again).startswith("Accept at least two parts first")
    again.decide(3, "accepted", "Mia")
    assert say_why_not(again) == ""
    again.store.verdicts.add(again.rows[2].id, "Bob", "rejected")
    assert say_why_not(Session(session.store, session.run.id)).startswith("Accept at least two parts first")


def test_it_takes_two_accepted_parts_and_the_settings_of_the_run(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, run_id = make_run()
    samples = store.runs.samples(run_id)
    store.verdicts.add(samples[1].id, "Mia", "accepted")
    window = make_window(str(run_id))
    wait_for_photo(window, qtbot)
    action = window.menus.actions["scan_again"]
    given: list[tuple[Any, ...]] = []
    monkeypatch.setattr(window.scans.engine, "start", lambda *of, **how: given.append((*of, how)))
    assert (action.isEnabled(), action.toolTip()[:28]) == (False, "Accept at least two parts fi")
    assert window.menus.menus["file"].toolTipsVisible()

    store.verdicts.add(samples[2].id, "Mia", "accepted")
    store.close()
    window.review.reread()
    qtbot.waitUntil(action.isEnabled)
    action.trigger()

    ((folder, _, settings, how),) = given
    assert (folder, settings) == (tmp_path / "photos", ScanSettings())
    assert how == {"layout": "plain", "resume": False, "recipe": "", "judged_by": run_id}
