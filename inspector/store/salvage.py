"""What can still be read of a damaged workspace, brought into a new one. The damaged one stays as it is."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from inspector.errors import StoreError
from inspector.store.database import FILE
from inspector.store.location import require_folder
from inspector.store.migrations import HEAD, USER_VERSION

HOPELESS = 10_000
"""So many rows in succession that cannot be read are the end of a table whose last row is not known."""

LAST = 1 << 40
"""No row has a higher number."""


@dataclass(frozen=True)
class Salvaged:
    """What came out of a damaged workspace.

    Attributes:
        rows: rows that were read, by table.
        lost: numbers below the last one that could not be read, by table: so many rows are lost at most.
        files: files of runs that were copied.
        unreadable: files that could not be.
    """

    rows: dict[str, int]
    lost: dict[str, int]
    files: int
    unreadable: int


def salvage(folder: str | Path, target: str | Path) -> Salvaged:
    """Read what can be read of a damaged workspace and make a new one of it.

    Args:
        folder: the damaged one; it is not written.
        target: folder of the new one.

    Raises:
        StoreError: there is no database, a workspace is in `target` already, nothing can be read or written.
    """
    folder = require_folder(folder, "restore what pg_dump wrote of it, as docs/postgresql.md says")
    target = Path(target)
    if not (folder / FILE).is_file():
        raise StoreError(f"there is no workspace in {folder}; name one with `workspace`")
    if (target / FILE).exists():
        raise StoreError(f"a workspace is in {target} already; choose another folder to salvage into")
    try:
        target.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".salvage-", dir=target) as scratch:
            for name in (FILE, f"{FILE}-wal"):  # read in a copy: SQLite would write the log into the damaged file
                if (folder / name).exists():
                    shutil.copyfile(folder / name, Path(scratch) / name)
            rows, lost = _copy_tables(Path(scratch) / FILE, Path(scratch) / "new.db", folder)
            files, unreadable = _copy_files(folder / "runs", target / "runs")
            (Path(scratch) / "new.db").replace(target / FILE)
    except (OSError, sqlite3.Error) as error:
        told = getattr(error, "strerror", None) or error
        raise StoreError(
            f"cannot salvage {folder} into {target}: {told}; make room there, or choose another"
        ) from error
    return Salvaged(rows, lost, files, unreadable)


def _copy_tables(damaged: Path, new: Path, folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    rows, lost = {}, {}
    with closing(sqlite3.connect(damaged)) as source, closing(sqlite3.connect(new)) as target:
        source.text_factory = lambda text: text.decode(errors="replace")
        for name, statement in _read_schema(source, folder):
            target.execute(statement)
            if name is not None:
                rows[name], lost[name] = _copy_rows(source, target, name)
        if not rows.get("alembic_version"):
            with suppress(sqlite3.Error):  # a table of before revisions were counted
                target.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))
        target.execute(f"PRAGMA user_version = {USER_VERSION if 'alembic_version' in rows else 0}")
        target.commit()
    return rows, lost


def _read_schema(source: sqlite3.Connection, folder: Path) -> list[tuple[str | None, str]]:
    """Return the statements that make tables (with their name) and then indices (None)."""
    query = "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"
    try:
        source.execute("PRAGMA writable_schema = ON")  # entries that are damaged are passed over
        found = source.execute(query).fetchall()
    except sqlite3.DatabaseError as error:
        raise _say_nothing_is_left(folder, str(error)) from error
    tables = [(name, sql) for name, kind, sql in found if kind == "table" and not name.startswith("sqlite_")]
    if "run" not in dict(tables):
        raise _say_nothing_is_left(folder, "no table of runs in it")
    return [*tables, *((None, sql) for _, kind, sql in found if kind == "index")]


def _say_nothing_is_left(folder: Path, why: str) -> StoreError:
    copies = sorted(path.name for path in folder.glob("inspector-*.db"))
    hint = f"; copies of before an update are there: {', '.join(copies)}" if copies else ""
    return StoreError(f"nothing can be read of {folder / FILE} ({why}): `inspector restore` a backup{hint}")


def _copy_rows(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> tuple[int, int]:
    """Copy the rows of a table that can be read; return how many, and how many numbers could not."""
    last = _find_last(source, table)
    read = lost = in_succession = 0
    for rows in _read_ranges(source, table, 0, LAST if last is None else last):
        if rows is None:
            lost, in_succession = lost + 1, in_succession + 1
            if last is None and in_succession == HOPELESS:
                return read, lost - HOPELESS + 1
            continue
        for row in rows:
            places = ", ".join("?" * len(row))
            read += target.execute(f"INSERT OR IGNORE INTO {table} VALUES ({places})", row).rowcount
        in_succession = 0 if rows else in_succession
    return read, lost


def _find_last(source: sqlite3.Connection, table: str) -> int | None:
    """Return the number of the last row; None where that cannot be read."""
    try:
        return int(source.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0)
    except sqlite3.DatabaseError:
        return None


def _read_ranges(
    source: sqlite3.Connection, table: str, low: int, high: int
) -> Iterator[list[tuple[object, ...]] | None]:
    """Yield the rows of a range of numbers, halved until its parts can be read; None for each number that cannot."""
    waiting = [(low, high)]
    while waiting:
        low, high = waiting.pop()
        try:
            yield source.execute(f"SELECT * FROM {table} WHERE rowid BETWEEN ? AND ?", (low, high)).fetchall()
        except sqlite3.DatabaseError:
            if low == high:
                yield None
            else:
                middle = (low + high) // 2
                waiting += [(middle + 1, high), (low, middle)]


def _copy_files(runs: Path, target: Path) -> tuple[int, int]:
    copied = unreadable = 0
    for path in runs.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            place = target / path.relative_to(runs)
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                content = path.read_bytes()
            except OSError:
                unreadable += 1
                continue
            place.write_bytes(content)
            copied += 1
    return copied, unreadable
