from pathlib import Path

import cv2
import make_samples
import numpy as np
import pytest
import washer_parts

SAMPLES = Path(make_samples.__file__).parent
WASHERS = SAMPLES / "washers"
MIB = 2**20


def read(path: Path) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_washer_batch_has_its_counts_and_stays_small():
    counts = {folder.name: len(list(folder.iterdir())) for folder in (WASHERS / "test").iterdir()}

    assert counts == {"good": 14, "chip": 2, "contamination": 2, "dent": 2, "scratch": 2, "stain": 2}
    assert size_of(WASHERS) < 3 * MIB


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


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    for folder, seed in (("a", [5, 2, 0]), ("b", [5, 2, 0]), ("c", [6, 2, 0])):
        make_samples.write_washer(tmp_path / folder, "dent", "000", seed=seed)

    assert files_in(tmp_path / "a") == files_in(tmp_path / "b")
    assert files_in(tmp_path / "a") != files_in(tmp_path / "c")


@pytest.mark.parametrize("number", [3, 15])
def test_committed_washers_are_what_the_generator_makes(number):
    kind, name = list(make_samples.washer_list())[number]

    photo, mask = make_samples.draw_washer(kind, [make_samples.SEED, 2, number])

    committed = read(WASHERS / "test" / kind / f"{name}.jpg")[..., ::-1]
    assert np.abs(photo.astype(int) - committed).mean() < 2
    if kind != "good":
        committed_mask = read(WASHERS / "ground_truth" / kind / f"{name}_mask.png")
        assert np.count_nonzero(mask != committed_mask) < 20


@pytest.mark.parametrize("kind", ["chip", "stain"])
def test_a_washer_differs_from_its_flawless_twin_only_around_the_mask(kind):
    flawless, _ = make_samples.draw_washer("good", [1, 2, 3])
    damaged, mask = make_samples.draw_washer(kind, [1, 2, 3])

    change = np.abs(flawless.astype(int) - damaged).max(axis=2)
    near = cv2.dilate(mask, np.ones((31, 31), np.uint8)) > 0
    assert change[mask > 0].mean() > 10
    assert change[~near].max() <= 4
    assert mask.shape == (washer_parts.HEIGHT, washer_parts.WIDTH)
