"""What a layout is: how the parts in a folder are found, and what such a folder looks like."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inspector.data.samples import Batch


def _never(_: Path) -> bool:
    return False


@dataclass(frozen=True)
class Layout:
    """One way of keeping a batch in folders.

    Attributes:
        read: lists the parts in a folder (an absolute path that exists); their order and the name of the layout in
            the batch are left to `read_batch`. May raise `InputError`, and `OSError` where a folder cannot be listed.
        marks: folders, relative to that of a category, of which each category has at least one.
        recognise: says whether a folder is of this layout; the default leaves it to the user to name it.
    """

    read: Callable[[Path], Batch]
    marks: tuple[str, ...] = (".",)
    recognise: Callable[[Path], bool] = _never
