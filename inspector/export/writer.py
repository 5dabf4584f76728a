"""What an export is: a title, whether a run has it, and what writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inspector.export.shown import FinishedRun, ShownSample
from inspector.files import replacing
from inspector.store.records import RunRecord
from inspector.store.workspace import Workspace


class Writer:
    """Writes one export of one run: takes the samples that have a score one by one, the highest first, then ends.

    Attributes:
        path: the file or folder it writes.
        remark: once it is finished, what was left out; "" = nothing.
    """

    remark = ""

    def __init__(self, path: Path) -> None:
        """Write to `path`."""
        self.path = path

    def start(self) -> None:
        """Make room, or write what needs no sample: all exports have begun, and none may refuse any more."""

    def wants_more(self) -> bool:
        """Tell whether the next sample is of use."""
        return True

    def add(self, sample: ShownSample) -> None:
        """Take a sample in.

        Raises:
            InputError, StoreError: something of the sample is gone or damaged; the others still count.
        """
        raise NotImplementedError

    def finish(self) -> None:
        """Write what needs all samples."""


def always(_workspace: Workspace, _run: RunRecord) -> bool:
    """Say that every run that is done has it."""
    return True


@dataclass(frozen=True)
class Export:
    """A kind of files that a run can be written as.

    Attributes:
        title: what it is, in English, with the kind of file in brackets.
        begin: makes what writes a run into a folder.
        is_possible: tells whether a run that is done has it.
        lacking: what a run lacks that does not have it, where somebody may be surprised; "" = that is usual.
    """

    title: str
    begin: Callable[[FinishedRun, Path], Writer]
    is_possible: Callable[[Workspace, RunRecord], bool] = always
    lacking: str = ""


def write_each(folder_name: str, suffix: str, encode: Callable[[ShownSample], bytes | None]) -> type[Writer]:
    """Return the kind of writer that gives each sample a file of its own, `<folder_name>/<sample><suffix>`.

    Args:
        folder_name: of the folder the files go to.
        suffix: of the files, with its dot.
        encode: makes the bytes of the file; None = this sample has none.
    """

    class EachWriter(Writer):
        def __init__(self, _run: FinishedRun, folder: Path) -> None:
            super().__init__(folder / folder_name)

        def add(self, sample: ShownSample) -> None:
            content = encode(sample)
            if content is not None:
                with replacing(self.path / f"{sample.file_name}{suffix}") as beside:
                    beside.write_bytes(content)

    return EachWriter
