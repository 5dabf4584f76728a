"""`inspector import-scores`: what another program found, reviewed like ours."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.cli import options
from inspector.cli.progress import reporting
from inspector.cli.sign_in import Operator, open_as
from inspector.cli.sources import require_folder
from inspector.errors import SettingsError
from inspector.part_rule import check_rule


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("import-scores")(import_scores)


def import_scores(
    source: Annotated[
        Path,
        typer.Argument(
            help="CSV with a column path and a column score, perhaps one anomaly_map; or a folder of maps "
            "(.npy, .npz, TIFF, grey PNG), each named like its photo."
        ),
    ],
    photos: Annotated[Path, typer.Option(parser=require_folder, metavar="FOLDER", help="Folder of the photos.")],
    workspace: options.Workspace,
    threshold: Annotated[
        float | None, typer.Option(help="Above it scores are flagged.", show_default="as a scan finds it")
    ] = None,
    part_id: Annotated[str, typer.Option(help="Tells part, lot and station by names of files, as of a scan.")] = "",
    operator: Operator = None,
    verbose: options.Verbose = False,
) -> None:
    """Make a run of scores and anomaly maps that another program made, as anomalib, to be reviewed and exported."""
    try:
        check_rule(part_id)
    except ValueError as error:
        raise SettingsError(f"setting `part_id`: {error}") from error
    from inspector.evaluation.imported_run import import_scores as run_import

    with open_as(workspace, operator) as (store, _), reporting("auto") as report:
        run_id = run_import(source, photos, store, report, threshold=threshold, part_id=part_id)
        run = store.runs.get(run_id)
    stand = "stands" if run.flagged == 1 else "stand"
    typer.echo(f"Run {run_id}: {run.flagged} of {run.samples - run.unreadable} parts {stand} out.")
    if run.unreadable:
        have = "1 photo has no score" if run.unreadable == 1 else f"{run.unreadable} photos have no score"
        typer.echo(f"{have} or cannot be read.")
