"""What a layout is: how the parts in a folder are found, and what such a folder looks like."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inspector.data.samples import Batch


def _never(_: Path) -> bool:
    return False


def _always(_: Path) -> bool:
    return True


@dataclass(frozen=True)
class Layout:
    """One way of keeping a batch in folders.

    Attributes:
        read: lists the parts in a folder (an absolute path that exists); their order, the name of the layout in the
            batch, clouds that belong to photos and what was left out are left to `read_batch`. May raise `InputError`,
            and `OSError` where a folder cannot be listed.
        marks: folders, relative to that of a category, of which each category has at least one.
        recognise: says whether a folder is of this layout; the default leaves it to the user to name it.
        fits: says whether a folder can be read where the user names the layout.
        expected: what such a folder holds, for the message where it does not fit.
        others: folders whose files are not scored, in small letters and relative to that of a category, and why.
    """

    read: Callable[[Path], Batch]
    marks: tuple[str, ...] = (".",)
    recognise: Callable[[Path], bool] = _never
    fits: Callable[[Path], bool] = _always
    expected: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
