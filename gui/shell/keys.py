"""All commands with their menus and keys; the editor for the keys; the help sheet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.shell.grey import hold_back
from gui.shell.labels import WrappedLabel
from gui.shell.room import open_at
from gui.shell.texts import QT_TRANSLATE_NOOP
from inspector.roles import Action

MENUS = {
    "file": QT_TRANSLATE_NOOP("Commands", "&File"),
    "edit": QT_TRANSLATE_NOOP("Commands", "&Edit"),
    "go": QT_TRANSLATE_NOOP("Commands", "&Go"),
    "view": QT_TRANSLATE_NOOP("Commands", "&View"),
    "help": QT_TRANSLATE_NOOP("Commands", "&Help"),
}


@dataclass(frozen=True)
class Command:
    """Something the operator can do.

    Attributes:
        name: used in code and in the remembered keys.
        menu: a name in `MENUS`.
        text: English; translated where it is shown.
        keys: the usual ones, as `QKeySequence` writes them.
        review: only possible while a run is open.
        repeats: done again and again while its key is held down.
        apart: a line parts it from the one before in its menu.
        ticks: it is on or off, and the menu shows which.
        needs: what one has to be allowed to, where roles are on.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    review: bool = True
    repeats: bool = False
    apart: bool = False
    ticks: bool = False
    needs: Action | None = None


COMMANDS = (
    Command("scan", "file", QT_TRANSLATE_NOOP("Commands", "Scan a folder…"), ("Ctrl+O",), review=False, needs="scan"),
    Command("scan_again", "file", QT_TRANSLATE_NOOP("Commands", "Scan again, judged by accepted parts"), needs="scan"),
    Command("watch", "file", QT_TRANSLATE_NOOP("Commands", "Watch a folder…"), ("Ctrl+L",), review=False, needs="scan"),
    Command("start", "file", QT_TRANSLATE_NOOP("Commands", "Runs"), ("Ctrl+R",), review=False),
    Command("show_scan", "file", QT_TRANSLATE_NOOP("Commands", "Show the running scan"), ("Ctrl+J",), review=False),
    Command("locate", "file", QT_TRANSLATE_NOOP("Commands", "Locate folder…"), needs="locate"),
    Command("export", "file", QT_TRANSLATE_NOOP("Commands", "Export…"), ("Ctrl+E",), apart=True),
    Command("statistics", "file", QT_TRANSLATE_NOOP("Commands", "Statistics…"), ("Ctrl+T",), review=False, apart=True),
    Command("networks", "file", QT_TRANSLATE_NOOP("Commands", "Networks…"), ("Ctrl+B",), review=False),
    Command("quit", "file", QT_TRANSLATE_NOOP("Commands", "Quit"), ("Ctrl+Q",), review=False, apart=True),
    Command("accept", "edit", QT_TRANSLATE_NOOP("Commands", "Accept"), ("A", "P"), needs="verdict"),
    Command("reject", "edit", QT_TRANSLATE_NOOP("Commands", "Reject"), ("X", "R"), needs="verdict"),
    Command("undecided", "edit", QT_TRANSLATE_NOOP("Commands", "Undecided"), ("U",), needs="verdict"),
    Command("undo", "edit", QT_TRANSLATE_NOOP("Commands", "Undo verdict"), ("Ctrl+Z",), apart=True, needs="verdict"),
    Command("redo", "edit", QT_TRANSLATE_NOOP("Commands", "Redo verdict"), ("Ctrl+Y", "Ctrl+Shift+Z"), needs="verdict"),
    Command("comment", "edit", QT_TRANSLATE_NOOP("Commands", "Write a comment"), ("K",), apart=True, needs="verdict"),
    Command("part", "edit", QT_TRANSLATE_NOOP("Commands", "Part, lot, station…"), ("I",), needs="part"),
    Command("classes", "edit", QT_TRANSLATE_NOOP("Commands", "Defect classes…"), (), needs="classes"),
    Command("roi", "edit", QT_TRANSLATE_NOOP("Commands", "Region of interest…"), (), needs="recipe"),
    Command("operator", "edit", QT_TRANSLATE_NOOP("Commands", "Operator…"), (), review=False, apart=True),
    Command("keys", "edit", QT_TRANSLATE_NOOP("Commands", "Change keys…"), (), review=False),
    Command("next", "go", QT_TRANSLATE_NOOP("Commands", "Next sample"), ("N", "PgDown"), repeats=True),
    Command("previous", "go", QT_TRANSLATE_NOOP("Commands", "Previous sample"), ("B", "PgUp"), repeats=True),
    Command("unreviewed", "go", QT_TRANSLATE_NOOP("Commands", "Next unreviewed sample"), ("M",), apart=True),
    Command("ask", "go", QT_TRANSLATE_NOOP("Commands", "Next to judge: tells most about the threshold"), ("W",)),
    Command("next_region", "go", QT_TRANSLATE_NOOP("Commands", "Next defect region"), (".",), repeats=True, apart=True),
    Command("previous_region", "go", QT_TRANSLATE_NOOP("Commands", "Previous defect region"), (",",), repeats=True),
    Command("leave_region", "go", QT_TRANSLATE_NOOP("Commands", "Zoom as before the region"), ("Backspace",)),
    Command("view", "go", QT_TRANSLATE_NOOP("Commands", "Next view of the part"), ("E",), apart=True),
    Command("search", "go", QT_TRANSLATE_NOOP("Commands", "Search names"), ("Ctrl+F",), apart=True),
    Command("mode", "view", QT_TRANSLATE_NOOP("Commands", "Overlay, side by side, map only"), ("V",)),
    Command("heat", "view", QT_TRANSLATE_NOOP("Commands", "Heat map"), ("H",), ticks=True),
    Command("contour", "view", QT_TRANSLATE_NOOP("Commands", "Contour at the threshold"), ("C",), ticks=True),
    Command("regions", "view", QT_TRANSLATE_NOOP("Commands", "Numbered defect regions"), ("G",), ticks=True),
    Command("oddest", "view", QT_TRANSLATE_NOOP("Commands", "Where an unflagged part is oddest"), ("O",), ticks=True),
    Command("shared", "view", QT_TRANSLATE_NOOP("Commands", "Regions that several parts share…"), ("J",), apart=True),
    Command(
        "compare",
        "view",
        QT_TRANSLATE_NOOP("Commands", "Compare with the most similar normal sample"),
        ("S",),
        apart=True,
        ticks=True,
    ),
    Command("cloud", "view", QT_TRANSLATE_NOOP("Commands", "Point cloud"), ("D",), ticks=True),
    Command("grid", "view", QT_TRANSLATE_NOOP("Commands", "Grid of thumbnails"), ("T",), apart=True, ticks=True),
    Command(
        "operator_mode",
        "view",
        QT_TRANSLATE_NOOP("Commands", "Operator mode, full screen"),
        ("F11",),
        ticks=True,
    ),
    Command("zoom_in", "view", QT_TRANSLATE_NOOP("Commands", "Zoom in"), ("+", "Ctrl++"), repeats=True, apart=True),
    Command("zoom_out", "view", QT_TRANSLATE_NOOP("Commands", "Zoom out"), ("-", "Ctrl+-"), repeats=True),
    Command("fit", "view", QT_TRANSLATE_NOOP("Commands", "Fit the photo"), ("F", "0")),
    Command("actual", "view", QT_TRANSLATE_NOOP("Commands", "100 %"), ("Ctrl+1",)),
    Command("help", "help", QT_TRANSLATE_NOOP("Commands", "Keys"), ("F1", "?"), review=False),
    Command("check", "help", QT_TRANSLATE_NOOP("Commands", "Check this station…"), (), review=False, apart=True),
    Command("about", "help", QT_TRANSLATE_NOOP("Commands", "About"), (), review=False, apart=True),
)


KEY_WIDTH = 172
"""Pixels of a field for a key, long enough for the longest."""

CLASS_KEYS = tuple("123456789")
"""Keys of the defect classes of a product: they cannot be given to commands."""


def conflicts(keys: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the keys that more than one command would have, with the names of these commands."""
    uses: defaultdict[str, list[str]] = defaultdict(list)
    for key in CLASS_KEYS:
        uses[key].append("classes")
    for name, given in keys.items():
        for key in dict.fromkeys(given):
            uses[key].append(name)
    return {key: names for key, names in uses.items() if len(names) > 1}


def command_text(name: str) -> str:
    """Return what a command is called, in the language of the app."""
    command = next(command for command in COMMANDS if command.name == name)
    return QCoreApplication.translate("Commands", command.text)


class ShortcutEditor(QDialog):
    """Changes keys; two commands cannot share one."""

    def __init__(self, keys: Mapping[str, Sequence[str]], parent: QWidget | None = None) -> None:
        """Show the keys as they are."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Change keys"))
        self._edits: dict[str, list[QKeySequenceEdit]] = {}
        self._table = QTreeWidget()
        self._table.setHeaderLabels([self.tr("Command"), self.tr("Key"), self.tr("Second key")])
        self._table.setRootIsDecorated(False)
        self._table.setAccessibleName(self.tr("Commands and their keys"))
        header = self._table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, KEY_WIDTH)
        for command in COMMANDS:
            self._add_row(command, keys[command.name])
        longest = self._table.sizeHintForColumn(0)
        bar = self._table.verticalScrollBar().sizeHint().width()
        open_at(self, longest + 2 * KEY_WIDTH + bar + 40, 640)
        self._warning = WrappedLabel()
        usual = QPushButton(self.tr("Usual keys"))
        usual.clicked.connect(self._usual)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.addButton(usual, QDialogButtonBox.ButtonRole.ResetRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self._table)
        layout.addWidget(self._warning)
        layout.addWidget(self._buttons)
        self._check()

    def keys(self) -> dict[str, list[str]]:
        """Return the keys as they are now, by command."""
        texts = {name: [edit.keySequence().toString() for edit in edits] for name, edits in self._edits.items()}
        return {name: [text for text in given if text] for name, given in texts.items()}

    def set_keys(self, command: str, keys: Sequence[str]) -> None:
        """Put keys into the fields of a command."""
        for place, edit in enumerate(self._edits[command]):
            edit.setKeySequence(QKeySequence(keys[place] if place < len(keys) else ""))

    def warning(self) -> str:
        """Return the sentence about keys that are given twice; "" if there are none."""
        return self._warning.text()

    def _add_row(self, command: Command, keys: Sequence[str]) -> None:
        text = QCoreApplication.translate("Commands", command.text)
        item = QTreeWidgetItem(self._table, [text])
        item.setToolTip(0, text)  # on a small screen it is shortened
        self._edits[command.name] = []
        for column in (1, 2):
            edit = QKeySequenceEdit(QKeySequence(keys[column - 1] if column <= len(keys) else ""))
            edit.setMaximumSequenceLength(1)
            edit.setClearButtonEnabled(True)
            for field in edit.findChildren(QLineEdit):
                field.setPlaceholderText("")
            item.setSizeHint(column, QSize(0, edit.sizeHint().height() + 8))
            edit.setAccessibleName(self.tr("Key for: {command}").format(command=text))
            edit.keySequenceChanged.connect(lambda _: self._check())
            self._table.setItemWidget(item, column, edit)
            self._edits[command.name].append(edit)

    def _usual(self) -> None:
        for command in COMMANDS:
            self.set_keys(command.name, command.keys)

    def _check(self) -> None:
        twice = conflicts(self.keys())
        sentences = [
            self.tr("{key} is given to: {commands}.").format(key=key, commands=", ".join(map(command_text, names)))
            for key, names in twice.items()
        ]
        self._warning.setText("\n".join(sentences))
        hold_back(self._buttons.button(QDialogButtonBox.StandardButton.Ok), self._warning.text())


class HelpSheet(QDialog):
    """All keys at a glance."""

    def __init__(self, keys: Mapping[str, Sequence[str]], parent: QWidget | None = None) -> None:
        """Write the sheet for the keys as they are."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        layout = QVBoxLayout(self)
        sheet = QLabel(self._text(keys))
        sheet.setTextFormat(Qt.TextFormat.RichText)
        sheet.setAccessibleName(self.tr("Keys of all commands"))
        sheet.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area = QScrollArea()
        area.setAccessibleName(self.windowTitle())
        area.setProperty("role", "plain")
        area.setWidget(sheet)
        layout.addWidget(area, 1)
        layout.addWidget(WrappedLabel(self.tr("1 to 9 after a rejection: the class of the defect.")))
        held = self.tr("Space, held: the most similar normal sample in the same place.")
        layout.addWidget(WrappedLabel(held))
        mouse = self.tr("Mouse: wheel zooms at the cursor, drag moves the photo, double click shows the whole photo.")
        layout.addWidget(WrappedLabel(mouse))
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout.addWidget(close)
        bar = area.verticalScrollBar().sizeHint().width()
        open_at(self, sheet.sizeHint().width() + bar + 24, sheet.sizeHint().height() + 135)

    def _text(self, keys: Mapping[str, Sequence[str]]) -> str:
        def block(menu: str) -> str:
            title = QCoreApplication.translate("Commands", MENUS[menu]).replace("&", "")
            rows = "".join(
                f"<tr><td>{QCoreApplication.translate('Commands', command.text)}</td>"
                f"<td width='8'></td><td><b>{_shown(keys[command.name])}</b></td></tr>"
                for command in COMMANDS
                if command.menu == menu and keys[command.name]
            )
            return f"<h3>{title}</h3><table cellpadding='2'>{rows}</table>"

        left, right = block("edit") + block("file") + block("help"), block("go") + block("view")
        return f"<table cellspacing='0'><tr><td>{left}</td><td width='14'></td><td>{right}</td></tr></table>"


def _shown(keys: Sequence[str]) -> str:
    native = (QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
    return "&nbsp; ".join(text.replace("<", "&lt;") for text in native)
