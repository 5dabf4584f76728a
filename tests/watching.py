"""A small network, and a folder that is watched until nothing comes."""

from inspector.jobs.watch import watch
from inspector.jobs.watch_options import WatchOptions
from inspector.settings import ScanSettings

SETTINGS = ScanSettings(image_size=64, degrees=(1,), layers=(3,), windows=(), batch_size=4)
OPTIONS = WatchOptions(warm_up=6, settle=0, idle=0.1, every=1)


def follow(folder, store, options=OPTIONS, settings=SETTINGS, **further):
    """Watch until nothing comes; return the run, verdicts, and events."""
    verdicts, events = [], []
    run_id = watch(folder, settings, options, store, events.append, verdicts.append, **further)
    return run_id, verdicts, events


def warnings(events):
    return [event.message for event in events if event.kind == "warning"]
