"""Photos and clouds of one part that arrive one after the other: they wait for each other, up to a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from inspector.data.first_bytes import Kind
from inspector.data.found_files import Arrival
from inspector.data.judged_files import LEVELS, Files, JudgedFiles, find_alike_key
from inspector.data.layouts.pairing import Key, find_keys
from inspector.data.parts import Modality

WORDS: dict[Kind, str] = {"photo": "photos", "cloud": "clouds"}

JUDGED: dict[Modality, frozenset[Kind]] = {
    "2d": frozenset({"photo"}),
    "3d": frozenset({"cloud"}),
    "2d+3d": frozenset({"photo", "cloud"}),
}
"""What is judged, by modality."""

TOGETHER = 0.1
"""Files that come within this share of the wait come together; those of one part may have come further apart before."""


@dataclass(frozen=True)
class Gathered:
    """Parts that wait for nothing more.

    Attributes:
        parts: complete parts, and those whose partner did not come in time.
        told: why other files are not judged, one sentence each.
        dropped: files that are not judged.
    """

    parts: list[Arrival] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    dropped: list[Arrival] = field(default_factory=list)


class Partners:
    """Brings together the photo and the cloud of each part, by the rules of a batch (`layouts.pairing`).

    A file waits for its partner where both kinds are judged. What was waited for in vain is a part of its own, unless
    it comes too late: a part of which it is the missing half, or one more cloud, was judged already. What may be the
    missing half joins the next part of the same name only where no other file has come by the end of its wait, and both
    came as close together as files of one part do.

    Attributes:
        modality: what is judged; None = not known yet, then nothing is given out. To be set when it is.
    """

    def __init__(self, root: str | Path, wait: float, modality: Modality | None) -> None:
        """Begin with nothing.

        Args:
            root: the watched folder.
            wait: seconds that a file waits.
            modality: what is judged, or None.
        """
        self.modality = modality
        self._root, self._wait = Path(root), wait
        self._judged = JudgedFiles(self._root)
        self._held: dict[str, Arrival] = {}
        self._late: dict[str, int] = {}  # halves of judged parts among those, and how far their names are from theirs
        self._holders: dict[str, str] = {}
        self._lone: dict[tuple[Kind, Key], dict[str, Arrival]] = {}
        self._kinds: set[Kind] = set()
        self._told: set[Kind] = set()
        self._news: list[str] = []
        self._overwritten: list[Arrival] = []  # of which there are copies: the next file of a name came
        self._dropped: list[Arrival] = []
        self._tells_alike = True
        self._apart = TOGETHER * wait  # seconds between files of one part, at most

    def __len__(self) -> int:
        """How many parts and lone files wait."""
        return len(self._held) + len(self._overwritten)

    def note_judged(self, photo: str | None, cloud: str | None) -> None:
        """Note the names of the files of a part that was judged before; those that are given out are noted here.

        Only where photos and clouds are judged.
        """
        if self.modality == "2d+3d":
            self._judged.note(photo, cloud)

    def forget_judged(self, name: str) -> None:
        """Forget a part that was given out and is not judged, by the name of its photo, or of its cloud alone."""
        self._judged.forget(name)

    def add(self, arrivals: Iterable[Arrival]) -> None:
        """Take files that have arrived; one that was replaced while it waited takes its own place.

        Where there is a copy of it, it is a part of its own, and waits no longer.
        """
        for arrival in arrivals:
            self._kinds.add(arrival.kind)
            if (holder := self._holders.get(arrival.name)) is not None:
                was_late, before = holder in self._late, self._let_go(holder)
                if was_late:
                    self._news.append(self._describe_late(before))  # this one is another part's
                    self._dropped += before.files
                elif not before.can_be_lost():
                    self._overwritten.append(before)
                else:
                    kept = [file for file in before.files if file.name != arrival.name]
                    self._dropped += [file for file in before.files if file not in kept]
                    if kept:
                        self._hold(_join(arrival, kept[0]))
                        continue
            found, level = self._judged.find(arrival)
            is_late = _is_missing(arrival, found)
            if (partner := self._find_partner(arrival, level if is_late else LEVELS)) is not None:
                self._apart = max(self._apart, abs(arrival.complete - partner.complete))
                self._hold(_join(arrival, self._let_go(partner.name)))
                continue
            if is_late:
                self._late[arrival.name] = level
            self._hold(arrival)

    def count_ready(self, now: float) -> int:
        """Return how many parts wait for nothing more."""
        self._join_waiting(now)
        return len(self._list_ready(now)) + len(self._overwritten)

    def is_waiting(self, now: float) -> bool:
        """Tell whether a file waits for its partner."""
        return len(self._list_ready(now)) < len(self._held)

    def choose_modality(self) -> Modality:
        """Say what is to be judged, by what has come."""
        return choose_modality([*self._overwritten, *self._held.values()])

    def take(self, now: float) -> Gathered:
        """Give out what waits for nothing more.

        Args:
            now: seconds of the clock that `Arrival.complete` is of.
        """
        gathered = Gathered()
        if self.modality is None:
            return gathered
        self._join_waiting(now)
        gathered.told.extend(self._news)
        ready = [*self._overwritten, *map(self._let_go, self._list_ready(now))]
        gathered.dropped.extend(self._dropped)
        self._news, self._overwritten, self._dropped = [], [], []
        for arrival in ready:
            gathered.told.extend(self._tell_unwanted(file) for file in arrival.files if self._is_news(file))
            wanted = cut_to(arrival, self.modality)
            if wanted is not None and (late := self._describe_late(wanted)):
                gathered.told.append(late)
                wanted = None
            judged = wanted.files if wanted else []
            gathered.dropped.extend(file for file in arrival.files if file not in judged)
            gathered.parts.extend([wanted] if wanted else [])
        for part in gathered.parts:
            names = {file.kind: file.name for file in part.files}
            self.note_judged(names.get("photo"), names.get("cloud"))
        return gathered

    def _hold(self, arrival: Arrival) -> None:
        self._held[arrival.name] = arrival
        self._holders |= {file.name: arrival.name for file in arrival.files}
        for key in self._list_lone_keys(arrival):
            self._lone.setdefault(key, {})[arrival.name] = arrival

    def _let_go(self, name: str) -> Arrival:
        arrival = self._held.pop(name)
        for file in arrival.files:
            del self._holders[file.name]
        for key in self._list_lone_keys(arrival):
            del self._lone[key][name]
            if not self._lone[key]:
                del self._lone[key]
        self._late.pop(name, None)
        return arrival

    def _list_lone_keys(self, arrival: Arrival) -> list[tuple[Kind, Key]]:
        """List what a partner finds a lone file by; a late half only by what is closer than the part that lacks it."""
        if arrival.cloud is not None:
            return []
        keys = find_keys(arrival.path, self._root, arrival.kind)
        return [(arrival.kind, key) for key in keys[: self._late.get(arrival.name, LEVELS)]]

    def _list_ready(self, now: float) -> list[str]:
        waits = len(self._kinds) > 1 if self.modality is None else self.modality == "2d+3d"
        return [
            name
            for name, arrival in self._held.items()
            if not waits or arrival.cloud is not None or now - arrival.complete >= self._wait
        ]

    def _find_partner(self, arrival: Arrival, levels: int) -> Arrival | None:
        """Find the one that waits for it: the same stem in the same folder, or the only one of the same words.

        Args:
            arrival: a file.
            levels: so many of these are looked at.
        """
        other: Kind = "cloud" if arrival.kind == "photo" else "photo"
        for level, key in enumerate(find_keys(arrival.path, self._root, arrival.kind)[:levels]):
            waiting = list(self._lone.get((other, key), {}).values())
            if (level == 0 and waiting) or len(waiting) == 1:
                return waiting[0]
        return None

    def _join_waiting(self, now: float) -> None:
        """Put together files whose wait is over, and that are one part all the same."""
        for name in [*self._late]:
            self._join_next(self._held[name], now)
        self._join_alike(now)

    def _join_next(self, late: Arrival, now: float) -> None:
        """Put a file that may be what a judged part lacks to the next part of that name, if that lacks one, too."""
        found, _ = self._judged.find(late)
        names = {name for files in found if late.kind not in files for name in files.values()}
        for following in [self._held[name] for name in names & self._held.keys() - self._late.keys()]:
            together = abs(late.complete - following.complete) < self._apart
            if following.cloud is None and together and now - min(late.complete, following.complete) >= self._wait:
                self._hold(_join(self._let_go(late.name), self._let_go(following.name)))
                self._news.append(
                    f"{following.name} and {late.name} came together and are taken for one part; what the part before "
                    "lacked did not come"
                )
                return

    def _join_alike(self, now: float) -> None:
        """Put together files that waited in vain for a partner of their very name, where one alike can be meant alone.

        As in a batch, such names differ in zeros before numbers, capitals, and Unicode's forms.
        """
        if self.modality in ("2d", "3d") or not any(self._is_late(one, now) for one in self._held.values()):
            return
        by_key = defaultdict[Key, list[Arrival]](list)
        for one in self._held.values():
            if one.cloud is None and one.name not in self._late:
                by_key[find_alike_key(find_keys(one.path, self._root, one.kind)[1])].append(one)
        for alike in by_key.values():
            is_late = any(self._is_late(one, now) for one in alike)
            if is_late and len(alike) == 2 and alike[0].kind != alike[1].kind:
                self._hold(_join(*(self._let_go(one.name) for one in alike)))
                self._tell_alike(alike)

    def _is_late(self, arrival: Arrival, now: float) -> bool:
        return arrival.cloud is None and now - arrival.complete >= self._wait

    def _tell_alike(self, alike: Sequence[Arrival]) -> None:
        if self._tells_alike:
            one, other = (each.name for each in alike)
            self._news.append(f"{one} and {other} were taken for one part, though their names are not quite the same")
        self._tells_alike = False

    def _describe_late(self, arrival: Arrival) -> str:
        """Say of which judged part it is the missing half, or one more file; "" where it is none of these.

        A half that is told is missing no more: the next one is another part's.
        """
        if self.modality != "2d+3d" or arrival.cloud is not None:
            return ""
        found, _ = self._judged.find(arrival)
        if any(files.get(arrival.kind) == arrival.name for files in found):  # the file of a new part under an old name
            return ""
        for files in found:
            if arrival.kind not in files:
                (other,) = files.values()
                both = (arrival.name, other) if arrival.kind == "photo" else (other, arrival.name)
                self.note_judged(*both)
                return f"{arrival.name} came too late: {other} was judged without it, and is not judged again"
            if arrival.kind == "cloud" and "photo" in files:
                return f"{arrival.name} is one more cloud of {files['photo']}, which was judged; it is not judged"
        return ""

    def _is_news(self, file: Arrival) -> bool:
        assert self.modality is not None
        return file.kind not in JUDGED[self.modality] and file.kind not in self._told

    def _tell_unwanted(self, file: Arrival) -> str:
        self._told.add(file.kind)
        (judged,) = JUDGED[self.modality or "2d"]
        return f"{file.name}: this watch judges {WORDS[judged]} alone; {WORDS[file.kind]} are passed over"


def _is_missing(arrival: Arrival, found: Sequence[Files]) -> bool:
    """Tell whether one of some judged parts lacks a file, and none has it under its very name."""
    missing = any(arrival.kind not in files for files in found)
    return missing and not any(files.get(arrival.kind) == arrival.name for files in found)


def choose_modality(arrivals: Sequence[Arrival]) -> Modality:
    """Say what is to be judged of some parts: photos and clouds where two parts have both, else what more have."""
    if sum(arrival.cloud is not None for arrival in arrivals) >= 2:
        return "2d+3d"
    return "3d" if 2 * sum(arrival.kind == "cloud" for arrival in arrivals) > len(arrivals) else "2d"


def cut_to(arrival: Arrival, modality: Modality) -> Arrival | None:
    """Return what of a part is judged; None where nothing of it is."""
    wanted = [file for file in arrival.files if file.kind in JUDGED[modality]]
    return arrival if len(wanted) == 2 else wanted[0] if wanted else None


def _join(one: Arrival, other: Arrival) -> Arrival:
    photo, cloud = (one, other) if one.kind == "photo" else (other, one)
    return replace(photo, cloud=cloud, complete=max(one.complete, other.complete))
