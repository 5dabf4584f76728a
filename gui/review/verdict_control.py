"""Verdicts as the operator gives, comments on, and takes them back; and what another station has said meanwhile."""

from collections.abc import Callable, Sequence
from datetime import UTC

from PySide6.QtCore import QObject, Signal

from gui.review.asking import find_next
from gui.review.photo_control import Sight
from gui.review.session import Session
from gui.review.side_panel import SidePanel
from gui.review.state import ReviewState
from gui.review.verdict_bar import VerdictBar
from inspector.errors import StoreError
from inspector.export.isolates import isolate_path, isolate_words
from inspector.store.records import VerdictRecord
from inspector.store.verdicts import VerdictConflict


class VerdictControl(QObject):
    """Ties the verdict's buttons, the comment and the history to the session."""

    given = Signal(int)
    """A verdict was given or taken back; the sample to look at next."""
    decided = Signal(int, str)
    """A verdict was given to a sample, and what comes next is up."""
    ended = Signal(str, int)
    """The last part of the list has its verdict: the filter that made the list, and how many parts it had."""
    noted = Signal()
    """A comment was kept with the verdict that stands."""
    moved = Signal()
    """A move of the threshold was taken back or done again, or a step was not: perhaps it cannot be taken any more."""
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
        self._seen, self._newest = "", 0
        self._drafts: dict[tuple[str, int], str] = {}  # by workspace and number of the sample's row

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
        if self._say(session, sample, verdict, operator, comment):
            self._panel.comment.clear()
            following = self._ask_on(session, [sample], following)
            self._state.ended = following is None
            self.given.emit(sample if following is None else following)
            self.decided.emit(sample, verdict)
            if following is None:
                self.ended.emit(listed, count)

    def _ask_on(self, session: Session, samples: Sequence[int], following: int | None) -> int | None:
        """Return what comes up after a verdict: the next part asked for, if one of these was; else `following`."""
        if not any(self._state.asks_for(sample) for sample in samples):
            return following
        self._state.asked = find_next(session)
        return following if self._state.asked is None else self._state.asked

    def decide_all(self, samples: Sequence[int], verdict: str) -> None:
        """Say the same of several samples, after a question that tells how many cannot be seen."""
        session = self._state.session
        if session is None:
            return
        texts = {
            "accepted": self.tr("Accept all {count} marked parts?"),
            "rejected": self.tr("Reject all {count} marked parts?"),
            "undecided": self.tr("Leave all {count} marked parts undecided?"),
        }
        question = texts[verdict].format(count=len(samples))
        unseen = sum(bool(session.unreadable[sample]) for sample in samples)
        if unseen:
            question += "\n" + self.tr("{count} of them cannot be read.").format(count=unseen)
        if not self._confirm(question) or not (operator := self._ask_operator()):
            return
        comment = self._panel.comment.text().strip()
        with session.past.as_one():
            done = all(self._say(session, sample, verdict, operator, comment) for sample in samples)
        if done:
            self._panel.comment.clear()
        following = session.next_unreviewed(samples[-1])
        if done:
            following = self._ask_on(session, samples, following)
        self.given.emit(samples[-1] if following is None else following)

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

    def _say(self, session: Session, sample: int, verdict: str, operator: str, comment: str) -> bool:
        """Say it, once the operator knows what others have said since the part came up."""
        while True:
            others = self._find_unseen(session, sample)
            if others:
                self._look(session, sample)
                if others[-1].new != verdict and not self._confirm(self._ask_to_overrule(others[-1], verdict)):
                    return False
            passed = session.verdict(sample) == verdict == "undecided"
            try:
                session.decide(sample, verdict, operator, comment)
            except VerdictConflict:
                self.overruled.emit()
            except StoreError as error:
                self.problem.emit(str(error))
                return False
            else:
                if verdict == "undecided":
                    session.verdicts.leave_open(session.views.of(sample), passed=passed)
                return True

    def undo(self) -> None:
        """Take the last verdict back; its sample is to come up."""
        self._go_back(Session.undo, self._ask_again)

    def redo(self) -> None:
        """Say again what was taken back; its sample is to come up."""
        self._go_back(Session.redo, lambda session, sample: self._ask_on(session, [sample], None))

    def keep_comment(self) -> None:
        """Keep the comment at once, with the verdict that stands."""
        if self._keep_comment():
            self.show_current()
            self.noted.emit()

    def begin(self) -> None:
        """Show what was said of the sample that comes up, and what was typed for it and not kept."""
        session, sample = self._state.session, self._state.current
        if session is not None and sample is not None:
            self._look(session, sample)
            if draft := self._drafts.pop(_find_place(session, sample), ""):
                self._panel.comment.setText(draft)
        self.show_current()

    def leave(self) -> None:
        """Another sample comes up, or none: what was typed for this one is kept with it."""
        session, sample, text = self._state.session, self._state.current, self._panel.comment.text()
        if session is not None and sample is not None and text.strip() and not self._keep_comment():
            self._drafts[_find_place(session, sample)] = text
        self._panel.comment.clear()

    def count_unsigned(self) -> int:
        """Keep the comment that is being typed; return how many are not kept, of all runs, for nobody signed them."""
        self.keep_comment()
        return len(self._drafts) + bool(self._panel.comment.text().strip())

    def forget_unsigned(self) -> None:
        """Let go of the comments that are not kept."""
        self._drafts.clear()
        self._panel.comment.clear()

    def show_current(self) -> None:
        """Show what was said of the sample that is looked at."""
        session, sample = self._state.session, self._state.current
        if session is None or sample is None:
            self._panel.history.show_verdicts(())
            self._bar.mark("")
            self._bar.offer("" if session is None else self.tr("No part is listed."))
            return
        self._bar.offer("")
        self._panel.history.show_verdicts(session.history(sample))
        self._bar.mark(session.verdict(sample))
        others = self._find_unseen(session, sample)
        if others:
            told = self.tr("{operator} said “{verdict}” at {time}")
            self._bar.hint.setText(_fill(told, others[-1], self._words()))

    def _keep_comment(self) -> bool:
        session, sample = self._state.session, self._state.current
        text = self._panel.comment.text().strip()
        if session is None or sample is None or not text or not (operator := self._ask_operator()):
            return False
        kept = self._try(lambda: session.decide(sample, session.verdict(sample), operator, text))
        if kept:
            self._panel.comment.clear()
        return kept

    def _look(self, session: Session, sample: int) -> None:
        """Note what the operator sees of a sample."""
        ids = (said.id for view in session.views.of(sample) for said in session.history(view))
        self._seen, self._newest = session.verdict(sample), max(ids, default=0)

    def _find_unseen(self, session: Session, sample: int) -> list[VerdictRecord]:
        """Return what others said of a sample since it came up, where that is something else."""
        views = session.views.of(sample)
        later = [said for view in views for said in session.history(view) if said.id > self._newest]
        return [said for said in later if said.new != self._seen and not session.verdicts.is_own(said)]

    def _go_back(self, step: Callable[[Session, str], int | None], ask: Callable[[Session, int], object]) -> None:
        session = self._state.session
        if session is None or not (operator := self._ask_operator()):
            return
        touched: list[int | None] = []
        done = self._try(lambda: touched.append(step(session, operator)))
        if done and touched[0] is not None:
            self._state.ended = False
            ask(session, touched[0])
            self.given.emit(touched[0])
        if not done or touched[0] is None:
            self.moved.emit()

    def _ask_again(self, session: Session, sample: int) -> None:
        """A verdict was taken back: its part is asked for once more, if any is and it has no other."""
        if self._state.asked is not None and session.verdict(sample) == "undecided":
            self._state.asked = sample

    def _try(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except VerdictConflict as conflict:
            self.overruled.emit()
            told = self.tr("{name}: {operator} said “{verdict}” at {time}. That stands; nothing was written.")
            self.problem.emit(self._name(told, conflict.standing))
            return False
        except StoreError as error:
            self.problem.emit(str(error))
            return False
        return True

    def _ask_to_overrule(self, standing: VerdictRecord, verdict: str) -> str:
        told = self.tr("{name}: {operator} said “{verdict}” at {time}, after it had come up here.")
        asked = self.tr("Say “{verdict}” all the same?").format(verdict=self._words()[verdict])
        return f"{self._name(told, standing)}\n{asked}"

    def _name(self, text: str, standing: VerdictRecord) -> str:
        session = self._state.session
        assert session is not None
        name = next(row.name for row in session.rows if row.id == standing.sample_id)
        return _fill(text, standing, self._words(), name)

    def _words(self) -> dict[str, str]:
        return {"accepted": self.tr("accepted"), "rejected": self.tr("rejected"), "undecided": self.tr("undecided")}


def _find_place(session: Session, sample: int) -> tuple[str, int]:
    return str(session.store.location), session.rows[sample].id


def _fill(text: str, said: VerdictRecord, words: dict[str, str], name: str = "") -> str:
    """Put who said what and when, in local time, into a text."""
    local = said.time.replace(tzinfo=UTC).astimezone()
    return text.format(
        name=isolate_path(name),
        operator=isolate_words(said.operator),
        verdict=words[said.new],
        time=f"{local:%Y-%m-%d %H:%M:%S}",
    )
