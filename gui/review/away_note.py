"""Above the verdicts: that the workspace's server is away, and that the app goes on by itself when it is back."""

from PySide6.QtWidgets import QWidget

from gui.shell.labels import WrappedLabel


class AwayNote(WrappedLabel):
    """Shown while the server is away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent=parent)
        self.setProperty("role", "alarm")
        self.setText(self.tr("The server of the workspace cannot be reached. Reconnecting…"))
        self.setAccessibleName(self.text())
        self.hide()
