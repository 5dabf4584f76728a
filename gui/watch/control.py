"""The watched folder in the window: its dialog, its screen, its sign in the status bar."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from gui.engine.process import EngineProcess
from gui.shell.dialogs import has_workspace
from gui.shell.error_dialog import confirm
from gui.shell.texts import on_one_line
from gui.watch.choice import WatchChoice
from gui.watch.job import WatchJob
from inspector.export.isolates import isolate_path

if TYPE_CHECKING:  # carry numpy and SQLAlchemy, which the first picture of the window need not wait for
    from gui.watch.screen import LiveScreen
    from gui.window import MainWindow
    from inspector.store.workspace import Workspace

MOST_RUNS = 50
"""Finished runs that are offered to judge a line, the newest."""


class Watching(QObject):
    """Ties a `WatchJob` to a window. Scans go on beside it."""

    problem = Signal(str, str)
    """A sentence and details."""

    def __init__(
        self, window: "MainWindow", show: Callable[[QWidget], None], engine: EngineProcess | None = None
    ) -> None:
        """Serve a window; `show` brings a screen of it to the front."""
        super().__init__(window)
        self._window, self._show = window, show
        self.job = WatchJob(window.preferences, engine or EngineProcess(self), self)
        self.job.turned.connect(self._tell_mode)
        self.job.said.connect(lambda event: self.screen.take(event))
        self.job.noted.connect(lambda sentence: self.screen.note(sentence))
        self.job.problem.connect(self.problem)
        self.bar = QPushButton()
        self.bar.setAccessibleName(self.tr("Show the watched folder"))
        self.bar.clicked.connect(self.show)
        self.bar.hide()
        window.statusBar().insertPermanentWidget(0, self.bar)
        window.screens.currentChanged.connect(lambda _: self._take_turn())
        window.start.watch_wanted.connect(self.ask)
        window.scans.watch_wanted.connect(self.resume)
        self._screen: LiveScreen | None = None

    @property
    def screen(self) -> "LiveScreen":
        """The live screen; made when first needed."""
        if self._screen is None:
            from gui.watch.screen import LiveScreen

            screen = self._screen = LiveScreen(self._window.operator.ask)
            screen.pause_wanted.connect(self.job.pause)
            screen.go_on_wanted.connect(self.job.go_on)
            screen.stop_wanted.connect(self.ask_stop)
            screen.review_wanted.connect(self._review)
            screen.pool_wanted.connect(self._open_pool)
            screen.changed.connect(self._tell_bar)
            screen.problem.connect(lambda sentence: self.problem.emit(sentence, ""))
            self._window.screens.addWidget(screen)
        return self._screen

    def ask(self) -> None:
        """Ask which folder to watch, and how; then watch it."""
        from gui.watch.dialog import WatchDialog

        store = self._window.store
        if (
            not has_workspace(self._window)
            or store is None
            or self._refuse_second()
            or not self._window.operator.may("scan")
        ):
            return
        kept = self.job.recall()
        proposed, runs = kept.choice if kept else WatchChoice(""), self._list_runs(store)
        dialog = WatchDialog(proposed, runs, self._window, recipes=list_recipes(store))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.begin(dialog.choice()))
        dialog.open()

    def begin(
        self,
        choice: WatchChoice,
        *,
        resume: bool = False,
        run_id: int | None = None,
        why: str = "",
        show: bool = True,
    ) -> None:
        """Watch a folder; as `WatchJob.begin`. `show`: whether the live screen comes up."""
        store = self._window.store
        if store is None or self.job.active:
            return
        self.screen.begin(store, choice.folder)
        self.job.begin(store, choice, resume=resume, run_id=run_id, why=why)
        if show:
            self.show()

    def take_up(self, *, show: bool) -> None:
        """Go on with the folder that was watched when the app ended, if there was one."""
        from gui.start.runs import was_ended_elsewhere

        store, kept = self._window.store, self.job.recall()
        if store is None or kept is None or not kept.going or kept.workspace != store.location:
            return
        known = store.watches.find_latest(str(Path(kept.choice.folder).resolve()))
        if known is not None and was_ended_elsewhere(store.runs.get(known), kept.computer):
            self.job.leave(kept)
            told = self.tr("Run {number} was taken up at another station and has been ended there. It is left so.")
            self.problem.emit(told.format(number=known), "")
            return
        why = self.tr("The app was ended while this folder was watched; it goes on.")
        self.begin(kept.choice, resume=known is not None, run_id=known, why=why, show=show)

    def resume(self, root: str) -> None:
        """Go on with the last run of a folder; results go where they went, if it was watched here last."""
        if self._refuse_second():
            return
        kept = self.job.recall()
        same = kept is not None and Path(kept.choice.folder).resolve() == Path(root)
        choice, store = kept.choice if kept is not None and same else WatchChoice(root), self._window.store
        self.begin(choice, resume=True, run_id=None if store is None else store.watches.find_latest(root))

    def ask_stop(self) -> None:
        """Stop, if that is really wanted."""
        question = self.tr("Stop watching? Parts that arrive from now on are not judged.")
        if self.job.mode == "paused" or confirm(self._window, question):
            self.job.stop()

    def show(self) -> None:
        """Show the live screen."""
        if self.job.active:
            self._show(self.screen)
            folder = isolate_path(str(self.job.choice.folder))
            self._window.setWindowTitle(self.tr("Watching {folder}").format(folder=folder))

    def close_down(self) -> None:
        """The app ends."""
        self.job.close_down()
        if self._screen is not None:
            self._screen.close_down()

    def _refuse_second(self) -> bool:
        if self.job.active:
            self.show()
            self.problem.emit(self.tr("A folder is watched already. Stop that first."), "")
        return self.job.active

    def _tell_mode(self, sentence: str) -> None:
        """Say on the screen and in the status bar what goes on."""
        mode, run = self.job.mode, self.job.run_id
        titles = {
            "off": "",
            "going": self.tr("Watching"),
            "pausing": self.tr("Pausing…"),
            "paused": self.tr("Paused"),
            "stopping": self.tr("Stopping…"),
            "restarting": self.tr("Starting again…"),
        }
        title = titles[mode]
        if run is not None:
            title = self.tr("{what}, run {number}").format(what=title, number=run)
        self.screen.show_mode(title, paused=mode == "paused", engine=sentence)
        if mode == "off" and self._window.screens.currentWidget() is self._screen:
            if self.job.answered:
                self._window.show_start()
            else:  # the server is away, which has been told
                self._show(self._window.start)

    def _tell_bar(self) -> None:
        """Tell how the line goes, where it is not on the screen."""
        state, paused = self.screen.state, self.job.mode == "paused"
        text = self.tr("Paused. Judged: {judged}, flagged: {flagged}")
        if not paused:
            text = self.tr("Watching. Judged: {judged}, flagged: {flagged}")
        sign = "⚠ " if state.alarms or self.job.mode == "restarting" else ""
        self.bar.setText(sign + text.format(judged=state.readable, flagged=state.flagged))
        self.bar.setVisible(self.job.active and self._window.screens.currentWidget() is not self._screen)

    def _take_turn(self) -> None:
        """Another screen is shown."""
        if self.job.active:
            self._tell_bar()
            if self._window.screens.currentWidget() is self._screen:
                self.screen.refresh()

    def _review(self) -> None:
        if self.screen.state.run_id is not None:
            self._window.open_run(self.screen.state.run_id)

    def _open_pool(self) -> None:
        from gui.watch.pool_dialog import PoolDialog

        store, run_id = self._window.store, self.screen.state.run_id
        if store is None or run_id is None:
            return
        dialog = PoolDialog(store, run_id, partial(self._window.operator.ask, "pool"), self._window)
        dialog.problem.connect(lambda sentence: self.problem.emit(sentence, ""))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _list_runs(self, store: "Workspace") -> dict[int, str]:
        """List finished scans whose good parts could judge, the newest first."""
        from inspector.store.claims import WATCHED

        told = self.tr("run {number}, {count} parts of {folder}")
        done = [run for run in store.runs.all() if run.status == "done" and run.layout != WATCHED]
        return {
            run.id: told.format(number=run.id, count=run.samples, folder=isolate_path(on_one_line(_end_of(run.root))))
            for run in done[:MOST_RUNS]
        }


def list_recipes(store: "Workspace") -> list[str]:
    """List the recipes of a workspace whose settings go on a line: photos as a whole, no depth images, and a
    search radius only where photos are judged (`check_settings` of a line). One that cannot be read is left out."""
    from inspector.errors import InspectorError
    from inspector.presets import load_settings

    found = []
    for name in store.recipes.names():
        try:
            recipe = store.recipes.get(name)
            settings = load_settings(recipe.preset, None, recipe.settings)
        except InspectorError:
            continue
        counts_nothing = settings.modality == "3d" and settings.search_radius
        if settings.tiles == "1" and not settings.camera and not counts_nothing:
            found.append(name)
    return found


def _end_of(path: str) -> str:
    """The last two folders of a path, which tell runs apart where there is no room for all of it."""
    parts = Path(path).parts
    return path if len(parts) <= 3 else str(Path("…", *parts[-2:]))
