"""What is to be known of one network, and the buttons that bring its weights in."""

from html import escape

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.networks.listing import Network
from gui.shell.grey import hold_back
from gui.shell.labels import WrappedLabel
from inspector.export.isolates import isolate_path
from inspector.presets import ABOUT


def describe_size(network: Network) -> str:
    """Say how large the weights are: "88 MB" or "1.2 GB"."""
    if network.megabytes < 1000:
        return f"{network.megabytes} MB"
    return f"{QLocale().toString(network.megabytes / 1000, 'f', 1)} GB"


def explain_preset(name: str) -> str:
    """Return the sentence on a preset, in the language of the app; "" for one that has none."""
    return QCoreApplication.translate("Presets", ABOUT[name]) if name in ABOUT else ""


class NetworkDetails(QWidget):
    """One network at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it, empty."""
        super().__init__(parent)
        self.text = WrappedLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.text.setOpenExternalLinks(True)
        self.download = QPushButton(self.tr("Download…"))
        self.download.setProperty("role", "primary")
        self.bring = QPushButton(self.tr("Import a file…"))
        self.text.setContentsMargins(14, 4, 10, 10)
        scroll = QScrollArea()
        scroll.setAccessibleName(self.tr("What is known of the marked network"))
        scroll.setWidget(self.text)
        scroll.setWidgetResizable(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.download)
        layout.addWidget(self.bring)
        self.setMinimumWidth(280)
        self.show_network(None, busy=False)

    def show_network(self, network: Network | None, *, busy: bool) -> None:
        """Show a network; nothing can be brought in while the engine is busy."""
        embedded = network is None or not network.file
        self.download.setVisible(network is not None and network.downloads)
        self.bring.setVisible(not embedded)
        for button in (self.download, self.bring):
            hold_back(button, self.tr("Other weights are being brought in; wait for their end.") if busy else "")
        self.text.setText("" if network is None else self._describe(network))

    def _describe(self, network: Network) -> str:
        purpose = QCoreApplication.translate("Networks", network.purpose)
        licence = QCoreApplication.translate("Networks", network.licence_summary)
        preset, about, text = self.tr("Preset"), self.tr("Licence"), self.tr("Text of the licence")
        rows = [f"<h3>{escape(network.name)}</h3><p>{escape(purpose)}</p>"]
        for name in network.presets:
            rows.append(f"<p>{preset} <b>{name}</b>: {escape(explain_preset(name))}</p>")
        link = f' <a href="{network.licence_address}">{text}</a>'
        rows.append(f"<p>{about} <b>{escape(network.licence)}</b>: {escape(licence)}")
        rows.append(f"{link if network.licence_address else ''}</p>")
        if network.file:
            told = self.tr("Published as {file} by {origin}.").format(file=network.file, origin=network.origin)
            rows.append(f"<p>{escape(told)}</p>")
            where = self.tr("Weights are kept in {folder}.").format(folder=isolate_path(str(network.folder)))
            rows.append(f"<p>{escape(where)}</p>")
        if network.file and not network.downloads:
            by_hand = self.tr("It cannot be downloaded from here: get the file from its publisher and import it.")
            rows.append(f"<p>{escape(by_hand)}</p>")
        return "".join(rows)
