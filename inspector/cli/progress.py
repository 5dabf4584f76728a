"""How the events of a scan reach a person or a program."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from inspector.cli.options import add_flags
from inspector.events import Event, Report
from inspector.logs import log_event
from inspector.terminal import escape_text

STAGES = {
    "fetch": "Fetching files",
    "measure": "Measuring values",
    "look": "Looking at parts",
    "warm-up": "Parts of the warm-up",
    "read": "Reading photos",
    "score": "Mutual scoring",
    "maps": "Anomaly maps",
    "export": "Exporting",
    "evaluate": "Categories",
    "download": "Fetching bytes",
}

SENTENCES = ("warning", "fact")
"""Kinds of events that are told in a line of their own."""

PLAIN_INTERVAL = 5.0
"""Seconds between two plain progress lines of one stage."""


@contextmanager
def reporting(events: str) -> Iterator[Report]:
    """Give a `Report` that fits where its words go.

    Args:
        events: "jsonl" = one JSON line each on stdout; "auto" = bars on a terminal, plain lines on stderr elsewhere.
    """
    if events == "jsonl":
        yield _log_too(_print_json)
    elif sys.stderr.isatty():
        with _bars() as report:
            yield _log_too(report)
    else:
        yield _log_too(_plain_lines())


def _log_too(report: Report) -> Report:
    def tell(event: Event) -> None:
        log_event(event)
        report(event)

    return tell


def _write_message(event: Event) -> str:
    return f"{'warning: ' if event.kind == 'warning' else ''}{escape_text(add_flags(event.message))}"


def _name_stage(event: Event) -> str:
    return f"Reading {event.message}" if event.stage == "read" and event.message else STAGES[event.stage]


def _print_json(event: Event) -> None:
    sys.stdout.write(event.to_json() + "\n")
    sys.stdout.flush()


@contextmanager
def _bars() -> Iterator[Report]:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        tasks = {}

        def report(event: Event) -> None:
            if event.kind in SENTENCES:
                progress.console.print(_write_message(event), markup=False, highlight=False)
            if event.kind == "progress":
                if event.stage not in tasks:
                    tasks[event.stage] = progress.add_task(_name_stage(event), total=event.total)
                elif event.done == 0:  # the next of several scans
                    progress.reset(tasks[event.stage], total=event.total)
                progress.update(tasks[event.stage], completed=event.done, total=event.total)

        yield report


def _plain_lines() -> Report:
    started: dict[str, float] = {}
    spoken: dict[str, float] = {}
    paces: dict[str, tuple[float, int]] = {}

    def report(event: Event) -> None:
        now = time.monotonic()
        if event.kind in SENTENCES:
            sys.stderr.write(f"{_write_message(event)}\n")
        if event.kind != "progress":
            return
        if event.done == 0:
            started[event.stage] = spoken[event.stage] = now
            paces.pop(event.stage, None)
        begin = started.setdefault(event.stage, now)
        since, first = paces.setdefault(event.stage, (now, event.done)) if event.done else (now, event.done)
        if event.done < event.total and now - spoken.get(event.stage, begin) < PLAIN_INTERVAL:
            return
        spoken[event.stage] = now
        ending = f", {now - begin:.1f} s" if event.done >= event.total else ""
        if not ending and event.done > first:  # the first of them paid for what is loaded once
            ending = f", about {(now - since) * (event.total - event.done) / (event.done - first):.0f} s left"
        sys.stderr.write(f"{_name_stage(event)}: {event.done}/{event.total}{ending}\n")

    return report
