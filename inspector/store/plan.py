"""What a scan began with, kept with the run: taken up again, the scan goes on by what it found out about the machine.

The number of photos that go through the network together, and the room for comparing samples, may change the last bits
of results. They follow the memory that is free, which is never twice the same.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from inspector.store.artefacts import write_file
from inspector.store.workspace import Workspace


@dataclass(frozen=True)
class Plan:
    """How a run uses memory, and by which rule it was begun.

    Attributes:
        batch_size: photos that go through the network together.
        reading: bytes of RAM the network takes for them.
        scoring: bytes for distances and copies of features while samples are compared.
        plain_patches: whether photos were to stay as they are where they strengthen clouds; not in plans of before
            there was a choice.
        judges: positions of the parts that alone judge the batch, each with the SHA-256 of its files; () = all judge
            each other.
        rejected: the same of parts that were rejected where these were accepted.
        judged_by: the run where that was; 0 = none, or one of before verdicts were carried over.
    """

    batch_size: int
    reading: int
    scoring: int
    plain_patches: bool = True
    judges: tuple[tuple[int, str], ...] = ()
    rejected: tuple[tuple[int, str], ...] = ()
    judged_by: int = 0


def save_plan(store: Workspace, run_id: int, plan: Plan) -> None:
    """Keep the plan of a run."""
    with write_file(store.artefacts.run_folder(run_id) / "plan.json") as beside:
        beside.write_text(json.dumps(asdict(plan)), encoding="utf-8")


def load_plan(store: Workspace, run_id: int) -> Plan | None:
    """Return the plan of a run; None where it has none, or a damaged one: a new one is then made."""
    try:
        values = json.loads((store.artefacts.run_folder(run_id) / "plan.json").read_text(encoding="utf-8"))
        plain = bool(values.get("plain_patches", False))
        judges, rejected = (_read_contents(values.get(name, ())) for name in ("judges", "rejected"))
        batch_size, reading, scoring = (int(values[name]) for name in ("batch_size", "reading", "scoring"))
        return Plan(batch_size, reading, scoring, plain, judges, rejected, int(values.get("judged_by", 0)))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read_contents(values: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    return tuple((int(position), str(content)) for position, content in values)
