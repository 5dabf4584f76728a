"""Which photo and which cloud are of one part, and which photos are clouds: by content and by name."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from inspector.data.clouds.depth import is_eyecandies
from inspector.data.first_bytes import Kind
from inspector.data.layouts.grids import LONE_AXIS, Grids, find_grids, find_lone_axes, is_named_depth
from inspector.data.layouts.listing import natural_key
from inspector.data.layouts.tree import FoundPath
from inspector.data.samples import Sample
from inspector.errors import InputError

PHOTO_WORDS = ("color", "colour", "image", "images", "img", "photo", "photos", "rgb")
CLOUD_WORDS = (
    *("cloud", "clouds", "depth", "pcd", "ply", "point_cloud", "point_clouds", "pointcloud", "pointclouds", "points"),
    *("scan", "scans", "xyz", "z"),
)
"""What names of files and folders call photos and clouds of one part."""

Key = tuple[str, ...]


@dataclass
class Pairing:
    """Parts put together of photos and clouds.

    Attributes:
        samples: the parts.
        passed: files that are no part.
        notes: what was decided, one sentence each.
    """

    samples: list[Sample]
    passed: list[FoundPath] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def pair_clouds(samples: Sequence[Sample], root: Path, has_camera: bool) -> Pairing:
    """Make clouds of photos that hold points or depth, and parts of photos and clouds that belong together.

    A photo and a cloud are of one part where they lie in one folder and have one stem; or where their names and
    folders differ only in words such as rgb and xyz, and no other file could be meant.

    Args:
        samples: photos and clouds, most of them alone.
        root: of the batch.
        has_camera: whether depth images can be made clouds.

    Raises:
        InputError: there is nothing but files of one coordinate each.
    """
    pairing = Pairing(list(samples))
    grids = find_grids(sample.image for sample in samples if sample.image and not sample.cloud)
    grids = _leave_out_axes(pairing, grids, has_camera)
    named = frozenset(file for file in grids.deep if is_named_depth(file))
    if has_camera:
        depth = named or grids.deep
        _turn_into_clouds(pairing, depth, "depth images, seen by the `camera` that is set")
    else:
        depth = frozenset(file for file in named if is_eyecandies(file))
        _turn_into_clouds(pairing, depth, "depth images of Eyecandies")
    _turn_into_clouds(pairing, grids.points, "each pixel holds x, y and z")
    if any(sample.image is None for sample in pairing.samples):
        _join(pairing, lambda file, kind: find_keys(file, root, kind)[0], is_sure=True)
        _join(pairing, lambda file, kind: find_keys(file, root, kind)[1], is_sure=False)
        _join_alike(pairing, root)
    if grids.deep and not has_camera:
        _leave_out_depth(pairing, root, named - depth, grids.deep - named)
    return pairing


def find_keys(file: Path, root: Path, kind: Kind) -> tuple[Key, Key]:
    """Return what the photo and the cloud of one part have in common.

    Args:
        file: a photo or a cloud.
        root: of the batch.
        kind: which of them it is.

    Returns:
        Folder and stem, which are sure; and both without words such as rgb and xyz, which are not.
    """
    words = PHOTO_WORDS if kind == "photo" else CLOUD_WORDS
    return (str(file.with_suffix("")),), _strip_words(file.relative_to(root), words)


def _turn_into_clouds(pairing: Pairing, files: frozenset[Path], why: str) -> None:
    if files:
        pairing.samples = [
            replace(sample, image=None, cloud=sample.image) if sample.image in files else sample
            for sample in pairing.samples
        ]
        pairing.notes.append(f"taken as clouds ({why}): {_name(files)}")


def _join(pairing: Pairing, make_key: Callable[[Path, Kind], Key], *, is_sure: bool) -> None:
    """Put lone clouds to the photo of the same key; to the first of several where the key is sure."""
    photos: dict[Key, list[Sample]] = defaultdict(list)
    clouds: dict[Key, list[Sample]] = defaultdict(list)
    for sample in pairing.samples:
        if sample.image is not None:
            photos[make_key(sample.image, "photo")].append(sample)
        elif sample.cloud is not None:
            clouds[make_key(sample.cloud, "cloud")].append(sample)
    joined: dict[str, Sample | None] = {}
    for key, found in clouds.items():
        if len(photos[key]) == 1 or (photos[key] and is_sure):
            _join_one(photos[key], found, joined, pairing.passed)
    kept = (joined.get(sample.name, sample) for sample in pairing.samples)
    pairing.samples = [sample for sample in kept if sample is not None]


def _join_alike(pairing: Pairing, root: Path) -> None:
    """Put a lone cloud to the one photo whose name differs only in zeros before numbers, capitals, Unicode's forms."""

    def make_key(file: Path, kind: Kind) -> Key:
        return tuple(simplify_name(part) for part in find_keys(file, root, kind)[1])

    before = {sample.name for sample in pairing.samples if sample.image and sample.cloud}
    lone = [sample for sample in pairing.samples if not (sample.image and sample.cloud)]
    clouds = Counter(make_key(sample.cloud, "cloud") for sample in lone if sample.cloud)
    alone = Pairing([one for one in lone if not one.cloud or clouds[make_key(one.cloud, "cloud")] == 1])
    _join(alone, make_key, is_sure=False)
    joined = {sample.name: sample for sample in alone.samples if sample.image and sample.cloud}
    if not joined:
        return
    gone = {sample.cloud for sample in joined.values()}
    pairing.samples = [
        joined.get(sample.name, sample)
        for sample in pairing.samples
        if sample.name in before or sample.cloud not in gone
    ]
    first = min(joined.values(), key=lambda sample: natural_key(Path(sample.name)))
    assert first.image is not None
    assert first.cloud is not None
    more = f" and {len(joined) - 1} more" if len(joined) > 1 else ""
    pairing.notes.append(
        f"photos and clouds whose names are not quite the same were taken for one part: {first.image.name} with "
        f"{first.cloud.name}{more}"
    )


def simplify_name(text: str) -> str:
    """Return a name in one kind of Unicode and small letters, without zeros before numbers."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", unicodedata.normalize("NFC", text).casefold())


def _join_one(
    photos: Sequence[Sample], clouds: Sequence[Sample], joined: dict[str, Sample | None], passed: list[FoundPath]
) -> None:
    """Give the first cloud to the first photo; more clouds are the same part once more."""
    photo = photos[0]
    for cloud in clouds:
        if photo.cloud is None:
            photo = replace(photo, cloud=cloud.cloud, mask=photo.mask or cloud.mask)
        elif cloud.cloud is not None:
            told = f"another cloud of {photo.name}, which is scored with {photo.cloud.name}"
            passed.append(FoundPath(cloud.cloud, told, "cloud of a part that has one"))
        joined[cloud.name] = None
    joined[photo.name] = photo


def _strip_words(path: Path, words: Sequence[str]) -> Key:
    """Return folders and stem without the words that say photo or cloud: rgb/part_1_rgb.png gives ("part_1",)."""
    if path.stem.lower() in words:  # a folder for each part
        return (*(part for part in path.parent.parts if part.lower() not in words), "")
    one = "|".join(words)
    stem = re.sub(rf"^(?:{one})[ ._-]+(?=.)|(?<=.)[ ._-]+(?:{one})$", "", path.stem, count=1, flags=re.IGNORECASE)
    return (*(part for part in path.parent.parts if part.lower() not in words), stem)


def _leave_out_axes(pairing: Pairing, grids: Grids, has_camera: bool) -> Grids:
    """Leave out files of x, y or z alone, which are no parts; of those of z a camera makes depth images."""
    axes = find_lone_axes(grids.deep)
    lone = frozenset(file for file in axes if not (has_camera and is_named_depth(file)))
    if not lone:
        return grids
    kept = [sample for sample in pairing.samples if sample.image not in lone]
    if not kept:
        raise InputError(
            f"{_name(lone)} hold one coordinate of a cloud each; export x, y and z as one TIFF of three channels, or "
            "as PLY"
        )
    pairing.samples = kept
    pairing.passed += [FoundPath(file, LONE_AXIS) for file in sorted(lone)]
    pairing.notes.append(
        "files of one coordinate each were left out; export x, y and z as one TIFF of three channels, or as PLY: "
        f"{_name(lone)}"
    )
    return grids._replace(deep=grids.deep - lone)


def _leave_out_depth(pairing: Pairing, root: Path, depth: Collection[Path], deep: Collection[Path]) -> None:
    """Leave out depth images beside the photo of the same part; those alone are scored as photos. Both are told.

    Args:
        pairing: is changed.
        root: of the batch.
        depth: images whose names say depth.
        deep: others that may be depth images.
    """
    photos = {
        _strip_words(sample.image.relative_to(root), PHOTO_WORDS): sample.name
        for sample in reversed(pairing.samples)
        if sample.image is not None and sample.image not in depth
    }
    paired = [file for file in depth if _strip_words(file.relative_to(root), CLOUD_WORDS) in photos]
    pairing.samples = [sample for sample in pairing.samples if sample.image not in paired]
    for file in paired:
        photo = photos[_strip_words(file.relative_to(root), CLOUD_WORDS)]
        pairing.passed.append(
            FoundPath(file, f"a depth image of {photo}; clouds are made of them where the camera is set")
        )
    if paired:
        told = "depth images beside photos of the same parts were left out; set `camera` to score them as clouds"
        pairing.notes.append(f"{told}: {_name(paired)}")
    if alone := set(depth).difference(paired) | _find_twins(deep, pairing.samples):
        told = "photos were scored that look like depth images; set `camera` to make clouds of them"
        pairing.notes.append(f"{told}: {_name(alone)}")


def _find_twins(files: Iterable[Path], samples: Sequence[Sample]) -> set[Path]:
    """Return the files beside which a photo of the same stem lies."""
    photos = defaultdict(set)
    for sample in samples:
        if sample.image is not None:
            photos[sample.image.with_suffix("")].add(sample.image)
    return {file for file in files if len(photos[file.with_suffix("")]) > 1}


def _name(files: Collection[Path]) -> str:
    """Name the first of some files, and say how many more there are."""
    first = min(files, key=natural_key).name
    return first if len(files) == 1 else f"{first} and {len(files) - 1} more"
