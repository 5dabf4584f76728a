"""Calls in a few threads beside the line that nobody has to wait for at the end."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from threading import Semaphore, Thread
from typing import ParamSpec, TypeVar

LAST_READ = 2.0
"""Seconds that what is being read is waited for at the end."""

Given = ParamSpec("Given")
Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Readers:
    """Reads in threads that may be left behind: a share that hangs answers no read, and the program must end."""

    def __init__(self, count: int) -> None:
        """Let so many read at once."""
        self._turn = Semaphore(count)

    def submit(self, act: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs) -> Future[Answer]:
        """Call something in a thread; its answer, or error, is in the future."""
        future = Future[Answer]()

        def run() -> None:
            with self._turn:
                if not future.set_running_or_notify_cancel():
                    return
                try:
                    future.set_result(act(*given, **named))
                except BaseException as error:  # told by the future
                    future.set_exception(error)

        Thread(target=run, name="reader", daemon=True).start()
        return future

    def read_all(self, read: Callable[[Item], Answer], items: Iterable[Item]) -> list[Answer]:
        """Call something for each item; return the answers in their order, or raise the first error."""
        futures = [self.submit(read, item) for item in items]
        try:
            return [future.result() for future in futures]
        finally:
            leave(futures)


def leave(futures: Sequence[Future[Answer]]) -> None:
    """Cancel what has not begun, and wait a little for what is under way."""
    for future in futures:
        future.cancel()
    wait([future for future in futures if not future.cancelled()], LAST_READ)
