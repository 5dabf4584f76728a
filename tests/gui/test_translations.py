import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from gui.app import TRANSLATIONS
from gui.shell.texts import name_field
from inspector.export.register import list_exports, load_export
from inspector.settings import ScanSettings

GUI = TRANSLATIONS.parent


@pytest.fixture
def german(qapp: QCoreApplication) -> Iterator[None]:
    translators = [QTranslator() for _ in range(2)]
    for name, translator in zip(("app_de", "settings_de"), translators, strict=True):
        assert translator.load(name, str(TRANSLATIONS))
        qapp.installTranslator(translator)
    yield
    for translator in translators:
        qapp.removeTranslator(translator)


def test_every_text_of_the_app_has_its_german(tmp_path: Path) -> None:
    copy = tmp_path / "app_de.ts"
    shutil.copy(TRANSLATIONS / "app_de.ts", copy)
    command = [
        str(Path(sys.executable).with_name("pyside6-lupdate")),
        *map(str, sorted(GUI.rglob("*.py"))),
        "-ts",
        str(copy),
    ]
    subprocess.run(command, check=True, capture_output=True)
    messages = ElementTree.parse(copy).getroot().iter("message")
    translations = [(message.findtext("source"), message.find("translation")) for message in messages]
    assert [source for source, text in translations if text is None or text.get("type") or not text.text] == []


def test_every_setting_has_its_german(german: None) -> None:
    texts = [field.description or "" for field in ScanSettings.model_fields.values()]

    assert [text for text in texts if QCoreApplication.translate("Settings", text) == text] == []


def test_every_setting_has_a_german_name(german: None) -> None:
    same = [name for name in ScanSettings.model_fields if name_field(name) == name.replace("_", " ").capitalize()]
    assert same == []


@pytest.mark.parametrize("name", ["app_de", "settings_de"])
def test_what_is_loaded_is_what_was_written(name: str) -> None:
    """The compiled file is of the newest texts: `make translations`."""
    loaded = QTranslator()
    assert loaded.load(name, str(TRANSLATIONS))

    stale = []
    for context in ElementTree.parse(TRANSLATIONS / f"{name}.ts").getroot().iter("context"):
        for message in context.iter("message"):
            source, written = message.findtext("source") or "", message.findtext("translation") or ""
            about = message.findtext("comment") or ""
            if loaded.translate(context.findtext("name") or "", source, about) != written:
                stale.append(source)
    assert stale == []


def test_places_to_fill_in_are_the_same_in_both_languages() -> None:
    import string

    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for message in ElementTree.parse(TRANSLATIONS / "app_de.ts").getroot().iter("message"):
        source, german = message.findtext("source") or "", message.findtext("translation") or ""
        assert fields(source) == fields(german), source


@pytest.mark.parametrize(
    ("context", "text", "expected"),
    [
        ("Commands", "Reject", "Ausschuss"),
        ("FilterBar", "Unreadable", "Unlesbar"),
        ("Settings", "Where to compute.", "Wo gerechnet wird."),
    ],
)
def test_the_app_speaks_german(german: None, context: str, text: str, expected: str) -> None:
    assert QCoreApplication.translate(context, text) == expected


@pytest.mark.parametrize("name", list_exports())
def test_every_export_has_a_german_title(german: None, name: str) -> None:
    title = load_export(name).title
    assert QCoreApplication.translate("Exports", title) != title
