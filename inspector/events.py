"""What a running scan says: one event a line, for a progress bar, a log or another program."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["run", "progress", "warning", "fact", "result", "part", "alive", "waiting"]


@dataclass(frozen=True)
class Event:
    """One thing a scan says.

    Attributes:
        kind: "run" (a run began, `message` is its number), "progress" (`done` of `total` of `stage`),
            "warning" (`message` names a sample and what is wrong with it), "fact" (`message` says how parts are
            compared), "result" (the run is complete, `message` is its number), "part" (a part that came by itself was
            judged: `part` says how), "alive" (a folder is still watched: `done` parts of `total` that came are judged),
            "waiting" (`total` results wait to be sent to the sink `message`).
        stage: "fetch" (files from an address), "measure", "look", "warm-up" (parts of a watched run), "read", "score",
            "maps", "export", "evaluate" (categories) or "download" (bytes); empty where no stage is meant. Of some
            warnings of a watched folder, what they are about: "burst", "change" (of the product) or "over"; "alarm"
            (`done` of the last `total` parts are flagged) or "calm"; "away" (the folder), "silent" (no answer of it) or
            "back"; "behind" (`total` parts wait) or "level"; "store" (nothing can be kept) or "stored"; "missed"
            (`total` files were overwritten unseen); "held"; "pool"; "send"; "camera".
        done, total: samples (or steps, categories, bytes) finished and to do in this stage.
        message: text for people, or the run number for "run" and "result"; with the progress of "read" what is read:
            "photos", "clouds" or "photos and clouds".
        part: of "part" alone, what `PartResult.to_fields` gives, and "again": whether it may have been told before.
    """

    kind: Kind
    stage: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    part: dict[str, Any] | None = None

    def to_json(self) -> str:
        """Return the event as one JSON line with a time stamp (seconds since the epoch)."""
        told = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps({**told, "time": round(time.time(), 3)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> "Event":
        """Read an event back from its line; raises ValueError where the line is none."""
        fields = json.loads(line)
        if not isinstance(fields, dict) or "kind" not in fields:
            raise ValueError(f"expected one event as a JSON object, but got {line[:80]!r}")
        return cls(**{name: fields[name] for name in cls.__dataclass_fields__ if name in fields})


Report = Callable[[Event], None]
"""Receives the events of a scan. It may raise `Cancelled`, which stops the scan cleanly."""


def silent(event: Event) -> None:
    """A `Report` that says nothing."""
