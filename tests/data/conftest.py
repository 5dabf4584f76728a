"""A folder that is watched by a clock that tests set."""

import pytest

from inspector.data.arrivals import Arrivals


class Clock:
    """Tells the time that it was set to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watched(folder, clock):
    folder.mkdir()
    return Arrivals(folder, 0.5, clock=clock)
