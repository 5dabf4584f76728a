"""Opening the export dialog with what was chosen last time."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.export.dialog import ExportDialog
from gui.shell.preferences import Preferences
from inspector.store.workspace import Workspace


def open_export(store: Workspace, run_id: int, preferences: Preferences, parent: QWidget) -> None:
    """Ask what to export of a run; folder and decimals are remembered."""
    folder = Path(preferences.text("export", str(Path.home()))) / f"run-{run_id}"
    dialog = ExportDialog(store, run_id, folder, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.comma.setChecked(preferences.text("decimal") == "comma")
    dialog.comma.toggled.connect(lambda on: preferences.remember("decimal", "comma" if on else "point"))
    dialog.done_writing.connect(lambda path: preferences.remember("export", str(path.parent)))
    dialog.open()
