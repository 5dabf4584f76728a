"""tifffile kept from writing to the log what its errors say already."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_QUIET: ContextVar[bool] = ContextVar("quiet_tifffile", default=False)


def _is_wanted(_: logging.LogRecord) -> bool:
    return not _QUIET.get()


@contextmanager
def quiet_tifffile() -> Iterator[None]:
    """Let this thread read with tifffile without a word in the log; other threads and programs log as before."""
    logging.getLogger("tifffile").addFilter(_is_wanted)  # once: a filter that is there is not added again
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)
