"""What may happen to the files of a watched folder, and to the program that watches it."""

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from inspector.errors import Cancelled, InputError, SettingsError, StoreError
from inspector.features.reader import read_within_memory
from inspector.jobs import follow as jobs_follow
from inspector.jobs.watch import watch
from inspector.settings import ScanSettings
from inspector.store.claims import find_unfinished
from tests.watching import OPTIONS, SETTINGS, expect_parts, follow, warnings


def test_unreadable_parts_are_told_and_kept_with_their_reason(parts, drop, folder, store):
    (folder / "a.png").write_bytes(b"")
    drop(parts["good"][:7])
    (folder / "z.png").write_bytes(b"no photo")
    for name in ("x.dcm", "y.dcm", "Thumbs.db"):
        (folder / name).write_bytes(bytes(500))

    run_id, verdicts, events = follow(folder, store)

    bad = [verdict for verdict in verdicts if verdict.verdict == "unreadable"]
    assert sorted(verdict.name for verdict in bad) == ["a.png", "z.png"]
    assert all(verdict.score is None and verdict.reason for verdict in bad)
    assert sum(verdict.verdict != "unreadable" for verdict in verdicts) == 7
    rows = {row.name: row for row in store.runs.samples(run_id)}
    assert (rows["a.png"].status, "empty" in rows["a.png"].reason) == ("unreadable", True)
    assert store.runs.get(run_id).unreadable == 2
    assert any("a.png" in message for message in warnings(events))
    passed = [message for message in warnings(events) if ".dcm" in message or "Thumbs" in message]
    assert [message.partition(".dcm")[2] for message in passed] == [
        " is passed over, as all files like it: a picture of a kind that is not read: export it as TIFF or PNG"
    ]


def test_file_that_is_written_with_pauses_is_judged_once_and_whole(parts, drop, folder, store, monkeypatch):
    drop(parts["good"][:6])
    whole = parts["good"][7].read_bytes()
    (folder / "z.png").write_bytes(whole[: len(whole) // 2])
    expect_parts(monkeypatch, 7)
    monkeypatch.setattr(jobs_follow, "PATIENCE", 1e9)
    is_doubtful = jobs_follow.Follower._is_doubtful

    def write_on(follower, read):
        if doubtful := is_doubtful(follower, read):
            (folder / "z.png").write_bytes(whole)
            monkeypatch.setattr(jobs_follow, "PATIENCE", 0)
        return doubtful

    monkeypatch.setattr(jobs_follow.Follower, "_is_doubtful", write_on)

    _, verdicts, _ = follow(folder, store, replace(OPTIONS, settle=0.001))

    assert [(verdict.name, verdict.verdict) for verdict in verdicts[6:]] == [("z.png", "ok")]


def test_part_that_comes_once_more_is_pointed_out(parts, drop, folder, store):
    drop(parts["good"][:6])
    follow(folder, store)
    shutil.copy(parts["good"][0], folder / "copy.png")
    told = "the same file came before as {}: it was copied twice, or the camera stands still"

    _, again, _ = follow(folder, store, resume=True)
    shutil.copy(parts["good"][0], folder / "next.png")
    _, once_more, _ = follow(folder, store, resume=True)

    assert [(verdict.name, verdict.reason) for verdict in again] == [("copy.png", told.format("00_part_0.png"))]
    assert [(verdict.name, verdict.reason) for verdict in once_more] == [("next.png", told.format("copy.png"))]


def test_a_file_whose_name_is_no_text_is_told_and_left_out(parts, drop, folder, store):
    drop(parts["good"][:6])
    shutil.copy(parts["good"][7], folder / os.fsdecode(b"part_\xff.png"))

    _, verdicts, events = follow(folder, store)

    assert len(verdicts) == 6
    assert warnings(events).count("'part_\\udcff.png' was left out: its name is no valid text; rename the file") == 1


def test_a_file_that_is_replaced_is_a_part_of_its_own(parts, drop, folder, store):
    drop(parts["good"][:6])
    first, verdicts, _ = follow(folder, store)
    shutil.copy(parts["good"][7], folder / verdicts[0].name)

    run_id, again, _ = follow(folder, store, resume=True)

    assert run_id == first
    assert [(verdict.name, verdict.position) for verdict in again] == [("00_part_0 (2).png", 6)]
    assert "replaced by that of 00_part_0 (2).png" in store.runs.samples(run_id)[0].reason
    assert follow(folder, store, resume=True)[1] == []


def test_photos_that_are_there_at_the_start_are_passed_over_on_request(parts, drop, folder, store, monkeypatch):
    expect_parts(monkeypatch, 6)
    drop(parts["good"][:2], "old_{}")
    verdicts, come = [], parts["good"][:6]

    def drop_once_watched(event):
        if event.kind == "alive" and come:
            drop(come, "new_{}")
            come.clear()

    run_id = watch(folder, SETTINGS, replace(OPTIONS, only_new=True), store, drop_once_watched, verdicts.append)

    assert {verdict.name[:3] for verdict in verdicts} == {"new"}
    assert len(verdicts) == 6
    assert follow(folder, store, resume=True)[:2] == (run_id, [])


def test_run_that_was_stopped_goes_on_as_if_it_had_not_been(parts, drop, folder, store, tmp_path):
    drop([*parts["good"][:9], parts["bad"], *parts["good"][9:]])
    whole_id, whole, _ = follow(folder, store)
    parted, stops = [], [7, 10]

    def stop(event):
        if event.kind == "part" and event.part["position"] in stops:
            stops.remove(event.part["position"])
            raise Cancelled

    run_id = watch(folder, SETTINGS, OPTIONS, store, stop, parted.append)
    assert store.runs.get(run_id).status == "done"
    for _ in range(2):
        watch(folder, ScanSettings(), replace(OPTIONS, every=9), store, stop, parted.append, resume=True)

    def facts(verdicts):
        return [(verdict.position, verdict.name, verdict.score, verdict.verdict) for verdict in verdicts]

    assert [verdict.position for verdict in parted if verdict.again] == [7, 10]
    assert facts(parted) == facts(whole)
    assert store.watches.get(run_id).pool == store.watches.get(whole_id).pool
    for position in range(13):
        maps = [store.artefacts.load_map(each, position) for each in (whole_id, run_id)]
        assert np.array_equal(*maps)


def test_run_that_was_stopped_in_its_warm_up_begins_it_anew(parts, drop, folder, store):
    drop(parts["good"][:4])
    run_id, verdicts, _ = follow(folder, store)
    assert (verdicts, store.runs.get(run_id).status) == ([], "cancelled")
    assert find_unfinished(store.runs.all()) == {}
    drop(parts["good"][4:6], "more_{}")

    again, verdicts, _ = follow(folder, store, resume=True)

    assert (again, len(verdicts), store.runs.get(run_id).status) == (run_id, 6, "done")


def test_sink_that_fails_ends_the_run_and_its_part_is_handed_on_again(parts, drop, folder, store):
    drop(parts["good"][:7])

    def fail(verdict):
        if verdict.position == 3:
            raise OSError("no such host")

    with pytest.raises(OSError, match="no such host"):
        watch(folder, SETTINGS, OPTIONS, store, on_result=fail)
    (run,) = store.runs.all()
    assert (run.status, run.message) == ("failed", "OSError: no such host")

    _, verdicts, _ = follow(folder, store, resume=True)

    assert [(verdict.position, verdict.again) for verdict in verdicts] == [
        (3, True),
        (4, True),
        (5, True),
        (6, False),
    ]
    assert store.runs.get(run.id).status == "done"


def test_clouds_are_told_once_and_not_judged(parts, drop, folder, store):
    drop(parts["good"][:6])
    for name in ("a.ply", "b.ply"):
        (folder / name).write_bytes(b"ply\n")

    run_id, verdicts, events = follow(folder, store, replace(OPTIONS, partner_wait=0.0))

    assert len(verdicts) == 6
    assert len([message for message in warnings(events) if "this watch judges photos alone" in message]) == 1
    assert store.runs.get(run_id).modality == "2d"


def test_folder_that_goes_away_is_told_and_watched_on(parts, drop, folder, store, tmp_path, monkeypatch):
    expect_parts(monkeypatch, 7)
    monkeypatch.setattr("inspector.jobs.looking.RETRY_INTERVAL", 0.05)
    drop(parts["good"][:6])
    verdicts, events = [], []

    def take_away(verdict):
        verdicts.append(verdict)
        if verdict.position == 5:
            folder.rename(tmp_path / "away")

    def bring_back(event):
        events.append(event)
        if event.stage == "away":
            (tmp_path / "away").rename(folder)
            drop(parts["good"][6:7], "more_{}")

    watch(folder, SETTINGS, OPTIONS, store, bring_back, take_away)

    assert len(verdicts) == 7
    told = warnings(events)
    assert [("cannot be listed" in message, "there again" in message) for message in told][-2:] == [
        (True, False),
        (False, True),
    ]


def test_file_that_changes_while_it_is_read_is_judged_when_it_is_complete(parts, drop, folder, store, monkeypatch):
    drop(parts["good"][:7])
    changes = ["06_part_6.png"]

    def read(position, reader, clouds):
        part = read_within_memory(position, reader, clouds)
        if len(store.watches.arrived(1)) >= 6 and changes:
            shutil.copy(parts["bad"], folder / changes.pop())
        return part

    monkeypatch.setattr("inspector.jobs.arrival_reading.read_within_memory", read)
    expect_parts(monkeypatch, 7)

    _, verdicts, events = follow(folder, store)

    assert [verdict.name for verdict in verdicts].count("06_part_6.png") == 1
    assert (verdicts[-1].verdict, len(verdicts)) == ("ng", 7)
    assert any("changed while it was read" in message for message in warnings(events))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"camera": (500, 500, 50, 50)}, "leave out `camera`"),
        ({"modality": "3d", "search_radius": 2}, "only clouds are scored"),
        ({"tiles": "2"}, "not cut"),
    ],
)
def test_what_is_not_built_for_a_line_is_refused(folder, store, changed, told):
    folder.mkdir()
    with pytest.raises(SettingsError, match=told):
        watch(folder, SETTINGS.changed(**changed), OPTIONS, store)
    assert store.runs.all() == []


def test_what_cannot_be_watched_is_told(folder, store, parts):
    with pytest.raises(InputError, match="there is no folder"):
        watch(folder, SETTINGS, OPTIONS, store)
    photo = folder.with_name("part.png")
    photo.touch()
    with pytest.raises(InputError, match="is a file; give the folder"):
        watch(photo, SETTINGS, OPTIONS, store)
    folder.mkdir()
    with pytest.raises(StoreError, match="was never watched"):
        watch(folder, SETTINGS, OPTIONS, store, resume=True)
    with pytest.raises(InputError, match="no known good part that is there"):
        watch(folder, SETTINGS, replace(OPTIONS, golden=folder), store)
    with pytest.raises(SettingsError, match="known good parts once"):
        replace(OPTIONS, golden=folder, like=1)
    with pytest.raises(SettingsError, match="2 or more"):
        replace(OPTIONS, pool=1)


def test_photo_of_another_size_is_pointed_out_also_when_a_run_goes_on(parts, drop, folder, store):
    def drop_resized(number):
        with Image.open(parts["good"][number]) as image:
            image.resize((31, 17)).save(folder / f"odd {number}.png")

    drop(parts["good"][:6])
    run_id, _, _ = follow(folder, store)
    drop_resized(7)
    drop(parts["good"][8:9], "then {}")

    _, verdicts, _ = follow(folder, store, resume=True)

    assert sorted(verdict.name for verdict in verdicts if "31 x 17 pixels" in verdict.reason) == ["odd 7.png"]
    assert len(verdicts) == 2
    assert [row.name for row in store.runs.samples(run_id) if row.reason] == ["odd 7.png"]
