"""Parts of which there are several photos: views. The worst of them decides, and each part counts once."""

from collections.abc import Sequence

from inspector.part_rule import LOT, PART
from inspector.store.records import SampleRecord


def number_parts(samples: Sequence[SampleRecord]) -> list[int]:
    """Return a number for each sample, from 0 in the order they come: views of one part have the same.

    Views have the same part and the same lot, which may be unknown. What cannot be read is a part of its own, so that
    it is seen.

    Example:
        ids 7, 8, 7 and none give 0, 1, 0, 2.
    """
    numbers: dict[object, int] = {}
    return [numbers.setdefault(_find_key(sample), len(numbers)) for sample in samples]


def group_parts(samples: Sequence[SampleRecord]) -> list[list[SampleRecord]]:
    """Return the samples part by part, in the order that parts come."""
    groups: dict[int, list[SampleRecord]] = {}
    for number, sample in zip(number_parts(samples), samples, strict=True):
        groups.setdefault(number, []).append(sample)
    return list(groups.values())


def decide_part(views: Sequence[SampleRecord]) -> bool | None:
    """Return whether a part is flagged: one flagged view suffices; None where nothing is known of any."""
    known = [view.flagged for view in views if view.flagged is not None]
    return any(known) if known else None


def _find_key(sample: SampleRecord) -> object:
    part = sample.identity.get(PART)
    return (sample.identity.get(LOT, ""), part) if part and sample.status == "ok" else sample.position
