"""The folder of a workspace's files was deleted, and made anew without a word: a server's workspace goes on without."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from inspector.data.layouts import read_batch
from inspector.jobs.scan import scan
from inspector.jobs.watch import watch
from inspector.store.artefacts import Artefacts
from inspector.store.lost_files import find_lost_files
from inspector.store.run_facts import list_notes
from tests.watching import OPTIONS, SETTINGS, expect_parts, follow, warnings


def lost(folder):
    return (
        f"earlier maps and pictures are gone, for the folder {folder} was deleted or is another one now; put it back "
        "if there is a copy; scores and verdicts are all there"
    )


def test_files_that_are_deleted_while_a_line_runs_are_told_once_and_noted(parts, drop, folder, store, monkeypatch):
    drop(parts["good"][:6])
    expect_parts(monkeypatch, 8)
    events = []

    def take(verdict):
        if verdict.position == 5:
            shutil.rmtree(store.folder / "runs")
            drop(parts["good"][6:8], "more_{}")

    run_id = watch(folder, SETTINGS, OPTIONS, store, events.append, take)

    told = lost(store.folder / "runs" / "1")
    assert warnings(events).count(told) == 1
    assert list_notes(store.runs.get(run_id).notes) == [told]
    assert [store.artefacts.map_path(run_id, position).exists() for position in (5, 6, 7)] == [False, True, True]


def test_files_that_were_deleted_before_are_told_by_the_next_run_alone(parts, drop, folder, store):
    drop(parts["good"][:7])
    gone, events = store.folder / "runs", []
    follow(folder, store)

    shutil.rmtree(gone)
    gone_on = watch(folder, SETTINGS, OPTIONS, store, events.append, resume=True)
    shutil.rmtree(gone)
    scanned = scan(read_batch(folder), SETTINGS, store, events.append)
    watched = watch(folder, SETTINGS, OPTIONS, store, events.append)

    notes = [list_notes(store.runs.get(run_id).notes) for run_id in (gone_on, scanned, watched)]
    assert [lost(gone) in noted for noted in notes] == [True, True, False]
    assert warnings(events).count(lost(gone)) == 2


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EACCES])
def test_folder_on_a_share_that_does_not_answer_is_not_said_to_be_gone(tmp_path, monkeypatch, number):
    """The line ended by that error; writing there is what tells that the share is away, and is waited for."""

    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    (tmp_path / "runs" / "1").mkdir(parents=True)
    artefacts = Artefacts(tmp_path)
    assert (artefacts.are_gone(1), artefacts.are_gone(1, maps=True), artefacts.are_gone(2)) == (False, True, True)
    monkeypatch.setattr(Path, "stat", fail)
    assert not artefacts.are_gone(2)


def test_folder_of_the_last_run_that_was_deleted_alone_is_named_itself(parts, drop, folder, store, failing):
    drop(parts["good"][:7])
    scan(read_batch(folder), SETTINGS, store)
    watched, _, _ = follow(folder, store)
    gone = store.artefacts.run_folder(watched)

    shutil.rmtree(gone)

    assert find_lost_files(store, watched) == lost(gone)
    failing.add(gone.parent)
    assert find_lost_files(store, watched) == lost(gone.parent)
