"""Counts that threads share: of what is due, and of what was lost."""

import threading
from collections.abc import Callable


class Due:
    """How many times a photo was asked for that was not taken yet."""

    def __init__(self) -> None:
        """Begin at none."""
        self._count = 0
        self._changed = threading.Condition()

    def add(self) -> None:
        """Ask for one more."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def take_one(self, timeout: float) -> bool:
        """Take one off; wait for it some seconds at most, and tell whether there was one."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._count > 0, timeout):
                return False
            self._count -= 1
            return True

    def take_all(self) -> int:
        """Take all off; return how many there were."""
        with self._changed:
            count, self._count = self._count, 0
        return count


class LossTally:
    """Counts photos that were lost in one way, and tells it at 1, 2, 4, 8, ..."""

    def __init__(self, tell: Callable[[str], None], what: str) -> None:
        """Count from none.

        Args:
            tell: takes sentences for people.
            what: became of the photos, as in "dropped".
        """
        self.count = 0
        self._tell, self._what = tell, what
        self._told, self._tell_at = 0, 1

    def add(self, count: int) -> None:
        """Count so many more."""
        self.count += count
        if self.count >= self._tell_at:
            while self._tell_at <= self.count:
                self._tell_at *= 2
            self.tell_total()

    def tell_total(self) -> None:
        """Tell how many there are, where it was not told yet."""
        if self.count > self._told:
            self._told = self.count
            self._tell(f"{self.count} {'photo' if self.count == 1 else 'photos'} {self._what}")
