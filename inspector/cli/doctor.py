"""`inspector doctor`: whether this station is fit, and what to do where it is not."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from inspector.cli import options
from inspector.cli.sign_in import Operator, require_before
from inspector.health.findings import Finding
from inspector.store.salvage import Salvaged
from inspector.store.salvage import salvage as salvage_workspace
from inspector.terminal import escape_text, quote_argument

COLOURS = {"good": "green", "skipped": "dim", "warning": "yellow", "wrong": "bold red"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("doctor")(doctor)


def doctor(
    workspace: options.Workspace,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    bundle: Annotated[
        Path | None, typer.Option(help="Also write a support archive (ZIP), without images and names of people.")
    ] = None,
    salvage: Annotated[
        Path | None, typer.Option(help="Bring what can be read of a damaged workspace into a new one here, and stop.")
    ] = None,
    operator: Operator = None,
) -> None:
    """Look at machine, program, weights and workspace, and scan a few drawn photos. Exit code 1: something is wrong."""
    if salvage is not None:
        require_before(workspace, operator, "restore")
        _tell_salvaged(salvage_workspace(workspace, salvage), salvage)
        return
    from inspector.health.checks import run_checks

    findings = []
    for finding in run_checks(workspace):
        findings.append(finding)
        if not as_json:
            _print(finding)
    if as_json:
        typer.echo(json.dumps([finding.to_json() for finding in findings], indent=1))
    if bundle is not None:
        from inspector.health.bundle import write_bundle

        write_bundle(workspace, findings, bundle)
        typer.echo(escape_text(f"Support archive: {bundle}"), err=as_json)
    if any(finding.level == "wrong" for finding in findings):
        raise typer.Exit(1)


def _print(finding: Finding) -> None:
    line = Text()
    line.append(f"{finding.level:<8}", COLOURS[finding.level])
    line.append(f"{finding.check:<12} {escape_text(finding.message)}")
    if finding.remedy:
        line.append(f"\n{'':<21}-> {escape_text(options.add_flags(finding.remedy))}")
    Console(soft_wrap=True).print(line)


def _tell_salvaged(found: Salvaged, target: Path) -> None:
    for table, count in found.rows.items():
        lost = f", up to {found.lost[table]} lost" if found.lost[table] else ""
        rows = "1 row" if count == 1 else f"{count} rows"
        typer.echo(f"{table}: {rows}{lost}")
    unreadable = f", {found.unreadable} could not be read" if found.unreadable else ""
    typer.echo(escape_text(f"files: {found.files}{unreadable}"))
    look = f"inspector doctor --workspace {quote_argument(str(target))}"
    typer.echo(escape_text(f"New workspace: {target}. Look at it with `{look}`."))
