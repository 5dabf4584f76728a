"""The window in operator mode: full screen, without menus, and only what concerns the part can be done."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

if TYPE_CHECKING:
    from gui.review.operator_mode import OperatorMode
    from gui.window import MainWindow

WORKS = (
    "accept", "reject", "undecided", "undo", "redo", "next", "previous", "unreviewed", "ask", "next_region",
    "previous_region", "heat", "oddest", "compare", "zoom_in", "zoom_out", "fit", "actual", "operator", "operator_mode",
    "quit", "help",
)  # fmt: skip
"""Commands that can be given: those of the part, none that sets anything up."""


class OperatorScreen(QObject):
    """Follows the operator mode of the review."""

    def __init__(self, window: "MainWindow", mode: "OperatorMode") -> None:
        """Serve a window."""
        super().__init__(window)
        self._window, self._mode = window, mode
        mode.switched.connect(self._switch)

    def toggle(self) -> None:
        """Go into the mode, where the review is on the screen, or out of it."""
        if self._window.screens.currentWidget() is self._window.review:
            self._mode.toggle()

    def leave(self) -> None:
        """Go out of the mode, if the window is in it."""
        if self._mode.on:
            self._mode.toggle()

    def _switch(self, on: bool) -> None:
        self._window.menuBar().setVisible(not on)
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._window.menus.restrict(WORKS if on else None)
