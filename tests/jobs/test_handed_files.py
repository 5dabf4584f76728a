"""What is handed to machines that see other folders; here all of them are this process."""

import os
import pickle
from contextlib import contextmanager, nullcontext
from functools import partial
from types import SimpleNamespace

import pytest
import torch

from inspector.data.fetched import Fetched, Origin, read_from
from inspector.data.layouts import read_batch
from inspector.data.parts import Part
from inspector.errors import InspectorError, StoreError
from inspector.features.cache import TokenCache
from inspector.jobs.folder_files import FolderFiles
from inspector.jobs.handed_files import HandedFiles, Seen, _look, hand_folders
from inspector.storage import SCRATCH, Storage, Stored
from tests.photos import write_photos


def serve(files, what, *given):
    return getattr(files, what)(*given)


def answer(all_see, own_sees, served=None):
    """Machines of which some say what they see."""
    seen = [Seen("near", True, True), all_see]
    return SimpleNamespace(ask_all=lambda *_: seen, ask_own=lambda *_: own_sees, serve=served)


@pytest.fixture
def far(tmp_path, monkeypatch):
    """A folder whose mark this process does not see, and what brings its files."""
    monkeypatch.setenv(SCRATCH, str(tmp_path / "scratch"))
    (tmp_path / "home").mkdir()
    return HandedFiles(tmp_path / "home", tmp_path / "far" / ".seen-1", partial(serve, FolderFiles()))


def test_a_cluster_that_sees_all_starts_nothing_and_leaves_nothing(folder, tmp_path):
    write_photos(folder, 2)
    batch, cache = read_batch(folder), tmp_path / "cache"

    with hand_folders(answer(Seen("far", True, True), None), batch, cache, None) as (shared, storage):
        brought = shared.origin.bring(shared.samples[0])
        marks = [path.name.startswith(".seen-") for path in cache.iterdir()]
        place = storage.place(cache / "a")

    assert (brought, place, marks) == (batch.samples[0], cache / "a", [True])
    assert not list(cache.iterdir())


@pytest.mark.parametrize("far", [Seen("far", True, False), Seen("far", False, True), None])
def test_a_machine_that_does_not_see_all_or_does_not_answer_is_served(folder, tmp_path, far):
    write_photos(folder, 2)
    served = []

    @contextmanager
    def start(kind):
        served.append(kind)
        yield partial(serve, kind())
        served.append("ended")

    with hand_folders(answer(far, Seen("near", True, True), start), read_batch(folder), tmp_path / "cache", None):
        assert served == [FolderFiles]
    assert served == [FolderFiles, "ended"]


@pytest.mark.parametrize(("own", "named"), [(Seen("near", False, True), "cache"), (Seen("near", True, False), "batch")])
def test_where_ray_beside_the_scan_does_not_see_the_folders_it_is_refused_at_once(folder, tmp_path, own, named):
    write_photos(folder, 2)
    machines = answer(Seen("far", False, False), own, lambda kind: nullcontext())

    with (
        pytest.raises(InspectorError, match=rf"Ray on near does not see {tmp_path}/{named}, .*`storage`"),
        hand_folders(machines, read_batch(folder), tmp_path / "cache", None),
    ):
        pass


def test_with_an_address_for_tokens_nobody_needs_to_see_the_workspace(folder, tmp_path):
    write_photos(folder, 2)
    kept = Storage("memory://kept")

    with hand_folders(answer(Seen("far", False, True), None), read_batch(folder), tmp_path / "cache", kept) as shared:
        assert shared.storage is kept


def test_a_machine_that_joined_later_and_sees_nothing_says_so(tmp_path):
    alone = HandedFiles(tmp_path, tmp_path / "far" / ".seen-1", None)

    with pytest.raises(StoreError, match=r"does not see .*photo\.png, .* joined the cluster after .*`resume`"):
        alone.bring(Stored("photo.png", 3, 1.0), tmp_path / "photo.png")


def test_a_photo_comes_as_it_is_there_and_a_stale_one_of_the_same_path_is_left_alone(far, tmp_path):
    here = tmp_path / "photo.png"
    here.write_bytes(b"new")
    os.utime(here, (5.0, 5.0))
    listed = Stored(str(here), 3, 9.0)  # the machine that scans has another one of this name

    brought = far.bring(listed, here)
    here.unlink()
    gone = far.bring(Stored(str(here), 4, 9.0), here)

    assert tmp_path / "scratch" in brought.parents
    assert (brought == gone, gone.exists()) == (True, False), "what is gone there is not what lay here before"


def test_tokens_go_home_and_come_from_there(far, tmp_path, monkeypatch):
    cache = pickle.loads(pickle.dumps(TokenCache(tmp_path / "home", far, weights="w")))

    cache.save("a", [torch.ones(2, 3)], {})
    home = list((tmp_path / "home").rglob("*.safetensors"))
    monkeypatch.setenv(SCRATCH, str(tmp_path / "other"))

    assert [path.stem for path in home] == ["a"]
    assert (cache.holds("a"), cache.holds("b")) == (True, False)
    assert torch.equal(cache.layer("a", 0), torch.ones(2, 3, dtype=torch.float16))
    assert list((tmp_path / "other").rglob("a.safetensors"))


def test_a_home_that_is_full_is_told_of_the_machine_that_scans(far, tmp_path, monkeypatch):
    monkeypatch.setattr(FolderFiles, "write", lambda *given: "No space left on device")
    (tmp_path / "a").write_bytes(b"tokens")

    with pytest.raises(StoreError, match="where the scan was started: No space left on device"):
        far.put(tmp_path / "a", "key/a.safetensors")


def test_a_file_that_changes_in_a_folder_all_see_is_read_as_it_is_now(folder, tmp_path):
    write_photos(folder, 3)
    batch = read_batch(folder)
    changed, gone, _ = [sample.image for sample in batch.samples]

    with hand_folders(answer(Seen("far", True, True), None), batch, tmp_path / "cache", None) as (shared, _):
        os.utime(changed, (5.0, 5.0))
        gone.unlink()
        brought = [shared.origin.bring(sample).image for sample in shared.samples[:2]]

    assert brought == [changed, gone], "what is gone is a part that cannot be read, and the rest goes on"


def test_a_workspace_that_another_user_keeps_to_himself_is_not_seen(tmp_path, monkeypatch):
    monkeypatch.setenv(SCRATCH, str(tmp_path / "scratch"))
    closed = tmp_path / (300 * "x") / ".seen-1"  # the system answers with an error, as where it refuses
    far = HandedFiles(tmp_path / "home", closed, partial(serve, FolderFiles()))
    (tmp_path / "a").write_bytes(b"tokens")

    far.put(tmp_path / "a", "key/a.safetensors")

    assert not _look(closed, []).workspace
    assert (tmp_path / "home" / "key" / "a.safetensors").read_bytes() == b"tokens"
    assert tmp_path / "scratch" in far.place(tmp_path / "home" / "key" / "a.safetensors").parents
    assert far.holds("key/a.safetensors")
    assert far.get("key/a.safetensors", tmp_path / "b")


@pytest.mark.parametrize("others_see", [True, False])
def test_a_photo_that_changes_while_machines_are_asked_tells_nothing_of_the_folder(folder, tmp_path, others_see):
    write_photos(folder, 3)
    batch, asked = read_batch(folder), []

    def ask_own(look, mark, some):
        asked.append(len(some))
        if len(asked) < 3:
            (folder / f"part_{len(asked)}.png").write_bytes(b"anew")
        return look(mark, some)

    def ask_all(function, *given):
        return [ask_own(function, *given), Seen("far", True, others_see)] if function is _look else [function(*given)]

    machines = SimpleNamespace(
        ask_all=ask_all,
        ask_own=ask_own,
        serve=lambda kind: nullcontext(partial(serve, kind())),
    )

    with hand_folders(machines, batch, tmp_path / "cache", None) as (shared, _):
        assert shared.origin.bring(shared.samples[0]) == batch.samples[0]
    assert (asked[0], asked[-1]) == (3, 1)


def test_a_photo_that_was_read_makes_room_and_tokens_stay(far, tmp_path):
    write_photos(tmp_path / "home", 2)
    listed = {path: Fetched(Stored(str(path), 3, 9.0)) for path in (tmp_path / "home").iterdir()}
    sample = read_batch(tmp_path / "home").samples[0]
    far.put(sample.image, "a.safetensors")
    far.get("a.safetensors", far.place(tmp_path / "home" / "a.safetensors"))
    seen = []

    def read(place, here):
        seen.append(here.image.read_bytes())
        return Part(place)

    origin = Origin(far, tmp_path / "home", listed)
    part = read_from(origin, read, 0, sample)

    assert (part.position, seen) == (0, [sample.image.read_bytes()])
    kept = [path.name for path in (tmp_path / "scratch").rglob("*.*") if path.is_file()]
    assert kept == ["a.safetensors"]
    assert sample.image.exists()
