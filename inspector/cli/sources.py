"""Where a command reads photos from: a folder, or an address whose files are fetched into the workspace first."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from inspector.cli.progress import reporting
from inspector.cli.sign_in import open_as
from inspector.data.layouts import read_batch
from inspector.data.samples import Batch, require_two
from inspector.settings import ScanSettings
from inspector.storage import is_address
from inspector.store.location import folder_of

if TYPE_CHECKING:  # loads readers of photos
    from inspector.data.fetched import Origin


def open_source(
    given: str, workspace: str, events: Literal["auto", "jsonl"], operator: str | None, *, resume: bool = False
) -> tuple[Path, "Origin | None"]:
    """Return the folder that is read, and for an address where its files come from.

    Args:
        given: folder or address.
        workspace: where files are fetched to.
        events: how progress is told.
        operator: who gives the command.
        resume: True = nobody needs to be allowed to scan: the run is there.

    Raises:
        NotAllowed: who gives the command may not scan.
        typer.BadParameter: nothing is named.
        InspectorError: as `fetch_files`.
    """
    if not is_address(given):
        return require_folder(given), None
    from inspector.data.fetched import fetch_files

    if not resume:
        with open_as(workspace, operator) as (store, _):
            store.users.require("scan")
    with reporting(events) as report:
        origin = fetch_files(given, folder_of(workspace), report)
    return origin.folder, origin


def list_source(given: str, layout: str, settings: ScanSettings) -> Batch:
    """List the parts of a batch, of which nothing is fetched where they lie at an address.

    Args:
        given: folder or address.
        layout: as for `read_batch`.
        settings: of the scan.

    Raises:
        InputError: there are fewer than two, or as `read_batch` or `list_batch_at`.
    """
    if is_address(given):
        from inspector.data.fetched import list_batch_at

        return list_batch_at(given, layout, has_camera=settings.sees_depth)
    batch = read_batch(given, layout, has_camera=settings.sees_depth)
    require_two(batch)
    return batch


def require_folder(given: str) -> Path:
    """Return the path of a folder that is no address.

    Raises:
        typer.BadParameter: it is an address, or "", which would be the folder one is in.
    """
    if not given:
        raise typer.BadParameter("no folder is named")
    if is_address(given):
        raise typer.BadParameter(
            f"{given} is an address, and only folders are taken here: copy the files into one; `inspector scan`, "
            "scan-many and evaluate fetch them"
        )
    return Path(given)
