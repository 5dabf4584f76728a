"""What the store holds of one run, read at one go; off the GUI thread, for a run of ten thousand takes its time."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inspector.store.records import RunRecord, SampleRecord, VerdictRecord
from inspector.store.workspace import Workspace


@dataclass(frozen=True)
class RunContent:
    """A run as the store had it at one moment.

    Attributes:
        run: the run.
        rows: its N samples, in the order of the batch.
        verdicts: all that was said of a sample, oldest first, by the sample's id.
        newest_verdict: largest id of a verdict among them; 0 = there is none.
        finals, raw_scores: (N,) float64; NaN where there is no score.
    """

    run: RunRecord
    rows: list[SampleRecord] = field(repr=False)
    verdicts: dict[int, list[VerdictRecord]] = field(repr=False)
    newest_verdict: int
    finals: NDArray[np.float64] = field(repr=False)
    raw_scores: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True)
class News:
    """A run as it is now, and the verdicts on its samples that were not known, oldest first."""

    run: RunRecord
    verdicts: list[VerdictRecord] = field(repr=False)


def read_news(store: Workspace, run_id: int, newest: int) -> News:
    """Read what was written on a run after the verdict of a number; quick where nothing was. Raises as `read_run`."""
    return News(store.runs.get(run_id), store.verdicts.since(run_id, newest))


def read_run(store: Workspace, run_id: int) -> RunContent:
    """Read a run, its samples and their verdicts.

    Raises:
        StoreError: there is no such run, or the workspace cannot be read.
    """
    run, rows = store.runs.get(run_id), store.runs.samples(run_id)
    verdicts: dict[int, list[VerdictRecord]] = {}
    newest = 0
    for verdict in store.verdicts.of_run(run_id):
        verdicts.setdefault(verdict.sample_id, []).append(verdict)
        newest = max(newest, verdict.id)
    finals = make_column(row.final for row in rows)
    return RunContent(run, rows, verdicts, newest, finals, make_column(row.raw_score for row in rows))


def read_times(rows: Sequence[SampleRecord]) -> NDArray[np.float64]:
    """Ask the file system when the files of samples were last changed: (N,) seconds; NaN where there is none."""
    return make_column(_read_time(row) for row in rows)


def make_column(values: Iterable[float | None]) -> NDArray[np.float64]:
    """Put numbers into an array; None becomes NaN."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _read_time(row: SampleRecord) -> float | None:
    try:
        return os.stat(row.image or row.cloud or "").st_mtime  # noqa: PTH116 - of tens of thousands of files
    except OSError:
        return None
