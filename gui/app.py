"""`inspector-gui [RUN|FOLDER]`: starts the app."""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import MutableMapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gui.shell.error_dialog import ErrorReporter, show_problem, start_log
from gui.shell.focus_ring import FocusRing
from gui.shell.numbers import use_numbers_of
from gui.shell.preferences import Preferences
from gui.shell.stop_signals import StopSignals
from gui.shell.theme import apply_theme
from gui.window import LIST_PICTURE, MainWindow
from inspector.files import expand_home

TRANSLATIONS = Path(__file__).parent / "translations"

ICON = Path(__file__).parent / "icon.svg"

NAME = "Mutual Inspector"

FIRST_PICTURE = 20
"""Milliseconds the window has to appear before the workspace, and numpy with it, is loaded."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the app and exit with its code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the app until its window is closed, by the user or by a signal."""
    app, window = build(arguments)

    def quit_unasked() -> None:
        window.asks_before_closing = False
        app.quit()  # closes all windows first

    signals = StopSignals(quit_unasked, app)
    code = app.exec()
    signals.close()
    return code


def build(arguments: Sequence[str]) -> tuple[QApplication, MainWindow]:
    """Make the app and show its window; the workspace is opened as soon as events are handled."""
    options = _parser().parse_args(arguments)
    forget_foreign_plugins(os.environ)
    app = QApplication.instance() or QApplication([NAME])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    app.setApplicationName(NAME)
    app.setWindowIcon(QIcon(str(ICON)))
    app.setDesktopFileName("mutual-inspector")
    preferences = Preferences()
    for name in ("theme", "language"):
        if getattr(options, name) is not None:
            preferences.remember(name, getattr(options, name))
    install_language(app, preferences.text("language"))
    apply_theme(app, preferences.text("theme", "system"))
    start_log()
    workspace = options.workspace or expand_home(os.environ.get("INSPECTOR_WORKSPACE", ""))
    FocusRing(app)
    window = MainWindow(workspace or None, preferences)
    ErrorReporter(lambda sentence, details: show_problem(window, sentence, details), app).install()
    window.show()
    QTimer.singleShot(FIRST_PICTURE, partial(_open_workspace, window, options.target))
    return app, window


def _open_workspace(window: MainWindow, target: str) -> None:
    """Open the workspace, and let the collector of garbage pass over what all the imports have made.

    These are some 300,000 objects that live as long as the app. Reading a run of ten thousand samples makes the
    collector look through everything, and the window stood still for 60 ms meanwhile.
    """
    _load_store()
    window.open_workspace(target)
    QTimer.singleShot(LIST_PICTURE, gc.freeze)  # after the review screen, which waits for the same moment


def _load_store() -> None:
    """Import what the workspace needs, and keep the collector of garbage from looking through it again and again."""
    gc.disable()
    try:
        importlib.import_module("gui.start.runs")
    finally:
        gc.enable()


def forget_foreign_plugins(environment: MutableMapping[str, str]) -> None:
    """Drop Qt's plugin paths where OpenCV has set them: its own Qt plugins do not fit the app's Qt."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if f"{os.sep}cv2{os.sep}" in environment.get(name, ""):
            del environment[name]


def install_language(app: QCoreApplication, language: str) -> None:
    """Load the texts and write the numbers of a language; "" = the system's, English where there are none."""
    locale = QLocale(language) if language else QLocale.system()
    use_numbers_of(locale)
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("app", str(TRANSLATIONS)), ("settings", str(TRANSLATIONS)), ("qtbase", qt)):
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="inspector-gui", description="The desktop station of the mutual inspector.")
    parser.add_argument(
        "target",
        nargs="?",
        default="",
        type=expand_home,
        metavar="RUN|FOLDER",
        help="a run to open or a folder to scan",
    )
    parser.add_argument("--workspace", type=expand_home, help="folder that keeps runs and maps, or postgresql://...")
    parser.add_argument("--theme", choices=("system", "light", "dark"))
    parser.add_argument("--language", choices=("en", "de"))
    return parser


if __name__ == "__main__":
    main()
