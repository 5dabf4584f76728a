"""A part and a batch of parts, as files."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from inspector.errors import InputError

if TYPE_CHECKING:  # which knows samples
    from inspector.data.fetched import Origin


@dataclass(frozen=True)
class Sample:
    """One part: a photo, a point cloud, or both. Paths that are given as text become `Path`s.

    Attributes:
        name: path relative to the batch's root, with "/" between folders; unique in a batch.
        image: photo file, or None.
        cloud: point cloud or depth file, or None.
        mask: ground-truth mask, or None. Only evaluation reads it.
        label: True = defective, False = good, None = nobody said.
        kind: name of the defect ("good" for good parts), or "" where unknown.
        identity: which part it shows: "part", "lot", "station" and whatever else is known, as text.
    """

    name: str
    image: Path | None = None
    cloud: Path | None = None
    mask: Path | None = None
    label: bool | None = None
    kind: str = ""
    identity: dict[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.image is None and self.cloud is None:
            raise ValueError(f"sample {self.name!r} needs an image or a cloud, but got neither")
        for name in ("image", "cloud", "mask"):
            if (given := getattr(self, name)) is not None:
                object.__setattr__(self, name, Path(given))


def tell_of(name: str, told: str) -> str:
    """Say something of a sample, naming it once.

    Args:
        name: of the sample.
        told: a sentence, which may begin with the name of its file, without folders.

    Example:
        "is empty" of lot/a.png is "lot/a.png: is empty"; "a.png is empty" is "lot/a.png is empty".
    """
    file = name.rpartition("/")[2]
    return f"{name}{told.removeprefix(file)}" if told.startswith(f"{file} ") else f"{name}: {told}"


class LeftOut(NamedTuple):
    """A file or folder below the batch's root that is no part of it."""

    name: str
    """Path relative to the root, with "/" between folders."""
    reason: str
    """Why, in words that stand alone: "no kind of photo or cloud that is read"."""


@dataclass(frozen=True)
class Batch:
    """Parts that are compared with each other.

    Attributes:
        root: the folder that was scanned; text becomes a `Path`.
        samples: the parts, in natural order of their names.
        layout: the folder layout that was found ("plain", "mvtec-ad", ...).
        notes: what an operator should know (partners missing, files passed over), one sentence each.
        left_out: what lies in the folder too and is not scored, each with its reason, in natural order of the names.
        origin: the address that its files were fetched from; None = they have always been here.
    """

    root: Path
    samples: tuple[Sample, ...] = field(repr=False)
    layout: str = "plain"
    notes: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = field(default=(), repr=False)
    origin: "Origin | None" = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root))
        names = [sample.name for sample in self.samples]
        if len(set(names)) != len(names):
            raise ValueError("sample names in a batch must be unique")


def require_two(batch: Batch) -> None:
    """Refuse a batch in which nothing can be compared.

    Raises:
        InputError: it holds fewer than two samples.
    """
    if len(batch.samples) < 2:
        raise InputError(f"{batch.root} holds one sample; mutual scoring compares samples: give at least two")
