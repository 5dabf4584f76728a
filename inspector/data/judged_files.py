"""The files of parts that were judged on a line, by which a file that comes later is known to be of one of them."""

from pathlib import Path

from inspector.data.first_bytes import Kind
from inspector.data.found_files import Arrival
from inspector.data.layouts.pairing import Key, find_keys, simplify_name

Files = dict[Kind, str]
"""Names of the files of a part."""

LEVELS = 2
"""Ways in which a partner is found as soon as it comes: by what is sure, and by words."""

REMEMBERED = 20_000
"""Parts, those that were judged last, of which a file that comes late is known to be the other half."""


class JudgedFiles:
    """The files of the last `REMEMBERED` parts: a line may run for months."""

    def __init__(self, root: Path) -> None:
        """Begin with none, in a watched folder."""
        self._root = root
        self._files: dict[str, Files] = {}  # by the name of the photo, or the cloud where there is none; oldest first
        self._by_key: dict[Key, dict[str, Files]] = {}

    def note(self, photo: str | None, cloud: str | None) -> None:
        """Note the names of the files of a part; an earlier part that had one of them is forgotten."""
        named: list[tuple[Kind, str | None]] = [("photo", photo), ("cloud", cloud)]
        files: Files = {kind: name for kind, name in named if name is not None}
        for kind, file in files.items():
            same, _ = find_keys(self._root / file, self._root, kind)
            earlier = self._by_key.get(same, {})
            for name in [name for name, judged in earlier.items() if judged.get(kind) == file]:
                self.forget(name)
        name = photo or cloud or ""
        self._files[name] = files
        for key in self._find_all_keys(files):
            self._by_key.setdefault(key, {})[name] = files
        if len(self._files) > REMEMBERED:
            self.forget(next(iter(self._files)))

    def forget(self, name: str) -> None:
        """Forget a part, by the name of its photo, or of its cloud alone."""
        for key in self._find_all_keys(self._files.pop(name, {})):
            del self._by_key[key][name]
            if not self._by_key[key]:
                del self._by_key[key]

    def find(self, arrival: Arrival) -> tuple[list[Files], int]:
        """Find the parts that a file may be of.

        Returns:
            The parts; and how far their names are from its own: 0 the same stem in the same folder, 1 the only one of
            the same words, 2 the only one alike that is no whole part.
        """
        if not self._files:
            return [], LEVELS
        sure, words = find_keys(arrival.path, self._root, arrival.kind)
        for level, key in enumerate((sure, words)):
            found = list(self._by_key.get(key, {}).values())
            if (level == 0 and found) or len(found) == 1:
                return found, level
        alike = self._by_key.get(find_alike_key(words), {})
        halves = [files for files in alike.values() if arrival.kind not in files]
        return halves if len(halves) == 1 else [], LEVELS

    def _find_all_keys(self, files: Files) -> set[Key]:
        found = [find_keys(self._root / name, self._root, kind) for kind, name in files.items()]
        return {key for sure, words in found for key in (sure, words, find_alike_key(words))}


def find_alike_key(words: Key) -> Key:
    """Return what names, of these words, and others share that differ in zeros, capitals and Unicode's forms.

    No other key begins so.
    """
    return ("", *(simplify_name(part) for part in words))
