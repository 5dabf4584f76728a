"""Known good parts that judge a line from its first part on: those of a folder, or of a reviewed run."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector.data.found_files import Arrival, read_stamp
from inspector.data.kinds import detect_kind
from inspector.data.layouts.listing import list_kind, name_sample, require_folder
from inspector.data.layouts.pairing import pair_clouds
from inspector.data.samples import Sample
from inspector.decision.threshold import ASKED_LATER, LEAST_GROUPED
from inspector.errors import InputError, StoreError
from inspector.store.records import SampleRecord
from inspector.store.workspace import Workspace

MOST = 200
"""Parts that are compared with each other at the start; of more so many, evenly spread."""

ENOUGH = LEAST_GROUPED
"""Accepted parts of a run that judge alone; of fewer, parts that are merely not flagged judge with them."""


def list_given(golden: str | Path | None, like: int | None, workspace: Workspace) -> list[Arrival]:
    """List known good parts as arrivals.

    Args:
        golden: their folder, with sub-folders; or None.
        like: number of a finished run, of which the accepted parts are taken; where fewer than `ENOUGH` are there,
            also those that are neither flagged nor judged. Or None.
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
    elif like is not None:
        accepted, unreviewed = _list_good(workspace, like)
        return _spread(accepted + unreviewed, f"run {like}")
    else:
        return []
    return _spread(list(_make_arrivals(found)), str(golden))


def describe_unreviewed(like: int, workspace: Workspace) -> str:
    """Say that parts of a run that judge a line were accepted by nobody, and what to do; "" where all were.

    Args:
        like: as of `list_given`.
        workspace: where the run is.

    Raises:
        StoreError: there is no such run, or it is not done.
    """
    accepted, unreviewed = _list_good(workspace, like)
    if not unreviewed:
        return ""
    return (
        f"Unreviewed: of the {len(accepted) + len(unreviewed)} parts that count as good, {len(unreviewed)} were "
        f"accepted by nobody, so defects among them may go unseen; accept good ones in their run ({ENOUGH} are "
        f"enough) and watch anew; {ASKED_LATER}"
    )


def _spread(here: Sequence[Arrival], source: str) -> list[Arrival]:
    """Take `MOST` of the parts, evenly spread; refuse fewer than two."""
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


def _list_good(workspace: Workspace, run_id: int) -> tuple[list[Arrival], list[Arrival]]:
    """List the parts of a run that were accepted and are there, and those that nobody judged and that are needed."""
    run = workspace.runs.get(run_id)
    if run.status != "done":
        raise StoreError(f"run {run.id} is {run.status}, not done; its parts cannot judge others yet")
    verdicts = {verdict.sample_id: verdict.new for verdict in workspace.verdicts.of_run(run_id)}
    scored = [sample for sample in workspace.runs.samples(run_id) if sample.final is not None]
    said = [verdicts.get(sample.id, "undecided") for sample in scored]
    accepted = [sample for sample, verdict in zip(scored, said, strict=True) if verdict == "accepted"]
    others = [
        sample for sample, verdict in zip(scored, said, strict=True) if verdict == "undecided" and not sample.flagged
    ]
    good, unreviewed = (list(_make_arrivals(_name_files(rows, run_id))) for rows in (accepted, others))
    return good, unreviewed if len(good) < ENOUGH else []


def _name_files(rows: Sequence[SampleRecord], run_id: int) -> list[tuple[str, Path | None, Path | None]]:
    return [
        (f"run {run_id}/{row.name}", Path(row.image) if row.image else None, Path(row.cloud) if row.cloud else None)
        for row in rows
    ]


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
