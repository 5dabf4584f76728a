"""Files of one machine for others. It runs in a process of its own, so it loads no library."""

from contextlib import suppress
from pathlib import Path

from inspector.files import replacing
from inspector.places import is_there


class FolderFiles:
    """Files of the machine where the scan was started, for others: read and written whole."""

    def read(self, path: str) -> bytes | None:
        """Return what is in a file; None = it cannot be read."""
        with suppress(OSError):
            return Path(path).read_bytes()
        return None

    def write(self, path: str, content: bytes) -> str:
        """Write a file; return what hinders it, or ""."""
        try:
            with replacing(path) as beside:
                beside.write_bytes(content)
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def holds(self, path: str) -> bool:
        """Tell whether there is such a file."""
        return is_there(path)
