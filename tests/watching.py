"""A small network, and a folder that is watched until nothing comes."""

import pytest

from inspector.jobs.follow import Follower
from inspector.jobs.watch import watch
from inspector.jobs.watch_options import WatchOptions
from inspector.settings import ScanSettings

SETTINGS = ScanSettings(image_size=64, degrees=(1,), layers=(3,), windows=(), batch_size=4)
OPTIONS = WatchOptions(warm_up=6, settle=0, idle=0.1, every=1)

PATIENCE = 300
"""Seconds that parts of which a test knows may take to come, on a busy computer."""


def expect_parts(patch: pytest.MonkeyPatch, count: int) -> None:
    """Let watching go on until so many parts are judged, given ones too, and end by `idle` only then."""
    is_idle = Follower._is_idle

    def is_idle_at_last(follower: Follower, last: float) -> bool:
        return is_idle(follower, last if follower._run.judged >= count else last + PATIENCE)

    patch.setattr(Follower, "_is_idle", is_idle_at_last)


def follow(folder, store, options=OPTIONS, settings=SETTINGS, **further):
    """Watch until nothing comes; return the run, verdicts, and events."""
    verdicts, events = [], []
    run_id = watch(folder, settings, options, store, events.append, verdicts.append, **further)
    return run_id, verdicts, events


def warnings(events):
    return [event.message for event in events if event.kind == "warning"]
