"""What an eye finds on a screen: texts that are cut, widgets that lie on one another, that have no name, or do not say
why they are grey."""

from itertools import combinations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QTreeWidget, QWidget

from gui.shell.labels import ElidedLabel


def find_cut(top: QWidget) -> list[str]:
    """What is written and cannot be read in full."""
    found = []
    for widget in top.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel):
            continue
        if isinstance(widget, QLabel):
            need = widget.sizeHint().width(), widget.heightForWidth(widget.width())
            cut = widget.height() < need[1] if widget.wordWrap() else widget.width() < need[0]
            found += [widget.text()] if cut and widget.text() else []
            continue
        if isinstance(widget, QTreeWidget):
            found += find_cut_cells(widget) + find_cut_headers(widget)
        text, frame = "", 0
        if isinstance(widget, QAbstractButton):
            text = widget.text().replace("&", "")
        elif isinstance(widget, QComboBox):
            text, frame = widget.currentText(), 24
        elif isinstance(widget, QLineEdit) and not widget.text():
            text = widget.placeholderText()
        room = widget.width() - frame
        found += [text] if widget.fontMetrics().horizontalAdvance(text) > room else []
    return found


def find_nameless(top: QWidget) -> list[QWidget]:
    """What Tab comes to and nothing tells what it is: no name, no text, no label."""
    labelled = {label.buddy() for label in top.findChildren(QLabel)}
    return [
        widget
        for widget in top.findChildren(QWidget)
        if widget.window() is top
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and widget not in labelled
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
        and not widget.objectName().startswith("qt_")
    ]


def find_cut_cells(table: QTreeWidget) -> list[str]:
    """Texts of cells that end in "…" and are told by no tool tip."""
    return [
        item.text(column)
        for row in range(table.topLevelItemCount())
        if (item := table.topLevelItem(row)) is not None
        for column in range(table.columnCount())
        if table.fontMetrics().horizontalAdvance(item.text(column)) > table.columnWidth(column)
        and not item.toolTip(column)
    ]


def find_cut_headers(table: QTreeWidget) -> list[str]:
    """Titles of columns that there is no room for."""
    header, titles = table.header(), table.headerItem()
    return [
        titles.text(column)
        for column in range(table.columnCount())
        if not table.isColumnHidden(column) and not titles.toolTip(column)
        for line in titles.text(column).split("\n")
        if header.fontMetrics().horizontalAdvance(line) > header.sectionSize(column)
    ]


def find_cut_captions(top: QWidget) -> list[str]:
    """Lines that end in "…" though the window is not a small one."""
    labels = [label for label in top.findChildren(ElidedLabel) if label.isVisible()]
    return [label.shown() for label in labels if "…" in label.shown()]


def find_unexplained(top: QWidget) -> list[QWidget]:
    """What is grey, for itself and not with all around it, and does not say why in a tool tip."""
    return [
        widget
        for widget in top.findChildren(QWidget)
        if widget.testAttribute(Qt.WidgetAttribute.WA_ForceDisabled)
        and widget.window() is top
        and not widget.toolTip()
        and not widget.objectName().startswith("qt_")
    ]


def find_overlaps(top: QWidget) -> list[tuple[str, str]]:
    """Widgets laid out side by side that lie on one another, or reach out of what holds them."""
    found = []
    for holder in (top, *top.findChildren(QWidget)):
        layout = holder.layout()
        if layout is None or not holder.isVisible():
            continue
        parts = [
            one for one in holder.children() if isinstance(one, QWidget) and one.isVisible() and not one.isWindow()
        ]
        pairs = [(str(holder), str(one)) for one in parts if not holder.rect().contains(one.geometry())]
        lie = [pair for pair in combinations(parts, 2) if pair[0].geometry().intersects(pair[1].geometry())]
        found += pairs + [(str(one), str(other)) for one, other in lie]
    return found
