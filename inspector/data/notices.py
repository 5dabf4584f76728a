"""What the system tells of the files of a folder: nothing of what other machines write to a share."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag

from watchfiles import watch

STEP = 20
"""Milliseconds for which nothing must change before it is told."""

LONGEST = 60
"""Milliseconds after which it is told all the same."""


class Notices:
    """Hears of the files of a folder and those below it, where the system tells of them at all.

    Linux, Windows and macOS tell what programs of the same machine do on a local disk.
    """

    def __init__(self, folder: Path, stop: Flag) -> None:
        """Begin to listen; `stop` ends it."""
        self._folder, self._stop = folder, stop
        self._changes: Iterator[set[str]] | None = self._listen()

    def begin_anew(self) -> None:
        """Listen anew, as where the folder was away."""
        self._changes = self._listen()

    def wait(self, seconds: float) -> set[str]:
        """Wait until something changes.

        Args:
            seconds: for which to wait at most.

        Returns:
            The names of what has changed, come or gone, with "/" between folders; none after the time, and where
            the system tells nothing.
        """
        until = time.monotonic() + seconds
        while self._changes is not None and not self._stop.is_set():
            try:
                names = next(self._changes)
            except (StopIteration, OSError, RuntimeError):  # the folder is away, or too many folders are watched
                self._changes = None
                break
            if names or time.monotonic() >= until:
                return names
        self._stop.wait(max(0.0, until - time.monotonic()))
        return set()

    def _listen(self) -> Iterator[set[str]]:
        folder = self._folder.resolve()  # macOS tells of files as they lie there, links on the way followed
        root = str(folder).rstrip(os.sep) + os.sep  # a drive has one already
        changes = watch(
            folder,
            watch_filter=None,
            debounce=LONGEST,
            step=STEP,
            stop_event=self._stop,
            rust_timeout=LONGEST,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        for found in changes:
            yield {path.removeprefix(root).replace(os.sep, "/") for _, path in found if path.startswith(root)}
