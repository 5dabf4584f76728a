"""What is told of photos that a line has lost, or may lose."""

from collections.abc import Iterator, Mapping

from inspector.events import Event

MISSED = (
    "files that were overwritten before they were looked at, and are not judged: {}, the last one as {}; write each "
    "photo under a name of its own"
)

NO_COPIES = (
    "photos that wait cannot be copied to {}; make room there: one that is overwritten before its turn is not judged"
)

COPIES_AGAIN = "photos that wait are copied again"


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
