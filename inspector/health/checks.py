"""All checks, by name, in the order in which they are told."""

import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from inspector.health.findings import Finding
from inspector.health.machine import check_clock, check_devices, check_disk, check_gl, check_memory, check_versions
from inspector.health.self_test import check_scores
from inspector.health.storage import check_database, check_server, check_write_speed
from inspector.health.weights import check_weights
from inspector.store.location import folder_of, is_address

CHECKS: dict[str, Callable[[Path], list[Finding]]] = {
    "versions": check_versions,
    "devices": check_devices,
    "memory": check_memory,
    "weights": check_weights,
    "gl": check_gl,
    "database": check_database,
    "write speed": check_write_speed,
    "clock": check_clock,
    "disk": check_disk,
    "self-test": check_scores,
}


def run_checks(workspace: str | Path) -> Iterator[Finding]:
    """Run all checks, one after the other; a check that fails by an error is a finding, too.

    Args:
        workspace: that is looked at; none is made where there is none. Of one on a server the folder of its files.
    """
    for name, check in CHECKS.items():
        try:
            if name == "database" and is_address(workspace):
                yield from check_server(str(workspace))
            else:
                yield from check(folder_of(workspace) if is_address(workspace) else Path(workspace))
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            told = (
                f"the check ended by {type(error).__name__}: {error} ({Path(where.filename).name}, line {where.lineno})"
            )
            yield Finding(name, "wrong", told, "send the archive of `inspector doctor --bundle` to support")
