import numpy as np
import pytest

from inspector.errors import StoreError
from inspector.results.clouds import ScoredCloud, cloud_path, load_cloud, save_cloud, write_ply


@pytest.fixture
def cloud():
    points = np.array([[0, 0, 1], [1, 2, 3]], np.float32)
    return ScoredCloud(points, np.array([0.25, 0.5], np.float32), np.array([-1, 7], np.int64))


def test_a_kept_cloud_comes_back(cloud, tmp_path):
    path = cloud_path(tmp_path, 3)
    assert path == tmp_path / "clouds" / "000003.npz"
    save_cloud(path, cloud)
    back = load_cloud(path)
    for name in ("points", "scores", "pixels"):
        np.testing.assert_array_equal(getattr(back, name), getattr(cloud, name))
        assert getattr(back, name).dtype == getattr(cloud, name).dtype


def test_lengths_must_agree():
    with pytest.raises(ValueError, match=r"expected points \(M, 3\)"):
        ScoredCloud(np.zeros((2, 3), np.float32), np.zeros(3, np.float32), np.zeros(2, np.int64))


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut off"])
def test_a_missing_or_damaged_cloud_is_named(tmp_path, content):
    path = tmp_path / "a.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=r"a\.npz is missing or damaged"):
        load_cloud(path)


def test_ply_holds_places_colours_and_scores(cloud, tmp_path):
    write_ply(tmp_path / "a.ply", cloud, np.array([[1, 2, 3], [255, 0, 9]], np.uint8))
    header, _, body = (tmp_path / "a.ply").read_bytes().partition(b"end_header\n")
    assert b"format binary_little_endian 1.0\nelement vertex 2\nproperty float x\n" in header
    assert len(body) == 2 * 19
    assert np.frombuffer(body[19:31], "<f4").tolist() == [1, 2, 3]
    assert list(body[31:34]) == [255, 0, 9]
    assert np.frombuffer(body[34:38], "<f4").tolist() == [0.5]
