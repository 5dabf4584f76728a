"""What a line does while its workspace cannot be used: it says so, waits, and goes on where it was."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from inspector.errors import StoreAway
from inspector.events import Event, Report

PAUSE = 1.0
"""Seconds between two attempts."""

TOLD_AGAIN, LONGEST = 60.0, 3600.0
"""Seconds after which an outage that lasts is told again: the first time, then twice as long each time, at most."""

PATIENCE = 3.0
"""Seconds for which a workspace of a line tries again by itself, and says nothing: a server may be started anew."""

AWAY = "since {} nothing can be kept: {}; parts that come are judged when it can be kept again"

BACK = "the workspace can be used again, after {}: the line goes on"

Answer = TypeVar("Answer")


class Outage:
    """Does what needs the workspace, and again until it is done where the workspace is away or full.

    Attributes:
        each_turn: called between two attempts.
        waits: whether an outage is waited for; False at the end, where nobody would.
        error: why the workspace cannot be used now; None = it can.
    """

    def __init__(self, report: Report) -> None:
        """Tell of outages by a `Report`."""
        self.each_turn: Callable[[], None] = lambda: None
        self.waits = True
        self.error: StoreAway | None = None
        self._report = report

    def outlast(self, act: Callable[[], Answer]) -> Answer:
        """Do something, and do it again after each `StoreAway`; return its answer.

        What is told, or Ctrl+C, may end it: `error` says then that the workspace was away.

        Args:
            act: does nothing twice where it is called again.

        Raises:
            StoreError: what waiting does not mend, or is not waited for.
        """
        if self.error is not None and not self.waits:
            raise self.error
        begun, since, told_at, told_after = time.monotonic(), datetime.now().astimezone(), 0.0, TOLD_AGAIN
        while True:
            try:
                answer = act()
            except StoreAway as error:
                if not self.waits:
                    raise
                if self.error is None or time.monotonic() - told_at >= told_after:
                    told_after = TOLD_AGAIN if self.error is None else min(2 * told_after, LONGEST)
                    told_at, self.error = time.monotonic(), error
                    self._warn(AWAY.format(f"{since:%Y-%m-%d %H:%M:%S}", error), "store")
            else:
                if self.error is not None:
                    self.error = None
                    self._warn(BACK.format(describe_time(time.monotonic() - begun)), "stored")
                return answer
            self.each_turn()
            time.sleep(PAUSE)

    def _warn(self, message: str, about: str) -> None:
        self._report(Event("warning", about, message=message))


def describe_time(seconds: float) -> str:
    """Say how long something lasted, in seconds, minutes or hours."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
