import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest

from inspector.errors import InputError, SettingsError, StoreError
from inspector.storage import Storage, Stored, find_place, is_address
from tests.stores import s3  # noqa: F401 - a fixture

MEMORY = "memory://lot"


@pytest.fixture
def files():
    """What fsspec keeps in memory, empty."""
    from fsspec import filesystem

    found = filesystem("memory")
    yield found
    found.store.clear()
    found.pseudo_dirs[:] = [""]


def test_addresses_are_no_paths():
    assert is_address("s3://bucket/folder")
    assert not any(map(is_address, ["C:/photos", "C:\\photos", "/photos", "photos", "a:b", "//host/share"]))


@pytest.mark.parametrize("address", ["s3://ann:secret@host/lot", "photos", "simplecache::s3://lot"])
def test_what_is_no_address_or_holds_a_password_is_refused(address):
    with pytest.raises(SettingsError):
        Storage(address)


def test_a_file_is_fetched_once_and_again_when_it_changed(files, tmp_path, monkeypatch):
    files.pipe_file("/lot/a/1.png", b"one")
    storage, path = Storage(f"{MEMORY}/"), tmp_path / "a" / "1.png"
    fetched = []
    get_file = type(files).get_file
    monkeypatch.setattr(type(files), "get_file", lambda *given, **o: (fetched.append(1), get_file(*given, **o)))

    (stored,) = storage.find()
    for _ in range(2):
        storage.fetch(stored, path)
    before = len(fetched)
    files.pipe_file("/lot/a/1.png", b"two")
    files.store["/lot/a/1.png"].created += timedelta(seconds=1)  # a fast machine writes both in one millisecond
    (changed,) = storage.find()
    storage.fetch(changed, path)

    assert (before, len(fetched)) == (1, 2)
    assert (changed.name, changed.size, path.read_bytes()) == ("a/1.png", 3, b"two")
    assert path.stat().st_mtime == pytest.approx(changed.modified)


def test_a_file_that_has_another_size_than_was_listed_is_not_kept(files, tmp_path):
    files.pipe_file("/lot/1.png", b"one, and more")

    with pytest.raises(InputError, match="changed while it was fetched"):
        Storage(MEMORY).fetch(Stored("1.png", 3, 1.0), tmp_path / "1.png")

    assert list(tmp_path.iterdir()) == []


def test_bytes_are_compared_with_the_md5(files, tmp_path, monkeypatch):
    content = {"right": b"one", "damaged": b"0ne"}
    files.pipe_file("/lot/1.png", content["right"])
    (listed,) = Storage(MEMORY).find()
    stored = Stored(listed.name, listed.size, listed.modified, "f97c5d29941bfb1b2fdab0874906ab82")
    comes = []
    monkeypatch.setattr(type(files), "get_file", lambda _, name, path: Path(path).write_bytes(content[comes.pop(0)]))

    for what, kept in [(["damaged", "right"], b"one"), (["right"], b"one")]:
        comes[:] = what
        path = tmp_path / f"{len(what)}.png"
        Storage(MEMORY).fetch(stored, path)
        assert (path.read_bytes(), comes) == (kept, [])

    content["other"] = b"oae"
    comes[:] = ["damaged", "other"]
    with pytest.raises(InputError, match="other bytes each time"):
        Storage(MEMORY).fetch(stored, tmp_path / "3.png")


def test_where_etags_are_no_md5_files_are_taken_as_they_come_twice(files, tmp_path, monkeypatch):
    files.pipe_file("/lot/1.png", b"one")
    storage, fetched = Storage(MEMORY), []
    get_file = type(files).get_file
    monkeypatch.setattr(type(files), "get_file", lambda *given, **o: (fetched.append(1), get_file(*given, **o)))

    for number in range(3):
        storage.fetch(Stored("1.png", 3, 1.0, "0" * 32), tmp_path / f"{number}.png")

    assert len(fetched) == 4
    assert (tmp_path / "2.png").read_bytes() == b"one"


def test_what_is_not_there_is_told(files, tmp_path):
    files.pipe_file("/lot/1.png", b"one")

    with pytest.raises(InputError, match=r"nothing at memory://other|no memory://other"):
        Storage("memory://other").find()
    with pytest.raises(InputError, match="is a file"):
        Storage(f"{MEMORY}/1.png").find()
    with pytest.raises(InputError, match=r"no 2\.png at memory://lot"):
        Storage(MEMORY).fetch(Stored("2.png", 3, 1.0), tmp_path / "2.png")


def test_what_is_not_installed_is_told(monkeypatch):
    import fsspec.core

    def fail(*given, **others):
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec.core, "url_to_fs", fail)

    with pytest.raises(SettingsError, match=r"mutual-inspector\[storage\]"):
        Storage("s3://lots/a").find()
    with pytest.raises(SettingsError, match="Install"):
        Storage("gs://lots/a").find()


def test_a_folder_that_cannot_be_written_is_told_of_this_machine(files, tmp_path):
    files.pipe_file("/lot/1.png", b"one")
    (tmp_path / "a").write_bytes(b"no folder")

    with pytest.raises(StoreError, match=r"on this machine.*INSPECTOR_SCRATCH"):
        Storage(MEMORY).fetch(Storage(MEMORY).find()[0], tmp_path / "a" / "1.png")


def test_a_full_disk_is_told_of_this_machine_and_not_of_the_store(files, tmp_path, monkeypatch):
    files.pipe_file("/lot/1.png", b"one")
    storage = Storage(MEMORY)
    (stored,) = storage.find()

    def fill(*given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(files), "get_file", fill)
    for use in (lambda: storage.fetch(stored, tmp_path / "1.png"), lambda: storage.get("1.png", tmp_path / "1.png")):
        with pytest.raises(StoreError, match="cannot be written on this machine: No space left on device; make room"):
            use()


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_what_was_put_is_got(scheme, files, tmp_path):
    storage = Storage(f"{scheme}://{tmp_path.as_posix()}/kept")
    (tmp_path / "here").write_bytes(b"tokens")

    storage.put(tmp_path / "here", "key/a")

    assert (storage.holds("key/a"), storage.holds("key/b")) == (True, False)
    assert storage.get("key/a", tmp_path / "there" / "a")
    assert (tmp_path / "there" / "a").read_bytes() == b"tokens"
    assert not storage.get("key/b", tmp_path / "there" / "b")


def test_a_machine_without_workspace_keeps_files_below_its_own_folder(monkeypatch, tmp_path):
    place = tmp_path / "workspace" / "a.png"
    assert find_place(str(place)) == place

    monkeypatch.setenv("INSPECTOR_SCRATCH", str(tmp_path / "scratch"))

    assert find_place(place) == tmp_path / "scratch" / place.relative_to(place.anchor)


def test_s3_lists_and_fetches_what_was_put(s3, tmp_path):  # noqa: F811
    for name in ("a/1.png", "a/sub/2.png", "ab/3.png"):
        s3.pipe_file(f"lots/{name}", name.encode())
    storage = Storage("s3://lots/a")

    found = storage.find()
    storage.fetch(found[1], tmp_path / "2.png")

    listed = [(stored.name, stored.size, len(stored.md5)) for stored in found]
    assert listed == [("1.png", 7, 32), ("sub/2.png", 11, 32)]
    assert (tmp_path / "2.png").read_bytes() == b"a/sub/2.png"


def test_s3_marks_of_folders_as_consoles_make_them_are_no_files(s3):  # noqa: F811
    for name in ("marked/", "marked/sub/"):
        s3.call_s3("put_object", Bucket="lots", Key=name, Body=b"")
    s3.pipe_file("lots/marked/sub/1.png", b"one")

    assert [stored.name for stored in Storage("s3://lots/marked").find()] == ["sub/1.png"]


def test_s3_tells_a_file_of_the_same_size_that_took_the_place_of_what_was_listed(s3, tmp_path):  # noqa: F811
    s3.pipe_file("lots/changing/1.png", b"one")
    storage = Storage("s3://lots/changing")
    (stored,) = storage.find()
    s3.pipe_file("lots/changing/1.png", b"two")

    with pytest.raises(InputError, match="changed while it was fetched"):
        storage.fetch(stored, tmp_path / "1.png")
    assert list(tmp_path.iterdir()) == []


def test_s3_says_what_is_wrong(s3, tmp_path, monkeypatch):  # noqa: F811
    from moto.core.authorization import ActionAuthenticatorMixin, settings

    s3.pipe_file("lots/w/1.png", b"one")
    (tmp_path / "kept").write_bytes(b"tokens")
    with pytest.raises(InputError, match="no s3://none/a; check bucket"):
        Storage("s3://none/a").find()
    with pytest.raises(StoreError, match="no s3://none/a; check bucket"):
        Storage("s3://none/a").put(tmp_path / "kept", "key/a")
    with pytest.raises(InputError, match="nothing at s3://lots/none"):
        Storage("s3://lots/none").find()

    monkeypatch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)  # from now on keys are looked at
    monkeypatch.setattr(ActionAuthenticatorMixin, "request_count", 0)
    for use in (
        Storage("s3://lots/w").find,
        lambda: Storage("s3://lots/w").fetch(Stored("1.png", 3, 1), tmp_path / "1"),
    ):
        with pytest.raises(InputError, match=r"may not be used with the credentials of this machine: .*Key"):
            use()
    with pytest.raises(StoreError, match="may not be used with the credentials"):
        Storage("s3://lots/w").put(tmp_path / "kept", "key/a")

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    type(s3).clear_instance_cache()
    monkeypatch.setattr(type(s3), "retries", 1)
    with pytest.raises(StoreError, match="s3://lots/w cannot be reached"):
        Storage("s3://lots/w").find()
    type(s3).clear_instance_cache()


def test_a_store_in_a_folder_is_told_by_its_path(tmp_path):
    (tmp_path / "1.png").write_bytes(b"one")
    os.utime(tmp_path / "1.png", (5, 5))

    assert Storage(f"file://{tmp_path.as_posix()}").find() == [Stored("1.png", 3, 5.0)]
