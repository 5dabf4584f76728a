"""Writing files so that a failed save leaves the old file whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

LONGEST_SUFFIX = 64
"""Bytes; what is longer chooses no format, and the name with it might be longer than a file system allows."""


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; on success it takes the place of `path`, on failure it is removed.

    The given path keeps the suffix of `path`, because some writers choose the format by it; its name is unique, so that
    threads and programs may save the same file at once: the last one stays.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    suffix = path.suffix if len(path.suffix.encode(errors="replace")) < LONGEST_SUFFIX else ""
    beside = path.with_name(f".{uuid4().hex}{suffix}")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
