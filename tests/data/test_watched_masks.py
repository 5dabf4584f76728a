"""Masks in a dataset that a line is pointed at, and coordinates in a file each, are no parts."""

import numpy as np
import tifffile

from inspector.data.arrivals import Arrivals


def test_masks_of_datasets_are_no_parts_and_told_once(tmp_path):
    photos = {"test/hole/rgb/000.png", "gt/000.png", "good.png"}
    for name in {"test/hole/gt/000.png", "test/cut/gt/001.png", "Ground_Truth/a/0.png", *photos}:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "test" / "cut" / "xyz").mkdir()

    found = Arrivals(tmp_path, 0).poll()

    assert {arrival.name for arrival in found.arrivals} == photos
    assert list(found.passed.values()) == ["masks of a dataset, no parts"]


def test_coordinates_in_a_file_each_are_no_parts_and_told_once(tmp_path):
    rows, columns = np.mgrid[:20, :30].astype(np.float32)
    for name, values in {"a_x": columns, "a_y": rows, "a_z": columns + rows, "b_x": columns}.items():
        tifffile.imwrite(tmp_path / f"{name}.tif", values)

    found = Arrivals(tmp_path, 0).poll()

    assert [arrival.name for arrival in found.arrivals] == ["b_x.tif"]  # of which y and z are missing
    told = "one coordinate of a cloud; export x, y and z as one TIFF of three channels, or as PLY"
    assert found.passed == {"a_x.tif": told}
