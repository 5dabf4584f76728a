"""Scores without the other members of a group: which patches gain, by how much, and what stays."""

import numpy as np
import torch

from inspector.decision.recurring import Group, MemberRegion
from inspector.scoring.batch import BatchScores
from inspector.scoring.burnout import SetPlace
from inspector.scoring.correction import Gains, correct_scores, find_gains
from inspector.scoring.feature_sets import BatchFeatures

ONE_TILE = BatchFeatures((3,), (), ((),), (), (1, 2), 1)
SCORES = BatchScores()


def make_group(*regions: tuple[int, int, float]) -> Group:
    """Sample 3 shows the group in some sets: number of the set, patch, gain."""
    shown = tuple(
        MemberRegion(index, 3, np.array([patch]), np.array([gain], np.float32)) for index, patch, gain in regions
    )
    return Group((3,), shown, 1.0, 1.0, 1.0)


def test_only_the_sets_of_this_size_count():
    group = make_group((1, 0, 0.1), (2, 0, 0.2), (3, 1, 0.4), (4, 1, 0.8))

    gains = find_gains([group], [SetPlace(0, 0, 1)] * 2, ONE_TILE, SCORES, first=2)

    torch.testing.assert_close(gains.patches[3], torch.tensor([[0.2, 0.4]]))


def test_gains_of_the_sets_of_one_place_are_averaged():
    gains = find_gains([make_group((0, 1, 0.6), (1, 1, 0.2))], [SetPlace(0, 0, 2)] * 2, ONE_TILE, SCORES)

    torch.testing.assert_close(gains.patches[3], torch.tensor([[0.0, 0.4]]))


def test_a_patch_of_two_groups_has_the_larger_gain():
    gains = find_gains([make_group((0, 1, 0.6)), make_group((0, 1, 0.2))], [SetPlace(0, 0, 1)], ONE_TILE, SCORES)

    torch.testing.assert_close(gains.patches[3], torch.tensor([[0.0, 0.6]]))


def test_gains_are_added_to_both_passes_and_to_their_mean_and_nothing_else_moves():
    phases = {sample: torch.tensor([[0.1, 0.2], [0.3, 0.4]]) for sample in (3, 5)}
    scores = BatchScores({sample: values.mean(dim=0) for sample, values in phases.items()}, phases=phases)
    usual = scores.typical_patch

    better = correct_scores(scores, Gains({3: torch.tensor([[0.6, 0.8], [0.6, 0.4]])}))

    torch.testing.assert_close(better.phases[3], torch.tensor([[0.7, 1.0], [0.9, 0.8]]))
    torch.testing.assert_close(better.patches[3], torch.tensor([0.8, 0.9]))
    assert torch.equal(better.patches[5], scores.patches[5])
    assert torch.equal(better.phases[5], phases[5])
    assert better.typical_patch == usual
