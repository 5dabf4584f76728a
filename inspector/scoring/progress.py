"""How far scoring is."""

from inspector.events import Event, Report


class Progress:
    """Counts scored samples and tells about every hundredth part of the work."""

    def __init__(self, report: Report, total: int) -> None:
        """Tell that nothing of `total` samples, each counted once for each set of features, is scored yet."""
        self._report = report
        self._total = total
        self._every = max(1, total // 100)
        self._done = 0
        report(Event("progress", "score", 0, total))

    def step(self) -> None:
        """Count one sample of one set of features."""
        self._done += 1
        if self._done % self._every == 0 or self._done == self._total:
            self._report(Event("progress", "score", self._done, self._total))
