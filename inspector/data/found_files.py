"""A file that was found in a watched folder, and what one look at that found."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from inspector.data.first_bytes import Kind
from inspector.data.known_files import Stamp
from inspector.data.samples import Sample
from inspector.places import is_there

ListJudged = Callable[[Collection[Stamp]], Iterable[tuple[str, Stamp]]]
"""Tells which judged files had one of some stamps: the path at which each was found, as often as it was judged there,
and its stamp; not those in whose place another file was found later."""

TOGETHER = 500
"""Files of which it is asked at once which were judged."""


@dataclass(frozen=True)
class Arrival:
    """A complete photo, a complete cloud, or a part of both.

    Attributes:
        name: its path in the folder, with "/" between folders.
        path: the file; of a part of both, the photo.
        stamp: what it was when it was found complete.
        complete: when that was, in seconds of `time.monotonic`; of a part of both, when the second one was.
        kind: what the file is.
        cloud: the cloud of the same part; None where there is none, or the file is one itself.
        copy: a copy of the file, which stays when the file is overwritten; None where there is none.
    """

    name: str
    path: Path
    stamp: Stamp
    complete: float
    kind: Kind = "photo"
    cloud: "Arrival | None" = None
    copy: Path | None = None

    @property
    def files(self) -> list["Arrival"]:
        """What it consists of, each alone."""
        return [self] if self.cloud is None else [replace(self, cloud=None), self.cloud]

    def has_changed(self) -> bool:
        """Tell whether another file lies there now, or more of it; one that is gone has not changed."""
        return any(_has_changed(file.path, file.stamp) for file in self.files)

    def to_sample(self, identity: Mapping[str, str] | None = None, *, source: bool = False) -> Sample:
        """Make the sample of it, named after the file; where `source` is set, of where its files are read."""
        paths = {file.kind: file.source if source else file.path for file in self.files}
        return Sample(self.name, paths.get("photo"), paths.get("cloud"), identity=dict(identity or {}))

    @property
    def source(self) -> Path:
        """Where the file is read: its copy, where there is one."""
        return self.copy or self.path

    def lies_there(self) -> bool:
        """Tell whether the file lies where it was found."""
        return self.stamp.lies_at(self.path)

    def can_be_lost(self) -> bool:
        """Tell whether what is read is gone when the files are overwritten: a copy is missing, or was a beginning."""
        return any(file.copy is None or not is_there(file.copy) for file in self.files)


@dataclass(frozen=True)
class LookResult:
    """What one look at the folder found.

    Attributes:
        arrivals: complete photos and clouds that were not found before, the oldest first; equal ones in natural order.
        unnamed: names of such files that are no text, but bytes of another encoding: no database can hold them.
        passed: why a file is neither photo nor cloud, by its name; the first of each suffix since the watch began.
        restless: names of files that are overwritten before they are, or are not for a long time, complete; each once.
        missed: how many files of a name were overwritten before one look at them, as far as the system told of them.
        places: where a file of the own name and stamp of an arrival was found before, by the arrival's name; of those
            alone of which `leave_judged` is still to be asked.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    passed: dict[str, str] = field(default_factory=dict)
    restless: list[str] = field(default_factory=list)
    missed: dict[str, int] = field(default_factory=dict)
    places: dict[str, str | None] = field(default_factory=dict)


def leave_judged(found: LookResult, judged: ListJudged) -> list[Arrival]:
    """Take those files out of what was found that were judged before and are back; return them.

    Args:
        found: what a look has found.
        judged: tells which files were judged.
    """
    known = defaultdict[tuple[str, Stamp], list[str]](list)
    asked = [arrival for arrival in found.arrivals if arrival.name in found.places]
    for start in range(0, len(asked), TOGETHER):
        for file, stamp in judged({arrival.stamp for arrival in asked[start : start + TOGETHER]}):
            known[file.rpartition("/")[2], stamp].append(file)
    back = [each for each in asked if _is_back(each, found.places[each.name], known[each.path.name, each.stamp])]
    names = {arrival.name for arrival in back}
    found.arrivals[:] = [arrival for arrival in found.arrivals if arrival.name not in names]
    found.places.clear()
    return back


def _is_back(arrival: Arrival, place: str | None, judged: Sequence[str]) -> bool:
    """Tell whether a file is one of those that were judged and do not lie in the folder any more.

    Args:
        arrival: the file.
        place: where a file of its own name and stamp was found before; None = nowhere.
        judged: where such files were found when they were judged.
    """
    places = {*judged, place} - {arrival.name, None}
    folder = arrival.path.parents[arrival.name.count("/")]
    return sum(arrival.stamp.lies_at(folder / str(each)) for each in places) < len(judged)


def _has_changed(path: Path, stamp: Stamp) -> bool:
    try:
        return read_stamp(path) != stamp
    except OSError:
        return False


def read_stamp(path: str | Path) -> Stamp:
    """Return what a file is now; raises OSError where it is not there."""
    return Stamp.of(Path(path).stat())
