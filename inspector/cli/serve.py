"""`inspector serve`: the workspace over HTTP."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli import options
from inspector.cli.sign_in import Operator, sign_in
from inspector.cli.sources import require_folder
from inspector.errors import SettingsError
from inspector.terminal import escape_text


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("serve")(serve)


def serve(
    workspace: options.Workspace,
    root: Annotated[
        list[Path] | None,
        typer.Option(
            "--root",
            parser=require_folder,
            metavar="FOLDER",
            help="Folder whose sub-folders may be scanned; can be given several times.",
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 = one that is free.")] = 8765,
    rate: Annotated[int, typer.Option(min=1, help="Requests of one address in a minute.")] = 1200,
    upload_mb: Annotated[int, typer.Option(min=1, help="Megabytes of one upload.")] = 500,
    upload_files: Annotated[int, typer.Option(min=2, max=1000, help="Files of one upload.")] = 1000,
    operator: Operator = None,
    verbose: options.Verbose = False,
) -> None:
    """Serve runs, verdicts and scans to programs (/openapi.json) and, to look at, to browsers, until Ctrl+C."""
    try:
        from inspector.server.gate import Limits
        from inspector.server.serving import serve as run_server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("inspector"):
            raise
        told = f"the server needs {error.name}, which is not installed"
        raise SettingsError(f"{told}; install it with `pip install 'mutual-inspector[serve]'`") from error
    limits = Limits(rate=rate, upload=upload_mb * 1_000_000, photos=upload_files)
    begin = partial(sign_in, operator=operator)
    run_server(workspace, root or [], host, port, limits, lambda line: typer.echo(escape_text(line)), begin)
