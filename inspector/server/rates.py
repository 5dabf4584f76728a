"""How often one address may ask."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_ADDRESSES = 10_000
"""That are remembered; the ones that were quiet for longest are forgotten first."""


class Rate:
    """Lets each address ask so many times a minute: at once, or spread over it."""

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Let each ask `per_minute` times; `clock` gives seconds."""
        self._most, self._clock = per_minute, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def find_wait(self, address: str) -> float:
        """Return the seconds after which an address may ask, 0 = now."""
        return max(0.0, (1 - self._count(address)) * 60 / self._most)

    def take(self, address: str) -> None:
        """Count one request of an address."""
        self._left[address] = (max(0.0, self._count(address) - 1), self._clock())
        self._left.move_to_end(address)
        while len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)

    def _count(self, address: str) -> float:
        left, then = self._left.get(address, (self._most, self._clock()))
        return min(self._most, left + (self._clock() - then) * self._most / 60)
