"""By what samples are neighbours."""

import pytest
import torch

from inspector.scoring.batch import BatchScores
from inspector.scoring.embeddings import find_neighbourhood
from inspector.scoring.feature_sets import BatchFeatures


@pytest.mark.parametrize("per_layer", [1, 3])
@pytest.mark.parametrize(("layers", "chosen"), [(1, 0), (2, 0), (3, 1), (4, 2)])
def test_salient_patches_are_those_of_the_layer_before_the_last(layers, chosen, per_layer):
    sets = tuple(lambda _, number=number: torch.tensor([[float(number)]]) for number in range(layers * per_layer))
    features = BatchFeatures((0, 1), (), (sets,), (), (1, 1), per_layer)
    scores = BatchScores({0: torch.ones(1), 1: torch.ones(1)})

    found = find_neighbourhood(features, scores, 2, "salient")

    assert found.kind == "RsCon"
    assert found.embeddings.tolist() == [[chosen * per_layer]] * 2
