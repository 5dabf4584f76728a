"""`inspector evaluate`: the papers' table for a labelled dataset."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.cli import cluster, options
from inspector.cli.printing import print_table
from inspector.cli.progress import reporting
from inspector.cli.sign_in import Operator, open_as
from inspector.cli.sources import open_source, require_folder
from inspector.data.layouts import LAYOUTS
from inspector.data.masks import COMPARED_SIDE
from inspector.errors import StoreError
from inspector.export.csv_files import Decimal
from inspector.settings import ScanSettings
from inspector.terminal import escape_text

if TYPE_CHECKING:  # openpyxl takes its time
    from inspector.evaluation.published import Published
    from inspector.evaluation.rows import EvaluationRow

LABELLED = tuple(name for name in LAYOUTS if name != "plain")


Root = Annotated[
    str,
    typer.Argument(
        metavar="ROOT|ADDRESS",
        help="Folder of the dataset, or of one category; or s3://bucket/folder, which is fetched.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("evaluate")(options.add_settings(evaluate))


def evaluate(
    root: Root,
    layout: Annotated[str, typer.Option(help=f"One of: {', '.join(LABELLED)}.")],
    workspace: options.Workspace,
    settings: ScanSettings,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=require_folder, metavar="FOLDER", help="Also write the table here, as CSV, JSON, XLSX and LaTeX."
        ),
    ] = None,
    categories: Annotated[str | None, typer.Option(help="Only these, as in bottle,cable.")] = None,
    subsets: Annotated[int, typer.Option(min=1, help="Divide each category into so many parts.")] = 1,
    seed: Annotated[int, typer.Option(help="Of the division.")] = 0,
    raw: Annotated[bool, typer.Option("--raw", help="Image metrics of the scores before re-scoring.")] = False,
    side: Annotated[int, typer.Option(min=32, help="Compare maps and masks at this size, in pixels.")] = COMPARED_SIDE,
    decimal: options.Decimal = "point",
    fresh: Annotated[bool, typer.Option("--fresh", help="Scan again what is already in the workspace.")] = False,
    ray: cluster.Ray = None,
    ray_workers: cluster.Workers = None,
    storage: cluster.StorageAddress = None,
    operator: Operator = None,
    verbose: options.Verbose = False,
) -> None:
    """Score every category of the dataset in ROOT and print image and pixel metrics in percent.

    What was published for the same dataset, network, size and rules (presets musc, musc-v2) stands below.
    Finished categories are kept in the workspace: the same command goes on where it was stopped, or prints again.
    """
    if layout not in LAYOUTS:
        raise typer.BadParameter(f"{layout!r} is none of {', '.join(LABELLED)}", param_hint="--layout")
    names = categories.replace(",", " ").split() if categories else None
    place, origin = open_source(root, workspace, "auto", operator)
    from inspector.data.fetched import telling_address
    from inspector.evaluation.published import find_published
    from inspector.evaluation.run import evaluate as run_evaluation

    with (
        open_as(workspace, operator) as (store, _),
        cluster.open_engine(ray, ray_workers, storage) as engine,
        reporting("auto") as report,
        telling_address(origin),
    ):
        rows = run_evaluation(
            place,
            layout,
            settings,
            store,
            report,
            categories=names,
            subsets=subsets,
            seed=seed,
            rescored=not raw,
            side=side,
            fresh=fresh,
            engine=engine,
            origin=origin,
        )
    published = find_published(settings, layout, rows, rescored=not raw, subsets=subsets)
    _print(rows, published)
    if out:
        _write(rows, published, out, decimal)


def _print(rows: Sequence["EvaluationRow"], published: "Published") -> None:
    """Print the table, and below it where the published figures are from."""
    from inspector.evaluation.tables import to_rich

    print_table(to_rich(rows, published))
    for source in published.sources:
        typer.echo(f"published: {source}")
    if published.note:
        typer.echo(options.add_flags(published.note))


def _write(rows: Sequence["EvaluationRow"], published: "Published", folder: Path, decimal: Decimal) -> None:
    from inspector.evaluation.tables import WRITERS, to_csv

    for suffix, write in WRITERS.items():
        path = folder / f"evaluation{suffix}"
        try:
            if suffix == ".csv":
                to_csv(rows, path, published, decimal)
            else:
                write(rows, path, published)
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error.strerror or error}; choose another folder") from error
        typer.echo(escape_text(str(path)))
