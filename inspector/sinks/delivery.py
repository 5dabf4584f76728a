"""One thread for each sink, which sends what waits: a slow receiver slows neither the line nor the others."""

import threading
from collections import deque
from collections.abc import Callable, Iterable

from inspector.errors import say_why
from inspector.sinks.backlog import Backlog, Waiting
from inspector.sinks.sink import RefusedError, Sink

FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0
"""Seconds before a result is sent again: the first, then twice as long each time, up to the longest."""

LOOK_AGAIN = 0.2
"""Seconds after which is seen whether the sinks that come before have taken a result."""

TOLD_AT = 100
"""Waiting results that are told, and again each time they have doubled."""


class Delivery:
    """Sends results to one sink until it is stopped.

    One result at a time is in memory. What went wrong is told once, and that it goes on again; how many wait when
    there are many.
    """

    def __init__(self, sink: Sink, backlog: Backlog, before: Iterable[str], tell: Callable[[str], None]) -> None:
        """Prepare to send; `start` begins.

        Args:
            sink: where to.
            backlog: what.
            before: names of sinks that must have a result before this one gets it.
            tell: takes sentences for people, from this thread.
        """
        self.sink = sink
        self._backlog, self._before, self._tell = backlog, tuple(before), tell
        self._something = threading.Event()
        self._thread = threading.Thread(target=self._run, name=sink.name, daemon=True)
        self._failing = False
        self._wait = FIRST_WAIT
        self._tell_at = TOLD_AT

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something waits."""
        self._something.set()

    def stop(self) -> None:
        """Send nothing more after what is being sent."""
        self.sink.stopping.set()
        self._something.set()

    def join(self, timeout: float) -> bool:
        """Wait for the end of what is being sent, some seconds at most; tell whether it ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def tell_growth(self, waiting: int) -> None:
        """Tell that many results wait, where they have doubled since that was told last."""
        if waiting >= self._tell_at:
            self._tell(f"{self.sink.name}: {waiting} results wait to be sent")
            while self._tell_at <= waiting:
                self._tell_at *= 2
        elif waiting < TOLD_AT // 2:
            self._tell_at = TOLD_AT

    def _run(self) -> None:
        is_open = False
        while not self.sink.stopping.is_set():
            try:
                if not is_open:
                    self.sink.open()
                    is_open = True
                self._send_waiting()
            except Exception as error:  # whatever it is, the line goes on, and the result is sent again
                self._close()
                is_open = False
                self._tell_failure(error)
                self.sink.stopping.wait(self._wait)
                self._wait = min(2 * self._wait, LONGEST_WAIT)
        self._close()

    def _send_waiting(self) -> None:
        """Send until nothing waits, then wait for something."""
        self._something.clear()
        while not self.sink.stopping.is_set():
            waiting = self._backlog.find_next(self.sink.name, self._before)
            if waiting is None:
                if self._failing:  # to be opened alone: what was not taken would wait
                    self._tell_recovery()
                self._something.wait(LOOK_AGAIN if self._before else None)
                return
            self._send(waiting)

    def _send(self, waiting: Waiting) -> None:
        refused = ""
        try:
            self.sink.take(waiting.result)
        except RefusedError as error:
            refused = say_why(error)
            self._tell(f"{self.sink.name}: {waiting.result.name} is put aside: {refused}")
        self._backlog.mark_taken(self.sink.name, waiting.number, refused)
        self._tell_recovery()

    def _tell_recovery(self) -> None:
        self._wait = FIRST_WAIT
        if self._failing:
            self._failing = False
            self._tell(f"{self.sink.name}: it takes results again")

    def _tell_failure(self, error: Exception) -> None:
        if not self._failing:
            self._failing = True
            self._tell(f"{self.sink.name}: {say_why(error)}; results are kept and sent again")

    def _close(self) -> None:
        try:
            self.sink.close()
        except Exception as error:  # what is broken may not close either
            self._tell_failure(error)


class MessageQueue:
    """Messages of worker threads, to be reported by the thread that owns them; the newest thousand."""

    def __init__(self) -> None:
        self._sentences: deque[str] = deque(maxlen=1000)

    def add(self, sentence: str) -> None:
        """Add a message; called by any thread."""
        self._sentences.append(sentence)

    def take(self) -> list[str]:
        """Remove and return all messages, the oldest first."""
        return [self._sentences.popleft() for _ in range(len(self._sentences))]
