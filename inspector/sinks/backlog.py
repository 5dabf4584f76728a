"""The results that sinks did not take yet, on disk, in the order in which they came."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from inspector.errors import StoreAway, StoreError
from inspector.sinks.result import PartResult
from inspector.store.database import PATIENCE, describe_cause, may_pass

FILE_NAME = "results.db"

_TABLES = """
CREATE TABLE IF NOT EXISTS station (token TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS result (
    number INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, position INTEGER NOT NULL, line TEXT,
    UNIQUE (run, position)
);
CREATE TABLE IF NOT EXISTS sink (name TEXT PRIMARY KEY, taken INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refused (sink TEXT, line TEXT NOT NULL, reason TEXT NOT NULL);
"""
"""`line` is a result as JSON, NULL once all sinks have it; `taken` the number of the last one that a sink has."""


@dataclass(frozen=True)
class Waiting:
    """A result that a sink has not taken.

    Attributes:
        number: of the result in the backlog; they grow in the order of sending.
        result: what is to be sent.
    """

    number: int
    result: PartResult


class Backlog:
    """Results and what each sink has of them; every change is on the disk when its method returns.

    One row for each part stays, without its content, so that a result that is kept twice is sent once.
    Threads may share it.
    """

    def __init__(self, folder: str | Path, sinks: Iterable[str]) -> None:
        """Open `results.db` in a folder, making both where they are not there.

        Args:
            folder: of the run.
            sinks: names of those that results are for; a new one gets what is kept from now on.

        Raises:
            StoreError: it cannot be made, read or written.
        """
        self.path = Path(folder) / FILE_NAME
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # one sink at a time asks for the lock, so that the line waits for one at most
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make {self.path.parent}: {error.strerror}; choose another workspace") from error
        with self._told():
            self._connection = sqlite3.connect(
                self.path, timeout=PATIENCE, check_same_thread=False, isolation_level=None
            )
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                self._connection.execute(f"PRAGMA {pragma}")
        with self._changing() as connection:
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            token = connection.execute("SELECT token FROM station").fetchone()
            if token is None:
                token = (uuid4().hex[:8],)
                connection.execute("INSERT INTO station VALUES (?)", token)
            self.token: str = token[0]
            last = "(SELECT COALESCE(MAX(number), 0) FROM result)"
            connection.executemany(f"INSERT OR IGNORE INTO sink VALUES (?, {last})", [(name,) for name in sinks])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def keep(self, results: Iterable[PartResult]) -> None:
        """Keep results for all sinks, in their order; those that were kept before are not kept again.

        Raises:
            StoreAway: the disk is full; none is kept.
            StoreError: they cannot be written; none is kept.
        """
        rows = [(result.run, result.position, self.identify(result).to_json()) for result in results]
        with self._changing() as connection:
            connection.executemany("INSERT OR IGNORE INTO result (run, position, line) VALUES (?, ?, ?)", rows)

    def identify(self, result: PartResult) -> PartResult:
        """Return a result with an id that no other has: run, position, and a word of this backlog's own.

        Example:
            run 12, position 345 becomes "0012-000345-3f9a1c2b": ids sort as parts came.
        """
        return replace(result, id=f"{result.run:04d}-{result.position:06d}-{self.token}")

    def find_next(self, sink: str, before: Iterable[str] = ()) -> Waiting | None:
        """Return what a sink gets next; None where nothing waits for it.

        Args:
            sink: its name.
            before: names of sinks that must have a result before this one gets it.

        Raises:
            StoreError: the file cannot be read, or is damaged.
        """
        with self._turn, self._told():
            row = self._connection.execute(
                "SELECT number, line FROM result WHERE number > ? ORDER BY number LIMIT 1", (self._find_taken(sink),)
            ).fetchone()
            if row is None or any(self._find_taken(name) < row[0] for name in before):
                return None
        return Waiting(row[0], PartResult.from_json(row[1]))

    def mark_taken(self, sink: str, number: int, refused: str = "") -> None:
        """Note that a sink has a result and all before it; what all sinks have is emptied.

        Args:
            sink: its name.
            number: of the result.
            refused: why it will never take it; kept with the result.
        """
        with self._turn, self._changing() as connection:
            if refused:
                line = "SELECT ?, line, ? FROM result WHERE number = ?"
                connection.execute(f"INSERT INTO refused {line}", (sink, refused, number))
            connection.execute("UPDATE sink SET taken = ? WHERE name = ?", (number, sink))
            (all_have,) = connection.execute("SELECT MIN(taken) FROM sink").fetchone()
            connection.execute("UPDATE result SET line = NULL WHERE number = ?", (all_have,))  # sinks go one by one

    def count_waiting(self) -> dict[str, int]:
        """Return how many results wait for each sink, those too that are no longer sent to."""
        with self._told():
            return dict(
                self._connection.execute(
                    "SELECT name, (SELECT COUNT(*) FROM result WHERE number > taken) FROM sink ORDER BY name"
                )
            )

    def _find_taken(self, sink: str) -> int:
        (taken,) = self._connection.execute("SELECT taken FROM sink WHERE name = ?", (sink,)).fetchone()
        return int(taken)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that is on the disk when it ends, or nothing of it."""
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except sqlite3.Error as error:
            told = f"{self.path} cannot be used: {describe_cause(error)}"
            raise (StoreAway if may_pass(error) else StoreError)(told) from error


def list_refused(folder: str | Path) -> list[tuple[str, PartResult, str]]:
    """Return what sinks of a run will never take: the sink's name, the result, and why; nothing is made or changed.

    Args:
        folder: of the run; where it has no backlog, no sink refused anything.

    Raises:
        StoreError: the backlog cannot be read.
    """
    file = Path(folder).absolute() / FILE_NAME
    if not file.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", timeout=PATIENCE, uri=True)) as connection:
            rows = connection.execute("SELECT sink, line, reason FROM refused ORDER BY rowid").fetchall()
    except sqlite3.Error as error:
        raise StoreError(f"{file} cannot be used: {describe_cause(error)}") from error
    return [(sink, PartResult.from_json(line), reason) for sink, line, reason in rows]
