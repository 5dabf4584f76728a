"""The window: screens, menus, the engine, and what happens between them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMainWindow, QMessageBox, QStackedWidget

from gui.engine_process import EngineProcess
from gui.job_bar import JobBar
from gui.menus import Menus
from gui.mishap import show_problem
from gui.preferences import Preferences
from gui.progress import ProgressScreen
from gui.shortcuts import HelpSheet, ShortcutEditor
from gui.start import StartScreen
from gui.theme import THEMES, apply_theme
from inspector import __version__
from inspector.errors import StoreError
from inspector.events import Event
from inspector.settings import ScanSettings

if TYPE_CHECKING:  # both carry numpy and SQLAlchemy, which the first picture of the window need not wait for
    from gui.review import Review
    from inspector.results.store import Store

LANGUAGES = {"": "System", "en": "English", "de": "Deutsch"}


class MainWindow(QMainWindow):
    """Shows one screen at a time; a scan goes on while others are looked at."""

    def __init__(self, workspace: Path | None, preferences: Preferences, engine: EngineProcess | None = None) -> None:
        """Make the window; its workspace (None = the user's own) is opened by `open_workspace`, once it can be seen."""
        super().__init__()
        self.workspace, self.preferences = workspace, preferences
        self.store: Store | None = None
        self._review: Review | None = None
        self.engine = engine or EngineProcess(self)
        self.start, self.progress, self.screens = StartScreen(), ProgressScreen(), QStackedWidget()
        self.screens.addWidget(self.start)
        self.screens.addWidget(self.progress)
        self.setCentralWidget(self.screens)
        self.job_bar = JobBar()
        self.statusBar().addPermanentWidget(self.job_bar)
        self.menus = Menus(self, preferences, self._handlers())
        self._add_choices()
        self._connect()
        self.resize(1360, 860)
        geometry = preferences.place("window")
        if geometry is not None:
            self.restoreGeometry(geometry)
        self.setAcceptDrops(False)
        self._show(self.start)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        def view(action: Callable[["Review"], object]) -> Callable[[], object]:
            return lambda: action(self.review)

        return {
            "scan": self.choose_folder,
            "start": self.show_start,
            "show_scan": lambda: self._show(self.progress),
            "export": self.export,
            "quit": self.close,
            "operator": self.ask_operator,
            "keys": self.edit_keys,
            "help": self.show_help,
            "about": self.show_about,
            "accept": view(lambda review: review.decide("accepted")),
            "reject": view(lambda review: review.decide("rejected")),
            "undecided": view(lambda review: review.decide("undecided")),
            "undo": view(lambda review: review.undo()),
            "redo": view(lambda review: review.redo()),
            "comment": view(lambda review: review.panel.comment.setFocus()),
            "next": view(lambda review: review.step(1)),
            "previous": view(lambda review: review.step(-1)),
            "unreviewed": view(lambda review: review.next_unreviewed()),
            "next_region": view(lambda review: review.step_region(1)),
            "previous_region": view(lambda review: review.step_region(-1)),
            "search": view(lambda review: review.filters.search.setFocus()),
            "mode": view(lambda review: review.viewer.next_mode()),
            "heat": view(lambda review: review.viewer.toggle_heat()),
            "contour": view(lambda review: review.viewer.contour.toggle()),
            "regions": view(lambda review: review.viewer.boxes.toggle()),
            "compare": view(lambda review: review.viewer.compare.toggle()),
            "cloud": view(lambda review: review.viewer.cloud.toggle()),
            "zoom_in": view(lambda review: review.viewer.main_view.zoom(1.25)),
            "zoom_out": view(lambda review: review.viewer.main_view.zoom(0.8)),
            "fit": view(lambda review: review.viewer.main_view.fit()),
            "actual": view(lambda review: review.viewer.main_view.actual_size()),
        }

    def _add_choices(self) -> None:
        themes = dict(zip(THEMES, (self.tr("As the system"), self.tr("Light"), self.tr("Dark")), strict=True))
        theme = self.preferences.text("theme", "system")
        self.menus.add_choice("view", self.tr("Theme"), themes, theme, self.set_theme)
        language = self.preferences.text("language")
        self.menus.add_choice("view", self.tr("Language"), LANGUAGES, language, self.set_language)

    def _connect(self) -> None:
        self.start.scan_wanted.connect(self.choose_folder)
        self.start.folder_given.connect(self.ask_scan)
        self.start.run_chosen.connect(self.open_run)
        self.start.resume_wanted.connect(self.resume)
        self.progress.cancel_wanted.connect(self.cancel)
        self.progress.look_wanted.connect(self._look_at_running)
        self.job_bar.wanted.connect(lambda: self._show(self.progress))
        self.engine.said.connect(self._heard)
        self.engine.finished.connect(self._scan_finished)
        self.engine.cancelled.connect(self._scan_cancelled)
        self.engine.failed.connect(self._scan_failed)

    # Screens

    def open_workspace(self, then: str = "") -> None:
        """Open the store and list its runs; `then` is a run number to open or a folder to scan, or ""."""
        from gui.recents import find_run
        from inspector.results.store import Store, default_workspace

        try:
            self.store = Store(self.workspace or default_workspace())
        except StoreError as error:
            show_problem(self, str(error))
            return
        self.show_start()
        run = find_run(self.store, then)
        if run is not None:
            self.open_run(run)
        elif Path(then).is_dir() and then:
            self.ask_scan(Path(then))
        elif then:
            show_problem(self, self.tr("{text} is neither a folder nor the number of a run.").format(text=then))
        QTimer.singleShot(0, self.prepare_review)

    def prepare_review(self) -> "Review":
        """Return the review screen; made when first needed, or when nothing else is to do."""
        if self._review is None:
            from gui.review import Review

            self._review = Review(self.operator)
            self._review.problem.connect(lambda sentence: show_problem(self, sentence))
            self._review.changed.connect(self._verdicts_changed)
            self.screens.addWidget(self._review)
            panes = self.preferences.place("panes")
            if panes is not None:
                self._review.restore(panes)
        return self._review

    @property
    def review(self) -> "Review":
        """The review screen."""
        return self.prepare_review()

    def show_start(self) -> None:
        """Show the list of runs."""
        from gui.recents import resumable

        if self.store is not None:
            try:
                runs = self.store.runs()
            except StoreError as error:
                show_problem(self, str(error))
                return
            self.start.show_runs(runs, set() if self.engine.busy else resumable(runs))
        self._show(self.start)

    def open_run(self, run_id: int) -> None:
        """Review a run."""
        from gui.session import Session

        if self.store is None:
            return
        try:
            session = Session(self.store, run_id)
        except StoreError as error:
            show_problem(self, str(error))
            return
        self._show(self.review)
        self.review.open(session)

    def _show(self, screen: "StartScreen | ProgressScreen | Review") -> None:
        self.screens.setCurrentWidget(screen)
        reviewing = screen is self._review and self._review is not None
        self.menus.enable_review(reviewing)
        self.menus.actions["show_scan"].setEnabled(self.engine.busy)
        self.job_bar.setVisible(self.engine.busy and screen is not self.progress)
        if screen is self.start:
            self.setWindowTitle(QCoreApplication.applicationName())
            self.start.scan_button.setFocus()
        if reviewing:
            self._verdicts_changed()

    def _verdicts_changed(self) -> None:
        session = self.review.session
        if session is not None and self.screens.currentWidget() is self._review:
            self.menus.actions["undo"].setEnabled(session.can_undo)
            self.menus.actions["redo"].setEnabled(session.can_redo)
            self.menus.actions["export"].setEnabled(session.run.status == "done")
            title = self.tr("run {number}, {folder}").format(number=session.run.id, folder=session.run.root)
            self.setWindowTitle(f"{title} – {QCoreApplication.applicationName()}")

    # Scans

    def choose_folder(self) -> None:
        """Ask for a folder, then how to scan it."""
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Scan a folder"), self.preferences.text("folder"))
        if chosen:
            self.ask_scan(Path(chosen))

    def ask_scan(self, folder: Path) -> None:
        """Ask how to scan a folder, then scan it."""
        from gui.scan_dialog import ScanDialog

        if self.store is None or self._refuse_second():
            return
        dialog = ScanDialog(folder, self.store.runs(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.scan(dialog.folder(), dialog.settings()))
        dialog.open()

    def scan(self, folder: Path, settings: ScanSettings | None, *, layout: str = "auto", resume: bool = False) -> None:
        """Start the engine on a folder."""
        if self.store is None or self._refuse_second():
            return
        self.preferences.remember("folder", str(folder.parent))
        self.progress.begin(str(folder))
        self.engine.start(folder, self.store.folder, settings, layout=layout, resume=resume)
        self._show(self.progress)

    def resume(self, run_id: int) -> None:
        """Finish a stopped run."""
        if self.store is not None:
            run = self.store.run(run_id)
            self.scan(Path(run.root), None, layout=run.layout, resume=True)

    def cancel(self) -> None:
        """Stop the scan; it can be resumed."""
        self.progress.cancelling()
        self.engine.cancel()

    def _refuse_second(self) -> bool:
        if self.engine.busy:
            show_problem(self, self.tr("A scan is running. Wait for its end, or cancel it first."))
        return self.engine.busy

    def _heard(self, job: int, event: Event) -> None:
        if job == self.engine.job:
            self.progress.show_event(event)
            self.job_bar.show_event(event)

    def _look_at_running(self) -> None:
        if self.engine.run_id is not None:
            self.open_run(self.engine.run_id)

    def _scan_finished(self, _job: int, run_id: int) -> None:
        watching = self.screens.currentWidget() is self.progress or self._looks_at(run_id)
        self._scan_ended()
        if watching:
            self.open_run(run_id)
        else:
            self.statusBar().showMessage(self.tr("Run {number} is done.").format(number=run_id), 10_000)

    def _scan_cancelled(self, _job: int, run_id: int | None) -> None:
        self._mark_stopped(run_id, "cancelled", "stopped before it was done")
        self._scan_ended()
        self.statusBar().showMessage(self.tr("The scan was stopped. It can be resumed."), 10_000)

    def _scan_failed(self, _job: int, run_id: int | None, sentence: str, details: str) -> None:
        self._mark_stopped(run_id, "failed", sentence)
        self._scan_ended()
        resumable = "" if run_id is None else "\n" + self.tr("Run {number} can be resumed.").format(number=run_id)
        show_problem(self, sentence + resumable, details)

    def _scan_ended(self) -> None:
        self.progress.end()
        if self.screens.currentWidget() is self.progress:
            self.show_start()
        else:
            self._show(self.screens.currentWidget())  # type: ignore[arg-type]

    def _mark_stopped(self, run_id: int | None, status: str, message: str) -> None:
        from gui.recents import mark_stopped

        if run_id is not None and self.store is not None:
            try:
                mark_stopped(self.store, run_id, status, message)
            except StoreError as error:
                show_problem(self, str(error))

    def _looks_at(self, run_id: int) -> bool:
        review = self._review
        at_review = review is not None and self.screens.currentWidget() is review
        return at_review and review is not None and review.session is not None and review.session.run.id == run_id

    # Dialogs

    def operator(self) -> str:
        """Return the operator's name; asked for once, "" if it was not told."""
        return self.preferences.text("operator") or self.ask_operator()

    def ask_operator(self) -> str:
        """Ask for the operator's name."""
        known = self.preferences.text("operator")
        title, label = self.tr("Operator"), self.tr("Your name or number, kept with each verdict:")
        text, given = QInputDialog.getText(self, title, label, text=known)
        if given and text.strip():
            self.preferences.remember("operator", text.strip())
        return self.preferences.text("operator")

    def export(self) -> None:
        """Hand the open run over."""
        from gui.export_dialog import ExportDialog

        session = self.review.session
        if session is None or self.store is None:
            return
        folder = Path(self.preferences.text("export", str(Path.home()))) / f"run-{session.run.id}"
        clouds = (self.store.run_folder(session.run.id) / "clouds").is_dir()
        dialog = ExportDialog(self.store, session.run.id, folder, clouds=clouds, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.done_writing.connect(lambda path: self.preferences.remember("export", str(path.parent)))
        dialog.open()

    def edit_keys(self) -> None:
        """Change keys."""
        dialog = ShortcutEditor(self.menus.keys(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.menus.change_keys(dialog.keys()))
        dialog.open()

    def show_help(self) -> None:
        """Show all keys."""
        sheet = HelpSheet(self.menus.keys(), self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def show_about(self) -> None:
        """Show name and version."""
        text = self.tr("Version {version}\nWorkspace: {folder}").format(
            version=__version__, folder=self.store.folder if self.store else ""
        )
        box = QMessageBox(QMessageBox.Icon.NoIcon, QCoreApplication.applicationName(), text, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def set_theme(self, name: str) -> None:
        """Change the colours."""
        self.preferences.remember("theme", name)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, name)

    def set_language(self, name: str) -> None:
        """Change the language at the next start."""
        self.preferences.remember("language", name)
        self.statusBar().showMessage(self.tr("The language changes when the app is started again."), 10_000)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stop what runs, remember the window."""
        self.engine.stop_and_wait()
        self.preferences.remember_place("window", self.saveGeometry())
        if self._review is not None:
            self.preferences.remember_place("panes", self._review.state())
            self._review.close_down()
        if self.store is not None:
            self.store.close()
        super().closeEvent(event)
