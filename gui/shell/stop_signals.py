"""Ctrl+C in the terminal, and being told to end by the system: heard while Qt waits for events."""

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopSignals(QObject):
    """Calls a function, on the GUI thread, when the process is interrupted or told to end.

    Python runs its own handlers only between two of its instructions, and an idle app runs none. But a signal is also
    written to a socket at once, and that wakes Qt.
    """

    def __init__(self, stop: Callable[[], object], parent: QObject | None = None) -> None:
        """Listen from now on; made on the main thread."""
        super().__init__(parent)
        self._stop = stop
        self._receiver, self._sender = socket.socketpair()
        for end in (self._receiver, self._sender):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._receiver.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._wakeup_before = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        self._handlers_before = {name: signal.signal(name, _leave_to_the_socket) for name in STOP_SIGNALS}

    def close(self) -> None:
        """Leave signals to whoever had them before."""
        for name, handler in self._handlers_before.items():
            signal.signal(name, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._notifier.setEnabled(False)
        self._receiver.close()
        self._sender.close()

    def _read(self) -> None:
        if set(self._receiver.recv(4096)) & set(STOP_SIGNALS):
            self._stop()


def _leave_to_the_socket(_number: int, _frame: object) -> None:
    """Keep Python from raising KeyboardInterrupt in the midst of whatever runs."""
