"""Which notes of a run are facts: where its parts are from and how they were compared, with nothing to act on."""

import re
from collections.abc import Iterable, Mapping, Sequence

from inspector.events import Event

FACTS = {
    r"fetched from .+": "Origin",
    r"scores and maps were made elsewhere and imported from .+": "Origin",
    r".+: subset \d+ of \d+, seed \d+": "Subset",
    r"photos of \d+ views \(.+\) are compared with each other, as published": "Views",
    r"(photos|parts) of \d+ x \d+ pixels are .*compared in patches of \d+ x \d+": "Tiles",
    r"parts stand out from a plain ground: .+": "Closer look",
    r"parts lie in many poses: .+": "Poses",
    r"parts lie alike: .+": "Subspace",
    r"judged by (\d+ views of )?the \d+ parts that were accepted in (run \d+|an earlier run)(: by .+)?": "Judges",
    r"verdicts carried over from (run \d+|an earlier run), where the files are the same: \d+": "Verdicts",
}
"""What such notes look like, and what each is called. Else a note is there to be acted on."""


def name_fact(note: str) -> str:
    """Return what a note of a run is called where it is a fact; "" = it is there to be acted on.

    Example:
        "parts lie alike: what is unusual at its place is 25% of the score of a patch" is called "Subspace".
    """
    return next((name for pattern, name in FACTS.items() if re.fullmatch(pattern, note)), "")


def is_judged(notes: Iterable[str]) -> bool:
    """Tell by the notes of a run whether only parts that were accepted before judge it."""
    return any(name_fact(note) == "Judges" for note in notes)


def renumber_runs(notes: Sequence[str], numbers: Mapping[int | None, int]) -> list[str]:
    """Return the notes of a run, with other numbers where they speak of the run whose accepted parts judge it.

    Args:
        notes: of the run.
        numbers: the new ones by those in the notes; what has none is told as an earlier run.
    """
    if not is_judged(notes):
        return list(notes)
    # names of parts and folders in other notes may begin with "run 1", too
    named = re.compile(r"\b(accepted in|accepted parts of|carried over from) run (\d+)")
    of_run = {old: f"run {new}" for old, new in numbers.items()}
    return [
        named.sub(lambda found: f"{found[1]} {of_run.get(int(found[2]), 'an earlier run')}", note) for note in notes
    ]


def list_notes(notes: Iterable[str]) -> list[str]:
    """Return those of the notes of a run that are there to be acted on."""
    return [note for note in notes if not name_fact(note)]


def make_event(note: str, stage: str = "") -> Event:
    """Return the event by which a note of a run is told: a fact, or a warning."""
    return Event("fact" if name_fact(note) else "warning", stage, message=note)
