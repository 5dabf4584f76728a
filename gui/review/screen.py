"""The review screen: list, viewer and panel, and what ties them to a session."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QByteArray, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from gui.pictures.picture_cache import PictureCache
from gui.pictures.sample_picture import Defects, SamplePicture
from gui.pictures.side_view import SideView
from gui.review.filters import FilterBar
from gui.review.gallery import Gallery
from gui.review.session import Session
from gui.review.side_panel import SidePanel
from gui.review.verdict_bar import VerdictBar
from gui.review.viewer import Viewer
from inspector.errors import StoreError

LIST_WIDTH = 290
"""Pixels that the outer panes need at least, so that no score or chip is cut off."""


class Review(QWidget):
    """Looks at one session. What the operator does goes to the session; what the session says is shown."""

    problem = Signal(str)
    """A sentence about something that could not be done."""
    changed = Signal()
    """A verdict was given, taken back or said again; or another run was opened."""

    def __init__(self, ask_operator: Callable[[], str], parent: QWidget | None = None) -> None:
        """Make an empty screen.

        Args:
            ask_operator: returns the operator's name, asking for it where needed; "" = not told.
            parent: owner.
        """
        super().__init__(parent)
        self.session: Session | None = None
        self.current: int | None = None
        self.region: int | None = None
        self.defects = Defects()
        self._ask_operator = ask_operator
        self.pictures = PictureCache(self)
        self.filters, self.gallery, self.viewer, self.panel = FilterBar(), Gallery(), Viewer(), SidePanel()
        self.verdicts = VerdictBar()
        self.side_view = SideView(self.viewer, self.pictures, self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = QWidget()
        left.setMinimumWidth(LIST_WIDTH)
        self.panel.setMinimumWidth(LIST_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self.gallery, 1)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.viewer, 1)
        column.addWidget(self.verdicts)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for pane, name in ((left, self.tr("List")), (middle, self.tr("Viewer")), (self.panel, self.tr("Details"))):
            pane.setAccessibleName(name)
            self.splitter.addWidget(pane)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([320, 760, 320])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _connect(self) -> None:
        self.filters.searched.connect(self._search)
        self.filters.filtered.connect(self.set_filter)
        self.filters.sorted.connect(self._sort)
        self.gallery.chosen.connect(self.show_sample)
        self.pictures.ready.connect(self._picture_ready)
        self.pictures.failed.connect(self._picture_failed)
        self.pictures.found.connect(self._defects_found)
        self.viewer.colormap_chosen.connect(self._recolour)
        self.panel.threshold_moved.connect(self.move_threshold)
        self.panel.threshold_rests.connect(lambda _: self._keep_threshold())
        self.panel.threshold_reset.connect(self._reset_threshold)
        self.panel.region_chosen.connect(self.go_to_region)
        self.panel.commented.connect(self._keep_comment)
        self.verdicts.given.connect(self.decide)
        for source in (self.side_view, self.pictures, self.gallery.samples):
            source.problem.connect(self.problem)

    def close_down(self) -> None:
        """End all threads."""
        self.gallery.samples.close()
        self.pictures.close()
        self.side_view.close()

    # A run

    def open(self, session: Session) -> None:
        """Show a run from its oddest sample on."""
        self.session, self.current = session, None
        self.pictures.open(session)
        self.side_view.open(session)
        self.filters.reset()
        self.gallery.samples.open(session)
        scores = session.finals[session.scored]
        self.panel.plot.show_scores(scores, session.threshold)
        self._tell_decisions()
        first = self.gallery.samples.sample_at(0)
        if first is None:
            self.viewer.show_message(self.tr("This run holds no samples."), "")
        else:
            self.gallery.select_sample(first)
        self.gallery.setFocus()
        self.changed.emit()

    def show_sample(self, sample: int) -> None:
        """Bring a sample up."""
        session = self.session
        if session is None or sample == self.current:
            return
        self.current, self.region, self.defects = sample, None, Defects()
        self.panel.show_regions(())
        self.panel.show_history(session.history(sample))
        self.panel.plot.set_mark(float(session.finals[sample]))
        self._mark_verdict()
        self._show_photo()
        self.side_view.show(sample)

    def step(self, by: int) -> None:
        """Go on or back in the list."""
        row = self.gallery.samples.row_of(self.current)
        place = 0 if row is None else row + by
        sample = self.gallery.samples.sample_at(place)
        if sample is not None:
            self.gallery.select_sample(sample)

    def next_unreviewed(self) -> None:
        """Go to the next sample without verdict."""
        sample = self.session.next_unreviewed(self.current) if self.session else None
        if sample is not None:
            self.gallery.select_sample(sample)

    # Photos

    def _show_photo(self) -> None:
        session, sample = self.session, self.current
        assert session is not None
        assert sample is not None
        row = session.rows[sample]
        picture = self.pictures.want(sample, session.neighbours(sample))
        if picture is not None:
            self._picture_ready(picture)
        elif session.unreadable[sample]:
            self.viewer.show_message(
                self.tr("This photo could not be read.") + f"\n{row.reason}", self._caption(sample)
            )
        elif session.store.artefacts.picture_of(row) is None:
            self.viewer.show_message(self.tr("This sample has no photo."), self._caption(sample))
        else:
            thumbnail = self.gallery.samples.thumbnail(sample)
            if thumbnail is not None and not thumbnail.isNull() and row.width and row.height:
                self.viewer.show_preview(thumbnail.toImage(), (row.height, row.width), self._caption(sample))

    def _picture_ready(self, picture: SamplePicture) -> None:
        if picture.index == self.current:
            self.viewer.show_picture(picture, self._caption(picture.index))
            self._look_for_defects()

    def _picture_failed(self, sample: int, reason: str) -> None:
        if sample == self.current:
            text = self.tr("This photo cannot be shown.") + f"\n{reason}"
            self.viewer.show_message(text, self._caption(sample))

    def _caption(self, sample: int) -> str:
        session = self.session
        assert session is not None
        row, score = session.rows[sample], session.finals[sample]
        parts = [row.name]
        if row.width and row.height:
            parts.append(f"{row.width} × {row.height}")
        if np.isfinite(score):
            decision = self.tr("flagged") if session.flagged[sample] else self.tr("passed")
            parts.append(f"{score:.3f} {decision}")
        return "   ".join(parts)

    def _recolour(self, name: str) -> None:
        self.pictures.set_colormap(name)
        if self.session is not None and self.current is not None:
            self.pictures.want(self.current, [] if self.side_view.companion is None else [self.side_view.companion])

    # Defect regions

    def _look_for_defects(self) -> None:
        picture = self.viewer.main_view.picture()
        threshold = self.session.map_threshold if self.session else None
        if picture is not None and threshold is not None:
            self.pictures.find(picture, threshold)

    def _defects_found(self, sample: int, threshold: float, defects: Defects) -> None:
        if sample != self.current or self.session is None or threshold != self.session.map_threshold:
            return
        if self.region is not None and self.region >= len(defects.regions):
            self.region = None
        self.defects = defects
        self.panel.show_regions(defects.regions, self.region)
        self.viewer.show_defects(defects, self.region)

    def go_to_region(self, number: int) -> None:
        """Look at a region, counted from 0."""
        if not 0 <= number < len(self.defects.regions):
            return
        self.region = number
        self.viewer.boxes.setChecked(True)
        self.viewer.look_at_region(number)
        self.panel.mark_region(number)

    def step_region(self, by: int) -> None:
        """Go to the next or the last region, round at the end."""
        count = len(self.defects.regions)
        if count:
            start = -1 if self.region is None and by > 0 else (self.region or 0)
            self.go_to_region((start + by) % count)

    # Verdicts

    def decide(self, verdict: str) -> None:
        """Say something of the current sample and bring up the next one without verdict."""
        session, sample = self.session, self.current
        if session is None or sample is None or not (operator := self._ask_operator()):
            return
        following = session.next_unreviewed(sample)
        if not self._try(lambda: session.decide(sample, verdict, operator, self.panel.comment.text().strip())):
            return
        self.panel.comment.clear()
        self._after_verdict(sample if following is None else following)

    def undo(self) -> None:
        """Take the last verdict back and show its sample."""
        self._go_back(lambda session, operator: session.undo(operator))

    def redo(self) -> None:
        """Say again what was taken back."""
        self._go_back(lambda session, operator: session.redo(operator))

    def _go_back(self, step: Callable[[Session, str], int | None]) -> None:
        session = self.session
        if session is None or not (operator := self._ask_operator()):
            return
        touched: list[int | None] = []
        if self._try(lambda: touched.append(step(session, operator))) and touched[0] is not None:
            self._after_verdict(touched[0])

    def _after_verdict(self, show: int) -> None:
        self._tell_decisions(relist=True)
        if self.gallery.samples.row_of(show) is None:
            self.set_filter("all")
            self.filters.chips["all"].setChecked(True)
        self.gallery.select_sample(show)
        self.show_sample(show)
        assert self.session is not None
        self.panel.show_history(self.session.history(show))
        self._mark_verdict()
        self.changed.emit()

    def _keep_comment(self) -> None:
        session, sample = self.session, self.current
        text = self.panel.comment.text().strip()
        if session is None or sample is None or not text or not (operator := self._ask_operator()):
            return
        if self._try(lambda: session.decide(sample, session.verdict(sample), operator, text)):
            self.panel.comment.clear()
            self.panel.show_history(session.history(sample))
            self.gallery.setFocus()
            self.changed.emit()

    def _try(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except StoreError as error:
            self.problem.emit(str(error))
            return False
        return True

    def _mark_verdict(self) -> None:
        if self.session is not None and self.current is not None:
            self.verdicts.mark(self.session.verdict(self.current))

    # Threshold, list

    def move_threshold(self, threshold: float) -> None:
        """Decide all samples by another threshold at once."""
        if self.session is None:
            return
        self.session.set_threshold(threshold)
        self._tell_decisions(relist=self.session.filter in ("flagged", "passed"))
        self._look_for_defects()

    def _keep_threshold(self) -> None:
        if self.session is not None:
            self._try(self.session.keep_threshold)

    def _reset_threshold(self) -> None:
        threshold = self.session.label_free() if self.session else None
        if threshold is not None:
            self.move_threshold(threshold)
            self._keep_threshold()

    def _tell_decisions(self, *, relist: bool = False) -> None:
        session = self.session
        assert session is not None
        counts = session.counts()
        self.filters.show_counts(counts)
        self.panel.show_threshold(session.threshold, counts["flagged"], int(session.scored.sum()))
        done = counts["accepted"] + counts["rejected"]
        self.verdicts.show_count(done, counts["all"])
        if relist:
            self._relist()
        self.gallery.viewport().update()
        if self.current is not None:
            self.viewer.main_caption.setText(self._caption(self.current))

    def set_filter(self, name: str) -> None:
        """List the samples of one filter."""
        if self.session is not None:
            self.session.filter = name
            self._relist()

    def _search(self, text: str) -> None:
        if self.session is not None:
            self.session.search(text)
            self._relist()

    def _sort(self, order: str, descending: bool) -> None:
        if self.session is not None:
            self.session.sort(order, descending)
            self._relist()

    def _relist(self) -> None:
        with QSignalBlocker(self.gallery):
            self.gallery.samples.refresh()
            self.gallery.select_sample(self.current)
        if self.gallery.samples.row_of(self.current) is None and self.gallery.samples.rowCount():
            QTimer.singleShot(0, self._choose_listed)

    def _choose_listed(self) -> None:
        """The current sample is not listed any more: take the first that is."""
        first = self.gallery.samples.sample_at(0)
        if self.gallery.samples.row_of(self.current) is None and first is not None:
            self.gallery.select_sample(first)

    # Places

    def state(self) -> QByteArray:
        """Return how the panes share the width."""
        return self.splitter.saveState()

    def restore(self, state: QByteArray) -> None:
        """Share the width as before."""
        self.splitter.restoreState(state)
