"""The pictures at hand: what is looked at, what will probably be looked at next, and its defect regions."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from gui.pictures.sample_picture import LARGEST_PHOTO, Detail, SamplePicture, find_defects, load_detail, load_picture
from gui.review.session import Session
from gui.shell.background import Background, describe_failure
from inspector.decision.regions import ALL_REGIONS
from inspector.export.rendering import COLORMAPS

KEPT_BYTES = 600_000_000
"""Memory for pictures kept; at least the one looked at and its companion stay."""


class PictureCache(QObject):
    """Fetches pictures off the GUI thread and keeps the last ones."""

    ready = Signal(object)
    """The `SamplePicture` that arrived."""
    failed = Signal(int, str)
    """Sample, and why it cannot be shown."""
    found = Signal(int, object)
    """Sample, `Defects`; while the threshold moves, those of where it was a moment ago."""
    detailed = Signal(object)
    """`Detail` of a large photo that was wanted."""
    problem = Signal(str)
    """A sentence about defect regions that could not be found."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Make an empty cache."""
        super().__init__(parent)
        self._session: Session | None = None
        self._colormap = next(iter(COLORMAPS))
        self._pictures: OrderedDict[int, SamplePicture] = OrderedDict()
        self._photos = Background(self, self._tell_missing, threads=2, waiting=8)
        self._photos.finished.connect(self._keep)
        self._large = Background(self, lambda key, error: self._tell_missing(key[1], error), threads=1, waiting=8)
        self._large.finished.connect(self._take_large)
        self._search = Background(self, self._tell_search_failure, threads=1, waiting=1)  # only the last one counts
        self._search.finished.connect(self.found.emit)

    def open(self, session: Session | None) -> None:
        """Serve another run; what is on its way for the old one is dropped."""
        self._session = session
        self._forget()

    def set_colormap(self, name: str) -> None:
        """Colour maps in another way from now on."""
        self._colormap = name
        self._forget()

    def want(self, sample: int, soon: Sequence[int] = ()) -> SamplePicture | None:
        """Return a picture that is here, or None and fetch it first; then fetch those that are wanted soon."""
        for other in reversed(soon):
            if other not in self._pictures:
                self._fetch(other)
        picture = self._pictures.get(sample)
        if picture is None:
            self._fetch(sample)
        else:
            self._pictures.move_to_end(sample)
        return picture

    def want_detail(self, sample: int) -> None:
        """Read all pixels of a large photo; `detailed` brings them, nothing keeps them here."""
        session = self._session
        if session is None:
            return
        row = session.rows[sample]
        path = session.store.artefacts.picture_of(row)
        if path is not None:
            load = partial(load_detail, sample, path, session.run.ranges, row.photo_sha256)
            self._large.submit(("detail", sample), load)

    def find(self, picture: SamplePicture, threshold: float) -> None:
        """Look for what lies above a threshold (on the scale of the maps); `found` brings it, if it is the last one."""
        rule = self._session.run.region_rule if self._session is not None else ALL_REGIONS
        self._search.submit(picture.index, partial(find_defects, picture, threshold, rule))

    def close(self) -> None:
        """End the threads."""
        self._photos.close()
        self._large.close()
        self._search.close()

    def _fetch(self, sample: int) -> None:
        session = self._session
        if session is None:
            return
        row, run = session.rows[sample], session.run
        path = session.store.artefacts.picture_of(row)
        if session.unreadable[sample] or path is None:
            return
        display = run.display_range if session.scored[sample] else None
        show = (display, self._colormap, run.alignment, run.ranges, row.photo_sha256)
        load = partial(load_picture, session.store, run.id, sample, path, *show)
        is_large = max(row.width or 0, row.height or 0) > LARGEST_PHOTO
        if is_large:
            self._large.submit(("photo", sample), load)
        else:
            self._photos.submit(sample, load)

    def _keep(self, sample: int, picture: SamplePicture) -> None:
        self._pictures[sample] = picture
        while len(self._pictures) > 2 and sum(map(weight, self._pictures.values())) > KEPT_BYTES:
            self._pictures.popitem(last=False)
        self.ready.emit(picture)

    def _take_large(self, key: tuple[str, int], loaded: SamplePicture | Detail) -> None:
        """One thread reads large photos, one by one: decoding takes several times what is kept of them."""
        if isinstance(loaded, Detail):
            self.detailed.emit(loaded)
        else:
            self._keep(key[1], loaded)

    def _tell_missing(self, sample: int, error: Exception) -> None:
        self.failed.emit(sample, describe_failure(error))

    def _tell_search_failure(self, _sample: int, error: Exception) -> None:
        said = self.tr("The defect regions of this sample cannot be shown: {reason}")
        self.problem.emit(said.format(reason=describe_failure(error)))

    def _forget(self) -> None:
        self._photos.forget()
        self._large.forget()
        self._search.forget()
        self._pictures.clear()


def weight(picture: SamplePicture) -> int:
    """Return how many bytes a picture takes."""
    layers = sum(image.sizeInBytes() for image in (picture.heat, picture.colours) if image is not None)
    anomaly_map = 0 if picture.anomaly_map is None else picture.anomaly_map.nbytes
    return picture.photo.sizeInBytes() + layers + anomaly_map
