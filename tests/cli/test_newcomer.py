"""What somebody meets who tries the command line for the first time, with slips of the hand."""

import errno
import io
import sys
from pathlib import Path

import pytest

from inspector import __version__
from inspector.errors import StoreError
from inspector.store.workspace import Workspace
from tests.photos import write_photos

QUICK = ("--preset", "fast", "--image-size", "64")


def told_by(printed):
    """What stands in a frame of the terminal, as one line."""
    return " ".join(printed.replace("│", " ").split())


def test_the_version_is_told(run):
    assert run("--version") == (0, f"inspector {__version__}\n", "")


@pytest.mark.parametrize(
    "command",
    [
        ("scan", ""),
        ("scan-many", ""),
        ("watch", ""),
        ("watch", "a", "--golden", ""),
        ("export", "1", "--out", ""),
        ("statistics", "--out", ""),
        ("evaluate", "a", "--layout", "mvtec-ad", "--out", ""),
        ("import-scores", "scores.csv", "--photos", ""),
    ],
)
def test_an_empty_name_is_not_the_folder_one_is_in(run, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Workspace(tmp_path / "workspace").close()

    code, _, told = run(*command)

    assert code == 2
    assert "name a folder" in told_by(told) or "no folder is named" in told_by(told)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("", "no workspace is named; give its folder, or leave --workspace out for the usual one"),
        (
            "s3://bucket/folder",
            "s3://bucket/folder is no address of a workspace; name a folder, or one as in ",
        ),
    ],
)
def test_a_workspace_is_not_made_where_nobody_meant_it(run, place, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code, _, printed = run("runs", "--workspace", place)

    assert (code, printed.startswith(f"inspector: {told}")) == (1, True)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreError):
        Workspace(place)


@pytest.mark.parametrize("command", ["scan", "watch"])
@pytest.mark.parametrize("option", [("--resume",), ("--recipe", "washers")])
def test_what_must_be_there_already_is_looked_for_in_no_new_workspace(run, command, option, folder, tmp_path):
    write_photos(folder, 2)

    code, _, told = run(command, folder, *option, "--workspace", tmp_path / "typo")

    assert (code, f"there is no workspace in {tmp_path / 'typo'}; " in told) == (1, True)
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--backbone", "nope", "there is no backbone 'nope'; choose one of: efficientnet-lite0, "),
        ("--layers", "2,99", "layers of efficientnet-lite0 must be ascending stages from 0 to 4, but got (2, 99)"),
        ("--roi", "nope.json", "the region of interest nope.json cannot be read: No such file"),
    ],
)
def test_what_no_network_can_do_is_refused_before_any_is_loaded(run, folder, monkeypatch, option, value, told):
    write_photos(folder, 2)
    monkeypatch.setitem(sys.modules, "inspector.jobs.scan", None)  # it cannot be imported

    assert run("scan", folder, option, value)[2].startswith(f"inspector: {told}")


def test_where_to_write_to_is_looked_at_before_the_scan(run, folder, tmp_path):
    write_photos(folder, 2)
    file = tmp_path / "file"
    file.touch()

    code, _, told = run("scan", folder, *QUICK, "--export", file / "out")

    assert (code, told) == (1, f"inspector: cannot write to {file / 'out'}: Not a directory; choose another folder\n")
    with Workspace(tmp_path / "workspace") as store:
        assert store.runs.all() == []


@pytest.mark.parametrize("option", [("--workspace=~/own",), ("--workspace", "~/own")])
def test_a_tilde_that_the_shell_left_is_the_users_folder(run, option, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert run("runs", *option)[2].startswith(f"inspector: there is no workspace in {tmp_path / 'own'};")


def test_of_a_batch_of_few_it_is_said_how_little_that_tells(run, folder, tmp_path):
    write_photos(folder, 2)
    told = "Only 2 parts were compared: what is usual is not sure."

    printed = run("scan", folder, *QUICK, "--export", tmp_path / "out", "--export-what", "report")[1]
    run("export", 1, "--out", tmp_path / "de", "--what", "report", "--language", "de")

    assert told in printed.splitlines()
    assert told in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Nur 2 Teile wurden verglichen: " in (tmp_path / "de" / "report.html").read_text(encoding="utf-8")


def test_a_run_whose_files_cannot_be_written_is_told_as_kept(run, folder, tmp_path, monkeypatch):
    write_photos(folder, 2)

    def fail(*given, **others):
        raise StoreError("cannot write")

    monkeypatch.setattr("inspector.export.run.write_exports", fail)

    code, _, told = run("scan", folder, *QUICK, "--export", tmp_path / "out")

    assert code == 1
    assert told.endswith("inspector: cannot write; run 1 is kept, `inspector export 1 --out FOLDER` writes it\n")


def test_a_run_that_cannot_be_uploaded_is_told_as_kept(run, folder, monkeypatch):
    write_photos(folder, 2)

    def fail(*given):
        raise StoreError("memory://out cannot be reached")

    monkeypatch.setattr("inspector.storage.Storage.put_folder", fail)

    told = run("scan", folder, *QUICK, "--export", "memory://out")[2]

    assert told.endswith(
        "inspector: memory://out cannot be reached; run 1 is kept, `inspector export 1 --out FOLDER` writes it\n"
    )


def test_what_can_be_no_file_to_write_is_told(run, tmp_path):
    Workspace(tmp_path / "workspace").close()

    code, _, told = run("backup", ".")

    assert (code, "cannot write the backup .: Is a directory; " in told) == (1, True)


def test_what_is_written_without_saying_where_is_refused(run, folder):
    code, _, told = run("scan", folder, "--export-what", "pdf")

    assert (code, "goes with --export FOLDER alone" in told_by(told)) == (2, True)


@pytest.mark.parametrize("given", ["1,2", "1,2,3,4,5"])
def test_too_few_or_too_many_numbers_are_told_by_their_count(run, folder, given):
    values = ", ".join(f"{float(value)}" for value in given.split(","))

    assert run("scan", folder, "--camera", given)[2] == (
        f"inspector: setting camera (--camera): expected 4 numbers, but got {values}\n"
    )


def test_tables_are_whole_in_a_pipe_and_on_a_narrow_terminal(run, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    folder = tmp_path / ("photos of the second line " * 4)
    folder.mkdir()
    write_photos(folder, 2)

    _, ranking, _ = run("scan", folder, *QUICK)
    _, runs, _ = run("runs")

    assert "not flagged  part_1.png" in ranking
    (line,) = [line for line in runs.splitlines() if str(Path(folder)) in line]
    assert line.split()[0] == "1"


def test_a_dataset_of_what_nobody_judged_is_told_as_missing(run, folder, tmp_path):
    write_photos(folder, 2)

    code, _, told = run("scan", folder, *QUICK, "--export", tmp_path / "out", "--export-what", "scores,coco,yolo")
    alone = run("export", 1, "--out", tmp_path / "out", "--what", "coco,voc")

    assert code == 0
    assert "warning: coco is not written: nobody has accepted or rejected a part of the run yet" in told
    assert alone[0] == 1
    assert alone[2].endswith("to be written: coco, voc; nobody has accepted or rejected a part of the run yet\n")


@pytest.mark.parametrize(
    "command",
    [
        ("runs",),
        ("export", "1", "--out", "out"),
        ("groups", "1"),
        ("audit",),
        ("prune",),
        ("statistics", "--out", "out"),
        ("recipes", "list"),
        ("users", "list"),
        ("users", "password", "Ada"),
        ("users", "role", "Ada", "auditor"),
        ("users", "remove", "Ada"),
        ("rescore", "scores.csv", "--embeddings", "1"),
    ],
)
def test_commands_that_look_at_a_workspace_make_none_where_its_name_is_mistyped(run, command, tmp_path):
    code, out, told = run(*command, "--workspace", tmp_path / "typo")

    named = f"there is no workspace in {tmp_path / 'typo'}; a scan makes one, or name another with --workspace"
    assert (code, out, told) == (1, "", f"inspector: {named}\n")
    assert not (tmp_path / "typo").exists()


def test_names_are_printed_where_the_terminal_lacks_their_signs(run, tmp_path, monkeypatch):
    folder = tmp_path / "部品"
    folder.mkdir()
    write_photos(folder, 2)
    run("scan", folder, *QUICK)
    pipe = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(pipe, encoding="cp1252"))

    code, _, told = run("runs")
    sys.stdout.flush()

    assert (code, told) == (0, "")
    assert rb"\u90e8\u54c1" in pipe.getvalue()


def test_what_the_system_refuses_is_told_in_a_sentence(run, monkeypatch, tmp_path):
    Workspace(tmp_path / "workspace").close()

    def fail(*given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("inspector.cli.runs.print_table", fail)

    assert run("runs") == (1, "", "inspector: No space left on device; its log tells where\n")
