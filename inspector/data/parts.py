"""One part as the features need it: photo and cloud on one square grid, what it lies on dropped from both."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.background import BACKGROUND_RECIPES, blacken, remove_background
from inspector.data.clouds.cloud import Cloud, decode_cloud
from inspector.data.clouds.depth import PinholeCamera
from inspector.data.clouds.pictures import close_gaps, organise_cloud, shade_cloud
from inspector.data.clouds.transforms import pad_cloud, resize_cloud, to_unit_sphere
from inspector.data.part_model import PartModel
from inspector.data.photos import Photo, Resize, cut_box, cut_tiles, decode_photo, fit_photo, read_bytes, shrink
from inspector.data.pixels.raw_photo import PhotoNote
from inspector.data.pixels.value_range import FULL, Ranges
from inspector.data.samples import Sample
from inspector.errors import InputError
from inspector.geometry.frame import Frame
from inspector.geometry.placement import Placement
from inspector.geometry.tiles import Tiling

Modality = Literal["2d", "3d", "2d+3d"]

THUMBNAIL = 256
"""Longer side of thumbnails, in pixels."""

MILLIMETRES = 10.0
"""A cloud with a larger extent is taken to be in millimetres: no part is 10 metres, none a hundredth of that."""


@dataclass(frozen=True, eq=False)
class Part:
    """What one reading of a sample's files gives.

    Attributes:
        position: place in the batch.
        size: (H, W) of the photo after EXIF rotation, or of the cloud, in pixels.
        squares: (K, S, S, 3) uint8, input of the image network, one of each tile, row by row; one of the whole
            photo where it is not cut. None where there is no photo to score.
        more_squares: the same at further sizes; of the part alone where there is a box.
        box: where the part lies in the photo, if further sizes look at it alone.
        cloud: points scaled to the unit sphere, with pixels on the S x S grid if they were organised; None where there
            is no cloud to score.
        points: (M, 3) float32, the points of `cloud` in the file's unit.
        frame: the square the pictures were padded to before they were resized to S; None = photo alone, not padded.
        extent: size of the cloud in the file's unit; 0 where there is none.
        sides: sides of the box around it along x, y and z; () where there is none.
        preview: the part at thumbnail size, uint8.
        picture: the cloud as a picture of `size`, where there is no photo.
        thumbnail, drawing: `preview` as a JPEG file and `picture` as a PNG file, once they were made; else b"".
        image_key, cloud_key: names of the contents, for the cache; "" where there is none.
        is_whole: whether the photo shows what the part lies on, though others of the batch may be blacked out there.
        whole_key: name of the photo with what the part lies on, where one is kept besides; else "".
        reason: why nothing of it could be read, or "".
        problem: why its photo or its cloud is not scored, though the other one is; or "".
        note: what an operator should know though it is scored, or "".
        photo_notes: what is suspicious about its photo.
        photo_kind: what scale the values of its photo are on, such as "uint8"; "" where there is none.
        profile: name of the colour profile of its photo, such as "sRGB"; "" where there is none.
    """

    position: int
    size: tuple[int, int] = (0, 0)
    squares: NDArray[np.uint8] | None = field(default=None, repr=False)
    more_squares: tuple[NDArray[np.uint8], ...] = field(default=(), repr=False)
    box: Placement | None = None
    cloud: Cloud | None = field(default=None, repr=False)
    points: NDArray[np.float32] | None = field(default=None, repr=False)
    frame: Frame | None = None
    extent: float = 0.0
    sides: tuple[float, ...] = ()
    preview: NDArray[np.uint8] | None = field(default=None, repr=False)
    picture: NDArray[np.uint8] | None = field(default=None, repr=False)
    thumbnail: bytes = field(default=b"", repr=False)
    drawing: bytes = field(default=b"", repr=False)
    image_key: str = ""
    cloud_key: str = ""
    is_whole: bool = False
    whole_key: str = ""
    reason: str = ""
    problem: str = ""
    note: str = ""
    photo_notes: tuple[PhotoNote, ...] = ()
    photo_kind: str = ""
    profile: str = ""

    @property
    def content(self) -> str:
        """Name of all that is scored of it; `split_content` takes it apart. "" where nothing is."""
        return f"{self.image_key}+{self.cloud_key}" if self.cloud_key else self.image_key

    @property
    def remarks(self) -> str:
        """All that an operator should know though it is scored, or ""."""
        return "; ".join(filter(None, (self.note, *map(str, self.photo_notes))))

    def without_pixels(self) -> "Part":
        """Return a copy without pixels and points, small enough to keep for every sample of a large batch."""
        return replace(self.without_arrays(), thumbnail=b"", drawing=b"")

    def without_arrays(self) -> "Part":
        """Return a copy that has files of its pictures at most, as it goes over a wire."""
        return replace(self, squares=None, more_squares=(), cloud=None, points=None, preview=None, picture=None)


def split_content(content: str) -> tuple[str, str]:
    """Return the names of photo and cloud of which `Part.content` is made; "" where there is none."""
    image_key, _, cloud_key = content.partition("+")
    return image_key, cloud_key


def find_digest(content: str) -> str:
    """Return the SHA-256 of the photo, else of the cloud, that `Part.content` names; "" where it names none."""
    image_key, cloud_key = split_content(content)
    return image_key.partition("-")[0] or cloud_key  # tokens are named by the file, and by what else decides them


@dataclass(frozen=True)
class PartReader:
    """Reads the files of samples and prepares them for the networks, all in the same way.

    Attributes:
        modality: what is wanted of samples; where one of two is missing or unusable, the other is prepared alone.
        side: S, side of the network's input in pixels.
        background: a name in `BACKGROUND_RECIPES`: what the part lies on is dropped from the cloud and blacked out in
            the photo; or "off". Where the brightest cluster is to be kept and there is no photo, the largest is.
        camera: for depth images.
        holes: values of z or of a depth image that mark holes; None = recognised.
        tiles: (rows, columns) that the photo is cut into; more than one tile only with modality "2d".
        resize: filter that brings the photo to S.
        ranges: which values of photos are black and white.
        more_sides: further sides of the network's input, in pixels.
        parts: how parts are found in photos, so that further sides show them alone; None = the whole photo.
    """

    modality: Modality
    side: int
    background: str
    camera: PinholeCamera | None = None
    holes: tuple[float, ...] | None = None
    tiles: Tiling = (1, 1)
    resize: Resize = "bicubic"
    ranges: Ranges = field(default_factory=lambda: FULL)
    more_sides: Sequence[int] = ()
    parts: PartModel | None = None

    def read(self, position: int, sample: Sample) -> Part:
        """Read and prepare the files of a sample. What is wrong with them is told in the result, not raised.

        Args:
            position: place in the batch.
            sample: its files.
        """
        shown, image_key, photo_problem = None, "", ""
        if self.modality != "3d":
            shown, image_key, photo_problem = _read_photo(sample, self.ranges)
        photo = shown.pixels if shown else None
        if self.modality == "2d":
            if photo is None:
                return Part(position, reason=photo_problem)
            return _add_notes(self._cut_photo(position, photo, image_key), shown)
        cloud, cloud_key, cloud_problem = _read_cloud(sample, self.camera, self.holes)
        if cloud is not None and photo is not None and cloud.size != photo.shape[:2]:
            sizes = f"{cloud.name} has {_describe_size(cloud.size)}, the photo {_describe_size(photo.shape[:2])}"
            cloud, cloud_problem = None, f"{sizes}: they are not aligned; modality = 3d scores the clouds alone"
        if cloud is not None:
            try:
                part = self._prepare_cloud(photo, cloud)
                both = image_key and f"{image_key}-{cloud_key[:16]}"  # the photo is blacked out where the cloud ends
                alone = photo_problem and f"scored by its cloud alone: {photo_problem}"
                note = "; ".join(filter(None, (alone, *cloud.notes)))
                part = replace(
                    part, position=position, image_key=both, cloud_key=cloud_key, problem=photo_problem, note=note
                )
                return _add_notes(part, shown)
            except InputError as error:
                cloud_problem = str(error)
        if photo is None:
            return Part(position, reason="; ".join(filter(None, (photo_problem, cloud_problem))))
        note = f"scored by its photo alone: {cloud_problem}"
        part = replace(self._frame_photo(position, photo, image_key), problem=cloud_problem, note=note)
        return _add_notes(part, shown)

    def read_whole(self, position: int, sample: Sample) -> Part:
        """Read the photo of a sample as that of one without cloud is prepared: padded to a square, nothing blacked out.

        Args:
            position: place in the batch.
            sample: its files; the cloud is not looked at.
        """
        photo, image_key, problem = _read_photo(sample, self.ranges)
        if photo is None:
            return Part(position, reason=problem)
        return self._frame_photo(position, photo.pixels, image_key)

    def _cut_photo(self, position: int, photo: NDArray[np.uint8], key: str) -> Part:
        """Cut a photo that is scored alone into tiles, at each size; at further sizes only where the part is found."""
        part = _prepare_photo(position, photo, key, cut_tiles(photo, self.tiles, self.side, self.resize))
        if self.parts is not None:
            part, photo = _place_part(part, photo, self.parts)
        closer = tuple(cut_tiles(photo, self.tiles, side, self.resize) for side in self.more_sides)
        return replace(part, more_squares=closer)

    def _frame_photo(self, position: int, photo: NDArray[np.uint8], key: str) -> Part:
        frame = Frame.around(_measure_size(photo))  # as around others of its batch, so that shapes stay alike
        square, *closer = self._fit_framed(frame, photo)
        part = _prepare_photo(position, photo, f"{key}-framed", square)
        return replace(part, more_squares=tuple(closer), frame=frame, is_whole=True)

    def _fit_framed(self, frame: Frame, photo: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
        """Pad a photo to its frame and bring it to each of the network's sizes: (1, S, S, 3) each."""
        padded = np.asarray(frame.pad(photo), np.uint8)
        return [fit_photo(padded, side, self.resize)[None] for side in (self.side, *self.more_sides)]

    def _prepare_cloud(self, photo: NDArray[np.uint8] | None, cloud: Cloud) -> Part:
        if cloud.size is None:
            return _prepare_unorganised(cloud)
        kept = cloud
        if self.background != "off":
            recipe = BACKGROUND_RECIPES[self.background]
            if photo is None:  # nothing to see the brightest cluster in
                recipe = replace(recipe, keep="largest")
            metre = 1000.0 if cloud.extent > MILLIMETRES else 1.0
            kept = remove_background(cloud, recipe, metre=metre, photo=photo)
        frame = Frame.around(cloud.size)
        picture, squares = None, list[NDArray[np.uint8]]()
        if photo is None:
            picture = shown = shade_cloud(kept)
        else:
            shown = photo
            squares = self._fit_framed(frame, blacken(photo, cloud, kept))
        resized = resize_cloud(pad_cloud(kept, frame), (self.side, self.side))
        return Part(
            0,
            size=cloud.size,
            squares=squares[0] if squares else None,
            more_squares=tuple(squares[1:]),
            cloud=to_unit_sphere(resized),
            points=resized.points,
            frame=frame,
            extent=cloud.extent,
            sides=cloud.sides,
            preview=shrink(shown, THUMBNAIL),
            picture=picture,
        )


def _place_part(part: Part, photo: NDArray[np.uint8], parts: PartModel) -> tuple[Part, NDArray[np.uint8]]:
    """Find the part in its photo, and cut it out."""
    box, seen = parts.place(photo)
    key = f"{part.image_key}-at-{hashlib.sha256(repr(box).encode()).hexdigest()[:12]}"
    note = "" if seen else "the part does not stand out from its ground: the closer look is where the others lie"
    return replace(part, box=box, image_key=key, note=note), cut_box(photo, box)


def _add_notes(part: Part, photo: Photo | None) -> Part:
    if photo is None:
        return part
    return replace(part, photo_notes=photo.notes, photo_kind=photo.kind, profile=photo.profile)


def _prepare_photo(position: int, photo: NDArray[np.uint8], key: str, squares: NDArray[np.uint8]) -> Part:
    """Prepare a photo that is scored without a cloud."""
    return Part(position, size=_measure_size(photo), squares=squares, preview=shrink(photo, THUMBNAIL), image_key=key)


def _prepare_unorganised(cloud: Cloud) -> Part:
    picture = shade_cloud(close_gaps(organise_cloud(cloud)[0]))
    return Part(
        0,
        size=(picture.shape[0], picture.shape[1]),
        cloud=to_unit_sphere(cloud),
        points=cloud.points,
        extent=cloud.extent,
        sides=cloud.sides,
        preview=shrink(picture, THUMBNAIL),
        picture=picture,
    )


def _read_photo(sample: Sample, ranges: Ranges) -> tuple[Photo | None, str, str]:
    """Read the photo, the name of its content, and what is wrong with it."""
    if sample.image is None:
        return None, "", "it has no photo"
    try:
        content = read_bytes(sample.image)
        photo = decode_photo(content, sample.image.name, ranges)
        return photo, hashlib.sha256(content).hexdigest() + photo.suffix, ""
    except InputError as error:
        return None, "", str(error)


def _read_cloud(
    sample: Sample, camera: PinholeCamera | None, holes: tuple[float, ...] | None
) -> tuple[Cloud | None, str, str]:
    """Read the cloud, the name of its content, and what is wrong with it."""
    if sample.cloud is None:
        return None, "", "it has no cloud"
    try:
        content = read_bytes(sample.cloud)
        cloud = decode_cloud(content, sample.cloud, camera=camera, holes=holes)
        return cloud, hashlib.sha256(content).hexdigest(), ""
    except InputError as error:
        return None, "", str(error)


def _measure_size(photo: NDArray[np.uint8]) -> tuple[int, int]:
    return photo.shape[0], photo.shape[1]


def _describe_size(size: tuple[int, ...] | None) -> str:
    return "no pixel grid" if size is None else f"{size[1]} x {size[0]} pixels"
