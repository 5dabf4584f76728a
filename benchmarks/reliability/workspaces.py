"""Workspaces that are read-only, moved, older, newer or damaged: what commands say, and what is left of them.

As root, or in a namespace of its own: unshare -rm python -m benchmarks.reliability.workspaces
"""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from benchmarks.reliability.commands import run, succeed
from benchmarks.reliability.disks import mounting
from benchmarks.reliability.stations import TWO_SIZES, WASHERS, describe, name_differences, print_table
from inspector.store import migrations
from inspector.store.database import FILE
from inspector.store.workspace import Workspace

VERDICTS = 1000
"""Verdicts in the workspace, so that its database has many pages."""


def find_previous() -> str:
    """Return the revision before the newest."""
    versions = Path(migrations.__file__).parent / "versions"
    return sorted(name for file in versions.glob("[0-9]*.py") if (name := file.name[:4]) < migrations.HEAD)[-1]


def make_older(folder: Path) -> None:
    """Bring the tables of a workspace back to the version before, with all that they can hold."""
    newer, older = folder / FILE, folder / "older.db"
    engine = create_engine(f"sqlite:///{older}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, find_previous())
    engine.dispose()
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("ATTACH ? AS newer", (str(newer),))
        for (table,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            columns = [
                {row[1] for row in connection.execute(f"PRAGMA {of}.table_info({table})")} for of in ("main", "newer")
            ]
            both = ", ".join(f'"{name}"' for name in sorted(columns[0] & columns[1]))
            if both and table != "alembic_version":
                connection.execute(f"INSERT INTO main.{table} ({both}) SELECT {both} FROM newer.{table}")
        connection.execute(f"PRAGMA user_version = {migrations.USER_VERSION}")
        connection.commit()
    for suffix in ("-wal", "-shm"):
        (folder / f"{FILE}{suffix}").unlink(missing_ok=True)
    older.replace(newer)


def make_newer(folder: Path) -> None:
    """Let the tables be of a version to come."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def damage(folder: Path, page: int) -> None:
    """Overwrite pages of the database, from one on."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    content = bytearray((folder / FILE).read_bytes())
    content[page * 4096 : (page + 2) * 4096] = b"\xaa" * 8192
    (folder / FILE).write_bytes(content)


def find_middle(folder: Path, table: str) -> int:
    """Return a page from the middle of a table."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'"
        pages = connection.execute(query, (table,)).fetchall()
    return int(pages[len(pages) // 2][0]) - 1


MOST = 200
"""Letters of what a command says that are printed."""


class Tried:
    """Copies of one workspace, in which something is changed, and commands that are run on them."""

    def __init__(self, place: Path) -> None:
        self.place, self.original = place, place / "original"
        succeed(["scan", WASHERS / "test", "--workspace", self.original, *TWO_SIZES], place / "said")
        with Workspace(self.original) as store:
            for number in range(VERDICTS):
                said = ("accepted", "rejected")[number // 24 % 2]
                store.verdicts.add(1 + number % 24, "Ada", said, f"comment {number:04d}")
        self.facts = describe(self.original)

    def copy(self, name: str, change: Callable[[Path], None]) -> Path:
        """Copy it and change the copy."""
        folder = self.place / name / "workspace"
        shutil.copytree(self.original, folder)
        change(folder)
        return folder

    def run(self, state: str, folder: Path, *arguments: str | Path) -> list[object]:
        """Run a command; return state, command, exit code and what it said at last."""
        done = run([*arguments, "--workspace", folder], self.place / "said")
        lines = (self.place / "said").read_text().strip().splitlines()
        wrong = [line for line in lines if line.startswith(("inspector: ", "wrong"))]
        lines = [line for line in lines if not line.endswith(": 0 rows")]
        said = self._shorten((wrong or ["; ".join(lines)])[0].removeprefix("inspector: "), folder)
        told = "its runs" if arguments[0] == "runs" and not wrong else f"{said[:MOST]}{' …' * (len(said) > MOST)}"
        return [state, f"`{self._shorten(' '.join(map(str, arguments)), folder)}`", done.code, told]

    def _shorten(self, text: str, folder: Path) -> str:
        for path in (folder.parent, self.place):
            text = text.replace(str(path), "PLACE")
        return " ".join(text.replace(str(WASHERS), "WASHERS").split())

    def is_whole(self, folder: Path) -> str:
        """Tell whether runs, scores, maps and verdicts are what they were, and the audit chain agrees."""
        with Workspace(folder) as store:
            verdicts, problems = len(store.verdicts.of_run(1)), store.audit.find_problems()
        equal = not name_differences(describe(folder), self.facts) and verdicts == VERDICTS and not problems
        return "yes" if equal else "no"


def try_all(place: Path) -> Iterator[list[object]]:
    """Yield the rows of the table."""
    tried = Tried(place)
    photos = WASHERS / "test"

    with mounting(place / "readonly", "-t", "tmpfs", "none") as disk:
        folder = disk / "workspace"
        shutil.copytree(tried.original, folder)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        yield [*tried.run("read-only", folder, "scan", photos), ""]
        yield [*tried.run("read-only", folder, "runs"), ""]
        yield [*tried.run("read-only", folder, "doctor"), ""]
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        yield [*tried.run("written again", folder, "runs"), tried.is_whole(folder)]

    folder = tried.copy("moved", lambda _: None)
    yield [*tried.run("moved", folder, "export", "1", "--out", place / "out"), tried.is_whole(folder)]

    folder = tried.copy("older", make_older)
    older = f"of version {find_previous()}, now {migrations.HEAD}"
    yield [*tried.run(older, folder, "runs"), tried.is_whole(folder)]
    backup = folder / f"inspector-{find_previous()}.db"
    with closing(sqlite3.connect(backup)) as connection:
        kept = connection.execute("SELECT count(*) FROM verdict").fetchone()[0]
    yield ["", f"its copy `{backup.name}`", "", f"{kept} verdicts", "yes" if kept == VERDICTS else "no"]

    folder = tried.copy("newer", make_newer)
    before = (folder / FILE).read_bytes()
    row = tried.run("of a newer version", folder, "scan", photos)
    yield [*row, "yes" if (folder / FILE).read_bytes() == before else "no"]

    folder = tried.copy("damaged", lambda folder: damage(folder, find_middle(folder, "verdict")))
    yield [*tried.run("two pages of verdicts are damaged", folder, "doctor"), ""]
    yield [*tried.run("", folder, "doctor", "--salvage", place / "salvaged"), ""]
    yield [*tried.run("salvaged", place / "salvaged", "export", "1", "--out", place / "out"), ""]
    yield [*tried.run("", place / "salvaged", "audit"), ""]

    folder = tried.copy("beheaded", lambda folder: damage(folder, 0))
    yield [*tried.run("its first page is damaged", folder, "runs"), ""]
    yield [*tried.run("", folder, "doctor", "--salvage", place / "nothing"), ""]


def main() -> None:
    """Try all and print the table."""
    with TemporaryDirectory() as folder:
        print_table(["workspace", "command", "exit code", "says", "all there"], try_all(Path(folder)))


if __name__ == "__main__":
    main()
