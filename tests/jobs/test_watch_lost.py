"""No photo that was complete is lost where its file, or the folder, goes before it was read."""

import os
import shutil
import time
from datetime import datetime

from inspector.data.arrivals import Arrivals
from inspector.features.reader import read_within_memory
from inspector.files import file_sha256
from inspector.jobs.watch import watch
from inspector.store.run_facts import list_notes
from tests.watching import OPTIONS, SETTINGS, expect_parts, follow


def test_photos_of_one_name_are_each_judged_also_those_of_the_warm_up(parts, folder, store, tmp_path, monkeypatch):
    """A camera overwrites `current.png` as soon as the photo before was seen."""
    folder.mkdir()
    photos = iter([*parts["good"][:8], parts["bad"]])
    expect_parts(monkeypatch, 9)
    seen = []

    def expose(event):
        if event.kind in ("progress", "part") and event.done == len(seen) and (photo := next(photos, None)):
            seen.append(photo)
            shutil.copy(photo, tmp_path / "beside.png")
            os.utime(tmp_path / "beside.png", (len(seen), len(seen)))
            (tmp_path / "beside.png").replace(folder / "current.png")

    verdicts = []
    run_id = watch(folder, SETTINGS, OPTIONS, store, expose, verdicts.append)

    assert [verdict.verdict for verdict in verdicts[6:]] == ["ok", "ok", "ng"]
    assert [row.sha256 for row in store.runs.samples(run_id)] == [file_sha256(photo) for photo in seen]
    assert [*(store.artefacts.run_folder(run_id) / "held").iterdir()] == []


def test_photos_that_wait_while_the_folder_is_away_are_judged_when_it_is_back(parts, drop, folder, store, monkeypatch):
    """They were told as unreadable, and never judged."""
    drop(parts["good"][:10])
    away, told = folder.with_name("away"), []

    def read(position, reader, clouds):
        if len(store.watches.arrived(1)) == 6 and not told:
            told.append("away")
            folder.rename(away)
        return read_within_memory(position, reader, clouds)

    def bring_back(event):
        if away.exists() and event.stage == "away":
            away.rename(folder)

    monkeypatch.setattr("inspector.jobs.arrival_reading.read_within_memory", read)
    expect_parts(monkeypatch, 10)
    verdicts = []

    watch(folder, SETTINGS, OPTIONS, store, bring_back, verdicts.append)

    assert [verdict.verdict for verdict in verdicts] == ["ok"] * 10


def test_photos_that_are_overwritten_while_a_part_is_judged_are_judged(parts, folder, store, tmp_path, monkeypatch):
    """It may take seconds, or another program write to the database: photos came and went that nobody had looked at."""
    folder.mkdir()
    for number, photo in enumerate(parts["good"][:6]):
        shutil.copy(photo, folder / f"{number}.png")
    expect_parts(monkeypatch, 9)
    held = store.artefacts.run_folder(1) / "held"

    def expose_three(result):
        if result.position == 5:
            for number, photo in enumerate(parts["good"][7:10], start=2):  # the first one is held for the warm-up
                shutil.copy(photo, tmp_path / "beside.png")
                (tmp_path / "beside.png").replace(folder / "0.png")
                give_up = time.monotonic() + 10
                while sum(1 for _ in held.glob("*/0.png")) < number and time.monotonic() < give_up:
                    time.sleep(0.01)

    watch(folder, SETTINGS, OPTIONS, store, on_result=expose_three)

    assert [row.sha256 for row in store.runs.samples(1)[6:]] == [file_sha256(photo) for photo in parts["good"][7:10]]


def test_line_ends_by_idle_while_its_folder_is_away_and_judges_what_waited_when_it_goes_on(
    parts, drop, folder, store, monkeypatch
):
    drop(parts["good"][:7])
    away = folder.with_name("away")

    def read(position, reader, clouds):
        if len(store.watches.arrived(1)) == 6 and not away.exists():
            folder.rename(away)
        return read_within_memory(position, reader, clouds)

    with monkeypatch.context() as patch:
        patch.setattr("inspector.jobs.arrival_reading.read_within_memory", read)
        _, verdicts, _ = follow(folder, store)
    away.rename(folder)
    _, later, _ = follow(folder, store, resume=True)

    assert [verdict.verdict for verdict in verdicts + later] == ["ok"] * 7


def test_what_was_lost_is_kept_with_the_run_for_each_time_that_it_was_watched(parts, drop, folder, store, monkeypatch):
    """It was told, and whoever opened the run later saw nothing of it."""
    drop(parts["good"][:6])
    poll, begun = Arrivals.poll, iter("12")

    def lose_one(watched, *given, **named):
        found = poll(watched, *given, **named)
        found.missed.update({"current.png": 1} if found.arrivals else {})
        return found

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 5, 1, 14, 0, int(next(begun)))

    monkeypatch.setattr(Arrivals, "poll", lose_one)
    monkeypatch.setattr("inspector.jobs.losses.datetime", Clock)
    run_id, _, _ = follow(folder, store)
    drop(parts["good"][6:7], "more_{}")
    follow(folder, store, resume=True)

    notes = store.runs.get(run_id).notes
    assert [note[:34] for note in notes] == [f"watched since 2026-05-01 14:00:0{n}:" for n in (1, 2)]
    assert all("are not judged: 1, the last one as current.png; write each" in note for note in notes)
    assert list_notes(notes) == notes  # the report has them
