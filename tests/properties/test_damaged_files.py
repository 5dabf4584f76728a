"""Whatever happened to a file, it is read or refused in one sentence, in bounded time and memory."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.properties.mutations import cut, flip, insert, move, mutate, renumber, resize
from tests.properties.outcomes import Trial
from tests.properties.readers import READERS

MILD = {"cut off": (cut,), "bits turned": (flip,), "sizes untrue": (resize, renumber), "pieces moved": (move, insert)}
"""Each kind of damage alone."""

EXAMPLES = 12
"""Files tried of each reader and kind of damage; `python -m benchmarks.fuzz_files` tries more."""


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    with Trial() as opened:
        yield opened


@pytest.mark.parametrize("name", READERS)
def test_whole_files_are_read(trial: Trial, name: str) -> None:
    outcomes = [trial.read(name, content) for content in READERS[name].seeds()]

    assert {outcome.kind for outcome in outcomes} == {"read"}, outcomes


@pytest.mark.parametrize("damage", MILD)
@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_read_or_refused(trial: Trial, name: str, damage: str) -> None:
    seeds = READERS[name].seeds()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # files are small as they are, and a shorter one that hangs takes as long to find
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(range(len(seeds))), st.randoms(use_true_random=False))
    def check(seed: int, random: Random) -> None:
        outcome = trial.read(name, mutate(seeds[seed], random, MILD[damage]))

        assert outcome.kind != "escaped", outcome

    check()
