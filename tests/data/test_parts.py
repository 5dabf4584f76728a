"""Reading a sample: photo and cloud on one square, and what happens where one of them cannot be used."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from inspector.data.clouds.depth import PinholeCamera
from inspector.data.parts import Part, PartReader
from inspector.data.photos import cut_tiles, fit_photo, read_image
from inspector.data.samples import Sample, tell_of
from inspector.geometry.frame import Frame
from tests.clouds import SIZE, organised, part_points, photo, save_photo, save_ply, save_tiff


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    save_photo(tmp_path / "part.png", photo(0))
    save_tiff(tmp_path / "part.tiff", organised(0))
    return Sample("part", tmp_path / "part.png", tmp_path / "part.tiff")


def read(sample: Sample, modality: str = "2d+3d", *, background: str = "mvtec-3d", **options) -> Part:
    return PartReader(modality, 96, background, **options).read(5, sample)


def test_photo_and_cloud_lie_on_one_square(sample):
    part = read(sample, background="off")

    assert (part.position, part.size, part.frame) == (5, SIZE, Frame(160, 30, 0, SIZE))
    assert np.array_equal(part.squares[0], fit_photo(part.frame.pad(photo(0)), 96))
    assert part.cloud.size == (96, 96)
    rows, cols = np.divmod(part.cloud.pixels, 96)
    xyz = organised(0)[rows * 160 // 96 - 30, cols * 160 // 96]
    assert np.array_equal(part.points, xyz)
    assert np.linalg.norm(part.cloud.points, axis=1).max() == pytest.approx(1)
    assert (part.picture, part.reason, part.problem, part.note) == (None, "", "", "")
    assert part.preview.shape == (*SIZE, 3)


def test_background_is_dropped_from_both(sample):
    part = read(sample)

    assert part.points[:, 2].max() < 0.496
    assert (part.squares[0][5, 5] == 0).all()
    assert part.squares[0][48, 48].min() > 150
    assert np.array_equal(part.preview, photo(0))


def test_a_photo_with_a_cloud_is_seen_at_further_sizes_in_the_same_frame(sample):
    part, lone = (read(each, background="off", more_sides=(160,)) for each in (sample, Sample("part", sample.image)))

    for found in (part, lone):
        (larger,) = found.more_squares
        assert np.array_equal(larger[0], fit_photo(Frame.around(SIZE).pad(photo(0)), 160))
        assert found.squares.shape == (1, 96, 96, 3)


@pytest.mark.parametrize("scale", [1, 1000], ids=["metres", "millimetres"])
def test_background_in_either_unit(sample, scale):
    save_tiff(sample.cloud, organised(0) * scale)

    part = read(sample)

    assert part.points[:, 2].max() < 0.496 * scale
    assert part.extent == pytest.approx(np.hypot(0.099, 0.159) * scale, rel=0.03)


@pytest.mark.parametrize("modality", ["2d", "3d"])
def test_one_modality_leaves_the_other_file_alone(sample, modality):
    (sample.image if modality == "3d" else sample.cloud).write_bytes(b"damaged")

    part = read(sample, modality)

    assert (part.reason, part.note) == ("", "")
    assert (part.squares is None, part.cloud is None) == (modality == "3d", modality == "2d")
    assert (part.image_key == "", part.cloud_key == "") == (modality == "3d", modality == "2d")
    assert (part.picture is None) == (modality == "2d")


def test_photo_alone_is_not_framed_among_photos(sample):
    part = read(sample, "2d")

    assert part.frame is None
    assert np.array_equal(part.squares[0], fit_photo(read_image(sample.image), 96))


def test_photos_are_resized_with_the_filter_that_is_told(sample):
    pixels, options = read_image(sample.image), {"resize": "bilinear", "background": "off"}
    framed = fit_photo(Frame.around(SIZE).pad(pixels), 96, "bilinear")[None]

    squares = [read(sample, "2d", **options), read(sample, "2d", tiles=(2, 2), **options), read(sample, **options)]
    squares += [
        read(Sample("part", sample.image), **options),
        PartReader("2d", 96, "off", resize="bilinear").read_whole(0, sample),
    ]

    tiles = [cut_tiles(pixels, count, 96, "bilinear") for count in ((1, 1), (2, 2))]
    for part, expected in zip(squares, [*tiles, framed, framed, framed], strict=True):
        assert np.array_equal(part.squares, expected)
    assert not np.array_equal(framed[0], fit_photo(Frame.around(SIZE).pad(pixels), 96))


@pytest.mark.parametrize(
    ("cloud", "told"),
    [
        (organised(0)[:90], r"part.tiff has 160 x 90 pixels, the photo 160 x 100 pixels: they are not aligned"),
        (np.zeros((*SIZE, 3), np.float32), r"part.tiff holds no point, only holes"),
        (np.full((*SIZE, 3), np.nan, np.float32), r"part.tiff holds no point, only holes"),
        (organised(0) * [1, 1, 0] + [0, 0, 0.5], r"part.tiff is all background by the recipe; switch"),
    ],
    ids=["other size", "zeros", "NaN", "flat"],
)
def test_unusable_cloud_leaves_the_photo_and_a_note(sample, cloud, told):
    save_tiff(sample.cloud, cloud.astype(np.float32))

    part = read(sample)

    assert part.note.startswith(f"scored by its photo alone: {told}")
    assert part.problem.startswith(told)
    assert (part.reason, part.cloud, part.cloud_key) == ("", None, "")
    assert np.array_equal(part.squares[0], fit_photo(Frame.around(SIZE).pad(photo(0)), 96))


def test_missing_cloud_leaves_the_photo(sample):
    part = read(Sample("part", sample.image))

    assert part.note == "scored by its photo alone: it has no cloud"
    assert part.frame == Frame.around(SIZE)


@pytest.mark.parametrize("damage", [True, False])
def test_unusable_photo_leaves_the_cloud(sample, damage):
    if damage:
        sample.image.write_bytes(b"")

    part = read(sample if damage else Sample("part", cloud=sample.cloud))

    told = "part.png is empty (0 bytes); copy it again from the camera" if damage else "it has no photo"
    assert part.note == f"scored by its cloud alone: {told}"
    assert part.problem == told
    assert part.squares is None
    assert part.picture.shape == (*SIZE, 3)


def test_neither_can_be_used(sample):
    sample.image.write_bytes(b"")
    sample.cloud.unlink()

    part = read(sample)

    told = ("part.png is empty (0 bytes); copy it again from the camera", "part.tiff cannot be read: No such file")
    assert part.reason.startswith("; ".join(told))
    assert part.preview is None


def test_unorganised_cloud_is_its_own_picture(tmp_path):
    save_ply(tmp_path / "a.ply", part_points(0))

    part = read(Sample("a.ply", cloud=tmp_path / "a.ply"), "3d", background="off")

    assert np.array_equal(part.points, part_points(0))
    assert part.picture.shape[:2] == part.size
    assert max(part.size) == 224
    assert part.frame is None


def test_unorganised_cloud_beside_a_photo_is_told(sample, tmp_path):
    save_ply(tmp_path / "a.ply", part_points(0))

    part = read(Sample("a", sample.image, tmp_path / "a.ply"))

    assert "a.ply has no pixel grid" in part.note
    assert "modality = 3d scores the clouds alone" in part.note


def test_brightest_cluster_without_a_photo_is_the_largest(sample):
    save_tiff(sample.cloud, organised(0) * 4)  # the recipe is made for parts of 10 cm

    assert np.array_equal(
        read(sample, "3d", background="eyecandies").points, read(sample, background="eyecandies").points
    )


def test_a_cloud_is_named_by_the_bytes_that_it_is_made_of(sample, monkeypatch):
    """Another scan that is written in its place meanwhile is not taken for it: the file is read once."""
    first, read_bytes = sample.cloud.read_bytes(), Path.read_bytes

    def read_and_replace(path: Path) -> bytes:
        content = read_bytes(path)
        if path == sample.cloud:
            path.write_bytes(content + b"another")
        return content

    monkeypatch.setattr(Path, "read_bytes", read_and_replace)

    assert read(sample).cloud_key == hashlib.sha256(first).hexdigest()


def test_depth_image_needs_a_camera(sample, tmp_path):
    depth = np.full(SIZE, 500, np.uint16)
    save_photo(tmp_path / "depth.png", depth)
    sample = Sample("part", sample.image, tmp_path / "depth.png")

    assert "is a depth image; to make points of it" in read(sample, background="off").note
    assert read(sample, background="off", camera=PinholeCamera((100, 100), (80, 50))).cloud is not None


def test_keys_tell_framed_photos_from_others(sample):
    keys = {
        read(sample, "2d").image_key,
        read(Sample("part", sample.image)).image_key,
        read(sample).image_key,
    }

    assert len(keys) == 3
    assert len({key.partition("-")[0] for key in keys}) == 1


def test_emptied_keeps_what_is_small(sample):
    part = read(sample).without_pixels()

    assert (part.squares, part.cloud, part.points, part.preview) == (None, None, None, None)
    assert (part.size, part.frame) == (SIZE, Frame.around(SIZE))


def test_a_sample_is_named_once():
    assert tell_of("lot/a.png", "a.png is empty (0 bytes)") == "lot/a.png is empty (0 bytes)"
    assert tell_of("lot/a.png", "the photo is one flat colour") == "lot/a.png: the photo is one flat colour"
    assert tell_of("a.png", "a.png.tiff is damaged") == "a.png: a.png.tiff is damaged"
