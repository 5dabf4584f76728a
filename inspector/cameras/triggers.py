"""What makes a camera take a photo: time, a key, or a message of MQTT."""

import os
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from inspector.errors import SettingsError
from inspector.sinks.address import hide_password

Tell = Callable[[str], None]
"""Takes a sentence for people, from any thread."""


class Trigger(ABC):
    """Calls `fire`, from a thread of its own, each time that a photo is to be taken."""

    @abstractmethod
    def start(self, fire: Callable[[], None], tell: Tell) -> None:
        """Begin; `fire` may be called until `stop` has returned, and returns at once.

        Raises:
            SettingsError: it cannot begin.
        """

    @abstractmethod
    def stop(self) -> None:
        """Fire no more, and release what `start` took."""


class Timer(Trigger):
    """Fires every so many seconds; what was missed, as by a computer that slept, is not made up for."""

    def __init__(self, seconds: float) -> None:
        """Fire at once, and then every `seconds`; raises SettingsError where that is no time."""
        if not 0.001 <= seconds <= 1e6:
            raise SettingsError(f"a timer takes from 0.001 to 1000000 seconds, but got {seconds:g}")
        self._seconds = seconds
        self._stop = threading.Event()

    def start(self, fire: Callable[[], None], tell: Tell) -> None:
        """Begin."""

        def run() -> None:
            begun, turn = time.monotonic(), 0
            while not self._stop.wait(max(0.0, begun + turn * self._seconds - time.monotonic())):
                fire()
                turn = max(turn + 1, int((time.monotonic() - begun) / self._seconds))

        threading.Thread(target=run, name="timer", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()


class Key(Trigger):
    """Fires at each Enter on the terminal, or each line that a program writes there."""

    def __init__(self, descriptor: int | None = None) -> None:
        """Read a descriptor; None = standard input."""
        self._descriptor = descriptor
        self._stop = threading.Event()

    def start(self, fire: Callable[[], None], tell: Tell) -> None:
        """Begin; the thread ends at the end of what it reads."""
        descriptor = sys.stdin.fileno() if self._descriptor is None else self._descriptor

        def run() -> None:
            while read := os.read(descriptor, 1024):  # not by sys.stdin: its lock would be held at the end
                for _ in range(read.count(b"\n")):
                    if not self._stop.is_set():
                        fire()
            if not self._stop.is_set():
                tell("no further key will come: the input is at its end")

        threading.Thread(target=run, name="key", daemon=True).start()

    def stop(self) -> None:
        """Fire no more; the thread waits for a key until the program ends."""
        self._stop.set()


def make_trigger(address: str) -> Trigger:
    """Make the trigger of an address: "key", or mqtt://[USER:PASSWORD@]HOST[:PORT]/TOPIC.

    Raises:
        SettingsError: the address is not understood, or what it needs is not installed.
    """
    if address == "key":
        return Key()
    if address.partition(":")[0] not in ("mqtt", "mqtts"):
        raise SettingsError(f"there is no trigger {hide_password(address)!r}; write it as key or mqtt://HOST/TOPIC")
    try:
        from inspector.cameras.mqtt import Message
    except ModuleNotFoundError as error:
        remedy = "pip install 'mutual-inspector[line]'"
        raise SettingsError(f"mqtt: needs {error.name}, which is not installed; {remedy}") from error
    return Message(address)
