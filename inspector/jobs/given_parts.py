"""Known good parts that judge a line from its first part on: those of a folder, or of a reviewed run."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector.data.found_files import Arrival, read_stamp
from inspector.data.kinds import detect_kind
from inspector.data.layouts.listing import list_kind, name_sample, require_folder
from inspector.data.layouts.pairing import pair_clouds
from inspector.data.samples import Sample
from inspector.errors import InputError, StoreError
from inspector.store.workspace import Workspace

MOST = 200
"""Parts that are compared with each other at the start; of more so many, evenly spread."""


def list_given(golden: str | Path | None, like: int | None, workspace: Workspace) -> list[Arrival]:
    """List known good parts as arrivals.

    Args:
        golden: their folder, with sub-folders; or None.
        like: number of a finished run, of which the accepted parts are taken, and those not flagged and not rejected;
            or None.
        workspace: where the run is.

    Returns:
        No arrival where neither is named; else 2 to `MOST`.

    Raises:
        InputError: the folder is missing, or there are fewer than two parts.
        StoreError: there is no such run, or it is not done.
    """
    if golden is not None:
        golden = Path(golden)
        if not golden.is_dir():
            raise InputError(f"there is no folder {golden} with known good parts; check the path")
        require_folder(golden)
        found = [(f"{golden.name}/{sample.name}", sample.image, sample.cloud) for sample in _list_folder(golden)]
        source = str(golden)
    elif like is not None:
        found = [(f"run {like}/{name}", image, cloud) for name, image, cloud in _list_good(workspace, like)]
        source = f"run {like}"
    else:
        return []
    here = list(_make_arrivals(found))
    if len(here) < 2:
        raise InputError(f"{source} has {len(here)} known good parts that are there; give at least two, better twenty")
    count = min(MOST, len(here))
    return [here[index * len(here) // count] for index in range(count)]


def _list_folder(folder: Path) -> list[Sample]:
    """List photos, clouds, and parts of both, paired as those of a batch are."""
    paths = [(path, detect_kind(path) == "photo") for path in list_kind(folder, "photo", "cloud")]
    samples = [
        Sample(name_sample(folder, path), path if is_photo else None, None if is_photo else path)
        for path, is_photo in paths
    ]
    return pair_clouds(samples, folder, has_camera=False).samples


def _list_good(workspace: Workspace, run_id: int) -> Iterator[tuple[str, Path | None, Path | None]]:
    run = workspace.runs.get(run_id)
    if run.status != "done":
        raise StoreError(f"run {run.id} is {run.status}, not done; its parts cannot judge others yet")
    verdicts = {verdict.sample_id: verdict.new for verdict in workspace.verdicts.of_run(run_id)}
    for sample in workspace.runs.samples(run_id):
        usual = "rejected" if sample.flagged else "accepted"
        verdict = verdicts.get(sample.id, "undecided")
        if sample.final is not None and (usual if verdict == "undecided" else verdict) == "accepted":
            image, cloud = (Path(path) if path else None for path in (sample.image, sample.cloud))
            yield sample.name, image, cloud


def make_arrival(name: str, image: str | Path | None, cloud: str | Path | None) -> Arrival:
    """Make an arrival of files that are there, at least one; raises OSError where one is gone."""
    now = time.monotonic()
    found = None if cloud is None else Arrival(name, Path(cloud), read_stamp(cloud), now, "cloud")
    if image is None:
        assert found is not None
        return found
    return Arrival(name, Path(image), read_stamp(image), now, cloud=found)


def _make_arrivals(found: Sequence[tuple[str, Path | None, Path | None]]) -> Iterator[Arrival]:
    for each in found:
        try:
            yield make_arrival(*each)
        except OSError:  # it is gone since
            continue
