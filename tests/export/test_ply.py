import numpy as np
import open3d as o3d
import pytest

from inspector.data.clouds.cloud import read_cloud
from inspector.export.ply import encode_ply

POINTS = np.array([[1, 2, 3], [4, 5, 6.5]], np.float32)
COLOURS = np.array([[255, 0, 7], [1, 2, 3]], np.uint8)


def test_bytes_by_hand():
    content = encode_ply(POINTS[:1], np.array([0.5], np.float32), COLOURS[:1])

    header, record = content.split(b"end_header\n")
    assert header.decode().splitlines() == [
        "ply",
        "format binary_little_endian 1.0",
        "element vertex 1",
        *(f"property float {name}" for name in ("x", "y", "z", "score")),
        *(f"property uchar {name}" for name in ("red", "green", "blue")),
    ]
    assert record == np.array([1, 2, 3, 0.5], "<f4").tobytes() + bytes([255, 0, 7])


def test_others_read_it(tmp_path):
    path = tmp_path / "a.ply"
    path.write_bytes(encode_ply(POINTS, np.zeros(2, np.float32), COLOURS))

    cloud = o3d.io.read_point_cloud(str(path))

    assert np.array_equal(np.asarray(cloud.points), POINTS)
    assert np.array_equal(np.asarray(cloud.colors), COLOURS / 255)
    assert np.array_equal(read_cloud(path).points, POINTS)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match=r"but got \(2, 3\), \(1, 3\)"):
        encode_ply(POINTS, np.zeros(2, np.float32), COLOURS[:1])
