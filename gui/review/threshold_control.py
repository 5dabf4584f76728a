"""The threshold as the operator moves it: decided by at once, kept in the store once it rests."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from gui.review.side_panel import SidePanel
from gui.review.state import ReviewState
from inspector.errors import StoreError


class ThresholdControl(QObject):
    """Ties the threshold on the panel to the session."""

    moved = Signal()
    """All samples were decided anew."""
    problem = Signal(str)

    def __init__(self, state: ReviewState, panel: SidePanel, ask_operator: Callable[[], str], parent: QObject) -> None:
        """Serve a panel; `ask_operator` returns the operator's name, "" = not told."""
        super().__init__(parent)
        self._state, self._ask_operator = state, ask_operator
        panel.threshold_moved.connect(self.move)
        panel.threshold_rests.connect(lambda _: self._keep())
        panel.threshold_reset.connect(self._reset)

    def move(self, threshold: float) -> None:
        """Decide all samples by another threshold at once."""
        if self._state.session is not None:
            self._state.session.set_threshold(threshold)
            self.moved.emit()

    def _keep(self) -> None:
        session = self._state.session
        if session is None or not (operator := self._ask_operator()):
            return
        try:
            session.keep_threshold(operator)
        except StoreError as error:
            self.problem.emit(str(error))

    def _reset(self) -> None:
        suggested = self._state.session.label_free() if self._state.session else None
        if suggested is not None:
            self.move(suggested.value)
            self._keep()
