"""`inspector hand-over`: what a station did without its server, handed over to it."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.cli import options
from inspector.cli.sign_in import Operator, open_as
from inspector.errors import StoreError
from inspector.store.database import FILE
from inspector.store.hand_over import HandedRun, hand_over
from inspector.store.location import is_address
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("hand-over")(hand)


def hand(
    station: Annotated[str, typer.Argument(metavar="FOLDER", help="The workspace of the station.")],
    workspace: options.Workspace,
    operator: Operator = None,
) -> None:
    """Copy finished runs and verdicts of a station's workspace in FOLDER to the shared one, each once.

    Repeat it as often as there is something new. Where a part was decided there, too, that verdict stands: the
    station's becomes a comment in its history, and is listed here.
    """
    if not is_address(station) and not (Path(station) / FILE).is_file():
        raise StoreError(f"there is no workspace in {station}; name that of the station")
    told: list[HandedRun] = []

    def tell(handed: HandedRun) -> None:
        told.append(handed)
        parts = "1 new part" if handed.parts == 1 else f"{handed.parts} new parts"
        verdicts = "1 new verdict" if handed.verdicts == 1 else f"{handed.verdicts} new verdicts"
        what = f"{parts}, {verdicts}"
        typer.echo(escape_text(f"Run {handed.source} is run {handed.number} there: {what}."))
        for clash in handed.clashes:
            typer.echo(escape_text(f"Clash: {clash}."))

    with Workspace(station) as source, open_as(workspace, operator) as (target, _):
        for run, why in hand_over(source, target, tell):
            typer.echo(f"Run {run.id} {why}, and stays.")
    verdicts, clashes = sum(each.verdicts for each in told), sum(len(each.clashes) for each in told)
    handed = "1 verdict was" if verdicts == 1 else f"{verdicts} verdicts were"
    typer.echo(f"{handed} handed over; {clashes} of the parts had been decided differently there.")
