"""Known good parts that judge a line from its first part on: those of a folder, or of a reviewed run."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from inspector.data.found_files import Arrival, read_stamp
from inspector.data.kinds import detect_kind
from inspector.data.layouts.listing import list_kind, name_sample, require_folder
from inspector.data.layouts.pairing import pair_clouds
from inspector.data.samples import Sample
from inspector.decision.threshold import ASKED_LATER, LEAST_GROUPED
from inspector.errors import InputError, StoreError
from inspector.store.parts import group_parts
from inspector.store.records import SampleRecord
from inspector.store.workspace import Workspace

MOST = 200
"""Parts that are compared with each other at the start; of more so many, evenly spread."""

ENOUGH = LEAST_GROUPED
"""Accepted parts of a run that judge alone; of fewer, parts that are merely not flagged judge with them."""


class Given(NamedTuple):
    """Parts that judge from the start.

    Attributes:
        arrivals: none, or 2 to `MOST`.
        unreviewed: how many of them nobody accepted: they are merely not flagged in their run.
    """

    arrivals: Sequence[Arrival]
    unreviewed: int = 0

    def describe_unreviewed(self) -> str:
        """Say that parts which judge were accepted by nobody, and what to do; "" where there is none."""
        if not self.unreviewed:
            return ""
        return (
            f"Unreviewed: nobody accepted {self.unreviewed} of the {len(self.arrivals)} parts that count as good, so "
            f"defects among them may go unseen; accept good ones in their run ({ENOUGH} are enough) and "
            f"watch anew; {ASKED_LATER}"
        )


def list_given(golden: str | Path | None, like: int | None, workspace: Workspace) -> Given:
    """List known good parts as arrivals.

    Args:
        golden: their folder, with sub-folders; or None.
        like: number of a finished run, of which the accepted parts are taken; where fewer than `ENOUGH` are there,
            also those that are neither flagged nor judged. No view of a part of which another one was rejected. Or
            None.
        workspace: where the run is.

    Returns:
        No arrival where neither is named.

    Raises:
        InputError: the folder is missing or cannot be listed, or there are fewer than two parts.
        StoreError: there is no such run, or it is not done.
    """
    if golden is not None:
        golden = Path(golden)
        require_folder(golden, missing=f"there is no folder {golden} with known good parts; check the path")
        found = [(f"{golden.name}/{sample.name}", sample.image, sample.cloud) for sample in _list_folder(golden)]
        given = Given(_spread(list(_make_arrivals(found)), MOST))
    elif like is not None:
        accepted, others = _list_good(workspace, like)
        accepted = _spread(accepted, MOST)
        others = _spread(others, MOST - len(accepted))
        given = Given([*accepted, *others], len(others))
    else:
        return Given([])
    here = len(given.arrivals)
    if here < 2:
        source = golden if like is None else f"run {like}"
        none = f"{source} has no known good part that is there; give at least two, better twenty"
        one = f"{source} has 1 known good part that is there; give at least two, better twenty"
        raise InputError(one if here else none)
    return given


def _spread(here: Sequence[Arrival], most: int) -> list[Arrival]:
    """Take so many of the parts at most, evenly spread."""
    count = min(most, len(here))
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
    accepted, others = list[SampleRecord](), list[SampleRecord]()
    for views in group_parts(workspace.runs.samples(run_id)):
        if any(verdicts.get(view.id) == "rejected" for view in views):
            continue
        scored = [view for view in views if view.final is not None]
        unsaid = [view for view in scored if verdicts.get(view.id, "undecided") == "undecided"]
        accepted += [view for view in scored if view not in unsaid]
        others += [] if any(view.flagged for view in unsaid) else unsaid
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
