"""Which samples are listed, in which order, and going from one to the next."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSignalBlocker, QTimer, Signal

from gui.review.filters import FilterBar
from gui.review.gallery import Gallery
from gui.review.grid import GridPainter
from gui.review.run_loader import RunLoader
from gui.review.session import Session
from gui.review.state import ReviewState

PAUSE = 50
"""Milliseconds between two lists while the threshold is dragged."""


class ListControl(QObject):
    """Ties the list and the bar above it to the session."""

    emptied = Signal()
    """No sample is listed any more."""

    def __init__(
        self, state: ReviewState, filters: FilterBar, gallery: Gallery, loader: RunLoader, parent: QObject
    ) -> None:
        """Serve a list and a bar; `loader` finds what samples are sorted by."""
        super().__init__(parent)
        self._state, self._filters, self._gallery, self._loader = state, filters, gallery, loader
        filters.searched.connect(self._search)
        filters.filtered.connect(self.set_filter)
        filters.sorted.connect(lambda *_: self._sort())
        loader.timed.connect(self._take_times)
        self._cells = GridPainter(gallery)
        self._late = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._catch_up)
        filters.grid.toggled.connect(lambda on: gallery.show_grid(self._cells if on else None))

    def open(self, session: Session) -> None:
        """List a session as the bar says."""
        session.filter = self._filters.chosen()
        session.search(self._filters.search.text())
        self._order(session)
        self._gallery.samples.open(session)

    def show_first(self) -> bool:
        """Make the first of the list the current one; return whether there is any."""
        self._gallery.select_sample(self._gallery.samples.sample_at(0))
        return self._gallery.samples.rowCount() > 0

    def show(self, sample: int) -> None:
        """Make a sample the current one; where it is not listed, all are listed, and nothing is searched for."""
        if self._gallery.samples.row_of(sample) is None:
            self._filters.choose("all")
            self.set_filter("all")
        if self._gallery.samples.row_of(sample) is None:
            self._filters.search.clear()
        self._gallery.select_sample(sample)

    def step(self, by: int) -> None:
        """Go on or back in the list."""
        row = self._gallery.samples.row_of(self._state.current)
        sample = self._gallery.samples.sample_at(0 if row is None else row + by)
        if sample is not None:
            self._gallery.select_sample(sample)

    def step_to_unreviewed(self) -> None:
        """Go to the next sample without verdict."""
        session = self._state.session
        sample = session.next_unreviewed(self._state.current) if session else None
        if sample is not None:
            self._gallery.select_sample(sample)

    def set_filter(self, name: str) -> None:
        """List the samples of a filter, as `FilterBar.chosen` gives it."""
        if self._state.session is not None:
            self._state.session.filter = name
            self.relist()

    def relist(self, *, stay: bool = False) -> None:
        """Ask the session again; what is current and what is marked stays so where it is still listed.

        With `stay` the current sample, if there is one, is looked at on, listed or not: nothing comes up that the
        operator did not want. Where it is not listed, a single other part does not stay marked: a verdict is given to
        the one that is looked at.
        """
        marked = self._gallery.marked()
        with QSignalBlocker(self._gallery):
            self._gallery.samples.refresh()
            self._gallery.select_sample(self._state.current)
            is_listed = self._gallery.samples.row_of(self._state.current) is not None
            left = [sample for sample in marked if self._gallery.samples.row_of(sample) is not None]
            self._gallery.mark(left if is_listed or len(left) > 1 else ())
        stays = stay and self._state.current is not None
        if not stays and not is_listed:
            QTimer.singleShot(0, self._show_listed)

    def follow_threshold(self) -> None:
        """List anew what the threshold decides, if that is listed; a drag does not wait for a long list each time."""
        session = self._state.session
        if session is None or not {"flagged", "passed"} & set(session.filter.split("+")):
            return
        self._late = self._pause.isActive()
        if not self._late:
            self.relist()
            self._pause.start()

    def _catch_up(self) -> None:
        if self._late:
            self.follow_threshold()

    def _search(self, text: str) -> None:
        if self._state.session is not None:
            self._state.session.search(text)
            self.relist()

    def _sort(self) -> None:
        if self._state.session is not None and self._order(self._state.session):
            self.relist()

    def _order(self, session: Session) -> bool:
        """Sort as the bar says; by time only once the times are there. Tell whether the order is as it says."""
        order, descending = self._filters.chosen_order()
        if order == "time" and not session.knows_times:
            self._loader.find_times(session)
            return False
        session.sort(order, descending)
        return True

    def _take_times(self, times: NDArray[np.float64]) -> None:
        if self._state.session is not None:
            self._state.session.keep_times(times)
            self._sort()

    def _show_listed(self) -> None:
        """Where the current sample is not listed any more, take the first that is; or none."""
        if self._gallery.samples.row_of(self._state.current) is None and not self.show_first():
            self.emptied.emit()
