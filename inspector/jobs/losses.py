"""What is told of photos that a line has lost, or may lose, and of files that it does not judge."""

from collections.abc import Iterator, Mapping

from inspector.data.found_files import LookResult
from inspector.events import Event

MISSED = (
    "files that were overwritten before they were looked at, and are not judged: {}, the last one as {}; write each "
    "photo under a name of its own"
)

NO_COPIES = (
    "photos that wait cannot be copied to {}; make room there: one that is overwritten before its turn is not judged"
)

COPIES_AGAIN = "photos that wait are copied again"

RESTLESS = (
    "{} changes before it is complete and is judged only when it stands still; if a camera overwrites it with each "
    "photo, have it written under another name and renamed when it is complete"
)


class Losses:
    """Counts what was overwritten unseen, and notes whether photos that wait can be copied."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._missed, self._told, self._last, self._trouble = 0, 0, "", ""

    def describe(self, missed: Mapping[str, int], trouble: str) -> Iterator[Event]:
        """Yield what is to be told: the first file that was overwritten unseen, then 2, 4, 8, …; changes of the copies.

        Args:
            missed: how many files were overwritten unseen since the last time, by name.
            trouble: where photos that wait cannot be copied, and why; "" = they can.
        """
        self._missed += sum(missed.values())
        self._last = [self._last, *missed][-1]
        if self._missed >= max(1, 2 * self._told):
            yield from self.describe_rest()
        if trouble != self._trouble:
            yield Event("warning", "held", message=NO_COPIES.format(trouble) if trouble else COPIES_AGAIN)
        self._trouble = trouble

    def describe_rest(self) -> Iterator[Event]:
        """Yield what is to be told of files that were overwritten since it was told last, as where the line pauses."""
        if self._missed > self._told:
            self._told = self._missed
            told = MISSED.format(self._missed, self._last)
            yield Event("warning", "missed", total=self._missed, message=told)


def describe_others(found: LookResult) -> Iterator[str]:
    """Say of files that were found why they are no parts."""
    for name in found.unnamed:
        yield f"{name!a} was left out: its name is no valid text; rename the file"
    for name, reason in found.passed.items():
        yield f"{name} is passed over, as all files like it: {reason}"
    for name in found.restless:
        yield RESTLESS.format(name)
