"""A run as files: every chosen export in one pass over its samples."""

import errno
from collections.abc import Iterable, Mapping
from pathlib import Path

import cv2

from inspector.data.samples import tell_of
from inspector.errors import InputError, StoreError
from inspector.events import Event, Report, silent
from inspector.export.csv_files import Decimal
from inspector.export.manifest import write_manifest
from inspector.export.names import room_below
from inspector.export.register import USUAL, load_exports
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.words import Language
from inspector.export.writer import Writer
from inspector.store.records import rank_samples
from inspector.store.workspace import Workspace

HOPELESS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""What fails for one file fails for all: the disk is full, or may only be read."""


def write_exports(
    workspace: Workspace,
    run_id: int,
    folder: str | Path,
    names: Iterable[str] = USUAL,
    report: Report = silent,
    *,
    decimal: Decimal = "point",
    language: Language = "en",
) -> dict[str, Path]:
    """Write a run to a folder in some forms, and a mark that says so.

    What a run does not have (clouds, in a batch of photos) is passed over. A sample whose photo is gone, or of which a
    file cannot be written, is left out with a warning; the rest is written.

    Args:
        workspace: where the run is.
        run_id: a run that is done.
        folder: made where there is none; files of the same names are replaced, a dataset (see `DatasetWriter`) only
            where it is of the same run and as it was written.
        names: of exports, see `list_exports`.
        report: receives progress and warnings; may raise `Cancelled`, then what was written so far stays.
        decimal: what stands before decimals in CSV files.
        language: of reports.

    Returns:
        The file or folder of each export that was written, by name.

    Raises:
        StoreError: the run does not exist, is not done or has nothing of what is wanted, or the folder cannot be
            written, or holds a dataset that would be lost; nothing is changed then.
        InspectorError: an export does not exist, or needs something that is not installed.
    """
    folder = Path(folder)
    run = FinishedRun.load(workspace, run_id, decimal, language)
    exports = load_exports(names)
    possible = {name: export for name, export in exports.items() if export.is_possible(workspace, run.record)}
    if not possible:
        lacking = "".join(dict.fromkeys(f"; {export.lacking}" for export in exports.values() if export.lacking))
        raise StoreError(f"run {run_id} has nothing of what is to be written: {', '.join(exports)}{lacking}")
    for name, export in exports.items():
        if name not in possible and export.lacking:
            report(Event("warning", "export", message=f"{name} is not written: {export.lacking}"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writers = {name: export.begin(run, folder) for name, export in possible.items()}
        for writer in writers.values():
            writer.start()
        try:
            _add_samples(run, writers, folder, report)
            for writer in writers.values():
                writer.finish()
            for name, remark in ((name, writer.remark) for name, writer in writers.items() if writer.remark):
                report(Event("warning", "export", message=f"{name}: {remark}"))
        finally:
            write_manifest(folder, run_id, (writer.path for writer in writers.values()))
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror or error}; choose another folder") from error
    return {name: writer.path for name, writer in writers.items()}


def _add_samples(run: FinishedRun, writers: Mapping[str, Writer], folder: Path, report: Report) -> None:
    total, refused = len(rank_samples(run.samples)), list[OSError]()
    report(Event("progress", "export", 0, total))
    for done, sample in enumerate(run.ranked(room_below(folder)), start=1):  # one at a time: each holds its photo
        waiting = {name: writer for name, writer in writers.items() if writer.wants_more()}
        if not waiting:
            report(Event("progress", "export", total, total))
            return
        problems = (_add(sample, name, writer, refused) for name, writer in waiting.items())
        for problem in dict.fromkeys(filter(None, problems)):
            report(Event("warning", "export", message=tell_of(sample.record.name, problem)))
        report(Event("progress", "export", done, total))
    if refused and not any(writer.path.exists() for writer in writers.values()):
        raise refused[-1]  # it was no single file


def _add(sample: ShownSample, name: str, writer: Writer, refused: list[OSError]) -> str:
    """Give a sample to a writer; return what is wrong with it, "" = nothing. What the system refused is noted."""
    try:
        writer.add(sample)
    except (InputError, StoreError) as error:
        return str(error)
    except OSError as error:
        if error.errno in HOPELESS:
            raise
        refused.append(error)
        return f"its file in {name} cannot be written ({error.strerror or error}); the others are"
    except (MemoryError, cv2.error):
        return f"its file in {name} does not fit into memory; the others are written"
    return ""
