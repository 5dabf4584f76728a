"""All views of the part that is looked at, side by side."""

from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from gui.shell.labels import ElidedLabel
from gui.shell.texts import keep_apart

PICTURE = QSize(120, 90)


class ShownView(NamedTuple):
    """A view as it is shown: its sample, its picture, what stands below it."""

    sample: int
    picture: QPixmap
    text: str


class ViewStrip(QFrame):
    """Shows and emits; hidden where the part has one view."""

    chosen = Signal(int)
    """A view was clicked: its sample."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a hidden strip."""
        super().__init__(parent)
        self.told = ElidedLabel()
        self.buttons: dict[int, QToolButton] = {}
        holder = QWidget()
        self._row = QHBoxLayout(holder)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Views of the part"))
        self._area.setWidgetResizable(True)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(holder)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(2)
        layout.addWidget(self.told)
        layout.addWidget(self._area)
        self.hide()

    def show_views(self, part: str, views: list[ShownView], current: int) -> None:
        """Show the views of a part, the current one as such; nothing where there is only one."""
        for button in self.buttons.values():
            self._row.removeWidget(button)
            button.deleteLater()
        several = len(views) > 1
        self.buttons = {view.sample: self._make_button(view, view.sample == current) for view in views if several}
        self.told.setText(self.tr("{part}: {count} views").format(part=part, count=len(views)))
        for place, button in enumerate(self.buttons.values()):
            self._row.insertWidget(place, button)
            button.show()
        if several:
            bar = self._area.horizontalScrollBar().sizeHint().height()
            self._area.setFixedHeight(max(button.sizeHint().height() for button in self.buttons.values()) + bar)
        self.setVisible(several)

    def _make_button(self, view: ShownView, current: bool) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(QIcon(view.picture))
        button.setIconSize(PICTURE)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setText(keep_apart(view.text))
        button.setCheckable(True)
        button.setChecked(current)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self.tr("View {name}").format(name=view.text))
        button.clicked.connect(partial(self._tell, view.sample))
        return button

    def _tell(self, sample: int, _checked: bool = False) -> None:
        self.chosen.emit(sample)
