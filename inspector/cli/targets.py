"""Where a command writes files: a folder, or an address."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import typer

from inspector.errors import StoreError
from inspector.storage import Storage, is_address


@contextmanager
def open_target(target: str | None) -> Iterator[Path | None]:
    """Give the folder to write to; for an address a temporary one, whose files are uploaded at the end.

    Raises:
        StoreError: as `require_target`; or the address cannot be written, which shows in the end.
        typer.BadParameter, SettingsError: as `require_target`.
    """
    require_target(target)
    if target is None or not is_address(target):
        yield None if target is None else Path(target)
        return
    storage = Storage(target)
    with TemporaryDirectory() as folder:
        yield Path(folder)
        storage.put_folder(folder)


def require_target(target: str | None) -> None:
    """Refuse what cannot be written to, as far as that shows before what takes long.

    Raises:
        typer.BadParameter: the target is "", which would be the folder one is in.
        SettingsError: the address cannot be used.
        StoreError: the folder cannot be written.
    """
    if target == "":
        raise typer.BadParameter("no folder is named to write to")
    if target is not None and is_address(target):
        Storage(target)
    elif target is not None:
        _require_writable(Path(target))


def _require_writable(folder: Path) -> None:
    place = folder.absolute()
    try:
        while not place.exists() and place != place.parent:
            place = place.parent
        probe = place / f".{uuid4().hex}"  # tempfile would try names by the thousand on Windows
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror or error}; choose another folder") from error


def name_report(target: str, written: Mapping[str, Path]) -> str | None:
    """Return where the report is, of what was written to a target; None = it was not."""
    if "report" not in written:
        return None
    report = written["report"]
    return f"{target.rstrip('/')}/{report.name}" if is_address(target) else str(report)
