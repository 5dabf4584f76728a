"""Parts that arrive one by one: judged at once by a pool, kept, and handed on."""

import shutil
from dataclasses import replace
from threading import Thread

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from inspector.data.layouts import read_batch
from inspector.data.photos import fit_photo, read_image
from inspector.decision.calibration import Calibration
from inspector.errors import InputError, StoreError
from inspector.export.words import Words
from inspector.features.aggregation import lnamd
from inspector.features.backbones import load_backbone
from inspector.jobs.given_parts import list_given
from inspector.jobs.scan import scan
from inspector.jobs.watch import watch
from inspector.scoring.maps import grid_maps, image_scores
from inspector.scoring.mutual import lowest_mean
from tests.watching import OPTIONS, SETTINGS, expect_parts, follow, warnings


def extract(photos):
    """Features (N, P, C) of photos, literally."""
    network = load_backbone(SETTINGS.backbone, image_size=64, layers=(3,))
    squares = np.stack([fit_photo(read_image(photo), 64) for photo in photos])
    (layer,), _ = network.tokens(torch.from_numpy(squares).permute(0, 3, 1, 2).float() / 255)
    return F.normalize(lnamd(layer.half().float(), 1), dim=-1)


def test_first_parts_score_as_a_batch_does_and_calibrate(parts, drop, folder, store):
    drop(parts["good"][:6])
    run_id, verdicts, _ = follow(folder, store)

    batch = store.runs.samples(scan(read_batch(folder), SETTINGS, store))
    found, run = store.runs.samples(run_id), store.runs.get(run_id)
    assert [row.raw_score for row in found] == pytest.approx([row.raw_score for row in batch], abs=1e-5)
    assert [verdict.score for verdict in verdicts] == [row.final for row in found] == [row.raw_score for row in found]
    raw = np.array([row.raw_score for row in found])
    expected = Calibration.fit(raw, raw, np.zeros(1, np.float32), rescored=False, threshold_k=4.0)
    assert (run.status, run.threshold) == ("done", expected.threshold)
    assert {verdict.threshold for verdict in verdicts} == {expected.threshold}
    assert (run.samples, run.modality, run.layout, run.rescoring) == (6, "2d", "watch", "")


def test_later_part_is_scored_by_those_of_the_pool(parts, drop, folder, store):
    drop([*parts["good"][:6], parts["bad"]])
    run_id, verdicts, _ = follow(folder, store)

    members = store.watches.get(run_id).pool["members"]
    paths = [parts["good"][place] for place in members]
    features = extract([*paths, parts["bad"]])
    to_others = torch.cdist(features[-1], features[:-1]).min(dim=2).values  # (members, P)
    plane = grid_maps(lowest_mean(to_others, 0.3)[None], (4, 4), (64, 64))
    assert verdicts[-1].score == pytest.approx(float(image_scores(plane, share=0.0)), abs=1e-4)
    assert verdicts[-1].verdict == "ng"
    x, y = verdicts[-1].peak
    assert 20 < x < 60
    assert 16 < y < 48
    assert verdicts[-1].path == str(folder / "06_part_0.png")
    assert len(members) >= 3


def test_each_part_is_in_the_store_before_it_is_handed_on_and_the_run_is_read_live(parts, drop, folder, store):
    seen = []

    def look(verdict):
        run = store.runs.get(verdict.run)
        (row,) = store.runs.samples(verdict.run, verdict.position)[:1]
        files = store.artefacts.map_path(run.id, row.position), store.artefacts.thumbnail_path(run.id, row.position)
        seen.append((run.status, row.final == verdict.score, all(file.exists() for file in files)))
        assert run.threshold == verdict.threshold
        assert run.samples > verdict.position

    drop(parts["good"][:8])
    watch(folder, SETTINGS, OPTIONS, store, on_result=look)

    assert seen == [("running", True, True)] * 8


def test_parts_that_come_while_others_are_judged_are_each_judged_once(parts, drop, folder, store, monkeypatch):
    expect_parts(monkeypatch, 12)
    monkeypatch.setattr("inspector.jobs.looking.CHECK_INTERVAL", 0.1)
    comes = Thread(target=drop, args=(parts["good"],), kwargs={"pause": 0.05})
    comes.start()
    run_id, verdicts, events = follow(folder, store, replace(OPTIONS, idle=0.3))  # the whole folder is looked at again
    comes.join()

    assert [verdict.position for verdict in verdicts] == list(range(12))
    assert sorted(verdict.name for verdict in verdicts) == sorted(path.name for path in folder.iterdir())
    told = [event for event in events if event.kind == "part"]
    assert [event.part["name"] for event in told] == [verdict.name for verdict in verdicts]
    warm = [event.done for event in events if event.stage == "warm-up"]
    assert warm == sorted(warm)
    assert warm[-1] == 6
    for sample, arrived in store.watches.arrived(run_id):
        assert arrived.file == sample.name
        assert 0.3 < arrived.brightness < 0.6
        assert arrived.level > 0
        assert arrived.seconds >= 0


def test_flagged_parts_do_not_join_the_pool_and_good_ones_do(parts, drop, folder, store):
    drop([*parts["good"][:6], parts["bad"], *parts["good"][6:]])
    run_id, verdicts, _ = follow(folder, store)

    pool = store.watches.get(run_id).pool
    flagged = {verdict.position for verdict in verdicts if verdict.verdict == "ng"}
    assert 6 in flagged
    assert not flagged & set(pool["members"])
    assert max(pool["members"]) > 6
    kept = {path.stem for path in (store.artefacts.run_folder(run_id) / "pool").rglob("*.safetensors")}
    contents = {arrived.position: arrived.content for _, arrived in store.watches.arrived(run_id)}
    assert kept == {contents[place] for place in (*pool["members"], pool["candidate"]) if place is not None}


def test_known_good_parts_judge_from_the_first_part_on(parts, drop, folder, store):
    golden = folder / "golden"
    golden.mkdir()
    for photo in parts["good"][:6]:
        shutil.copy(photo, golden)
    drop([parts["bad"], parts["good"][7]])

    run_id, verdicts, _ = follow(folder, store, replace(OPTIONS, golden=golden))

    assert [(verdict.position, verdict.verdict) for verdict in verdicts] == [(6, "ng"), (7, "ok")]
    names = [row.name for row in store.runs.samples(run_id)]
    assert names[:6] == [f"golden/{photo.name}" for photo in parts["good"][:6]]
    assert [arrived.given for _, arrived in store.watches.arrived(run_id)] == [True] * 6 + [False] * 2
    assert set(store.watches.get(run_id).pool["members"]) == set(range(6))


def test_good_parts_of_a_reviewed_run_judge_from_the_first_part_on(parts, drop, folder, store, tmp_path):
    like = scan(read_batch(tmp_path / "stock"), SETTINGS, store)
    rows = store.runs.samples(like)
    good = [row for row in rows if not row.flagged]
    store.verdicts.add(good[0].id, "Ada", "rejected")
    drop([parts["bad"]])

    run_id, verdicts, _ = follow(folder, store, replace(OPTIONS, like=like))

    judging = [row.name for row in store.runs.samples(run_id)][:-1]
    assert judging == [f"run {like}/{row.name}" for row in good[1:]]
    assert [verdict.verdict for verdict in verdicts] == ["ng"]


@pytest.mark.parametrize(
    ("accepted", "enough", "judging", "unreviewed"), [(3, 20, 12, 9), (3, 3, 3, 0), (12, 20, 12, 0)]
)
def test_a_line_is_sure_only_by_parts_of_a_run_that_somebody_accepted(
    accepted, enough, judging, unreviewed, parts, folder, store, tmp_path, monkeypatch
):
    monkeypatch.setattr("inspector.jobs.given_parts.ENOUGH", enough)
    like = scan(read_batch(tmp_path / "stock"), SETTINGS, store)
    good = [row for row in store.runs.samples(like) if not row.flagged]
    for row in good[:accepted]:
        store.verdicts.add(row.id, "Ada", "accepted")
    folder.mkdir()

    run_id, _, events = follow(folder, store, replace(OPTIONS, like=like), SETTINGS.changed(threshold="auto"))

    run = store.runs.get(run_id)
    assert (run.samples, run.is_sure) == (judging, not unreviewed)
    assert (run.why_threshold in warnings(events)) == (unreviewed > 0)
    told = f"Unreviewed: nobody accepted {unreviewed} of the 12 parts that count as good, so "
    assert run.why_threshold.startswith(told if unreviewed else "It lies ")
    assert Words("de").sentence(run.why_threshold) != run.why_threshold


def test_a_line_that_is_unsure_says_when_the_app_asks(parts, drop, folder, store):
    drop(parts["good"][:6])
    run_id, _, events = follow(folder, store, settings=SETTINGS.changed(threshold="auto"))
    why = store.runs.get(run_id).why_threshold
    assert why in warnings(events)
    assert "; when the line is paused or has ended, judge the parts that the app asks for" in why
    assert Words("de").sentence(why) != why


def test_rejected_parts_leave_the_pool(parts, drop, folder, store, monkeypatch):
    drop(parts["good"])

    def reject(verdict):
        if verdict.position == 6:
            (member, *_) = store.watches.get(verdict.run).pool["members"]
            store.verdicts.add(store.runs.samples(verdict.run)[member].id, "Ada", "rejected")

    monkeypatch.setattr("inspector.jobs.pool_keeper.LOOK_AGAIN", 0.0)
    run_id = watch(folder, SETTINGS, OPTIONS, store, on_result=reject)

    (rejected,) = store.watches.rejected(run_id, range(9))
    assert rejected not in store.watches.get(run_id).pool["members"]


def test_threshold_that_is_moved_decides_from_the_next_part_on(parts, drop, folder, store):
    drop([*parts["good"][:8], parts["bad"]])

    def move(verdict):
        if verdict.position == 7:
            store.runs.set_threshold(verdict.run, 9.0, 9.0, "Ada")

    run_id = watch(folder, SETTINGS, OPTIONS, store, on_result=move)

    assert store.runs.samples(run_id)[8].flagged is False
    assert store.watches.arrived(run_id, 8)[0][1].threshold == 9.0


def test_many_flagged_parts_raise_an_alarm_and_nothing_is_learnt_of_them(parts, drop, folder, store):
    drop(parts["good"][:6])
    run_id, _, _ = follow(folder, store)
    store.runs.set_threshold(run_id, 0.0, 0.0, "Ada")  # whatever comes is flagged
    before = store.watches.get(run_id).pool["members"]
    for index in range(20):
        drop(parts["good"][:1], f"more_{index}_{{}}")

    _, _, events = follow(folder, store, replace(OPTIONS, alarm_rate=0.5), resume=True)

    told = warnings(events)
    (alarm,) = [event for event in events if event.stage == "alarm"]
    assert alarm.message == "alarm: 100% of the last 20 parts are flagged"
    assert (alarm.kind, alarm.done, alarm.total) == ("warning", 20, 20)
    assert sum("nothing is learnt" in message for message in told) == 1
    assert store.watches.get(run_id).pool["members"] == before


def test_alarm_ends_when_fewer_parts_are_flagged(parts, drop, folder, store):
    drop(parts["good"][:6])
    for index in range(24):
        drop(parts["good"][:1], f"more_{index:02d}_{{}}")
    events = []

    def move(result):
        if result.position in (5, 25):  # whatever comes is flagged, then nothing is
            threshold = 0.0 if result.position == 5 else 9.0
            store.runs.set_threshold(result.run, threshold, threshold, "Ada")

    watch(folder, SETTINGS, replace(OPTIONS, alarm_rate=0.7), store, events.append, move)

    told = [(event.stage, event.done, event.total) for event in events if event.stage in ("alarm", "calm")]
    assert told == [("alarm", 15, 21), ("calm", 20, 29)]
    assert "no alarm any more: 69% of the last 29 parts are flagged" in warnings(events)


def test_burst_that_lasts_is_told_again_when_the_run_goes_on(parts, drop, folder, store):
    drop(parts["good"][:6])
    run_id, _, _ = follow(folder, store)
    store.runs.set_threshold(run_id, 0.0, 0.0, "Ada")
    drop(parts["good"][:4], "more_{}")
    _, _, before = follow(folder, store, resume=True)
    _, _, after = follow(folder, store, resume=True)

    assert [event.stage for event in before if event.kind == "warning"] == ["burst"]
    assert [event.stage for event in after if event.kind == "warning"] == ["burst"]


def test_burst_that_is_none_by_the_threshold_of_now_is_not_told(parts, drop, folder, store, monkeypatch):
    """An operator moves the threshold while the part that would begin the burst is being decided."""
    drop(parts["good"][:6])
    for index in range(3):
        drop(parts["good"][:1], f"more_{index}_{{}}")
    add, events = store.watches.add, []

    def move(result):
        if result.position == 5:  # whatever comes is flagged
            store.runs.set_threshold(result.run, 0.0, 0.0, "Ada")

    def add_late(run_id, part, *, pool):
        if part.arrived.position == 8 and part.arrived.threshold == 0.0:
            store.runs.set_threshold(run_id, 9.0, 9.0, "Ada")
        return add(run_id, part, pool=pool)

    monkeypatch.setattr(store.watches, "add", add_late)
    run_id = watch(folder, SETTINGS, OPTIONS, store, events.append, move)

    assert [arrived.threshold for _, arrived in store.watches.arrived(run_id, 6)] == [0.0, 0.0, 9.0]
    assert not [event for event in events if event.stage == "burst"]


def test_watching_says_now_and_then_that_it_goes_on(parts, drop, folder, store, monkeypatch):
    monkeypatch.setattr("inspector.jobs.follow.ALIVE", 0.0)
    drop(parts["good"][:7])
    _, _, events = follow(folder, store)

    signs = [(event.done, event.total) for event in events if event.kind == "alive"]
    assert signs[-1] == (7, 7)
    assert any(done < total for done, total in signs)
    assert next(event for event in events if event.stage == "warm-up").done == 0


def test_watching_ends_when_nobody_reads_what_it_says_and_goes_on_later(parts, drop, folder, store, monkeypatch):
    """The app was killed: what it left must not hold the run for ever."""
    monkeypatch.setattr("inspector.jobs.follow.ALIVE", 0.0)
    drop(parts["good"][:7])

    def tell(event):
        if event.kind == "alive" and event.done == 7:
            raise BrokenPipeError("the app is gone")

    with pytest.raises(BrokenPipeError):
        watch(folder, SETTINGS, replace(OPTIONS, idle=None), store, tell)
    (run,) = store.runs.all()
    assert run.status == "failed"

    drop(parts["good"][7:8], "later_{}")
    follow(folder, store, resume=True)
    assert len(store.runs.samples(run.id)) == 8


def test_a_line_that_has_judged_nothing_goes_on_in_any_precision(folder, store, monkeypatch):
    folder.mkdir()
    run_id, _, _ = follow(folder, store)
    store.runs.begin(run_id, device="cuda", weights_sha256=store.runs.get(run_id).weights_sha256, modality="2d")
    monkeypatch.setattr("inspector.jobs.line_tokens.LineTokens.are_same_everywhere", False)
    follow(folder, store, resume=True)
    assert store.runs.get(run_id).device == "cpu"


def test_a_folder_of_known_good_parts_that_is_missing_is_named(folder, store, tmp_path):
    with pytest.raises(InputError, match=r"there is no folder .*none with known good parts"):
        list_given(tmp_path / "none", None, store)


def test_tokens_of_another_precision_join_no_pool(parts, drop, folder, store, monkeypatch):
    drop(parts["good"][:6])
    run_id, _, _ = follow(folder, store)
    store.runs.begin(run_id, device="cuda", weights_sha256=store.runs.get(run_id).weights_sha256, modality="2d")
    follow(folder, store, resume=True)  # CNNs compute alike everywhere
    store.runs.begin(run_id, device="cuda", weights_sha256=store.runs.get(run_id).weights_sha256, modality="2d")
    monkeypatch.setattr("inspector.jobs.line_tokens.LineTokens.are_same_everywhere", False)

    with pytest.raises(
        StoreError, match=f"run {run_id} was begun on cuda, where efficientnet-lite0 computes in another"
    ):
        follow(folder, store, resume=True)
    assert (store.runs.get(run_id).device, store.runs.get(run_id).samples) == ("cuda", 6)
