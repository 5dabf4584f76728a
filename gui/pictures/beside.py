"""What is shown beside the photo: the most similar normal sample, or the sample's cloud."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.clouds.projection import ScoredCloud
from gui.pictures.companion import candidates, most_similar
from gui.pictures.pictures import Picture
from gui.pictures.shelf import Shelf
from gui.review.session import Session
from gui.review.viewer import Viewer
from gui.shell.background import Background

CloudArrays = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]
"""Points, scores and pixels, as the store keeps them."""


class Beside(QObject):
    """Fetches the companion and the cloud of the current sample when the viewer's switches ask for them."""

    problem = Signal(str)

    def __init__(self, viewer: Viewer, shelf: Shelf, parent: QObject) -> None:
        """Serve a viewer."""
        super().__init__(parent)
        self.companion: int | None = None
        self._viewer, self._shelf = viewer, shelf
        self._session: Session | None = None
        self._sample: int | None = None
        self._compare = Background(self, threads=1, waiting=1)
        self._clouds = Background(self, threads=1, waiting=1)
        self._compare.finished.connect(self._companion_found)
        self._clouds.finished.connect(self._cloud_ready)
        self._clouds.failed.connect(lambda _, error: self.problem.emit(str(error)))
        shelf.ready.connect(self._picture_ready)
        shelf.failed.connect(self._picture_failed)
        viewer.compare_switched.connect(lambda _: self._show_companion())
        viewer.cloud.toggled.connect(lambda _: self._show_cloud())
        viewer.picked.connect(viewer.mark_in_cloud)

    def open(self, session: Session) -> None:
        """Serve another run."""
        self._session, self._sample, self.companion = session, None, None
        self._compare.forget()
        self._clouds.forget()

    def show(self, sample: int) -> None:
        """Serve another sample."""
        self._sample = sample
        self._show_companion()
        self._show_cloud()

    def close(self) -> None:
        """End the threads."""
        self._compare.close()
        self._clouds.close()

    def _show_companion(self) -> None:
        session, sample = self._session, self._sample
        self.companion = None
        if session is None or sample is None or not self._viewer.compare.isChecked():
            return
        others = candidates(session, sample)
        path = partial(session.store.artefacts.thumbnail_path, session.run.id)
        paths = [path(session.rows[other].position) for other in others]
        own = path(session.rows[sample].position)
        self._compare.submit((sample, tuple(others)), partial(most_similar, own, paths))

    def _companion_found(self, key: tuple[int, tuple[int, ...]], place: int | None) -> None:
        sample, others = key
        if sample != self._sample or not self._viewer.compare.isChecked():
            return
        if place is None:
            self._viewer.show_companion(None, self.tr("No normal sample to compare with."))
            return
        self.companion = others[place]
        picture = self._shelf.want(self.companion)
        if picture is not None:
            self._picture_ready(picture)

    def _picture_ready(self, picture: Picture) -> None:
        if picture.index == self.companion and self._session is not None:
            name = self._session.rows[picture.index].name
            self._viewer.show_companion(picture, self.tr("Most similar normal sample: {name}").format(name=name))

    def _picture_failed(self, sample: int, reason: str) -> None:
        if sample == self.companion:
            self._viewer.show_companion(None, reason)

    def _show_cloud(self) -> None:
        session, sample = self._session, self._sample
        if session is None or sample is None:
            return
        run_id, position = session.run.id, session.rows[sample].position
        there = session.store.artefacts.cloud_path(run_id, position).exists()
        self._viewer.offer_cloud(there)
        if there and self._viewer.cloud.isChecked():
            self._clouds.submit(sample, partial(session.store.artefacts.load_cloud, run_id, position))

    def _cloud_ready(self, sample: int, arrays: CloudArrays | None) -> None:
        if self._session is not None and sample == self._sample and arrays is not None:
            self._viewer.show_cloud(ScoredCloud(*arrays), self._session.run.display_range or (0.0, 1.0))
