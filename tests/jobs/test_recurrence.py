"""A scan tells the parts that share a region, and scores them as if they could not vouch for one another on wish."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.events import Event
from inspector.export.run import write_exports
from inspector.jobs import comparison
from inspector.jobs.recurrence import find_box
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings

SETTINGS = ScanSettings(image_size=64, layers=(2,), aggregation="lnamd-mean", degrees=(1,), windows=(), phases=2)
SHARING = (3, 8, 12, 17, 21)


@pytest.fixture
def batch(make_photos, folder):
    """Thirty parts; five have the same bright spot at one place."""
    paths = make_photos(folder, 30)
    for member in SHARING:
        with Image.open(paths[member]) as image:
            pixels = np.array(image)
        pixels[36:46, 16:26] = (250, 40, 40)
        Image.fromarray(pixels).save(paths[member])
    return read_batch(folder)


def scan_and_collect(batch, store, **change):
    told = []
    run_id = scan(batch, SETTINGS.changed(**change), store, told.append)
    return run_id, [event for event in told if event.kind == "warning"]


def test_an_alert_leaves_the_scores_as_they_are(batch, store):
    off, silence = scan_and_collect(batch, store, recurring="off")

    run_id, told = scan_and_collect(batch, store)

    assert (silence, store.groups.of_run(off)) == ([], [])
    said = "5 of 30 parts share a region that the others lack"
    assert told == [Event("warning", "score", message=said)]
    assert store.runs.get(run_id).notes == [said]
    (group,) = store.groups.of_run(run_id)
    assert [batch.samples[member.position].name for member in group.members] == [f"part_{i}.png" for i in SHARING]
    for member in group.members:
        left, top, right, bottom = member.box
        assert left < 21 / 80 < right
        assert top < 41 / 64 < bottom
        assert right - left < 0.5
        assert bottom - top < 0.5
    before, after = store.runs.samples(off), store.runs.samples(run_id)
    assert [sample.final for sample in after] == [sample.final for sample in before]
    assert {sample.plain_score for sample in after} == {None}


def test_where_nothing_is_flagged_the_report_begins_with_what_is_shared(batch, store, tmp_path):
    run_id, _ = scan_and_collect(batch, store, threshold_k=100)
    assert store.runs.get(run_id).flagged == 0

    page = write_exports(store, run_id, tmp_path / "out", ["report"])["report"].read_text("utf-8")

    assert "<h1>Nothing is flagged, but 5 of 30 parts share a region that the others lack</h1>" in page
    assert "Nothing stands out" not in page


@pytest.mark.parametrize("change", [{}, {"more_sizes": (96,)}, {"tiles": "2"}, {"references": 26}])
def test_a_correction_raises_the_members_and_keeps_what_they_scored(batch, store, tmp_path, change):
    off, _ = scan_and_collect(batch, store, recurring="off", **change)

    run_id, _ = scan_and_collect(batch, store, recurring="correct", **change)

    (group,) = store.groups.of_run(run_id)
    members = {member.position for member in group.members}
    assert (group.corrected, {batch.samples[position].name for position in members}) == (
        True,
        {f"part_{i}.png" for i in SHARING},
    )
    before, after = store.runs.samples(off), store.runs.samples(run_id)
    assert [sample.plain_score for sample in after] == [sample.raw_score for sample in before]
    rise = [after[position].raw_score / before[position].raw_score for position in members]
    assert min(rise) >= 1
    assert np.mean(rise) > 1.1
    for position in members:
        plain = np.load(store.artefacts.map_path(run_id, position, plain=True))
        np.testing.assert_array_equal(plain, store.artefacts.load_map(off, position))
    written = write_exports(store, run_id, tmp_path / "out", ["scores", "report"])
    with written["scores"].open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {position for position, row in enumerate(rows) if row["shared_region"] == "1"} == members
    assert [float(row["plain_score"]) for row in rows] == [sample.plain_score for sample in after]
    page = written["report"].read_text("utf-8")
    followed = "they were scored as if they could not vouch for one another"
    assert f"Group 1: 5 of 30 parts share a region that the others lack; {followed}" in page
    assert page.count("shares with the others of group 1") == 5
    assert "more than about 45% of them looks like what is usual" in page


def test_where_nothing_is_looked_for_is_said(make_photos, folder, store):
    make_photos(folder, 20)
    batch = read_batch(folder)

    with_few, _ = scan_and_collect(batch, store, references=8)
    small, _ = scan_and_collect(replace(batch, samples=batch.samples[:19]), store)

    said = "recurring defects were not looked for: that takes at least 10 `references`"
    assert (store.runs.get(with_few).notes, store.runs.get(small).notes) == ([said], [])


def test_where_memory_is_short_nothing_is_looked_for_and_it_is_said(batch, store, monkeypatch):
    monkeypatch.setattr("inspector.jobs.recurrence.MOST_MEMORY", 1e-9)

    run_id, told = scan_and_collect(batch, store)

    (note,) = store.runs.get(run_id).notes
    assert note.startswith("recurring defects were not looked for: that takes 0.0 GB of memory, more than there is")
    assert (store.groups.of_run(run_id), told) == ([], [])


def test_scoring_leaves_the_watch_its_memory(batch, store, monkeypatch):
    given = []

    def score_batch(*arguments, memory, **named):
        given.append(memory)
        return score(*arguments, memory=memory, **named)

    score = comparison.score_batch
    monkeypatch.setattr(comparison, "score_batch", score_batch)
    monkeypatch.setattr(comparison, "scoring_room", lambda *_: 50_000_000)

    scan_and_collect(batch, store, recurring="off")
    scan_and_collect(batch, store)

    least = 30 * 29 * 8 * 2  # who judged whom, for each pass
    assert given[0] == 50_000_000
    assert given[0] - 10_000_000 < given[1] < given[0] - least


def test_box_around_the_highest_peak():
    plane = np.zeros((4, 8), np.float32)
    plane[1:3, 2:4] = 1
    plane[3, 7] = 0.9

    assert find_box(plane) == (0.25, 0.25, 0.5, 0.75)
    assert find_box(np.zeros((4, 8), np.float32)) == (0.0, 0.0, 1.0, 1.0)
