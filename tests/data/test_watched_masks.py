"""Masks in a dataset that a line is pointed at are no parts."""

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
