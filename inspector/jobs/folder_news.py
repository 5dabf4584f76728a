"""What is told of a watched folder: that it is away, and that parts come faster than they are judged."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from inspector.events import Event, Report

SILENCE = 30.0
"""Seconds that one look at the folder may take before it is told: a share that hangs answers nothing."""

BEHIND = 20
"""Complete parts that wait, from which on it is told."""


class FolderNews:
    """Tells what lasts once when it begins, and when it is over."""

    def __init__(self, folder: Path, report: Report) -> None:
        """Begin with a folder that is there."""
        self._folder, self._report = folder, report
        self._away = self._behind = self._silent = False

    def tell_away(self, error: OSError) -> None:
        """Tell that the folder cannot be listed."""
        if not self._away:
            self._warn(f"{self._folder} cannot be listed: {error.strerror or error}; it is looked at again", "away")
        self._away = True

    def tell_there(self) -> None:
        """Tell that the folder was listed, where it could not be."""
        if self._away:
            self._warn(f"{self._folder} is there again", "back")
        self._away = False

    def tell_silence(self, begun: float | None) -> None:
        """Tell that a look at the folder does not come to its end, or has come to it after all.

        Args:
            begun: when it began, in seconds of `time.monotonic`; None = none is under way.
        """
        silent = begun is not None and time.monotonic() - begun >= SILENCE
        if begun is not None and silent and not self._silent:
            since = datetime.now().astimezone() - timedelta(seconds=time.monotonic() - begun)
            self._warn(f"{self._folder} has not answered since {since:%Y-%m-%d %H:%M:%S}; it is waited for", "silent")
        elif self._silent and not silent and not self._away:
            self._warn(f"{self._folder} is there again", "back")
        self._silent = silent

    def tell_waiting(self, count: int) -> None:
        """Tell how many parts wait, where they have become many, or few again."""
        behind = count >= BEHIND
        if behind and not self._behind:
            self._warn(f"parts come faster than they are judged: {count} wait", "behind", count)
        elif self._behind and not behind:
            one = "parts are judged as they come again: 1 waits"
            self._warn(one if count == 1 else f"parts are judged as they come again: {count} wait", "level")
        self._behind = behind

    def _warn(self, message: str, about: str, total: int = 0) -> None:
        self._report(Event("warning", about, total=total, message=message))
