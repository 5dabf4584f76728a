"""The defect class of what was rejected: of the part that is looked at, or else of the one rejected just now."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from gui.review.class_bar import ClassBar
from gui.review.class_editor import ClassEditor
from gui.review.state import ReviewState
from gui.shell.keys import CLASS_KEYS
from inspector.errors import InspectorError
from inspector.roles import Action


class ClassControl(QObject):
    """Ties the bar of classes and the keys 1 to 9 to the session."""

    given = Signal()
    """A class was given."""
    problem = Signal(str)

    def __init__(
        self,
        state: ReviewState,
        bar: ClassBar,
        hint: QLabel,
        ask_operator: Callable[[], str],
        may: Callable[[Action], bool],
        parent: QWidget,
    ) -> None:
        """Serve a bar; the keys hold wherever the focus is in `parent`, but where digits are typed.

        Args:
            state: what is looked at.
            bar: where classes are shown.
            hint: says why a key does nothing.
            ask_operator: returns the operator's name, "" = not told.
            may: tells whether who is there may change the list.
            parent: the review.
        """
        super().__init__(parent)
        self._state, self._bar, self._hint, self._parent = state, bar, hint, parent
        self._ask_operator, self._may = ask_operator, may
        self._last: int | None = None
        self._classes: list[str] = []
        self.keys = [QShortcut(QKeySequence(key), parent) for key in CLASS_KEYS]
        for place, key in enumerate(self.keys):
            key.setAutoRepeat(False)
            key.activated.connect(partial(self.give, place))
        bar.given.connect(self.give)
        bar.edit_wanted.connect(self.edit)

    def take_verdict(self, sample: int, verdict: str) -> None:
        """A verdict was given just now, and the next sample has come up: the class belongs to the one before."""
        if verdict == "rejected":
            self._last = sample
            self.show()

    def forget(self, _sample: int = 0) -> None:
        """Something else is looked at: what was rejected before it has its class, or none."""
        self._last = None
        self.show()

    def show(self) -> None:
        """Show the classes where there is something to give one to."""
        session, sample = self._state.session, self._find_sample()
        if session is None or sample is None:
            self._bar.hide()
            return
        try:
            self._classes = session.store.classes.of_run(session.run)
        except InspectorError as error:
            self.problem.emit(str(error))
            return
        self._bar.ask(session.rows[sample].name, self._classes, session.verdicts.defect_class(sample))

    def give(self, place: int) -> None:
        """Give the class of a place in the list."""
        session, sample = self._state.session, self._find_sample()
        if session is None:
            return
        if sample is None:
            self._hint.setText(self.tr("1 to 9 give a class after a rejection"))
            return
        if place >= len(self._classes):
            self._hint.setText(self.tr("There is no class {number}").format(number=place + 1))
            return
        if not (operator := self._ask_operator()):
            return
        try:
            session.decide(sample, "rejected", operator, "", self._classes[place])
        except InspectorError as error:
            self.problem.emit(str(error))
        self.show()
        self.given.emit()

    def edit(self) -> None:
        """Change the list of classes."""
        session = self._state.session
        if session is None or not self._may("classes"):
            return
        store, run = session.store, session.run
        try:
            seen = store.classes.of_run(run)
        except InspectorError as error:
            self.problem.emit(str(error))
            return
        dialog = ClassEditor(seen, (run.recipe or {}).get("name", ""), self._parent)

        def keep() -> bool:
            allowed = self._may("classes")  # somebody else may be there by now
            if allowed:
                store.classes.save_of_run(run, dialog.classes(), expected=seen)
            return allowed

        dialog.keep = keep
        dialog.finished.connect(lambda _: self.show())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _find_sample(self) -> int | None:
        """Return the sample that a class would be given to."""
        session, current = self._state.session, self._state.current
        if session is None:
            return None
        if current is not None and session.verdict(current) == "rejected":
            return current
        return self._last if self._last is not None and session.verdict(self._last) == "rejected" else None
