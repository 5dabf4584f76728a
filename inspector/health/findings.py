"""What a check found, and what to do about it."""

from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["good", "skipped", "warning", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: which check, a name of `CHECKS`.
        level: "good"; "skipped", where there is nothing to check; "warning", where it works but not well; "wrong".
        message: what was found, in one sentence.
        remedy: what to do; "" where nothing is to be done.
    """

    check: str
    level: Level
    message: str
    remedy: str = ""

    def __post_init__(self) -> None:
        if (self.level in ("warning", "wrong")) != bool(self.remedy):
            raise ValueError(f"expected a remedy where something is to be done, but got {self.level}, {self.remedy!r}")

    def to_json(self) -> dict[str, str]:
        """Return its fields as they go into JSON."""
        return asdict(self)
