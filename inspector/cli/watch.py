"""`inspector watch`: parts that arrive one by one are judged at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli import camera as cameras
from inspector.cli import options
from inspector.cli.progress import reporting
from inspector.cli.sign_in import Operator, sign_in
from inspector.cli.sources import require_folder
from inspector.events import Event, Report
from inspector.jobs.outage import PATIENCE
from inspector.jobs.watch_options import WatchOptions
from inspector.logs import log_event
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text, quote_argument

OnResult = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ADDRESS",
        help="Where each result is sent, as in file:FOLDER or mqtt://HOST/TOPIC; docs/line.md has all kinds.",
    ),
]

AlarmRate = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Warn when more than this share of the last 50 parts is flagged, as in 0.1."),
]

PartnerWait = Annotated[
    float, typer.Option(min=0, help="Seconds that the photo and the cloud of one part wait for each other.")
]

LearnEvery = Annotated[int, typer.Option(min=1, help="Good parts between two that join those who judge.")]

Golden = Annotated[
    Path | None,
    typer.Option(
        parser=require_folder,
        metavar="FOLDER",
        help="Folder of known good parts that judge from the start, without a warm-up.",
    ),
]

Like = Annotated[
    int | None,
    typer.Option(
        metavar="RUN",
        help="Number of a finished run whose accepted parts judge from the start; with fewer than 20, also those "
        "that are neither flagged nor judged.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("watch")(options.add_settings(watch, usual="fast"))


def watch(
    workspace: options.Workspace,
    settings: ScanSettings,
    recipe: Recipe | None,
    folder: Annotated[
        str | None,
        typer.Argument(help="Folder that like parts arrive in: photos, clouds or both.", show_default="the recipe's"),
    ] = None,
    warm_up: Annotated[
        int, typer.Option(min=2, help="Parts that are scored by each other before the first verdict.")
    ] = WatchOptions.warm_up,
    golden: Golden = None,
    like: Like = None,
    only_new: Annotated[
        bool, typer.Option("--only-new", help="What lies in the folder at the start is no part.")
    ] = False,
    settle: Annotated[
        float, typer.Option(min=0, help="Seconds for which a file must not change to be complete; 0 = at once.")
    ] = WatchOptions.settle,
    pool: Annotated[int, typer.Option(min=2, help="Most parts that judge.")] = WatchOptions.pool,
    learn_every: LearnEvery = WatchOptions.every,
    alarm_rate: AlarmRate = None,
    idle: Annotated[
        float | None, typer.Option(min=0, help="End after so many seconds without a part; none = at Ctrl+C.")
    ] = None,
    partner_wait: PartnerWait = WatchOptions.partner_wait,
    on_result: OnResult = None,
    source: cameras.Address = None,
    every: cameras.Every = None,
    trigger: cameras.When = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the last watched run of this folder.")] = False,
    events: options.Events = "auto",
    operator: Operator = None,
    verbose: options.Verbose = False,
) -> None:
    """Judge each part that arrives in FOLDER by earlier ones, at once, until Ctrl+C; --preset is fast if not named.

    A part is a photo, a point cloud, or both. Photos are not cut, and scores are not smoothed over neighbours.
    """
    place = require_folder(options.choose_folder(folder, recipe))
    from inspector.jobs.watch import watch as run_watch
    from inspector.sinks.register import make_sinks

    sinks = make_sinks(on_result or [])
    chosen = WatchOptions(warm_up, golden, like, only_new, settle, pool, learn_every, alarm_rate, idle, partner_wait)
    with Workspace(workspace, patience=PATIENCE) as store:
        if not resume:
            sign_in(store, operator)
            store.users.require("scan")
        with (
            _reporting(events) as report,
            _leave_a_core(),
            cameras.grabbing(source, every, trigger, place, report) as grabber,
        ):
            watch_folder = partial(run_watch, resume=resume, sinks=sinks, recipe=recipe, grabber=grabber)
            run_id = watch_folder(place, settings, chosen, store, report)
        if events == "auto":
            _print_end(store, run_id, f"{quote_argument(str(place))} --resume{options.repeat_workspace(workspace)}")


def _print_end(store: Workspace, run_id: int, arguments: str) -> None:
    run = store.runs.get(run_id)
    watched = store.watches.get(run_id)
    parts = "1 part" if run.samples == 1 else f"{run.samples} parts"
    told = f"{parts}, {run.flagged} flagged, {run.unreadable} unreadable"
    if watched.pool is None:
        told += "; nothing was judged"
    if watched.pool is None and watched.options.get("golden") is None and watched.options.get("like") is None:
        told += (
            f", for fewer parts came than the {watched.options['warm_up']} of the warm-up; "
            "--warm-up names fewer, --golden known good parts in their place"
        )
    typer.echo(f"Run {run_id}: {told}. `inspector watch {escape_text(arguments)}` goes on.")


@contextmanager
def _reporting(events: str) -> Iterator[Report]:
    """Report as a scan does; where people read, each verdict is a line on stdout."""
    with reporting(events) as tell:

        def report(event: Event) -> None:
            if event.kind == "part" and events == "auto":
                log_event(event)
                typer.echo(escape_text(event.message))
            else:
                tell(event)

        yield report


@contextmanager
def _leave_a_core() -> Iterator[None]:
    """Let the network have all cores but one: photos are decoded beside it, and threads that wait for each other and
    for those judge a third as many parts (benchmarks/README.md)."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(max(1, threads - 1))
    try:
        yield
    finally:
        torch.set_num_threads(threads)
