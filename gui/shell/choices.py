"""Theme, language, and when the operator is signed out: chosen in the menus, remembered."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from gui.shell.operator import IDLE_MINUTES, USUAL_IDLE
from gui.shell.theme import THEMES, apply_theme

if TYPE_CHECKING:
    from gui.window import MainWindow

LANGUAGES = {"": "System", "en": "English", "de": "Deutsch"}


def add_choices(window: "MainWindow") -> None:
    """Add what can be chosen to the window's menus "View" and "Edit"."""
    translate, preferences = QCoreApplication.translate, window.preferences
    titles = (
        translate("Choices", "As the system"),
        translate("Choices", "Light"),
        translate("Choices", "Dark"),
    )
    themes = dict(zip(THEMES, titles, strict=True))
    window.menus.add_choice(
        "view", translate("Choices", "Theme"), themes, preferences.text("theme", "system"), window.set_theme
    )
    languages = {**LANGUAGES, "": titles[0]}
    window.menus.add_choice(
        "view", translate("Choices", "Language"), languages, preferences.text("language"), window.set_language
    )
    after = translate("Choices", "After {minutes} minutes")
    idle = {str(minutes): after.format(minutes=minutes) for minutes in IDLE_MINUTES}
    idle["0"] = translate("Choices", "Never")
    chosen, set_minutes = preferences.text("idle_minutes", USUAL_IDLE), window.operator.set_idle_minutes
    window.menus.add_choice("edit", translate("Choices", "Sign out when idle"), idle, chosen, set_minutes)


def change_theme(name: str) -> None:
    """Give the app another theme of `THEMES`."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, name)
