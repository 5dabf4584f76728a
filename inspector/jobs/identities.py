"""Which parts the photos of a run show, by the codes in them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from inspector.data.barcodes import read_code
from inspector.data.pixels.value_range import Ranges
from inspector.data.samples import Batch
from inspector.events import Event, Report
from inspector.part_rule import PART
from inspector.store.workspace import Workspace

READERS = 4
"""Photos that are looked at for codes at a time."""


def read_codes(
    run_id: int, batch: Batch, usable: Sequence[int], ranges: Ranges, workspace: Workspace, report: Report
) -> None:
    """Find the code in each photo and keep it as the part's id; a note tells how many have none.

    Args:
        run_id: the run.
        batch: its files.
        usable: positions of samples to look at.
        ranges: which values of photos are black and white.
        workspace: where the run is kept.
        report: receives what is to be told.
    """
    photos = [(place, image) for place in usable if (image := batch.samples[place].image) is not None]
    with ThreadPoolExecutor(READERS) as readers:
        codes = readers.map(partial(read_code, ranges=ranges), (image for _, image in photos))
        found = {place: code for (place, _), code in zip(photos, codes, strict=True) if code}
    identities = {place: {**batch.samples[place].identity, PART: code} for place, code in found.items()}
    workspace.runs.keep_codes(run_id, identities)
    bare = [batch.samples[place].name for place, _ in photos if place not in found]
    if bare:
        told = f"no code was found in {len(bare)} of {len(photos)} photos, {bare[0]} first"
        workspace.runs.add_notes(run_id, [told])
        report(Event("warning", "read", message=told))
