"""Every file in a scanned folder is a part, or is named with the reason why it is none."""

import os
import socket
import sqlite3

import pytest
from PIL import Image

from inspector.data.layouts import read_batch, tree
from inspector.data.samples import LeftOut
from inspector.errors import InputError

SYSTEM = "made by the system or by another program: thumbnails, spare copies, deleted files"


@pytest.fixture
def batch(tmp_path):
    root = tmp_path / "batch"
    put(root, "part_1.png", "part_2.png")
    return root


def put(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4)).save(root / name, "PNG")


def write(root, *names, content=b"\0"):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def parts(batch):
    return [sample.name for sample in batch.samples]


def reasons(batch):
    return {left.name: left.reason for left in batch.left_out}


def test_files_of_other_kinds_are_named_and_summed_up(batch):
    write(batch, "report.docx", "notes/a.docx", "part_1.yaml", "copy.jpg.part", "without")

    found = read_batch(batch)

    assert parts(found) == ["part_1.png", "part_2.png"]
    assert found.left_out == (
        LeftOut("copy.jpg.part", "an unfinished or a spare copy"),
        LeftOut("notes/a.docx", "no kind of photo or cloud that is read"),
        LeftOut("part_1.yaml", "no kind of photo or cloud that is read"),
        LeftOut("report.docx", "no kind of photo or cloud that is read"),
        LeftOut("without", "no kind of photo or cloud that is read"),
    )
    assert found.notes == ("5 files were left out: 2 .docx, 1 .part, 1 .yaml, 1 without suffix",)


@pytest.mark.parametrize(
    "debris",
    [
        *("@eaDir/part_1.png", "$RECYCLE.BIN/$R1.png", "System Volume Information/a.png", "lost+found/a.png"),
        *("#recycle/a.png", "__MACOSX/a.png", "a/.thumbnails/normal/a.png", ".Trash-1000/files/a.png", ".git/a.png"),
    ],
)
def test_a_folder_of_the_system_is_one_entry_and_no_note(batch, debris):
    put(batch, debris, f"{debris}.png")

    found = read_batch(batch)

    assert parts(found) == ["part_1.png", "part_2.png"]
    folder = "a/.thumbnails" if debris.startswith("a/") else debris.split("/")[0]
    assert found.left_out == (LeftOut(folder, "a hidden folder" if "/." in f"/{folder}" else SYSTEM),)
    assert found.notes == ()


def test_files_of_the_system_are_named_and_cause_no_note(batch):
    write(batch, "Thumbs.db", "desktop.ini", ".DS_Store", "._part_1.png", "~$list.xlsx")

    found = read_batch(batch)

    assert reasons(found) == {
        "._part_1.png": "a Mac's companion of another file",
        ".DS_Store": "a hidden file",
        "desktop.ini": SYSTEM,
        "Thumbs.db": SYSTEM,
        "~$list.xlsx": "a lock of an office program",
    }
    assert found.notes == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", ["a.png", "a.ply", "a"])
def test_pipes_sockets_and_broken_links_are_never_opened(batch, name, monkeypatch):
    os.mkfifo(batch / f"pipe_{name}")
    (batch / f"link_{name}").symlink_to(f"pipe_{name}")
    (batch / "nothing.txt").symlink_to("gone.txt")
    (batch / f"self_{name}").symlink_to(f"self_{name}")
    (batch / f"device_{name}").symlink_to(os.devnull)
    monkeypatch.chdir(batch)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as open_socket:
        open_socket.bind(f"socket_{name}")

        found = read_batch(batch)

    assert parts(found) == ["part_1.png", "part_2.png"]
    assert reasons(found) == {
        f"device_{name}": "a device, not a file",
        f"link_{name}": "a pipe, not a file",
        "nothing.txt": "a link to a file that is not there",
        f"pipe_{name}": "a pipe, not a file",
        f"self_{name}": "cannot be opened: Too many levels of symbolic links",
        f"socket_{name}": "a socket, not a file",
    }
    assert found.notes == (
        "6 files were left out: 2 pipes, 1 device, 1 link to nothing, 1 file that cannot be opened, 1 socket",
    )


@pytest.mark.parametrize(
    ("layout", "files", "locked", "kept"),
    [
        ("plain", ["a/b/1.png", "c/2.png"], "a/b", ["c/2.png"]),
        ("folder", ["ok/1.png", "ok/deep/2.png", "bad/3.png"], "ok/deep", ["bad/3.png", "ok/1.png"]),
        ("folder", ["ok/1.png", "bad/3.png"], "bad", ["ok/1.png"]),
        ("mvtec-ad", ["test/good/1.png", "test/cut/2.png", "ground_truth/cut/2.png"], "test/cut", ["test/good/1.png"]),
        ("mvtec-ad", ["test/cut/2.png", "ground_truth/cut/2.png"], "ground_truth", ["test/cut/2.png"]),
        (
            "auto",
            ["test/good/1.png", "test/cut/2.png", "ground_truth/a.png"],
            "train",
            ["test/cut/2.png", "test/good/1.png"],
        ),
    ],
)
def test_a_folder_that_cannot_be_listed_is_named_and_the_rest_is_read(
    tmp_path, monkeypatch, layout, files, locked, kept
):
    put(tmp_path, *files)
    (tmp_path / locked).mkdir(exist_ok=True)
    scan = os.scandir

    def refuse(path):
        if os.fspath(path) == str(tmp_path / locked):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    with monkeypatch.context() as patched:
        patched.setattr(tree.os, "scandir", refuse)
        found = read_batch(tmp_path, layout)

    assert parts(found) == kept
    assert reasons(found)[locked] == "a folder that cannot be listed: Permission denied"
    assert f"1 folder that cannot be listed ({locked})" in found.notes[-1]


def test_the_folder_itself_must_be_listed(batch, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as patched:
        patched.setattr(tree.os, "scandir", refuse)
        with pytest.raises(InputError, match=r"the folder .*batch cannot be listed: Permission denied"):
            read_batch(batch)


def test_a_link_to_a_photo_that_is_gone_is_a_part_that_cannot_be_read(batch):
    (batch / "part_3.png").symlink_to("gone.png")

    assert parts(read_batch(batch)) == ["part_1.png", "part_2.png", "part_3.png"]


def test_links_back_are_named(batch):
    (batch / "again").symlink_to(batch, target_is_directory=True)

    found = read_batch(batch)

    assert parts(found) == ["part_1.png", "part_2.png"]
    assert reasons(found) == {"again": "a link to a folder that is listed elsewhere"}


@pytest.mark.skipif(os.name == "nt", reason="Windows names are always text")
def test_names_that_are_no_text_are_written_as_numbers(batch):
    for name in (b"note_\xff.txt", b"part_\xff.png"):
        (batch / os.fsdecode(name)).write_bytes(b"")

    found = read_batch(batch)

    assert reasons(found) == {
        "note_\\udcff.txt": "no kind of photo or cloud that is read",
        "part_\\udcff.png": "its name is no valid text; rename the file",
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows names are always text")
def test_notes_and_reasons_are_text_whatever_the_names(batch):
    for name in (b"a.\xff", b"1_\xff.png", b"1_\xff.ply", b"1_\xff.xyz"):
        (batch / os.fsdecode(name)).write_bytes(b"")

    found = read_batch(batch)

    for text in (*found.notes, *(word for left in found.left_out for word in left)):
        text.encode()


def test_long_endings_are_no_kinds(batch):
    write(batch, "notes.of a long day", "b. second part of the name")

    assert read_batch(batch).notes == ("2 files were left out: 2 without suffix",)


def make_export(folder, *, manifest):
    put(folder, "overlays/part_1.png", "masks/part_1.png")
    write(folder, "maps/part_1.tiff", "report.html")
    write(folder, "scores.csv", content=b"\xef\xbb\xbfpath,raw_score,rescored,decision,status,reason\r\n")
    if manifest:
        listed = b'["overlays", "masks", "maps", "report.html", "scores.csv"]'
        write(folder, "inspector-export.json", content=b'{"made_by": "mutual inspector", "files": %s}' % listed)


@pytest.mark.parametrize("manifest", [True, False])
def test_an_export_inside_the_folder_is_left_out_as_one(batch, manifest):
    make_export(batch / "out", manifest=manifest)

    found = read_batch(batch)

    assert parts(found) == ["part_1.png", "part_2.png"]
    assert reasons(found) == {"out": "an export of this program"}
    assert found.notes == ()


@pytest.mark.parametrize("manifest", [True, False])
def test_an_export_into_the_folder_of_photos_itself_leaves_the_photos(batch, manifest):
    make_export(batch, manifest=manifest)

    found = read_batch(batch)

    assert parts(found) == ["part_1.png", "part_2.png"]
    assert set(reasons(found).values()) == {"an export of this program"}
    assert {"maps", "masks", "overlays", "report.html", "scores.csv"} <= reasons(found).keys()


def test_only_what_the_manifest_lists_is_taken_for_an_export(batch):
    put(batch, "masks/part_7.png")
    write(batch, "inspector-export.json", content=b'{"made_by": "mutual inspector", "files": ["scores.csv"]}')

    assert parts(read_batch(batch)) == ["masks/part_7.png", "part_1.png", "part_2.png"]


@pytest.mark.parametrize("content", [b"{}", b"[1]", b"{", b"\xff", b"[" * 100_000, b'{"made_by": "someone"}'])
def test_a_manifest_of_others_is_no_export(batch, content):
    write(batch, "inspector-export.json", content=content)
    put(batch, "overlays/part_3.png")

    assert parts(read_batch(batch)) == ["overlays/part_3.png", "part_1.png", "part_2.png"]


def test_maps_and_overlays_of_others_are_parts(batch):
    put(batch, "maps/a.png", "overlays/b.png")
    write(batch, "scores.csv", content=b"name;score\n")

    assert parts(read_batch(batch)) == ["maps/a.png", "overlays/b.png", "part_1.png", "part_2.png"]


def test_a_workspace_inside_the_folder_is_left_out(batch):
    put(batch, "workspace/runs/1/thumbnails/0.png", "workspace/cache/a.png")
    with sqlite3.connect(batch / "workspace" / "inspector.db") as database:
        database.execute("create table run (id)")
    database.close()

    found = read_batch(batch)

    assert parts(found) == ["part_1.png", "part_2.png"]
    assert reasons(found) == {"workspace": "a workspace of this program"}


def test_a_workspace_in_the_folder_of_photos_itself_leaves_the_photos(batch):
    put(batch, "runs/1/0.png")
    write(batch, "inspector.db", content=b"SQLite format 3\0")

    found = read_batch(batch)

    assert parts(found) == ["part_1.png", "part_2.png"]
    assert found.left_out == (
        LeftOut("inspector.db", "a workspace of this program"),
        LeftOut("runs", "a workspace of this program"),
    )


def test_what_backups_updates_and_logs_leave_in_a_workspace_is_left_out(batch):
    put(
        batch,
        "replaced-20260102-030405-678901/runs/1/0.png",
        "logs/pictured.png",
        "runs/.pruned-3-ab/0.png",
        "runs/1/0.png",
    )
    write(batch, "inspector.db", "inspector-0003.db", "logs/inspector.log", content=b"SQLite format 3\0")

    assert parts(read_batch(batch)) == ["part_1.png", "part_2.png"]
    (batch / "logs" / "inspector.log").unlink()
    assert parts(read_batch(batch)) == ["logs/pictured.png", "part_1.png", "part_2.png"]


def test_runs_that_are_not_of_a_workspace_are_parts(batch):
    put(batch, "runs/monday/0.png")
    write(batch, "inspector.db", content=b"SQLite format 3\0")

    assert parts(read_batch(batch)) == ["part_1.png", "part_2.png", "runs/monday/0.png"]


def test_a_folder_without_parts_says_what_it_holds(tmp_path):
    write(tmp_path, "a.docx", "b.docx", "c.nef")

    with pytest.raises(
        InputError, match=r"no photo or cloud in .* \(3 files were left out: 2 \.docx, 1 \.nef\); known"
    ):
        read_batch(tmp_path)


def test_photos_by_their_bytes_are_parts(batch):
    put(batch, "part_3", "part_4.dat", "part_5.jpg")

    assert parts(read_batch(batch)) == [f"part_{n}" for n in ("1.png", "2.png", "3", "4.dat", "5.jpg")]


def test_a_file_with_the_suffix_of_a_photo_is_a_part_whatever_it_holds(batch):
    write(batch, "text.png", content=b"no photo")

    assert parts(read_batch(batch)) == ["part_1.png", "part_2.png", "text.png"]
