"""`inspector scan`: the main job."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from inspector.cli import options
from inspector.cli.progress import reporting
from inspector.data.layouts import LAYOUTS, read_batch
from inspector.data.samples import Batch
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.store.claims import find_unfinished, is_alive
from inspector.store.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("scan")(scan)


def scan(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder with the photos or clouds of one batch of like parts.")],
    workspace: options.Workspace,
    export: Annotated[Path | None, typer.Option(help="Also write CSV, overlays, maps, clouds and report here.")] = None,
    preset: options.Preset = None,
    settings_file: options.SettingsFile = None,
    layout: Annotated[str, typer.Option(help=f"auto, {', '.join(LAYOUTS)}.")] = "auto",
    backbone: options.Backbone = None,
    weights: options.Weights = None,
    image_size: options.ImageSize = None,
    layers: options.Layers = None,
    degrees: options.Degrees = None,
    windows: options.Windows = None,
    modality: options.Modality = None,
    background: options.Background = None,
    point_feature: options.PointFeature = None,
    point_weights: options.PointWeights = None,
    references: options.References = None,
    tiles: options.Tiles = None,
    search_radius: options.SearchRadius = None,
    precision: options.Precision = None,
    memory: options.Memory = None,
    threshold_k: options.ThresholdK = None,
    device: options.Device = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the last stopped run of this folder.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be done, and stop.")] = False,
    events: Annotated[str, typer.Option(help="auto or jsonl (one JSON line per event on stdout).")] = "auto",
    top: Annotated[int, typer.Option(min=0, help="How many of the highest scores to print.")] = 10,
) -> None:
    """Score every part in FOLDER against the others; print the oddest and where the report is."""
    if events not in ("auto", "jsonl"):
        raise typer.BadParameter(f"{events!r} is neither auto nor jsonl", param_hint="--events")
    if layout != "auto" and layout not in LAYOUTS:
        raise typer.BadParameter(f"{layout!r} is none of auto, {', '.join(LAYOUTS)}", param_hint="--layout")
    settings = options.chosen_settings(context.params)
    batch = read_batch(folder, layout)
    if dry_run:
        from inspector.jobs.predict import predict

        typer.echo(f"# {len(batch.samples)} samples in {batch.root}, layout {batch.layout}")
        typer.echo(settings.to_toml(), nl=False)
        sys.stdout.flush()  # the calibration takes a moment
        typer.echo(f"# {predict(batch, settings)}")
        return
    with Workspace(workspace) as store:
        unfinished, settings = _unfinished_run(store, batch) if resume else (None, settings)
        run_id = _scan_and_export(batch, settings, store, unfinished, export, events)
        if events == "auto":
            _print_ranking(store, run_id, top)
            if export:
                typer.echo(f"Report: {export / 'report.html'}")


def _unfinished_run(store: Workspace, batch: Batch) -> tuple[int, ScanSettings]:
    """Find the last stopped run of this very batch, and its settings."""
    root = str(batch.root.resolve())
    runs = [run for run in store.runs.all() if run.root == root]
    if alive := next((run for run in runs if is_alive(run)), None):
        raise StoreError(f"run {alive.id} of {root} is being scanned by {alive.owner}; wait for its end, or stop it")
    run = find_unfinished(runs).get(root)
    if run is None:
        raise StoreError(f"no stopped run of {root} in {store.folder}; scan it without --resume")
    if [row.name for row in store.runs.samples(run.id)] != [sample.name for sample in batch.samples]:
        raise StoreError(f"the files in {root} are not those of run {run.id} any more; scan it without --resume")
    return run.id, ScanSettings().changed(**run.settings)


def _scan_and_export(
    batch: Batch, settings: ScanSettings, store: Workspace, unfinished: int | None, export: Path | None, events: str
) -> int:
    from inspector.export.run import export_run
    from inspector.jobs.scan import scan as run_scan

    with reporting(events) as report:
        run_id = run_scan(batch, settings, store, report, run_id=unfinished)
        if export:
            export_run(store, run_id, export, report)
    return run_id


def _print_ranking(store: Workspace, run_id: int, top: int) -> None:
    run = store.runs.get(run_id)
    scored = sorted((s for s in store.runs.samples(run_id) if s.final is not None), key=lambda s: -(s.final or 0.0))
    table = Table("Rank", "Score", "Decision", "Sample", box=None)
    for rank, sample in enumerate(scored[:top], start=1):
        decision = "flagged" if sample.flagged else "passed"
        table.add_row(str(rank), f"{sample.final:.3f}", decision, Text(sample.name))
    Console().print(table)
    odd = f"{run.flagged} of {len(scored)} parts stand out" if run.flagged else "nothing stands out"
    unreadable = f"; {run.unreadable} could not be read" if run.unreadable else ""
    typer.echo(f"Run {run_id}: {odd}{unreadable}.")
