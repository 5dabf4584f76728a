"""Runs that need not be made again: those of the same files, with the same method and version."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from inspector import __version__
from inspector.data.samples import Batch, Sample
from inspector.files import file_sha256
from inspector.settings import Resources, ScanSettings, Tracing
from inspector.store.claims import find_unfinished
from inspector.store.records import RunRecord, SampleRecord
from inspector.store.run_facts import is_judged
from inspector.store.workspace import Workspace


def find_earlier_run(batch: Batch, settings: ScanSettings, store: Workspace) -> RunRecord | None:
    """Find a run of the same files with the same method and version, the newest; those that are done first.

    Args:
        batch: as it is now.
        settings: as they would be scanned with; others that give the same scores are the same.
        store: where the runs are.

    Returns:
        A run that is done, else one that can be taken up again, else None.
    """
    wanted = (str(batch.root.resolve()), batch.layout, _method_values(settings.model_dump(mode="json")), __version__)
    alike = [
        run
        for run in store.runs.all()
        if (run.root, run.layout, _method_values(run.settings), run.version) == wanted and not is_judged(run.notes)
    ]
    done = [run for run in alike if run.status == "done"]
    for run in (*done, *find_unfinished(alike, store.database.read_clock()).values()):
        if _holds_same_files(batch, run, store.runs.samples(run.id)):
            return run
    return None


def _method_values(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what decides scores of settings as they are stored: other memory or batches give the same scores."""
    others = {*Resources.model_fields, *Tracing.model_fields}
    return {name: value for name, value in settings.items() if name not in others}


def _holds_same_files(batch: Batch, run: RunRecord, rows: Sequence[SampleRecord]) -> bool:
    """Tell whether names, labels, masks and files are those that were scanned."""
    now = [(s.name, s.label, str(s.mask) if s.mask else None) for s in batch.samples]
    if now != [(row.name, row.label, row.mask) for row in rows]:
        return False
    begun = run.created.replace(tzinfo=UTC).timestamp()
    return all(_is_unchanged(sample, row, begun) for sample, row in zip(batch.samples, rows, strict=True))


def _is_unchanged(sample: Sample, row: SampleRecord, begun: float) -> bool:
    """Tell whether the files of a sample are those that were scanned.

    One that was changed since the run began is not; nor is one of other bytes: a copy keeps the time of its original.
    """
    files = [file for file in (sample.image, sample.cloud) if file is not None]
    hashed = sample.image if row.photo_sha256 else sample.cloud
    try:
        if any(file.stat().st_mtime > begun for file in files):
            return False
        return hashed is None or not row.sha256 or file_sha256(hashed) == row.sha256
    except OSError:
        return False
