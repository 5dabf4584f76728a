"""Above the photo: that the automatic decision is doubtful, and why. It can be folded, never lost."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from gui.shell.labels import WrappedLabel
from gui.shell.low_window import LEAST_HEIGHT, LowWindowArea


class DoubtBanner(QFrame):
    """Says how many reasons there are; unfolded, each of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Say nothing yet."""
        super().__init__(parent)
        self.setObjectName("doubts")
        self.title = QToolButton()
        self.title.setProperty("role", "doubt")
        self.title.setCheckable(True)
        self.title.setChecked(True)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.title.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # keys go on acting on the part
        self.title.setToolTip(self.tr("Show or fold the reasons"))
        self.title.toggled.connect(self._fold)
        self.reasons = WrappedLabel()
        self.reasons.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(LowWindowArea((self.reasons,), share=9, end=False))
        self._fold(True)
        self.hide()

    def show_reasons(self, reasons: Sequence[str]) -> None:
        """Tell the reasons; where there is none nothing is shown, and the next ones are unfolded if there is room."""
        if not reasons:
            self.fold(False)
        self.title.setText(self.tr("Decision in doubt. Reasons: {count}").format(count=len(reasons)))
        self.title.setAccessibleName(self.title.text())
        self.reasons.setText("\n".join(f"• {reason}" for reason in reasons))
        self.setVisible(bool(reasons))

    def fold(self, folded: bool) -> None:
        """Fold the reasons; or show them, where there is room."""
        self.title.setChecked(not folded and self.window().height() >= LEAST_HEIGHT)

    def _fold(self, unfolded: bool) -> None:
        self.title.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        self.reasons.setVisible(unfolded)
