"""Clouds, and parts of photo and cloud, that arrive one by one."""

import hashlib
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.data.layouts import read_batch
from inspector.data.photos import read_image
from inspector.errors import InputError
from inspector.jobs.accepted import find_accepted
from inspector.jobs.line import UsualScores
from inspector.jobs.line_tokens import LineTokens
from inspector.jobs.scan import scan
from inspector.jobs.watch import watch
from inspector.sinks.register import make_sinks
from inspector.store.watches import Watches
from inspector.store.workspace import Workspace
from tests import processes
from tests.clouds import organised, part_points, photo, save_photo, save_ply, save_tiff
from tests.watching import OPTIONS, SETTINGS, follow, warnings

SMALL = SETTINGS.changed(groups=32, group_size=16, group_step=10)
PAIRS = replace(OPTIONS, warm_up=5, partner_wait=0.0)
MARK = (35, 118)


def watch_and_die(folder, workspace, where):
    """Watch, and be killed before or after part 6 is kept."""
    add = Watches.add

    def dying(self, run_id, part, **named):
        if part.arrived.position == 6 and where == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        add(self, run_id, part, **named)
        if part.arrived.position == 6:
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    Watches.add = dying
    with Workspace(workspace) as store:
        watch(folder, SMALL, PAIRS, store)


def make_pairs(folder: Path, numbers, mark=None):
    for number in numbers:
        save_photo(folder / f"rgb/{number:03}.png", photo(number, mark))
        save_tiff(folder / f"xyz/{number:03}.tiff", organised(number, mark))


def facts(store, run_id):
    rows = store.watches.arrived(run_id)
    return [(row.name, row.final, row.flagged, row.sha256, row.cloud, came.cloud_file) for row, came in rows]


def test_first_pairs_score_as_a_batch_does(folder, store):
    make_pairs(folder, range(5))
    run_id, verdicts, _ = follow(folder, store, PAIRS, SMALL)

    batch = store.runs.samples(scan(read_batch(folder), SMALL, store))
    rows = store.runs.samples(run_id)
    assert [row.name for row in rows] == [f"rgb/{number:03}.png" for number in range(5)]
    assert [row.final for row in rows] == pytest.approx([row.raw_score for row in batch], abs=1e-5)
    assert [row.cloud for row in rows] == [str(folder / f"xyz/{number:03}.tiff") for number in range(5)]
    assert (store.runs.get(run_id).modality, len(verdicts)) == ("2d+3d", 5)


def test_later_pair_is_judged_by_photo_and_cloud_on_the_footing_of_the_first(folder, store):
    make_pairs(folder, range(6))
    follow(folder, store, PAIRS, SMALL)
    usual = store.watches.get(1).pool["usual"]
    save_photo(folder / "rgb/006.png", photo(6))
    save_tiff(folder / "xyz/006.tiff", organised(6, MARK))  # its cloud alone is bad
    save_photo(folder / "rgb/007.png", photo(7, MARK))  # its photo alone
    save_tiff(folder / "xyz/007.tiff", organised(7))

    run_id, verdicts, _ = follow(folder, store, PAIRS, SMALL, resume=True)

    rows = store.runs.samples(run_id)
    assert [verdict.verdict for verdict in verdicts] == ["ng", "ng"]
    assert 0.8 < rows[5].final / np.median([row.final for row in rows[:5]]) < 1.25
    assert store.watches.get(run_id).pool["usual"] == usual
    points, scores, pixels = store.artefacts.load_cloud(run_id, 6)
    assert np.array_equal(points, organised(6, MARK).reshape(-1, 3)[pixels])
    row, col = divmod(pixels[scores.argmax()], 160)
    assert np.hypot(row - MARK[0], col - MARK[1]) < 25
    x, y = verdicts[0].peak
    assert np.hypot(y - MARK[0], x - MARK[1]) < 25
    assert not {6, 7} & set(store.watches.get(run_id).pool["members"])


def test_pairs_that_came_while_a_run_was_going_on_may_judge_a_batch(folder, store):
    """Their clouds are newer than the run; they are known by what was read of them."""
    make_pairs(folder, range(5))
    follow(folder, store, PAIRS, SMALL)
    make_pairs(folder, (5, 6))
    follow(folder, store, PAIRS, SMALL, resume=True)
    for row in store.runs.samples(1)[3:]:
        store.verdicts.add(row.id, "ann", "accepted")
    later = store.runs.get(1).created.timestamp() + 10**5
    for path in folder.rglob("*.tiff"):
        os.utime(path, (later, later))
    save_tiff(folder / "xyz/005.tiff", organised(5, MARK))
    os.utime(folder / "xyz/005.tiff", (1, 1))

    found = find_accepted(read_batch(folder), store, 1)

    assert ([position for position, _ in found.judges], found.lost) == ([3, 4, 6], 1)


def test_pool_of_before_photos_stayed_as_they_are_goes_on_by_its_own_rule():
    kept = UsualScores(1.2, 0.2, 0.5, 0.5, plain_patches=True).to_json()
    assert UsualScores(**kept).plain_patches

    del kept["plain_patches"]

    assert not UsualScores(**kept).plain_patches


def test_cloud_in_another_unit_is_noted_also_after_the_watch_is_resumed(folder, store):
    for number in range(6):
        save_ply(folder / f"{number}.ply", part_points(number))
    save_ply(folder / "6.ply", part_points(6) * 1000)
    options = replace(PAIRS, warm_up=6)
    run_id, _, _ = follow(folder, store, options, SMALL)
    save_ply(folder / "7.ply", part_points(7) * 1000)

    follow(folder, store, options, SMALL, resume=True)

    told = "its cloud seems to be in another unit than the others"
    assert [row.reason for row in store.runs.samples(run_id)] == [""] * 6 + [told, told]


@pytest.mark.parametrize("is_organised", [True, False])
def test_clouds_alone_are_judged_and_shown_by_a_picture(folder, store, is_organised, monkeypatch):
    for number in range(7):
        if is_organised:
            save_tiff(folder / f"{number}.tiff", organised(number, MARK if number == 6 else None))
        else:
            points = part_points(number)
            near = np.hypot(points[:, 0] - MARK[1] / 1000, points[:, 1] - MARK[0] / 1000) < 0.012
            points[near & (number == 6), 2] += 0.008
            save_ply(folder / f"{number}.ply", points)

    run_id, verdicts, _ = follow(folder, store, replace(PAIRS, warm_up=6), SMALL.changed(groups=128))

    assert (store.runs.get(run_id).modality, verdicts[-1].verdict) == ("3d", "ng")
    assert verdicts[-1].path == str(folder / ("6.tiff" if is_organised else "6.ply"))
    row = store.runs.samples(run_id)[6]
    assert (row.image, row.cloud) == (None, verdicts[-1].path)
    assert read_image(store.artefacts.picture_of(row)).shape[:2] == (row.height, row.width)
    assert len(store.artefacts.load_cloud(run_id, 6)[0]) > 1000
    assert store.watches.arrived(run_id)[6][1].brightness is None

    store.runs.begin(run_id, device="cuda", weights_sha256=store.runs.get(run_id).weights_sha256, modality="3d")
    monkeypatch.setattr(LineTokens, "are_same_everywhere", property(lambda tokens: tokens.images is None))
    follow(folder, store, resume=True)
    assert store.runs.get(run_id).device == "cpu", "the network of photos is none of the clouds' business"


def test_part_without_partner_is_judged_by_what_is_there_and_judges_nobody(folder, store):
    make_pairs(folder, range(6))
    follow(folder, store, PAIRS, SMALL)
    save_photo(folder / "rgb/006.png", photo(6))
    save_tiff(folder / "xyz/007.tiff", organised(7))
    follow(folder, store, PAIRS, SMALL, resume=True)
    save_tiff(folder / "xyz/006.tiff", organised(6))  # too late

    run_id, verdicts, events = follow(folder, store, PAIRS, SMALL, resume=True)

    assert verdicts == []
    (told,) = warnings(events)
    assert told == "xyz/006.tiff came too late: rgb/006.png was judged without it, and is not judged again"
    rows = store.runs.samples(run_id)
    reasons = {row.name: row.reason for row in rows[6:]}
    assert reasons == {
        "rgb/006.png": "scored by its photo alone: it has no cloud",
        "xyz/007.tiff": "scored by its cloud alone: it has no photo",
    }
    assert [row.flagged for row in rows[6:]] == [False, False]
    pool = store.watches.get(run_id).pool
    assert not {6, 7} & {*pool["members"], pool["candidate"]}


def test_photo_without_cloud_is_unreadable_where_backgrounds_are_removed(folder, store):
    make_pairs(folder, range(5))
    settings = SMALL.changed(background="mvtec-3d")
    follow(folder, store, PAIRS, settings)
    assert store.artefacts.load_cloud(1, 0)[0][:, 2].max() < 0.496  # the table is gone
    save_photo(folder / "rgb/005.png", photo(5))

    _, verdicts, _ = follow(folder, store, PAIRS, settings, resume=True)

    (told,) = [(verdict.verdict, verdict.reason) for verdict in verdicts]
    assert told == ("unreadable", "it has no cloud; without a cloud its background cannot be removed as in the others")


def test_same_cloud_in_several_parts(folder, store):
    """Its tokens are removed with those of one part, and needed by another."""
    make_pairs(folder, range(5))
    follow(folder, store, PAIRS, SMALL)
    for number in range(5, 9):
        save_photo(folder / f"rgb/{number:03}.png", photo(number))
        save_tiff(folder / f"xyz/{number:03}.tiff", organised(0 if number % 2 else 5))

    _, verdicts, _ = follow(folder, store, PAIRS, SMALL, resume=True)

    assert len({verdict.score for verdict in verdicts}) == 4


def test_known_good_pairs_judge_from_the_start(folder, store, tmp_path):
    make_pairs(tmp_path / "golden", range(5))
    make_pairs(folder, [5])
    make_pairs(folder, [6], MARK)
    like = scan(read_batch(tmp_path / "golden"), SMALL, store)

    for options in (replace(PAIRS, golden=tmp_path / "golden"), replace(PAIRS, like=like)):
        run_id, verdicts, _ = follow(folder, store, options, SMALL)
        assert [verdict.verdict for verdict in verdicts] == ["ok", "ng"]
        assert store.runs.get(run_id).modality == "2d+3d"


def test_pairs_that_do_not_fit_each_other_end_the_watch_before_any_is_judged(folder, store):
    make_pairs(folder, range(5))
    for number in range(5):
        save_tiff(folder / f"xyz/{number:03}.tiff", organised(number)[:, :150])

    with pytest.raises(InputError, match="none of the first 5 parts has a photo and a cloud that fit each other"):
        watch(folder, SMALL, PAIRS, store)

    assert store.runs.samples(store.runs.all()[0].id) == []


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """Eight pairs, and what a watch that nobody kills makes of them: parts and pool of judges."""
    place = tmp_path_factory.mktemp("whole")
    make_pairs(place / "pairs", range(8))
    with Workspace(place / "workspace") as store:
        run_id = watch(place / "pairs", SMALL, PAIRS, store)
        return place / "pairs", facts(store, run_id), store.watches.get(run_id).pool


@pytest.mark.parametrize("where", ["after", "before"])
def test_kill_loses_no_pair_and_judges_none_twice(stock, tmp_path, where):
    folder, whole, pool = stock

    code = processes.run(watch_and_die, folder, tmp_path / "killed", where, said=tmp_path / "said")
    assert code == -signal.SIGKILL, (tmp_path / "said").read_text()
    with Workspace(tmp_path / "killed") as store:
        run_id = watch(folder, SMALL, PAIRS, store, resume=True)
        assert facts(store, run_id) == whole
        assert store.watches.get(run_id).pool == pool


def test_pair_is_moved_whole_and_does_not_arrive_again(folder, store, tmp_path):
    make_pairs(folder, range(6))
    to = [f"file:{tmp_path / 'results'}", f"move:{tmp_path / 'judged'}"]

    run_id, verdicts, _ = follow(folder, store, PAIRS, SMALL, sinks=make_sinks(to))
    _, again, events = follow(folder, store, PAIRS, SMALL, resume=True, sinks=make_sinks(to))

    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert (len(verdicts), again, warnings(events)) == (6, [], [])
    for row, verdict in zip(store.runs.samples(run_id), verdicts, strict=True):
        there, name = tmp_path / "judged" / verdict.verdict, Path(row.name).stem
        assert (row.image, row.cloud) == (str(there / f"{name}.png"), str(there / f"{name}.tiff"))
        sums = [hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in (row.image, row.cloud)]
        assert [verdict.sha256, verdict.cloud_sha256] == sums
        assert verdict.cloud == str(folder / "xyz" / f"{name}.tiff")
