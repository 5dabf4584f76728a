"""The job of a line: parts that arrive in a folder are judged at once, one by one, until it is stopped."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

from inspector.cameras.grabber import Grabber
from inspector.data.arrivals import list_stamps
from inspector.data.known_files import Stamp
from inspector.data.layouts.listing import require_folder
from inspector.data.parts import Modality
from inspector.data.roi_files import read_roi
from inspector.data.samples import Batch
from inspector.errors import Cancelled, InputError, InspectorError, SettingsError, StoreAway, StoreError
from inspector.events import Event, Report, silent
from inspector.jobs.follow import Follower
from inspector.jobs.given_parts import Given, list_given
from inspector.jobs.line import Line, check_settings
from inspector.jobs.outage import Outage
from inspector.jobs.part_results import OnResult
from inspector.jobs.watch_options import WatchOptions
from inspector.jobs.watched_run import WatchedRun
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.sinks.result import PartResult
from inspector.sinks.sending import Sending
from inspector.sinks.sink import Sink
from inspector.store.claims import WATCHED
from inspector.store.lost_files import find_lost_files, tell_lost_files
from inspector.store.records import RunRecord
from inspector.store.rois import keep_roi
from inspector.store.workspace import Workspace


def watch(
    folder: str | Path,
    settings: ScanSettings,
    options: WatchOptions,
    workspace: Workspace,
    report: Report = silent,
    on_result: OnResult | None = None,
    *,
    resume: bool = False,
    sinks: Sequence[Sink] = (),
    recipe: Recipe | None = None,
    grabber: Grabber | None = None,
) -> int:
    """Judge the parts that arrive in a folder, one by one, until `report` raises `Cancelled` or Ctrl+C is pressed.

    The first parts, or known good ones, are scored by each other and calibrate the run; from then on each part is
    scored by a pool of earlier ones as soon as its file is complete, and kept in the run before it is handed on. Where
    nothing can be kept for a while, as without the server or on a full disk, that is told, and waited for. After
    the program was killed, what lies in the folder and is not in the run is judged; what may not have been handed on
    is handed on again, marked so.

    Args:
        folder: it may be empty, not missing.
        settings: how parts are scored; those of the run where it is taken up again.
        options: how the folder is watched; what a run keeps of it is that of the run where it is taken up again.
        workspace: where the run is kept.
        report: receives the events.
        on_result: receives each result, once it is kept; what it raises ends the job.
        resume: whether the newest watched run of the folder goes on.
        recipe: what the settings come from; kept with a new run.
        grabber: what takes photos into the folder; it is begun here.
        sinks: where each result is sent, too; what they do not take is kept with the run and sent when it goes on.

    Returns:
        The number of the run.

    Raises:
        InputError: the folder cannot be listed; known good parts cannot be read.
        Cancelled: it was stopped while nothing could be kept; the run goes on with `resume` as after a kill.
        SettingsError: settings that are not built for parts that come one by one; judged photos would be moved to
            where they arrive.
        StoreError: the workspace cannot be written; there is no run to take up, or another program watches it.
        WeightsError: the weights of the network are missing or damaged.
    """
    folder = Path(folder).absolute()
    _prepare_sinks(workspace, folder, sinks)
    if resume:
        run_id, settings, options = _find_run(workspace, folder, options)
    settings, given = check_settings(settings), list_given(options.golden, options.like, workspace)
    ignored = _list_ignored(folder, options, given)
    if not resume:
        run_id = _create_run(workspace, folder, settings, options, ignored, recipe)
    lost = find_lost_files(workspace, run_id)
    run_folder, outage = workspace.artefacts.run_folder(run_id), Outage(report)
    with (
        workspace.runs.hold(run_id),
        _record_end(workspace, run_id, outage),
        Sending(sinks, run_folder, report) as sending,
    ):
        line = _begin_line(workspace, run_id, settings)
        report(Event("run", message=str(run_id)))
        tell_lost_files(workspace, run_id, lost, report)
        hand_on = partial(_hand_on, outage, sending, on_result)
        run = WatchedRun(run_id, line, workspace, report, hand_on, options, outage)
        if grabber is not None:
            grabber.start()
        Follower(folder, options, workspace, report, line, run).follow(given, partial(_tell, sending, grabber))
    report(Event("result", message=str(run_id)))
    return run_id


def _create_run(
    workspace: Workspace,
    folder: Path,
    settings: ScanSettings,
    options: WatchOptions,
    ignored: dict[str, Stamp],
    recipe: Recipe | None,
) -> int:
    """Begin a run; a region of interest that cannot be read is refused before."""
    if settings.roi is not None:
        read_roi(settings.roi)
    return workspace.watches.create(Batch(folder, (), layout=WATCHED), settings, options.to_json(), ignored, recipe)


def _begin_line(workspace: Workspace, run_id: int, settings: ScanSettings) -> Line:
    """Load the network for a run, which must have been begun with the same one, and note that it is at work."""
    roi = keep_roi(workspace, run_id, settings.roi)
    line = Line(settings, workspace.artefacts.run_folder(run_id) / "pool", roi)
    before, tokens = workspace.runs.get(run_id), line.tokens
    _require_same_weights(before, line)
    if workspace.watches.get(run_id).pool is not None:
        if tokens.modality is None:
            tokens.set_modality(cast("Modality", before.modality))
        _require_same_precision(before, line)
    modality = tokens.modality or "2d"  # until the first parts say
    workspace.runs.begin(run_id, device=tokens.device, weights_sha256=tokens.weights_sha256, modality=modality)
    return line


def _tell(sending: Sending, grabber: Grabber | None) -> None:
    sending.tell()
    if grabber is not None:
        grabber.tell()


def _hand_on(outage: Outage, sending: Sending, on_result: OnResult | None, result: PartResult) -> None:
    outage.outlast(partial(sending.send, result))
    if on_result is not None:
        on_result(result)


def _note_move(workspace: Workspace, result: PartResult, path: Path, cloud: Path | None = None) -> None:
    workspace.watches.move_files(result.run, result.position, path, cloud)


def _prepare_sinks(workspace: Workspace, folder: Path, sinks: Sequence[Sink]) -> None:
    """Note in the run where photos are moved; refuse to move them to where photos arrive: they would arrive again."""
    for sink in sinks:
        if sink.moves_files and sink.folder is not None and sink.folder.resolve().is_relative_to(folder.resolve()):
            raise SettingsError(f"{sink.name} lies in the watched folder {folder}: its photos would be judged again")
        sink.tell_moved = partial(_note_move, workspace)


def _list_ignored(folder: Path, options: WatchOptions, given: Given) -> dict[str, Stamp]:
    """List the files in the folder that are no parts: those that judge from the start, or all that lie there."""
    try:
        require_folder(folder)
        there = list_stamps(folder)
    except OSError as error:
        raise InputError(f"cannot list the folder {folder}: {error.strerror or error}") from error
    judging = {file.path.resolve() for arrival in given.arrivals for file in arrival.files}
    return {name: stamp for name, stamp in there.items() if options.only_new or (folder / name).resolve() in judging}


def _find_run(workspace: Workspace, folder: Path, options: WatchOptions) -> tuple[int, ScanSettings, WatchOptions]:
    """Find the newest watched run of a folder, with its settings and what it keeps of its options."""
    root = str(folder.resolve())
    run_id = workspace.watches.find_latest(root)
    if run_id is None:
        raise StoreError(f"{root} was never watched in {workspace.folder}; watch it without `resume`")
    kept = workspace.watches.get(run_id).options
    golden = None if kept["golden"] is None else Path(kept["golden"])
    options = replace(options, **{**kept, "golden": golden})
    return run_id, ScanSettings().changed(**workspace.runs.get(run_id).settings), options


def _require_same_weights(before: RunRecord, line: Line) -> None:
    if before.weights_sha256 not in ("", line.tokens.weights_sha256):
        raise StoreError(
            f"run {before.id} was begun with other weights of {line.settings.backbone}; watch the folder anew"
        )


def _require_same_precision(before: RunRecord, line: Line) -> None:
    tokens = line.tokens
    if before.device not in ("", tokens.device) and not tokens.are_same_everywhere:
        raise StoreError(
            f"run {before.id} was begun on {before.device}, where {line.settings.backbone} computes in another "
            f"precision than on {tokens.device}, on which it would go on; go on where it was begun, or watch the "
            "folder anew"
        )


@contextmanager
def _record_end(workspace: Workspace, run_id: int, outage: Outage) -> Iterator[None]:
    """Leave the run's true state in the workspace however watching ends: a stop is its usual end."""
    try:
        with suppress(Cancelled, KeyboardInterrupt):
            yield
    except BaseException as error:
        told = str(error) if isinstance(error, InspectorError) else f"{type(error).__name__}: {error}"
        with suppress(StoreError):
            workspace.runs.end(run_id, "failed", told)
        raise
    try:
        if outage.error is not None:
            raise outage.error
        _close_run(workspace, run_id)
    except StoreAway as error:
        raise Cancelled(f"stopped while nothing could be kept, `resume` goes on with the run: {error}") from error


def _close_run(workspace: Workspace, run_id: int) -> None:
    if workspace.watches.get(run_id).pool is None:
        workspace.runs.end(run_id, "cancelled", "stopped in its warm-up: nothing was judged")
    else:
        workspace.watches.finish(run_id)
