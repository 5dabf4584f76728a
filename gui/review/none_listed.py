"""Where filter and search leave no sample, none is looked at, and none can be judged by mistake."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gui.review.state import ReviewState

if TYPE_CHECKING:
    from gui.review.screen import Review


def show_none(review: "Review", state: ReviewState) -> None:
    """Take the sample that was looked at off the screen; what was typed for it is kept with it."""
    review.verdicts.leave()
    state.current = None
    review.photo.open_run()
    review.viewer.show_message(QCoreApplication.translate("Review", "No sample is listed."), "")
    review.panel.plot.set_mark(None)
    review.verdicts.show_current()
    review.classes.forget()
