"""The learnt metric: what it is, what it does to features, and where it is used."""

import pytest
import torch
import torch.nn.functional as F

from inspector.features.aggregation import lnamd_mean
from inspector.features.backbones import load_backbone
from inspector.features.metric import lnamd_learnt, load_metric
from inspector.presets import EMBEDDED, PRESETS


def test_the_matrix_is_for_the_channels_of_the_default_and_near_the_identity():
    backbone = load_backbone(EMBEDDED.backbone, image_size=32, layers=EMBEDDED.layers)
    layers, _ = backbone.tokens(torch.rand(1, 3, 32, 32))

    matrix = load_metric(torch.device("cpu"))

    assert (matrix.shape, matrix.dtype) == ((sum(layer.shape[3] for layer in layers),) * 2, torch.float32)
    assert 0.5 < torch.linalg.matrix_norm(matrix - torch.eye(len(matrix))) < 3
    assert torch.linalg.matrix_rank(matrix) == len(matrix)


def test_features_are_multiplied_and_brought_to_length_1_again():
    tokens = torch.randn(2, 3, 4, 152, generator=torch.Generator().manual_seed(0))

    found = lnamd_learnt(tokens, (1, 3))

    plain = lnamd_mean(tokens, (1, 3))
    torch.testing.assert_close(
        found, F.normalize(torch.einsum("npc,cd->npd", plain, load_metric(torch.device("cpu"))), dim=2)
    )
    torch.testing.assert_close(found.norm(dim=2), torch.ones(2, 12))
    assert not torch.allclose(found, plain, atol=0.01)


@pytest.mark.parametrize(("preset", "used"), [(name, name == "embedded") for name in PRESETS])
def test_of_the_presets_the_default_alone_compares_by_it(preset, used):
    assert PRESETS[preset].compares_by_metric is used


@pytest.mark.parametrize(
    "other",
    [
        {"metric": "off"},
        {"layers": (3,)},
        {"layers": None},
        {"aggregation": "lnamd-mean"},
        {"backbone": "dinov2-vit-s14"},
    ],
)
def test_other_features_are_compared_as_they_are(other):
    assert not EMBEDDED.changed(**other).compares_by_metric
