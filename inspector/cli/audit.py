"""`inspector audit`: the chain of what people decided, checked, exported and compared with an export."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.cli import options
from inspector.errors import StoreError
from inspector.store.audit import check_links, compare_chains, export_chain, read_chain
from inspector.store.database import FILE
from inspector.store.location import is_address
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("audit")(audit)


def audit(
    workspace: options.Workspace,
    export: Annotated[Path | None, typer.Option(help="Write the chain to this file, one entry a line.")] = None,
    verify: Annotated[
        Path | None, typer.Option(help="Check an export, and that the workspace still holds all it says.")
    ] = None,
) -> None:
    """Check that no verdict and no threshold change was altered, removed or inserted without this program."""
    problems, entries = [], []
    if verify is not None:
        entries = read_chain(verify)
        problems += check_links(entries)
    if verify is None or is_address(workspace) or (Path(workspace) / FILE).exists():
        options.require_workspace(workspace)
        with Workspace(workspace) as store:
            problems += store.audit.find_problems()
            if verify is not None:
                problems += filter(None, [compare_chains(entries, store.audit.entries())])
            else:
                entries = store.audit.entries()
    else:
        typer.echo(escape_text(f"The export alone was checked: there is no workspace in {workspace}."))
    if export is not None:
        export_chain(entries, export)
        typer.echo(escape_text(str(export)))
    if problems:
        raise StoreError("; ".join(problems))
    last = f", the last is {entries[-1].hash}" if entries else ""
    typer.echo(f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}{last}")
