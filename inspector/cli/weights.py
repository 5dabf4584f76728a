"""`inspector backbones` and `inspector weights`: which networks there are, and bringing their weights in."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from inspector.cli import options
from inspector.cli.printing import print_table
from inspector.cli.progress import reporting
from inspector.errors import WeightsError
from inspector.times import write_local
from inspector.weights.about import PURPOSES, describe_licence, list_presets
from inspector.weights.catalogue import CATALOGUE, POINT_MAE, BackboneInfo, find_network
from inspector.weights.store import (
    are_here,
    list_imported,
    read_record,
    record_path,
    weights_folder,
    weights_path,
)

weights_app = typer.Typer(
    name="weights", help="Bring weights of networks in, list and check them.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("backbones")(backbones)
    app.add_typer(weights_app)


def backbones(
    as_json: Annotated[bool, typer.Option("--json", help="The same for a program, and what each is good for.")] = False,
) -> None:
    """List the networks: licence, size, and whether their weights are on this machine."""
    if as_json:
        typer.echo(json.dumps([_describe(info) for info in (*CATALOGUE.values(), POINT_MAE)]))
        return
    table = Table("Backbone", "Licence", "Million weights", "Patch", "Size", "Weights", "File to get", box=None)
    for info in (*CATALOGUE.values(), POINT_MAE):
        embedded = not info.file and not weights_path(info).exists()
        table.add_row(
            info.name,
            info.licence,
            f"{info.parameters / 1e6:.1f}",
            str(info.patch or "-"),
            str(info.image_size or "-"),
            "embedded" if embedded else "here" if are_here(info) else "missing",
            f"{info.file} ({info.origin})" if info.file else "-",
        )
    print_table(table)
    typer.echo(f"Imported weights are looked for in {weights_folder()}, as BACKBONE.safetensors.")
    typer.echo("Any model of timm goes as timm:NAME, its stages or blocks chosen by --layers.")


def _describe(info: BackboneInfo) -> dict[str, Any]:
    licence = describe_licence(info)
    return {
        "name": info.name,
        "purpose": PURPOSES.get(info.name, ""),
        "presets": list_presets(info),
        "licence": info.licence,
        "licence_summary": licence.summary,
        "licence_address": licence.address,
        "parameters": info.parameters,
        "file": info.file,
        "origin": info.origin,
        "downloads": bool(info.hub and info.file),
        "here": are_here(info),
        "imported": weights_path(info).exists(),
        "folder": str(weights_folder()),
    }


@weights_app.command("list")
def list_weights() -> None:
    """List the weights that were imported."""
    table = Table("Backbone", "Imported", "From", "Recognised as", "Licence", "SHA-256", box=None)
    for name in list_imported():
        try:
            record = read_record(record_path(find_network(name)))
        except WeightsError as error:
            table.add_row(name, "-", str(error), "-", "-", "-")
            continue
        date = write_local(record.imported)
        table.add_row(name, date, record.source, record.form, record.licence, record.sha256[:16])
    print_table(table)
    typer.echo(f"Folder: {weights_folder()}")


@weights_app.command("import")
def import_file(
    file: Annotated[Path | None, typer.Argument(help="File of weights, or a Hugging Face folder.")] = None,
    name: Annotated[str | None, typer.Option("--as", help="The network it must be; else it is recognised.")] = None,
    from_hub: Annotated[str | None, typer.Option(help="Fetch the weights of this network over the network.")] = None,
    events: options.Events = "auto",
) -> None:
    """Bring weights in: OpenAI, open_clip, DINO, DINOv2, DINOv3, timm or Hugging Face form, converted once."""
    if (file is None) == (from_hub is None):
        raise typer.BadParameter("give either FILE or --from-hub NAME")
    if from_hub is not None:
        if name not in (None, from_hub):
            raise typer.BadParameter("--from-hub names the network already", param_hint="--as")
        from inspector.features.proof import PROOF
        from inspector.weights.hub import fetch_from_hub

        with reporting(events) as report:
            record = fetch_from_hub(from_hub, PROOF, report)
    elif file is not None:
        from inspector.features.proof import PROOF
        from inspector.weights.importing import import_weights

        record = import_weights(file, PROOF, name=name)
    trained = {"openai": ", trained by OpenAI", "laion": ", trained on LAION"}.get(record.training, "")
    typer.echo(f"{record.name}: {record.form}{trained}, licence {record.licence}")
    if record.ignored:
        typer.echo(f"left out: {', '.join(record.ignored)}")
    typer.echo(weights_path(find_network(record.name)))


@weights_app.command("verify")
def verify(
    names: Annotated[list[str] | None, typer.Argument(help="Networks; none = all that were imported.")] = None,
) -> None:
    """Check imported weights: unchanged since they came in, and still giving tokens."""
    from inspector.features.proof import PROOF
    from inspector.weights.importing import verify_weights

    results = verify_weights(PROOF, names or ())
    for result in results:
        if not result.problem:
            typer.echo(f"{result.name}: good")
    problems = [f"{result.name}: {result.problem}" for result in results if result.problem]
    if problems:
        raise WeightsError("; ".join(problems))
    if not results:
        typer.echo(f"no weights were imported into {weights_folder()}")
