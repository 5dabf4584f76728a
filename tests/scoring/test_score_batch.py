"""A whole batch: tiles, passes, clouds beside them, who is compared with whom, how, and in how much memory."""

from dataclasses import replace

import pytest
import torch

from inspector.events import Event, silent
from inspector.scoring.batch import score_alone, score_batch
from inspector.scoring.burnout import BurnoutRecorder, SetPlace
from inspector.scoring.crossmodal import enhance
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.judges import Known, all_others
from inspector.scoring.mutual import lowest_mean, score_samples
from inspector.scoring.nearest import Comparison
from inspector.scoring.progress import Progress

SHARE = 0.3
OPTIONS = {"share": SHARE, "references": 200, "report": silent}


class Held:
    """A set of features that lies in memory: (N, P, C)."""

    def __init__(self, features):
        self._features = features

    def __call__(self, place):
        return self._features[place]

    def choose(self, places):
        return Held(self._features[list(places)])


def draw(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def make_photos(features, **other):
    """Photos of one or more tiles, each of one or more passes: (T, F, N, P, C)."""
    tiles, phases, count, patches, _ = features.shape
    sets = tuple(tuple(Held(of_pass) for of_pass in of_tile) for of_tile in features)
    described = {"grid": (1, patches), "per_layer": 1, "phases": phases, "tiling": (tiles, 1)} | other
    return BatchFeatures(tuple(range(count)), (), sets, (), **described)


def score_set(features):
    """Score one set of features, (N, P, C), by itself."""
    count = len(features)
    return score_alone([Held(features)], range(count), all_others(count), share=SHARE, memory=1 << 30, step=int)[0]


class Spy:
    """Compares as usual and keeps what it was given."""

    def __init__(self):
        self.given = []

    def __call__(self, load, samples, judges, **other):
        self.given.append({"judges": judges, "samples": samples, **other})
        return score_samples(load, samples, judges, **other)


def test_tiles_come_one_after_the_other_and_passes_are_averaged_and_kept_apart():
    features = draw(2, 2, 4, 3, 5)

    found = score_batch(make_photos(features), **OPTIONS)

    for sample in range(4):
        passes = [torch.cat([score_set(features[tile, phase])[sample] for tile in range(2)]) for phase in range(2)]
        assert torch.equal(found.phases[sample], torch.stack(passes))
        assert torch.equal(found.patches[sample], torch.stack(passes).mean(dim=0))


def test_one_pass_is_not_told_apart():
    features = draw(1, 1, 4, 3, 5)

    found = score_batch(make_photos(features), **OPTIONS)

    assert found.phases == {}
    assert torch.equal(found.patches[2], score_set(features[0, 0])[2])


@pytest.mark.parametrize(("tiles", "kept"), [(1, 0), (2, 8 * 2 * 2 * 4 * 6), (3, 8 * 3 * 2 * 4 * 6)])
def test_scores_of_all_tiles_and_their_copy_come_off_the_memory(tiles, kept):
    features, spy = draw(tiles, 2, 4, 6, 5), Spy()

    score_batch(make_photos(features, grid=(2, 3)), **OPTIONS, memory=1 << 20, compare=spy)

    of_one_tile = 8 * 2 * 4 * 6
    assert {given["memory"] for given in spy.given} == {(1 << 20) - kept - of_one_tile}


def test_search_radius_compares_patches_in_place():
    features = draw(1, 1, 5, 4, 3)

    found = score_batch(make_photos(features, grid=(2, 2)), **OPTIONS, search_radius=0)

    others = features[0, 0, [0, 1, 3, 4]]
    expected = lowest_mean((features[0, 0, 2] - others).norm(dim=2), SHARE)
    torch.testing.assert_close(found.patches[2], expected, atol=1e-5, rtol=0)


def test_references_and_precision_hold_for_photos_and_for_clouds():
    features, spy = draw(1, 1, 9, 3, 5), Spy()
    batch = make_photos(features[:, :, :5])
    points = (Held(features[0, 0]),)
    both = BatchFeatures((0, 1, 2, 3, 4), (5, 6, 7, 8), batch.tiles, points, batch.grid, 1)

    score_batch(both, share=SHARE, references=2, report=silent, precision="float32", compare=spy)

    assert [given["judges"].most for given in spy.given] == [2, 2]
    assert [given["comparison"] for given in spy.given] == [Comparison("float32", (1, 3)), Comparison("float32")]


def test_one_sample_with_both_is_scored_by_each_alone():
    features = draw(1, 1, 3, 3, 5)
    tiles = make_photos(features).tiles
    one = BatchFeatures((0, 1), (0, 2), tiles, (Held(features[0, 0]),), (1, 3), 1)

    found = score_batch(one, **OPTIONS)

    assert (sorted(found.patches), sorted(found.groups)) == ([0, 1], [0, 2])
    assert torch.equal(found.patches[0], score_set(features[0, 0, [0, 1]])[0])
    assert torch.equal(found.groups[2], score_set(features[0, 0, [0, 2]])[1])


def test_clouds_beside_photos_of_two_passes_have_one_score_of_all_their_sets():
    features = draw(1, 2, 5, 3, 5)
    points = (Held(features[0, 0]), Held(features[0, 1]))
    apart = replace(make_photos(features[:, :, :3]), clouds=(3, 4), points=points)

    found = score_batch(apart, **OPTIONS)

    expected = (score_set(features[0, 0, 3:]) + score_set(features[0, 1, 3:])) / 2
    torch.testing.assert_close(torch.stack([found.groups[3], found.groups[4]]), expected)


def test_two_samples_with_both_strengthen_each_other(monkeypatch):
    features = draw(1, 1, 2, 3, 5)
    cells, clouds = torch.tensor([0, 1, 1]), features[0, 0].flip(1) ** 2
    monkeypatch.setattr(BatchFeatures, "find_cells", lambda *_: cells)

    found = score_batch(replace(make_photos(features), clouds=(0, 1), points=(Held(clouds),)), **OPTIONS)

    expected = enhance(score_set(features[0, 0])[0][:, None], score_set(clouds)[0][:, None], cells)
    torch.testing.assert_close(found.patches[0], expected[0][:, 0])
    torch.testing.assert_close(found.groups[0], expected[1][:, 0])


def test_whole_photos_are_judged_by_the_same_few_each_time():
    features = draw(1, 1, 12, 3, 5)
    batch = make_photos(features, whole=(Held(features[0, 0]),), whole_photos=tuple(range(12)))
    spies = [Spy(), Spy()]

    for spy in spies:
        score_batch(batch, share=SHARE, references=4, report=silent, compare=spy)

    drawn = torch.randperm(12, generator=torch.Generator().manual_seed(0))[:4]  # the same in every version, too
    assert [spy.given[0]["judges"].members for spy in spies] == [tuple(sorted(drawn.tolist()))] * 2


def test_each_tile_and_pass_is_watched_where_it_lies():
    features, recorder = draw(2, 2, 12, 8, 5), BurnoutRecorder(SHARE)

    score_batch(make_photos(features), **OPTIONS, recorder=recorder)

    assert recorder.places == [SetPlace(tile, phase, 1) for tile in range(2) for phase in range(2)]
    assert [[one.sample for one in found] for found in recorder.found] == [list(range(12))] * 4


def make_both(features, monkeypatch):
    """Photos of (T, F, N, P, C), and clouds of all but the last of them."""
    count = features.shape[2] - 1
    points = tuple(Held(features[0, 0]) for _ in range(2))
    photos = make_photos(features)
    monkeypatch.setattr(BatchFeatures, "find_cells", lambda *_: torch.arange(features.shape[3]))
    return replace(photos, clouds=tuple(range(count)), points=points)


def test_photos_and_clouds_of_the_same_samples_are_watched_and_no_bit_changes(monkeypatch):
    batch, recorder = make_both(draw(1, 2, 13, 8, 5), monkeypatch), BurnoutRecorder(SHARE)

    watched = score_batch(batch, **OPTIONS, recorder=recorder)

    assert recorder.places == [SetPlace(0, None, 2)] * 2 + [SetPlace(None, 0, 2)] * 2
    assert [[one.sample for one in found] for found in recorder.found] == [list(range(12))] * 4
    plain = score_batch(batch, **OPTIONS)
    for one, other in zip((watched.patches, watched.groups), (plain.patches, plain.groups), strict=True):
        assert all(torch.equal(one[sample], other[sample]) for sample in other)


def test_clouds_alone_are_watched():
    clouds, recorder = tuple(range(12)), BurnoutRecorder(SHARE)

    score_batch(BatchFeatures((), clouds, ((),), (Held(draw(12, 8, 5)),) * 3, (0, 0), 1), **OPTIONS, recorder=recorder)

    assert recorder.places == [SetPlace(None, 0, 3)] * 3
    assert [one.sample for one in recorder.found[2]] == list(range(12))


def test_radius_precision_and_references_hold_where_clouds_strengthen_photos(monkeypatch):
    features, given = draw(1, 1, 4, 3, 5), {}
    batch = make_photos(features)
    both = BatchFeatures(batch.photos, batch.photos, batch.tiles, (Held(features[0, 0]),), (1, 3), 1)
    monkeypatch.setattr(BatchFeatures, "find_cells", lambda *_: torch.arange(3))

    def score(_grid, _points, _cells, judges, **other):
        given.update(other, judges=judges)
        return draw(2, 4, 3)

    monkeypatch.setattr("inspector.scoring.batch.score_enhanced", score)

    score_batch(both, share=SHARE, references=1, report=silent, precision="float32", search_radius=1)

    assert given["grid_comparison"] == Comparison("float32", (1, 3), 1)
    assert given["point_comparison"] == Comparison("float32")
    assert given["judges"].most == 2


def test_progress_of_a_batch_ends_when_all_sets_of_all_samples_are_scored():
    told = []

    score_batch(make_photos(draw(2, 2, 4, 3, 5)), share=SHARE, references=200, report=told.append)

    assert (told[-1].done, told[-1].total) == (16, 16)


@pytest.mark.parametrize("total", [1, 3, 99, 200, 250, 1234])
def test_progress_goes_from_nothing_to_all_in_about_a_hundred_steps(total):
    told = []
    progress = Progress(told.append, total)

    for _ in range(total):
        progress.step()

    assert {(event.kind, event.stage, event.total) for event in told} == {("progress", "score", total)}
    done = [event.done for event in told]
    assert done == sorted(set(done))
    assert told[0] == Event("progress", "score", 0, total)
    assert done[-1] == total
    assert min(total, 100) <= len(done) - 1 <= 130


@pytest.mark.parametrize("tiles", [1, 2])
def test_known_samples_judge_alone(tiles):
    """A member of the pool is judged by the other members; fewer than two known ones change nothing."""
    drawn = draw(tiles, 2, 6, 4, 8)
    photos, known = make_photos(drawn), (1, 2, 4)

    scores = score_batch(photos, known=Known(frozenset(known)), **OPTIONS)

    for sample in range(6):
        judges = [each for each in known if each != sample]
        to_others = torch.cdist(drawn[:, :, sample, None], drawn[:, :, judges]).min(dim=-1).values  # (T, F, K, P)
        expected = to_others.min(dim=2).values.mean(dim=1).flatten()  # a share of 0.3 is one of three
        torch.testing.assert_close(scores.patches[sample], expected, rtol=1e-3, atol=1e-4)
    alone, before = (score_batch(photos, known=few, **OPTIONS).patches for few in (Known(frozenset([3])), None))
    assert all(torch.equal(alone[sample], before[sample]) for sample in range(6))


def test_known_samples_with_photo_and_cloud_judge_alone(monkeypatch):
    monkeypatch.setattr(BatchFeatures, "find_cells", lambda *_: torch.tensor([0, 1, 1]))
    drawn = draw(1, 1, 5, 3, 5)

    def score(places, known=None):
        own, count = drawn[:, :, places], tuple(range(len(places)))
        both = replace(make_photos(own), clouds=count, points=(Held(own[0, 0].flip(1) ** 2),))
        return score_batch(both, known=known, **OPTIONS)

    found, few = score([0, 1, 2, 3, 4], known=Known(frozenset([0, 2, 3]))), score([0, 2, 3, 4])

    torch.testing.assert_close(found.patches[4], few.patches[3])
    torch.testing.assert_close(found.groups[4], few.groups[3])
