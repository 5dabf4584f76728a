"""Checks of the workspace: its database, the audit chain, and how fast its disk writes."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from inspector.errors import StoreError
from inspector.health.findings import Finding
from inspector.store.database import DAMAGED, FILE, PATIENCE
from inspector.store.location import name_location
from inspector.store.migrations import HEAD, USER_VERSION, read_revision
from inspector.store.workspace import Workspace

MOST_TOLD = 20
"""So many rows that were tampered with are named; how many more there are is told."""

TRIAL = 32_000_000
"""Bytes that are written to see how fast that is."""

COMMITS = 20
"""Entries that are written durably to see how long one takes."""

SLOW_DISK, SLOW_COMMIT = 20.0, 200.0
"""MB/s below which tokens hold up a scan, and milliseconds above which an operator waits for a verdict."""


def check_database(workspace: Path) -> list[Finding]:
    """Look whether the database is whole, of this version, and agrees with the audit chain."""
    file = workspace / FILE
    if not file.exists():
        return [Finding("database", "skipped", f"there is no workspace in {workspace} yet")]
    try:
        with closing(sqlite3.connect(file, timeout=PATIENCE)) as database:
            problems = [line for (line,) in database.execute("PRAGMA integrity_check(5)")]
            loose = len(database.execute("PRAGMA foreign_key_check").fetchall())
            version = database.execute("PRAGMA user_version").fetchone()[0]
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            revision = read_revision(database)
    except sqlite3.OperationalError as error:
        remedy = "see that the folder can be read and written, and that no other program holds it"
        return [Finding("database", "wrong", f"{file} cannot be read: {error}", remedy)]
    except sqlite3.DatabaseError as error:
        return [Finding("database", "wrong", f"{file} is damaged: {error}", DAMAGED)]
    if problems != ["ok"]:
        return [Finding("database", "wrong", f"{file} is damaged: {'; '.join(problems)}", DAMAGED)]
    if version > USER_VERSION or (revision or "") > HEAD:
        return [Finding("database", "wrong", f"{file} was made by a newer version", "update the inspector")]
    if revision != HEAD:
        told = "was made by an earlier version" if "run" in tables else "was not made to its end"
        remedy = "nothing: the next scan or look at it brings it up to date, a copy of an older one is kept beside"
        return [Finding("database", "warning", f"{file} {told}", remedy)]
    if loose:
        told = f"rows of {file} that belong to runs or samples that are gone: {loose}"
        return [Finding("database", "wrong", told, "somebody wrote into it by other means: restore a backup")]
    return [Finding("database", "good", f"{file} is whole, revision {revision}"), *_check_chain(workspace)]


def check_server(address: str) -> list[Finding]:
    """Look whether the server of a workspace answers, how fast, and agrees with the audit chain."""
    try:
        with Workspace(address, patience=0) as store:
            begin = time.perf_counter()
            store.recipes.names()
            wait = 1e3 * (time.perf_counter() - begin)
    except StoreError as error:
        return [Finding("database", "wrong", str(error), "see docs/postgresql.md")]
    told = f"{name_location(address)} answers a question within {wait:.1f} ms"
    return [Finding("database", "good", told), *_check_chain(address)]


def _check_chain(workspace: str | Path) -> list[Finding]:
    try:
        with Workspace(workspace) as store:
            problems, count = store.audit.find_problems(), len(store.audit.entries())
    except StoreError as error:
        return [Finding("database", "wrong", str(error), "see that the folder can be written")]
    if not problems:
        entries = "1 entry" if count == 1 else f"{count} entries"
        return [Finding("database", "good", f"the audit chain of {entries} agrees with all verdicts and thresholds")]
    rest = len(problems) - MOST_TOLD
    more = ["and 1 more row" if rest == 1 else f"and {rest} more rows"] if rest > 0 else []
    remedy = "somebody wrote into the database by other means: compare with a backup, or with an export of the chain"
    return [Finding("database", "wrong", problem, remedy) for problem in (*problems[:MOST_TOLD], *more)]


def check_write_speed(workspace: Path) -> list[Finding]:
    """Write a large file, and then small entries durably, where the workspace is or would be."""
    folder = next(folder for folder in (workspace.absolute(), *workspace.absolute().parents) if folder.is_dir())
    try:
        with TemporaryDirectory(prefix=".doctor-", dir=folder) as scratch:
            speed, wait = _measure_file(Path(scratch) / "trial"), _measure_commits(Path(scratch) / "trial.db")
    except (OSError, sqlite3.Error) as error:
        told = f"cannot write to {folder}: {getattr(error, 'strerror', None) or error}"
        return [Finding("write speed", "wrong", told, "make room, allow writing there, or choose another --workspace")]
    told = f"{speed:.0f} MB/s; a verdict is on the disk after {wait:.1f} ms ({folder})"
    if speed < SLOW_DISK or wait > SLOW_COMMIT:
        return [Finding("write speed", "warning", told, "put the workspace onto a local disk, best a solid-state one")]
    return [Finding("write speed", "good", told)]


def _measure_file(path: Path) -> float:
    """Return MB/s."""
    content = os.urandom(TRIAL)
    begin = time.perf_counter()
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return TRIAL / 1e6 / (time.perf_counter() - begin)


def _measure_commits(path: Path) -> float:
    """Return the usual milliseconds of a durable entry."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE trial (value)")
        waits = []
        for number in range(COMMITS):
            begin = time.perf_counter()
            database.execute("INSERT INTO trial VALUES (?)", (number,))
            database.commit()
            waits.append(1e3 * (time.perf_counter() - begin))
        return median(waits)
