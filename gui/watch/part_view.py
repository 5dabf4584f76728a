"""A part of a line: its photo with its map, and the verdict on it."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.pictures.sample_picture import SamplePicture, load_picture
from gui.review.image_view import ImageView
from gui.review.verdict_bar import VerdictBar
from gui.shell.grey import hold_back
from gui.shell.labels import ElidedLabel
from gui.shell.numbers import show_number
from gui.shell.permits import needs
from gui.shell.texts import translate_sentence
from inspector.errors import InputError, StoreError
from inspector.export.rendering import COLORMAPS
from inspector.store.workspace import Workspace

OPACITY = 0.55
"""Of the map over the photo."""


@dataclass(frozen=True)
class LoadedPart:
    """A part ready to be shown.

    Attributes:
        position: its place in the run.
        sample_id: its number in the store.
        name: in the run.
        score: None where it is unreadable.
        verdict: what people say of it.
        picture: None where it cannot be seen, for `reason`.
    """

    position: int
    sample_id: int
    name: str
    score: float | None
    verdict: str
    picture: SamplePicture | None = field(default=None, repr=False)
    reason: str = ""


def load_part(store: Workspace, run_id: int, position: int) -> LoadedPart:
    """Read a part and its picture; off the GUI thread.

    Raises:
        StoreError: there is no such part, or the workspace cannot be read.
    """
    (row,) = store.runs.samples(run_id, position, 1)
    said = [verdict.new for verdict in store.verdicts.of_sample(row.id)]
    known = (position, row.id, row.name, row.final, said[-1] if said else "undecided")
    if row.status != "ok":
        return LoadedPart(*known, reason=row.reason)
    run, colours = store.runs.get(run_id), next(iter(COLORMAPS))
    for _ in range(2):  # a sink may be moving the file just now
        (row,) = store.runs.samples(run_id, position, 1)
        path = store.artefacts.picture_of(row)
        try:
            show = (run.display_range, colours, run.alignment, run.ranges, row.photo_sha256)
            return LoadedPart(*known, load_picture(store, run_id, position, path or Path(), *show))
        except (InputError, StoreError) as error:
            reason = str(error)
    return LoadedPart(*known, reason=reason)


class PartView(QWidget):
    """Shows the newest part, or one that is held: only that can be judged, for the newest may change under the hand.

    Attributes:
        part: what is shown.
        meant: what was shown when the button to hold it went down.
    """

    held = Signal(bool)
    """Whether the part that is shown is to stay, or the newest one is wanted."""
    given = Signal(str)
    """A verdict on the part that is held."""
    pool_wanted = Signal()
    """The part that is held is to judge others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty view."""
        super().__init__(parent)
        self.part: LoadedPart | None = None
        self.meant: LoadedPart | None = None
        self.caption = ElidedLabel()
        self.caption.setProperty("role", "heading")
        self.view = ImageView(self.tr("Photo with its anomaly map"))
        self.verdicts = VerdictBar()
        self.verdicts.given.connect(self.given)
        self.hold = QPushButton(self.tr("Hold this part"))
        self.hold.setCheckable(True)
        self.hold.setToolTip(self.tr("Keep showing this part; a part that is held can be judged."))
        self.hold.pressed.connect(self._note_meant)
        self.hold.clicked.connect(self.held)
        self.into_pool = QPushButton(self.tr("Into the pool…"))
        self.into_pool.setToolTip(self.tr("This part is to judge the parts to come."))
        self.into_pool.clicked.connect(self.pool_wanted)
        line = QHBoxLayout()
        line.addWidget(self.caption, 1)
        line.addWidget(self.into_pool)
        line.addWidget(self.hold)
        needs("pool", self.into_pool)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.verdicts)
        self.show_part(None, held=False)

    def show_part(self, part: LoadedPart | None, *, held: bool) -> None:
        """Show a part, or that there is none yet."""
        if part is None or self.part is None or part.position != self.part.position:
            self.verdicts.turn_to_another()
        self.part = part
        self.hold.setChecked(held)
        self.hold.setText(self.tr("Back to the newest") if held else self.tr("Hold this part"))
        none = self.tr("No part has come yet.") if part is None else ""
        first = none or ("" if held else self.tr("Hold the part first: the newest may change under the hand."))
        hold_back(self.hold, none)
        self.verdicts.offer(first)
        hold_back(self.into_pool, first or self._find_bar_to_pool(part))
        if part is None:
            self.caption.setText("")
            self.view.show_message("")
            self.verdicts.mark("")
            return
        self.caption.setText(part.name if part.score is None else f"{part.name}   {show_number(part.score)}")
        if part.picture is None:
            self.view.show_message(translate_sentence(part.reason))
        elif self.view.picture() is not part.picture:
            self.view.show_picture(part.picture, "overlay", OPACITY)
        self.verdicts.mark(part.verdict if held else "")

    def _find_bar_to_pool(self, part: LoadedPart | None) -> str:
        """Say why a part cannot judge others; "" where it can."""
        if part is None or part.score is None:
            return self.tr("This part has no score.")
        return self.tr("This part was rejected.") if part.verdict == "rejected" else ""

    def _note_meant(self) -> None:
        self.meant = self.part
