"""`inspector scan`: the main job."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from inspector.cli import cluster, options
from inspector.cli.printing import print_table
from inspector.cli.progress import reporting
from inspector.cli.sign_in import Operator, sign_in
from inspector.cli.sources import list_source, open_source
from inspector.cli.targets import name_report, open_target, require_target
from inspector.data.layouts import read_batch
from inspector.data.roi_files import read_roi
from inspector.data.samples import Batch
from inspector.decision.threshold import describe_few
from inspector.errors import InspectorError, StoreError
from inspector.events import Report
from inspector.export.csv_files import Decimal
from inspector.part_rule import write_identity
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.storage import find_fetched, is_address
from inspector.store.claims import find_unfinished, is_alive
from inspector.store.location import folder_of
from inspector.store.parts import decide_part, group_parts
from inspector.store.records import rank_samples
from inspector.store.run_settings import read_settings
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text
from inspector.weights.choices import check_choices

if TYPE_CHECKING:  # which takes seconds to load
    from inspector.jobs.accepted import Accepted

JudgedBy = Annotated[
    int | None,
    typer.Option(metavar="RUN", min=1, help="Only those parts judge that were accepted in this done run."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("scan")(options.add_settings(scan))


def scan(
    workspace: options.Workspace,
    settings: ScanSettings,
    recipe: Recipe | None,
    folder: Annotated[
        str | None,
        typer.Argument(
            metavar="[FOLDER|ADDRESS]",
            help="Folder with photos or clouds of one batch of like parts; or s3://bucket/folder, which is fetched.",
            show_default="the recipe's",
        ),
    ] = None,
    export: Annotated[
        str | None,
        typer.Option(metavar="FOLDER|ADDRESS", help="Also write files there, see --export-what."),
    ] = None,
    export_what: options.What = options.USUAL_EXPORTS,
    decimal: options.Decimal = "point",
    layout: options.Layout = "auto",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the last stopped run of this folder.")] = False,
    judged_by: JudgedBy = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be done, and stop.")] = False,
    events: options.Events = "auto",
    top: Annotated[int, typer.Option(min=0, help="How many of the highest scores to print.")] = 10,
    ray: cluster.Ray = None,
    ray_workers: cluster.Workers = None,
    storage: cluster.StorageAddress = None,
    operator: Operator = None,
    verbose: options.Verbose = False,
) -> None:
    """Score every part in FOLDER against the others; print the highest scores and where the report is."""
    exports = _choose_exports(export, export_what)
    _refuse_judges(judged_by, resume=resume)
    place = options.choose_folder(folder, recipe)
    if dry_run:
        _tell_plan(place, layout, settings, workspace, judged_by)
        return
    read = _find_files(place, workspace, layout, events, operator, resume=resume)
    batch = read(has_camera=settings.sees_depth)
    if not resume:
        refuse_early(batch, settings)
    from inspector.jobs.scan import scan as run_scan

    with Workspace(workspace) as store:
        unfinished, accepted = None, None
        if not resume:
            _require_scanner(store, operator)
            accepted = _find_judges(batch, store, judged_by)
        else:
            unfinished, settings = _find_unfinished_run(store, batch.root, place)
            batch = read(has_camera=settings.sees_depth)
            _require_same_files(store, unfinished, batch)
        require_target(export)
        with cluster.open_engine(ray, ray_workers, storage) as engine, reporting(events) as report:
            run_id = run_scan(
                batch, settings, store, report, run_id=unfinished, recipe=recipe, engine=engine, accepted=accepted
            )
            written = _write(store, run_id, export, exports, report, decimal, options.repeat_workspace(workspace))
        if events == "auto":
            _print_ranking(store, run_id, top)
            _tell_export(export, written)


def refuse_early(batch: Batch, settings: ScanSettings) -> None:
    """Refuse what shows before the libraries of networks are loaded, which takes seconds."""
    if settings.modality != "3d" and any(sample.image is not None for sample in batch.samples):
        check_choices(settings.backbone, (settings.image_size, *settings.more_sizes), settings.layers)
    if settings.roi is not None:
        read_roi(settings.roi)


def _require_scanner(store: Workspace, operator: str | None) -> None:
    sign_in(store, operator)
    store.users.require("scan")


def _refuse_judges(judged_by: int | None, *, resume: bool) -> None:
    """Refuse to choose the judges of a run that has begun."""
    if resume and judged_by is not None:
        told = "does not go with --resume: a run is judged to its end by the parts that it began with"
        raise typer.BadParameter(told, param_hint="--judged-by")


def _find_judges(batch: Batch, store: Workspace, run_id: int | None) -> "Accepted | None":
    """Find the parts that were accepted in a run, if one is named."""
    from inspector.jobs.accepted import find_accepted

    return None if run_id is None else find_accepted(batch, store, run_id)


def _choose_exports(export: str | None, what: str) -> list[str]:
    """Return what is to be written; something that is named, and not where to, is wrong usage."""
    if export is None and what != options.USUAL_EXPORTS:
        raise typer.BadParameter("goes with --export FOLDER alone", param_hint="--export-what")
    return options.choose_exports(what, "--export-what")


def _write(
    store: Workspace,
    run_id: int,
    export: str | None,
    exports: list[str],
    report: Report,
    decimal: Decimal,
    repeated: str,
) -> dict[str, Path]:
    """Write a run that was just made, and say that it is kept where that fails."""
    from inspector.export.run import write_exports

    try:
        with open_target(export) as target:
            return {} if target is None else write_exports(store, run_id, target, exports, report, decimal=decimal)
    except InspectorError as error:
        told = f"{error}; run {run_id} is kept, `inspector export {run_id} --out FOLDER{repeated}` writes it"
        raise StoreError(told) from error


def _tell_export(export: str | None, written: dict[str, Path]) -> None:
    if export:
        report_at = name_report(export, written)
        typer.echo(escape_text(f"Report: {report_at}" if report_at else f"Exported to {export}"))


def _tell_plan(place: str, layout: str, settings: ScanSettings, workspace: str, judged_by: int | None) -> None:
    """Print what would be done, and what it would take, as far as that is known of files that are not fetched yet."""
    batch = list_source(place, layout, settings)
    refuse_early(batch, settings)
    if judged_by is not None:
        options.require_workspace(workspace)
    root = place if is_address(place) else str(batch.root)
    typer.echo(f"# {len(batch.samples)} samples in {escape_text(root)}, layout {batch.layout}")
    typer.echo(settings.to_toml(), nl=False)
    sys.stdout.flush()  # the calibration takes a moment
    if batch.origin is not None:
        size = sum(stored.size for stored, _ in batch.origin.files.values())
        told = f"# {len(batch.origin.files)} files, {size / 1e6:.1f} MB, are fetched first"
        typer.echo(f"{told}; how long a scan takes is told of photos that lie in a folder")
        if judged_by is not None:
            typer.echo(
                f"# judged by those of the parts accepted in run {judged_by} that are the same once they are fetched"
            )
        return
    from inspector.jobs.predict import predict

    accepted = None
    if judged_by is not None:
        with Workspace(workspace) as store:
            accepted = _find_judges(batch, store, judged_by)
    for told in accepted.describe(settings.references) if accepted else ():
        typer.echo(f"# {told}")
    typer.echo(f"# {predict(batch, settings, len(accepted.judges) if accepted else None)}")


def _find_files(
    folder: str, workspace: str, layout: str, events: Literal["auto", "jsonl"], operator: str | None, *, resume: bool
) -> Callable[..., Batch]:
    """Give what lists the parts in a folder, or at an address, whose files are fetched into the workspace now."""
    if resume and is_address(folder):
        with Workspace(workspace) as store:
            _find_unfinished_run(store, find_fetched(folder, folder_of(workspace)), folder)  # before all is fetched
    source, origin = open_source(folder, workspace, events, operator, resume=resume)
    if origin is None:
        return partial(read_batch, source, layout)
    from inspector.data.fetched import read_fetched_batch

    return partial(read_fetched_batch, origin, layout)


def _find_unfinished_run(store: Workspace, folder: Path, place: str = "") -> tuple[int, ScanSettings]:
    """Find the last stopped run of a folder, and its settings; `place` is the address it was fetched from, if any."""
    root = str(folder.resolve())
    named = place if is_address(place) else root
    runs, now = [run for run in store.runs.all() if run.root == root], store.database.read_clock()
    if alive := next((run for run in runs if is_alive(run, now)), None):
        raise StoreError(f"run {alive.id} of {named} is being scanned by {alive.owner}; wait for its end, or stop it")
    run = find_unfinished(runs, now).get(root)
    if run is None:
        raise StoreError(f"no stopped run of {named} in {store.folder}; scan it without `resume`")
    return run.id, read_settings(run)


def _require_same_files(store: Workspace, run_id: int, batch: Batch) -> None:
    if [row.name for row in store.runs.samples(run_id)] != [sample.name for sample in batch.samples]:
        root = batch.root.resolve() if batch.origin is None else batch.origin.storage.address
        raise StoreError(f"the files in {root} are not those of run {run_id} any more; scan it without `resume`")


def _print_ranking(store: Workspace, run_id: int, top: int) -> None:
    run = store.runs.get(run_id)
    samples = store.runs.samples(run_id)
    ranking = rank_samples(samples)
    named = any(sample.identity for sample in samples)
    table = Table("Rank", "Score", "Decision", "Sample", *(["Part"] if named else []), box=None)
    for rank, sample in enumerate(ranking[:top], start=1):
        decision = "flagged" if sample.flagged else "not flagged"
        texts = [sample.name, *([write_identity(sample.identity)] if named else [])]
        table.add_row(str(rank), f"{sample.final:.3f}", decision, *(Text(escape_text(text)) for text in texts))
    print_table(table)
    groups = store.groups.of_run(run_id)
    none = "nothing stands out" if run.is_sure else "nothing is flagged, but the scores leave it open"
    if groups and run.is_sure:
        none = "nothing is flagged, but parts share a region"
    decided = [decide_part(views) for views in group_parts(ranking)]
    stand = "stands" if decided.count(True) == 1 else "stand"
    odd = f"{decided.count(True)} of {len(decided)} parts {stand} out" if run.flagged else none
    unreadable = f"; {run.unreadable} could not be read" if run.unreadable else ""
    left_out = f"; {run.left_out_in_words}" if run.left_out else ""
    if few := describe_few(len(ranking)):
        typer.echo(few)
    typer.echo(f"Run {run_id}: {odd}{unreadable}{left_out}.")
    for group in groups:
        follows = "; scores follow" if group.corrected else ""
        typer.echo(f"Group {group.number}: {group.tell()}{follows}.")
    if not run.is_sure:
        typer.echo(f"Unsure. {run.why_threshold}")
