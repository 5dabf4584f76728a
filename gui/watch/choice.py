"""How a folder is watched, as the operator chose it; kept between two starts of the app. No Qt."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from inspector.presets import PRESETS

Start = Literal["warm-up", "golden", "like"]
"""What judges at first: the first parts each other, known good ones of a folder, or those of a reviewed run."""

USABLE = [name for name, preset in PRESETS.items() if preset.tiles == "1"]
"""Presets for parts that come one by one: photos as a whole."""

USUAL = "fast"


@dataclass(frozen=True)
class WatchChoice:
    """What `inspector watch` is told.

    Attributes:
        folder: that parts arrive in.
        start: which of the next three counts.
        warm_up: parts that are scored by each other at first.
        golden: folder of known good parts.
        like: number of a finished, reviewed run.
        preset: a name of `USABLE`.
        only_new: whether files that are there already are no parts.
        sinks: addresses that results are sent to.
        alarm_rate: share of flagged parts above which there is an alarm; None = never.
    """

    folder: str
    start: Start = "warm-up"
    warm_up: int = 20
    golden: str = ""
    like: int = 0
    preset: str = USUAL
    only_new: bool = False
    sinks: tuple[str, ...] = ()
    alarm_rate: float | None = None

    def to_options(self, *, resume: bool) -> list[str]:
        """Return the options of the command line; a run that goes on has its own preset and beginning."""
        sinks = [word for address in self.sinks for word in ("--on-result", address)]
        alarm = [] if self.alarm_rate is None else ["--alarm-rate", str(self.alarm_rate)]
        if resume:
            return ["--resume", *alarm, *sinks]
        begin = {
            "warm-up": ["--warm-up", str(self.warm_up)],
            "golden": ["--golden", self.golden],
            "like": ["--like", str(self.like)],
        }[self.start]
        new = ["--only-new"] if self.only_new else []
        return ["--preset", self.preset, *begin, *new, *alarm, *sinks]

    def find_problem(self) -> Literal["", "folder", "golden", "sink"]:
        """Return what of it cannot be, before anything is started."""
        if not self.folder or not Path(self.folder).is_dir():
            return "folder"
        if self.start == "golden" and not Path(self.golden or "?").is_dir():
            return "golden"
        return "sink" if any(":" not in address for address in self.sinks) else ""


@dataclass(frozen=True)
class Kept:
    """What is remembered of the folder that was watched last.

    Attributes:
        workspace: that it was watched in.
        choice: how.
        going: whether nobody has stopped it: it goes on when the app is started again.
    """

    workspace: str
    choice: WatchChoice
    going: bool

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Kept | None":
        """Read it back; None where the text is none of it, as of another version."""
        try:
            fields = json.loads(text)
            chosen = fields["choice"]
            choice = WatchChoice(**{**chosen, "sinks": tuple(chosen["sinks"])})
            return cls(fields["workspace"], choice, fields["going"])
        except (ValueError, TypeError, KeyError):
            return None
