"""What a job does with sinks: open them, send, close."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from inspector.events import Event, Report, silent
from inspector.sinks.backlog import Backlog
from inspector.sinks.delivery import Delivery, MessageQueue
from inspector.sinks.result import PartResult
from inspector.sinks.sink import Sink

PATIENCE = 5.0
"""Seconds that receivers get at the end to take what waits; what they do not take is sent when the run goes on."""

LOOK_AGAIN = 1.0
"""Seconds from one count of what waits to the next."""


class Sending:
    """Sends the results of a run to sinks, each in a thread of its own, through a backlog on disk.

    Example:
        with Sending(make_sinks(["file:/line/results"]), run_folder, report) as sending:
            sending.send(result)
    """

    def __init__(self, sinks: Sequence[Sink], folder: str | Path, report: Report = silent) -> None:
        """Begin to send what waits from before.

        Args:
            sinks: where to; none = nothing is kept or sent.
            folder: of the run; the backlog is in it.
            report: is told, in the thread that calls `send`, `tell` or `close`, of sinks that do not take results.

        Raises:
            StoreError: the backlog cannot be made, read or written.
        """
        self._report = report
        self._messages = MessageQueue()
        self._counted = 0.0
        self._waited: dict[str, int] = {}
        self._backlog: Backlog | None = None
        self._deliveries: list[Delivery] = []
        self._closed = False
        if not sinks:
            return
        self._backlog = Backlog(folder, [sink.name for sink in sinks])
        readers = [sink.name for sink in sinks if sink.reads_files]
        for sink in sinks:
            before = readers if sink.moves_files else []
            self._deliveries.append(Delivery(sink, self._backlog, before, self._hear))
        self._tell_left_behind([sink.name for sink in sinks])
        for delivery in self._deliveries:
            delivery.start()

    def __enter__(self) -> "Sending":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, *results: PartResult) -> None:
        """Keep results on disk and have them sent; receivers are not waited for.

        A result of a position that was sent before is not sent again: after a kill, send all that the store has.

        Raises:
            StoreError: they cannot be kept, as where the disk is full; none of them is sent.
            ValueError: it is closed.
        """
        if self._closed:
            raise ValueError("expected a sending that is open, but it was closed")
        if self._backlog is None:
            return
        self._backlog.keep(results)
        self._wake()
        self.tell()

    def tell(self) -> None:
        """Report what sinks had to say since it was told last; to be called now and then while no part comes."""
        if self._backlog is not None and not self._closed and time.monotonic() - self._counted > LOOK_AGAIN:
            self._counted = time.monotonic()
            waiting = self._backlog.count_waiting()
            for delivery in self._deliveries:
                delivery.tell_growth(waiting[delivery.sink.name])
            for name, count in waiting.items():
                if count != self._waited.get(name, 0):
                    self._report(Event("waiting", total=count, message=name))
            self._waited = waiting
        for sentence in self._messages.take():
            self._report(Event("warning", "send", message=sentence))

    def close(self, patience: float = PATIENCE) -> None:
        """Give receivers some seconds to take what waits, then stop, and tell what still waits."""
        if self._backlog is None or self._closed:
            return
        self._closed = True
        until = time.monotonic() + patience
        while time.monotonic() < until and any(self._count_own()):
            time.sleep(0.02)
        for delivery in self._deliveries:
            delivery.stop()
        ended = [delivery.join(max(0.1, until - time.monotonic())) for delivery in self._deliveries]
        for delivery, waiting in zip(self._deliveries, self._count_own(), strict=True):
            if waiting:
                told = f"{delivery.sink.name}: {waiting} results wait; they are sent when the run goes on"
                one = f"{delivery.sink.name}: 1 result waits; it is sent when the run goes on"
                self._messages.add(one if waiting == 1 else told)
        self.tell()
        if all(ended):
            self._backlog.close()

    def _hear(self, sentence: str) -> None:
        self._messages.add(sentence)

    def _wake(self) -> None:
        for delivery in self._deliveries:
            delivery.wake()

    def _count_own(self) -> list[int]:
        assert self._backlog is not None
        waiting = self._backlog.count_waiting()
        return [waiting[delivery.sink.name] for delivery in self._deliveries]

    def _tell_left_behind(self, names: Iterable[str]) -> None:
        """Results for a sink that is not named any more are kept, for somebody may only have forgotten it."""
        assert self._backlog is not None
        for name, waiting in self._backlog.count_waiting().items():
            if waiting and name not in names:
                told = f"{name}: {waiting} results wait, but it is not named any more"
                one = f"{name}: 1 result waits, but this sink is not named any more"
                self._messages.add(one if waiting == 1 else told)
