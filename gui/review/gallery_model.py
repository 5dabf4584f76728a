"""The listed samples as a model that holds no pictures: thumbnails come when they are seen."""

from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from gui.review.session import Session
from gui.shell.background import Background, describe_failure
from gui.shell.numbers import show_number
from gui.shell.texts import show_identity, show_letters, translate_sentence
from inspector.export.isolates import isolate_path

Index = QModelIndex | QPersistentModelIndex

THUMBNAILS_KEPT = 800
THUMBNAIL = QSize(72, 54)

SAMPLE_ROLE = Qt.ItemDataRole.UserRole


class GalleryModel(QStringListModel):
    """The listed samples of a session, in their order.

    Qt counts the rows, all of an empty text: to lay out ten thousand, it would else ask Python for each how many.
    """

    problem = Signal(str)
    """A sentence about thumbnails that cannot be shown; told once for each run that is opened."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Make an empty list."""
        super().__init__(parent)
        self.session: Session | None = None
        self._visible: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._rows: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()
        self._asked: set[int] = set()
        self._work = Background(self, self._do_without, threads=1, waiting=40)
        self._work.finished.connect(self._keep_thumbnail)
        self._told = False
        self.score_range = (0.0, 1.0)
        self.names_parts = False
        """Whether it is known of any sample which part it shows."""
        self.longest_name = ""

    def open(self, session: Session | None) -> None:
        """List another run."""
        self._work.forget()
        self._pixmaps.clear()
        self._asked.clear()
        self._told = False
        self.session = session
        self._find_range()
        self.refresh()

    def reload(self) -> None:
        """Look at the same run after more of it is known: thumbnails that were missing may be there now."""
        for sample in [sample for sample, pixmap in self._pixmaps.items() if pixmap.isNull()]:
            del self._pixmaps[sample]
        self._find_range()

    def refresh(self) -> None:
        """Ask the session again which samples are listed."""
        self._visible = self.session.visible() if self.session else np.empty(0, dtype=np.intp)
        self._rows = np.full(len(self.session.rows) if self.session else 0, -1)
        self._rows[self._visible] = np.arange(len(self._visible))
        self.setStringList([""] * len(self._visible))

    def changed(self, sample: int) -> None:
        """Paint one sample again."""
        row = self.row_of(sample)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, sample: int | None) -> int | None:
        """Return the row of a sample; None where it is not listed."""
        if sample is None or sample >= len(self._rows) or self._rows[sample] < 0:
            return None
        return int(self._rows[sample])

    def sample_at(self, row: int) -> int | None:
        """Return the sample of a row."""
        return int(self._visible[row]) if 0 <= row < len(self._visible) else None

    def close(self) -> None:
        """End the thread."""
        self._work.close()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name, the spoken description or the number of a sample."""
        sample = self.sample_at(index.row())
        if sample is None or self.session is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.session.rows[sample].name
        if role == Qt.ItemDataRole.ToolTipRole:
            row = self.session.rows[sample]
            told = (isolate_path(row.name), show_identity(row.identity), translate_sentence(row.reason))
            return show_letters("\n".join(text for text in told if text))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._describe_aloud(sample)
        return sample if role == SAMPLE_ROLE else None

    def thumbnail(self, sample: int) -> QPixmap | None:
        """Return a thumbnail, or None and ask for it."""
        if sample in self._pixmaps:
            self._pixmaps.move_to_end(sample)
            return self._pixmaps[sample]
        if self.session is not None and (sample not in self._asked or not self._work.waits(sample)):
            self._asked.add(sample)
            row = self.session.rows[sample]
            path = self.session.store.artefacts.thumbnail_path(self.session.run.id, row.position)
            self._work.submit(sample, lambda: read_thumbnail(path))
        return None

    def describe_score(self, sample: int) -> str:
        """Write the score of a sample, or that there is none."""
        if self.session is None or not np.isfinite(self.session.finals[sample]):
            return "–"
        return show_number(self.session.finals[sample])

    def _find_range(self) -> None:
        self.longest_name = max((row.name for row in self.session.rows), key=len, default="") if self.session else ""
        self.names_parts = self.session is not None and any(row.identity for row in self.session.rows)
        if self.session is not None and self.session.scored.any():
            known = self.session.finals[self.session.scored]
            self.score_range = (float(known.min()), float(known.max()))

    def _keep_thumbnail(self, sample: int, image: QImage) -> None:
        self._pixmaps[sample] = QPixmap.fromImage(image)
        self._asked.discard(sample)
        while len(self._pixmaps) > THUMBNAILS_KEPT:
            self._pixmaps.popitem(last=False)
        self.changed(sample)

    def _do_without(self, sample: int, error: Exception) -> None:
        """Leave the place of a thumbnail empty, rather than asking for it at each painting."""
        self._keep_thumbnail(sample, QImage())
        if not self._told:
            self._told = True
            self.problem.emit(self.tr("Thumbnails cannot be shown: {reason}").format(reason=describe_failure(error)))

    def _describe_aloud(self, sample: int) -> str:
        assert self.session is not None
        row, score = self.session.rows[sample], self.session.finals[sample]
        if self.session.unreadable[sample]:
            return self.tr("{name}, unreadable: {reason}").format(name=row.name, reason=translate_sentence(row.reason))
        decision = self.tr("flagged") if self.session.flagged[sample] else self.tr("not flagged")
        known = f"{show_number(score)}, {decision}" if np.isfinite(score) else self.tr("no score yet")
        verdicts = {"accepted": self.tr("accepted"), "rejected": self.tr("rejected"), "undecided": self.tr("undecided")}
        part = f", {show_identity(row.identity)}" if row.identity else ""
        return f"{row.name}{part}, {known}, {verdicts[self.session.verdict(sample)]}"


def read_thumbnail(path: Path) -> QImage:
    """Read a small picture, ready to be painted; an empty one where there is none."""
    image = QImage(str(path))
    if image.isNull():
        return image
    small = image.scaled(THUMBNAIL * 2, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return small.convertToFormat(QImage.Format.Format_RGB32)
