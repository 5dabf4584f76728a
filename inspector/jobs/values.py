"""Which values of a batch's photos are black and white: found before any is scored, kept with the run."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from inspector.data.parts import Part
from inspector.data.photos import is_deep, read_bytes, read_raw
from inspector.data.pixels.value_range import (
    ANY,
    FULL,
    MOST_VALUES,
    Measurement,
    Ranges,
    choose_ranges,
    measure_photo,
    name_kind,
)
from inspector.data.samples import Batch
from inspector.errors import InputError
from inspector.events import Event, Report
from inspector.machine import count_readers, scan_budget
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from inspector.value_limits import read_limits


def find_value_ranges(
    run_id: int, batch: Batch, settings: ScanSettings, workspace: Workspace, report: Report
) -> Ranges:
    """Return which values of a run's photos are black and white: as kept with it, or chosen now and then kept.

    Args:
        run_id: the run.
        batch: its samples.
        settings: `value_range` decides how they are chosen, `memory` how many photos are read at once.
        workspace: where the run is.
        report: receives the progress; may raise `Cancelled`.
    """
    run = workspace.runs.get(run_id)
    if run.value_range is not None:
        return run.ranges
    ranges = choose_value_ranges(batch, settings.value_range, report, settings.memory)
    workspace.runs.keep_value_range(run_id, ranges)
    return ranges


def choose_value_ranges(batch: Batch, value_range: str, report: Report, memory: float | None = None) -> Ranges:
    """Choose the scales of a batch's photos.

    Photos of 8 bits, and those that declare their bits, need none. All others are read once for it: a photo's own
    darkest and brightest value say nothing of the next one's.

    Args:
        batch: the parts.
        value_range: "auto", "full" or pairs of numbers, see `ScanSettings`.
        report: receives the progress; may raise `Cancelled`.
        memory: that may be taken, see `ScanSettings`.
    """
    if value_range not in ("auto", "full"):
        return {ANY: read_limits(value_range)}
    deep = [sample.image for sample in batch.samples if sample.image is not None and is_deep(sample.image)]
    if not deep:
        return FULL
    report(Event("progress", "measure", 0, len(deep)))
    found, most = [], max(256, MOST_VALUES // len(deep))
    with ThreadPoolExecutor(count_readers(scan_budget(memory).left())) as pool:
        try:
            for done, measured in enumerate(pool.map(lambda path: _measure(path, most), deep), start=1):
                if measured is not None and (value_range == "auto" or measured.is_float):
                    found.append(measured)
                report(Event("progress", "measure", done, len(deep)))
        finally:
            pool.shutdown(cancel_futures=True)
    return choose_ranges(found)


def _measure(path: Path, most: int) -> Measurement | None:
    """Measure a photo; None where its scale is known without, or where it cannot be read, which is told later."""
    try:
        return measure_photo(read_raw(read_bytes(path), path.name), most)
    except InputError:
        return None


def describe_mixed_depths(parts: Sequence[Part]) -> str:
    """Say that the photos of a batch are of several depths; "" where they are of one."""
    kinds = Counter(part.photo_kind for part in parts if part.photo_kind)
    if len(kinds) < 2:
        return ""
    told = ", ".join(f"{count} of {name_kind(kind)}" for kind, count in kinds.most_common())
    return f"the batch mixes photos of different depths ({told}); each is read on the scale of its kind"
