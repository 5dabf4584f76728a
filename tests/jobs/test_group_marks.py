"""Marks of groups that share a region move scores, maps and threshold, without a scan; back again they are the same."""

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.decision.calibration import BY_HAND
from inspector.decision.verdict_threshold import fit_threshold
from inspector.jobs import group_marks
from inspector.jobs.group_marks import follow_marks
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from inspector.store.groups import GroupRecord, MemberRecord, choose_followed

SETTINGS = ScanSettings(
    image_size=64,
    layers=(2,),
    aggregation="lnamd-mean",
    degrees=(1,),
    phases=2,
    more_sizes=(96,),
    recurring="correct",
    threshold="auto",
)
MANY = (1, 3, 8, 12, 17, 19, 21, 23)
"""More than a quarter of the batch."""


@pytest.fixture
def plant(make_photos, folder):
    """Thirty parts; some have the same bright spot at one place."""

    def plant(members):
        paths = make_photos(folder, 30)
        for member in members:
            with Image.open(paths[member]) as image:
                pixels = np.array(image)
            pixels[36:46, 16:26] = (250, 40, 40)
            Image.fromarray(pixels).save(paths[member])
        return read_batch(folder)

    return plant


def look(store, run_id):
    """All that a mark may move."""
    samples, run = store.runs.samples(run_id), store.runs.get(run_id)
    scores = [(each.raw_score, each.rescored, each.final, each.flagged) for each in samples]
    maps = [store.artefacts.load_map(run_id, each.position) for each in samples]
    return scores, maps, (run.threshold, run.map_threshold, run.map_high, run.flagged, run.calibration)


def assert_same(one, other):
    assert one[0] == other[0]
    assert one[2] == other[2]
    for left, right in zip(one[1], other[1], strict=True):
        np.testing.assert_array_equal(left, right)


def test_a_large_group_is_followed_once_it_is_a_defect(plant, store):
    run_id = scan(plant(MANY), SETTINGS, store)
    (group,) = store.groups.of_run(run_id)
    members = [member.position for member in group.members]
    assert (len(members), group.corrected, group.may_follow) == (len(MANY), False, True)
    assert "scores follow once it is marked as a defect" in store.runs.get(run_id).notes[0]
    before = look(store, run_id)
    assert not follow_marks(store, run_id, "Mia")

    store.groups.mark(group.id, "Mia", "defect")
    assert follow_marks(store, run_id, "Mia")

    after = look(store, run_id)
    raw = np.array([[each[0] for each in seen[0]] for seen in (before, after)])
    assert (raw[1, members] > raw[0, members]).all()
    others = [position for position in range(30) if position not in members]
    np.testing.assert_array_equal(raw[1, others], raw[0, others])
    for position in others:
        np.testing.assert_array_equal(after[1][position], before[1][position])
    assert store.groups.of_run(run_id)[0].corrected
    moves = store.runs.threshold_changes(run_id)
    assert [(move.operator, move.old, move.new) for move in moves] == [("Mia", before[2][0], after[2][0])]
    assert store.audit.find_problems() == []

    store.groups.mark(group.id, "Mia", "unmarked")
    assert follow_marks(store, run_id, "Mia")
    assert_same(look(store, run_id), before)


def test_a_small_group_that_is_accepted_vouches_for_itself_again(plant, store):
    batch = plant(MANY[:5])
    settings = SETTINGS.changed(rescoring="near")
    alert = scan(batch, settings.changed(recurring="alert"), store)
    run_id = scan(batch, settings, store)
    (group,) = store.groups.of_run(run_id)
    assert group.corrected
    corrected = look(store, run_id)

    store.groups.mark(group.id, "Mia", "accepted")
    assert follow_marks(store, run_id, "Mia")
    assert_same(look(store, run_id), look(store, alert))

    store.groups.mark(group.id, "Mia", "defect")
    assert follow_marks(store, run_id, "Mia")
    assert_same(look(store, run_id), corrected)


def test_scores_of_an_alert_follow_no_mark(plant, store):
    run_id = scan(plant(MANY[:5]), SETTINGS.changed(recurring="alert"), store)
    (group,) = store.groups.of_run(run_id)

    store.groups.mark(group.id, "Mia", "defect")

    assert not group.may_follow
    assert not follow_marks(store, run_id, "Mia")


@pytest.mark.parametrize("why", [BY_HAND, fit_threshold(np.arange(9.0), [1, 7], [False, True]).why])
def test_a_threshold_that_was_set_by_hand_or_by_verdicts_stays(plant, store, why):
    run_id = scan(plant(MANY), SETTINGS, store)
    store.runs.set_threshold(run_id, 0.75, 0.5, "Ann", why=why)
    (group,) = store.groups.of_run(run_id)

    store.groups.mark(group.id, "Mia", "defect")
    follow_marks(store, run_id, "Mia")

    run, samples = store.runs.get(run_id), store.runs.samples(run_id)
    assert (run.threshold, run.why_threshold) == (0.75, why)
    assert [sample.flagged for sample in samples] == [sample.final > 0.75 for sample in samples]
    assert run.flagged == sum(sample.flagged for sample in samples)


def test_a_threshold_that_is_set_while_scores_follow_stays(plant, store, monkeypatch):
    run_id = scan(plant(MANY), SETTINGS, store)
    (group,) = store.groups.of_run(run_id)
    store.groups.mark(group.id, "Mia", "defect")
    judge, moves = group_marks.judge_scores, iter([0.75])

    def judge_while_ann_decides(*given):
        for threshold in moves:
            store.runs.set_threshold(run_id, threshold, 0.5, "Ann")
        return judge(*given)

    monkeypatch.setattr(group_marks, "judge_scores", judge_while_ann_decides)
    follow_marks(store, run_id, "Mia")

    run = store.runs.get(run_id)
    assert (run.threshold, store.groups.of_run(run_id)[0].corrected) == (0.75, True)
    assert run.flagged == sum(sample.final > 0.75 for sample in store.runs.samples(run_id))


def test_killed_in_between_maps_are_what_scores_say_at_the_next_look(plant, store, monkeypatch):
    run_id = scan(plant(MANY), SETTINGS, store)
    before = look(store, run_id)
    (group,) = store.groups.of_run(run_id)
    store.groups.mark(group.id, "Mia", "defect")

    def die(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store.runs, "judge_again", die)
        with pytest.raises(KeyboardInterrupt):
            follow_marks(store, run_id, "Mia")
    store.groups.mark(group.id, "Mia", "unmarked")
    assert follow_marks(store, run_id, "Mia")

    assert_same(look(store, run_id), before)
    assert not follow_marks(store, run_id, "Mia")


def test_which_groups_are_followed():
    def group(number, size, mark, score=0.5):
        members = tuple(MemberRecord(i, i, (0, 0, 1, 1), score) for i in range(size))
        return GroupRecord(number, 1, number, False, members, mark, 40)

    groups = [group(1, 10, "unmarked"), group(2, 11, "unmarked"), group(3, 11, "defect"), group(4, 4, "accepted")]

    assert choose_followed(groups) == [True, False, True, False]
    assert choose_followed([group(1, 4, "defect", None)]) == [False]
