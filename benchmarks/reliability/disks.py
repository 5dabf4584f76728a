"""Small disks that can be filled, frozen or cut off: what is mounted here needs root, or `unshare -rm`."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def mounting(place: Path, *options: str | Path) -> Iterator[Path]:
    """Mount something at a folder that is made for it.

    Raises:
        SystemExit: it may not be mounted.
    """
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", *options, place], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stderr.strip()}; run it as root, or as `unshare -rm python -m ...`")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


class SmallDisk:
    """A disk of 64 MB in memory.

    Attributes:
        folder: where it is.
    """

    def __init__(self, folder: Path) -> None:
        """Serve a disk that is mounted."""
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, left: int) -> None:
        """Fill it until so many bytes are free."""
        free = os.statvfs(self.folder).f_bavail * os.statvfs(self.folder).f_frsize
        with self._ballast.open("wb") as file:
            for size in range(free - left, 0, -4096):
                with suppress(OSError):  # another program was faster
                    os.posix_fallocate(file.fileno(), 0, size)
                    return

    def free(self) -> None:
        """Make room again."""
        self._ballast.unlink()


@contextmanager
def small_disk(place: Path) -> Iterator[SmallDisk]:
    """Mount a small disk."""
    with mounting(place, "-t", "tmpfs", "-o", "size=64m", "none") as folder:
        yield SmallDisk(folder)
