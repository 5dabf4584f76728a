"""A line that is killed: sends results 0 ... COUNT - 1 of files, from the start each time, to all that is named.

Each photo is there before it is judged; those judged before a kill are sent again, as `watch` does from its store.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

from inspector.sinks import delivery
from inspector.sinks.mover import find_sha256
from inspector.sinks.register import make_sinks
from inspector.sinks.result import Verdict
from inspector.sinks.sending import Sending
from tests.sinks.parts import make_result

VERDICTS: tuple[Verdict, ...] = ("ok", "ng", "unreadable")


def put(path: Path, text: str, folder: Path) -> None:
    """Write a file that is there whole or not at all, whenever this process is killed; it is made in the folder."""
    new = folder / "new"
    new.write_text(text)
    new.replace(path)


def read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:  # or it is moved just now
        return ""


def send_all(folder: Path, count: int, addresses: list[str]) -> None:
    delivery.FIRST_WAIT, delivery.LONGEST_WAIT, delivery.LOOK_AGAIN = 0.01, 0.05, 0.01
    with Sending(
        make_sinks(addresses), folder / "run", lambda event: sys.stderr.write(f"{event.message}\n")
    ) as sending:
        for position in range(count):
            path = folder / "line" / f"{position % 7}.png"  # names come again
            if not (folder / f"judged-{position}").exists():
                path.parent.mkdir(exist_ok=True)
                while read(path) not in ("", str(position)):  # the last one of this name is not moved yet
                    time.sleep(0.001)
                put(path, str(position), folder)
                put(folder / f"judged-{position}", find_sha256(path) or "", folder)
            sha256 = (folder / f"judged-{position}").read_text()
            sending.send(replace(make_result(position, VERDICTS[position % 3], path), sha256=sha256 or None))
        sending.close(patience=60)
