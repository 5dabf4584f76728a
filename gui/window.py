"""The window: screens, menus, the engine, and what happens between them."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow, QStackedWidget, QWidget
from typing_extensions import override

from gui.engine.job_bar import JobBar
from gui.engine.process import EngineProcess
from gui.engine.scans import Scans
from gui.scanning.progress import ProgressScreen
from gui.shell.choices import add_choices, change_theme
from gui.shell.commands import LIST_MENU, PHOTO_MENU, command_handlers, enable_for_run, find_switches
from gui.shell.dialogs import has_workspace, may_close
from gui.shell.error_dialog import show_problem
from gui.shell.menus import Menus
from gui.shell.operator import Operator, OperatorBar
from gui.shell.operator_screen import OperatorScreen
from gui.shell.pages import Pages
from gui.shell.permits import Permits
from gui.shell.preferences import Preferences
from gui.shell.room import open_at
from gui.shell.title import name_window
from gui.start.lister import RunLister
from gui.start.screen import StartScreen
from gui.watch.control import Watching
from inspector.errors import StoreError
from inspector.places import is_folder

if TYPE_CHECKING:  # both carry numpy and SQLAlchemy, which the first picture of the window need not wait for
    from gui.review.screen import Review
    from inspector.store.workspace import Workspace

NOTICE_TIME = 10_000
"""Milliseconds a notice stays in the status bar."""


LIST_PICTURE = 20
"""Milliseconds that the list of runs has to appear before the review screen is made."""

PATIENCE = 2.0
"""Seconds that a verdict waits for a workspace's server that is away."""


class MainWindow(QMainWindow):
    """Shows one screen at a time; a scan goes on while others are looked at."""

    def __init__(
        self, workspace: str | Path | None, preferences: Preferences, engine: EngineProcess | None = None
    ) -> None:
        """Make the window; its workspace (None = the user's own) is opened by `open_workspace`, once it can be seen."""
        super().__init__()
        self.workspace, self.preferences = workspace, preferences
        self.store: Workspace | None = None
        self.store_problem = ""
        self._review: Review | None = None
        self.operator_screen: OperatorScreen | None = None
        self._watched = False
        self.asks_before_closing = True
        """Not where the system wants the app to end."""
        self.start, self.progress, self.screens = StartScreen(), ProgressScreen(), QStackedWidget()
        self.screens.addWidget(self.start)
        self.screens.addWidget(self.progress)
        self.setCentralWidget(self.screens)
        self.operator = Operator(preferences, self)
        self.operator.problem.connect(lambda sentence: show_problem(self, sentence))
        self.operator.noticed.connect(lambda text: self.statusBar().showMessage(text, NOTICE_TIME))
        self.job_bar, self.operator_bar = JobBar(), OperatorBar(self.operator)
        self.statusBar().addPermanentWidget(self.job_bar)
        self.statusBar().addPermanentWidget(self.operator_bar)
        self.scans = Scans(engine or EngineProcess(self), self.progress, self.job_bar, self)
        self.lister = RunLister(self.start, lambda: self.scans.busy, self)
        self.watching = Watching(self, self._show)
        self.pages = Pages(self, self._show)
        self.menus = Menus(self, preferences, command_handlers(self))
        self.permits = Permits(self, self.operator, self.menus, self.screens)
        add_choices(self)
        self._connect()
        open_at(self, 1360, 860)
        geometry = preferences.place("window")
        if geometry is not None:
            self.restoreGeometry(geometry)
        self.statusBar().setSizeGripEnabled(False)
        self._show(self.start)
        self.winId()  # makes the surface that keys and mouse come to
        self.operator.watch(self.windowHandle())

    def _connect(self) -> None:
        self.start.scan_wanted.connect(self.choose_folder)
        self.start.folder_given.connect(self.ask_scan)
        self.start.run_chosen.connect(self.open_run)
        self.start.resume_wanted.connect(self.scans.resume)
        self.lister.problem.connect(lambda sentence: show_problem(self, sentence))
        self.progress.look_wanted.connect(self._look_at_running)
        self.job_bar.wanted.connect(self.show_progress)
        self.scans.started.connect(self.show_progress)
        self.scans.ended.connect(self._scan_ended)
        self.scans.done.connect(self._scan_done)
        self.scans.notice.connect(lambda text: self.statusBar().showMessage(text, NOTICE_TIME))
        for work in (self.scans, self.watching):
            work.problem.connect(lambda sentence, details: show_problem(self, sentence, details))

    # Screens

    def open_workspace(self, then: str = "") -> None:
        """Open the store and list its runs; `then` is a run number to open or a folder to scan, or ""."""
        from gui.start.runs import find_run, read_runs
        from inspector.store.workspace import Workspace, default_workspace

        try:
            self.store = Workspace(self.workspace or default_workspace(), patience=PATIENCE)
            self.scans.store = self.operator.store = self.store
            QTimer.singleShot(LIST_PICTURE, self.prepare_review)
            self.lister.show(read_runs(self.store))
            self._show(self.start)
            run = find_run(self.store, then)
            if run is not None:
                self.open_run(run)
            elif is_folder(then):
                self.ask_scan(Path(then))
            elif then:
                show_problem(self, self.tr("{text} is neither a folder nor the number of a run.").format(text=then))
            self.watching.take_up(show=not then)
        except StoreError as error:
            self.store_problem = str(error)
            show_problem(self, self.store_problem)

    def prepare_review(self) -> "Review":
        """Return the review screen; made when first needed, or when nothing else is to do."""
        if self._review is None:
            from gui.review.operator_mode import OperatorMode
            from gui.review.screen import Review

            self._review = Review(self.operator.ask, self.operator.may)
            self._review.problem.connect(lambda sentence: show_problem(self, sentence))
            self._review.open_failed.connect(self._give_up_review)
            self._review.changed.connect(self._show_session)
            self._review.export_wanted.connect(self.export)
            self._review.viewer.locate.clicked.connect(self.menus.actions["locate"].trigger)
            self.screens.addWidget(self._review)
            mode = OperatorMode(self._review)
            self.operator_screen = OperatorScreen(self, mode)
            self.menus.tick_when_shown(partial(find_switches, self._review, mode))
            self.menus.offer_on(self._review.viewer.main_view, PHOTO_MENU)
            self.menus.offer_on(self._review.gallery, LIST_MENU)
            panes = self.preferences.place("panes")
            if panes is not None:
                self._review.splitter.restoreState(panes)
        return self._review

    @property
    def review(self) -> "Review":
        """The review screen."""
        return self.prepare_review()

    def show_start(self) -> None:
        """Show the list of runs, and bring it up to date."""
        self._show(self.start)
        if self.store is not None:
            self.lister.read(self.store)

    def open_run(self, run_id: int) -> None:
        """Review a run; where it cannot be read, the list of runs comes back."""
        if self.store is not None:
            self._show(self.review)
            self.review.open_run(self.store, run_id)

    def _show(self, screen: QWidget) -> None:
        self.screens.setCurrentWidget(screen)
        reviewing = screen is self._review and self._review is not None
        if self.operator_screen is not None and not reviewing:
            self.operator_screen.leave()
        self.menus.enable_review(reviewing)
        self._tell_busy()
        name_window(self, self._review)
        if screen is self.start:
            self.start.take_keys()
        if reviewing:
            self._show_session()

    def _tell_busy(self) -> None:
        self.menus.hold_back("show_scan", "" if self.scans.busy else self.tr("No scan is running."))
        self.job_bar.setVisible(self.scans.busy and self.screens.currentWidget() is not self.progress)

    def _give_up_review(self, sentence: str) -> None:
        show_problem(self, sentence)
        if self.screens.currentWidget() is self._review:
            self.show_start()

    def _show_session(self) -> None:
        if self.screens.currentWidget() is not self._review:
            return
        enable_for_run(self.menus, self.review.session)
        name_window(self, self._review)

    # Scans

    def choose_folder(self) -> None:
        """Ask for a folder, then how to scan it."""
        if not has_workspace(self):
            return
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Scan a folder"), self.preferences.text("folder"))
        if chosen:
            self.ask_scan(Path(chosen))

    def ask_scan(self, folder: Path) -> None:
        """Ask how to scan a folder, then scan it."""
        from gui.scanning.dialog import ScanDialog

        if not has_workspace(self) or self.store is None or self.scans.refuse_second() or not self.operator.may("scan"):
            return
        self.preferences.remember("folder", str(folder.parent))
        dialog = ScanDialog(folder, self, recipes=self.store.recipes)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.scans.scan(dialog.folder(), dialog.settings(), recipe=dialog.recipe()))
        dialog.networks_wanted.connect(self.pages.show_networks)
        dialog.open()

    def show_progress(self) -> None:
        """Show the running scan."""
        self._show(self.progress)

    def _look_at_running(self) -> None:
        if self.scans.engine.run_id is not None:
            self.open_run(self.scans.engine.run_id)

    def _scan_ended(self) -> None:
        self._watched = self.screens.currentWidget() is self.progress
        if self._watched and self.scans.answered:
            self.show_start()
        elif self._watched:  # the server is away, which has been told
            self._show(self.start)
        else:
            self._tell_busy()

    def _scan_done(self, run_id: int) -> None:
        review = self._review
        looked_at = review is not None and review.loader.run_id == run_id
        if review is not None and looked_at:
            review.reread()
        if self._watched and looked_at:
            self._show(self.review)
        elif self._watched:
            self.open_run(run_id)
        elif not looked_at or self.screens.currentWidget() is not review:
            self.statusBar().showMessage(self.tr("Run {number} is done.").format(number=run_id), NOTICE_TIME)

    # Dialogs

    def export(self) -> None:
        """Hand the open run over."""
        from gui.export.opening import open_export

        if self.review.session is not None and self.store is not None:
            open_export(self.store, self.review.session.run.id, self.preferences, self)

    def set_theme(self, name: str) -> None:
        """Change the colours."""
        self.preferences.remember("theme", name)
        change_theme(name)

    def set_language(self, name: str) -> None:
        """Change the language at the next start."""
        self.preferences.remember("language", name)
        self.statusBar().showMessage(self.tr("The language changes when the app is started again."), NOTICE_TIME)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask where something runs; stop it, remember the window."""
        if self.asks_before_closing and not may_close(self, self._review):
            event.ignore()
            return
        self.scans.close_down()
        self.lister.close()
        self.progress.arrivals.close_down()
        self.watching.close_down()
        self.pages.close_down()
        self.operator.close_down()
        self.preferences.remember_place("window", self.saveGeometry())
        if self._review is not None:
            self.preferences.remember_place("panes", self._review.splitter.saveState())
            self._review.close_down()
        if self.store is not None:
            self.store.close()
        super().closeEvent(event)
