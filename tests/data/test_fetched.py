import os
import pickle
from pathlib import Path
from types import SimpleNamespace

import pytest

from inspector.data.fetched import _ignores_case, fetch_files, find_batches_at, read_fetched_batch, read_from
from inspector.data.parts import Part
from inspector.errors import Cancelled, InputError, StoreError
from inspector.files import fold_name
from inspector.storage import Storage, Stored
from tests.photos import write_photos
from tests.stores import put_folder

ADDRESS = "memory://lots/monday"


@pytest.fixture
def files(folder):
    """Three photos at the address, in fsspec's memory."""
    from fsspec import filesystem

    found = filesystem("memory")
    write_photos(folder / "good", 3)
    put_folder(found, folder, "/lots/monday")
    yield found
    found.store.clear()


def fail_for(monkeypatch, name, error):
    """Let one file at the address fail; return the names of the others as they are fetched."""
    fetched, fetch = [], Storage._download

    def download(self, stored, path, what):
        if stored.name == name:
            with self._telling(what):
                raise error
        fetched.append(stored.name)
        return fetch(self, stored, path, what)

    monkeypatch.setattr(Storage, "_download", download)
    return fetched


def test_a_batch_is_that_of_the_folder_and_says_where_it_comes_from(files, folder, tmp_path):
    events = []

    origin = fetch_files(ADDRESS, tmp_path / "workspace", events.append)
    batch = read_fetched_batch(origin)

    assert [sample.name for sample in batch.samples] == [f"good/part_{number}.png" for number in range(3)]
    assert batch.samples[0].image.read_bytes() == (folder / "good" / "part_0.png").read_bytes()
    assert batch.root.parent == tmp_path / "workspace" / "fetched"
    assert batch.notes == (f"fetched from {ADDRESS}",)
    assert [(event.kind, event.stage, event.done, event.total) for event in events] == [
        ("progress", "fetch", done, 3) for done in range(4)
    ]


def test_what_is_there_is_not_fetched_again_and_what_is_gone_is_removed(files, tmp_path, monkeypatch):
    fetched = fail_for(monkeypatch, "", None)
    first = fetch_files(ADDRESS, tmp_path)
    files.rm_file("/lots/monday/good/part_1.png")
    write_photos(tmp_path / "new", 4)
    put_folder(files, tmp_path / "new", "/lots/monday/good")
    files.rm_file("/lots/monday/good/part_0.png")
    before = set(fetched)
    fetched.clear()

    second = fetch_files(ADDRESS, tmp_path)

    assert before == {f"good/part_{number}.png" for number in range(3)}
    assert "good/part_3.png" in fetched
    assert second.folder == first.folder
    assert sorted(path.name for path in second.folder.rglob("*.png")) == [f"part_{number}.png" for number in (1, 2, 3)]


def test_what_another_scan_is_fetching_is_left(files, tmp_path):
    folder = fetch_files(ADDRESS, tmp_path).folder
    for name in (".half.png", ".forgotten.png"):
        (folder / name).touch()
    os.utime(folder / ".forgotten.png", (1, 1))

    fetch_files(ADDRESS, tmp_path)

    assert [path.name for path in folder.glob(".*")] == [".half.png"]


def test_what_is_being_fetched_is_not_old_to_pruning(files, tmp_path):
    folder = fetch_files(ADDRESS, tmp_path).folder
    os.utime(folder, (1, 1))

    fetch_files(ADDRESS, tmp_path)

    assert folder.stat().st_mtime > 1


@pytest.mark.parametrize(
    ("error", "told"), [(FileNotFoundError("gone"), "there is no good/part_1"), (PermissionError("denied"), "denied")]
)
def test_a_file_that_cannot_be_fetched_is_told_and_the_rest_goes_on(files, tmp_path, monkeypatch, error, told):
    events = []
    fail_for(monkeypatch, "good/part_1.png", error)

    batch = read_fetched_batch(fetch_files(ADDRESS, tmp_path, events.append))
    read = [
        read_from(batch.origin, lambda place, _: Part(place), place, one) for place, one in enumerate(batch.samples)
    ]

    assert [told in part.reason for part in read] == [False, True, False]
    assert [told in event.message for event in events if event.kind == "warning"] == [True]


def test_where_nothing_can_be_fetched_that_is_an_error(files, tmp_path, monkeypatch):
    def deny(*given, **others):
        raise PermissionError("denied")

    monkeypatch.setattr(type(files), "get_file", deny)

    with pytest.raises(InputError, match="may not be used with the credentials of this machine: denied"):
        fetch_files(ADDRESS, tmp_path)


def test_a_store_that_is_away_ends_it_and_the_same_call_goes_on(files, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        fail_for(patch, "good/part_2.png", ConnectionError("away"))
        with pytest.raises(StoreError, match="cannot be reached: away"):
            fetch_files(ADDRESS, tmp_path)

    fetched = fail_for(monkeypatch, "", None)
    fetch_files(ADDRESS, tmp_path)

    assert "good/part_2.png" in fetched
    assert len(fetched) < 3


def test_fetching_can_be_stopped(files, tmp_path):
    def stop(event):
        raise Cancelled

    with pytest.raises(Cancelled):
        fetch_files(ADDRESS, tmp_path, stop)


def test_names_do_not_lead_out_of_the_folder(files, tmp_path):
    files.store["/lots/monday/../../out.png"] = files.store["/lots/monday/good/part_0.png"]
    files.store["/lots/monday/good//slash.png"] = files.store["/lots/monday/good/part_0.png"]

    origin = fetch_files(ADDRESS, tmp_path / "workspace")

    assert origin.left_out == ("../../out.png", "good//slash.png")
    assert len(list(tmp_path.rglob("*.png"))) - 3 == 3
    assert "2 files at the address" in read_fetched_batch(origin).notes[1]


def test_a_file_that_has_the_name_of_a_folder_is_left_out(files, tmp_path, monkeypatch):
    found = Storage(ADDRESS).find()
    monkeypatch.setattr(Storage, "find", lambda self: [Stored("good", 0, 1.0), *found])

    origin = fetch_files(ADDRESS, tmp_path)

    assert origin.left_out == ("good",)
    assert [path.name for path in origin.files] == ["part_0.png", "part_1.png", "part_2.png"]


def test_names_that_windows_does_not_take_are_others_there_and_shown_as_they_are(files, folder, tmp_path, monkeypatch):
    odd = ["A.png", "a.png", "con.png", "lot:1/b.png", "lot_1/b.png", "night /c. .png", "plain.png", "x/COM1.png"]
    photo = (folder / "good" / "part_0.png").read_bytes()
    for name in odd:
        files.pipe_file(f"/odd/{name}", photo)
    monkeypatch.setattr("inspector.data.fetched.os", SimpleNamespace(**{**vars(os), "name": "nt"}))

    origin = fetch_files("memory://odd", tmp_path)
    batch = read_fetched_batch(origin)

    here = {one.stored.name: path.relative_to(origin.folder).as_posix() for path, one in origin.files.items()}
    assert here["plain.png"] == "plain.png"
    assert len({name.casefold() for name in here.values()}) == len(here) == len(odd)
    pieces = [piece for name in here.values() for piece in name.split("/")]
    assert not [
        piece for piece in pieces if piece[-1] in ". " or ":" in piece or piece.lower() in ("con.png", "com1.png")
    ]
    assert {sample.name for sample in batch.samples} == set(odd)
    assert all(sample.image.read_bytes() == photo for sample in batch.samples)


def test_the_folder_has_a_name_that_windows_takes(files, folder, tmp_path):
    put_folder(files, folder, "/lots/shift:1")

    origin = fetch_files("memory://lots/shift:1", tmp_path)

    assert origin.folder.name.startswith("shift_1-")


class TestOnAMachineOfItsOwn:
    """A worker that does not see the workspace: what it gets is sent to it."""

    @pytest.fixture
    def sent(self, files, tmp_path, monkeypatch):
        batch = read_fetched_batch(fetch_files(ADDRESS, tmp_path / "workspace"))
        monkeypatch.setenv("INSPECTOR_SCRATCH", str(tmp_path / "scratch"))
        sample = batch.samples[1]
        return pickle.loads(pickle.dumps((batch.origin.choose(sample), sample)))

    def test_it_fetches_its_own_files(self, sent, tmp_path):
        origin, sample = sent

        here = origin.bring(sample)

        assert here.image == tmp_path / "scratch" / sample.image.relative_to(sample.image.anchor)
        assert here.image.read_bytes() == sample.image.read_bytes()
        assert len(list((tmp_path / "scratch").rglob("*.png"))) == 1

    def test_a_file_that_vanished_meanwhile_is_the_reason_of_its_part(self, sent, files):
        files.rm_file("/lots/monday/good/part_1.png")

        part = read_from(sent[0], lambda place, _: Part(place), 1, sent[1])

        assert part.position == 1
        assert "there is no good/part_1.png" in part.reason

    def test_one_without_credentials_ends_the_scan(self, sent, monkeypatch):
        fail_for(monkeypatch, "good/part_1.png", PermissionError("denied"))

        with pytest.raises(StoreError, match="credentials of this machine: denied"):
            read_from(sent[0], lambda place, _: Part(place), 1, sent[1])


class TestOnADiskThatIgnoresCapitals:
    """As those of Macs: "a" and "A" are one name."""

    @pytest.fixture
    def found(self, files, folder, tmp_path, monkeypatch):
        """What is fetched there of names that differ in capitals, or in how an accent is made."""
        photo = (folder / "good" / "part_0.png").read_bytes()
        for name in ("A.png", "a.png", "Lot/b.png", "lot/B.png", "lot/c", "lot/c.png", "\u00e9.png", "e\u0301.png"):
            files.pipe_file(f"/odd/{name}", photo + name.encode())
        monkeypatch.setattr("inspector.data.fetched._ignores_case", lambda _: True)
        return fetch_files("memory://odd", tmp_path)

    def test_each_file_has_a_name_of_its_own_and_is_shown_under_the_one_it_has_at_the_address(self, found):
        here = {path.relative_to(found.folder).as_posix(): one.stored.name for path, one in found.files.items()}

        folded = {fold_name(name) for name in here}
        assert len(folded) == len(here) == 8
        folders = {(name.partition("/")[0], at.partition("/")[0]) for name, at in here.items() if "/" in name}
        assert len({fold_name(name) for name, _ in folders}) == len(folders) == 2
        assert [name.endswith("/c.png") for name, at in here.items() if at == "lot/c.png"] == [True]
        assert all(path.read_bytes().endswith(one.stored.name.encode()) for path, one in found.files.items())
        names = {sample.name for sample in read_fetched_batch(found).samples}
        assert names >= {"A.png", "a.png", "Lot/b.png", "lot/B.png"}

    def test_batches_are_listed_by_the_names_that_they_have_at_the_address(self, found, files):
        for name in ("Lot/1.png", "Lot/2.png", "lot/1.png", "lot/2.png"):
            files.pipe_file(f"/twice/{name}", b"photo")

        assert sorted(find_batches_at("memory://twice")) == ["memory://twice/Lot", "memory://twice/lot"]

    def test_such_a_disk_is_told_by_a_file(self, tmp_path, monkeypatch):
        def exists(path):
            return path.name.casefold() in {each.name.casefold() for each in path.parent.iterdir()}

        (tmp_path / "a").touch()
        assert _ignores_case(tmp_path) is (tmp_path / "A").exists()
        monkeypatch.setattr(Path, "exists", exists)
        assert _ignores_case(tmp_path)
        assert not list(tmp_path.glob(".trial*"))


def test_batches_at_an_address_are_listed_without_fetching(files, folder, tmp_path, monkeypatch):
    write_photos(folder / "more" / "lot 2", 2)
    put_folder(files, folder, "/lots/all")
    monkeypatch.setattr(type(files), "get_file", None)

    assert find_batches_at("memory://lots/all/") == ["memory://lots/all/good", "memory://lots/all/more/lot 2"]
    with pytest.raises(InputError, match=r"^memory://lots/all/good holds one batch"):
        find_batches_at("memory://lots/all/good")
