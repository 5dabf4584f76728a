"""Photos beside clouds are seen at two sizes and scored at the larger one alone."""

import json
from dataclasses import replace

import pytest

from inspector.data.layouts import read_batch
from inspector.errors import Cancelled
from inspector.export.facts import list_facts
from inspector.export.words import Words
from inspector.jobs.scan import BEGUN_BEFORE, scan
from inspector.settings import ScanSettings
from inspector.store.claims import WATCHED
from inspector.store.workspace import Workspace
from tests.clouds import make_parts

LARGER = ScanSettings(
    image_size=64, groups=32, group_size=16, group_step=10, batch_size=4, phases=2, more_sizes=(80, 96)
)


def table(store, run_id):
    found = store.runs.samples(run_id)
    return [(s.status, s.raw_score, s.rescored, store.artefacts.load_map(run_id, s.position).tobytes()) for s in found]


@pytest.fixture
def parts(folder):
    """Six parts, of which the first two have no cloud, and the others' photos are blacked out behind the part."""
    make_parts(folder, 6)
    for number in (0, 1):
        (folder / f"test/good/xyz/{number:03}.tiff").unlink()
    return read_batch(folder)


@pytest.mark.parametrize("stage", ["read", "score", "maps"])
def test_stopped_scan_resumes_to_the_very_same_result(parts, store, tmp_path, stage):
    with Workspace(tmp_path / "other") as other:
        expected = table(other, scan(parts, LARGER, other))

    def stop(event):
        if event.stage == stage and event.done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(parts, LARGER, store, stop)

    assert table(store, scan(parts, LARGER, store, run_id=store.runs.all()[0].id)) == expected


def test_scan_that_was_begun_by_the_earlier_rule_says_that_it_is_scored_by_this_one(parts, store):
    def stop(event):
        if event.stage == "read":
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(parts, LARGER, store, stop)
    plan = store.artefacts.run_folder(1) / "plan.json"
    plan.write_text(
        json.dumps({name: n for name, n in json.loads(plan.read_text()).items() if name != "plain_patches"})
    )
    events = []

    for _ in range(2):
        with pytest.raises(Cancelled):
            scan(parts, LARGER, store, lambda event: (events.append(event), stop(event)), run_id=1)

    assert store.runs.get(1).notes.count(BEGUN_BEFORE) == 1
    assert [event.message for event in events].count(BEGUN_BEFORE) == 2


def test_search_radius_reaches_as_far_in_the_photo_as_at_the_first_size(parts, store, monkeypatch):
    radii = []

    def score(*_args, search_radius, **_how):
        radii.append(search_radius)
        raise Cancelled

    monkeypatch.setattr("inspector.jobs.comparison.score_batch", score)

    with pytest.raises(Cancelled):
        scan(parts, LARGER.changed(search_radius=2), store)

    assert radii == [3]  # of 6 x 6 patches, as 2 of 4 x 4


def test_facts_tell_both_sizes_and_no_other_and_one_on_a_line(parts, store):
    run_id = scan(parts, LARGER, store)
    run, samples = store.runs.get(run_id), store.runs.samples(run_id)

    of_scan, of_line = (dict(list_facts(each, samples, Words("en"))) for each in (run, replace(run, layout=WATCHED)))

    assert of_scan["Photos"].endswith(", seen at 64 and 96 pixels")
    assert of_line["Photos"].endswith(", seen at 64 pixels")
