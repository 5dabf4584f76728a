"""The threshold as the operator moves it: decided by at once, kept in the store once it rests."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from gui.review.asking import can_ask, find_next, fit_verdicts
from gui.review.session import Session, has_moved
from gui.review.side_panel import SidePanel
from gui.review.state import ReviewState
from gui.shell.numbers import show_number
from inspector.decision.threshold import Threshold
from inspector.errors import StoreError


class ThresholdControl(QObject):
    """Ties the threshold on the panel to the session."""

    moved = Signal()
    """All samples were decided anew."""
    kept = Signal()
    """The threshold was written to the store, and can be taken back."""
    asked = Signal(int)
    """The part whose verdict tells most about the threshold."""
    problem = Signal(str)

    def __init__(
        self,
        state: ReviewState,
        panel: SidePanel,
        ask_operator: Callable[[], str],
        confirm: Callable[[str], bool],
        parent: QObject,
    ) -> None:
        """Serve a panel; `ask_operator` returns the operator's name, "" = not told, `confirm` asks a question."""
        super().__init__(parent)
        self._state, self._ask_operator, self._confirm = state, ask_operator, confirm
        panel.threshold_moved.connect(self.move)
        panel.threshold_rests.connect(lambda _: self._keep())
        panel.threshold_reset.connect(lambda: self._set(Session.label_free))
        panel.verdicts_count.connect(lambda: self._set(fit_verdicts))
        panel.asked.connect(self.ask)

    def move(self, threshold: float) -> None:
        """Decide all samples by another threshold at once."""
        if self._state.session is not None:
            self._state.session.set_threshold(threshold)
            self.moved.emit()

    def _keep(self) -> None:
        """Keep the threshold where it rests now; where that may not be, it goes back to where it was."""
        session = self._state.session
        if session is None or not has_moved(session):
            return
        operator = self._ask_to_move(session)
        try:
            if operator:
                session.keep_threshold(operator)
                self.kept.emit()
        except StoreError as error:
            self.problem.emit(str(error))
        if has_moved(session):
            session.give_up_threshold()
        self.moved.emit()

    def _ask_to_move(self, session: Session) -> str:
        """Return who moves the threshold; "" where nobody may, or wants to after all. All moves come by here."""
        before, now, counts = session.run.threshold, session.threshold, session.counts()
        if before is None or now is None:
            return ""
        count = int((session.flagged != (session.finals > before)).sum())
        reviewed = counts["accepted"] + counts["rejected"]
        if count and reviewed:
            question = self.tr(
                "Move the threshold from {old} to {new}?\nParts of this run with a verdict: {reviewed}. Parts that are "
                "decided anew: {count}."
            )
            numbers = {"old": show_number(before, 4), "new": show_number(now, 4), "reviewed": reviewed}
            if not self._confirm(question.format(count=count, **numbers)):
                return ""
        return self._ask_operator()

    def _set(self, find: Callable[[Session], Threshold | None]) -> None:
        session = self._state.session
        found = find(session) if session else None
        if session is not None and found is not None:
            session.set_threshold(found.value, found)
            self.moved.emit()
            self._keep()
            kept = (session.run.threshold, session.run.why_threshold) == (found.value, found.why)
            if found.sure and kept:  # no more is asked for
                self._state.asked = None
                self.moved.emit()

    def ask(self) -> None:
        """Ask for a verdict on the part that tells most."""
        session = self._state.session
        if session is None:
            return
        self._state.asked = find_next(session)
        if self._state.asked is not None:
            self.asked.emit(self._state.asked)
        elif can_ask(session):
            self.problem.emit(
                self.tr("There is no part left to ask for: all with a score were judged or left undecided.")
            )
        else:
            self.problem.emit(self.tr("Parts are asked for once the run has ended and has scores."))
