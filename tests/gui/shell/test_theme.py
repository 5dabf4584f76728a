"""The colours: what is written can be read, what can be used is seen. Contrasts as WCAG 2.2 reckons them."""

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup, QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QToolButton,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from gui.shell.focus_ring import FocusRing
from gui.shell.theme import DARK, LIGHT, Tones, apply_theme

BOTH = pytest.mark.parametrize("tone", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: QColor) -> float:
    """Relative luminance, 0..1."""
    shares = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor | str, other: QColor | str) -> float:
    """1 = the same, 21 = black on white."""
    low, high = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (high + 0.05) / (low + 0.05)


def test_contrasts_are_reckoned_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@BOTH
def test_all_text_can_be_read_on_every_ground(tone: Tones) -> None:
    words, grounds = (tone.text, tone.dim, tone.accepted, tone.rejected), (tone.window, tone.base, tone.raised)
    pairs = [*itertools.product(words, (*grounds, tone.select))]
    pairs += [(tone.base, tone.accepted), (tone.base, tone.rejected), (tone.window, tone.text), (tone.window, tone.dim)]

    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


@BOTH
def test_outlines_are_seen_on_every_ground(tone: Tones) -> None:
    assert [ground for ground in (tone.window, tone.base, tone.raised) if contrast(tone.edge, ground) < 3] == []


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Tones]:
    before = qapp.style().objectName()
    qapp.setStyle("Fusion")
    apply_theme(qapp, request.param)
    yield {"light": LIGHT, "dark": DARK}[request.param]
    apply_theme(qapp, "system")
    qapp.setStyle(before)


@pytest.mark.parametrize("kind", [QCheckBox, QComboBox, QLineEdit, QPushButton, QSpinBox])
def test_what_can_be_used_is_drawn_with_an_outline(themed: Tones, qtbot: QtBot, kind: type[QWidget]) -> None:
    """The style may have its own mind: the drawn pixels count."""
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(220, 80)
    widget = kind(holder)
    widget.setGeometry(20, 20, 160, 34)
    holder.show()
    drawn = holder.grab().toImage()

    middle = widget.y() + widget.height() // 2
    row = [drawn.pixelColor(x, middle) for x in range(widget.x() - 4, widget.x() + 24)]
    assert max(contrast(colour, themed.window) for colour in row) >= 3


def test_boxes_and_rings_of_menus_are_seen_ticked_or_not(themed: Tones, qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    rings = QActionGroup(menu)
    for place, ticked in enumerate((True, False, True, False)):
        action = menu.addAction("Word")
        action.setCheckable(True)
        if place > 1:
            rings.addAction(action)
        action.setChecked(ticked)
    menu.resize(menu.sizeHint())
    drawn = menu.grab().toImage()

    marks = [drawn.copy(2, menu.actionGeometry(action).top(), 20, 18) for action in menu.actions()]
    colours = [{mark.pixelColor(x, y).name() for x in range(20) for y in range(18)} for mark in marks]
    assert [max(contrast(colour, themed.window) for colour in seen) >= 3 for seen in colours] == [True] * 4
    assert len({bytes(mark.constBits()) for mark in marks}) == 4


def test_the_line_below_the_titles_of_a_table_ends_at_its_frame(themed: Tones, qtbot: QtBot) -> None:
    table = QTreeWidget()
    qtbot.addWidget(table)
    table.setHeaderLabels(["No.", "Peak"])
    table.header().setStretchLastSection(False)
    table.resize(400, 100)
    table.show()
    drawn, header = table.header().grab().toImage(), table.header()

    assert header.length() < header.width() - 50
    lines = [{drawn.pixelColor(x, y).name() for x in range(header.width())} for y in range(header.height())]
    assert {themed.line} in lines


def make_focusable(name: str) -> QWidget:
    """A widget by its class, then its role, then "on" where it is checked."""
    kind, role, on = (*name.split(), "", "")[:3]
    widget: QWidget = {
        "button": QPushButton, "tool": QToolButton, "combo": QComboBox, "spin": QSpinBox, "line": QLineEdit,
        "check": QCheckBox, "radio": QRadioButton, "slider": QSlider, "list": QListWidget, "tree": QTreeWidget,
        "notes": QPlainTextEdit,
    }[kind]()  # fmt: skip
    widget.setProperty("role", role)
    if isinstance(widget, QAbstractButton):
        widget.setText("Word")
        widget.setCheckable(True)
        widget.setChecked(on == "on")
    return widget


ROLES = ("plain", "primary", "chip", "accepted", "rejected", "undecided")
FOCUSABLE = [f"button {role}{on}" for role in ROLES for on in ("", " on")]
FOCUSABLE += ["tool plain", "tool plain on", "tool doubt", "combo", "spin", "line", "check", "radio", "slider"]


@pytest.mark.parametrize("name", [*FOCUSABLE, "list", "tree", "notes"])
def test_what_keys_act_on_is_outlined(themed: Tones, qapp: QApplication, qtbot: QtBot, name: str) -> None:
    ring, holder, widget = FocusRing(qapp), QWidget(), make_focusable(name)
    qtbot.addWidget(holder)
    holder.resize(220, 120)
    before = QPushButton(holder)
    before.setGeometry(0, 105, 10, 10)
    widget.setParent(holder)
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.setGeometry(20, 20, 160, 30)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    before.setFocus()
    plain = holder.grab().toImage()
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert widget.hasFocus()
    drawn = holder.grab().toImage()
    delete(ring)

    row = [(plain.pixelColor(x, y), drawn.pixelColor(x, y)) for y in range(15, 55) for x in range(90, 100)]
    changed = {colours: contrast(*colours) for colours in {(one.name(), other.name()) for one, other in row}}
    seen = [(one.name(), other.name()) for one, other in row if changed[one.name(), other.name()] >= 3]
    assert len(seen) >= 2 * 10  # a line above, and one below


def test_the_ring_is_whole_where_what_holds_the_widget_ends_at_it(
    themed: Tones, qapp: QApplication, qtbot: QtBot
) -> None:
    ring, window = FocusRing(qapp), QWidget()
    qtbot.addWidget(window)
    window.resize(220, 120)
    before, holder = QPushButton(window), QWidget(window)
    before.setGeometry(0, 105, 10, 10)
    holder.setGeometry(20, 20, 160, 30)
    box = QComboBox(holder)
    box.setGeometry(holder.rect())
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    before.setFocus()
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    drawn = window.grab().toImage()
    delete(ring)

    sides = [[(x, 35) for x in range(14, 21)], [(x, 35) for x in range(179, 186)]]
    sides += [[(100, y) for y in range(14, 21)], [(100, y) for y in range(49, 56)]]
    assert all(any(drawn.pixelColor(*place).name() == themed.focus for place in side) for side in sides)
