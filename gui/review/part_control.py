"""Which part the photo that is looked at shows, as somebody types it."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.review.part_dialog import PartDialog
from gui.review.state import ReviewState
from inspector.errors import StoreError
from inspector.roles import Action


class PartControl(QObject):
    """Asks, and keeps the answer."""

    def __init__(
        self,
        state: ReviewState,
        ask_operator: Callable[[Action], str],
        reread: Callable[[], None],
        tell: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        """Serve the review.

        Args:
            state: what is looked at.
            ask_operator: returns the operator's name for an action; "" = not told, or they may not.
            reread: shows what has changed in the store.
            tell: says what could not be kept.
            parent: the review.
        """
        super().__init__(parent)
        self._state, self._ask_operator, self._parent = state, ask_operator, parent
        self._reread, self._tell = reread, tell

    def edit(self) -> None:
        """Ask which part the current photo shows."""
        session, sample = self._state.session, self._state.current
        if session is None or sample is None or not self._ask_operator("part"):
            return
        row = session.rows[sample]
        try:
            typed = [said for said in session.store.audit.parts(row.run_id) if said.position == row.position]
        except StoreError as error:
            self._tell(str(error))
            return
        dialog = PartDialog(row.name, row.identity, typed, self._parent)

        def keep() -> bool:
            operator = self._ask_operator("part")  # somebody else may be there by now
            if operator:
                session.store.runs.keep_identity(row.run_id, row.position, dialog.identity(), operator)
            return bool(operator)

        def show() -> None:
            session.views.choose(sample)  # it stays in sight, whatever part it belongs to now
            self._reread()

        dialog.keep = keep
        dialog.accepted.connect(show)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
