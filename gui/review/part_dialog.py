"""Which part a photo shows, typed by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC

from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from gui.shell.keeping import KeepingDialog
from gui.shell.labels import WrappedLabel
from gui.shell.texts import show_identity
from inspector.export.isolates import isolate_words
from inspector.part_rule import LOT, PART, STATION, Identity
from inspector.store.records import PartChangeRecord

MOST_TOLD = 5
"""Of what was typed before, the newest."""


class PartDialog(KeepingDialog):
    """Edits part, lot, station, and whatever else is known; `identity` returns it."""

    def __init__(
        self,
        name: str,
        identity: Mapping[str, str],
        typed: Sequence[PartChangeRecord] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Show what is known of the photo `name`, and what was typed before, oldest first."""
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
        self.history = WrappedLabel("\n".join(self._tell(said) for said in reversed(typed[-MOST_TOLD:])))
        self.history.setProperty("role", "dim")
        self.history.setVisible(bool(typed))
        layout.addRow(self.history)
        layout.addRow(self.refusal)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addRow(buttons)

    def _tell(self, said: PartChangeRecord) -> str:
        local = said.time.replace(tzinfo=UTC).astimezone()
        nothing = self.tr("nothing")
        old, new = (show_identity(identity) or nothing for identity in (said.old, said.new))
        change = self.tr("{old} became {new}").format(old=old, new=new)
        return f"{local:%Y-%m-%d %H:%M:%S}  {change}  {isolate_words(said.operator)}"

    def identity(self) -> Identity:
        """Return what is known now."""
        return {group: text for group, field in self.fields.items() if (text := field.text().strip())}
