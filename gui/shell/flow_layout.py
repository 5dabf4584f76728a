"""Widgets in lines, as words in a paragraph."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem
from typing_extensions import override


class FlowLayout(QLayout):
    """Widgets in lines, as words in a paragraph."""

    def __init__(self, *, spacing: int) -> None:
        """Make an empty layout."""
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._width = 0
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    @override
    def addItem(self, item: QLayoutItem) -> None:
        """Take a widget in."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many there are."""
        return len(self._items)

    @override
    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return one of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    @override
    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give one back."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    @override
    def hasHeightForWidth(self) -> bool:
        """The narrower, the more lines."""
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        """Return the height all lines take."""
        return self._place(QRect(0, 0, width, 0), move=False)

    @override
    def setGeometry(self, rect: QRect) -> None:
        """Put the widgets in place."""
        super().setGeometry(rect)
        self._place(rect, move=True)
        if rect.width() != self._width:
            self._width = rect.width()
            self.invalidate()  # another height is needed at least

    @override
    def sizeHint(self) -> QSize:
        """As small as it goes."""
        return self.minimumSize()

    @override
    def minimumSize(self) -> QSize:
        """Room for the largest widget, and for the lines that the width makes of all of them."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        size = size.grownBy(self.contentsMargins())
        holder = self.parentWidget()
        known = self._width > 0 and holder is not None and holder.isVisible()  # before, the width says nothing
        return size.expandedTo(QSize(0, self.heightForWidth(self._width) if known else 0))

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Break the widgets into lines, each centred in its line; return the height of all."""
        inside = rect.marginsRemoved(self.contentsMargins())
        y, line, height = inside.y(), list[tuple[QLayoutItem, QRect]](), 0
        x = inside.x()
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            hint.setWidth(max(min(hint.width(), inside.width()), item.minimumSize().width()))
            if line and x + hint.width() > inside.right() + 1:
                _set_line(line, height, move=move)
                x, y, height, line = inside.x(), y + height + self.spacing(), 0, []
            line.append((item, QRect(QPoint(x, y), hint)))
            x += hint.width() + self.spacing()
            height = max(height, hint.height())
        _set_line(line, height, move=move)
        return y + height + self.contentsMargins().bottom() - rect.y()


def _set_line(line: list[tuple[QLayoutItem, QRect]], height: int, *, move: bool) -> None:
    for item, place in line if move else ():
        item.setGeometry(place.translated(0, (height - place.height()) // 2))
