import csv
import shutil

import numpy as np
import pytest
import torch
from datasets import make_category

from inspector.data.layouts import read_batch
from inspector.errors import InputError, StoreError
from inspector.evaluation.external_scores import (
    embeddings_from_file,
    embeddings_from_run,
    find_samples,
    read_scores,
    rescore_table,
)
from inspector.evaluation.imported_run import import_scores
from inspector.export.tables import SCORE_COLUMNS, write_table
from inspector.jobs.scan import scan
from inspector.scoring.rescoring import rescore
from inspector.settings import ScanSettings
from inspector.store.embeddings import load_embeddings
from inspector.store.workspace import Workspace

NAMES = ["test/good/02.png", "test/good/03.png", "test/good/04.png", "test/spot/00.png", "test/spot/01.png"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A workspace with one run of five photos."""
    folder = tmp_path_factory.mktemp("rescore")
    make_category(folder / "nut", "mvtec-ad", good=3, defective=2)
    with Workspace(folder / "workspace") as opened:
        scan(read_batch(folder / "nut"), ScanSettings(image_size=64, batch_size=4), opened)
        yield opened


def write(path, *lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_our_own_raw_scores_give_our_own_rescored_ones(store, tmp_path):
    write_table(store.runs.samples(1), tmp_path / "scores.csv", SCORE_COLUMNS)
    table = read_scores(tmp_path / "scores.csv")

    rescore_table(table, embeddings_from_run(table, store, 1), (1, 2, 3), tmp_path / "out.csv")

    ours, theirs = read(tmp_path / "scores.csv"), read(tmp_path / "out.csv")
    assert list(theirs[0]) == ["path", "raw_score", "decision", "status", "reason", "variant", "rescored"]
    assert [row["path"] for row in theirs] == NAMES
    for own, their in zip(ours, theirs, strict=True):
        assert float(their["rescored"]) == pytest.approx(float(own["rescored"]), abs=1e-6)
        assert own["raw_score"] == their["raw_score"]


def test_names_are_matched_from_their_end_in_any_order(store, tmp_path):
    written = ["spot/01.png", r"C:\data\nut\test\good\04.png", "./test/spot/00.png", "02.png", "/x/test/good/03.png"]
    table = read_scores(write(tmp_path / "s.csv", "name,score", *(f"{name},{i}" for i, name in enumerate(written))))

    found = embeddings_from_run(table, store, 1)

    names, embeddings = load_embeddings(store, 1)
    assert names == NAMES
    np.testing.assert_array_equal(found, embeddings[[4, 2, 3, 0, 1]])


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["test/good/09.png"], r"'test/good/09\.png' is none of the 5 scored samples of run 1; give the path inside"),
        (["spot/02.png"], r"'spot/02\.png' is none of the 5"),
        (["02.png", "good/02.png"], r"'good/02\.png' and '02\.png' are the same sample of run 1"),
        ([""], "'' is none of the 5"),
    ],
)
def test_unmatched_names_are_refused(store, tmp_path, names, message):
    table = read_scores(write(tmp_path / "s.csv", "path,score", *(f"{name},1" for name in names)))

    with pytest.raises(InputError, match=message):
        embeddings_from_run(table, store, 1)


def test_ambiguous_name_is_refused(tmp_path, make_photos):
    make_photos(tmp_path / "batch" / "a", 2)
    make_photos(tmp_path / "batch" / "b", 2)
    table = read_scores(write(tmp_path / "s.csv", "path,score", "part_0.png,1"))
    with Workspace(tmp_path / "workspace") as store:
        scan(read_batch(tmp_path / "batch"), ScanSettings(image_size=64), store)

        with pytest.raises(InputError, match=r"'part_0\.png' fits 2 samples of run 1; give the path"):
            embeddings_from_run(table, store, 1)


def test_run_that_cannot_be_used(store, tmp_path):
    table = read_scores(write(tmp_path / "s.csv", "path,score", "02.png,1"))

    with pytest.raises(StoreError, match="there is no run 9"):
        embeddings_from_run(table, store, 9)
    stopped = store.runs.create(read_batch(store.folder.parent / "nut"), ScanSettings())
    with pytest.raises(StoreError, match=f"run {stopped} is running, not done"):
        embeddings_from_run(table, store, stopped)


def test_missing_and_damaged_embeddings_of_a_run(tmp_path, make_photos):
    make_photos(tmp_path / "batch", 3)
    with Workspace(tmp_path / "workspace") as store:
        run = scan(read_batch(tmp_path / "batch"), ScanSettings(image_size=64), store)
        path = store.artefacts.run_folder(run) / "embeddings.npy"

        np.save(path, np.zeros((2, 4), np.float32))
        with pytest.raises(StoreError, match="are not those of the run's 3 samples"):
            load_embeddings(store, run)
        path.write_bytes(b"\x93NUMPY")
        with pytest.raises(StoreError, match=r"missing or damaged; scan .*batch again"):
            load_embeddings(store, run)
        path.unlink()
        with pytest.raises(StoreError, match="missing or damaged"):
            load_embeddings(store, run)


def test_lines_without_a_score_stay_and_take_no_part(tmp_path):
    table = read_scores(
        write(tmp_path / "s.csv", "Image,Anomaly_Score,note", "a,1,x", "b,,unreadable", "c,3,z", "d,2,y")
    )
    embeddings = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]], np.float32)

    new = rescore_table(table, embeddings, (2,), tmp_path / "new" / "out.csv")

    expected = rescore(torch.tensor([1.0, 3.0, 2.0], dtype=torch.float64), torch.from_numpy(embeddings), (2,))
    np.testing.assert_allclose(new, expected)
    # c and its nearest, d: (1 * 1 + 0.8 * 0.5) / 1.8
    assert new[1] == pytest.approx(1.4 / 1.8)
    assert (tmp_path / "new" / "out.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "Image,Anomaly_Score,note,rescored",
        f"a,1,x,{float(new[0])!r}",
        "b,,unreadable,",
        f"c,3,z,{float(new[1])!r}",
        f"d,2,y,{float(new[2])!r}",
    ]


@pytest.mark.parametrize("form", [".npy", ".npz", "named.npz", ".csv"])
def test_embeddings_from_files(tmp_path, form):
    table = read_scores(write(tmp_path / "s.csv", "path,score", "a,1", "b,2", "c,"))
    values = np.array([[0.5, 1.0, 0.0], [0.25, 0.0, -1.0]], np.float32)
    path = tmp_path / f"embeddings{form}"
    {
        ".npy": lambda: np.save(path, values),
        ".npz": lambda: np.savez(path, values),
        "named.npz": lambda: np.savez(path, labels=[0, 1], embeddings=values),
        ".csv": lambda: np.savetxt(path, values, delimiter=","),
    }[form]()

    np.testing.assert_array_equal(embeddings_from_file(table, path), values)


def test_embedding_files_that_do_not_fit(tmp_path):
    table = read_scores(write(tmp_path / "s.csv", "path,score", "a,1", "b,2"))
    np.save(tmp_path / "three.npy", np.zeros((3, 4)))
    np.save(tmp_path / "infinite.npy", np.full((2, 4), np.inf))
    np.save(tmp_path / "objects.npy", np.array([{}, {}], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "two.npz", a=np.zeros((2, 2)), b=np.zeros((2, 2)))
    write(tmp_path / "words.csv", "x,y", "1,2")

    for name, message in {
        "three.npy": r"shape \(3, 4\), but \(2, D\) is needed",
        "infinite.npy": "values that are not finite",
        "objects.npy": "cannot be read as embeddings",
        "two.npz": r'several arrays \(a, b\), none of them called "embeddings"',
        "words.csv": "cannot be read as embeddings",
        "gone.npy": "cannot be read as embeddings",
    }.items():
        with pytest.raises(InputError, match=message):
            embeddings_from_file(table, tmp_path / name)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["file,value", "a,1"], "has no column score or raw_score .*; its first line is: file,value"),
        (["number,score", "1,1"], "has no column path or name"),
        (["path,score", "a,1", "b,much"], r"s\.csv, line 3: 'much' is no finite number"),
        (["path,score", "a,nan"], "line 2: 'nan' is no finite number"),
        ([], "has no column path"),
        (["path,score", "a,0.5", "b,0,75"], "line 3: it has more cells than the first line"),
        (["path;score", "a;0,5", "b;1.234"], "line 3: '1.234' has a point, other scores have commas"),
    ],
)
def test_score_files_that_cannot_be_used(tmp_path, lines, message):
    with pytest.raises(InputError, match=message):
        read_scores(write(tmp_path / "s.csv", *lines))


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_score_files_in_other_encodings_say_what_to_do(tmp_path, encoding):
    (tmp_path / "s.csv").write_text("path,score\nPrüfling.png,1\n", encoding=encoding)

    with pytest.raises(InputError, match="no text in UTF-8: save the table as CSV UTF-8"):
        read_scores(tmp_path / "s.csv")


def test_empty_cells_behind_a_line_are_nothing(tmp_path):
    assert read_scores(write(tmp_path / "s.csv", "path,score", "a,0.5,,", "b,0.75")).scores == (0.5, 0.75)


def test_missing_score_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"the scores .*gone\.csv cannot be read"):
        read_scores(tmp_path / "gone.csv")


def test_unwritable_result(tmp_path):
    table = read_scores(write(tmp_path / "s.csv", "path,score", "a,1", "b,2"))

    with pytest.raises(InputError, match=r"cannot write .*; choose another file for `out`"):
        rescore_table(table, np.eye(2, dtype=np.float32), (1,), tmp_path / "s.csv" / "out.csv")


def test_one_score_is_too_few(tmp_path):
    table = read_scores(write(tmp_path / "s.csv", "path,score", "a,1"))

    with pytest.raises(InputError, match="at least two"):
        rescore_table(table, np.ones((1, 2), np.float32), (1,), tmp_path / "out.csv")


def test_names_in_another_form_of_unicode_are_the_same_unless_both_are_there():
    composed, apart = "gr\u00f6n.png", "gro\u0308n.png"
    assert find_samples("t.csv", [apart, "b.png"], [composed, "b.png"], "run 1") == [0, 1]
    assert find_samples("t.csv", [apart, composed], [composed, apart], "run 1") == [1, 0]


def test_a_map_of_two_photos_that_differ_in_their_suffix_alone_is_refused(store, tmp_path, make_photos):
    for name in ("a.png", "b.png"):
        make_photos(tmp_path / "photos", 1)[0].rename(tmp_path / "photos" / name)
    shutil.copy(tmp_path / "photos" / "b.png", tmp_path / "photos" / "a.bmp")
    (tmp_path / "maps").mkdir()
    for name in "ab":
        np.save(tmp_path / "maps" / f"{name}.npy", np.ones((4, 4), np.float32))

    with pytest.raises(InputError, match=r"'a' fits 2 samples of"):
        import_scores(tmp_path / "maps", tmp_path / "photos", store)
