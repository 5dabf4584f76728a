"""What once escaped, as the smallest file that did: it is read or refused now."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.properties.outcomes import Trial
from tests.properties.readers import READERS

CORPUS = Path(__file__).parents[1] / "corpus"

FILES = sorted(file for file in CORPUS.glob("*/*") if file.is_file())

MOST_BYTES = 200_000
"""Of the whole corpus."""


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    with Trial() as opened:
        yield opened


def test_corpus_is_small_and_known() -> None:
    assert {file.parent.name for file in FILES} <= set(READERS)
    assert 0 < sum(file.stat().st_size for file in FILES) < MOST_BYTES


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_what_once_escaped_is_read_or_refused(trial: Trial, file: Path) -> None:
    outcome = trial.read(file.parent.name, file.read_bytes())

    assert outcome.kind != "escaped", outcome
