"""Photos at an address, which here is the memory of this process."""

import pytest
from datasets import make_category

from inspector.errors import Cancelled
from inspector.store.workspace import Workspace
from tests.photos import write_photos
from tests.stores import put_folder

QUICK = ("--preset", "fast", "--image-size", "64")


@pytest.fixture
def files():
    from fsspec import filesystem

    found = filesystem("memory")
    yield found
    found.store.clear()


def list_results(workspace, run_id):
    with Workspace(workspace) as store:
        samples = store.runs.samples(run_id)
        maps = [store.artefacts.load_map(run_id, one.position).tobytes() for one in samples if one.status == "ok"]
        return [(one.name, one.status, one.raw_score, one.rescored, one.flagged) for one in samples], maps


def test_results_are_those_of_the_folder_to_the_bit(run, files, folder, tmp_path, monkeypatch):
    write_photos(folder, 5, spot=True)
    put_folder(files, folder, "/lots/monday")
    far = ("scan", "memory://lots/monday", *QUICK, "--storage", "memory://kept", "--workspace")
    assert run("scan", folder, *QUICK, "--workspace", tmp_path / "local")[0] == 0

    code, out, told = run(*far, tmp_path / "far")
    monkeypatch.setattr("inspector.features.reader._extract_tokens", None)  # another station takes what is kept
    other, _, told_there = run(*far, tmp_path / "other")

    assert (code, other) == (0, 0), told + told_there
    assert "Fetching files: 5/5" in told
    assert "part_0.png" in out
    assert len(files.find("/kept")) == 5
    local = list_results(tmp_path / "local", 1)
    assert list_results(tmp_path / "far", 1) == local
    assert list_results(tmp_path / "other", 1) == local


def test_an_object_that_vanishes_is_listed_with_its_reason_and_a_stopped_scan_is_resumed(
    run, files, folder, tmp_path, monkeypatch
):
    write_photos(folder, 4)
    put_folder(files, folder, "/lots/monday")
    found = files.find("/lots/monday", detail=True)
    monkeypatch.setattr(type(files), "find", lambda *given, **others: found)
    files.rm_file("/lots/monday/part_2.png")

    def stop(*given):
        raise Cancelled

    with monkeypatch.context() as patch:
        patch.setattr("inspector.jobs.scan.keep_maps", stop)
        stopped, _, _ = run("scan", "memory://lots/monday", *QUICK)
    code, out, told = run("scan", "memory://lots/monday", *QUICK, "--resume")

    assert (stopped, code) == (130, 0), told
    assert "1 could not be read" in out
    with Workspace(tmp_path / "workspace") as store:
        (lost,) = [one for one in store.runs.samples(1) if one.status != "ok"]
        assert (lost.name, "there is no part_2.png at memory://lots/monday" in lost.reason) == ("part_2.png", True)
        assert store.runs.get(1).notes[0] == "fetched from memory://lots/monday"


def test_nothing_is_fetched_where_no_scan_of_the_address_was_stopped(run, files, folder, store, tmp_path):
    write_photos(folder, 2)
    put_folder(files, folder, "/lots/monday")

    code, _, told = run("scan", "memory://lots/monday", *QUICK, "--resume")

    assert (code, "no stopped run of" in told, "Fetching" in told) == (1, True, False)
    assert not (tmp_path / "workspace" / "fetched").exists()


def test_batches_and_datasets_at_an_address_are_those_of_the_folder(run, files, folder, tmp_path):
    make_category(folder / "nut", "folder")
    put_folder(files, folder, "/lots")
    layout = ("--layout", "folder", *QUICK, "--workspace")

    of_folder = run("evaluate", folder, *layout, tmp_path / "here", "--out", tmp_path / "table")
    fetched = run("evaluate", "memory://lots", *layout, tmp_path / "far", "--out", tmp_path / "far-table")
    many = run("scan-many", "memory://lots", *layout, tmp_path / "far")

    assert (of_folder[0], fetched[0], many[0]) == (0, 0, 0), fetched[2] + many[2]
    assert (tmp_path / "far-table" / "evaluation.csv").read_text() == (
        tmp_path / "table" / "evaluation.csv"
    ).read_text()
    assert list_results(tmp_path / "far", 1) == list_results(tmp_path / "here", 1)
    assert "done before" in many[1]
    with Workspace(tmp_path / "far") as store:
        assert store.runs.get(1).notes[0] == "fetched from memory://lots"


def test_what_is_wrong_at_an_address_is_told_with_the_address(run, files, folder, tmp_path):
    write_photos(folder / "lot 2", 1)
    write_photos(folder / "lot 3", 1)
    (folder / "lot 3" / "z.png").write_bytes(b"no photo")
    put_folder(files, folder, "/lots")

    *_, many = run("scan-many", "memory://lots", *QUICK)
    *_, one = run("scan-many", "memory://lots/lot 2", *QUICK)
    *_, alone = run("scan", "memory://lots/lot 2", *QUICK)
    *_, broken = run("scan", "memory://lots/lot 3", *QUICK)
    *_, resumed = run("scan", "memory://lots/lot 2", *QUICK, "--resume")
    *_, table = run("evaluate", "memory://lots/lot 2", "--layout", "visa")

    assert "warning: memory://lots/lot 2: it holds one sample; " in many
    assert "inspector: memory://lots/lot 2 holds one batch, " in one
    assert "inspector: memory://lots/lot 2 holds one sample; " in alone
    assert "inspector: only 1 of 2 samples in memory://lots/lot 3 can be used; " in broken
    assert "inspector: no stopped run of memory://lots/lot 2 in " in resumed
    assert "memory://lots/lot 2" in table.splitlines()[-1]
    assert "/fetched/" not in one + alone + broken + resumed + table
    with Workspace(tmp_path / "workspace") as store:
        kept = [run.message for run in store.runs.all() if run.status == "failed"]
    assert kept == ["only 1 of 2 samples in memory://lots/lot 3 can be used; give at least two"] * 2


def test_a_dry_run_lists_what_is_at_an_address_and_fetches_nothing(run, files, folder, tmp_path):
    write_photos(folder / "lot 1", 2)
    write_photos(folder / "lot 2", 1)
    put_folder(files, folder, "/lots")

    code, out, told = run("scan-many", "memory://lots", "--dry-run")

    assert (code, out) == (1, "memory://lots/lot 1\n")
    assert told.startswith("memory://lots/lot 2 would fail: it holds one sample")
    unknown = run("scan", "memory://lots/lot 1", "--backbone", "nothing", "--dry-run")
    assert (unknown[:2], unknown[2].startswith("inspector: there is no backbone 'nothing'")) == ((1, ""), True)
    assert not (tmp_path / "workspace").exists()


def test_a_dry_run_of_a_batch_at_an_address_lists_it_and_fetches_nothing(run, files, folder, tmp_path, monkeypatch):
    write_photos(folder, 3)
    put_folder(files, folder, "/lots/monday")
    monkeypatch.setattr(type(files), "get_file", None)

    code, out, told = run("scan", "memory://lots/monday", *QUICK, "--dry-run")
    none = run("scan", "memory://lots/monday", "--layout", "visa", "--dry-run")

    assert (code, told) == (0, "")
    assert out.startswith("# 3 samples in memory://lots/monday, layout plain\n")
    assert "image_size = 64" in out
    assert out.splitlines()[-1].startswith("# 3 files, 0.0 MB, are fetched first; ")
    assert (none[0], "memory://lots/monday is no folder of the layout visa" in none[2]) == (1, True)
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize(
    "command", [("watch", "s3://lots/a"), ("watch", "a", "--golden", "s3://lots/a"), ("serve", "--root", "s3://lots/a")]
)
def test_who_takes_folders_alone_says_so_of_an_address(run, command):
    code, _, told = run(*command)

    assert code == 2
    assert "only folders are taken here: copy the files into one" in " ".join(told.replace("│", " ").split())


def test_exports_go_to_an_address(run, files, folder, tmp_path):
    write_photos(folder, 2)

    first = run("scan", folder, *QUICK, "--export", "memory://out/monday/", "--export-what", "scores,report,maps")
    again = run("export", 1, "--out", "memory://again", "--what", "scores")

    assert (first[0], again[:2]) == (0, (0, "memory://again\n"))
    assert "Report: memory://out/monday/report.html" in first[1]
    written = files.find("/out/monday")
    assert {"/out/monday/report.html", "/out/monday/scores.csv"} < set(written)
    assert sum(name.startswith("/out/monday/maps/part_") for name in written) == 2
    assert b"part_1.png" in files.cat_file("/again/scores.csv")
    assert run("scan", folder, *QUICK, "--export", "s3://ann:secret@out/monday")[0] == 1


def test_what_is_wrong_is_told_in_one_line(run, files, tmp_path):
    code, _, told = run("scan", "memory://lots/none")

    assert (code, told) == (1, "inspector: there is nothing at memory://lots/none; check the address\n")
