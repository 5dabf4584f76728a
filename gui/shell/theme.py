"""Light, dark and the system's colours. Colour is kept for verdicts and heat maps; the rest is grey."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class Tones:
    """The colours of one scheme, as #rrggbb.

    `line` parts what belongs together; `edge` outlines what can be used, and is seen on every ground (WCAG 1.4.11).
    `focus` outlines what keys act on, and is seen beside `edge` (2.4.13).
    """

    window: str
    base: str
    raised: str
    line: str
    edge: str
    text: str
    dim: str
    select: str
    focus: str
    accepted: str
    rejected: str


# Blue-green and vermilion stay apart for every common kind of colour blindness, and each comes with a sign of its own.
LIGHT = Tones(
    window="#f3f4f6", base="#ffffff", raised="#e9ebee", line="#c9ced5", edge="#7a838e", text="#1a1e23", dim="#545e69",
    select="#d6dee8", focus="#000000", accepted="#006b55", rejected="#ad3909",
)  # fmt: skip
DARK = Tones(
    window="#1c1f23", base="#15171a", raised="#2a2e34", line="#444b54", edge="#808a96", text="#e7eaee", dim="#a9b2bd",
    select="#3a4551", focus="#ffffff", accepted="#4bd0b0", rejected="#ff966a",
)  # fmt: skip

OUTLINED = ("QCheckBox", "QRadioButton", "QComboBox", "QAbstractSpinBox", "QSlider")
"""What the style outlines in a shade of the window's colour."""

TICKED = ("QCheckBox", "QRadioButton")
"""What the style outlines in a shade of the selection's colour where keys act on it: fainter than anywhere else."""

TICK = Path(__file__).with_name("tick.svg")
"""White, in the boxes of menus."""

SHADE = 130
"""The style draws outlines darker than the window; so many per cent lighter a window brings them back to the edge."""


def tones(palette: QPalette) -> Tones:
    """Return the colours that go with a palette."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def apply_theme(app: QApplication, name: str) -> None:
    """Give the app a theme of `THEMES`; "system" follows the desktop."""
    wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    hints = app.styleHints()
    hints.setColorScheme(wanted.get(name, Qt.ColorScheme.Unknown))
    dark = name == "dark" or (name == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
    chosen = DARK if dark else LIGHT
    app.setPalette(_palette(chosen))
    outlined = _palette(chosen)
    outlined.setColor(QPalette.ColorRole.Window, QColor(chosen.edge).lighter(SHADE))
    for kind in OUTLINED:
        app.setPalette(outlined, kind)  # type: ignore[arg-type]  # typed as bytes, which it refuses
    outlined.setColor(QPalette.ColorRole.Highlight, QColor(chosen.focus))
    for kind in TICKED:
        app.setPalette(outlined, kind)  # type: ignore[arg-type]
    app.setStyleSheet(_rules(chosen))


def _palette(tone: Tones) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, value in {
        role.Window: tone.window,
        role.WindowText: tone.text,
        role.Base: tone.base,
        role.AlternateBase: tone.window,
        role.Text: tone.text,
        role.PlaceholderText: tone.dim,
        role.Button: tone.raised,
        role.ButtonText: tone.text,
        role.BrightText: tone.text,
        role.Highlight: tone.select,
        role.HighlightedText: tone.text,
        role.Accent: tone.dim,
        role.Link: tone.text,
        role.ToolTipBase: tone.base,
        role.ToolTipText: tone.text,
        role.Mid: tone.line,
        role.Dark: tone.line,
        role.Midlight: tone.raised,
        role.Light: tone.base,
        role.Shadow: tone.line,
    }.items():
        palette.setColor(which, QColor(value))
    for which in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(_mix(tone.dim, tone.window)))
    return palette


def _mix(first: str, second: str) -> str:
    one, two = QColor(first), QColor(second)
    channels = ((one.red() + two.red()) // 2, (one.green() + two.green()) // 2, (one.blue() + two.blue()) // 2)
    return QColor(*channels).name()


def _rules(tone: Tones) -> str:
    return f"""
{_button_rules(tone)}
QToolTip {{ color: {tone.text}; background: {tone.base}; border: 1px solid {tone.edge}; padding: 3px; }}
QLabel[role="title"] {{ font-size: 20pt; font-weight: 600; }}
QLabel[role="heading"] {{ font-weight: 600; }}
QLabel[role="dim"] {{ color: {tone.dim}; }}
QLabel[role="number"] {{ font-size: 18pt; font-weight: 600; }}
QLabel[role="alarm"] {{ border: 2px solid {tone.rejected}; border-radius: 5px; padding: 5px 10px; font-weight: 600;
    background: {tone.base}; }}
QDialogButtonBox, QMessageBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QTreeWidget::item, QListWidget::item {{ padding: 3px 2px; }}
QHeaderView {{ background: {tone.raised}; border: none; border-bottom: 1px solid {tone.line}; }}
QHeaderView::section {{ padding: 4px 4px; border: none; background: {tone.raised}; }}
QLineEdit {{ border: 1px solid {tone.edge}; border-radius: 4px; padding: 0 5px; background: {tone.base}; }}
QLineEdit:focus {{ border-color: {tone.focus}; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0 2px; }}
QTreeWidget, QListWidget, QPlainTextEdit, QScrollArea {{ border: 1px solid {tone.edge}; border-radius: 4px; }}
QTreeWidget:focus, QListWidget:focus, QPlainTextEdit:focus, QScrollArea:focus {{ border-color: {tone.focus}; }}
QScrollArea[role="plain"] {{ border: none; }}
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox {{ min-height: 22px; }}
QToolButton {{ padding: 3px 7px; border: 1px solid transparent; border-radius: 4px; }}
QToolButton:hover {{ background: {tone.select}; }}
QToolButton:checked {{ background: {tone.select}; border-color: {tone.dim}; }}
QToolButton[role="doubt"] {{ font-weight: 600; border-color: {tone.edge}; }}
QToolButton:focus {{ border: 2px solid {tone.focus}; padding: 2px 6px; }}
QFileDialog QToolButton {{ background: #aab3be; }}
QFileDialog QTreeView, QFileDialog QListView {{ border: 1px solid {tone.edge}; }}
QFileDialog QHeaderView::section {{ color: {tone.text}; }}
QMenu {{ border: 1px solid {tone.edge}; background: {tone.window}; qproperty-toolTipsVisible: true; }}
QMenu::item {{ padding: 4px 24px 4px 8px; }}
QMenu::item:selected {{ background: {tone.select}; }}
QMenu::item:disabled {{ color: {_mix(tone.dim, tone.window)}; background: transparent; }}
QMenu::indicator {{ width: 12px; height: 12px; left: 6px; margin-right: 7px; border: 1px solid {tone.edge};
    background: {tone.base}; }}
QMenu::indicator:exclusive {{ border-radius: 7px; }}
QMenu::indicator:checked {{ background: {tone.edge}; }}
QMenu::indicator:disabled {{ border-color: {tone.line}; }}
QMenu::indicator:checked:disabled {{ background: {tone.line}; }}
QMenu::indicator:non-exclusive:checked {{ image: url("{TICK.as_posix()}"); }}
QMenu::separator {{ height: 1px; margin: 4px 8px; background: {tone.line}; }}
QProgressBar {{ border: 1px solid {tone.edge}; border-radius: 4px; background: {tone.base}; max-height: 10px; }}
QProgressBar::chunk {{ background: {tone.dim}; border-radius: 3px; }}
QFrame[role="drop"] {{ border: 2px dashed {tone.edge}; border-radius: 10px; background: {tone.base}; }}
QFrame[role="drop"][over="true"] {{ border-color: {tone.text}; }}
QSplitter::handle {{ background: {tone.window}; }}
"""


def _button_rules(tone: Tones) -> str:
    return f"""
QPushButton {{ padding: 5px 12px; border: 1px solid {tone.edge}; border-radius: 5px; background: {tone.raised}; }}
QPushButton:hover {{ background: {tone.select}; }}
QPushButton:pressed, QPushButton:checked {{ background: {tone.select}; border-color: {tone.dim}; }}
QPushButton[role="primary"] {{ background: {tone.text}; color: {tone.window}; border-color: {tone.text};
    font-weight: 600; }}
QPushButton[role="primary"]:hover {{ background: {tone.dim}; }}
QPushButton[role="primary"]:disabled {{ background: {tone.raised}; border-color: {tone.line}; color: {tone.dim}; }}
QPushButton[role="chip"] {{ padding: 2px 8px; border-radius: 10px; }}
QPushButton[role="chip"]:checked {{ background: {tone.text}; color: {tone.window}; border-color: {tone.text}; }}
QPushButton[role="accepted"] {{ color: {tone.accepted}; border-color: {tone.accepted}; font-weight: 600; }}
QPushButton[role="rejected"] {{ color: {tone.rejected}; border-color: {tone.rejected}; font-weight: 600; }}
QPushButton[role="accepted"], QPushButton[role="rejected"], QPushButton[role="undecided"] {{ min-width: 66px; }}
QPushButton:disabled, QPushButton[role="accepted"]:disabled, QPushButton[role="rejected"]:disabled {{
    color: {_mix(tone.dim, tone.window)}; border-color: {tone.line}; background: {tone.raised}; }}
QPushButton[role="accepted"]:checked {{ background: {tone.accepted}; color: {tone.base}; }}
QPushButton[role="rejected"]:checked {{ background: {tone.rejected}; color: {tone.base}; }}
QPushButton:focus, QPushButton[role="accepted"]:focus, QPushButton[role="rejected"]:focus {{
    border: 2px solid {tone.focus}; padding: 4px 11px; }}
QPushButton[role="chip"]:focus {{ padding: 1px 7px; }}
QPushButton[role="primary"]:focus {{ border: 3px double {tone.window}; padding: 3px 10px; }}
QPushButton[role="chip"]:checked:focus {{ border: 3px double {tone.window}; padding: 0 6px; }}
QPushButton[role="accepted"]:checked:focus, QPushButton[role="rejected"]:checked:focus {{
    border: 3px double {tone.base}; padding: 3px 10px; }}
QPushButton[touch="true"] {{ min-height: 58px; min-width: 150px; font-size: 20pt; }}
"""
