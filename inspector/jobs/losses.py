"""What is told of photos that a line has lost, or may lose, and of files that it does not judge."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from inspector.data.found_files import LookResult
from inspector.events import Event, Report

MISSED = (
    "files that were overwritten before they were looked at, and are not judged: {}, the last one as {}; write each "
    "photo under a name of its own"
)

KEPT = "watched since {}: {}"
"""Begins what is kept of that with the run, for each time that it was watched."""

NO_COPIES = (
    "photos that wait cannot be copied to {}; make room there: one that is overwritten before its turn is not judged"
)

COPIES_AGAIN = "photos that wait are copied again"

RESTLESS = (
    "{} changes before it is complete and is judged only when it stands still; if a camera overwrites it with each "
    "photo, have it written under another name and renamed when it is complete"
)


class Losses:
    """Counts what was overwritten unseen, and notes whether photos that wait can be copied; tells both."""

    def __init__(self, report: Report, keep: Callable[[str, str], None]) -> None:
        """Begin with nothing.

        Args:
            report: what is to be told.
            keep: takes what is to be kept with the run, and what it takes the place of; "" = of nothing.
        """
        self._report, self._keep = report, keep
        self._begun = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}"
        self._missed, self._told, self._last, self._trouble, self._kept = 0, 0, "", "", ""

    def tell(self, missed: Mapping[str, int], trouble: str) -> None:
        """Tell of the first file that was overwritten unseen, then of 2, 4, 8, …; of changes of the copies.

        Args:
            missed: how many files were overwritten unseen since the last time, by name.
            trouble: where photos that wait cannot be copied, and why; "" = they can.

        Raises:
            StoreError: what was lost cannot be kept.
        """
        self._missed += sum(missed.values())
        self._last = [self._last, *missed][-1]
        if self._missed >= max(1, 2 * self._told):
            self.tell_rest()
        if trouble != self._trouble:
            self._trouble = trouble
            self._report(Event("warning", "held", message=NO_COPIES.format(trouble) if trouble else COPIES_AGAIN))

    def tell_rest(self) -> None:
        """Tell of files that were overwritten since it was told last, as where the line pauses; keep their number.

        Raises:
            StoreError: it cannot be kept.
        """
        if self._missed <= self._told:
            return
        self._told, told = self._missed, MISSED.format(self._missed, self._last)
        self._report(Event("warning", "missed", total=self._missed, message=told))
        before, self._kept = self._kept, KEPT.format(self._begun, told)
        self._keep(self._kept, before)


def describe_others(found: LookResult) -> Iterator[str]:
    """Say of files that were found why they are no parts."""
    for name in found.unnamed:
        yield f"{name!a} was left out: its name is no valid text; rename the file"
    for name, reason in found.passed.items():
        yield f"{name} is passed over, as all files like it: {reason}"
    for name in found.restless:
        yield RESTLESS.format(name)
