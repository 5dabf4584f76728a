"""Verdicts as the operator gives, comments on, and takes them back; and what another station has said meanwhile."""

from collections.abc import Callable
from datetime import UTC

from PySide6.QtCore import QObject, Signal

from gui.review.photo_control import Sight
from gui.review.session import Session
from gui.review.side_panel import SidePanel
from gui.review.state import ReviewState
from gui.review.verdict_bar import VerdictBar
from inspector.errors import StoreError
from inspector.store.verdicts import VerdictConflict


class VerdictControl(QObject):
    """Ties the verdict's buttons, the comment and the history to the session."""

    given = Signal(int)
    """A verdict was given or taken back; the sample to look at next."""
    ended = Signal(str, int)
    """The last part of the list has its verdict: the filter that made the list, and how many parts it had."""
    noted = Signal()
    """A comment was kept with the verdict that stands."""
    overruled = Signal()
    """Another station's verdict stands instead, and is known here now."""
    problem = Signal(str)

    def __init__(
        self,
        state: ReviewState,
        bar: VerdictBar,
        panel: SidePanel,
        ask_operator: Callable[[], str],
        sight: Callable[[], Sight],
        confirm: Callable[[str], bool],
        parent: QObject,
    ) -> None:
        """Serve a bar and a panel.

        Args:
            state: what is looked at.
            bar, panel: where verdicts are given and shown.
            ask_operator: returns the operator's name, "" = not told.
            sight: tells whether the current sample is seen.
            confirm: asks a question; whether the answer is yes.
            parent: owner.
        """
        super().__init__(parent)
        self._state, self._bar, self._panel, self._ask_operator = state, bar, panel, ask_operator
        self._sight, self._confirm = sight, confirm

    def decide(self, verdict: str) -> None:
        """Say something of the current sample, once it is seen; the next one without verdict is to come up."""
        session, sample = self._state.session, self._state.current
        if session is None or sample is None or self._state.ended or not self._may_say(verdict):
            return
        if not (operator := self._ask_operator()):
            return
        listed, count = session.filter, len(session.visible())
        following = session.next_unreviewed(sample)
        comment = self._panel.comment.text().strip()
        if self._try(lambda: session.decide(sample, verdict, operator, comment)):
            self._panel.comment.clear()
            self._state.ended = following is None
            self.given.emit(sample if following is None else following)
            if following is None:
                self.ended.emit(listed, count)

    def _may_say(self, verdict: str) -> bool:
        """Whether the operator has seen what is judged, or accepts it all the same."""
        sight = self._sight()
        if verdict == "undecided" or sight == "drawn":
            return True
        if sight == "loading":
            self._bar.hint.setText(self.tr("Not yet: the photo is being loaded"))
            return False
        question = self.tr("There is no photo of this part to be seen. Accept it all the same?")
        return verdict != "accepted" or self._confirm(question)

    def undo(self) -> None:
        """Take the last verdict back; its sample is to come up."""
        self._go_back(Session.undo)

    def redo(self) -> None:
        """Say again what was taken back; its sample is to come up."""
        self._go_back(Session.redo)

    def keep_comment(self) -> None:
        """Keep the comment at once, with the verdict that stands."""
        session, sample = self._state.session, self._state.current
        text = self._panel.comment.text().strip()
        if session is None or sample is None or not text or not (operator := self._ask_operator()):
            return
        if self._try(lambda: session.decide(sample, session.verdict(sample), operator, text)):
            self._panel.comment.clear()
            self.show_current()
            self.noted.emit()

    def show_current(self) -> None:
        """Show what was said of the sample that is looked at."""
        session, sample = self._state.session, self._state.current
        if session is None or sample is None:
            self._panel.show_history(())
            self._bar.mark("")
        else:
            self._panel.show_history(session.history(sample))
            self._bar.mark(session.verdict(sample))

    def _go_back(self, step: Callable[[Session, str], int | None]) -> None:
        session = self._state.session
        if session is None or not (operator := self._ask_operator()):
            return
        touched: list[int | None] = []
        if self._try(lambda: touched.append(step(session, operator))) and touched[0] is not None:
            self._state.ended = False
            self.given.emit(touched[0])

    def _try(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except VerdictConflict as conflict:
            self.overruled.emit()
            self.problem.emit(self._describe(conflict))
            return False
        except StoreError as error:
            self.problem.emit(str(error))
            return False
        return True

    def _describe(self, conflict: VerdictConflict) -> str:
        session, standing = self._state.session, conflict.standing
        assert session is not None
        words = {"accepted": self.tr("accepted"), "rejected": self.tr("rejected"), "undecided": self.tr("undecided")}
        name = next(row.name for row in session.rows if row.id == standing.sample_id)
        local = standing.time.replace(tzinfo=UTC).astimezone()
        said = self.tr("{name}: {operator} said “{verdict}” at {time}. That stands; your verdict was not written.")
        return said.format(
            name=name, operator=standing.operator, verdict=words[standing.new], time=f"{local:%Y-%m-%d %H:%M:%S}"
        )
