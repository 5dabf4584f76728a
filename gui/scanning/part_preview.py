"""What a rule for part ids catches of the file names in a folder, shown while it is typed."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gui.shell.background import Background
from gui.shell.labels import WrappedLabel
from gui.shell.texts import show_identity
from inspector.data.photos import IMAGE_SUFFIXES
from inspector.export.isolates import isolate_path
from inspector.part_rule import check_rule, read_identity

PAUSE = 150
"""Milliseconds without a change before names are looked at."""

MOST_NAMES = 2000
"""Of a folder; of a larger one the first are looked at."""

SHOWN = 3


class PartPreview(WrappedLabel):
    """Shows a few names with what is caught of them, and how many are missed; hidden where there is no rule."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing."""
        super().__init__(parent=parent)
        self.setProperty("role", "dim")
        self.setAccessibleName(self.tr("What the rule for part ids catches"))
        self._folder, self._rule = Path(), ""
        self._names: dict[Path, list[str]] = {}
        self._work = Background(self, lambda folder, _: self._keep(folder, []), threads=1, waiting=1)
        self._work.finished.connect(self._keep)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._look)
        self.hide()

    def show_rule(self, folder: Path, rule: str) -> None:
        """Show what a rule catches in a folder."""
        self._folder, self._rule = folder, rule
        self.setVisible(bool(rule))
        self._timer.start()

    def close_down(self) -> None:
        """End the thread."""
        self._timer.stop()
        self._work.close()

    def _look(self) -> None:
        folder = self._folder
        if folder in self._names:
            self._tell()
        elif self._rule:
            self._work.submit(folder, lambda: list(islice(walk_names(folder), MOST_NAMES)))

    def _keep(self, folder: Path, names: list[str]) -> None:
        self._names[folder] = names
        self._tell()

    def _tell(self) -> None:
        names = self._names.get(self._folder)
        try:
            check_rule(self._rule)
        except ValueError:
            names = None  # the form says what is wrong with it
        if not names:
            self.setText("" if names is None else self.tr("There are no photos in this folder."))
            return
        caught = [(name, known) for name in names if (known := read_identity(self._rule, name))]
        lines = [f"{isolate_path(name)}: {show_identity(known)}" for name, known in caught[:SHOWN]]
        if len(caught) == len(names):
            lines.append(self.tr("The rule fits all names: {count}.").format(count=len(names)))
        else:
            missed = next(name for name in names if not read_identity(self._rule, name))
            told = self.tr("Names that the rule fits: {caught} of {count}, not {name}.")
            lines.append(told.format(caught=len(caught), count=len(names), name=isolate_path(missed)))
        self.setText("\n".join(lines))


def walk_names(folder: Path) -> Iterator[str]:
    """Yield the names of the photos in a folder, "/" between folders; none where there is no such folder."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            if Path(file).suffix.lower() in IMAGE_SUFFIXES:
                yield (Path(place) / file).relative_to(folder).as_posix()
