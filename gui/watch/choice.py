"""How a folder is watched, as the operator chose it; kept between two starts of the app. No Qt."""

import json
import socket
from dataclasses import asdict, dataclass, field
from typing import Literal

from inspector.places import is_folder

Start = Literal["warm-up", "golden", "like"]
"""What judges at first: the first parts each other, known good ones of a folder, or those of a reviewed run."""

USUAL = "fast"

PARTNER_WAIT = 10.0
"""Seconds, if nothing else is said, as on the command line."""

Problem = Literal["", "folder", "golden", "source", "trigger", "message", "sink"]
"""What cannot be: "trigger" = it lacks one; "message" = an address that no messages come from."""


def usable_presets() -> list[str]:
    """Return the names of the presets for parts that come one by one: photos as a whole."""
    from inspector.presets import PRESETS  # carries pydantic, which the first picture of the window need not wait for

    return [name for name, preset in PRESETS.items() if preset.tiles == "1"]


@dataclass(frozen=True)
class WatchChoice:
    """What `inspector watch` is told.

    Attributes:
        folder: that parts arrive in.
        start: which of the next three counts.
        warm_up: parts that are scored by each other at first.
        golden: folder of known good parts.
        like: number of a finished, reviewed run.
        preset: a name of `usable_presets`.
        recipe: name of a product whose recipe is used in place of a preset; "" = none.
        only_new: whether files that are there already are no parts.
        sinks: addresses that results are sent to.
        alarm_rate: share of flagged parts above which there is an alarm; None = never.
        partner_wait: seconds that photo and cloud of a part wait for each other.
        source: address of the camera that takes photos into the folder; "" = they arrive by themselves.
        every: seconds from one photo of it to the next; None = not by the clock.
        trigger: address of the messages of MQTT at which it takes one; "" = at none.
    """

    folder: str
    start: Start = "warm-up"
    warm_up: int = 20
    golden: str = ""
    like: int = 0
    preset: str = USUAL
    recipe: str = ""
    only_new: bool = False
    sinks: tuple[str, ...] = ()
    alarm_rate: float | None = None
    partner_wait: float = PARTNER_WAIT
    source: str = ""
    every: float | None = None
    trigger: str = ""

    def to_options(self, *, resume: bool) -> list[str]:
        """Return the options of the command line; a run that goes on has its own preset and beginning."""
        sinks = [word for address in self.sinks for word in ("--on-result", address)]
        again = [] if self.alarm_rate is None else ["--alarm-rate", str(self.alarm_rate)]
        if self.partner_wait != PARTNER_WAIT:
            again += ["--partner-wait", str(self.partner_wait)]
        again += [*self._name_camera(), *sinks]
        if resume:
            return ["--resume", *again]
        begin = {
            "warm-up": ["--warm-up", str(self.warm_up)],
            "golden": ["--golden", self.golden],
            "like": ["--like", str(self.like)],
        }[self.start]
        new = ["--only-new"] if self.only_new else []
        how = ["--recipe", self.recipe] if self.recipe else ["--preset", self.preset]
        return [*how, *begin, *new, *again]

    def _name_camera(self) -> list[str]:
        if not self.source:
            return []
        every = [] if self.every is None else ["--every", str(self.every)]
        return ["--source", self.source, *every, *(["--trigger", self.trigger] if self.trigger else [])]

    def find_problem(self) -> Problem:
        """Return what of it cannot be, before anything is started; a missing folder of a camera is made."""
        if not self.folder or not (self.source or is_folder(self.folder)):
            return "folder"
        if self.start == "golden" and not is_folder(self.golden):
            return "golden"
        return self._find_camera_problem() or ("sink" if any(":" not in address for address in self.sinks) else "")

    def _find_camera_problem(self) -> Problem:
        from inspector.cameras.register import (
            is_camera,
            needs_trigger,
        )  # carries numpy, which the start need not wait for

        if self.source and not is_camera(self.source):
            return "source"
        if self.source and self.every is None and not self.trigger and needs_trigger(self.source):
            return "trigger"
        return "message" if self.trigger and not self.trigger.startswith(("mqtt://", "mqtts://")) else ""


@dataclass(frozen=True)
class RememberedWatch:
    """What is remembered of the folder that was watched last.

    Attributes:
        workspace: that it was watched in.
        choice: how.
        going: whether nobody has stopped it: it goes on when the app is started again.
        computer: what this one was called then.
    """

    workspace: str
    choice: WatchChoice
    going: bool
    computer: str = field(default_factory=socket.gethostname)

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "RememberedWatch | None":
        """Read it back; None where the text is none of it, as of another version."""
        try:
            fields = json.loads(text)
            chosen = fields["choice"]
            choice = WatchChoice(**{**chosen, "sinks": tuple(chosen["sinks"])})
            return cls(fields["workspace"], choice, fields["going"], fields.get("computer", ""))
        except (ValueError, TypeError, KeyError):
            return None
