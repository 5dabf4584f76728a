"""E57 and LAS, written by the libraries that read them."""

import io
import struct

import numpy as np
import pytest

from inspector.data.clouds import scans
from inspector.data.clouds.cloud import read_cloud
from inspector.data.clouds.scans import parse_e57, parse_las
from inspector.errors import InputError

laspy, pye57 = pytest.importorskip("laspy"), pytest.importorskip("pye57")

ROWS, COLS = np.mgrid[:20, :30]
POINTS = np.stack([COLS, ROWS, np.random.default_rng(0).normal(5, 1, ROWS.shape)], axis=2).reshape(-1, 3).round(3)
ORIGIN = np.array([512_000.0, 5_401_000.0, 300.0])


def las(points: np.ndarray, withheld: int = 0, classes: tuple[int, ...] = (), kind: int = 3, records=()) -> bytes:
    header = laspy.LasHeader(point_format=kind, version="1.4" if kind > 5 else "1.2")
    header.vlrs.extend(records)
    header.offsets, header.scales = np.floor(points[0]), [0.001] * 3
    data = laspy.LasData(header)
    data.x, data.y, data.z = points.T
    data.withheld = np.arange(len(points)) < withheld
    data.classification[: len(classes)] = classes
    buffer = io.BytesIO()
    data.write(buffer)
    return buffer.getvalue()


def scan(points: np.ndarray, **fields) -> dict:
    columns = {f"cartesian{axis}": values for axis, values in zip("XYZ", points.T, strict=True)}
    return {**columns, **fields}


def e57(folder, *parts: dict, **options) -> bytes:
    with pye57.E57(str(folder / "written.e57"), "w") as file:
        for part in parts:
            file.write_scan_raw(part, **options)
    return (folder / "written.e57").read_bytes()


def test_las_keeps_millimetres_far_from_zero(tmp_path):
    (tmp_path / "a.las").write_bytes(las(POINTS + ORIGIN))

    cloud = read_cloud(tmp_path / "a.las")

    step = cloud.points.astype(np.float64) - POINTS
    assert np.abs(step - step[0]).max() < 1e-5
    assert cloud.size is None
    assert cloud.notes == ("its coordinates are counted from (512000, 5401000, 301) on",)


GEOGCS = 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.25]]]'


@pytest.mark.parametrize(
    ("wkt", "key", "told"),
    [
        (GEOGCS, 0, True),
        ("", 2, True),
        (f'PROJCS["UTM 32",{GEOGCS}]', 0, False),
        ('GEODCRS["WGS 84",CS[Cartesian,3],LENGTHUNIT["metre",1]]', 0, False),
        ("", 1, False),
    ],
)
def test_las_whose_coordinates_are_degrees_is_told(wkt, key, told):
    keys = struct.pack("<8H", 1, 1, 0, 1, 1024, 0, 1, key)
    record = laspy.VLR("LASF_Projection", 2112 if wkt else 34735, "", wkt.encode() + b"\0" if wkt else keys)

    assert parse_las(las(POINTS, records=[record]), "a").notes == ((scans.DEGREES,) if told else ())


def test_points_that_las_withholds_are_left_out():
    parsed = parse_las(las(POINTS, withheld=5), "a")

    assert np.allclose(parsed.points, POINTS[5:], atol=1e-9)
    assert parsed.notes == ("5 points that it calls withheld were left out",)


@pytest.mark.parametrize(
    ("kind", "noise", "told"),
    [
        (3, [0, 1], "1 point that it calls noise was left out"),
        (6, [0, 1, 3], "2 points that it calls noise were left out"),
    ],
)
def test_points_that_las_calls_noise_are_left_out(kind, noise, told):
    parsed = parse_las(las(POINTS, withheld=1, classes=(7, 7, 2, 18), kind=kind), "a")

    assert np.allclose(parsed.points, np.delete(POINTS, noise, axis=0), atol=1e-9)
    assert parsed.notes == ("1 point that it calls withheld was left out", told)


def test_las_sent_as_text_is_refused():
    content = las(np.random.default_rng(0).uniform(0, 1e6, (600, 3)))
    (start,) = struct.unpack_from("<I", content, scans.LAS_SIZES + 2)

    with pytest.raises(InputError, match="sent as text"):
        parse_las(content[:start] + content[start:].replace(b"\n", b"\r\n"), "part 7")


def test_compressed_las_needs_a_decoder(monkeypatch):
    content = bytearray(las(POINTS))
    content[scans.LAS_KIND] |= 0x80
    monkeypatch.setattr("laspy.LazBackend.detect_available", lambda: ())

    with pytest.raises(InputError, match=r"^part 7\.laz is compressed and needs lazrs; pip install lazrs, or export"):
        parse_las(bytes(content), "part 7.laz")


def test_e57_of_one_scan(tmp_path):
    (tmp_path / "Prüfstück 部品.e57").write_bytes(e57(tmp_path, scan(POINTS)))

    cloud = read_cloud(tmp_path / "Prüfstück 部品.e57")

    assert np.array_equal(cloud.points[1:], POINTS[1:].astype(np.float32))
    assert cloud.size is None
    assert cloud.notes == ()


def test_e57_with_rows_and_columns_stands_on_its_grid(tmp_path):
    holes = np.arange(600) % 7 == 0
    grid = {"rowIndex": ROWS.flatten(), "columnIndex": COLS.flatten(), "cartesianInvalidState": holes.astype(np.int8)}
    (tmp_path / "a.e57").write_bytes(e57(tmp_path, scan(POINTS, **grid)))

    cloud = read_cloud(tmp_path / "a.e57")

    assert cloud.size == (20, 30)
    assert np.array_equal(cloud.pixels, np.flatnonzero(~holes))
    assert np.array_equal(cloud.points, POINTS[~holes].astype(np.float32))


def test_grid_of_an_e57_goes_on_where_its_last_rows_and_columns_are_holes(tmp_path):
    """Else parts of one scanner would have pictures of different sizes."""
    holes = ((ROWS >= 17) | (COLS >= 25)).flatten()
    grid = {"rowIndex": ROWS.flatten(), "columnIndex": COLS.flatten(), "cartesianInvalidState": holes.astype(np.int8)}

    assert parse_e57(e57(tmp_path, scan(POINTS, **grid)), "a").size == (20, 30)


def test_points_that_share_a_pixel_stand_on_no_grid(tmp_path):
    grid = {"rowIndex": ROWS.flatten() // 2, "columnIndex": COLS.flatten()}

    assert parse_e57(e57(tmp_path, scan(POINTS, **grid)), "a").size is None


def test_scans_of_an_e57_are_united_in_one_frame(tmp_path):
    half = np.sqrt(0.5)
    pose = {"rotation": np.array([half, 0, 0, half]), "translation": np.array([100.0, 0, 0])}  # a quarter around z

    parsed = parse_e57(e57(tmp_path, scan(POINTS), scan(POINTS), **pose), "a")

    turned = np.stack([100 - POINTS[:, 1], POINTS[:, 0], POINTS[:, 2]], axis=1)
    assert np.allclose(parsed.points, np.concatenate([turned, turned]), atol=1e-5)
    assert parsed.notes == ("its 2 scans were united",)


def test_points_where_the_scanner_stood_are_holes(tmp_path):
    pose = {"rotation": np.array([1.0, 0, 0, 0]), "translation": np.array([100.0, 20, 3])}
    points = POINTS.copy()
    points[::5] = 0

    (tmp_path / "part.e57").write_bytes(e57(tmp_path, scan(points), **pose))

    assert len(read_cloud(tmp_path / "part.e57").points) == len(POINTS) * 4 // 5


@pytest.mark.parametrize(("suffix", "library"), [("e57", "pye57"), ("las", "laspy"), ("laz", "laspy")])
def test_library_that_is_not_installed_is_named(tmp_path, monkeypatch, suffix, library):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    (tmp_path / f"part.{suffix}").write_bytes(b"any")

    with pytest.raises(InputError) as caught:
        read_cloud(tmp_path / f"part.{suffix}")

    assert str(caught.value) == f"part.{suffix} needs {library}; pip install 'mutual-inspector[points]'"


@pytest.mark.parametrize("left", [0, 40, 100, 250, 0.5, 0.99])
def test_cut_off_scans(tmp_path, left):
    for content, parse in ((las(POINTS), parse_las), (e57(tmp_path, scan(POINTS)), parse_e57)):
        end = left if isinstance(left, int) else int(left * len(content))

        with pytest.raises(InputError, match=r"^part 7 is (cut off|damaged or no (LAS|E57) file).*again$"):
            parse(content[:end], "part 7")


@pytest.mark.parametrize("scale", [0.0, float("nan"), float("inf")])
def test_las_without_steps_is_refused(scale):
    """All points would lie in one plane."""
    content = bytearray(las(POINTS))
    content[131:139] = struct.pack("<d", scale)

    with pytest.raises(InputError, match="part 7 is damaged: its header says no step from one coordinate to the next"):
        parse_las(bytes(content), "part 7")


def test_las_with_more_points_than_it_says_is_noted():
    content = bytearray(las(POINTS))
    content[107:111] = struct.pack("<I", 500)

    parsed = parse_las(bytes(content), "part 7")

    assert len(parsed.points) == 500
    assert parsed.notes == ("3400 bytes after the end of its data were passed over",)


@pytest.mark.parametrize(("place", "value"), [(96, 2**32 - 1), (100, 2**31), (94, 65535), (107, 2**32 - 1)])
def test_las_that_says_more_than_it_holds(place, value):
    content = bytearray(las(POINTS))
    content[place : place + (2 if value < 65536 else 4)] = struct.pack("<H" if value < 65536 else "<I", value)

    with pytest.raises(InputError, match=r"^part 7 is cut off or damaged"):
        parse_las(bytes(content), "part 7")
