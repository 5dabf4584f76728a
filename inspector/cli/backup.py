"""`inspector backup` and `inspector restore`: a workspace in safety, and back."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.cli import options
from inspector.cli.sign_in import Operator, require_before
from inspector.store.backup import back_up, files_beside
from inspector.store.backup import restore as restore_backup
from inspector.terminal import escape_text


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, as in monday.db; an earlier one is replaced.")],
    workspace: options.Workspace,
    with_files: Annotated[
        bool, typer.Option("--with-files", help="Also maps, pictures and thumbnails, as monday.files.zip beside it.")
    ] = False,
) -> None:
    """Copy the workspace as it stands at this moment, also while programs read and write it."""
    had_files = bool(file.name) and files_beside(file).exists()
    runs = back_up(workspace, file, with_files=with_files)
    count = "1 run" if runs == 1 else f"{runs} runs"
    typer.echo(escape_text(f"{count}: {file}{f' and {files_beside(file)}' if with_files else ''}"))
    if had_files and not with_files:
        typer.echo(escape_text(f"Removed: {files_beside(file)} of the earlier backup; --with-files writes it again."))


def restore(
    file: Annotated[Path, typer.Argument(help="What `inspector backup` wrote.")],
    workspace: options.Workspace,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the workspace that is there; it is kept in a folder inside.")
    ] = False,
    operator: Operator = None,
) -> None:
    """Make a workspace from a backup, with the maps and pictures that lie beside it."""
    if replace:
        require_before(workspace, operator, "restore")
    with_files = restore_backup(file, workspace, replace=replace)
    typer.echo(escape_text(f"Restored: {workspace}"))
    if not with_files:
        typer.echo(escape_text(f"Without maps and pictures: there is no {files_beside(file)}."))
