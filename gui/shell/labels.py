"""Texts that are never cut: a sentence that takes the lines it needs, a line that ends in "…", and lines to be read."""

from PySide6.QtCore import QCoreApplication, QLocale, QMimeData, QSize, Qt
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QLabel, QMenu, QPlainTextEdit, QStyle, QStyledItemDelegate, QWidget
from typing_extensions import override

from gui.shell.low_window import LEAST_HEIGHT
from gui.shell.painting import painting
from gui.shell.texts import as_given, keep_apart, let_break, show_letters
from inspector.export.isolates import remove_isolates

GAP = "   "
"""What stands between a name and what is said of it."""

LEAST_NAME = 12
"""Letters of a name that are shown before what is said of it is shortened, too."""

NARROW = 72
"""Letters of average width that a caption has room for where a line is enough."""


class WrappedLabel(QLabel):
    """A sentence in as many lines as its width asks for.

    A plain label of several lines says how high it is to layouts that ask by width; where one does not, or is short
    of room, lines are cut. This one is never lower than its text.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """Show a text."""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names and ids may look like HTML
        self.setWordWrap(True)
        self.setText(text)

    @override
    def text(self) -> str:
        """Return the text as it was given; what is shown may break long names."""
        return as_given(super().text())

    @override
    def setText(self, text: str) -> None:
        """Show another text."""
        if remove_isolates(text) != self.text():
            super().setText(let_break(keep_apart(text)))
            self._fit()

    @override
    def clear(self) -> None:
        """Show nothing."""
        self.setText("")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy what is selected as it was given."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.hasSelectedText():
            self._copy()
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the same, where text can be selected: Qt's own menu would copy the places to break, too."""
        if not self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            super().contextMenuEvent(event)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(QCoreApplication.translate("QWidgetTextControl", "&Copy"), self._copy)
        copy.setEnabled(self.hasSelectedText())
        copy.setToolTip("" if copy.isEnabled() else QCoreApplication.translate("Labels", "Mark some text first."))
        menu.popup(event.globalPos())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """On Linux the middle button pastes what is marked: as it was given, too."""
        super().mouseReleaseEvent(event)
        clipboard = QGuiApplication.clipboard()
        if self.hasSelectedText() and clipboard.supportsSelection():
            clipboard.setText(as_given(self.selectedText()), QClipboard.Mode.Selection)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_given(self.selectedText()))

    @override
    def sizeHint(self) -> QSize:
        """The height is that of its lines as they are; a layout would else keep room for those of another width."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.minimumHeight() or hint.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Need another height."""
        super().resizeEvent(event)
        self._fit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """It has its width now."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(0)  # what a longer text needed would be asked for again
        laid_out = self.isVisible() and self.testAttribute(Qt.WidgetAttribute.WA_Resized)  # else the width says nothing
        self.setMinimumHeight(self.heightForWidth(self.width()) if laid_out and self.text() else 0)


class Lines(QPlainTextEdit):
    """Lines to be read and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.setReadOnly(True)

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy names as they are, without what keeps them apart."""
        data = QMimeData()
        data.setText(remove_isolates(self.textCursor().selection().toPlainText()))
        return data


class NameDelegate(QStyledItemDelegate):
    """Shows the names in a list or table as they run, each by itself; what is copied has them as they are."""

    @override
    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        """Return what is shown of a cell."""
        return keep_apart(super().displayText(value, locale))


class ElidedLabel(QLabel):
    """One line, shortened where there is no room for all of it; a tool tip tells it all."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle
    ) -> None:
        """Show a text; `elide` says where it is shortened."""
        super().__init__(text, parent)
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._tell()

    @override
    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._tell()

    @override
    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * 6), hint.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less of it is seen."""
        super().resizeEvent(event)
        self._tell()

    def shown(self) -> str:
        """Return what is seen of the text."""
        return self.fontMetrics().elidedText(self._line(), self._elide, self._room())

    def _room(self) -> int:
        return self.contentsRect().width() - 2 * self.margin()

    def _line(self) -> str:
        """The text without the breaks that a name may hold."""
        return " ".join(self.text().splitlines())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what there is room for."""
        with painting(self) as painter:
            self.style().drawItemText(
                painter, self.contentsRect(), QStyle.visualAlignment(self.layoutDirection(), self.alignment()),
                self.palette(), self.isEnabled(), keep_apart(self.shown()), self.foregroundRole(),
            )  # fmt: skip

    def _tell(self) -> None:
        self.setToolTip("" if self._is_whole() else show_letters(keep_apart(self.text())))

    def _is_whole(self) -> bool:
        return self.shown() == self._line()


class CaptionLabel(ElidedLabel):
    """A name and what is said of it, `GAP` between each: the name is shortened first, then what comes last.

    Where it is narrow, as beside a cloud, the name has a line and what is said of it two more, whatever is told: the
    photo below would else jump from part to part. A low window has no room for that.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty caption."""
        super().__init__("", parent, elide=Qt.TextElideMode.ElideRight)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    @override
    def shown(self) -> str:
        """Return what is seen of the text."""
        name, gap, said = self._line().partition(GAP)
        if self._is_narrow():
            return "\n".join([self._shorten(name, self._room()), *self._break(said)])
        if not said:
            return super().shown()
        metrics = self.fontMetrics()
        room = max(self._room() - metrics.horizontalAdvance(gap + said), metrics.averageCharWidth() * LEAST_NAME)
        return metrics.elidedText(self._shorten(name, room) + gap + said, Qt.TextElideMode.ElideRight, self._room())

    @override
    def sizeHint(self) -> QSize:
        """As high as the lines that this width asks for."""
        return QSize(super().sizeHint().width(), self._find_height())

    @override
    def minimumSizeHint(self) -> QSize:
        """A few letters, as high."""
        return QSize(super().minimumSizeHint().width(), self._find_height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the lines that this width asks for."""
        super().resizeEvent(event)
        self.updateGeometry()

    def _find_height(self) -> int:
        margins, lines = self.contentsMargins(), 3 if self._is_narrow() else 1
        return lines * self.fontMetrics().lineSpacing() + margins.top() + margins.bottom()

    @override
    def _is_whole(self) -> bool:
        return self.shown().replace("\n", GAP) == self._line()

    def _is_narrow(self) -> bool:
        narrow = self._room() < NARROW * self.fontMetrics().averageCharWidth()
        return narrow and self.window().height() >= LEAST_HEIGHT

    def _shorten(self, name: str, room: int) -> str:
        return self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)

    def _break(self, said: str) -> list[str]:
        """Return what is said in two lines at most."""
        words, first = said.split(GAP), ""
        metrics = self.fontMetrics()
        while words and metrics.horizontalAdvance(longer := GAP.join(filter(None, (first, words[0])))) <= self._room():
            first = longer
            words.pop(0)
        rest = metrics.elidedText(GAP.join(words), Qt.TextElideMode.ElideRight, self._room())
        return [line for line in (first, rest) if line]
