"""Work off the GUI thread: the newest job first, and late replies dropped."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import Any

from PySide6.QtCore import QObject, Signal

from inspector.errors import InspectorError

LOG = logging.getLogger("inspector.gui")

PATIENCE = 0.2
"""Seconds that closing waits for jobs in hand. A question to a server that is away goes on longer, unheard."""


class Background(QObject):
    """A few threads that work on what was asked for last.

    Each job has a key. `finished` is emitted and `on_failure` called on the thread of this object; nothing arrives
    for jobs that were asked for before the last `forget`.
    """

    finished = Signal(object, object)
    """Key and what the function returned."""
    _reply = Signal(int, object, object, object)

    def __init__(
        self, parent: QObject | None, on_failure: Callable[[Any, Exception], object], *, threads: int, waiting: int = 64
    ) -> None:
        """Make the threads.

        Args:
            parent: owner.
            on_failure: gets the key and the exception of a job that failed. Needed, so that none fails unheard.
            threads: how many work at a time.
            waiting: jobs kept waiting; beyond, the oldest is dropped.
        """
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads)
        self._on_failure = on_failure
        self._limit = waiting
        self._state = Condition()
        self._in_hand = 0
        self._closed = False
        self._waiting: OrderedDict[Hashable, tuple[int, Callable[[], Any]]] = OrderedDict()
        self._generation = 0
        self._reply.connect(self._deliver)

    def submit(self, key: Hashable, function: Callable[[], Any]) -> None:
        """Ask for a job; one that waits under the same key is replaced and comes first."""
        with self._state:
            known = self._waiting.pop(key, None)
            self._waiting[key] = (self._generation, function)
            if len(self._waiting) > self._limit:
                self._waiting.popitem(last=False)
        if known is None:
            self._pool.submit(self._work)

    def waits(self, key: Hashable) -> bool:
        """Tell whether a job has been asked for and not yet begun."""
        with self._state:
            return key in self._waiting

    def forget(self) -> None:
        """Drop all that waits, and the replies of all that is being worked on."""
        with self._state:
            self._waiting.clear()
            self._generation += 1

    def close(self) -> None:
        """Drop everything, and let the threads end: nothing arrives any more, and nobody waits long for them."""
        self.forget()
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._state:
            self._closed = True
            self._state.wait_for(lambda: not self._in_hand, PATIENCE)

    def _work(self) -> None:
        with self._state:
            if not self._waiting:
                return
            key, (generation, function) = self._waiting.popitem()
            self._in_hand += 1
        try:
            result, error = function(), None
        except Exception as problem:
            result, error = None, problem
        with self._state:
            self._in_hand -= 1
            self._state.notify_all()
            if not self._closed:  # else this object may be gone
                self._reply.emit(generation, key, result, error)

    def _deliver(self, generation: int, key: object, result: object, error: Exception | None) -> None:
        if generation != self._generation:
            return
        if error is None:
            self.finished.emit(key, result)
        else:
            if not isinstance(error, InspectorError):
                LOG.error("%r failed", key, exc_info=error)
            self._on_failure(key, error)


def describe_failure(error: Exception) -> str:
    """Put a failure into words for the operator: our own sentence, or what kind of error it was and what it said."""
    return str(error) if isinstance(error, InspectorError) else f"{type(error).__name__}: {error}"
