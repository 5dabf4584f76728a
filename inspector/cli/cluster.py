"""`--ray`: who does the heavy work of a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.errors import InputError

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


@contextmanager
def open_engine(address: str | None, workers: int | None) -> Iterator["Engine"]:
    """Give what does the heavy work: this process, or the cluster at an address.

    Raises:
        typer.BadParameter: a number of workers without a local cluster.
        InputError: Ray is not installed.
        InspectorError: the cluster cannot be used.
    """
    if workers is not None and address != "local":
        raise typer.BadParameter("goes with --ray local alone", param_hint="--ray-workers")
    if address is None:
        from inspector.jobs.engine import ALONE

        yield ALONE
        return
    if find_spec("ray") is None:
        raise InputError("--ray needs Ray; install it with: pip install 'mutual-inspector[cluster]'")
    from inspector.jobs.distributed import connect

    with connect(address, workers) as engine:
        yield engine
