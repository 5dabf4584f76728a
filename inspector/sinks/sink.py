"""What a sink is: takes the results of a line one by one."""

import threading
from collections.abc import Callable
from pathlib import Path

from inspector.sinks.result import PartResult


class SinkError(Exception):
    """A sink did not take a result this time; it gets it again."""


class RefusedError(Exception):
    """A sink will never take this result; it is put aside, told, and the next one is sent."""


class Sink:
    """Sends results to one place. All its methods are called by one thread, which may wait in them.

    Attributes:
        name: its address, without a password; what people see, and by which the backlog knows it again.
        folder: what it writes to, where that is a folder: not to be watched for parts.
        stopping: set when nothing more is to be sent; what waits long in `take` looks at it and raises `SinkError`.
        reads_files: whether it hands the files of parts on, so that none may be moved before it took the result.
        moves_files: whether it moves the files of parts.
        tell_moved: is told where the photo (or the cloud alone) of a part lies after a move, and where the cloud of a
            part of both does; twice where a power cut came between.
    """

    folder: Path | None = None
    reads_files = False
    moves_files = False
    tell_moved: Callable[..., None] = staticmethod(lambda _result, _path, _cloud=None: None)

    def __init__(self, name: str) -> None:
        """Set the name that people are shown, and by which the backlog knows the sink."""
        self.name = name
        self.stopping = threading.Event()

    def open(self) -> None:
        """Connect; called before the first result, and again after each `SinkError`.

        Raises:
            SinkError: the receiver is not there.
        """

    def take(self, result: PartResult) -> None:
        """Send a result; it is taken when this returns.

        The same one comes again where its taking could not be recorded, as after a power cut.

        Raises:
            SinkError: not taken, but may be later.
            RefusedError: it will never be taken.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Disconnect from the receiver; called after each `SinkError` and at the end."""
