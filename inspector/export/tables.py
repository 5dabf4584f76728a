"""Scores and verdicts as CSV: one line per sample, columns by selection."""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from functools import partial
from pathlib import Path

from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.writer import Export, Writer
from inspector.files import replacing
from inspector.store.records import SampleRecord, VerdictRecord

Cell = Callable[[SampleRecord, VerdictRecord | None], str]
"""What stands in a column for a sample and the verdict that stands; unknown values are empty."""

DECISIONS = {None: "", True: "flagged", False: "passed"}

COLUMNS: dict[str, Cell] = {
    "path": lambda sample, _: sample.name,
    "raw_score": lambda sample, _: _write_number(sample.raw_score),
    "rescored": lambda sample, _: _write_number(sample.rescored),
    "decision": lambda sample, _: DECISIONS[sample.flagged],
    "verdict": lambda _, verdict: verdict.new if verdict else "undecided",
    "operator": lambda _, verdict: verdict.operator if verdict else "",
    "time": lambda _, verdict: verdict.time.replace(tzinfo=UTC).isoformat() if verdict else "",
    "comment": lambda _, verdict: verdict.comment if verdict else "",
    "status": lambda sample, _: sample.status,
    "reason": lambda sample, _: sample.reason,
}

SCORE_COLUMNS = ("path", "raw_score", "rescored", "decision", "status", "reason")
VERDICT_COLUMNS = tuple(COLUMNS)


def write_table(
    samples: Sequence[SampleRecord], path: Path, columns: Sequence[str], verdicts: Sequence[VerdictRecord] = ()
) -> None:
    """Write one CSV line per sample in batch order.

    Args:
        samples: all of a run.
        path: the file.
        columns: names in `COLUMNS`.
        verdicts: all of a run, oldest first: the last of a sample stands. Times are written in UTC, ISO 8601.
    """
    standing: Mapping[int, VerdictRecord] = {verdict.sample_id: verdict for verdict in verdicts}
    with replacing(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for sample in samples:
            writer.writerow([COLUMNS[column](sample, standing.get(sample.id)) for column in columns])


def _write_number(value: float | None) -> str:
    return "" if value is None else repr(value)


class TableWriter(Writer):
    """Writes a table at once, of all samples, also of those without a score."""

    def __init__(self, run: FinishedRun, folder: Path, *, name: str, columns: Sequence[str]) -> None:
        """Write it."""
        super().__init__(folder / name)
        write_table(run.samples, self.path, columns, run.workspace.verdicts.of_run(run.record.id))

    def wants_more(self) -> bool:
        """No: it is written."""
        return False

    def add(self, sample: ShownSample) -> None:
        """Nothing is taken in."""


SCORES = Export("Scores (CSV)", partial(TableWriter, name="scores.csv", columns=SCORE_COLUMNS))
VERDICTS = Export("Scores and verdicts (CSV)", partial(TableWriter, name="verdicts.csv", columns=VERDICT_COLUMNS))
