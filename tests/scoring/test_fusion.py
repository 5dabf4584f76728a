"""Photos and clouds on one footing before their maps are added."""

from types import SimpleNamespace

import pytest
import torch

from inspector.scoring.batch import BatchScores
from inspector.scoring.fusion import scale_scores


def make_features(both, cells=(0, 1, 1)) -> SimpleNamespace:
    return SimpleNamespace(both=both, find_cells=lambda _: torch.tensor(cells))


def make_scores(photo: float = 1.0, cloud: float = 1.0) -> BatchScores:
    """Patch 2 is black background; the part is where groups lie, in patches 0 and 1."""
    patches = {n: photo * torch.tensor([0.6, 0.6 + 0.1 * n, 0.05]) for n in range(3)}
    groups = {n: cloud * torch.tensor([0.1, 0.1, 0.1 + 0.02 * n]) for n in range(3)}
    return BatchScores(patches, groups, {n: torch.stack([found, found]) for n, found in patches.items()})


def test_scores_become_multiples_of_the_usual_one_on_the_part():
    found = scale_scores(make_features([0, 1, 2]), make_scores())

    torch.testing.assert_close(found.patches[2], torch.tensor([0.6, 0.8, 0.05]) / (2 * 0.6))
    torch.testing.assert_close(found.groups[2], torch.tensor([0.1, 0.1, 0.14]) / (2 * 0.1))
    torch.testing.assert_close(found.phases[2], found.patches[2].expand(2, 3))


def test_the_unit_of_a_modality_does_not_matter():
    first, second = (scale_scores(make_features([0, 1, 2]), make_scores(*units)) for units in ((1, 1), (3, 20)))

    for sample in range(3):
        torch.testing.assert_close(first.patches[sample], second.patches[sample])
        torch.testing.assert_close(first.groups[sample], second.groups[sample])


def test_samples_without_a_modality_are_on_the_same_footing():
    scores = make_scores()
    scores.patches[3], scores.groups[4] = torch.full((3,), 1.2), torch.full((3,), 0.3)

    found = scale_scores(make_features([0, 1, 2]), scores)

    torch.testing.assert_close(found.patches[3], torch.ones(3))
    torch.testing.assert_close(found.groups[4], torch.full((3,), 1.5))


def test_usual_is_what_lies_where_each_sample_has_its_groups():
    features = SimpleNamespace(both=[0, 1, 2], find_cells=lambda sample: torch.tensor([min(sample, 1)]))

    found = scale_scores(features, make_scores())

    torch.testing.assert_close(found.patches[2], torch.tensor([0.6, 0.8, 0.05]) / (2 * 0.7))


def test_a_sample_whose_cloud_has_no_scores_does_not_tell_what_is_usual():
    scores = make_scores()
    scores.patches[2] *= 9
    del scores.groups[2]

    found = scale_scores(make_features([0, 1, 2]), scores)

    torch.testing.assert_close(found.patches[0], torch.tensor([0.6, 0.6, 0.05]) / (2 * 0.6))


@pytest.mark.parametrize("both", [[], [5]])
def test_one_modality_stays_as_it_is(both):
    scores = BatchScores({n: torch.ones(3) for n in range(2)}, {})

    assert scale_scores(make_features(both), scores) is scores


def test_what_is_all_but_equal_is_not_enlarged():
    found = scale_scores(make_features([0, 1, 2]), make_scores(photo=1e-4))

    assert max(float(values.max()) for values in found.patches.values()) < 0.01
