"""Ways of measuring samples against each other: precisions, search radius, the GPU's kernel."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from inspector.scoring import nearest
from inspector.scoring.distances import distances
from inspector.scoring.judges import ring
from inspector.scoring.mutual import mutual_scores
from inspector.scoring.nearest import Comparison, measure_for
from tests.scoring import literal

HALF = Comparison(precision="half")


def random_features(*shape, seed=0, unit=True):
    features = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return F.normalize(features, dim=-1) if unit else features


def like_each_other(count, patches, channels, spread=0.3):
    """Features as of like parts: every sample has about the same patches."""
    base = random_features(1, patches, channels)
    return F.normalize(base + spread * random_features(count, patches, channels, seed=1), dim=-1)


@pytest.fixture
def bfloat16(monkeypatch):
    monkeypatch.setattr(nearest, "_has_bfloat16", lambda: True)  # torch computes it everywhere, though slowly
    monkeypatch.setattr(nearest, "HALF_CHANNELS", 1)


@pytest.mark.usefixtures("bfloat16")
@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("shape", [(2, 1, 3), (3, 7, 5), (6, 40, 64), (9, 30, 640)])
def test_half_precision_keeps_its_tolerance(shape, unit):
    features = random_features(*shape, unit=unit)
    expected = literal.mutual_scores(features)

    errors = (mutual_scores(features, comparison=HALF) - expected).abs() / expected.mean()

    assert errors.max() < 2e-3
    assert errors.mean() < 5e-5


@pytest.mark.usefixtures("bfloat16")
def test_half_precision_tells_like_parts_apart():
    features = like_each_other(8, 60, 96)
    errors = (mutual_scores(features, comparison=HALF) - literal.mutual_scores(features)).abs()

    assert errors.max() < 1e-3
    assert errors.mean() < 1e-5


@pytest.mark.usefixtures("bfloat16")
@pytest.mark.parametrize("count", [2, 5])
def test_identical_samples_score_zero_in_half_precision(count):
    features = random_features(1, 12, 32, unit=False).repeat(count, 1, 1)

    assert mutual_scores(features, comparison=HALF).abs().max() == 0


@pytest.mark.usefixtures("bfloat16")
@pytest.mark.parametrize("block", [1, 100, 3000])
def test_blocks_of_half_precision_do_not_matter(monkeypatch, block):
    features = random_features(5, 30, 16)
    expected = mutual_scores(features, comparison=HALF)
    monkeypatch.setattr(nearest, "BLOCK", block)

    torch.testing.assert_close(mutual_scores(features, comparison=HALF), expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize("step", [1, 2, 5])
def test_selected_patches_are_measured_sample_by_sample_or_together(step):
    own, others = random_features(4, 3, unit=False), random_features(5, 6, 3, seed=1, unit=False)
    distances = torch.cdist(own.expand(5, -1, -1), others)  # (5, 4, 6)
    selected = distances.argmin(dim=2), distances.argmin(dim=1)
    features = (own, own, own[:, 0]), (others, others, others[..., 0])

    forward, backward = nearest._measure_selected(*features, lambda *_: selected, step)

    torch.testing.assert_close((-2 * forward).sqrt(), distances.amin(dim=2))
    torch.testing.assert_close((-2 * backward).sqrt(), distances.amin(dim=1))


@pytest.mark.parametrize("at_once", [1, 7])
def test_near_duplicates_are_measured_a_few_at_a_time(monkeypatch, at_once):
    base = random_features(1, 10, 64)
    features = torch.cat([base, base + 1e-5 * random_features(1, 10, 64, seed=5)])
    expected = mutual_scores(features)
    monkeypatch.setattr(nearest, "NEAR_AT_ONCE", at_once)

    torch.testing.assert_close(mutual_scores(features), expected, atol=1e-9, rtol=0)


@pytest.mark.parametrize(
    ("precision", "channels", "halved"),
    [
        ("half", nearest.HALF_CHANNELS, True),
        ("half", nearest.HALF_CHANNELS - 1, False),  # too few channels to gain by it
        ("auto", nearest.HALF_CHANNELS, False),
        ("float32", nearest.HALF_CHANNELS, False),
    ],
)
def test_half_precision_is_used_where_it_is_asked_for_and_wins(monkeypatch, precision, channels, halved):
    monkeypatch.setattr(nearest, "_has_bfloat16", lambda: True)
    features = random_features(3, 10, channels)

    scores = mutual_scores(features, comparison=Comparison(precision=precision))

    assert torch.equal(scores, mutual_scores(features, comparison=Comparison("float32"))) != halved


@pytest.mark.usefixtures("bfloat16")
def test_what_all_patches_share_costs_half_precision_no_digits():
    features = 10 * random_features(1, 1, 64) + 0.1 * random_features(4, 30, 64, seed=1)
    expected = literal.mutual_scores(features)

    errors = (mutual_scores(features, comparison=HALF) - expected).abs() / expected.mean()

    assert errors.max() < 2e-3


def test_product_of_any_machine_gives_the_same_scores(monkeypatch):
    features = random_features(6, 20, 24)
    expected = mutual_scores(features)
    monkeypatch.setattr(nearest, "_onednn_product", lambda: None)

    torch.testing.assert_close(mutual_scores(features), expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize("grid", [(1, 1), (1, 9), (7, 1), (5, 8), (13, 6)])
@pytest.mark.parametrize("radius", [1, 2, 4, 7])
@pytest.mark.parametrize("unit", [True, False])
def test_search_radius_equals_literal_version(grid, radius, unit):
    features = random_features(4, grid[0] * grid[1], 6, unit=unit)
    expected = literal.mutual_scores_nearby(features, grid, radius)

    scores = mutual_scores(features, comparison=Comparison(grid=grid, radius=radius))

    torch.testing.assert_close(scores, expected, atol=1e-5, rtol=1e-5)


def test_radius_over_the_whole_grid_is_the_full_computation():
    features = random_features(4, 12, 6)

    assert torch.equal(mutual_scores(features, comparison=Comparison(grid=(3, 4), radius=3)), mutual_scores(features))


def test_moved_patch_is_missed_only_beyond_the_radius():
    features = random_features(1, 36, 16).repeat(3, 1, 1)
    features[2] = features[2].view(6, 6, 16).roll(2, dims=1).flatten(0, 1)
    within, beyond = (mutual_scores(features, share=1.0, comparison=Comparison(grid=(6, 6), radius=r)) for r in (2, 1))

    inner = torch.arange(36).view(6, 6)[:, 2:4].flatten()  # whose patches did not wrap around
    assert within[:, inner].abs().max() == 0
    assert beyond[:2, inner].min() > 0.1


def test_identical_samples_score_zero_within_a_radius():
    features = random_features(1, 20, 8, unit=False).repeat(3, 1, 1)

    assert mutual_scores(features, comparison=Comparison(grid=(4, 5), radius=1)).abs().max() == 0


def test_a_patch_beyond_the_radius_is_not_taken_for_a_near_one():
    features = random_features(2, 4, 8, unit=False)
    features[1, 0] = features[0, 0] + 1e-3
    features[1, 3] = features[0, 0]

    scores = mutual_scores(features, comparison=Comparison(grid=(1, 4), radius=1))

    torch.testing.assert_close(scores[0, 0], torch.tensor(1e-3 * 8**0.5), atol=1e-6, rtol=0)


@pytest.mark.parametrize("level", [0, 1])
def test_within_a_radius_too_one_sample_may_have_patches_of_equal_length(level):
    features = random_features(2, 12, 6, unit=False)
    features[level] = F.normalize(features[level], dim=-1)
    expected = literal.mutual_scores_nearby(features, (3, 4), 1)

    scores = mutual_scores(features, comparison=Comparison(grid=(3, 4), radius=1))

    torch.testing.assert_close(scores, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("block", "most"), [(1, 30), (20, 150), (50, 390), (200, 900)])  # 30 patches; 8 blocks a pair
def test_of_a_single_pair_no_more_products_are_held_than_told(monkeypatch, block, most):
    features, multiply, made = random_features(3, 30, 6), nearest._product, []

    def count(left, right):
        made.append(len(left) * len(right))
        return multiply(left, right)

    monkeypatch.setattr(nearest, "BLOCK", block)
    monkeypatch.setattr(nearest, "_product", count)

    mutual_scores(features)

    assert max(made) == most


def test_search_radius_multiplies_less():
    full = measure_for(torch.zeros(1369, 4), Comparison())
    banded = measure_for(torch.zeros(1369, 4), Comparison(grid=(37, 37), radius=3))

    cells = banded.nearest.args[0]
    assert sum(outside.numel() for _, _, outside in cells) < full.pair / 8
    assert banded.pair < full.pair / 100


@pytest.mark.parametrize("grid", [None, (3, 5)])
def test_radius_needs_the_grid(grid):
    with pytest.raises(ValueError, match="expected a grid of 12 patches"):
        mutual_scores(torch.zeros(2, 12, 3), comparison=Comparison(grid=grid, radius=1))


def test_radius_and_references_go_together():
    features = random_features(12, 20, 6)
    comparison, judges = Comparison(grid=(4, 5), radius=1), ring(12, 4)
    whole = distances(features.__getitem__, range(12), judges, comparison=comparison)
    expected = {found.sample: found.to_others for found in whole}

    in_groups = distances(features.__getitem__, range(12), judges, memory=1, comparison=comparison)
    for sample, to_others in in_groups:
        torch.testing.assert_close(to_others, expected[sample], atol=1e-6, rtol=0)


def test_features_are_packed_row_by_row_however_they_lie():
    """The kernels read them by address."""
    features = random_features(1, 6, 4)[0]

    packed = [nearest._pack_halved(features.mean(dim=0), each)[0] for each in (features, features.T.contiguous().T)]

    assert torch.equal(*packed)
    assert [each.stride() for each in packed] == [(4, 1)] * 2


INTERPRETED = """
import torch
from inspector.scoring import kernel

torch.manual_seed(0)
shapes = ((5, 3, 2), (1, 1, 1), (5, 64, 3), (129, 70, 2))
for by_engine in (False, True):
    kernel.has_copy_engine = lambda device: by_engine
    for patches, channels, size in shapes[2:] if by_engine else shapes:
        own, others = torch.randn(patches, channels).half(), torch.randn(size, patches, channels).half()
        coarse = [torch.nn.functional.pad(tensor, (0, -channels % kernel.ALIGNMENT)) for tensor in (own, others)]
        halves = [tensor.float().square().sum(dim=-1) / 2 for tensor in (own, others)]
        found = kernel.fused_nearest(*((v.float(), c, h) for v, c, h in zip((own, others), coarse, halves)))
        squares = torch.cdist(own.double().expand(size, -1, -1), others.double()).square()
        for measured, expected in zip(found, (squares.amin(dim=2), squares.amin(dim=1))):
            torch.testing.assert_close(measured, expected.float() / -2, atol=1e-5, rtol=1e-5)
"""


def test_kernel_finds_the_nearest_patches():
    pytest.importorskip("triton", reason="comes with torch for CUDA, on Linux")
    environment = os.environ | {"TRITON_INTERPRET": "1", "PYTHONPATH": str(Path(__file__).parents[2])}

    done = subprocess.run([sys.executable, "-c", INTERPRETED], env=environment, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("unit", [True, False])
def test_gpu_selects_as_the_cpu_computes(monkeypatch, fused, unit):
    features = random_features(9, 300, 80, unit=unit)
    monkeypatch.setattr(nearest, "fusion_is_possible", lambda: fused)

    scores = mutual_scores(features.cuda()).cpu()

    torch.testing.assert_close(scores, literal.mutual_scores(features), atol=1e-4, rtol=1e-4)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("comparison", [Comparison(precision="float32"), Comparison(grid=(15, 20), radius=2)])
def test_gpu_computes_as_the_cpu(comparison):
    features = random_features(6, 300, 80)

    scores = mutual_scores(features.cuda(), comparison=comparison).cpu()

    torch.testing.assert_close(scores, mutual_scores(features, comparison=comparison), atol=1e-4, rtol=1e-4)
