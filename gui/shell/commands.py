"""What each command of `COMMANDS` does in a window."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gui.shell.dialogs import check_station, draw_region, edit_keys, show_about, show_help
from inspector.roles import Action

if TYPE_CHECKING:
    from gui.review.operator_mode import OperatorMode
    from gui.review.screen import Review
    from gui.review.session import Session
    from gui.shell.menus import Menus
    from gui.window import MainWindow

Handler = Callable[[], object]

translate = QCoreApplication.translate


def command_handlers(window: "MainWindow") -> dict[str, Handler]:
    """Return a function for each command, by its name."""
    return {
        "scan": window.choose_folder,
        "scan_again": partial(_scan_again, window),
        "watch": lambda: window.watching.ask(),
        "start": window.show_start,
        "show_scan": window.show_progress,
        "export": window.export,
        "statistics": lambda: window.pages.show_statistics(),
        "networks": lambda: window.pages.show_networks(),
        "quit": window.close,
        "operator": window.operator.change,
        "roi": partial(_set_up, window, "recipe", draw_region),
        "locate": partial(_locate_folder, window),
        "keys": partial(edit_keys, window),
        "help": partial(show_help, window),
        "check": partial(check_station, window),
        "about": partial(show_about, window),
        "operator_mode": partial(_toggle_operator_mode, window),
        **{name: partial(_perform, window, action) for name, action in SESSION.items()},
        **{name: partial(_do_at_once, window, action) for name, action in VIEW.items()},
    }


def _decide(review: "Review", verdict: str) -> None:
    from gui.review.many import decide_marked

    decide_marked(review, verdict)


SESSION: dict[str, Callable[["Review"], object]] = {
    "accept": partial(_decide, verdict="accepted"),
    "reject": partial(_decide, verdict="rejected"),
    "undecided": partial(_decide, verdict="undecided"),
    "undo": lambda review: review.verdicts.undo(),
    "redo": lambda review: review.verdicts.redo(),
    "next": lambda review: review.list.step(1),
    "previous": lambda review: review.list.step(-1),
    "unreviewed": lambda review: review.list.step_to_unreviewed(),
    "ask": lambda review: review.threshold.ask(),
    "next_region": lambda review: review.photo.step_region(1),
    "previous_region": lambda review: review.photo.step_region(-1),
}
"""What needs a run: waits while one is being read."""

VIEW: dict[str, Callable[["Review"], object]] = {
    "view": lambda review: review.views.step(),
    "part": lambda review: review.parts.edit(),
    "classes": lambda review: review.classes.edit(),
    "comment": lambda review: review.panel.comment.setFocus(),
    "search": lambda review: review.filters.search.setFocus(),
    "mode": lambda review: review.viewer.next_mode(),
    "heat": lambda review: review.viewer.toggle_heat(),
    "contour": lambda review: review.viewer.contour.toggle(),
    "regions": lambda review: review.viewer.boxes.toggle(),
    "oddest": lambda review: review.photo.toggle_oddest(),
    "leave_region": lambda review: review.photo.leave_region(),
    "grid": lambda review: review.filters.grid.toggle(),
    "shared": lambda review: review.show_shared(),
    "compare": lambda review: review.viewer.compare.toggle(),
    "cloud": lambda review: review.viewer.cloud.click(),
    "zoom_in": lambda review: review.viewer.main_view.zoom(1.25),
    "zoom_out": lambda review: review.viewer.main_view.zoom(0.8),
    "fit": lambda review: review.viewer.main_view.fit(),
    "actual": lambda review: review.viewer.main_view.actual_size(),
}


def find_switches(review: "Review", mode: "OperatorMode") -> dict[str, bool]:
    """Return which of the commands that are on or off are on."""
    viewer = review.viewer
    return {
        "heat": viewer.heat_shown,
        "contour": viewer.contour.isChecked(),
        "regions": viewer.boxes.isChecked(),
        "oddest": review.photo.oddest_shown,
        "compare": viewer.compare.isChecked(),
        "cloud": viewer.cloud.isChecked(),
        "grid": review.filters.grid.isChecked(),
        "operator_mode": mode.on,
    }


PHOTO_MENU = (
    ("accept", "reject", "undecided", "comment"),
    ("heat", "contour", "regions", "oddest", "compare"),
    ("zoom_in", "zoom_out", "fit", "actual"),
)
"""What a right click on the photo offers."""

LIST_MENU = (("accept", "reject", "undecided", "comment"), ("unreviewed", "ask", "search"), ("export",))
"""What a right click on the list offers."""


def enable_for_run(menus: "Menus", session: "Session | None") -> None:
    """Make possible what the open run allows, and the rest grey."""
    from gui.review.scan_again import say_why_not

    # while a run is being read, undo waits for it like other keys
    nothing = translate("Commands", "No verdict was given in this sitting that could be taken back.")
    menus.hold_back("undo", "" if session is None or session.can_undo else nothing)
    nothing = translate("Commands", "No verdict was taken back that could be given again.")
    menus.hold_back("redo", "" if session is None or session.can_redo else nothing)
    menus.hold_back("export", say_why_no_export(session))
    menus.hold_back("scan_again", say_why_not(session))


def say_why_no_export(session: "Session | None") -> str:
    """Say why a run cannot be exported; "" where it can."""
    if session is None:
        return translate("Commands", "The run is being read.")
    if session.run.status == "done":
        return ""
    if session.run.status == "running":
        return translate("Commands", "Once the run has ended it can be exported.")
    return translate("Commands", "The run was not finished: resume it in the list of runs, then it can be exported.")


def _set_up(window: "MainWindow", action: Action, do: Callable[["MainWindow"], None]) -> None:
    """Do what not everybody may."""
    if window.operator.may(action):
        do(window)


def _locate_folder(window: "MainWindow") -> None:
    from gui.review.relocating import locate_folder

    locate_folder(window)


def _scan_again(window: "MainWindow") -> None:
    from gui.review.scan_again import scan_again

    scan_again(window)


def _toggle_operator_mode(window: "MainWindow") -> None:
    if window.operator_screen is not None:
        window.operator_screen.toggle()


def _perform(window: "MainWindow", action: Callable[["Review"], object]) -> None:
    window.review.perform(action)


def _do_at_once(window: "MainWindow", action: Callable[["Review"], object]) -> None:
    action(window.review)
