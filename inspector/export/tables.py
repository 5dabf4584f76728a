"""Scores and verdicts as CSV: one line per sample, columns by selection."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from inspector.export.csv_files import Cell, Decimal, write_csv
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.writer import Export, Writer
from inspector.store.groups import GroupRecord
from inspector.store.parts import decide_part, group_parts
from inspector.store.records import SampleRecord, VerdictRecord
from inspector.store.standing import Standing, list_standing
from inspector.times import write_zoned

Look = Callable[[SampleRecord, Standing | None], Cell]
"""What stands in a column for a sample and the verdict that stands; unknown values are empty."""

SHARED = "shared_region"
"""Column of the numbers of the groups that share a region with a sample."""

LEFT_OUT = "left out"
"""Status of a file in the folder that is no part of the batch."""

CLASS = "defect_class"
"""Column of the class of what is rejected; there where the run has any."""

CARRIED = "carried_from"
"""Column of the run that a verdict was carried over from; there where any was."""

DECISIONS = {None: "", True: "flagged", False: "not flagged"}

COLUMNS: dict[str, Look] = {
    "path": lambda sample, _: sample.name,
    "raw_score": lambda sample, _: sample.raw_score,
    "plain_score": lambda sample, _: sample.plain_score,
    "rescored": lambda sample, _: sample.rescored,
    "decision": lambda sample, _: DECISIONS[sample.flagged],
    "verdict": lambda _, verdict: verdict.verdict if verdict else "undecided",
    "operator": lambda _, verdict: verdict.operator if verdict else "",
    "time": lambda _, verdict: write_zoned(verdict.time) if verdict else "",
    "comment": lambda _, verdict: verdict.comment if verdict else "",
    CLASS: lambda _, verdict: verdict.defect_class if verdict else "",
    CARRIED: lambda _, verdict: verdict.carried_from if verdict else None,
    "status": lambda sample, _: sample.status,
    "reason": lambda sample, _: sample.reason,
    "variant": lambda sample, _: sample.variant,
}


SCORE_COLUMNS = ("path", "raw_score", "rescored", "decision", "status", "reason", "variant")
VERDICT_COLUMNS = tuple(name for name in COLUMNS if name not in ("plain_score", CLASS, CARRIED))


def write_table(
    samples: Sequence[SampleRecord],
    path: str | Path,
    columns: Sequence[str],
    verdicts: Sequence[VerdictRecord] = (),
    *,
    left_out: Sequence[Sequence[str]] = (),
    groups: Sequence[GroupRecord] = (),
    decimal: Decimal = "point",
) -> None:
    """Write one CSV line per sample in batch order, then one for each file that is no part of the batch.

    Args:
        samples: all of a run.
        path: the file.
        columns: names in `COLUMNS`.
        verdicts: all of a run, oldest first: see `find_standing`. Times are local, ISO 8601 with
            their zone.
        left_out: name and reason of each file that was left out.
        groups: those of the run; where there are any, a column says which of them a sample is in, and where scores
            follow them, another one the raw score without that.
        decimal: what stands before decimals.

    What is known of the parts (part, lot, station, ...) has a column each at the end, where it is known of any; where
    there are several views of a part, the last column says what is decided of the part: the worst view counts.
    """
    standing = list_standing(verdicts)
    more = ("plain_score",) if any(group.corrected for group in groups) else ()
    classed = (CLASS,) if "verdict" in columns and any(verdict.defect_class for verdict in verdicts) else ()
    carried = (CARRIED,) if "verdict" in columns and any(verdict.kind == "carried" for verdict in verdicts) else ()
    known = tuple(dict.fromkeys(chain.from_iterable(sample.identity for sample in samples)))
    names = (*columns, *classed, *carried, *more, *((SHARED,) if groups else ()))
    numbers: dict[int, list[str]] = {}
    for group in groups:
        for member in group.members:
            numbers.setdefault(member.sample_id, []).append(str(group.number))

    def name_groups(sample: SampleRecord, _: Standing | None) -> Cell:
        return " ".join(numbers.get(sample.id, ()))

    def list_cells(sample: SampleRecord) -> list[Cell]:
        verdict = standing.get(sample.id)
        told = [*(look[column](sample, verdict) for column in names), *(sample.identity.get(group) for group in known)]
        return [*told, decisions[sample.position]] if decisions else told

    look: dict[str, Look] = {**COLUMNS, SHARED: name_groups}
    decisions = _decide_parts(samples)
    header = [*names, *(f"{group}_of_part" if group in look else group for group in known)]
    header += ["part_decision"] if decisions else []
    told = ({"path": name, "status": LEFT_OUT, "reason": reason} for name, reason in left_out)
    others = ([cells.get(column) for column in header] for cells in told)
    write_csv(path, header, chain(map(list_cells, samples), others), decimal=decimal)


def _decide_parts(samples: Sequence[SampleRecord]) -> dict[int, Cell]:
    """Return what is decided of the part that each sample shows, by its place; {} where no part has several views."""
    parts = group_parts(samples)
    if len(parts) == len(samples):
        return {}
    return {view.position: DECISIONS[decide_part(views)] for views in parts for view in views}


class TableWriter(Writer):
    """Writes a table at once, of all samples, also of those without a score."""

    def __init__(self, run: FinishedRun, folder: Path, *, name: str, columns: Sequence[str]) -> None:
        """Begin."""
        super().__init__(folder / name)
        self._run, self._columns = run, columns

    def start(self) -> None:
        """Write it."""
        run = self._run
        verdicts, left_out = run.workspace.verdicts.of_run(run.record.id), run.record.left_out
        groups = run.workspace.groups.of_run(run.record.id)
        write_table(
            run.samples, self.path, self._columns, verdicts, left_out=left_out, groups=groups, decimal=run.decimal
        )

    def wants_more(self) -> bool:
        """No: it is written."""
        return False

    def add(self, sample: ShownSample) -> None:
        """Nothing is taken in."""


SCORES = Export("Scores (CSV)", partial(TableWriter, name="scores.csv", columns=SCORE_COLUMNS))
VERDICTS = Export("Scores and verdicts (CSV)", partial(TableWriter, name="verdicts.csv", columns=VERDICT_COLUMNS))
