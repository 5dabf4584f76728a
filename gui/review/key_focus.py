"""Keys act on the part whatever was clicked last, except while somebody types; Esc comes back from there."""

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from typing_extensions import override

FOR_TYPING = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
)
"""Keys with Ctrl that mean the text while somebody types; all others are those of the window."""

NOTICED = (QEvent.Type.ChildPolished, QEvent.Type.MouseButtonRelease, QEvent.Type.FocusIn)
"""The few that are looked at beside keys, of all the events of all widgets of a screen."""


class KeyFocus(QObject):
    """Gives the keys back to the list of samples after each click, wherever it was."""

    def __init__(self, screen: QWidget, home: QWidget) -> None:
        """Watch all widgets of a screen, those that are made later too; `home` gets the keys."""
        super().__init__(screen)
        self._screen, self._home = screen, home
        self._watch(screen)

    def come_back(self) -> None:
        """Give the keys to the list, once what happens now is done."""
        before = QApplication.focusWidget()

        def give() -> None:
            now = QApplication.focusWidget()
            asked_for_text = now is not before and now is not None and takes_text(now)
            if self._home.isVisible() and not asked_for_text:
                self._home.setFocus()

        QTimer.singleShot(0, self._home, give)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice clicks, and keys that mean the window while somebody types."""
        if isinstance(event, QKeyEvent):
            return _is_for_typing(watched) and self._handle_typing(event)
        kind = event.type()
        if kind not in NOTICED:
            return False
        if kind == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            self._watch(event.child())
        elif (kind == QEvent.Type.MouseButtonRelease or _comes_from_list(event)) and not _is_for_typing(watched):
            self.come_back()
        return False

    def _handle_typing(self, event: QKeyEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return not any(event.matches(key) for key in FOR_TYPING)  # the field does not claim it
        if kind == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self._home.setFocus()
            return True
        return False

    def _watch(self, thing: QObject) -> None:
        if (isinstance(thing, QWidget) and not thing.isWindow()) or thing is self._screen:
            for widget in (thing, *thing.findChildren(QWidget)):
                if widget.window() is thing.window():
                    widget.installEventFilter(self)


def _comes_from_list(event: QEvent) -> bool:
    """A list or menu that had opened was chosen from, or closed."""
    if not isinstance(event, QFocusEvent) or event.type() != QEvent.Type.FocusIn:
        return False
    return event.reason() == Qt.FocusReason.PopupFocusReason


def _is_for_typing(watched: QObject) -> bool:
    """Asked only of the few events that matter: all paintings of all widgets come by the filter."""
    return isinstance(watched, QWidget) and takes_text(watched)


def takes_text(widget: QWidget | None) -> bool:
    """Tell whether a click on a widget means that somebody is going to type, or to copy what is marked there."""
    while widget is not None and not widget.isWindow():
        if isinstance(widget, QLineEdit | QAbstractSpinBox | QPlainTextEdit | QTextEdit):
            return True
        if isinstance(widget, QLabel) and widget.hasSelectedText():
            return True
        widget = widget.parentWidget()
    return False
