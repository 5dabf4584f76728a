"""Where a command writes files: a folder, or an address."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from inspector.storage import Storage, is_address


@contextmanager
def open_target(target: str | None) -> Iterator[Path | None]:
    """Give the folder to write to; for an address a temporary one, whose files are uploaded at the end.

    Raises:
        SettingsError: the address cannot be used.
        StoreError: it cannot be written, which shows in the end.
    """
    if target is None or not is_address(target):
        yield None if target is None else Path(target)
        return
    storage = Storage(target)
    with TemporaryDirectory() as folder:
        yield Path(folder)
        storage.put_folder(folder)


def name_report(target: str, written: Mapping[str, Path]) -> str | None:
    """Return where the report is, of what was written to a target; None = it was not."""
    if "report" not in written:
        return None
    report = written["report"]
    return f"{target.rstrip('/')}/{report.name}" if is_address(target) else str(report)
