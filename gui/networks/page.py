"""The page of networks: a list, what the marked one is good for, and its weights brought in with a click."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.engine.command import ENGINE
from gui.networks.details import NetworkDetails, describe_size
from gui.networks.engine import WeightsEngine
from gui.networks.licence import LicenceDialog
from gui.networks.listing import Network
from gui.shell.columns import FittedColumns
from gui.shell.grey import hold_back
from gui.shell.labels import WrappedLabel
from inspector.export.isolates import isolate_path


class NetworksPage(QWidget):
    """Shows the networks; the engine lists them and brings them in."""

    left = Signal()
    """The operator wants to go back."""

    def __init__(self, parent: QWidget | None = None, *, command: Sequence[str] = ENGINE) -> None:
        """Make the page, still empty; `command` is the engine."""
        super().__init__(parent)
        self.engine = WeightsEngine(self, command=command)
        self._networks: dict[str, Network] = {}
        self._wanted = ""
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setAllColumnsShowFocus(True)
        self.list.setAccessibleName(self.tr("Networks"))
        names = (self.tr("Network"), self.tr("Weights"), self.tr("Size"), self.tr("Good for"))
        self.list.setHeaderLabels(list(names))
        self._columns = FittedColumns(self.list, rest=3)
        self.details = NetworkDetails()
        self.message = WrappedLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the download"))
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.back = QPushButton(self.tr("Back"))
        self._lay_out()
        self._connect()
        self._show_busy(False)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Networks"))
        title.setProperty("role", "title")
        about = WrappedLabel(
            self.tr("Photos are compared by what a network sees in them. One comes with the inspector.")
        )
        about.setProperty("role", "dim")
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        panes = QSplitter()
        panes.addWidget(self.list)
        panes.addWidget(self.details)
        panes.setStretchFactor(0, 1)
        panes.setChildrenCollapsible(False)
        bottom = QHBoxLayout()
        bottom.addWidget(self.bar, 1)
        bottom.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(about)
        layout.addWidget(panes, 1)
        layout.addWidget(self.message)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.list.currentItemChanged.connect(lambda *_: self._show_marked())
        self.details.download.clicked.connect(self.ask_download)
        self.details.bring.clicked.connect(self.ask_file)
        self.cancel_button.clicked.connect(self._cancel)
        self.engine.listed.connect(self._show_networks)
        self.engine.progressed.connect(self._show_progress)
        self.engine.done.connect(self._take_done)
        self.engine.failed.connect(self._take_failure)
        self.engine.cancelled.connect(self._take_cancelled)

    def refresh(self, name: str = "") -> None:
        """Ask the engine anew, unless it is at work; `name` is marked then, "" = what was marked before."""
        self._wanted = name or self._wanted
        self.mark(self._wanted)
        if not self.engine.busy:
            if not self._networks:
                self.message.setText(self.tr("Looking for networks…"))
            self.engine.list_networks()

    def close_down(self) -> None:
        """End what is under way."""
        self.engine.close()

    def marked(self) -> Network | None:
        """Return the network that is marked."""
        item = self.list.currentItem()
        return None if item is None else self._networks[item.text(0)]

    def mark(self, name: str) -> None:
        """Mark a network; nothing happens where it is not listed."""
        for item in self.list.findItems(name, Qt.MatchFlag.MatchExactly):
            self.list.setCurrentItem(item)

    def _show_networks(self, networks: list[Network]) -> None:
        before = self.marked()
        self._networks = {network.name: network for network in networks}
        self.list.blockSignals(True)
        self.list.clear()
        for network in networks:
            purpose = QCoreApplication.translate("Networks", network.purpose)
            item = QTreeWidgetItem(self.list, [network.name, self._state(network), describe_size(network), purpose])
            item.setToolTip(3, purpose)
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._columns.fit()
        self.list.blockSignals(False)
        self.mark(self._wanted or (before.name if before else networks[0].name))
        self._wanted = ""
        if self.message.text() == self.tr("Looking for networks…"):
            self.message.clear()
        self._show_marked()

    def _state(self, network: Network) -> str:
        if network.imported:
            return self.tr("here")
        return self.tr("comes with the inspector") if network.here else self.tr("missing")

    def _show_marked(self) -> None:
        self.details.show_network(self.marked(), busy=self.cancel_button.isEnabled())

    # Bringing weights in

    def ask_download(self) -> None:
        """Show the licence of the marked network; once it is accepted, download."""
        network = self.marked()
        if network is not None and not self.engine.busy:
            dialog = self._ask_consent(network, self.tr("Download"))
            dialog.accepted.connect(lambda: self.begin_download(network.name))

    def ask_file(self) -> None:
        """Ask for a file of the marked network, then for consent to its licence."""
        network = self.marked()
        if network is None or self.engine.busy:
            return
        title = self.tr("File with the weights of {network}").format(network=network.name)
        file, _ = QFileDialog.getOpenFileName(self, title, "")
        if file:
            dialog = self._ask_consent(network, self.tr("Import"))
            dialog.accepted.connect(lambda: self.begin_import(Path(file), network.name))

    def _ask_consent(self, network: Network, action: str) -> LicenceDialog:
        dialog = LicenceDialog(network, action, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def begin_download(self, name: str) -> None:
        """Download weights whose licence was accepted."""
        self.message.setText(self.tr("Downloading {network}…").format(network=name))
        self._show_busy(True)
        self.engine.fetch(name)

    def begin_import(self, file: Path, name: str) -> None:
        """Bring a file in whose licence was accepted."""
        self.message.setText(self.tr("Reading and testing {file}…").format(file=isolate_path(file.name)))
        self._show_busy(True)
        self.engine.bring(file, name)

    def _cancel(self) -> None:
        hold_back(self.cancel_button, self.tr("Stopping…"))
        self.message.setText(self.tr("Stopping…"))
        self.engine.cancel()

    def _show_busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.bar.setRange(0, 0)
        self.cancel_button.setVisible(busy)
        hold_back(self.cancel_button, "" if busy else self.tr("Nothing is under way."))
        self._show_marked()

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(1000 * done // max(1, total))
        if done >= total:
            self.bar.setRange(0, 0)
            self.message.setText(self.tr("Testing what came…"))
        else:
            numbers = {"done": round(done / 1e6), "total": round(total / 1e6)}
            self.message.setText(self.tr("{done} of {total} MB").format(**numbers))

    def _take_done(self) -> None:
        self._show_busy(False)
        self.message.setText(self.tr("The weights are here."))
        self.refresh()

    def _take_failure(self, sentence: str, details: str) -> None:
        self._show_busy(False)
        self.message.setText(sentence)
        self.message.setToolTip(details)

    def _take_cancelled(self) -> None:
        self._show_busy(False)
        self.message.setText(self.tr("Stopped. The next download goes on from here."))
