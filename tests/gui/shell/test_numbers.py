"""One way to write numbers in the whole app; point and comma are both understood."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

import gui
from gui.scanning.form import make_editor
from gui.shell.numbers import PlainNumber, read_number, show_digits, show_number, use_numbers_of
from inspector.settings import ScanSettings


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    before = QLocale()
    use_numbers_of(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


def test_numbers_are_written_as_the_language_does(language: str) -> None:
    shown = (show_number(0.5), show_number(12345.678, 1), show_number(-0.25, 2))
    assert shown == {"en": ("0.500", "12345.7", "-0.25"), "de": ("0,500", "12345,7", "-0,25")}[language]
    assert (show_digits(12.5), show_digits(1.23456, 3)) == {"en": ("12.5", "1.23"), "de": ("12,5", "1,23")}[language]


def test_a_setting_that_may_stay_empty_is_typed_with_either_sign(qtbot: QtBot, language: str) -> None:
    scale = make_editor(ScanSettings.model_fields["mm_per_pixel"])
    qtbot.addWidget(scale.widget)
    scale.fill(0.0625)
    assert isinstance(scale.widget, QLineEdit)
    assert (scale.widget.text(), scale.value()) == ({"en": "0.0625", "de": "0,0625"}[language], 0.0625)
    for text in ("0.05", "0,05"):
        scale.widget.setText(text)
        assert scale.value() == 0.05


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.7", 0.7), ("0,7", 0.7), (" 7 ", 7.0), (",5", 0.5), ("-1,5", -1.5), ("1e-3", 0.001),
        ("", None), ("abc", None), ("1.000,5", None), ("0,7,1", None), ("nan", None), ("1e999", None),
    ],
)  # fmt: skip
def test_both_signs_are_read(text: str, value: float | None) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize("typed", ["0.7", "0,7"])
def test_fields_of_forms_take_both_signs(language: str, typed: str, qtbot: QtBot) -> None:
    field = PlainNumber()
    qtbot.addWidget(field)
    field.setRange(0, 1)
    field.setDecimals(6)
    field.selectAll()
    qtbot.keyClicks(field.lineEdit(), typed)
    field.interpretText()
    assert field.value() == 0.7
    assert field.text() == {"en": "0.7", "de": "0,7"}[language]


def test_the_app_writes_no_number_by_itself() -> None:
    """No screen writes a number whose decimal point is that of English."""
    itself, paths = re.compile(r":(\.[1-9]f|(\.\d+)?[eg])\}"), Path(gui.__file__).parent.rglob("*.py")
    found = [path.name for path in paths if itself.search(path.read_text(encoding="utf-8"))]
    assert found == []
