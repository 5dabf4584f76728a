"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.results.store import default_workspace

Workspace = Annotated[
    Path,
    typer.Option(
        "--workspace",
        envvar="INSPECTOR_WORKSPACE",
        default_factory=default_workspace,
        show_default="the user's data folder",
        help="Folder that keeps runs and maps.",
    ),
]
