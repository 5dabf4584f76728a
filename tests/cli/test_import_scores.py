"""What another program found becomes a run that is reviewed and exported as ours."""

import csv

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.store.claims import find_unfinished
from inspector.store.workspace import Workspace

SCORES = [0.9, 0.2, 0.15, 0.1]


@pytest.fixture
def photos(tmp_path, make_photos):
    return make_photos(tmp_path / "photos" / "belt", 4)[0].parents[1]


def make_plane(score):
    plane = np.full((8, 10), 0.05, np.float32)
    plane[3, 4] = score
    return plane


def write_maps(folder, suffix):
    """One map for each photo, named like it."""
    (folder / "belt").mkdir(parents=True)
    for place, score in enumerate(SCORES):
        path, plane = folder / "belt" / f"part_{place}{suffix}", make_plane(score)
        if suffix == ".npy":
            np.save(path, plane[None])
        elif suffix == ".npz":
            np.savez(path, anomaly_map=plane, other=np.zeros(3))
        elif suffix == ".tiff":
            tifffile.imwrite(path, plane)
        else:
            Image.fromarray((plane * 65535).astype(np.uint16)).save(path)
    return folder


def open_run(tmp_path):
    with Workspace(tmp_path / "workspace") as store:
        run = store.runs.all()[0]
        samples = store.runs.samples(run.id)
        maps = [store.artefacts.load_map(run.id, each.position) for each in samples if each.status == "ok"]
        thumbnails = [store.artefacts.thumbnail_path(run.id, place).exists() for place in range(4)]
        return run, samples, maps, thumbnails


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".tiff", ".png"])
def test_folder_of_maps_is_a_run(run, tmp_path, photos, suffix):
    code, out, err = run("import-scores", write_maps(tmp_path / "maps", suffix), "--photos", photos)

    record, samples, maps, thumbnails = open_run(tmp_path)
    assert (code, out) == (0, "Run 1: 1 of 4 parts stands out.\n"), err
    assert (record.status, record.backbone, record.unreadable, record.flagged) == ("done", "imported", 0, 1)
    assert [sample.final for sample in samples] == pytest.approx(SCORES, abs=1e-4)
    np.testing.assert_allclose(maps[0], make_plane(0.9), atol=1e-4)
    assert all(thumbnails)
    assert [(sample.width, sample.height) for sample in samples] == [(80, 64)] * 4
    assert all(len(sample.sha256) == 64 for sample in samples)
    code, _, err = run("export", 1, "--out", tmp_path / "out", "--what", "report,masks,scores")
    assert code == 0, err
    assert "scored by another program" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    mask = np.asarray(Image.open(tmp_path / "out" / "masks" / "belt" / "part_0.png"))
    assert mask.shape == (64, 80)
    assert mask[24:32, 32:40].mean() > 100
    assert mask[40:].max() == 0


def test_table_names_scores_and_maps_and_a_threshold_is_taken_as_given(run, tmp_path, photos):
    maps = write_maps(tmp_path / "maps", ".npy")
    with (tmp_path / "scores.csv").open("w", newline="") as file:
        names = [(photos / "belt" / f"part_{i}.png", maps / "belt" / f"part_{i}.npy") for i in range(4)]
        rows = [[photo, score + 0.01, plane] for (photo, plane), score in zip(names, SCORES, strict=True)]
        csv.writer(file).writerows(
            [["image_path", "pred_score", "anomaly_map"], *rows[:3], ["belt/part_3.png", 0.11, ""]]
        )

    code, _, err = run("import-scores", tmp_path / "scores.csv", "--photos", photos, "--threshold", 0.15)

    record, samples, maps, _ = open_run(tmp_path)
    assert code == 0, err
    assert [sample.final for sample in samples] == pytest.approx([0.91, 0.21, 0.16, 0.11])
    assert (record.threshold, record.map_threshold, record.why_threshold) == (0.15, 0.15, "It was given.")
    assert [sample.flagged for sample in samples] == [True, True, True, False]
    np.testing.assert_array_equal(maps[0], make_plane(0.9))
    assert maps[3].max() < record.map_threshold, "a photo without map shows no region"


@pytest.mark.parametrize(("factor", "offset"), [(250.0, 0.0), (1e-3, 0.0), (1.0, -40.0)])
def test_maps_on_another_scale_are_brought_to_that_of_the_scores(run, tmp_path, photos, factor, offset):
    maps = write_maps(tmp_path / "maps", ".npy")
    for file in maps.rglob("*.npy"):
        np.save(file, (np.load(file) * factor + offset).astype(np.float32))
    lines = [f"belt/part_{place}.png,{score}" for place, score in enumerate(SCORES[:3])]  # the last one's is its map's
    (maps / "scores.csv").write_text("\n".join(["path,score", *lines]))

    code, _, err = run("import-scores", maps, "--photos", photos)

    record, samples, planes, _ = open_run(tmp_path)
    assert code == 0, err
    assert "the maps are on another scale than the scores, and were brought to it" in " ".join(record.notes)
    assert [sample.flagged for sample in samples] == [True, False, False, False]
    assert [bool((plane > record.map_threshold).any()) for plane in planes] == [True, False, False, False]
    assert (planes[0] > record.map_threshold).sum() == 1
    assert samples[3].final == pytest.approx(planes[3].max(), abs=1e-4)
    assert record.map_low < record.map_threshold < record.map_high


def test_maps_on_the_scale_of_the_scores_stay_as_they_are(run, tmp_path, photos):
    maps = write_maps(tmp_path / "maps", ".npy")
    lines = [f"belt/part_{place}.png,{score * 0.9}" for place, score in enumerate(SCORES)]
    (maps / "scores.csv").write_text("\n".join(["path,score", *lines]))

    run("import-scores", maps, "--photos", photos)

    record, _, planes, _ = open_run(tmp_path)
    assert not any("another scale" in note for note in record.notes)
    np.testing.assert_array_equal(planes[0], make_plane(0.9))


def test_photos_without_a_score_are_listed_as_such(run, tmp_path, photos):
    (tmp_path / "scores.csv").write_text("path;score\nbelt/part_0.png;0,5\nbelt/part_2.png;0,25\n", encoding="utf-8")

    code, out, err = run(
        "import-scores", tmp_path / "scores.csv", "--photos", photos, "--part-id", r"part_(?P<part>\d)"
    )

    assert code == 0, err
    record, samples, *_ = open_run(tmp_path)
    assert "2 photos have no score or cannot be read." in out
    assert [sample.status for sample in samples] == ["ok", "unreadable"] * 2
    assert samples[1].reason == "no score was imported for it"
    assert [sample.identity["part"] for sample in samples] == list("0123")
    assert record.unreadable == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("path,score\nother.png,1\nbelt/part_0.png,1\n", "'other.png' is none of the 4"),
        ("path,score\nbelt/part_0.png,1\n", "maps of 1 photo of"),
        ("path,score\nbelt/part_0.png,nan\nbelt/part_1.png,1\n", "no finite number"),
        (
            "path,score,map\nbelt/part_0.png,1,gone.npy\nbelt/part_1.png,1,\n",
            "gone.npy cannot be read as an anomaly",
        ),
        ("path,score,map\nbelt/part_0.png,1,scores.txt\nbelt/part_1.png,1,\n", "scores.txt cannot be read as an"),
    ],
)
def test_what_does_not_fit_is_told_and_is_no_run_to_be_resumed(run, tmp_path, photos, content, told):
    (tmp_path / "scores.csv").write_text(content, encoding="utf-8")
    (tmp_path / "scores.txt").write_text("no map", encoding="utf-8")

    code, _, err = run("import-scores", tmp_path / "scores.csv", "--photos", photos)

    assert code == 1
    assert told in err
    with Workspace(tmp_path / "workspace") as store:
        assert find_unfinished(store.runs.all()) == {}
        assert [kept.status for kept in store.runs.all()] in ([], ["failed"])


def test_map_with_values_that_are_not_finite_is_refused(run, tmp_path, photos):
    maps = write_maps(tmp_path / "maps", ".npy")
    np.save(maps / "belt" / "part_1.npy", np.full((4, 4), np.nan))

    code, _, err = run("import-scores", maps, "--photos", photos)

    assert code == 1
    assert "part_1.npy holds values that are not finite" in err
