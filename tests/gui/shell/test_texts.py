"""Messages as the app tells them."""

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

import inspector
from gui.shell.labels import ElidedLabel
from gui.shell.name_box import make_name_box
from gui.shell.numbers import use_numbers_of
from gui.shell.texts import say_alone, show_letters, translate_message, translate_sentence

ROOT = Path(inspector.__file__).parent

ON_THE_COMMAND_LINE = {"cli", "health"}
"""Rooms whose words the app never shows."""


def messages() -> list[str]:
    """All that the engine's errors and warnings say, with a word for what is filled in."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).parts[0] in ON_THE_COMMAND_LINE:
            continue
        source = path.read_text(encoding="utf-8")
        if not re.search(r"--[a-z]|inspector ", source):
            continue
        tree = ast.parse(source)
        passed_over = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                passed_over.update(map(id, node.values))
        for node in ast.walk(tree):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            words = [part.value if isinstance(part, ast.Constant) else "something" for part in parts]
            if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in passed_over:
                found.append("".join(map(str, words)))
    return found


@pytest.mark.parametrize("message", sorted({text for text in messages() if re.search(r" --[a-z]|`inspector ", text)}))
def test_no_message_of_the_app_names_a_command_line(message: str) -> None:
    if message.startswith((" --as", "; on a machine")):
        message = f"get FILE (its publisher; licence X) and run: inspector weights import FILE{message}"
    if message.startswith("`"):  # what to do, which stands behind what is wrong
        message = f"the disk is full; {message}"
    assert not re.search(r"--[a-z]|inspector [a-z]+[ `]", translate_message(message))
    assert translate_message(message).startswith(re.split("[;:]", message[:10])[0])


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("run 3 is not done; finish it with `inspector scan /a,b --resume`", "run 3 is not done"),
        ("seen at one size: leave out `more_sizes`, or use --preset fast", "seen at one size: leave out “More sizes”"),
        ("there is no run 3 in /w; `inspector runs` lists them", "there is no run 3 in /w"),
        ("a photo -- of a kind -- is gone", "a photo -- of a kind -- is gone"),
    ],
)
def test_what_else_is_said_stays(message: str, told: str) -> None:
    assert translate_message(message) == told


@pytest.mark.parametrize("name", ["part.jpg is damaged", "parts/7 is gone", "part_7 cannot be read", "3 of 5 failed"])
def test_what_is_said_alone_begins_with_a_capital_unless_it_is_a_name(name: str) -> None:
    assert say_alone("there is no run 3 in /w; `inspector runs` lists them") == "There is no run 3 in /w"
    assert say_alone(name) == name


def test_sentences_of_the_engine_are_told_in_the_language_of_the_app() -> None:
    said = "15 samples in /batch, layout plain\nabout 2 s (2 s reading, 0 s scoring), 1.8 GB of memory, 0.01 GB of disk"
    refused = "No photo or cloud in /batch; known kinds: .png"
    holes = "9 points are exactly (0, 0, 0); where these are holes, add 0 to the setting `holes`"
    assert translate_message(said) == said
    use_numbers_of(QLocale("de"))
    try:
        assert translate_message(said).startswith("15 Teile in /batch, Aufbau beliebig\netwa 2 s (2 s Lesen")
        assert translate_message(refused) == "Kein Foto und keine Punktwolke in /batch; bekannte Arten: .png"
        assert translate_sentence(holes).endswith("wenn das Löcher sind, 0 bei “Holes” eintragen")
        assert translate_sentence("libpng: bad CRC") == "libpng: bad CRC"
    finally:
        use_numbers_of(QLocale("en"))


@pytest.mark.parametrize("name", ["<b>bold<b>.png", "&amp;&lt;.png", "<img src=x>.png"])
def test_a_name_that_looks_like_html_is_shown_letter_by_letter(name: str) -> None:
    document = QTextDocument()
    document.setHtml(show_letters(name))
    assert document.toPlainText() == name
    assert show_letters("usual name.png") == "usual name.png"


def test_a_name_with_a_break_is_one_line(qtbot: QtBot) -> None:
    label = ElidedLabel("part\n7.png")
    qtbot.addWidget(label)
    label.resize(500, 20)
    assert label.shown() == "part 7.png"
    assert label.toolTip() == ""


def test_a_box_of_names_shows_some_letters_in_the_narrowest_dialog(qtbot: QtBot) -> None:
    box = make_name_box()
    qtbot.addWidget(box)
    assert box.minimumSizeHint().width() > box.fontMetrics().horizontalAdvance("housings")
