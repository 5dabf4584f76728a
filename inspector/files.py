"""Writing files so that a failed save leaves the old file whole; and what tells one file from another."""

import errno
import hashlib
import os
import re
import stat
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

LONGEST_SUFFIX = 64
"""Bytes; what is longer chooses no format, and the name with it might be longer than a file system allows."""

SHARE_AWAY = ("EIO", "ESTALE", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETUNREACH", "ENOTCONN")

MAY_PASS = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT", *SHARE_AWAY) if hasattr(errno, name)}
"""What the system says of a disk that is full, or of a share that is away, and of nothing that stays wrong."""

READERS_BLOCK = sys.platform == "win32"
"""Whether a file cannot be replaced while another program has it open, as one that shows it or looks for viruses."""

PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Seconds after each attempt at a file that is open: such programs read it whole and close it."""

DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE | re.DOTALL)
"""Names of devices on Windows, whatever comes behind a dot."""


def expand_home(text: str) -> str:
    """Put the user's folder in the place of ~ at the beginning of a path, as a shell does; ~name stays.

    Args:
        text: a path or anything else; what does not begin so stays as it is, as does all where nobody has a home.
    """
    if text != "~" and not text.startswith(("~/", "~\\")):
        return text
    return os.path.expanduser(text)  # noqa: PTH111 - Path's raises where nobody has a home


def require_regular(path: str | Path) -> Path:
    """Return the path of a file, before it is read whole: a pipe may never end, and a device does not.

    Raises:
        OSError: there is none, or a pipe, a device or a socket; folders pass, for they cannot be opened.
    """
    path = Path(path)
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "it is a pipe or a device, and no file", str(path))
    return path


def read_edited_text(path: str | Path) -> str:
    """Read a text that people edit: UTF-8, with the byte order mark that editors on Windows put before it or without.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no UTF-8, as what PowerShell writes.
    """
    try:
        return require_regular(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is no text in UTF-8: save it as UTF-8") from error


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; on success it takes the place of `path`, on failure it is removed.

    The given path keeps the suffix of `path`, because some writers choose the format by it; its name is unique, so that
    threads and programs may save the same file at once: the last one stays.

    Raises:
        OSError: it cannot be written, or is "." or "/", which can be no file.
    """
    path = Path(path)
    if not path.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    suffix = path.suffix if len(path.suffix.encode(errors="replace")) < LONGEST_SUFFIX else ""
    beside = path.with_name(f".{uuid4().hex}{suffix}")
    try:
        yield beside
        _put_in_place(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def may_pass(error: Exception) -> bool:
    """Tell whether what a file could not be written for may pass by itself, as that the disk is full.

    Example:
        OSError(errno.ENOSPC, "No space left on device") may, a PermissionError does not.
    """
    told = re.search(r"\(os error (\d+)\)", str(error))  # of libraries written in Rust
    return (error.errno if isinstance(error, OSError) else int(told[1]) if told else None) in MAY_PASS


def fold_name(name: str) -> str:
    """Return what two names have in common that a disk may take for the same: they differ in capitals or accents' form.

    Example:
        "PART.png" and "part.png" give "part.png".
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_device(name: str) -> bool:
    """Tell whether Windows takes the name of a file or folder for that of a device.

    Example:
        It does so with "con", "CON.png" and "com1 .x.png", and not with "icon.png".
    """
    return DEVICES.fullmatch(name) is not None


def _put_in_place(beside: Path, path: Path) -> None:
    """Rename a file to one that may be there; wait for those who read that, where they stand in the way."""
    for pause in PAUSES if READERS_BLOCK else ():
        with suppress(PermissionError):
            beside.replace(path)
            return
        time.sleep(pause)
    beside.replace(path)


def sync_folder(folder: str | Path) -> None:
    """Bring names that changed in a folder to the disk; Windows does so by itself, and some network shares never."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def file_sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal; raises OSError where it cannot be read."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
