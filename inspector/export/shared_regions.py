"""What reports show of the groups of parts that share a region: a heading, and a cut-out of each member."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector.data.samples import tell_of
from inspector.errors import InputError
from inspector.export.rendering import cut_out, encode
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.words import Words

CUT_SIDE = 180
"""Longer side of the cut-outs of a shared region at most, in pixels."""

MARKS = {"defect": "defect", "accepted": "no defect"}
"""What was said of a group, as a report calls it."""


@dataclass(frozen=True)
class SharedRegion:
    """What a report says of a group, in its language.

    Attributes:
        number: of the group.
        told: how many parts share a region.
        heading: the number, that, and what was said of the group.
        cuts: name and cut-out, as JPEG, of each member whose photo can be shown, the highest score first.
        unshown: name of each of the others, and why.
    """

    number: int
    told: str
    heading: str
    cuts: Sequence[tuple[str, bytes]] = field(repr=False)
    unshown: Sequence[str] = ()


class SharedRegionCollector:
    """Collects the cut-outs of a run's groups, as its samples come by."""

    def __init__(self, run: FinishedRun) -> None:
        """Collect those of a run."""
        self._run = run
        self._groups = run.workspace.groups.of_run(run.record.id)
        self._cuts: dict[int, list[tuple[str, bytes]]] = {group.number: [] for group in self._groups}
        self._unshown: dict[int, list[tuple[str, str]]] = {group.number: [] for group in self._groups}
        self._members = {member.position for group in self._groups for member in group.members}

    def wants_more(self) -> bool:
        """Tell whether a member has not come by yet."""
        return bool(self._members)

    def add(self, sample: ShownSample) -> None:
        """Cut what a sample shares with others out of its photo.

        Raises:
            InputError: its photo cannot be shown; that is told in place of the cut-outs.
        """
        name, position = sample.record.name, sample.record.position
        self._members.discard(position)
        boxes = [
            (group.number, member.box)
            for group in self._groups
            for member in group.members
            if member.position == position
        ]
        try:
            for number, box in boxes:
                self._cuts[number].append((name, encode(cut_out(sample.photo, box, CUT_SIDE), ".jpg")))
        except InputError as error:
            for number, _ in boxes:
                self._unshown[number].append((name, str(error)))
            raise

    def describe(self, say: Words) -> list[SharedRegion]:
        """Say what was collected, the surest group first."""
        shared = []
        for group in self._groups:
            told, whole = say.sentence(group.tell()), say.sentence(group.tell(corrected=group.corrected))
            mark = f" ({say(MARKS[group.mark])})" if group.mark in MARKS else ""
            heading = say("Group {number}: {told}", number=group.number, told=whole) + mark
            unshown = [say.sentence(tell_of(name, why)) for name, why in self._unshown[group.number]]
            shared.append(SharedRegion(group.number, told, heading, self._cuts[group.number], unshown))
        return shared
