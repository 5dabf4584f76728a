"""The review screen: list, viewer and panel, and what ties them to a session."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from gui.review.asking import can_ask, count_verdicts, find_parts, fit_verdicts
from gui.review.away_note import AwayNote
from gui.review.class_bar import ClassBar
from gui.review.class_control import ClassControl
from gui.review.doubt_banner import DoubtBanner
from gui.review.doubts import list_doubts
from gui.review.end_bar import EndBar
from gui.review.filters import FilterBar
from gui.review.flicker import Flicker
from gui.review.gallery import Gallery
from gui.review.key_focus import KeyFocus
from gui.review.list_control import ListControl
from gui.review.many import decide_marked
from gui.review.news import NewsControl
from gui.review.none_listed import show_none
from gui.review.panes import Panes
from gui.review.part_control import PartControl
from gui.review.photo_control import PhotoControl
from gui.review.run_content import RunContent
from gui.review.run_loader import RunLoader
from gui.review.session import FILTERS, Session
from gui.review.shared_regions import show_shared
from gui.review.side_panel import SidePanel
from gui.review.state import ReviewState
from gui.review.threshold_control import ThresholdControl
from gui.review.verdict_bar import VerdictBar
from gui.review.verdict_control import VerdictControl
from gui.review.view_control import ViewControl
from gui.review.view_strip import ViewStrip
from gui.review.viewer import Viewer
from gui.shell.error_dialog import confirm
from gui.shell.low_window import LowWindowArea
from inspector.roles import Action
from inspector.store.workspace import Workspace


class Review(QWidget):
    """Looks at one session. What the operator does goes to the session; what the session says is shown."""

    problem = Signal(str)
    """A sentence about something that could not be done."""
    open_failed = Signal(str)
    """A sentence about a run that could not be read; there is nothing to look at."""
    export_wanted = Signal()
    """All is reviewed, and the results are to go out."""
    changed = Signal()
    """A verdict was given, taken back or said again; or another run is opened, or there now."""

    def __init__(self, ask_operator: Callable[..., str], may: Callable[[Action], bool]) -> None:
        """Make an empty screen.

        Args:
            ask_operator: returns the operator's name for an action, usually "verdict"; "" = not told, or they may not.
            may: tells whether who is there may set something up.
        """
        super().__init__()
        self._state, self._ask_operator = ReviewState(), ask_operator
        self._held: list[Callable[[Review], object]] = []
        self.filters, self.gallery, self.viewer, self.panel = FilterBar(), Gallery(), Viewer(), SidePanel()
        self.verdict_bar, self.end_bar, self.class_bar, self.doubts = VerdictBar(), EndBar(), ClassBar(), DoubtBanner()
        self.loader, self.away = RunLoader(self), AwayNote()
        self.list = ListControl(self._state, self.filters, self.gallery, self.loader, self)
        self.photo = PhotoControl(self._state, self.viewer, self.panel, self.gallery.samples, self)
        ask_move, sure = partial(ask_operator, "threshold"), partial(confirm, self)
        self.verdicts = VerdictControl(
            self._state, self.verdict_bar, self.panel, ask_operator, self.photo.sight, sure, self
        )
        self.classes = ClassControl(self._state, self.class_bar, self.verdict_bar.hint, ask_operator, may, self)
        Flicker(self.viewer, self.photo.side_view, (self.gallery, self.viewer.main_view), self)
        self.threshold = ThresholdControl(self._state, self.panel, ask_move, sure, self)
        self.view_strip = ViewStrip()
        self.views = ViewControl(self._state, self.view_strip, self.gallery, self)
        self.parts = PartControl(self._state, ask_operator, self.reread, self.problem.emit, self)
        self.news = NewsControl(self._state, self.loader, self.isVisible, self)
        self._lay_out()
        self._connect()
        self.keys = KeyFocus(self, self.gallery)
        for typed in (self.filters.search.returnPressed, self.panel.comment.returnPressed, self.panel.threshold.given):
            typed.connect(self.keys.come_back)

    @property
    def session(self) -> Session | None:
        """The open run; None while it is being read."""
        return self._state.session

    @property
    def current(self) -> int | None:
        """The sample that is looked at."""
        return self._state.current

    def _lay_out(self) -> None:
        below = LowWindowArea((self.view_strip, self.end_bar, self.class_bar, self.away), share=4, end=True)
        shown = (self.doubts, self.viewer, below, self.verdict_bar)
        self.splitter = Panes((self.filters, self.gallery), shown, self.panel, growing=(self.gallery, self.viewer))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _connect(self) -> None:
        self.gallery.chosen.connect(self.show_sample)
        self.gallery.pressed_early.connect(self._hold_key)
        self.panel.commented.connect(self.verdicts.keep_comment)
        self.panel.shared_wanted.connect(self.show_shared)
        self.verdict_bar.given.connect(lambda verdict: self.perform(lambda review: decide_marked(review, verdict)))
        self.verdicts.given.connect(self._show_after_verdict)
        self.verdicts.given.connect(self.classes.forget)
        self.verdicts.decided.connect(self.classes.take_verdict)
        self.classes.given.connect(self.verdicts.begin)
        self.photo.drawn.connect(self.verdict_bar.hint.clear)
        self.verdicts.ended.connect(self._tell_end)
        self.end_bar.go_on.connect(lambda: self.filters.only("unreviewed"))
        self.end_bar.export.connect(self.export_wanted)
        self.filters.filtered.connect(lambda _: self._begin_again())
        self.filters.searched.connect(lambda _: self._begin_again())
        self.list.emptied.connect(partial(show_none, self, self._state))
        for done in (self.verdicts.noted, self.verdicts.moved, self.threshold.kept, self.classes.given):
            done.connect(self.changed)
        self.verdicts.overruled.connect(self._show_overruled)
        self.threshold.moved.connect(self._show_threshold)
        self.threshold.asked.connect(self.list.show)
        self.threshold.asked.connect(lambda _: self._tell_decisions())
        self.verdicts.moved.connect(self._show_threshold)
        self.news.judged.connect(self._show_news)
        self.news.outdated.connect(self.reread)
        self.loader.away.connect(self.away.tell)
        self.loader.opened.connect(self.open)
        self.loader.open_failed.connect(self._give_up)
        self.loader.read_again.connect(self._refresh)
        for source in (self.gallery.samples, self.photo, self.verdicts, self.threshold, self.classes, self.loader):
            source.problem.connect(self.problem)

    def close_down(self) -> None:
        """Keep what was typed and moved, and end all threads."""
        self.verdicts.leave()
        self.panel.plot.rest()
        self.loader.close()
        self.gallery.samples.close()
        self.photo.close()

    # A run

    def open_run(self, store: Workspace, run_id: int) -> None:
        """Read a run and show it as soon as it is there; the one that was looked at is gone at once."""
        self._show_nothing(self.tr("Reading the run…"))
        self.filters.reset()
        self.loader.open(store, run_id)
        self.gallery.setFocus()
        self.changed.emit()

    def open(self, session: Session) -> None:
        """Show a run from its oddest sample on, listed as the bar above the list says by now."""
        self._state.session, self._state.current = session, None
        self.photo.open_run()
        self.panel.show_shared([len(group.members) for group in session.groups])
        self.list.open(session)
        self.panel.show_scores(session.finals[session.scored], session.threshold)
        self._tell_decisions()
        if not self.list.show_first():
            self.viewer.show_message(self.tr("This run holds no samples.") if not session.rows else "", "")
        held, self._held = self._held, []
        for action in held:
            action(self)
        self.changed.emit()

    def reread(self) -> None:
        """Bring what is shown up to date with the store; how it is listed, and what can be undone, stays."""
        self.loader.reread()

    def perform(self, action: Callable[["Review"], object]) -> None:
        """Do what needs a session; while one is being read this waits, and is then done to it."""
        if self.session is None:
            self._held.append(action)
        else:
            action(self)

    def _show_nothing(self, message: str) -> None:
        self.verdicts.leave()
        self._held = []
        self._state.session = self._state.current = self._state.asked = None
        self._begin_again()
        self.photo.open_run()
        self.gallery.samples.open(None)
        self.filters.show_counts(dict.fromkeys(FILTERS, 0))
        self.panel.show_no_run()
        self.doubts.show_reasons(())
        self.verdicts.show_current()
        self.verdict_bar.show_count(0, 0)
        self.viewer.show_message(message, "")

    def _give_up(self, reason: str) -> None:
        self._show_nothing("")
        self.open_failed.emit(reason)

    def _refresh(self, content: RunContent) -> None:
        session = self.session
        if session is None or session.run.id != content.run.id:
            return
        changed = session.refresh(content)
        if changed:
            self.photo.open_run()
            self.gallery.samples.reload()
            self.panel.show_scores(session.finals[session.scored], session.threshold)
        self._tell_decisions()
        self.list.relist(stay=True)
        self.verdicts.show_current()
        if changed and self.current is not None:
            self.panel.plot.set_mark(float(session.finals[self.current]))
            self.photo.show_current()
        self.changed.emit()

    def _hold_key(self, event: QKeyEvent) -> None:
        self.perform(lambda review: QApplication.sendEvent(review.gallery, event))

    # A sample

    def show_sample(self, sample: int) -> None:
        """Bring a sample up."""
        if self.session is None or sample == self.current:
            return
        self.verdicts.leave()
        self._state.current = sample
        self.verdict_bar.turn_to_another()
        self._begin_again()
        self.panel.plot.set_mark(float(self.session.finals[sample]))
        self.verdicts.begin()
        self.photo.show_current()

    def show_shared(self) -> None:
        """Show the regions that parts of the run share, side by side."""
        show_shared(self, partial(self._ask_operator, "mark"))

    def _tell_end(self, listed: str, count: int) -> None:
        assert self.session is not None
        self.end_bar.tell(listed, count, self.session.counts()["unreviewed"])

    def _begin_again(self) -> None:
        """Something else is looked at: verdicts can be given again."""
        self._state.ended = False
        self.end_bar.hide()
        self.classes.forget()

    def _show_after_verdict(self, sample: int) -> None:
        self.end_bar.setVisible(self.end_bar.isVisible() and self._state.ended)
        self._tell_decisions(relist=True)
        self.list.show(sample)
        self.show_sample(sample)
        self.verdicts.begin()
        self.changed.emit()

    def _show_news(self) -> None:
        """Show what others said; the part that is looked at stays, even where it would not be listed any more."""
        session = self.session
        assert session is not None
        self._tell_decisions(relist=self.current is None or self.current in session.visible())
        self.verdicts.show_current()
        self.changed.emit()

    def _show_overruled(self) -> None:
        """Show another station's verdict; there may be more of it, so the store is asked."""
        self._tell_decisions()
        self.list.relist(stay=True)
        self.verdicts.show_current()
        self.changed.emit()
        self.reread()

    def _show_threshold(self) -> None:
        self._tell_decisions()
        self.list.follow_threshold()
        self.photo.look_for_defects()

    def _tell_decisions(self, *, relist: bool = False) -> None:
        session = self.session
        assert session is not None
        counts = session.counts()
        self.filters.show_counts(counts)
        self.doubts.show_reasons(list_doubts(session))
        self.panel.show_remarks(session.run.notes, session.run.left_out, session.run.ranges_in_words)
        scored = len(find_parts(session))
        self.panel.show_threshold(session.threshold, counts["flagged"], scored, session.unsure)
        found, asking = fit_verdicts(session), self._state.asked is not None
        self.panel.show_verdicts(count_verdicts(session), can_ask(session), asking, bool(found and found.sure), scored)
        self.verdict_bar.show_count(counts["accepted"] + counts["rejected"], counts["all"])
        if relist:
            self.list.relist()
        self.gallery.viewport().update()
        self.photo.show_caption()
