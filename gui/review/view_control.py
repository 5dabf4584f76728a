"""Goes from one view of a part to another."""

import numpy as np
from PySide6.QtCore import QObject, QSignalBlocker
from PySide6.QtGui import QPixmap

from gui.review.gallery import Gallery
from gui.review.session import Session
from gui.review.state import ReviewState
from gui.review.view_strip import ShownView, ViewStrip
from gui.shell.numbers import show_number
from gui.shell.texts import show_identity

VIEW = "view"
"""Group of a rule for part ids that names the view."""


class ViewControl(QObject):
    """Ties the strip of views to the list and the session."""

    def __init__(self, state: ReviewState, strip: ViewStrip, gallery: Gallery, parent: QObject) -> None:
        """Serve a strip."""
        super().__init__(parent)
        self._state, self._strip, self._gallery = state, strip, gallery
        strip.chosen.connect(self.show)
        gallery.chosen.connect(self._tell)
        gallery.samples.modelReset.connect(lambda: self._tell(state.current))

    def show(self, sample: int) -> None:
        """Look at a view: it stands for its part in the list from now on."""
        session = self._state.session
        if session is None:
            return
        session.views.choose(sample)
        with QSignalBlocker(self._gallery):
            self._gallery.samples.refresh()
        self._gallery.select_sample(sample)

    def step(self) -> None:
        """Look at the next view of the part, after the last one at the first."""
        session, current = self._state.session, self._state.current
        if session is not None and current is not None and len(views := session.views.of(current)) > 1:
            self.show(views[(views.index(current) + 1) % len(views)])

    def _tell(self, current: int | None) -> None:
        """Show the views of the part that a sample shows."""
        session = self._state.session
        if session is None or current is None or current >= len(session.rows):
            self._strip.hide()
            return
        known = {group: text for group, text in session.rows[current].identity.items() if group != VIEW}
        views = session.views.of(current)
        shown = [_describe(session, view) for view in views] if len(views) > 1 else []
        self._strip.show_views(show_identity(known), shown, current)


def _describe(session: Session, view: int) -> ShownView:
    row, score = session.rows[view], session.finals[view]
    name = row.identity.get(VIEW) or row.name.rpartition("/")[2]
    text = "  ".join([name[-20:], *([show_number(score)] if np.isfinite(score) else [])])
    path = session.store.artefacts.thumbnail_path(session.run.id, row.position)
    return ShownView(view, QPixmap(str(path)), text)
