"""Cameras of GenICam, with a stand-in for harvesters: no camera and no producer was at hand."""

import sys
import types
from typing import ClassVar

import numpy as np
import pytest

from inspector.cameras.camera import CameraError
from tests.modules import forget_modules


class FakeHarvester:
    """Finds the cameras of `serials`; each gives what is in `coming`."""

    serials = ("A1", "B2")
    coming: ClassVar[list[object]] = []
    calls: ClassVar[list[object]] = []

    def __init__(self):
        self.device_info_list = []

    def add_file(self, path, *, check_existence, check_validity):
        self.calls.append(("add_file", path))

    def update(self):
        self.device_info_list = list(self.serials)

    def create(self, key):
        if isinstance(key, dict) and key["serial_number"] not in self.serials:
            raise ValueError("no device found: provide valid device information")
        self.calls.append(("create", key))
        return FakeAcquirer()

    def reset(self):
        self.calls.append("reset")


class FakeBuffer:
    def __init__(self, data, width, height, pixels):
        self.data = data
        part = types.SimpleNamespace(data=data, width=width, height=height, data_format=pixels)
        self.payload = types.SimpleNamespace(components=[part])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.data[:] = 0  # the camera writes there again


class FakeAcquirer:
    Events = types.SimpleNamespace(INCOMPLETE_BUFFER=4)

    def add_callback(self, event, callback):
        assert event == self.Events.INCOMPLETE_BUFFER
        self.incomplete = callback

    def start(self):
        FakeHarvester.calls.append("start")

    def try_fetch(self, *, timeout):
        next_one = FakeHarvester.coming.pop(0) if FakeHarvester.coming else None
        if isinstance(next_one, Exception):
            raise next_one
        if next_one == "incomplete":
            self.incomplete.emit(self)
            return None
        return next_one and FakeBuffer(*next_one)

    def destroy(self):
        FakeHarvester.calls.append("destroy")


@pytest.fixture
def genicam(monkeypatch):
    """The module, with the stand-in below it."""
    fake = types.SimpleNamespace(Harvester=FakeHarvester, Callback=type("Callback", (), {}))
    monkeypatch.setitem(sys.modules, "harvesters", types.SimpleNamespace(core=fake))
    monkeypatch.setitem(sys.modules, "harvesters.core", fake)
    forget_modules(monkeypatch, "inspector.cameras.genicam")
    monkeypatch.setattr(FakeHarvester, "coming", [])
    monkeypatch.setattr(FakeHarvester, "calls", [])
    import inspector.cameras.genicam as module

    yield module
    sys.modules.pop("inspector.cameras.genicam", None)


@pytest.fixture
def producer(tmp_path):
    path = tmp_path / "vendor.cti"
    path.touch()
    return path


def test_photos_are_copies_and_damaged_ones_are_counted(genicam, producer):
    values = np.arange(6, dtype=np.uint8)
    FakeHarvester.coming += [None, "incomplete", (values, 3, 2, "Mono8")]
    camera = genicam.GenICamCamera(f"genicam:{producer}")
    camera.open()
    photos = [camera.read() for _ in range(3)]
    lost = [camera.take_lost(), camera.take_lost()]
    camera.close()

    assert photos[:2] == [None, None]
    assert photos[2].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert (values.tolist(), lost) == ([0] * 6, [1, 0])
    assert FakeHarvester.calls == [("add_file", str(producer)), ("create", 0), "start", "destroy", "reset"]


def test_a_camera_is_named_by_its_serial_number(genicam, producer):
    genicam.GenICamCamera(f"genicam:{producer}?B2").open()
    assert ("create", {"serial_number": "B2"}) in FakeHarvester.calls

    camera = genicam.GenICamCamera(f"genicam:{producer}?C3")
    with pytest.raises(CameraError, match="cannot be opened: no device found"):
        camera.open()
    camera.close()


def test_what_is_not_there_is_told(genicam, producer, monkeypatch):
    with pytest.raises(CameraError, match="no such producer"):
        genicam.GenICamCamera("genicam:/nowhere.cti").open()
    monkeypatch.setattr(FakeHarvester, "serials", ())
    with pytest.raises(CameraError, match="finds no camera"):
        genicam.GenICamCamera(f"genicam:{producer}").open()


def test_an_unplugged_camera_is_told_and_can_be_closed(genicam, producer, monkeypatch):
    def fail(_):
        raise RuntimeError("GC_ERR_INVALID_HANDLE")

    FakeHarvester.coming.append(RuntimeError("GC_ERR_IO"))
    monkeypatch.setattr(FakeAcquirer, "destroy", fail)
    camera = genicam.GenICamCamera(f"genicam:{producer}")
    camera.open()
    with pytest.raises(CameraError, match="the camera is gone: GC_ERR_IO"):
        camera.read()
    camera.close()

    assert FakeHarvester.calls[-1] == "reset"


@pytest.mark.parametrize(
    ("pixels", "first"),
    [("BayerRG8", (0, 0)), ("BayerGR12", (0, 1)), ("BayerGB12Packed", (1, 0)), ("BayerBG16", (1, 1))],
)
def test_bayer_patterns_become_colours(genicam, pixels, first):
    """A red part: only the pixels below red filters see it; the name says where the first of them is."""
    kind = np.uint8 if pixels.endswith("8") else np.uint16
    values = np.zeros((8, 8), kind)
    values[first[0] :: 2, first[1] :: 2] = 200

    photo = genicam.develop(values.ravel(), 8, 8, pixels)

    assert photo.dtype == kind
    assert photo[4, 4].tolist() == [200, 0, 0]


def test_grey_and_coloured_pixels_are_kept(genicam):
    coloured = np.arange(12, dtype=np.uint8)

    assert genicam.develop(coloured, 2, 2, "RGB8").tolist() == coloured.reshape(2, 2, 3).tolist()
    assert genicam.develop(coloured, 2, 2, "BGR8").tolist() == coloured.reshape(2, 2, 3)[..., ::-1].tolist()
    assert genicam.develop(np.array([4095], np.uint16), 1, 1, "Mono12").tolist() == [[4095]]


@pytest.mark.parametrize("pixels", ["YUV422_8", "Coord3D_C16", "Monochrome", "RGBa8"])
def test_other_pixels_are_refused_with_those_that_are_known(genicam, pixels):
    with pytest.raises(CameraError, match=f"pixels are {pixels}; set the camera to one of BayerRG"):
        genicam.develop(np.zeros(4, np.uint8), 2, 2, pixels)


def test_a_photo_that_is_cut_short_is_refused(genicam):
    with pytest.raises(CameraError, match="expected 2 x 2 pixels of Mono8, but got 3 values"):
        genicam.develop(np.zeros(3, np.uint8), 2, 2, "Mono8")
