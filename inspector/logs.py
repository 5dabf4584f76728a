"""The log of a workspace: what its programs did and where they failed, in `logs/inspector.log`, a few files of it.

Each line carries the time (UTC), the level, the number of the program (chosen at its start, the same to its end), the
run it works on, and who says it.
"""

import logging
import sys
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from time import gmtime
from uuid import uuid4

from inspector.events import Event
from inspector.places import is_folder

LOG_FILE = Path("logs") / "inspector.log"
"""Where the log lies in a workspace; older ones beside it end in .1, .2, ..."""

MOST_BYTES = 2_000_000
"""Of one file; beyond, the next one is begun."""

OLDER = 4
"""Files that are kept besides the one that is written."""

FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(program)s %(run)s %(name)s: %(message)s"

_root = logging.getLogger("inspector")
_log = logging.getLogger(__name__)


class _Stamp(logging.Filter):
    """Puts onto each record which program and which run it is of."""

    program, run = "", "-"

    def begin(self) -> None:
        """Another program begins."""
        self.program, self.run = uuid4().hex[:8], "-"

    def filter(self, record: logging.LogRecord) -> bool:
        """Put them on."""
        record.program, record.run = self.program, self.run
        return True


class _WorkspaceHandler(RotatingFileHandler):
    """Writes into a workspace once there is one; it never makes one, and never stops the program."""

    def __init__(self, workspace: Path) -> None:
        self._workspace, self._waiting = workspace, list[logging.LogRecord]()
        super().__init__(
            workspace / LOG_FILE, maxBytes=MOST_BYTES, backupCount=OLDER, encoding="utf-8", delay=True, errors="replace"
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, and those that waited for the workspace."""
        self._waiting.append(record)
        if not is_folder(self._workspace):
            return
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            super().emit(one)

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(exist_ok=True)
        return super()._open()

    def doRollover(self) -> None:  # noqa: N802 - as in logging
        """Begin the next file."""
        try:
            super().doRollover()
        except OSError:  # another program has the file open (Windows): it grows until the next start
            self.stream = self._open()

    def close(self) -> None:
        """Close the file; what a full disk did not take is lost."""
        with suppress(OSError):
            super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as in logging
        """A full disk or a workspace that is only read: the work goes on without a log."""


_stamp = _Stamp()


def keep_log(workspace: str | Path) -> None:
    """Begin the log of this program, and write it into a workspace as soon as there is one."""
    _stamp.begin()
    _add(_WorkspaceHandler(Path(workspace).absolute()))
    _log.info("begins: %s", " ".join(sys.argv[1:]))


def print_log() -> None:
    """Print the log on stderr, too."""
    _add(logging.StreamHandler())


def end_log() -> None:
    """Close the log."""
    for handler in [handler for handler in _root.handlers if _stamp in handler.filters]:
        _root.removeHandler(handler)
        handler.close()


def log_event(event: Event) -> None:
    """Log what a job says: runs, warnings, facts, parts of a line, and stages when they begin and end."""
    if event.kind == "run":
        _stamp.run = f"run {event.message}"
        _log.info("begins or goes on")
    elif event.kind == "warning":
        _log.warning("%s", event.message)
    elif event.kind in ("part", "fact"):
        _log.info("%s", event.message)
    elif event.kind == "result":
        _log.info("is done")
    elif event.kind == "progress" and event.done in (0, event.total):
        _log.info("%s: %d of %d %s", event.stage, event.done, event.total, event.message)


def _add(handler: logging.Handler) -> None:
    formatter = logging.Formatter(FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = gmtime
    handler.setFormatter(formatter)
    handler.addFilter(_stamp)
    _root.addHandler(handler)
    _root.setLevel(logging.INFO)
