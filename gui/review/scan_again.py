"""The open run's batch once more, judged by the parts that were accepted in it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gui.review.session import Session
from gui.shell.error_dialog import show_problem
from inspector.errors import InspectorError
from inspector.store.claims import IMPORTED, WATCHED
from inspector.store.rois import find_roi
from inspector.store.run_settings import read_settings

if TYPE_CHECKING:
    from gui.window import MainWindow

translate = QCoreApplication.translate

LEAST = 2
"""Accepted parts, of which each has another one that judges it."""


def say_why_not(session: Session | None) -> str:
    """Say why a run's batch cannot be scanned again, judged by accepted parts; "" where it can."""
    if session is None:
        return translate("Commands", "The run is being read.")
    if session.run.status != "done":
        return translate("ScanAgain", "This is for runs that are done.")
    if session.run.layout == WATCHED:
        return translate("ScanAgain", "A watched folder has known good parts of its own.")
    if session.run.layout == IMPORTED:
        return translate("ScanAgain", "Another program has found the scores of this run.")
    if _count_judges(session) < LEAST:
        return translate(
            "ScanAgain", "Accept at least two parts first, better eight, spread over the scores: they judge the others."
        )
    return ""


def _count_judges(session: Session) -> int:
    """Count the parts that would judge: views of one are no two, and none of a part with a rejected view judges."""
    spread = session.views.spread
    accepted = session.mask("accepted") & session.scored & ~spread(session.mask("rejected"))
    return int((spread(accepted) & session.views.listed).sum())


def scan_again(window: "MainWindow") -> None:
    """Scan the folder of the open run with its settings; only the parts that were accepted in it judge."""
    session = window.review.session
    if session is None or say_why_not(session) or not window.operator.may("scan"):
        return
    run = session.run
    try:
        settings = read_settings(run)
        if settings.roi is not None:  # its file may have changed or gone; what the run kept has not
            settings = settings.changed(roi=str(find_roi(session.store, run.id) or settings.roi))
        name = str((run.recipe or {}).get("name", ""))
        recipe = name if name in session.store.recipes.names() else ""
    except InspectorError as error:
        show_problem(window, str(error))
        return
    window.scans.scan(Path(run.root), settings, layout=run.layout, recipe=recipe, judged_by=run.id)
