"""Above the verdicts: that the workspace cannot be reached, or what keeps the app out of it."""

from PySide6.QtWidgets import QWidget

from gui.shell.background import describe_failure
from gui.shell.labels import WrappedLabel
from gui.shell.texts import say_alone
from inspector.store.server import ServerLost


class AwayNote(WrappedLabel):
    """Shown while the workspace cannot be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent=parent)
        self.setProperty("role", "alarm")
        self.hide()

    def tell(self, error: Exception | None) -> None:
        """Say that the app connects again by itself, or else what is wrong and what to do; None = all is well."""
        if error is not None:
            lost = self.tr("The server of the workspace cannot be reached. Reconnecting…")
            self.setText(lost if isinstance(error, ServerLost) else say_alone(describe_failure(error)))
            self.setAccessibleName(self.text())
        self.setVisible(error is not None)
