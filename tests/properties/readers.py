"""All that reads files from outside, each as one function that is given a file in a folder of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

from inspector.data.layouts import read_batch
from inspector.data.masks import read_mask
from inspector.data.parts import PartReader
from inspector.data.samples import Sample
from inspector.evaluation.external_scores import ScoreTable, embeddings_from_file, read_scores
from inspector.features.point_tokens import fpfh_tokens
from inspector.features.reader import CloudFeatures, cache_tokens
from inspector.presets import load_settings
from tests.properties import seeds

Read = Callable[[Path], str]
"""Reads the file at a path and returns why it could not, "" where it could; or raises an `InspectorError`."""

SIDE = 32
"""Of the network's square, in pixels."""

MOST_NAMES = 40
"""Files that a folder is filled with."""


class _NoCache:
    """Takes tokens and forgets them."""

    def holds(self, _: str) -> bool:
        return False

    def save(self, *_: Any) -> None:
        return None


CLOUDS = CloudFeatures(fpfh_tokens, groups=8, size=8, step=4, cache=_NoCache())  # type: ignore[arg-type]


def read_photo(path: Path) -> str:
    """Read a photo as a scan does."""
    return PartReader("2d", SIDE, "off").read(0, Sample(path.name, image=path)).reason


def read_masked(path: Path) -> str:
    """Read a mask as an evaluation does."""
    read_mask(path)
    return ""


def read_points(path: Path, background: str = "off") -> str:
    """Read a cloud as a scan does, and group and describe its points."""
    sample = Sample(path.name, cloud=path)

    def read() -> Any:
        return PartReader("3d", SIDE, background, camera=seeds.CAMERA).read(0, sample)

    ((part,),) = cache_tokens([read], None, CLOUDS, batch_size=1, left=lambda: 1 << 30, shrunk=lambda _: None)
    return part.reason


def read_mesh(path: Path) -> str:
    """Read a mesh as a scan does; its points are as many for every mesh, and grouping them takes a second."""
    return PartReader("3d", SIDE, "off").read(0, Sample(path.name, cloud=path)).reason


def read_cut_out(path: Path) -> str:
    """Read a cloud and cut it out of its background."""
    return read_points(path, "mvtec-3d")


def read_sweet(path: Path) -> str:
    """Read an Eyecandies depth image; what of its three files is not there is as it should be."""
    for name, content in seeds.EYECANDIES.items():
        if name != path.name:
            path.with_name(name).write_bytes(content())
    return read_points(path.with_name("000_depth.png"))


def read_split(path: Path) -> str:
    """Read a category of VisA by a split file."""
    return _read_category(path, "visa", ["Data/Images/Normal/000.JPG", "Data/Images/Anomaly/001.JPG"])


def read_list(path: Path) -> str:
    """Read a category of Real-IAD by its list."""
    category = path.parent / path.stem
    for photo in seeds.REAL_IAD:
        (category / photo).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4)).save(category / photo)
    read_batch(category, "real-iad")
    return ""


def _read_category(path: Path, layout: str, photos: list[str]) -> str:
    category = path.parent / "candle"
    for photo in photos:
        (category / photo).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4)).save(category / photo)
    listing = path.parent / "split_csv" / path.name
    listing.parent.mkdir(exist_ok=True)
    path.rename(listing)
    read_batch(category, layout)
    return ""


def read_folder(path: Path) -> str:
    """List a folder that holds a file of each name in a list."""
    root = path.parent / "folder"
    root.mkdir()
    for name in path.read_bytes().decode("utf-8", "surrogateescape").split("\n")[:MOST_NAMES]:
        pieces = [piece for piece in PurePosixPath(name).parts if piece not in ("/", "..", ".")]
        if pieces and "\0" not in name:
            _put(root.joinpath(*pieces))
    read_batch(root)
    return ""


def _put(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(seeds.PICTURE)
    except OSError:  # a name that this file system does not take
        return


def read_embeddings(path: Path) -> str:
    """Read another program's embeddings."""
    table = ScoreTable(path.with_name("scores.csv"), ("path", "score"), (), ("a", "b", "c"), (0.1, 0.2, 0.3), (0, 1, 2))
    embeddings_from_file(table, path)
    return ""


def read_table(path: Path) -> str:
    """Read another program's scores."""
    read_scores(path)
    return ""


def read_settings(path: Path) -> str:
    """Read settings."""
    load_settings(file=path)
    return ""


@dataclass(frozen=True)
class Reader:
    """One way into the inspector.

    Attributes:
        file: what the file is called.
        read: reads it.
        seeds: makes files that can be read.
        names_what_is_wrong: whether refusals may name something else than the file.
    """

    file: str
    read: Read = field(repr=False)
    seeds: Callable[[], list[bytes]] = field(repr=False)
    names_what_is_wrong: bool = False


def _make_one(make: Callable[[], bytes]) -> list[bytes]:
    return [make()]


READERS: dict[str, Reader] = {
    **{f"photo-{kind}": Reader(f"part.{kind}", read_photo, make) for kind, make in seeds.PHOTOS.items()},
    **{f"mask-{kind}": Reader(f"part.{kind}", read_masked, make) for kind, make in seeds.MASKS.items()},
    **{f"cloud-{kind}": Reader(f"part.{kind}", read_points, make) for kind, make in seeds.CLOUDS.items()},
    "cloud-stl": Reader("part.stl", read_mesh, seeds.make_meshes),
    "cloud-background": Reader("part.tiff", read_cut_out, seeds.make_scenes),
    **{
        f"eyecandies-{name[4:]}": Reader(name, read_sweet, partial(_make_one, make))
        for name, make in seeds.EYECANDIES.items()
    },
    "visa-csv": Reader("1cls.csv", read_split, seeds.make_splits),
    "real-iad-json": Reader("candle.json", read_list, seeds.make_lists),
    "folder": Reader("names.txt", read_folder, seeds.make_listings),
    "embeddings-npz": Reader("part.npz", read_embeddings, seeds.make_archives),
    "embeddings-npy": Reader("part.npy", read_embeddings, seeds.make_arrays),
    "embeddings-csv": Reader("part.csv", read_embeddings, lambda: [b"1,2\n3,4\n5,6\n"]),
    "scores-csv": Reader("scores.csv", read_table, lambda: [b"path,score\na.png,0.5\nb.png,1e-3\nc.png,\n"]),
    "settings-toml": Reader("settings.toml", read_settings, seeds.make_settings, names_what_is_wrong=True),
}
"""By what they read."""
