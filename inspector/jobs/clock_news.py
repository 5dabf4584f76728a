"""What is told where the clock of a station is set back while it watches: parts are judged in the order they come."""

import time
from collections.abc import Callable
from datetime import datetime

from inspector.events import Event, Report
from inspector.jobs.outage import describe_time

LEAST = 5.0
"""Seconds; by less clocks are set by themselves."""

SET_BACK = (
    "the clock of this station was set back by {} to {:%Y-%m-%d %H:%M:%S}: parts that were judged before bear later "
    "times than those to come; they stand in the order in which they came"
)


class ClockNews:
    """Compares the clock with one that nobody sets. Forwards it seems to go in a computer that slept, too."""

    def __init__(self, report: Report, keep: Callable[[str, str], None]) -> None:
        """Begin with the clock as it is; `report` and `keep` as for `Losses`."""
        self._report, self._keep = report, keep
        self._ahead = time.time() - time.monotonic()

    def tell(self) -> None:
        """Tell, and keep with the run, that the clock was set back since it was looked at last.

        Raises:
            StoreError: it cannot be kept; nothing is told then.
        """
        now = time.time()
        ahead = now - time.monotonic()
        back = self._ahead - ahead
        if 0 < back < LEAST:  # it may go on so: the clock is set step by step
            return
        if back > 0:
            told = SET_BACK.format(describe_time(back), datetime.fromtimestamp(now).astimezone())
            self._keep(told, "")
            self._report(Event("warning", message=told))
        self._ahead = ahead
