"""What a line asks of its run about a new file."""

import re
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from inspector.data.samples import Batch, Sample
from inspector.settings import ScanSettings
from inspector.store.records import SampleReading
from inspector.store.watches import Arrived, NewPart


def part(position, file, size, time, name="", **further):
    arrived = replace(Arrived(position, False, file, size, time, "", datetime(2026, 1, 1), 0.1), **further)
    reading = SampleReading(position, "unreadable", "")
    return NewPart(Sample(name or file, Path("/line") / file), reading, None, arrived)


@pytest.fixture
def run_id(store):
    run_id = store.watches.create(Batch(Path("/line"), ()), ScanSettings(), {}, {})
    other = store.watches.create(Batch(Path("/line"), ()), ScanSettings(), {}, {})
    pair = {"cloud_file": "b.tiff", "cloud_size": 5, "cloud_mtime_ns": 2**62}
    parts = [
        part(0, "given.png", 1, 10, given=True),
        part(1, "a.png", 1, 10),
        part(2, "b.png", 1, 10, **pair),
        part(3, "a.png", 2, 10, "a (2).png"),
        part(4, "c.png", 1, 10),
        part(5, "c.png", 1, 10, "c (2).png"),
        part(6, "b.tiff", 5, 2**62 + 1),
    ]
    for each in parts:
        assert store.watches.add(run_id, each, pool={})
    assert store.watches.add(other, part(0, "a.png", 1, 10), pool={})
    return run_id


def test_judged_files_are_found_by_size_and_time_unless_they_were_replaced(store, run_id):
    asked = {(1, 10), (5, 2**62), (5, 2**62 + 1), (7, 7)}

    found = store.watches.judged(run_id, asked)

    assert sorted(found) == [("b.png", (1, 10)), ("b.tiff", (5, 2**62 + 1)), ("c.png", (1, 10)), ("c.png", (1, 10))]
    assert store.watches.judged(run_id, {(2, 10)}) == [("a.png", (2, 10))]


def test_names_that_are_taken_and_the_latest_part_of_a_file_are_found(store, run_id):
    assert [store.watches.holds_name(run_id, name) for name in ("a.png", "a (2).png", "a (3).png")] == [
        True,
        True,
        False,
    ]
    name, arrived = store.watches.find_latest_of(run_id, "a.png")
    assert (name, arrived.position, arrived.size) == ("a (2).png", 3, 2)
    assert store.watches.find_latest_of(run_id, "never.png") is None


def test_parts_are_read_by_their_positions(store, run_id):
    found = store.watches.arrived(run_id, positions={5, 1})

    assert [(sample.name, arrived.position) for sample, arrived in found] == [("a.png", 1), ("c (2).png", 5)]


def test_parts_that_stand_rejected_are_told_of_those_that_are_asked_about(store, run_id):
    samples = store.runs.samples(run_id)
    for position in (1, 2, 3, 4):
        store.verdicts.add(samples[position].id, "Ada", "rejected")
    store.verdicts.add(samples[2].id, "Ada", "accepted")
    store.verdicts.add(samples[3].id, "Ada", "rejected", "a scratch")

    assert store.watches.rejected(run_id, {1, 2, 3, 5}) == {1, 3}


@pytest.mark.parametrize(
    "ask", [lambda watches: watches.arrived(1, positions={1, 5}), lambda watches: watches.rejected(1, {1, 5})]
)
def test_parts_are_looked_up_by_their_positions_however_many_the_run_has(store, run_id, ask):
    if store.database.on_server:
        pytest.skip("a server plans by what it counted")

    plan = list_steps(store, lambda: ask(store.watches))

    assert any(
        re.fullmatch(r"SEARCH sample USING .*sample_of_run \(run_id=\? AND position=\?\)", step) for step in plan
    )
    assert not [step for step in plan if step.startswith("SCAN")]


@pytest.mark.parametrize("stamps", [{(1, 10)}, {(1, time) for time in range(500)}])
def test_what_is_asked_of_new_files_is_looked_up_in_indexes(store, run_id, stamps):
    if store.database.on_server:
        pytest.skip("a server plans by what it counted")

    plan = list_steps(store, lambda: store.watches.judged(run_id, stamps))

    for index in ("arrival_by_time", "arrival_by_time_of_cloud"):
        column = "cloud_mtime_ns" if index.endswith("cloud") else "mtime_ns"
        assert f"SEARCH arrival USING INDEX {index} (run_id=? AND {column}=?)" in plan
    later = [step for step in plan if step.startswith("SEARCH arrival_")]
    assert len(later) == 4
    assert all(re.search(r"\(run_id=\? AND (cloud_)?file=\? AND position>\?\)", step) for step in later)


def list_steps(store, ask):
    """Say how SQLite finds what a method asks for."""
    engine, steps = store.database._engine, []

    def explain(connection, cursor, statement, parameters, context, many):
        with closing(cursor.connection.cursor()) as beside:
            steps.extend(row[3] for row in beside.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    return steps
