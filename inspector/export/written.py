"""What an export left in a folder, file by file: a later one takes the place of that, and of nothing else."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector.errors import StoreError
from inspector.store.records import RunRecord

RECORD = "written.jsonl"
"""Names the run in its first line, and a file in each other."""

OF_SYSTEMS = {"thumbs.db", "desktop.ini", ".ds_store"}
"""Files that systems leave in folders of pictures by themselves, in small letters."""

Look = tuple[int, int]
"""Bytes of a file, and when it was changed, in nanoseconds."""


class WrittenFiles:
    """The files that an export writes into a folder of its own; what it has written is on record at any moment."""

    def __init__(self, folder: str | Path, parts: Sequence[str], run: RunRecord) -> None:
        """Serve an export of a run into `folder`, which writes the files and folders `parts` there."""
        self._folder, self._parts = Path(folder), parts
        self._run = [run.id, run.created.isoformat()]

    def check(self) -> None:
        """Make sure that nothing would be lost: there is what an export of the same run left, unchanged, or nothing.

        Raises:
            StoreError: there is something else.
            OSError: the folder cannot be read.
        """
        standing = {name: _look_at(self._folder / name) for name in self._list_standing()}
        if not standing:
            return
        run, written = self._read()
        remedy = "choose another folder, or move what is there away"
        if run is not None and run != self._run:
            raise StoreError(f"{self._folder} holds an export of another run, of number {run[0]}; {remedy}")
        for name in sorted(standing.keys() | written.keys()):
            if standing.get(name) != written.get(name):
                told = "was changed since it was exported" if name in written else "is not known to be an export"
                raise StoreError(f"{name} in {self._folder} {told}, and would be lost; {remedy}")

    def begin(self) -> None:
        """Begin the record anew."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / RECORD).write_text(f"{json.dumps(self._run)}\n", encoding="utf-8")

    def add(self, name: str) -> None:
        """Put a file that was written on record; `name` is its path in the folder, with "/"."""
        with (self._folder / RECORD).open("a", encoding="utf-8") as record:
            record.write(f"{json.dumps([name, *_look_at(self._folder / name)])}\n")

    def _read(self) -> tuple[list[object] | None, dict[str, Look]]:
        """Return the run that is on record, None = there is none, and the files of its export."""
        try:
            lines = (self._folder / RECORD).read_text(encoding="utf-8").splitlines()
            run, *files = [json.loads(line) for line in lines]
            return list(run), {name: (size, changed) for name, size, changed in files}
        except (OSError, ValueError, TypeError, RecursionError):
            return None, {}

    def _list_standing(self) -> Iterator[str]:
        """Yield the files and links among the parts, by their paths in the folder."""
        for part in self._parts:
            path = self._folder / part
            if path.is_symlink() or path.is_file():
                yield part
                continue
            for folder, folders, files in os.walk(path):
                links = [name for name in folders if Path(folder, name).is_symlink()]
                for name in (*links, *(name for name in files if name.lower() not in OF_SYSTEMS)):
                    yield Path(folder, name).relative_to(self._folder).as_posix()


def _look_at(path: Path) -> Look:
    found = path.lstat()
    return found.st_size, found.st_mtime_ns
