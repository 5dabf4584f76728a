"""A workspace copied while programs use it, and made again from the copy."""

import re
import shutil
import sqlite3
import zipfile
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from inspector.errors import StoreError
from inspector.files import replacing
from inspector.store.database import FILE, copy_database, describe_cause
from inspector.store.location import require_folder
from inspector.store.migrations import HEAD, USER_VERSION, read_revision
from inspector.store.workspace import Workspace

WITH_SERVER = "back it up with pg_dump and a copy of the folder of its files, as docs/postgresql.md says"

FILES_OF_RUN = re.compile(r"runs/\d+/(?:[\w-]+/)*[\w-]+(?:\.\w+)+")
"""What the archive of files may hold: whatever else an archive names is not written anywhere."""


def files_beside(file: str | Path) -> Path:
    """Return where the files of runs lie beside a backup: "monday.db" gives "monday.files.zip"."""
    return Path(file).with_suffix(".files.zip")


def back_up(folder: str | Path, file: str | Path, *, with_files: bool = False) -> int:
    """Copy the database of a workspace as it stands at one moment; programs may read and write meanwhile.

    Args:
        folder: the workspace.
        file: SQLite database to write; it takes the place of an earlier one when it is whole.
        with_files: also write maps, pictures and thumbnails of its runs to `files_beside(file)`.

    Returns:
        How many runs it holds.

    Raises:
        StoreError: there is no workspace, it is damaged, or the copy cannot be written.
    """
    folder = require_folder(folder, WITH_SERVER)
    source, file = folder / FILE, Path(file)
    if not source.is_file():
        raise StoreError(f"there is no workspace in {folder}; name one with `workspace`")
    Workspace(folder).close()  # one that was not made to its end, or is of an earlier version, is brought up to date
    try:
        with replacing(file) as beside:
            copy_database(source, beside)
            runs = _list_runs(beside, source)
            if with_files:
                _pack_files(folder, runs, files_beside(file))
        if not with_files:
            files_beside(file).unlink(missing_ok=True)  # of an earlier backup: they do not belong to this one
    except OSError as error:
        told = f"cannot write the backup {file}: {error.strerror or error}; make room there, or choose another place"
        raise StoreError(told) from error
    except sqlite3.Error as error:
        told = describe_cause(error, "`inspector doctor` says whether the workspace is damaged")
        raise StoreError(f"cannot copy {source} to {file}: {told}") from error
    return len(runs)


def restore(file: str | Path, folder: str | Path, *, replace: bool = False) -> bool:
    """Make a workspace from a backup, and its maps and pictures from the archive beside it, where there is one.

    Args:
        file: written by `back_up`.
        folder: the workspace to make.
        replace: whether it may take the place of a workspace that is there, which is then kept in a folder
            `replaced-<time>` inside.

    Returns:
        Whether the files of the runs came along.

    Raises:
        StoreError: the backup is none, damaged or of a newer version; a workspace is there already and is not to be
            replaced, or programs use it; or nothing can be written.
    """
    file, folder = Path(file), require_folder(folder, WITH_SERVER)
    if not file.is_file():
        raise StoreError(f"there is no backup {file}; name the file that `inspector backup` wrote")
    _require_backup(file)
    archive = files_beside(file)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / FILE).exists() and not replace:
            raise StoreError(f"a workspace is in {folder} already; choose another `workspace`, or --replace it")
        with TemporaryDirectory(prefix=".restoring-", dir=folder) as scratch:
            made = Path(scratch)
            copy_database(file, made / FILE)
            if archive.is_file():
                _unpack_files(archive, made)
            _set_aside(folder)  # nothing is touched before all is ready
            if (made / "runs").exists():
                (made / "runs").rename(folder / "runs")
            (made / FILE).rename(folder / FILE)  # last: a workspace is there with its files, or not at all
    except (OSError, sqlite3.Error) as error:
        told = getattr(error, "strerror", None) or error
        raise StoreError(f"cannot restore into {folder}: {told}; choose another workspace") from error
    return archive.is_file()


def _list_runs(copy: Path, source: Path) -> list[int]:
    """Return the runs of a copy, after looking that it is whole."""
    try:
        with closing(sqlite3.connect(copy)) as database:
            problem = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if problem == "ok":
                return [run for (run,) in database.execute("SELECT id FROM run ORDER BY id")]
    except sqlite3.DatabaseError as error:
        problem = str(error)
    raise StoreError(f"the database {source} is damaged ({problem}); `inspector doctor` says what to do")


def _require_backup(file: Path) -> None:
    """Make sure that a file is a whole database of ours, by the rules that opening a workspace has."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            problem = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            version = database.execute("PRAGMA user_version").fetchone()[0]
            revision = read_revision(database)
    except sqlite3.Error as error:
        raise StoreError(f"{file} is no backup that can be read ({error}); take another one") from error
    if problem != "ok" or "run" not in names:
        why = "it is damaged" if problem != "ok" else "it holds no runs of ours"
        raise StoreError(f"{file} is no backup that can be used: {why}; take another one")
    if version > USER_VERSION or (revision or "") > HEAD:
        raise StoreError(f"{file} was made by a newer version; update the inspector")


def _pack_files(folder: Path, runs: list[int], archive: Path) -> None:
    with replacing(archive) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as packed:
        for run in runs:
            for path in sorted((folder / "runs" / str(run)).rglob("*")):
                name = path.relative_to(folder).as_posix()
                if FILES_OF_RUN.fullmatch(name) and path.is_file():
                    packed.write(path, name)


def _unpack_files(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as packed:
            for name in filter(FILES_OF_RUN.fullmatch, packed.namelist()):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                with packed.open(name) as member, (folder / name).open("wb") as file:
                    shutil.copyfileobj(member, file)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        told = f"the files of the backup, {archive}, are damaged ({error}); move them away to restore without"
        raise StoreError(told) from error


def _set_aside(folder: Path) -> None:
    """Move what is left of a workspace into a folder of its own, if no program uses it."""
    names = (FILE, *(f"{FILE}-{rest}" for rest in ("wal", "shm", "journal")), "runs")
    found = [folder / name for name in names if (folder / name).exists()]
    if not found:
        return
    if (folder / FILE).exists():
        _require_unused(folder)
    aside = folder / f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    aside.mkdir()
    for path in found:
        if path.exists():  # the log goes when the database is closed
            path.rename(aside / path.name)


def _require_unused(folder: Path) -> None:
    """Raise where a program has the database open: it would go on writing into the file that was moved away."""
    try:
        with closing(sqlite3.connect(folder / FILE, timeout=1)) as database:
            database.execute("PRAGMA journal_mode = DELETE")  # needs it alone, and brings all into one file
    except sqlite3.OperationalError as error:
        raise StoreError(f"programs use the workspace {folder} ({error}); close them, then restore") from error
    except sqlite3.DatabaseError:
        return  # damaged: moved as it is
