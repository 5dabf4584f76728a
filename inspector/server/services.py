"""What all endpoints of the server share: workspace, queue of scans, folders, limits; and how they look things up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

import anyio
from anyio import to_thread
from fastapi import Depends, Request
from fastapi import Path as InPath

from inspector.errors import InputError, StoreError
from inspector.export.shown import FinishedRun, ShownSample
from inspector.server.errors import Refusal
from inspector.server.folders import Folders
from inspector.server.gate import Limits
from inspector.server.scan_queue import ScanQueue
from inspector.store.records import RunRecord, SampleRecord
from inspector.store.run_rows import RunMissing
from inspector.store.server import ServerLost
from inspector.store.workspace import Workspace

MOST = 2**31 - 1
"""Largest number of a run or a sample that a database takes."""

AT_ONCE = 2
"""Pictures and reports that are made at a time: each holds a photo."""

RunNumber = Annotated[int, InPath(ge=1, le=MOST, description="Number of the run.")]
Position = Annotated[int, InPath(ge=0, le=MOST, description="Place of the sample in its batch, from 0.")]
JobNumber = Annotated[int, InPath(ge=1, le=MOST, description="Number of the job.")]

Made = TypeVar("Made")


@dataclass
class Services:
    """What the endpoints of a server work with.

    Attributes:
        store: the workspace.
        queue: of scans.
        folders: from which photos may come.
        limits: of requests.
        streams: connections that follow events now.
    """

    store: Workspace
    queue: ScanQueue
    folders: Folders
    limits: Limits
    streams: int = 0
    _busy: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(AT_ONCE), repr=False)

    def find_run(self, run_id: int) -> RunRecord:
        """Return a run; raises Refusal where there is none."""
        try:
            return self.store.runs.get(run_id)
        except RunMissing as error:
            raise Refusal(404, f"there is no run {run_id}; /api/runs lists them") from error

    def find_sample(self, run_id: int, position: int) -> SampleRecord:
        """Return a sample of a run; raises Refusal where there is none."""
        run = self.find_run(run_id)
        for sample in self.store.runs.samples(run_id, position, 1):
            if sample.position == position:
                return sample
        raise Refusal(404, f"run {run_id} has no sample {position}; they go from 0 to {run.samples - 1}")

    def find_finished(self, run_id: int) -> RunRecord:
        """Return a run that is done; raises Refusal where it is not."""
        run = self.find_run(run_id)
        if run.status != "done" or run.display_range is None or run.map_threshold is None:
            raise Refusal(409, f"run {run_id} is {run.status}, not done; ask again when it is")
        return run

    def show(self, run_id: int, position: int) -> ShownSample:
        """Return a sample of a finished run with its photo and map; raises Refusal where it has no score."""
        run, sample = self.find_finished(run_id), self.find_sample(run_id, position)
        if sample.final is None or run.display_range is None or run.map_threshold is None:
            raise Refusal(404, f"sample {position} of run {run_id} has no score; its `reason` says why")
        return ShownSample(FinishedRun(self.store, run, [], run.display_range, run.map_threshold), sample, "")

    async def make(self, work: Callable[[], Made]) -> Made:
        """Run what takes memory and time in a thread, `AT_ONCE` at a time; raises Refusal where a file is gone."""

        def run() -> Made:
            try:
                return work()
            except ServerLost:  # what is asked for may be there
                raise
            except (InputError, StoreError) as error:
                raise Refusal(404, f"it cannot be shown: {error}") from error
            except MemoryError as error:
                raise Refusal(503, "it does not fit into memory; try again later", {"Retry-After": "30"}) from error

        return await to_thread.run_sync(run, limiter=self._busy)


def _find_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Shared = Annotated[Services, Depends(_find_services)]
