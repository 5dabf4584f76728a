"""The licence of weights is shown, and accepted, before they come."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from gui.networks.listing import Network
from gui.shell.grey import hold_back
from gui.shell.labels import WrappedLabel


class LicenceDialog(QDialog):
    """Asks for consent; it can only be accepted with the tick."""

    def __init__(self, network: Network, action: str, parent: QWidget | None = None) -> None:
        """Show the licence of a network; `action` is written on the button that goes on."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Licence of {network}").format(network=network.name))
        self.setMinimumWidth(460)
        summary = QCoreApplication.translate("Networks", network.licence_summary)
        about = WrappedLabel(f"<b>{network.licence}</b><br>{summary}")
        about.setTextFormat(Qt.TextFormat.RichText)
        address = WrappedLabel(f'<a href="{network.licence_address}">{network.licence_address}</a>')
        address.setTextFormat(Qt.TextFormat.RichText)
        address.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        address.setOpenExternalLinks(True)
        address.setVisible(bool(network.licence_address))
        self.accepts = QCheckBox(self.tr("I know this licence and accept it."))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go_on = buttons.addButton(action, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go_on.setProperty("role", "primary")
        self.accepts.toggled.connect(self._offer)
        self._offer(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        for widget in (about, address, self.accepts, buttons):
            layout.addWidget(widget)

    def _offer(self, accepted: bool) -> None:
        hold_back(self.go_on, "" if accepted else self.tr("Accept the licence first."))
