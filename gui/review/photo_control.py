"""Brings up the photo of a sample, its map and its defect regions, and what is shown beside it."""

from dataclasses import replace
from typing import Literal

import numpy as np
from PySide6.QtCore import QObject, Signal

from gui.pictures.picture_cache import PictureCache
from gui.pictures.sample_picture import Defects, SamplePicture
from gui.pictures.side_view import SideView
from gui.review.gallery_model import GalleryModel
from gui.review.pan_view import ViewPlace
from gui.review.side_panel import SidePanel
from gui.review.state import ReviewState
from gui.review.viewer import Viewer
from gui.shell.labels import GAP
from gui.shell.numbers import show_number
from gui.shell.texts import show_identity, translate_sentence
from inspector.places import is_there

Sight = Literal["drawn", "loading", "unseen"]


class PhotoControl(QObject):
    """Ties the viewer and the list of regions to the sample that is looked at."""

    problem = Signal(str)
    drawn = Signal()
    """The photo of the current sample is there in full."""

    def __init__(
        self, state: ReviewState, viewer: Viewer, panel: SidePanel, thumbnails: GalleryModel, parent: QObject
    ) -> None:
        """Serve a viewer and a panel; `thumbnails` gives what is shown until the photo is there."""
        super().__init__(parent)
        self.region: int | None = None
        self._unseen = False
        self._before: tuple[ViewPlace, ViewPlace] | None = None
        """Where one looked before the first jump to a region, and after the last."""
        self.defects = Defects()
        self.oddest_shown = False
        self._state, self._viewer, self._panel, self._thumbnails = state, viewer, panel, thumbnails
        self.pictures = PictureCache(self)
        self.side_view = SideView(viewer, self.pictures, self)
        self.pictures.ready.connect(self._show_picture)
        self.pictures.failed.connect(self._show_failure)
        self.pictures.found.connect(self._show_defects)
        self.pictures.problem.connect(self.problem)
        for view in (viewer.main_view, viewer.second_view):
            view.detail_wanted.connect(self.pictures.want_detail)
            self.pictures.detailed.connect(view.show_detail)
        self.side_view.problem.connect(self.problem)
        viewer.colormap_chosen.connect(self._recolour)
        panel.region_chosen.connect(self.go_to_region)

    def open_run(self) -> None:
        """Serve the run that is looked at now, or none."""
        self.pictures.open(self._state.session)
        self.side_view.open(self._state.session)
        self._forget_regions()

    def show_current(self) -> None:
        """Bring up the sample that is looked at."""
        sample = self._state.current
        assert sample is not None
        self._forget_regions()
        self.leave_region()
        self._unseen = False
        self._viewer.locate.hide()
        self._show_photo(sample)
        self.side_view.show(sample)

    def sight(self) -> Sight:
        """Tell whether the current sample is seen: "drawn" in full, still "loading", or "unseen" for good."""
        picture = self._viewer.main_view.picture()
        if picture is not None and picture.index == self._state.current:
            return "drawn"
        return "unseen" if self._unseen else "loading"

    def close(self) -> None:
        """End all threads."""
        self.pictures.close()
        self.side_view.close()

    def show_caption(self) -> None:
        """Write name, size, score and decision above the photo anew; a part that is asked for shows where it is odd."""
        if self._state.current is not None:
            if self.defects.oddest:  # it may be asked for by now
                self._draw_defects()
            self._viewer.show_caption(self._caption(self._state.current))

    def toggle_oddest(self) -> None:
        """Show where parts are oddest of which nothing lies above the threshold, or do not."""
        self.oddest_shown = not self.oddest_shown
        self.show_caption()

    def _shows_oddest(self) -> bool:
        """Tell whether rings show where the part that is looked at is oddest."""
        sample = self._state.current
        asked = sample is not None and self._state.asks_for(sample)
        return bool(self.defects.oddest) and (asked or self.oddest_shown)

    def _draw_defects(self) -> None:
        shown = self.defects if self._shows_oddest() else replace(self.defects, oddest=())
        self._viewer.show_defects(shown, self.region)

    def look_for_defects(self) -> None:
        """Look for what lies above the threshold as it is now."""
        picture = self._viewer.main_view.picture()
        threshold = self._state.session.map_threshold if self._state.session else None
        if picture is not None and threshold is not None:
            self.pictures.find(picture, threshold)

    def go_to_region(self, number: int) -> None:
        """Look at a region, counted from 0."""
        if not 0 <= number < len(self.defects.regions):
            return
        self.region = number
        self._viewer.boxes.setChecked(True)
        place = self._viewer.main_view.place()
        moved = self._before is None or place != self._before[1]
        self._viewer.look_at_region(number)
        self._before = (place if moved or self._before is None else self._before[0], self._viewer.main_view.place())
        self._panel.mark_region(number)

    def leave_region(self) -> None:
        """Look again as before the first jump to a region, unless the operator has moved the photo since."""
        view, before = self._viewer.main_view, self._before
        self._before = None
        if before is not None and view.place() == before[1]:
            view.show_place(before[0])

    def step_region(self, by: int) -> None:
        """Go to the next or the last region, round at the end."""
        count = len(self.defects.regions)
        if count:
            start = -1 if self.region is None and by > 0 else (self.region or 0)
            self.go_to_region((start + by) % count)

    def _forget_regions(self) -> None:
        self.region, self.defects = None, Defects()
        self._panel.show_regions(())

    def _show_photo(self, sample: int) -> None:
        session = self._state.session
        assert session is not None
        row = session.rows[sample]
        picture = self.pictures.want(sample, session.neighbours(sample))
        if picture is not None:
            self._show_picture(picture)
        elif session.unreadable[sample]:
            self._show_unseen(sample, self.tr("This photo could not be read.") + f"\n{translate_sentence(row.reason)}")
        elif session.store.artefacts.picture_of(row) is None:
            self._show_unseen(sample, self.tr("This sample has no photo."))
        else:
            thumbnail = self._thumbnails.thumbnail(sample)
            if thumbnail is not None and not thumbnail.isNull() and row.width and row.height:
                self._viewer.show_preview(thumbnail.toImage(), (row.height, row.width), self._caption(sample))
            else:
                self._viewer.show_message(self.tr("Loading the photo…"), self._caption(sample))

    def _show_picture(self, picture: SamplePicture) -> None:
        if picture.index == self._state.current:
            session = self._state.session
            box = None if session is None else session.boxes.get(session.rows[picture.index].position)
            self._viewer.show_picture(picture, self._caption(picture.index), box)
            self.look_for_defects()
            self.drawn.emit()

    def _show_unseen(self, sample: int, text: str) -> None:
        self._unseen = True
        self._viewer.show_message(text, self._caption(sample))

    def _show_failure(self, sample: int, reason: str) -> None:
        if sample == self._state.current:
            self._show_unseen(sample, self.tr("This photo cannot be shown.") + f"\n{translate_sentence(reason)}")
            session = self._state.session
            path = None if session is None else session.store.artefacts.picture_of(session.rows[sample])
            self._viewer.locate.setVisible(path is not None and not is_there(path))

    def _show_defects(self, sample: int, defects: Defects) -> None:
        session = self._state.session
        if sample != self._state.current or session is None:
            return
        if self.region is not None and self.region >= len(defects.regions):
            self.region = None
        self.defects = defects
        self._panel.show_regions(defects.regions, self.region, session.run.region_rule)
        self._draw_defects()
        self.show_caption()

    def _caption(self, sample: int) -> str:
        session = self._state.session
        assert session is not None
        row, score = session.rows[sample], session.finals[sample]
        parts = [row.name]
        if np.isfinite(score):
            decision = self.tr("flagged") if session.flagged[sample] else self.tr("not flagged")
            parts.append(f"{show_number(score)} {decision}")
        if self._shows_oddest():  # first, for they are explained nowhere else
            parts.append(self.tr("rings: oddest"))
        if self._state.asks_for(sample):
            parts.append(self.tr("asked for"))
        if row.identity:
            parts.append(show_identity(row.identity))
        if row.width and row.height:  # the least to miss where there is no room for all
            parts.append(f"{row.width} × {row.height}")
        return GAP.join(parts)

    def _recolour(self, name: str) -> None:
        self.pictures.set_colormap(name)
        if self._state.session is not None and self._state.current is not None:
            companion = self.side_view.companion
            self.pictures.want(self._state.current, [] if companion is None else [companion])
