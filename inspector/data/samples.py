"""A part and a batch of parts, as files."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """One part: a photo, a point cloud, or both.

    Attributes:
        name: path relative to the batch's root, with "/" between folders; unique in a batch.
        image: photo file, or None.
        cloud: point cloud or depth file, or None.
        mask: ground-truth mask, or None. Only evaluation reads it.
        label: True = defective, False = good, None = nobody said.
        kind: name of the defect ("good" for good parts), or "" where unknown.
    """

    name: str
    image: Path | None = None
    cloud: Path | None = None
    mask: Path | None = None
    label: bool | None = None
    kind: str = ""

    def __post_init__(self) -> None:
        if self.image is None and self.cloud is None:
            raise ValueError(f"sample {self.name!r} needs an image or a cloud, but got neither")


@dataclass(frozen=True)
class Batch:
    """Parts that are compared with each other.

    Attributes:
        root: the folder that was scanned.
        samples: the parts, in natural order of their names.
        layout: the folder layout that was found ("plain", "mvtec-ad", ...).
        notes: what an operator should know (partners missing, files passed over), one sentence each.
    """

    root: Path
    samples: tuple[Sample, ...] = field(repr=False)
    layout: str = "plain"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [sample.name for sample in self.samples]
        if len(set(names)) != len(names):
            raise ValueError("sample names in a batch must be unique")
