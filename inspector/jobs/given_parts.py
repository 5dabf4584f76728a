"""Known good parts that judge a line from its first part on: those of a folder, or of a reviewed run."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector.data.arrivals import Arrival, read_stamp
from inspector.data.layouts.listing import list_images, name_sample
from inspector.errors import InputError, StoreError
from inspector.store.workspace import Workspace

MOST = 200
"""Parts that are compared with each other at the start; of more so many, evenly spread."""


def list_given(golden: str | Path | None, like: int | None, workspace: Workspace) -> list[Arrival]:
    """List known good parts as if they had arrived.

    Args:
        golden: their folder, with sub-folders; or None.
        like: number of a finished run, of which the accepted parts are taken, and those not flagged and not rejected;
            or None.
        workspace: where the run is.

    Returns:
        None of them where neither is named; else two to `MOST`.

    Raises:
        InputError: fewer than two photos.
        StoreError: there is no such run, or it is not done.
    """
    if golden is not None:
        golden = Path(golden)
        found = [(f"{golden.name}/{name_sample(golden, path)}", path) for path in list_images(golden)]
        source = str(golden)
    elif like is not None:
        found = [(f"run {like}/{name}", path) for name, path in _list_good(workspace, like)]
        source = f"run {like}"
    else:
        return []
    here = list(_make_arrivals(found))
    if len(here) < 2:
        raise InputError(f"{source} has {len(here)} known good photos that are there; give at least two, better twenty")
    count = min(MOST, len(here))
    return [here[index * len(here) // count] for index in range(count)]


def _list_good(workspace: Workspace, run_id: int) -> Iterator[tuple[str, Path]]:
    run = workspace.runs.get(run_id)
    if run.status != "done":
        raise StoreError(f"run {run.id} is {run.status}, not done; its parts cannot judge others yet")
    verdicts = {verdict.sample_id: verdict.new for verdict in workspace.verdicts.of_run(run_id)}
    for sample in workspace.runs.samples(run_id):
        usual = "rejected" if sample.flagged else "accepted"
        verdict = verdicts.get(sample.id, "undecided")
        if sample.image and sample.final is not None and (usual if verdict == "undecided" else verdict) == "accepted":
            yield sample.name, Path(sample.image)


def _make_arrivals(found: Sequence[tuple[str, Path]]) -> Iterator[Arrival]:
    for name, path in found:
        try:
            yield Arrival(name, path, read_stamp(path), time.monotonic())
        except OSError:  # it is gone since
            continue
