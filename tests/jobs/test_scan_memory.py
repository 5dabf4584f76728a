"""Scans that find little memory: what fits is kept with the run, a shortage changes no score."""

import pytest
import torch

from inspector.data.layouts import read_batch
from inspector.errors import Cancelled, InspectorError, SettingsError
from inspector.events import Event
from inspector.features.backbones import Backbone
from inspector.jobs.scan import scan
from inspector.machine import resident_bytes
from inspector.scoring.batch import score_batch
from inspector.settings import ScanSettings
from inspector.store.plan import load_plan
from inspector.store.workspace import Workspace

SMALL = ScanSettings(image_size=64, batch_size=4)


def table(store, run_id):
    return {s.name: (s.status, s.raw_score, s.rescored, s.flagged) for s in store.runs.samples(run_id)}


@pytest.mark.parametrize("stage", ["read", "score"])
def test_automatic_batch_size_is_kept_for_the_resumed_run(folder, store, make_photos, tmp_path, monkeypatch, stage):
    automatic = SMALL.changed(batch_size=None)
    make_photos(folder, 9, spot=True)
    monkeypatch.setattr("inspector.jobs.preparation.choose_batch_size", lambda *_: 2)
    with Workspace(tmp_path / "other") as other:
        expected = table(other, scan(read_batch(folder), automatic, other))

    def stop(event: Event) -> None:
        if event.stage == stage and event.done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(read_batch(folder), automatic, store, stop)
    (run,) = store.runs.all()
    found = load_plan(store, run.id)
    monkeypatch.setattr("inspector.jobs.preparation.choose_batch_size", lambda *_: 8)  # much more is free by now
    scan(read_batch(folder), automatic, store, run_id=run.id)

    assert found.batch_size == 2
    assert load_plan(store, run.id) == found
    assert table(store, run.id) == expected


def test_memory_that_runs_out_while_reading_changes_no_score(folder, store, make_photos, tmp_path, monkeypatch):
    make_photos(folder, 7, spot=True)
    with Workspace(tmp_path / "other") as other:
        expected = table(other, scan(read_batch(folder), SMALL, other))
    tokens, warnings = Backbone.tokens, []

    def tight(backbone, images):
        if len(images) > 1:
            raise RuntimeError("could not create a primitive")
        return tokens(backbone, images)

    monkeypatch.setattr(Backbone, "tokens", tight)

    run_id = scan(
        read_batch(folder), SMALL, store, lambda event: event.kind == "warning" and warnings.append(event.message)
    )

    found = table(store, run_id)
    for name, (status, raw, rescored, flagged) in expected.items():
        assert found[name] == (status, pytest.approx(raw, abs=1e-3), pytest.approx(rescored, abs=5e-3), flagged)
    assert [message.partition(";")[2][:3] for message in warnings] == [" 2 ", " 1 "]
    assert load_plan(store, run_id).batch_size == 1


def test_memory_that_runs_out_elsewhere_ends_the_run_with_a_remedy(folder, store, make_photos, monkeypatch):
    make_photos(folder, 3)
    monkeypatch.setattr("inspector.jobs.decision.rescore_as", lambda *_, **__: torch.empty(1 << 60, dtype=torch.uint8))

    with pytest.raises(InspectorError, match="memory ran out in run 1; close other programs, or choose a smaller"):
        scan(read_batch(folder), SMALL, store)

    assert store.runs.get(1).status == "failed"


def test_hopeless_budget_is_refused_before_a_run_begins(folder, store, make_photos):
    make_photos(folder, 3)

    with pytest.raises(SettingsError, match=r"[0-9.]+ GB of memory, but `memory` is set to 0.10 GB; give more"):
        scan(read_batch(folder), SMALL.changed(memory=0.1), store)

    assert store.runs.all() == []


def test_run_is_not_taken_up_again_in_too_little_memory(folder, store, make_photos, monkeypatch):
    make_photos(folder, 5)

    def stop(event: Event) -> None:
        if event.stage == "read" and event.done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(read_batch(folder), SMALL, store, stop)
    monkeypatch.setattr("inspector.machine.free_bytes", lambda: 1_000_000)

    with pytest.raises(SettingsError, match=r"only 0.00 GB are free; close other programs"):
        scan(read_batch(folder), SMALL, store, run_id=1)
    assert store.runs.get(1).status == "cancelled"


def test_scoring_gets_what_is_left_of_the_budget(folder, store, make_photos, monkeypatch):
    make_photos(folder, 3)
    given = []

    def spy(features, *, memory, **others):
        given.append(memory)
        return score_batch(features, memory=memory, **others)

    monkeypatch.setattr("inspector.jobs.comparison.score_batch", spy)
    room = 200_000_000
    budget = (resident_bytes() + room) / 1e9

    scan(read_batch(folder), SMALL.changed(memory=budget), store)

    assert 0 < given[0] <= 0.8 * room
