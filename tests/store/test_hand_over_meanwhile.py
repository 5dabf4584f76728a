"""What others did in the shared workspace while a station worked without it."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.errors import StoreError
from inspector.store import hand_over as module
from inspector.store.hand_over import hand_over
from inspector.store.pruning import plan_pruning, prune
from inspector.store.tables import SampleRow
from inspector.store.workspace import Workspace
from tests.store import test_hand_over as others

judge, hand, tell_verdicts = others.judge, others.hand, others.tell_verdicts
station, shared = others.station, others.shared


@pytest.mark.sqlite_only  # it is the same code on a server
def test_a_comment_there_decides_nothing(station: Workspace, shared: Workspace) -> None:
    hand(station, shared)
    judge(shared, 2, 1, "Eve", "undecided", "what is this?")
    judge(shared, 2, 2, "Eve", "rejected", "I see it, too")
    judge(station, 1, 1, "Ann", "rejected", "a scratch")
    judge(station, 1, 2, "Bob", "accepted")

    (handed,) = hand(station, shared)

    assert (handed.verdicts, handed.clashes) == (2, ())
    said = [(place, *rest) for place, *rest in tell_verdicts(shared, 2) if place in (1, 2)]
    assert [(place, who, old, new, comment, kind) for place, who, _, old, new, comment, kind in said][1:] == [
        (1, "Eve", "undecided", "undecided", "what is this?", "comment"),
        (2, "Eve", "rejected", "rejected", "I see it, too", "comment"),
        (1, "Ann", "undecided", "rejected", "a scratch", "verdict"),
        (2, "Bob", "rejected", "accepted", "", "verdict"),
    ]
    assert (hand(station, shared), shared.audit.find_problems()) == ([], [])


@pytest.mark.sqlite_only  # it is the same code on a server
@pytest.mark.parametrize("was_there", [False, True])
def test_a_run_that_is_removed_there_while_its_files_are_copied_is_not_brought_back(
    station: Workspace, shared: Workspace, was_there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand(station, shared)
    runs, copy, listed = [shared.runs.get(2)], module._copy_files, module._list_removed
    if not was_there:  # another station handed it over, and somebody removed it, since the list was made
        prune(shared, replace(plan_pruning(shared), runs=runs), "Eve")
        monkeypatch.setattr(module, "_list_removed", lambda session: listed(session) if copied else set())
    copied: list[Path] = []

    def prune_meanwhile(source: Path, target: Path) -> None:
        copy(source, target)
        if was_there and not copied:
            prune(shared, replace(plan_pruning(shared), runs=runs), "Eve")
            copy(source, target)
        copied.append(target)

    monkeypatch.setattr(module, "_copy_files", prune_meanwhile)

    left = hand_over(station, shared)

    assert [(run.id, why) for run, why in left] == [(1, "was removed there")]
    assert sorted(path.name for path in (shared.folder / "runs").iterdir()) == ["1", "3"]
    assert (sorted(run.id for run in shared.runs.all()), shared.audit.find_problems()) == ([1, 3], [])


@pytest.mark.sqlite_only  # it is the same code on a server
def test_parts_that_come_later_are_decided_by_the_threshold_there(station: Workspace, shared: Workspace) -> None:
    hand(station, shared)
    shared.runs.set_threshold(3, 0.95, 0.95, "Eve")
    with station.database.session() as session:
        late = {"status": "ok", "raw_score": 0.9, "final": 0.9, "flagged": True}
        session.add(SampleRow(run_id=2, position=3, name="late.png", **late))
        session.add(SampleRow(run_id=2, position=4, name="worst.png", **{**late, "final": 0.97}))

    (handed,) = hand(station, shared)

    assert handed.parts == 2
    assert [sample.flagged for sample in shared.runs.samples(3)] == [False, False, False, False, True]
    assert shared.runs.get(3).flagged == 1


@pytest.mark.sqlite_only  # it is the same code on a server
def test_files_that_cannot_be_put_in_place_are_told_and_come_with_the_next_hand_over(
    station: Workspace, shared: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a folder cannot be moved while a file in it is open."""

    def refuse(path: Path, _target: Path) -> None:
        raise PermissionError(errno.EACCES, "in use", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        with pytest.raises(StoreError, match=r"run 2 was .*: in use; hand over again"):
            hand(station, shared)

    hand(station, shared)

    assert shared.artefacts.load_map(2, 1).max() == 1
    assert sorted(path.name for path in (shared.folder / "runs").iterdir()) == ["1", "2", "3"]
    assert sorted(run.id for run in shared.runs.all()) == [1, 2, 3]
