"""Films and cameras through OpenCV, and how addresses are understood."""

import sys

import cv2
import numpy as np
import pytest

from inspector.cameras import opencv
from inspector.cameras.camera import CameraError, FilmEndedError
from inspector.cameras.opencv import Device, Film
from inspector.cameras.register import make_camera
from inspector.errors import SettingsError
from tests.cameras.cameras import make_film, make_photo
from tests.modules import forget_modules


def test_a_film_gives_each_of_its_photos_in_colours_as_they_were(tmp_path):
    path = make_film(tmp_path / "line.avi", [make_photo(40 * number, 48, 64) for number in range(4)])
    film = make_camera(f"file:{path}")
    film.open()
    photos = [film.read() for _ in range(4)]
    with pytest.raises(FilmEndedError, match="at its end"):
        film.read()
    film.close()

    assert [photo.shape for photo in photos] == [(48, 64, 3)] * 4
    for number, photo in enumerate(photos):
        assert np.abs(photo.astype(int) - make_photo(40 * number, 48, 64)).max() <= 4  # Motion JPEG is lossy


def test_what_is_no_film_cannot_be_opened(tmp_path):
    (tmp_path / "line.avi").write_bytes(b"no film")
    for name, why in (("line.avi", "no film that can be read"), ("other.avi", "no such file")):
        film = Film(f"file:{tmp_path / name}")
        with pytest.raises(CameraError, match=why):
            film.open()
        film.close()


class FakeCapture:
    """A camera of V4L2: photos count up; it can be unplugged."""

    opened: tuple[object, ...] = ()
    is_there = True

    def __init__(self, *which):
        type(self).opened, self.next = which, 0
        self.released = False

    def isOpened(self):  # noqa: N802 - OpenCV's name
        return self.is_there

    def set(self, *_):
        return True

    def read(self):
        if not self.is_there:
            return False, None
        self.next += 1
        return True, make_photo(self.next)[..., ::-1]

    def release(self):
        self.released = True


@pytest.fixture
def device(tmp_path, monkeypatch):
    """A camera that looks like one of Linux; its file is there."""
    (tmp_path / "video0").touch()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(FakeCapture, "is_there", True)
    monkeypatch.setattr(opencv.cv2, "VideoCapture", FakeCapture)
    return Device(str(tmp_path / "video0"))


def test_the_first_photos_of_a_device_are_thrown_away(device, tmp_path):
    device.open()
    photo = device.read()
    device.close()

    assert np.array_equal(photo, make_photo(opencv.WARM_UP + 1))
    assert FakeCapture.opened == (str(tmp_path / "video0"), cv2.CAP_V4L2)


def test_a_device_that_is_unplugged_says_so(device, monkeypatch):
    device.open()
    monkeypatch.setattr(FakeCapture, "is_there", False)
    with pytest.raises(CameraError, match="gives no photo"):
        device.read()
    device.close()
    with pytest.raises(CameraError, match="another program may use it"):
        device.open()
    device.close()


def test_a_device_that_is_not_there_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(CameraError, match="no such camera"):
        Device(str(tmp_path / "video9")).open()


def test_elsewhere_devices_have_numbers(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(opencv.cv2, "VideoCapture", FakeCapture)
    camera = make_camera("1")
    camera.open()

    assert (type(camera), FakeCapture.opened, camera.runs_free) == (Device, (1,), True)


@pytest.mark.parametrize("wrong", ["", "file", "file:", "rtsp://plant", "x", "-1", "line.mp4"])
def test_what_is_no_address_is_refused_with_the_kinds(wrong):
    with pytest.raises(SettingsError, match=r"write it as file:FILM, a number as 0, /dev/videoN, or genicam:"):
        make_camera(wrong)


def test_a_kind_whose_package_is_missing_says_how_to_install_it(monkeypatch):
    forget_modules(monkeypatch, "inspector.cameras.genicam")
    monkeypatch.setitem(sys.modules, "harvesters.core", None)

    with pytest.raises(SettingsError, match=r"harvesters.*not installed; pip install 'mutual-inspector\[camera\]'"):
        make_camera("genicam:/opt/producer.cti")
