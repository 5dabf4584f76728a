"""`--ray` and `--storage`: who does the heavy work of a command, and what they share."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.errors import InputError
from inspector.storage import Storage

if TYPE_CHECKING:  # loads torch
    from inspector.jobs.engine import Engine

Ray = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="HOST:PORT|local",
        help="Ray cluster that does the heavy work; local: one of this machine, with --ray-workers.",
        rich_help_panel="Resources",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--ray-workers",
        min=1,
        help="Workers of a local cluster.",
        show_default="one a CPU",
        rich_help_panel="Resources",
    ),
]

StorageAddress = Annotated[
    str | None,
    typer.Option(
        "--storage",
        metavar="ADDRESS",
        help="Where tokens are kept, too, for workers and other stations, as s3://bucket/folder.",
        rich_help_panel="Resources",
    ),
]


@contextmanager
def open_engine(address: str | None, workers: int | None, storage: str | None = None) -> Iterator["Engine"]:
    """Give what does the heavy work: this process, or the cluster at an address; and an address for its tokens.

    Raises:
        SettingsError: the storage is no address.
        typer.BadParameter: a number of workers without a local cluster.
        InputError: Ray is not installed.
        InspectorError: the cluster cannot be used.
    """
    if workers is not None and address != "local":
        raise typer.BadParameter("goes with --ray local alone", param_hint="--ray-workers")
    kept = None if storage is None else Storage(storage)
    if address is None:
        from inspector.jobs.engine import ALONE

        yield ALONE if kept is None else ALONE._replace(storage=kept)
        return
    if find_spec("ray") is None:
        raise InputError("--ray needs Ray; install it with: pip install 'mutual-inspector[cluster]'")
    from inspector.jobs.distributed import connect

    with connect(address, workers) as engine:
        yield engine._replace(storage=kept)
