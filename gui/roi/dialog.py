"""Asks what of a part is looked at, drawn on one of its photos, and what a pixel measures."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from gui.pictures.sample_picture import to_image
from gui.roi.canvas import RoiCanvas, Tool
from gui.roi.sketch import Sketch
from gui.shell.background import Background, describe_failure
from gui.shell.flow_layout import FlowLayout
from gui.shell.grey import hold_back
from gui.shell.keeping import KeepingDialog
from gui.shell.labels import WrappedLabel
from gui.shell.numbers import PlainNumber, show_number
from gui.shell.quiet_wheel import QuietWheel
from gui.shell.room import open_at
from gui.shell.texts import say_alone
from inspector.geometry.roi import Drawing

LARGEST = 4096
"""Longer side of the photo as it is shown, in pixels: shapes are as exact as one can see."""


class PhotoToDrawOn(NamedTuple):
    """Pixels (h, w, 3) uint8, made smaller where the photo is large, and its own size (H, W)."""

    pixels: NDArray[np.uint8]
    size: tuple[int, int]


class RoiDialog(KeepingDialog):
    """Once it is accepted, `drawing` and `mm_per_pixel` hold the answer."""

    def __init__(
        self,
        load: Callable[[], PhotoToDrawOn],
        drawing: Drawing | None = None,
        mm_per_pixel: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Ask.

        Args:
            load: reads a photo; it is called off the GUI thread.
            drawing: what was drawn before.
            mm_per_pixel: the scale that is known.
            parent: owner.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Region of interest"))
        open_at(self, 1000, 720)
        self._before, self.mm_per_pixel = drawing, mm_per_pixel
        self._length = 0.0
        self.canvas = RoiCanvas()
        self.message = WrappedLabel(self.tr("Reading a photo…"))
        self.scale_note = QLabel()
        self._lay_out()
        self._loading = Background(self, self._tell_failure, threads=1, waiting=1)
        self._loading.finished.connect(self._show)
        self._loading.submit("photo", load)
        self.finished.connect(lambda _: self._loading.close())
        self.canvas.changed.connect(self._tell)
        self.canvas.measured.connect(self._measure)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self.canvas.undo)
        self._choose_tool("rectangle")
        self._tell_scale()
        QuietWheel(self)

    def _lay_out(self) -> None:
        tools = FlowLayout(spacing=6)
        self.tools: dict[Tool, QPushButton] = {}
        group = QButtonGroup(self)
        known: tuple[tuple[Tool, str, str], ...] = (
            ("rectangle", self.tr("Rectangle"), self.tr("Drag from corner to corner")),
            ("polygon", self.tr("Polygon"), self.tr("Click corner after corner; the first one or Enter closes it")),
            ("brush", self.tr("Brush"), self.tr("Paint with the left button held")),
            ("hand", self.tr("Move"), self.tr("Move the photo; the wheel zooms")),
            ("ruler", self.tr("Ruler"), self.tr("Drag along something of known length")),
        )
        for name, text, about in known:
            button = _make_button(text, about, checkable=True)
            button.clicked.connect(partial(self._choose_tool, name))
            group.addButton(button)
            tools.addWidget(button)
            self.tools[name] = button
        self.use = QComboBox()
        self.use.addItem(self.tr("Look here"), "include")
        self.use.addItem(self.tr("Ignore here"), "ignore")
        self.use.setAccessibleName(self.tr("What becomes of the shape"))
        self.use.currentIndexChanged.connect(lambda _: self._choose_use())
        self.brush = QSlider(Qt.Orientation.Horizontal)
        self.brush.setRange(1, 100)
        self.brush.setValue(20)
        self.brush.setFixedWidth(90)
        self.brush.setAccessibleName(self.tr("Width of the brush"))
        self.brush.setToolTip(self.tr("Width of the brush"))
        self.brush.valueChanged.connect(lambda _: self._choose_brush())
        self.undo_button = _make_button(self.tr("Undo"), self.tr("Take the last step back"))
        self.undo_button.clicked.connect(self.canvas.undo)
        self.clear_button = _make_button(self.tr("Clear"), self.tr("Take all shapes away"))
        self.clear_button.clicked.connect(self.canvas.clear)
        for widget in (self.use, self.brush, self.undo_button, self.clear_button):
            tools.addWidget(widget)
        self.millimetres = PlainNumber()
        self.millimetres.setRange(0.0, 100_000.0)
        self.millimetres.setDecimals(4)
        self.millimetres.setSuffix(" mm")
        hold_back(self.millimetres, self.tr("Draw the ruler first."))
        self.millimetres.setAccessibleName(self.tr("Length of what the ruler lies along"))
        self.millimetres.valueChanged.connect(self._take_length)
        scale = QHBoxLayout()
        scale.addWidget(self.scale_note, 1)
        scale.addWidget(self.millimetres)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.ok_button = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok_button.setAutoDefault(False)  # Enter closes a polygon
        hold_back(self.ok_button, self.tr("The photo is not there yet."))
        layout = QVBoxLayout(self)
        layout.addLayout(tools)
        layout.addWidget(self.canvas, 1)
        layout.addLayout(scale)
        layout.addWidget(self.message)
        layout.addWidget(self.refusal)
        layout.addWidget(self._buttons)

    def drawing(self) -> Drawing | None:
        """Return what was drawn; None = all is looked at."""
        sketch = self.canvas.sketch
        return sketch.drawing() if sketch is not None and sketch.shapes else None

    def _show(self, _key: object, photo: PhotoToDrawOn) -> None:
        self.canvas.show_photo(to_image(photo.pixels), Sketch(photo.size, self._before))
        self._choose_brush()

    def _tell_failure(self, _key: object, error: Exception) -> None:
        self.message.setText(say_alone(describe_failure(error)))

    def _choose_tool(self, name: Tool, _checked: bool = True) -> None:
        self.tools[name].setChecked(True)
        hold_back(self.brush, "" if name == "brush" else self.tr("Choose the brush first."))
        draws = name not in ("hand", "ruler")
        hold_back(self.use, "" if draws else self.tr("Choose what to draw with first."))
        self.canvas.set_tool(name)
        self.canvas.setFocus()

    def _choose_use(self) -> None:
        self.canvas.use = self.use.currentData()
        self.canvas.setFocus()

    def _choose_brush(self) -> None:
        width = self.canvas.sketch.size[1] if self.canvas.sketch is not None else 1000
        self.canvas.brush = max(1.0, self.brush.value() / 400 * width)

    def _tell(self) -> None:
        """Say whether what is drawn can be used."""
        sketch = self.canvas.sketch
        assert sketch is not None
        usable = not sketch.shapes or sketch.is_usable()
        if not sketch.shapes:
            told = self.tr("Nothing is drawn: the whole photo is looked at.")
        elif usable:
            told = self.tr("What is dark is not looked at; it still serves to compare other parts with.")
        else:
            told = self.tr("This leaves nothing, or all, to be looked at.")
        self.message.setText(told)
        hold_back(self.ok_button, "" if usable else told)
        nothing = self.tr("Nothing is drawn yet.")
        hold_back(self.undo_button, "" if sketch.can_undo else nothing)
        hold_back(self.clear_button, "" if sketch.shapes else nothing)

    def _measure(self, length: float) -> None:
        self._length = length
        hold_back(self.millimetres, "" if length > 0 else self.tr("Draw the ruler first."))
        self._tell_scale()
        self.millimetres.setFocus()
        self.millimetres.selectAll()

    def _take_length(self, millimetres: float) -> None:
        if self._length > 0 and millimetres > 0:
            self.mm_per_pixel = millimetres / self._length
            self._tell_scale()

    def _tell_scale(self) -> None:
        if self.mm_per_pixel is None:
            known = self.tr("Scale unknown: draw the ruler along something of known length.")
        else:
            known = self.tr("Scale: {scale} mm per pixel").format(scale=show_number(self.mm_per_pixel, 5))
        drawn = self.tr("Ruler: {length} pixels").format(length=show_number(self._length, 1)) if self._length else ""
        self.scale_note.setText("   ".join(filter(None, (known, drawn))))


def _make_button(text: str, about: str, *, checkable: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(about)
    button.setAccessibleDescription(about)
    button.setCheckable(checkable)
    button.setAutoDefault(False)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
