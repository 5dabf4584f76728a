"""The pages beside the review: each is made when it is first wanted."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

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

    @cached_property
    def networks(self) -> "NetworksPage":
        """The page of networks."""
        from gui.networks.page import NetworksPage

        return self._take_in(NetworksPage())

    def show_networks(self, name: str = "") -> None:
        """Show the networks; `name` is marked, "" = none."""
        self._show(self.networks)
        self.networks.refresh(name)

    @cached_property
    def statistics(self) -> "StatisticsPage":
        """The page of statistics; there is none before the workspace is open."""
        from gui.statistics.page import StatisticsPage

        assert self._window.store is not None
        return self._take_in(StatisticsPage(self._window.store, self._window.preferences))

    def show_statistics(self) -> None:
        """Show the statistics, counted anew."""
        if self._window.store is not None:
            self._show(self.statistics)
            self.statistics.refresh()

    def close_down(self) -> None:
        """Stop what pages do."""
        for page in self._made:
            page.close_down()

    def _take_in(self, page: AnyPage) -> AnyPage:
        page.left.connect(self._window.show_start)
        self._window.screens.addWidget(page)
        self._made.append(page)
        return page
