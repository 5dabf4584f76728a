"""Equal points in files of all kinds give equal scores."""

import numpy as np

from inspector.data.layouts import read_batch
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from tests.clouds import part_points, save_ply

SMALL = ScanSettings(image_size=64, groups=32, group_size=16, group_step=10, batch_size=4)


def scanned(folder, store, settings=SMALL):
    warnings = []
    run_id = scan(
        read_batch(folder), settings, store, lambda event: event.kind == "warning" and warnings.append(event.message)
    )
    return run_id, warnings


def ascii_ply(points):
    lines = "\n".join(" ".join(f"{value:.9g}" for value in point) for point in points)
    names = "".join(f"property float {name}\n" for name in "xyz")
    return f"ply\nformat ascii 1.0\nelement vertex {len(points)}\n{names}end_header\n{lines}\n".encode()


def big_ply(points):
    names = "".join(f"property double {name}\n" for name in "zyx")
    header = f"ply\nformat binary_big_endian 1.0\nelement vertex {len(points)}\n{names}end_header\n"
    return header.encode() + points[:, ::-1].astype(">f8").tobytes()


def pcd(points, kind):
    header = f"FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH {len(points)}\nHEIGHT 1\n"
    data = ascii_ply(points).split(b"end_header\n")[1] if kind == "ascii" else points.astype("<f4").tobytes()
    return f"{header}POINTS {len(points)}\nDATA {kind}\n".encode() + data


def test_kinds_of_point_files_give_one_result(folder, store):
    points = part_points(0).astype(np.float32)
    folder.mkdir()
    save_ply(folder / "a.ply", points)
    (folder / "b.ply").write_bytes(ascii_ply(points))
    (folder / "c.ply").write_bytes(big_ply(points))
    (folder / "d.pcd").write_bytes(pcd(points, "ascii"))
    (folder / "e.pcd").write_bytes(pcd(points, "binary"))
    (folder / "f.xyz").write_bytes(ascii_ply(points).split(b"end_header\n")[1])

    run_id, _ = scanned(folder, store)

    assert [s.raw_score for s in store.runs.samples(run_id)] == [0.0] * 6


def test_marks_of_holes_and_decimal_commas_change_no_score_and_are_noted(folder, store):
    points = part_points(0).astype(np.float32).astype(np.float64)
    folder.mkdir()
    plain = "".join("{} {} {}\n".format(*point) for point in points.tolist())
    (folder / "a.xyz").write_text(plain)
    (folder / "b.xyz").write_text(plain + "0.5 0.5 -9999\n" * 40)
    (folder / "c.asc").write_text("X;Y;Z\n" + plain.replace(" ", ";").replace(".", ","))

    run_id, _ = scanned(folder, store)

    samples = store.runs.samples(run_id)
    assert [sample.raw_score for sample in samples] == [0.0] * 3
    assert [sample.reason for sample in samples] == ["", "40 points with the height -9999 were taken for holes", ""]


def test_what_is_noted_of_many_clouds_is_told_once(folder, store):
    folder.mkdir()
    plain = "".join("{} {} {}\n".format(*point) for point in part_points(0).astype(np.float32).tolist())
    for part in range(5):
        (folder / f"{part}.xyz").write_text(plain + "0.5 0.5 -9999\n" * (40 + part))

    run_id, warnings = scanned(folder, store)

    told = "5 of 5 samples, 0.xyz first: 40 points with the height -9999 were taken for holes"
    assert warnings == [told]
    assert told in store.runs.get(run_id).notes
    assert store.runs.samples(run_id)[4].reason == "44 points with the height -9999 were taken for holes"
