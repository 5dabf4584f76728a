"""Ctrl+C that is never lost."""

import _thread
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event

AGAIN_AFTER = 0.1
"""Seconds between an interrupt that was dropped and the next one."""


@contextmanager
def heeding_interrupts() -> Iterator[None]:
    """Let Ctrl+C and SIGTERM end what the program does by KeyboardInterrupt, wherever it is.

    Python drops what is raised while an object is deleted, or in the callback of a weak reference, as imports and
    databases have many. Where that is a KeyboardInterrupt the program is interrupted again, a moment later, unless the
    block has ended by then.
    """
    for stop_signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop_signal, signal.default_int_handler)
    hook, ended = sys.unraisablehook, Event()
    sys.unraisablehook = partial(_take_dropped, hook, ended)
    try:
        yield
    finally:
        ended.set()
        sys.unraisablehook = hook


def _take_dropped(
    hook: "Callable[[sys.UnraisableHookArgs], object]", ended: Event, dropped: "sys.UnraisableHookArgs"
) -> None:
    if not issubclass(dropped.exc_type, KeyboardInterrupt):
        hook(dropped)
        return
    with suppress(RuntimeError):  # the program ends anyway
        # a Thread would wait for locks that may be held where this is called
        _thread.start_new_thread(_interrupt_again, (ended,))


def _interrupt_again(ended: Event) -> None:
    if ended.wait(AGAIN_AFTER):
        return
    if os.name == "nt":
        _thread.interrupt_main()
    else:
        os.kill(os.getpid(), signal.SIGINT)  # which wakes a program that waits, too
