"""`inspector rescore`: re-scoring alone, for the image scores of another method."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.cli import options
from inspector.cli.options import read_numbers
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("rescore")(rescore)


def rescore(
    scores: Annotated[Path, typer.Argument(help="CSV with a column path or name and a column score.")],
    embeddings: Annotated[
        str, typer.Option(help="Number of a run of the same images, or a file .npy, .npz, .csv with a row per score.")
    ],
    workspace: options.Workspace,
    windows: Annotated[
        str,
        typer.Option(
            help="near = all count by how near they are, as in a scan; or sizes of neighbourhoods, as published "
            "(RsCIN): 1,2,3, for VisA 1,8,9."
        ),
    ] = "near",
    out: Annotated[
        Path | None, typer.Option(help="CSV to write.", show_default="beside the scores, ending in _rescored.csv")
    ] = None,
) -> None:
    """Improve another method's image SCORES: each moves towards those of its neighbours in the batch."""
    near = windows.strip().lower() == "near"
    sizes = () if near else read_numbers(windows, "--windows", int) or ()
    if not near and (not sizes or min(sizes) < 1):
        raise typer.BadParameter(
            f"expected near, or sizes of at least 1, as in 1,2,3, but got {windows!r}", param_hint="--windows"
        )
    if embeddings.isdecimal():
        options.require_workspace(workspace)
    from inspector.evaluation.external_scores import (
        embeddings_from_file,
        embeddings_from_run,
        read_scores,
        rescore_table,
    )

    table = read_scores(scores)
    target = out or scores.with_name(f"{scores.stem}_rescored.csv")
    if embeddings.isdecimal():
        with Workspace(workspace) as store:
            found = embeddings_from_run(table, store, int(embeddings))
    else:
        found = embeddings_from_file(table, Path(embeddings))
    rescore_table(table, found, sizes, target)
    typer.echo(escape_text(str(target)))
