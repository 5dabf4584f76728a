"""Widgets that are grey, and say in their tool tips why."""

from PySide6.QtWidgets import QWidget

from gui.shell.texts import show_letters

POSSIBLE, REFUSED, OWN_TIP, USUAL_TIP = "possible", "refused", "own_tip", "usual_tip"
"""Properties of a widget: whether it is grey for other reasons than who is signed in, why it is for that one, what its
tool tip says else, and what it says where the widget is possible."""


def enable(widget: QWidget, on: bool, tip: str | None = None) -> None:
    """Make a widget possible, as far as who is signed in may use it, or grey; with a tool tip of its own, if given."""
    if tip is not None:
        widget.setProperty(OWN_TIP, tip)
        widget.setToolTip(show_letters(widget.property(REFUSED) or "") or tip)
    widget.setProperty(POSSIBLE, on)
    widget.setEnabled(on and not widget.property(REFUSED))


def hold_back(widget: QWidget, why: str) -> None:
    """Make a widget grey, with the sentence that says why as its tool tip, or possible where there is none."""
    if widget.property(USUAL_TIP) is None:
        own = widget.property(OWN_TIP)
        widget.setProperty(USUAL_TIP, widget.toolTip() if own is None else own)
    enable(widget, not why, show_letters(why) or widget.property(USUAL_TIP))
