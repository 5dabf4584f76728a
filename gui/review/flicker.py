"""While a key is held, the most similar normal part is seen in the place of the one that is looked at."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.pictures.sample_picture import SamplePicture
from gui.pictures.side_view import SideView
from gui.review.viewer import Viewer

KEY = Qt.Key.Key_Space


class Flicker(QObject):
    """Listens to a key on some widgets; what moves or is missing springs to the eye."""

    def __init__(self, viewer: Viewer, side_view: SideView, listening: tuple[QWidget, ...], parent: QObject) -> None:
        """Serve a viewer; the widgets have the keys in turn."""
        super().__init__(parent)
        self.held = False
        self._viewer, self._side_view = viewer, side_view
        side_view.found.connect(self._show)
        for widget in listening:
            widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin when the key goes down, end when it comes up or the window is left."""
        if isinstance(event, QKeyEvent) and event.key() == KEY and not event.modifiers():
            if not event.isAutoRepeat() and event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                self._hold(event.type() == QEvent.Type.KeyPress)
            return True
        if event.type() == QEvent.Type.FocusOut and self.held:
            self._hold(False)
        return False

    def _hold(self, down: bool) -> None:
        if down == self.held:
            return
        self.held = down
        if down:
            self._side_view.find()
        else:
            self._viewer.show_other(None)

    def _show(self, picture: SamplePicture, caption: str) -> None:
        if self.held:
            self._viewer.show_other(picture, caption)
