"""Whether a batch's parts are found in their photos, so that a closer look is at them alone: learnt before reading."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from inspector.data.part_finder import DetectedPart, find_part
from inspector.data.part_model import PartModel, is_clear, learn_parts
from inspector.data.photos import read_image
from inspector.data.pixels.value_range import Ranges
from inspector.data.samples import Batch
from inspector.errors import InputError
from inspector.events import Event, Report
from inspector.machine import count_readers, scan_budget
from inspector.store.part_models import load_part_model, save_part_model
from inspector.store.run_facts import make_event
from inspector.store.workspace import Workspace

LOOKED_AT = 200
"""Photos, spread over the batch, that are looked at."""

FIRST, GIVE_UP = 12, 0.7
"""Photos after which it is given up where the part was clearly seen in a smaller share of them."""


def find_part_model(
    run_id: int,
    batch: Batch,
    ranges: Ranges,
    workspace: Workspace,
    report: Report,
    memory: float | None = None,
) -> PartModel | None:
    """Return how the parts of a run are found in their photos: as kept with it, or learnt now and then kept.

    Args:
        run_id: the run.
        batch: its samples.
        ranges: which values of photos are black and white.
        workspace: where the run is.
        report: receives progress, and the fact where parts are found; may raise `Cancelled`.
        memory: that may be taken, see `ScanSettings`.

    Returns:
        None where photos are better used whole.
    """
    known, model = load_part_model(workspace, run_id)
    if known:
        return model
    model = learn_batch(batch, ranges, report, memory)
    if model is not None:  # told before it is kept: a run that is taken up again is not told anew
        turned = "" if model.mean is None else ", turned as the others lie"
        told = f"parts stand out from a plain ground: the closer look is at each part alone{turned}"
        workspace.runs.add_notes(run_id, [told])
        report(make_event(told, "look"))
    save_part_model(workspace, run_id, model)
    return model


def learn_batch(batch: Batch, ranges: Ranges, report: Report, memory: float | None = None) -> PartModel | None:
    """Learn how the parts of a batch are found, from photos spread over it.

    Args:
        batch: the parts.
        ranges: which values of photos are black and white.
        report: receives the progress; may raise `Cancelled`.
        memory: that may be taken, see `ScanSettings`.
    """
    having = [sample.image for sample in batch.samples if sample.image is not None]
    count = min(LOOKED_AT, len(having))
    chosen = [having[index * len(having) // count] for index in range(count)]
    step = max(1, count // FIRST)
    first, rest = chosen[::step], [path for index, path in enumerate(chosen) if index % step]
    report(Event("progress", "look", 0, count))
    done, seen = 0, []
    with ThreadPoolExecutor(count_readers(scan_budget(memory).left())) as pool:
        try:
            for some in (first, rest):
                for readable, sighting in pool.map(lambda path: _look_at(path, ranges), some):
                    done += 1
                    seen += [sighting] if readable else []
                    report(Event("progress", "look", done, count))
                if sum(part is not None and is_clear(part) for part in seen) < GIVE_UP * len(seen):
                    break
        finally:
            pool.shutdown(cancel_futures=True)
    if done < count:
        report(Event("progress", "look", count, count))
    model = learn_parts(seen)
    return None if isinstance(model, str) else model


def _look_at(path: Path, ranges: Ranges) -> tuple[bool, DetectedPart | None]:
    """Look for the part in a photo; False = the photo cannot be read, which is told later."""
    try:
        return True, find_part(read_image(path, ranges))
    except InputError:
        return False, None
