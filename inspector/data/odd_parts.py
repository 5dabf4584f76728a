"""Parts that seem to be no part of their batch: a photo of another size or colour profile, a cloud's unit, a copy."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from inspector.data.clouds.cloud import are_alike, are_swapped, find_usual_extent, have_odd_units, is_odd_unit
from inspector.data.parts import Part

Size = tuple[int, int]
"""Rows and columns of a photo."""

FEWEST = 5
"""Photos from which on one can tell what is usual."""

MOST_ODD = 0.1
"""Share of the photos; where more have another size, sizes vary in this batch and tell nothing."""

REMEMBERED = 5000
"""Parts of a line of which a copy is noticed."""

TOLERANCE = 1.1
"""Photos whose sides differ by at most this factor are of one size: parts that were cut out are never quite alike."""


def find_usual_size(sizes: Iterable[Size]) -> Size | None:
    """Return the size that nearly all photos of a batch have; None where there is none, or they are few."""
    counts = Counter(sizes)
    if counts.total() < FEWEST:
        return None
    usual = counts.most_common(1)[0][0]
    like = sum(count for size, count in counts.items() if _is_like(size, usual))
    return usual if like >= (1 - MOST_ODD) * counts.total() else None


def note_odd_size(part: Part, usual: Size | None) -> Part:
    """Return a part, with a note where its photo has another size than `find_usual_size` found."""
    if usual is None or not part.image_key or _is_like(part.size, usual):
        return part
    (height, width), (rows, cols) = part.size, usual
    told = f"its photo has {width} x {height} pixels, the others {cols} x {rows}: see whether it belongs to them"
    return _add_note(part, told)


def find_usual_profile(profiles: Iterable[str]) -> str:
    """Return the colour profile that most photos of a batch have; "" where they are few, or have no photo."""
    counts = Counter(filter(None, profiles))
    return counts.most_common(1)[0][0] if counts.total() >= FEWEST else ""


def note_odd_profile(part: Part, usual: str) -> Part:
    """Return a part, with a note where its photo has another colour profile than `find_usual_profile` found."""
    if not usual or part.profile in ("", usual):
        return part
    told = (
        f"the colour profile of its photo is {part.profile}, most photos have {usual}: save all with one profile, for "
        "colours are compared as they are stored"
    )
    return _add_note(part, told)


class UsualExtent(NamedTuple):
    """How large the clouds of a batch are, each in its file's unit."""

    extent: float = 0.0
    """0 where there are none."""
    alike: bool = False
    """Whether nearly all have it."""
    sides: tuple[float, ...] = ()
    """Along x, y and z, where nearly all have them; else ()."""


def find_usual_unit(parts: Sequence[Part]) -> UsualExtent:
    """Return how large the clouds of some parts usually are."""
    extents = [part.extent for part in parts if part.extent]
    usual = find_usual_extent(extents)
    like = sum(are_alike(extent, usual) for extent in extents)
    alike = len(extents) >= FEWEST and like >= (1 - MOST_ODD) * len(extents)
    return UsualExtent(usual, alike, _find_usual_sides([part.sides for part in parts if part.sides]))


def _find_usual_sides(boxes: Sequence[Sequence[float]]) -> tuple[float, ...]:
    usual = tuple(map(find_usual_extent, zip(*boxes, strict=True)))
    like = sum(all(map(are_alike, box, usual)) for box in boxes)
    return usual if len(boxes) >= FEWEST and like >= (1 - MOST_ODD) * len(boxes) else ()


def note_odd_unit(part: Part, usual: UsualExtent) -> Part:
    """Return a part, with a note where its cloud's unit or axes must be others than `find_usual_unit` found."""
    if usual.sides and part.sides and have_odd_units(part.sides, usual.sides):
        return _add_note(part, "its cloud seems to be in another unit than the others along some of its axes")
    if usual.extent and part.extent and is_odd_unit(part.extent, usual.extent, alike=usual.alike):
        return _add_note(part, "its cloud seems to be in another unit than the others")
    if usual.sides and part.sides and are_swapped(part.sides, usual.sides):
        told = "its cloud is as large as the others, but along other axes: it lies turned, or x, y and z are swapped"
        return _add_note(part, told)
    return part


def note_odd_parts(parts: Sequence[Part]) -> list[Part]:
    """Return the parts of a batch, those with a note that seem to be none of it."""
    usual, unit = find_usual_size(part.size for part in parts if part.image_key), find_usual_unit(parts)
    profile = find_usual_profile(part.profile for part in parts)
    sized = [note_odd_profile(note_odd_size(part, usual), profile) for part in parts]
    return _note_copies([note_odd_unit(part, unit) for part in sized])


class EarlierParts:
    """Remembers the files of the parts of a line that came last, and notes one that comes once more."""

    def __init__(self) -> None:
        """Begin with none."""
        self._names: dict[str, str] = {}

    def add(self, content: str, name: str) -> None:
        """Note the content (`Part.content`) and the name of a part; of those beyond `REMEMBERED` the oldest go."""
        self._names.pop(content, None)
        if content:
            self._names[content] = name
        if len(self._names) > REMEMBERED:
            del self._names[next(iter(self._names))]

    def note_copy(self, part: Part) -> Part:
        """Return a part, with a note where its files are those of an earlier one: it may be that part once more."""
        name = self._names.get(part.content)
        told = f"the same file came before as {name}: it was copied twice, or the camera stands still"
        return part if name is None else _add_note(part, told)


def _note_copies(parts: Sequence[Part]) -> list[Part]:
    """Note parts that are the same file once more: copies find each other, so that no defect on them is seen."""
    counts = Counter(part.content for part in parts)
    if len(counts) < FEWEST:
        return list(parts)
    return [
        _add_note(part, f"the same file is in the batch {counts[part.content]} times: copies vouch for one another")
        if part.content and counts[part.content] > 1
        else part
        for part in parts
    ]


def _is_like(size: Size, usual: Size) -> bool:
    return all(max(one, other) <= TOLERANCE * min(one, other) for one, other in zip(size, usual, strict=True))


def _add_note(part: Part, told: str) -> Part:
    return replace(part, note="; ".join(filter(None, (part.note, told))))
