from pathlib import Path

import cv2
import make_samples
import numpy as np
import pytest
import tifffile

SAMPLES = Path(make_samples.__file__).parent
WASHERS, HOUSINGS = SAMPLES / "washers", SAMPLES / "housings"
MIB = 2**20


def read(path: Path) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def photo_distance(drawn: np.ndarray, committed: Path) -> float:
    return float(np.abs(drawn.astype(int) - read(committed)[..., ::-1]).mean())


@pytest.fixture(scope="module")
def flawless_housing() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return make_samples.draw_housing("good", [1, 3, 5])


def test_washer_batch_has_its_counts_and_stays_small():
    counts = {folder.name: len(list(folder.iterdir())) for folder in (WASHERS / "test").iterdir()}

    assert counts == {"good": 14, "chip": 2, "contamination": 2, "dent": 2, "scratch": 2, "stain": 2}
    assert size_of(WASHERS) < 3 * MIB


def test_housing_batch_has_its_counts_and_stays_small():
    for part in ("rgb", "xyz", "gt"):
        counts = {kind.name: len(list((kind / part).iterdir())) for kind in (HOUSINGS / "test").iterdir()}
        assert counts == {"good": 8, "crack": 2, "dent": 3, "stain": 3}
    assert size_of(HOUSINGS) < 6 * MIB


def test_every_washer_defect_has_a_mask_of_the_photos_size():
    for photo_path in sorted(WASHERS.glob("test/*/*.jpg")):
        photo = read(photo_path)
        assert photo.shape == (320, 360, 3)
        mask_path = WASHERS / "ground_truth" / photo_path.parent.name / f"{photo_path.stem}_mask.png"
        assert mask_path.exists() == (photo_path.parent.name != "good")
        if mask_path.exists():
            mask = read(mask_path)
            assert mask.shape == photo.shape[:2]
            assert set(np.unique(mask)) == {0, 255}
            assert 300 < np.count_nonzero(mask) < 1700


def test_every_housing_has_photo_cloud_and_mask_of_one_size():
    for photo_path in sorted(HOUSINGS.glob("test/*/rgb/*.png")):
        kind = photo_path.parent.parent
        photo, mask = read(photo_path), read(kind / "gt" / photo_path.name)
        cloud = tifffile.imread(kind / "xyz" / f"{photo_path.stem}.tiff")
        assert photo.shape == cloud.shape == (184, 208, 3)
        assert photo.dtype == np.uint8
        assert cloud.dtype == np.float32
        assert mask.shape == (184, 208)
        assert set(np.unique(mask)) == ({0} if kind.name == "good" else {0, 255})


def test_clouds_show_a_part_well_above_a_plane_that_fills_the_border():
    for path in sorted(HOUSINGS.glob("test/*/xyz/*.tiff")):
        cloud = tifffile.imread(path)
        measured = cloud[..., 2] > 0
        border = np.ones(measured.shape, bool)
        border[10:-10, 10:-10] = False
        x, y, z = cloud[border & measured].T
        plane, *_ = np.linalg.lstsq(np.stack([x, y, np.ones_like(x)], axis=1), z, rcond=None)
        above = cloud[..., 0] * plane[0] + cloud[..., 1] * plane[1] + plane[2] - cloud[..., 2]
        part = measured & (above > 0.005)
        assert not cloud[~measured].any()
        assert 0.02 < (~measured).mean() < 0.10
        assert np.abs(above[border & measured]).max() < 0.001
        assert 0.025 < above[part].max() < 0.029
        assert 15_000 < np.count_nonzero(part) < 20_000


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        make_samples.write_washer(tmp_path / folder / "washers", "dent", "000", seed=[seed, 2, 0])
        make_samples.write_housing(tmp_path / folder / "housings", "crack", "000", seed=[seed, 3, 0])

    assert len(files_in(tmp_path / "a")) == 5
    assert files_in(tmp_path / "a") == files_in(tmp_path / "b")
    differing = {name for name, data in files_in(tmp_path / "a").items() if files_in(tmp_path / "c")[name] != data}
    assert differing == set(files_in(tmp_path / "a"))


@pytest.mark.parametrize("number", [3, 15])
def test_committed_washers_are_what_the_generator_makes(number):
    kind, name = make_samples.part_list(make_samples.WASHERS)[number]

    photo, mask = make_samples.draw_washer(kind, [make_samples.SEED, 2, number])

    assert photo_distance(photo, WASHERS / "test" / kind / f"{name}.jpg") < 2
    if kind != "good":
        committed_mask = read(WASHERS / "ground_truth" / kind / f"{name}_mask.png")
        assert np.count_nonzero(mask != committed_mask) < 20


@pytest.mark.parametrize("number", [2, 11])
def test_committed_housings_are_what_the_generator_makes(number):
    kind, name = make_samples.part_list(make_samples.HOUSINGS)[number]
    folder = HOUSINGS / "test" / kind

    photo, cloud, mask = make_samples.draw_housing(kind, [make_samples.SEED, 3, number])

    committed_cloud = tifffile.imread(folder / "xyz" / f"{name}.tiff")
    both = (cloud[..., 2] > 0) & (committed_cloud[..., 2] > 0)
    assert photo_distance(photo, folder / "rgb" / f"{name}.png") < 0.5
    assert np.median(np.abs(cloud - committed_cloud)[both]) < 1e-4
    assert np.count_nonzero((cloud[..., 2] > 0) ^ (committed_cloud[..., 2] > 0)) < 50
    assert np.count_nonzero(mask != read(folder / "gt" / f"{name}.png")) < 20


@pytest.mark.parametrize("kind", ["chip", "stain"])
def test_a_washer_differs_from_its_flawless_twin_only_around_the_mask(kind):
    flawless, _ = make_samples.draw_washer("good", [1, 2, 3])

    damaged, mask = make_samples.draw_washer(kind, [1, 2, 3])

    change = np.abs(flawless.astype(int) - damaged).max(axis=2)
    near = cv2.dilate(mask, np.ones((31, 31), np.uint8)) > 0
    assert change[mask > 0].mean() > 10
    assert change[~near].max() <= 4


def test_a_stain_leaves_the_cloud_and_changes_the_photo(flawless_housing):
    photo, cloud, mask = make_samples.draw_housing("stain", [1, 3, 5])

    assert np.array_equal(cloud, flawless_housing[1])
    assert np.abs(photo.astype(int) - flawless_housing[0])[mask > 0].mean() > 10


def test_a_dent_leaves_the_photo_and_changes_the_cloud(flawless_housing):
    photo, cloud, mask = make_samples.draw_housing("dent", [1, 3, 5])

    change = np.abs(cloud - flawless_housing[1])[..., 2]
    kept = (cloud[..., 2] > 0) & (flawless_housing[1][..., 2] > 0)
    assert np.array_equal(photo, flawless_housing[0])
    assert 0.0025 < change[kept & (mask > 0)].max() < 0.0045
    assert change[kept & (cv2.dilate(mask, np.ones((9, 9), np.uint8)) == 0)].max() < 1e-4


def test_a_crack_changes_photo_and_cloud(flawless_housing):
    photo, cloud, mask = make_samples.draw_housing("crack", [1, 3, 5])

    kept = (mask > 0) & (cloud[..., 2] > 0) & (flawless_housing[1][..., 2] > 0)
    assert np.abs(photo.astype(int) - flawless_housing[0])[mask > 0].mean() > 10
    assert np.median((cloud - flawless_housing[1])[..., 2][kept]) > 0.0005
