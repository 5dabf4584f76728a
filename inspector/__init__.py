"""Mutual inspector: finds the odd parts in a batch of unlabelled photos and point clouds.

Importing this package has no side effect and loads no torch; the heavy modules load when a name is first used.
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspector.data.layouts import read_batch
    from inspector.evaluation.run import evaluate
    from inspector.jobs.scan import scan
    from inspector.settings import ScanSettings
    from inspector.store.records import rank_samples
    from inspector.store.workspace import Workspace

logging.getLogger(__name__).addHandler(logging.NullHandler())  # silent until a program wants a log

__version__ = "0.1.0"

__all__ = ["ScanSettings", "Workspace", "evaluate", "rank_samples", "read_batch", "scan"]

_HOMES = {
    "ScanSettings": "inspector.settings",
    "Workspace": "inspector.store.workspace",
    "evaluate": "inspector.evaluation.run",
    "rank_samples": "inspector.store.records",
    "read_batch": "inspector.data.layouts",
    "scan": "inspector.jobs.scan",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
