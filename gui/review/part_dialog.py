"""Which part a photo shows, typed by hand."""

from collections.abc import Mapping

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from gui.shell.labels import WrappedLabel
from inspector.part_rule import LOT, PART, STATION, Identity


class PartDialog(QDialog):
    """Edits part, lot, station, and whatever else is known; `identity` returns it."""

    def __init__(self, name: str, identity: Mapping[str, str], parent: QWidget | None = None) -> None:
        """Show what is known of the photo `name`."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Part"))
        self.setMinimumWidth(360)
        known = {PART: self.tr("Part"), LOT: self.tr("Lot"), STATION: self.tr("Station")}
        self.fields: dict[str, QLineEdit] = {}
        layout = QFormLayout(self)
        title = WrappedLabel(name)
        layout.addRow(title)
        for group in (*known, *(group for group in identity if group not in known)):
            field = self.fields[group] = QLineEdit(identity.get(group, ""))
            field.setMaxLength(200)
            field.setAccessibleName(known.get(group, group))
            layout.addRow(known.get(group, group), field)
        about = WrappedLabel(
            self.tr("Photos with the same part and lot are views of one part: the worst of them decides.")
        )
        about.setProperty("role", "dim")
        layout.addRow(about)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addRow(buttons)

    def identity(self) -> Identity:
        """Return what is known now."""
        return {group: text for group, field in self.fields.items() if (text := field.text().strip())}
