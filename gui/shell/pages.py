"""The pages beside the review: each is made when it is first wanted."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.networks.page import NetworksPage
    from gui.window import MainWindow


class Pages:
    """The pages of a window."""

    def __init__(self, window: "MainWindow") -> None:
        """Serve a window."""
        self._window = window

    @cached_property
    def networks(self) -> "NetworksPage":
        """The page of networks."""
        from gui.networks.page import NetworksPage

        page = NetworksPage()
        page.left.connect(self._window.show_start)
        return page

    def show_networks(self, name: str = "") -> None:
        """Show the networks; `name` is marked, "" = none."""
        self._window.show_page(self.networks)
        self.networks.refresh(name)

    def close_down(self) -> None:
        """Stop what pages do."""
        for made in self.__dict__.values():
            if made is not self._window:
                made.close_down()
