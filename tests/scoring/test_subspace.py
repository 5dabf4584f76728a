"""What is left of patches by the subspace of their batch is added to their scores, where parts lie alike."""

import weakref
from types import SimpleNamespace

import pytest
import torch

from inspector.errors import Cancelled
from inspector.scoring.batch import BatchScores
from inspector.scoring.subspace import add_residuals, find_subspace, lie_alike, measure_alignment
from inspector.scoring.variants import join_scores

GRID = (2, 3)


def nothing():
    """Go on."""


def make_features(count: int = 24):
    """(N, 6, 16): each place has a look of its own, and patches of all places vary along two directions."""
    chance = torch.Generator().manual_seed(0)
    places, noise = torch.randn(6, 16, generator=chance), torch.randn(count, 6, 16, generator=chance)
    ways = torch.linalg.qr(torch.randn(16, 2, generator=chance)).Q.T
    return places + torch.randn(count, 6, 2, generator=chance) @ ways + 0.01 * noise


def make_batch(*sets, tiles: int = 1, phases: int = 1):
    loads = tuple(each.__getitem__ for each in sets)
    return SimpleNamespace(photos=tuple(range(len(sets[0]))), tiles=(loads,) * tiles, grid=GRID, phases=phases)


def make_scores(count: int, length: int = 6):
    chance = torch.Generator().manual_seed(1)
    phases = {sample: 0.4 + 0.1 * torch.rand(2, length, generator=chance) for sample in range(count)}
    return BatchScores({sample: found.mean(dim=0) for sample, found in phases.items()}, phases=phases)


def test_common_ways_to_differ_leave_next_to_nothing_and_an_odd_one_does():
    features = make_features()
    features[5, 2, 3] += 0.5

    subspace = find_subspace(features.__getitem__, range(24))

    left = torch.stack([subspace.measure(each) for each in features])
    assert subspace.rest.shape == (16, 14)
    assert left[5, 2] > 0.3
    assert left.median() < 0.1


def test_odd_patches_have_no_say_in_what_is_common(monkeypatch):
    features = make_features()
    features[torch.arange(12), 2] += 3 * torch.eye(16)[:12]

    assert find_subspace(features.__getitem__, range(24)).rest.shape[1] > 9
    monkeypatch.setattr("inspector.scoring.subspace.WORST", 0.0)
    assert find_subspace(features.__getitem__, range(24)).rest.shape[1] < 9


def test_places_explain_what_they_have_in_common():
    features = make_features()
    shuffled = torch.stack([each[torch.randperm(6)] for each in features])

    assert measure_alignment(features.__getitem__, range(24)) > 0.7
    assert measure_alignment(shuffled.__getitem__, range(24)) < 0.3
    assert measure_alignment(features[:1].expand(24, -1, -1).__getitem__, range(24)) == pytest.approx(1)
    assert measure_alignment(torch.zeros(24, 6, 16).__getitem__, range(24)) == 0


def test_parts_lie_alike_in_all_tiles_together_and_are_enough():
    features = make_features()
    shuffled = torch.stack([each[torch.randperm(6)] for each in features])

    assert lie_alike(make_batch(features, tiles=2))
    assert not lie_alike(make_batch(shuffled))
    assert not lie_alike(make_batch(features[:19]))


def test_a_weight_of_what_is_left_is_added_on_the_scale_of_the_scores():
    features, scores = make_features(), make_scores(24)
    left = torch.stack([find_subspace(features.__getitem__, range(24)).measure(each) for each in features])

    found = add_residuals(make_batch(features, features, phases=2), scores, 0.25, step=nothing)

    on_scale = left / left.median() * scores.typical_patch
    for sample in range(24):
        assert found.phases[sample] == pytest.approx(0.75 * scores.phases[sample] + 0.25 * on_scale[sample], abs=1e-5)
        assert found.patches[sample] == pytest.approx(0.75 * scores.patches[sample] + 0.25 * on_scale[sample], abs=1e-5)
    assert found.footing == dict.fromkeys(range(24), 0.75)  # what recurring defects add counts as much less


def test_tiles_and_layers_have_subspaces_of_their_own():
    first, second = make_features(), make_features().flip(1)
    loads = ((first.__getitem__, second.__getitem__), (second.__getitem__, second.__getitem__))
    batch = SimpleNamespace(photos=tuple(range(24)), tiles=loads, grid=GRID, phases=1)
    scores = BatchScores({sample: torch.full((12,), 0.4) for sample in range(24)})

    found = add_residuals(batch, scores, 0.5, step=nothing)

    left = [find_subspace(each.__getitem__, range(24)).measure(each[7]) for each in (first, second)]
    wanted = torch.cat([(left[0] + left[1]) / 2, left[1]])
    assert (found.patches[7] - 0.2) / (found.patches[7] - 0.2).sum() == pytest.approx(wanted / wanted.sum(), abs=1e-5)


def test_too_few_parts_keep_their_scores():
    few = make_scores(19)

    assert add_residuals(make_batch(make_features(19)), few, 0.25, step=nothing) is few


def test_features_of_one_part_at_a_time_are_held():
    features, held = make_features(), []

    def load(sample):
        held[:] = [found for found in held if found() is not None]
        assert len(held) < 3  # the last one, and the one that gives the shape
        loaded = features[sample].clone()
        held.append(weakref.ref(loaded))
        return loaded

    found = find_subspace(load, range(24))

    deviations = (features - features.mean(dim=0)).flatten(0, 1)
    odd = torch.linalg.vector_norm(deviations @ find_rest(deviations), dim=1)
    rest = find_rest(deviations[odd <= odd.kthvalue(int(0.9 * len(odd))).values])
    assert found.mean == pytest.approx(features.mean(dim=0), abs=1e-6)
    assert (found.rest @ found.rest.T).flatten() == pytest.approx((rest @ rest.T).flatten(), abs=1e-4)


def find_rest(deviations):
    """Directions beside the components of nine tenths of the variance, from all patches at once."""
    _, sizes, ways = torch.linalg.svd(deviations, full_matrices=False)
    held = sizes.square().cumsum(0) / sizes.square().sum()
    return ways[int((held < 0.9).sum()) + 1 :].T


def test_it_can_be_stopped():
    def stop():
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        add_residuals(make_batch(make_features()), make_scores(24), 0.25, step=stop)


def test_variants_keep_what_recurring_defects_count_for():
    scores = add_residuals(make_batch(make_features(), make_features(), phases=2), make_scores(24), 0.25, step=nothing)
    doubled = BatchScores({place: 2 * own for place, own in scores.patches.items()})

    joined = join_scores([(range(24), doubled), (range(24, 48), scores)])

    assert joined.footing == pytest.approx({**dict.fromkeys(range(24), 1), **dict.fromkeys(range(24, 48), 1.5)})
