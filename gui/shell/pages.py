"""The pages beside the review: each is made when it is first wanted."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gui.shell.dialogs import has_workspace

if TYPE_CHECKING:
    from gui.networks.page import NetworksPage
    from gui.statistics.page import StatisticsPage
    from gui.window import MainWindow


AnyPage = TypeVar("AnyPage", bound="NetworksPage | StatisticsPage")


class Pages:
    """The pages of a window."""

    def __init__(self, window: "MainWindow", show: Callable[[QWidget], None]) -> None:
        """Serve a window; `show` brings a screen of it to the front."""
        self._window, self._show = window, show
        self._made: list[NetworksPage | StatisticsPage] = []
        self._before: QWidget | None = None

    @cached_property
    def networks(self) -> "NetworksPage":
        """The page of networks."""
        from gui.networks.page import NetworksPage

        return self._take_in(NetworksPage())

    def show_networks(self, name: str = "") -> None:
        """Show the networks; `name` is marked, "" = none."""
        self._show_page(self.networks)
        self.networks.refresh(name)

    @cached_property
    def statistics(self) -> "StatisticsPage":
        """The page of statistics; there is none before the workspace is open."""
        from gui.statistics.page import StatisticsPage

        assert self._window.store is not None
        return self._take_in(StatisticsPage(self._window.store, self._window.preferences))

    def show_statistics(self) -> None:
        """Show the statistics, counted anew."""
        if has_workspace(self._window):
            self._show_page(self.statistics)
            self.statistics.refresh()

    def close_down(self) -> None:
        """Stop what pages do."""
        for page in self._made:
            page.close_down()

    def _show_page(self, page: QWidget) -> None:
        before = self._window.screens.currentWidget()
        if before not in self._made:
            self._before = before
        self._show(page)
        page.setFocus()  # also where the screen before had no keys

    def _go_back(self) -> None:
        """Show what was there before the pages, or the runs where it is over."""
        window, before = self._window, self._before
        if window.scans.busy and before is window.progress:
            window.show_progress()
        elif window.watching.job.active and before is window.watching.screen:
            window.watching.show()
        elif before is window.review and window.review.session is not None:
            self._show(before)
        else:
            window.show_start()

    def _take_in(self, page: AnyPage) -> AnyPage:
        page.left.connect(self._go_back)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), page)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(page.left)
        self._window.screens.addWidget(page)
        self._made.append(page)
        return page
