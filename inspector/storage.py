"""Files at an address, as s3://bucket/folder: listed, fetched, kept. The one door to fsspec, which knows the stores."""

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from inspector.errors import InputError, InspectorError, SettingsError, StoreError, say_why
from inspector.files import replacing

SCRATCH = "INSPECTOR_SCRATCH"
"""Environment variable of a machine that has no workspace: the folder below which it keeps what it fetches."""

FETCHED = "fetched"
"""In a workspace: a folder for each address that was scanned."""

WINDOWS_REFUSES = r'[\0-\x1f\\:*?"<>|]'
"""Signs that are in no name of a file on Windows."""

AT_ONCE = 8
"""Files that are fetched or put at the same time."""

LIKE = "s3://bucket/folder"

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
"""What writing fails with where the disk, or the share of a user, is full."""

MD5 = re.compile(r"[0-9a-f]{32}")

SAME_TIME = 0.001
"""Seconds that a file's time of change may be off after it was set."""


def is_address(text: str) -> bool:
    """Tell whether a text is an address, as "s3://bucket/folder" is, and no path."""
    return re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", text) is not None


def find_place(path: str | Path) -> Path:
    """Return where a file lies on this machine: where it is said to, or below the folder that `SCRATCH` names."""
    path, scratch = Path(path), os.environ.get(SCRATCH)
    return Path(scratch, path.relative_to(path.anchor)) if scratch else path


@dataclass(frozen=True)
class Stored:
    """A file at an address.

    Attributes:
        name: below the address, with "/" between folders.
        size: in bytes.
        modified: when it was changed, in seconds since the epoch; 0 = unknown.
        md5: what the store says its MD5 is (an ETag of S3), in hex digits; "" = nothing.
    """

    name: str
    size: int
    modified: float
    md5: str = ""


class Storage:
    """What lies at one address. It can be sent to another process; each machine has credentials of its own."""

    def __init__(self, address: str) -> None:
        """Name a place.

        Raises:
            SettingsError: it is no address, or holds credentials, which would be kept with runs.
        """
        if not is_address(address) or "::" in address:
            raise SettingsError(f"{address} is no address; give one like {LIKE}")
        if "@" in address.partition("://")[2].partition("/")[0]:
            raise SettingsError("leave name and password out of the address; they are taken from the environment")
        self.address = address.rstrip("/")
        self._tells_md5 = True

    def find(self) -> list[Stored]:
        """List all files below the address, at any depth, by their names.

        Raises:
            InputError: there is no such bucket or folder, it is empty, or the credentials do not open it.
            StoreError: the store cannot be reached.
            SettingsError: what is needed for such addresses is not installed.
        """
        with self._telling(self.address):
            files, root = self._open()
            found = files.find(root, detail=True, withdirs=False)
        if root in found:
            raise InputError(f"{self.address} is a file; give the folder that holds the photos of the batch")
        listed = [
            _read_info(path.removeprefix(f"{root}/"), info)
            for path, info in found.items()
            if not path.endswith("/")  # as consoles of S3 mark folders
        ]
        if not listed:
            raise InputError(f"there is nothing at {self.address}; check the address")
        return sorted(listed, key=lambda stored: stored.name)

    def fetch(self, stored: Stored, path: str | Path) -> None:
        """Bring a file to a path, unless it is there with this size and time of change.

        What comes must have the size, and the MD5, if one is told. Encrypted stores call other things than an MD5 an
        ETag: a file that has the same other MD5 twice is taken, and those after it are not compared.

        Raises:
            InputError: it is gone, may not be read, or is another one now.
            StoreError: the store cannot be reached, or the path cannot be written.
        """
        path = Path(path)
        if is_there(path, stored):
            return
        what = f"{stored.name} at {self.address}"
        with keeping(path) as beside:
            digest = self._download(stored, beside, what)
            if self._tells_md5 and stored.md5 not in ("", digest):
                again = self._download(stored, beside, what)
                if again not in (digest, stored.md5):
                    raise InputError(f"{what} arrives with other bytes each time; try again")
                self._tells_md5 = again == stored.md5
            os.utime(beside, (stored.modified, stored.modified))

    def bring(self, stored: Stored, path: Path) -> Path:
        """Have here a file that lies at a path where the scan was started; return its place here. Raises as `fetch`."""
        here = self.place(path)
        self.fetch(stored, here)
        return here

    def let_go(self, path: Path) -> None:
        """Say that what was brought to a path was read; it stays there, for the next scan."""

    def place(self, path: Path) -> Path:
        """Return where a file is kept on this machine that lies at a path where the scan was started."""
        return find_place(path)

    def _download(self, stored: Stored, path: Path, what: str) -> str:
        with self._telling(what):
            files, root = self._open()
            files.get_file(f"{root}/{stored.name}", str(path))
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
            changed = path.stat().st_size != stored.size
            if not changed and self._tells_md5 and stored.md5 not in ("", digest):
                told = _read_info(stored.name, files.info(f"{root}/{stored.name}")).md5
                changed = told not in ("", stored.md5)
            if changed:
                raise InputError(f"{what} changed while it was fetched; scan again when all files are complete")
            return digest

    def put(self, path: str | Path, name: str) -> None:
        """Keep a file under a name below the address.

        Raises:
            StoreError: it cannot be written there.
        """
        with self._telling(self.address, StoreError):
            files, root = self._open()
            files.put_file(str(path), f"{root}/{name}")

    def put_folder(self, folder: str | Path) -> None:
        """Keep all files of a folder under their names below the address. Raises as `put`."""
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(lambda path: self.put(path, path.relative_to(folder).as_posix()), files):
                pass

    def get(self, name: str, path: str | Path) -> bool:
        """Bring what was put there to a path; False = there is nothing of this name.

        Raises:
            StoreError: it cannot be read, or the path cannot be written.
        """
        if not self.holds(name):
            return False
        with keeping(Path(path)) as beside, self._telling(self.address, StoreError):
            files, root = self._open()
            files.get_file(f"{root}/{name}", str(beside))
        return True

    def holds(self, name: str) -> bool:
        """Tell whether something was put there under a name. Raises as `get`."""
        with self._telling(self.address, StoreError):
            files, root = self._open()
            return bool(files.exists(f"{root}/{name}"))

    def _open(self) -> tuple[Any, str]:
        """Return the file system, which fsspec keeps from the last time, and the path of the address in it."""
        from fsspec.core import url_to_fs

        local = {"auto_mkdir": True} if self.address.startswith(("file:", "local:")) else {}
        files, root = url_to_fs(self.address, use_listings_cache=False, **local)
        return files, root.rstrip("/")

    @contextmanager
    def _telling(self, what: str, kind: type[InspectorError] = InputError) -> Iterator[None]:
        """Say what went wrong in words; `kind` where it is about `what` alone, StoreError where the store is away."""
        try:
            yield
        except InspectorError:
            raise
        except ImportError as error:
            needed = "pip install 'mutual-inspector[storage]'" if self.address.startswith("s3") else say_why(error)
            raise SettingsError(f"{self.address} cannot be read without another package: {needed}") from error
        except FileNotFoundError as error:
            raise kind(f"there is no {what}; check bucket and folder") from error
        except PermissionError as error:
            raise kind(f"{what} may not be used with the credentials of this machine: {say_why(error)}") from error
        except Exception as error:  # each store has errors of its own
            raise StoreError(f"{what} cannot be reached: {say_why(error)}") from error


def _read_info(name: str, info: dict[str, Any]) -> Stored:
    changed = next((info[key] for key in ("LastModified", "mtime", "last_modified", "created") if key in info), 0.0)
    etag = str(info.get("ETag", "")).strip('"')
    modified = changed.timestamp() if isinstance(changed, datetime) else float(changed)
    return Stored(name, int(info["size"]), modified, etag if MD5.fullmatch(etag) else "")


def is_there(path: Path, stored: Stored) -> bool:
    """Tell whether a file lies at a path as it was listed, by size and time of change."""
    with suppress(OSError):
        found = path.stat()
        return found.st_size == stored.size and abs(found.st_mtime - stored.modified) < SAME_TIME
    return False


@contextmanager
def keeping(path: Path) -> Iterator[Path]:
    """As `replacing`; where there is no room, that is told of this machine and not of the store."""
    try:
        with replacing(path) as beside:
            beside.touch()
            yield beside
    except (OSError, StoreError) as error:
        cause = error.__cause__ if isinstance(error, StoreError) else error
        if not isinstance(cause, OSError) or (cause is not error and cause.errno not in NO_ROOM):
            raise
        raise StoreError(
            f"{path.parent} cannot be written on this machine: {cause.strerror or cause}; make room there, or name "
            f"another folder by {SCRATCH} where the worker is started"
        ) from cause


def find_fetched(address: str, workspace: str | Path) -> Path:
    """Return the folder of a workspace for the files at an address. Raises SettingsError where it is none."""
    whole = Storage(address).address
    tag, last = hashlib.sha256(whole.encode()).hexdigest()[:8], whole.rpartition("/")[2]
    return Path(workspace).absolute() / FETCHED / f"{re.sub(WINDOWS_REFUSES, '_', last)}-{tag}"
