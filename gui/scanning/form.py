"""A form made from the fields of `ScanSettings`: a new setting needs no new widget."""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.shell.labels import WrappedLabel
from gui.shell.numbers import PlainNumber, read_number
from gui.shell.path_field import PathField, read_path
from gui.shell.texts import name_field, name_fields, say_alone
from inspector.errors import SettingsError
from inspector.presets import ABOUT, PRESETS, load_settings
from inspector.settings import ScanSettings


@dataclass(frozen=True)
class Editor:
    """A widget for one setting: how to read it, how to fill it, and what tells of a change."""

    widget: QWidget
    value: Callable[[], Any]
    fill: Callable[[Any], None]
    changed: Any


class SettingsForm(QWidget):
    """Presets first, all settings folded below."""

    changed = Signal()

    def __init__(self, model: type[ScanSettings] = ScanSettings, parent: QWidget | None = None) -> None:
        """Make a field for each setting of a model, filled with the first preset."""
        super().__init__(parent)
        self._model = model
        self._editors: dict[str, Editor] = {}
        self.preset = QComboBox()
        self.preset.addItems(list(PRESETS))
        self.preset.setAccessibleName(self.tr("Preset"))
        self.preset.currentTextChanged.connect(lambda name: self.fill(PRESETS[name]))
        self.unfold = QToolButton()
        self.unfold.setText(self.tr("All settings"))
        self.unfold.setCheckable(True)
        self.unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.unfold.setArrowType(Qt.ArrowType.RightArrow)
        self.unfold.setAccessibleName(self.tr("Show all settings"))
        self._fields = QScrollArea()
        self._fields.setAccessibleName(self.unfold.text())
        self._fields.setWidgetResizable(True)
        self._fields.setMinimumHeight(120)
        self._fields.setWidget(self._make_fields())
        self._fields.hide()
        self.unfold.toggled.connect(self._fields.setVisible)
        self.unfold.toggled.connect(self._turn_arrow)
        self.wrong = ""
        """What is wrong with its values; "" = nothing."""
        top = QFormLayout()
        self.caption = QLabel(self.tr("Preset"))
        self.caption.setBuddy(self.preset)
        top.addRow(self.caption, self.preset)
        self.about_preset = WrappedLabel()
        self.about_preset.setProperty("role", "dim")
        self.preset.currentTextChanged.connect(self._explain_preset)
        self._explain_preset(self.preset.currentText())
        top.addRow("", self.about_preset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.unfold)
        layout.addWidget(self._fields, 10)
        layout.addStretch()  # where the settings are folded
        self.fill(PRESETS[self.preset.currentText()])

    def settings(self) -> ScanSettings:
        """Return what the form says.

        Raises:
            SettingsError: a value cannot be read or does not go.
        """
        values: dict[str, Any] = {}
        for name, editor in self._editors.items():
            try:
                values[name] = editor.value()
            except ValueError as error:
                raise SettingsError(f"setting `{name}`: {error}") from error
        return PRESETS[self.preset.currentText()].changed(**values)

    def fill(self, settings: ScanSettings) -> None:
        """Show settings."""
        for name, editor in self._editors.items():
            editor.fill(getattr(settings, name))
        self._check()

    def show_settings(self, preset: str, values: Mapping[str, Any]) -> None:
        """Show a preset with some values of its own.

        Raises:
            SettingsError: a value does not go.
        """
        settings = load_settings(preset, None, None, values)
        self.preset.setCurrentText(preset)
        self.fill(settings)

    def change(self, **values: Any) -> None:
        """Show other values of some settings.

        Raises:
            SettingsError: a value cannot be read or does not go.
        """
        self.fill(self.settings().changed(**values))

    def part_rule(self) -> str:
        """Return the rule for part ids as it stands in its field, right or wrong."""
        return str(self._editors["part_id"].value()) if "part_id" in self._editors else ""

    def editor(self, name: str) -> Editor:
        """Return the widget of a setting."""
        return self._editors[name]

    def _explain_preset(self, name: str) -> None:
        self.about_preset.setText(QCoreApplication.translate("Presets", ABOUT[name]))

    def _turn_arrow(self, open_now: bool) -> None:
        self.unfold.setArrowType(Qt.ArrowType.DownArrow if open_now else Qt.ArrowType.RightArrow)

    def _make_fields(self) -> QWidget:
        holder, form = QWidget(), QFormLayout()
        form.setVerticalSpacing(3)
        column = QVBoxLayout(holder)
        column.addLayout(form)
        column.addStretch(1)  # rows keep their height
        for name, info in self._model.model_fields.items():
            editor = make_editor(info)
            label = name_field(name)
            about = name_fields(QCoreApplication.translate("Settings", info.description or ""))
            editor.widget.setAccessibleName(label)
            editor.widget.setAccessibleDescription(about)
            editor.widget.setToolTip(about)
            editor.changed.connect(lambda *_: self._check())
            caption = QLabel(label)
            caption.setToolTip(about)
            caption.setBuddy(editor.widget)
            note = WrappedLabel(about)
            note.setProperty("role", "dim")
            form.addRow(caption, editor.widget)
            note.setContentsMargins(0, 0, 0, 8)
            form.addRow("", note)
            self._editors[name] = editor
        return holder

    def _check(self) -> None:
        try:
            self.settings()
        except SettingsError as error:
            self.wrong = say_alone(str(error))
        else:
            self.wrong = ""
        self.changed.emit()


def make_editor(info: FieldInfo) -> Editor:
    """Choose a widget by a field's type and limits; an optional field may stay empty."""
    kinds = [kind for kind in _alternatives(info.annotation) if kind is not type(None)]
    kind, optional = kinds[0], len(kinds) < len(_alternatives(info.annotation))
    limits = {name: getattr(rule, name) for rule in info.metadata for name in ("gt", "ge", "le") if hasattr(rule, name)}
    if get_origin(kind) is Literal:
        return _choice([str(option) for option in get_args(kind)])
    if kind is bool:
        return _tick()
    if kind is int and not optional:
        return _whole_number(int(limits.get("ge", -(2**31))), int(limits.get("le", 2**31 - 1)))
    if kind is float and not optional:
        return _number(float(limits.get("gt", limits.get("ge", -1e9))), float(limits.get("le", 1e9)))
    if get_origin(kind) is tuple:
        return _text(partial(read_numbers, one=READERS[get_args(kind)[0]]), optional=optional)
    return _text(READERS[kind], optional=optional, field=PathField() if kind is Path else None)


def read_numbers(text: str, one: Callable[[str], Any]) -> tuple[Any, ...]:
    """Read "1, 3, 5" as (1, 3, 5); `one` reads a single number."""
    return tuple(one(piece) for piece in text.replace(",", " ").split())


def read_whole(text: str) -> int:
    """Read a whole number."""
    try:
        return int(text)
    except ValueError as error:
        raise ValueError(f"expected a whole number, but got {text!r}") from error


def read_decimal(text: str) -> float:
    """Read a number, with point or comma."""
    number = read_number(text)
    if number is None:
        raise ValueError(f"expected a number, but got {text!r}")
    return number


def _read_path(text: str) -> Path:
    return Path(read_path(text))


READERS: dict[Any, Callable[[str], Any]] = {int: read_whole, float: read_decimal, str: str, Path: _read_path}


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)


def _choice(options: list[str]) -> Editor:
    box = QComboBox()
    box.addItems(options)
    return Editor(box, box.currentText, lambda value: box.setCurrentText(str(value)), box.currentTextChanged)


def _tick() -> Editor:
    box = QCheckBox()
    return Editor(box, box.isChecked, box.setChecked, box.toggled)


def _whole_number(low: int, high: int) -> Editor:
    box = QSpinBox()
    box.setRange(low, high)
    return Editor(box, box.value, box.setValue, box.valueChanged)


def _number(low: float, high: float) -> Editor:
    box = PlainNumber()
    box.setRange(low, high)
    box.setDecimals(6)
    box.setSingleStep(0.05 if high <= 1 else 0.5)
    return Editor(box, box.value, box.setValue, box.valueChanged)


def _text(read: Callable[[str], Any], *, optional: bool, field: QLineEdit | None = None) -> Editor:
    field = field or QLineEdit()
    if optional:
        field.setPlaceholderText(QCoreApplication.translate("SettingsForm", "automatic"))

    def value() -> Any:
        text = field.text().strip()
        return None if optional and not text else read(text)

    def fill(given: Any) -> None:
        plain = given if not isinstance(given, tuple) else ", ".join(map(str, given))
        text = "" if plain is None else str(plain)
        field.setText(text.replace(".", QLocale().decimalPoint()) if isinstance(given, float) else text)

    return Editor(field, value, fill, field.textChanged)
