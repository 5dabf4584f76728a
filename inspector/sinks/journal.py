"""What a sink notes beside its files before it does something that cannot be done twice."""

import json
import os
from pathlib import Path

from inspector.files import replacing, sync_folder


class Journal:
    """One small file that holds the last thing that was begun; it outlives a power cut.

    Two steps make something happen once although it may be asked for twice: prepare it under a hidden name, note it
    here, then rename. Noted and the hidden file gone = it happened.
    """

    def __init__(self, path: str | Path) -> None:
        """Note in `path`."""
        self.path = Path(path)

    def read(self) -> dict[str, str]:
        """Return what was noted last, if anything; raises OSError where that cannot be read."""
        try:
            noted = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def note(self, **noted: str) -> None:
        """Replace what was noted; it is on the disk when this returns."""
        with replacing(self.path) as beside:
            write_through(beside, json.dumps(noted).encode())
        sync_folder(self.path.parent)


def write_through(path: str | Path, content: bytes) -> None:
    """Write a file that is on the disk when this returns."""
    with Path(path).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
