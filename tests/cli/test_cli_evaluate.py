import csv
import json

import numpy as np
import openpyxl
import pytest
from datasets import make_category
from PIL import Image

from inspector.evaluation.rows import mean_values, metric_values
from inspector.evaluation.run import evaluate
from inspector.evaluation.tables import COLUMNS
from inspector.presets import load_settings
from inspector.store.workspace import Workspace

SMALL = ("--image-size", 64, "--more-sizes", "none")


@pytest.fixture
def root(tmp_path):
    for name in ("bolt", "nut"):
        make_category(tmp_path / "set" / name, "btad")
    return tmp_path / "set"


def test_evaluate_prints_the_table_and_writes_it_in_four_forms(run, root, tmp_path):
    out = tmp_path / "out"

    code, stdout, stderr = run("evaluate", root, "--layout", "btad", *SMALL, "--side", 64, "--out", out)

    with Workspace(tmp_path / "workspace") as store:
        rows = evaluate(root, "btad", load_settings(values={"image_size": 64, "more_sizes": ()}), store, side=64)
        assert len(store.runs.all()) == 2
    assert (code, "Categories: 2/2" in stderr) == (0, True)
    lines = [line.split() for line in stdout.splitlines()]
    for row in rows:
        percents = [f"{100 * value:.1f}" for value in metric_values(row).values()]
        assert [row.category, "6", "2", *percents] in lines
    assert ["mean", *(f"{100 * value:.1f}" for value in mean_values(rows).values())] in lines
    assert stdout.splitlines()[-4:] == [str(out / f"evaluation{s}") for s in (".csv", ".json", ".xlsx", ".tex")]
    with (out / "evaluation.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    assert table[:1] == [list(COLUMNS)]
    assert [line[0] for line in table[1:]] == ["bolt", "nut", "mean"]
    assert [float(cell) for cell in table[1][3:]] == list(metric_values(rows[0]).values())
    written = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    assert written["mean"] == mean_values(rows)
    sheet = openpyxl.load_workbook(out / "evaluation.xlsx").worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["category", "bolt", "nut", "mean"]
    assert (out / "evaluation.tex").read_text(encoding="utf-8").count(r" \\") == 5


def test_undefined_values_are_blank(run, tmp_path):
    make_category(tmp_path / "nut", "folder", good=3, defective=0)
    out = tmp_path / "out"

    code, stdout, _ = run("evaluate", tmp_path / "nut", "--layout", "folder", *SMALL, "--out", out)

    assert code == 0
    assert ["nut", "3", "0"] in [line.split() for line in stdout.splitlines()]
    lines = (out / "evaluation.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1:] == ["nut,3,0,,,,,,,", "mean,,,,,,,,,"]


def test_evaluate_some_categories_in_subsets(run, root, tmp_path):
    options = ("--layout", "btad", *SMALL, "--categories", "nut", "--subsets", 2, "--seed", 3)

    code, stdout, _ = run("evaluate", root, *options)
    again, stdout_again, _ = run("evaluate", root, *options, "--raw")

    assert (code, again) == (0, 0)
    assert [line.split()[0] for line in stdout.splitlines() if " 6 " in line] == ["nut"]
    assert stdout_again.splitlines()[0] == stdout.splitlines()[0]
    with Workspace(tmp_path / "workspace") as store:
        assert [r.notes for r in store.runs.all()] == [["nut: subset 2 of 2, seed 3"], ["nut: subset 1 of 2, seed 3"]]


def test_other_resources_take_the_finished_run_and_another_method_does_not(run, root, tmp_path):
    options = ("--layout", "btad", *SMALL, "--categories", "nut", "--side", 64)
    first = run("evaluate", root, *options)

    second = run("evaluate", root, *options, "--memory", 3, "--batch-size", 2, "--device", "cpu")
    with Workspace(tmp_path / "workspace") as store:
        assert len(store.runs.all()) == 1
    third = run("evaluate", root, *options, "--share", 0.5)

    assert (first[0], second[0], third[0], second[1]) == (0, 0, 0, first[1])
    with Workspace(tmp_path / "workspace") as store:
        assert len(store.runs.all()) == 2


def test_evaluate_says_what_is_wrong(run, root, tmp_path):
    assert run("evaluate", root, "--layout", "mvtec")[0] == 2
    code, _, stderr = run("evaluate", root / "nut" / "test" / "ok", "--layout", "plain")
    assert (code, "use the --layout folder" in stderr, stderr.count("\n")) == (1, True, 1)
    code, _, stderr = run("evaluate", tmp_path / "gone", "--layout", "btad")
    assert (code, "there is no folder" in stderr) == (1, True)
    (tmp_path / "file").touch()
    code, _, stderr = run(
        *("evaluate", root, "--layout", "btad", *SMALL, "--categories", "nut", "--out", tmp_path / "file")
    )
    assert (code, "choose another folder" in stderr) == (1, True)


def test_rescore_with_a_run_and_with_a_file(run, root, tmp_path):
    run("scan", root / "nut", *SMALL, "--layout", "btad", "--export", tmp_path / "out")
    scores = tmp_path / "out" / "scores.csv"

    code, stdout, _ = run("rescore", scores, "--embeddings", 1)

    written = tmp_path / "out" / "scores_rescored.csv"
    assert (code, stdout) == (0, f"{written}\n")
    with scores.open(newline="") as ours, written.open(newline="") as theirs:
        for own, their in zip(csv.DictReader(ours), csv.DictReader(theirs), strict=True):
            assert float(their["rescored"]) == pytest.approx(float(own["rescored"]), abs=1e-6)

    embeddings = tmp_path / "workspace" / "runs" / "1" / "embeddings.npy"
    out = tmp_path / "own.csv"
    code, stdout, _ = run("rescore", scores, "--embeddings", embeddings, "--windows", "1", "--out", out)

    assert (code, stdout) == (0, f"{out}\n")
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    raw = np.array([float(row["raw_score"]) for row in rows])
    np.testing.assert_allclose([float(r["rescored"]) for r in rows], (raw - raw.min()) / np.ptp(raw), atol=1e-12)


def test_rescore_says_what_is_wrong(run, tmp_path):
    scores = tmp_path / "scores.csv"
    scores.write_text("path,score\na,1\nb,2\n")
    Workspace(tmp_path / "workspace").close()

    assert run("rescore", scores, "--embeddings", 1, "--windows", "none")[0] == 2
    assert run("rescore", scores, "--embeddings", 1, "--windows", "0,2")[0] == 2
    assert run("rescore", scores)[0] == 2
    code, _, stderr = run("rescore", scores, "--embeddings", 7)
    assert (code, "there is no run 7" in stderr) == (1, True)
    code, _, stderr = run("rescore", scores, "--embeddings", tmp_path / "gone.npy")
    assert (code, "cannot be read as embeddings" in stderr, stderr.count("\n")) == (1, True, 1)


def test_a_relative_folder_is_found_again_from_elsewhere(run, root, tmp_path, monkeypatch):
    monkeypatch.chdir(root)
    options = ("--layout", "btad", *SMALL, "--side", 64)
    first = run("evaluate", "nut", *options)
    monkeypatch.chdir(tmp_path)

    second = run("evaluate", root / "nut", *options)

    assert (first[0], second[0], first[1]) == (0, 0, second[1])
    with Workspace(tmp_path / "workspace") as store:
        assert store.runs.samples(1)[0].image == str(root / "nut/test/ko/00.bmp")
        assert len(store.runs.all()) == 1


def test_masks_need_not_have_the_size_of_the_photo(run, root, tmp_path):
    mask = root / "nut" / "ground_truth" / "ko" / "00.png"
    Image.open(mask).resize((128, 128)).save(mask)

    options = ("--layout", "btad", *SMALL, "--side", 64)
    code, stdout, _ = run("evaluate", root / "nut", *options)
    Image.open(mask).resize((64, 64)).save(mask)

    assert code == 0
    assert run("evaluate", root / "nut", *options, "--fresh")[1] == stdout
