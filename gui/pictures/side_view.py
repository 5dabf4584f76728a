"""What is shown beside the photo: the most similar normal sample, or the sample's cloud."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from gui.clouds.projection import ScoredCloud
from gui.clouds.surface import find_spacing, shade_points
from gui.pictures.companion import candidates, find_most_similar
from gui.pictures.picture_cache import PictureCache
from gui.pictures.sample_picture import SamplePicture
from gui.review.session import Session
from gui.review.viewer import Viewer
from gui.shell.background import Background, describe_failure
from gui.shell.texts import say_alone
from inspector.export.isolates import isolate_path
from inspector.places import is_there
from inspector.store.workspace import Workspace


class SideView(QObject):
    """Fetches the companion and the cloud of the current sample when the viewer's switches ask for them."""

    problem = Signal(str)
    found = Signal(object, str)
    """`SamplePicture` of the most similar normal sample, and a caption for it."""

    def __init__(self, viewer: Viewer, pictures: PictureCache, parent: QObject) -> None:
        """Serve a viewer."""
        super().__init__(parent)
        self.companion: int | None = None
        self._viewer, self._pictures = viewer, pictures
        self._session: Session | None = None
        self._sample: int | None = None
        self._finding = False
        self._compare = Background(self, self._tell_no_companion, threads=1, waiting=1)
        self._clouds = Background(self, self._tell_no_cloud, threads=1, waiting=1)
        self._compare.finished.connect(self._want_companion)
        self._clouds.finished.connect(self._hand_over_cloud)
        pictures.ready.connect(self._hand_over_picture)
        pictures.failed.connect(self._tell_no_picture)
        viewer.compare_switched.connect(self._begin_to_compare)
        viewer.cloud.toggled.connect(lambda _: self._show_cloud())
        viewer.picked.connect(viewer.mark_in_cloud)

    def open(self, session: Session | None) -> None:
        """Serve another run, or none; nothing of the one before stays on the screen."""
        self._session, self._sample, self.companion = session, None, None
        self._compare.forget()
        self._clouds.forget()
        self._viewer.offer_cloud(False)
        if self._viewer.compare.isChecked():
            self._viewer.show_companion(None, "")

    def show(self, sample: int) -> None:
        """Serve another sample."""
        self._sample, self._finding = sample, False
        self._show_companion()
        self._show_cloud()

    def find(self) -> None:
        """Look for the most similar normal sample, whether or not it is shown beside; `found` brings it."""
        self._finding = True
        picture = None if self.companion is None else self._pictures.want(self.companion)
        if picture is not None:
            self.found.emit(picture, self._caption(picture))
        else:
            self._show_companion()

    def _is_wanted(self) -> bool:
        return self._viewer.compare.isChecked() or self._finding

    def close(self) -> None:
        """End the threads."""
        self._compare.close()
        self._clouds.close()

    def _begin_to_compare(self, on: bool) -> None:
        if on:  # until it is found: what was seen there is the part itself
            self._viewer.show_companion(None, self.tr("Looking for the most similar normal sample…"))
        self._show_companion()

    def _show_companion(self) -> None:
        session, sample = self._session, self._sample
        self.companion = None
        if session is None or sample is None or not self._is_wanted():
            return
        others = candidates(session, sample)
        own, *positions = (session.rows[each].position for each in (sample, *others))
        find = partial(find_most_similar, session.store, session.run.id, own, positions)
        self._compare.submit((sample, tuple(others)), find)

    def _want_companion(self, key: tuple[int, tuple[int, ...]], place: int | None) -> None:
        sample, others = key
        if sample != self._sample or not self._is_wanted():
            return
        if place is None:
            self._viewer.show_companion(None, self.tr("No normal sample to compare with."))
            return
        self.companion = others[place]
        picture = self._pictures.want(self.companion)
        if picture is not None:
            self._hand_over_picture(picture)

    def _hand_over_picture(self, picture: SamplePicture) -> None:
        if picture.index == self.companion and self._session is not None:
            if self._viewer.compare.isChecked():
                self._viewer.show_companion(picture, self._caption(picture))
            self.found.emit(picture, self._caption(picture))

    def _caption(self, picture: SamplePicture) -> str:
        assert self._session is not None
        name = self._session.rows[picture.index].name
        return self.tr("Most similar normal sample: {name}").format(name=isolate_path(name))

    def _tell_no_picture(self, sample: int, reason: str) -> None:
        if sample == self.companion:
            self._viewer.show_companion(None, say_alone(reason))

    def _tell_no_companion(self, key: tuple[int, tuple[int, ...]], error: Exception) -> None:
        if key[0] == self._sample and self._viewer.compare.isChecked():
            self._viewer.show_companion(None, say_alone(describe_failure(error)))

    def _tell_no_cloud(self, sample: int, error: Exception) -> None:
        if sample == self._sample:
            self.problem.emit(describe_failure(error))

    def _show_cloud(self) -> None:
        session, sample = self._session, self._sample
        if session is None or sample is None:
            return
        run_id, position = session.run.id, session.rows[sample].position
        there = is_there(session.store.artefacts.cloud_path(run_id, position))
        self._viewer.offer_cloud(there)
        if there and self._viewer.cloud.isChecked():
            self._clouds.submit(sample, partial(load_scored_cloud, session.store, run_id, position))

    def _hand_over_cloud(self, sample: int, cloud: ScoredCloud | None) -> None:
        if self._session is not None and sample == self._sample and cloud is not None:
            self._viewer.show_cloud(cloud, self._session.run.display_range or (0.0, 1.0))


def load_scored_cloud(store: Workspace, run_id: int, position: int) -> ScoredCloud | None:
    """Read the cloud of a sample and compute how it is drawn; None where there is none."""
    arrays = store.artefacts.load_cloud(run_id, position)
    if arrays is None:
        return None
    points, scores, pixels = arrays
    return ScoredCloud(points, scores, pixels, shade_points(points), find_spacing(points))
