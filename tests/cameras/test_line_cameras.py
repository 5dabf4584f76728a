"""docs/line.md names every kind of camera, and its numbers are those of the code."""

import re
from pathlib import Path

from inspector.cameras import grabber, opencv
from inspector.cameras.register import CAMERAS

PAGE = (Path(__file__).parents[2] / "docs" / "line.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`]+)`", PAGE))


def test_every_kind_of_camera_is_named():
    assert {kind for kind in CAMERAS if not any(word.startswith(f"{kind}:") for word in WORDS)} == set()


def test_numbers_of_cameras_are_those_of_the_code():
    assert f"The first {opencv.WARM_UP} photos are thrown away" in PAGE
    assert f"up to {grabber.WAITING} photos wait" in PAGE
    assert f"no photo for {grabber.PATIENCE:g} seconds" in PAGE
