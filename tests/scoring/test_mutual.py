import math

import pytest
import torch
import torch.nn.functional as F

from inspector.errors import InputError
from inspector.scoring import nearest
from inspector.scoring.distances import distances
from inspector.scoring.mutual import lowest_mean, mutual_scores
from tests.scoring import literal


def random_features(*shape, seed=0, unit=True):
    features = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return F.normalize(features, dim=-1) if unit else features


@pytest.mark.parametrize("degree", [1, 3, 5])
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_equals_published_values(golden_2d, degree, layer):
    features = torch.from_numpy(golden_2d[f"lnamd_r{degree}"])[:, :, layer]
    expected = torch.from_numpy(golden_2d[f"msm_r{degree}_l{layer}"]).float()

    torch.testing.assert_close(mutual_scores(features), expected, atol=1e-4, rtol=1e-4)


def test_two_orthogonal_patches_by_hand():
    scores = mutual_scores(torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]]))

    torch.testing.assert_close(scores, torch.full((2, 1), math.sqrt(2)))


def test_nearest_patch_counts_by_hand():
    features = torch.tensor([[[0.0], [10.0]], [[1.0], [4.0]]])

    assert mutual_scores(features).tolist() == [[1.0, 6.0], [1.0, 4.0]]


@pytest.mark.parametrize("shape", [(2, 1, 3), (3, 7, 5), (4, 1, 2), (5, 30, 16), (12, 9, 4)])
@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("share", [0.1, 0.3, 1.0])
def test_equals_literal_version(shape, unit, share):
    features = random_features(*shape, unit=unit)

    torch.testing.assert_close(
        mutual_scores(features, share=share), literal.mutual_scores(features, share), atol=1e-4, rtol=1e-4
    )


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_scores_grow_with_the_features(scale):
    features = random_features(4, 9, 6, unit=False)

    torch.testing.assert_close(mutual_scores(scale * features), scale * mutual_scores(features), atol=0, rtol=1e-4)


@pytest.mark.parametrize("unit", [[0], [1], [2, 3], [0, 1, 3]])
def test_some_samples_may_have_patches_of_equal_length_and_others_not(unit):
    features = random_features(4, 9, 6, unit=False)
    features[unit] = F.normalize(features[unit], dim=-1)

    torch.testing.assert_close(mutual_scores(features), literal.mutual_scores(features), atol=1e-4, rtol=1e-4)


def test_order_of_samples_does_not_matter():
    features = random_features(9, 20, 8)
    order = torch.randperm(9, generator=torch.Generator().manual_seed(3))

    torch.testing.assert_close(mutual_scores(features[order]), mutual_scores(features)[order], atol=1e-6, rtol=0)


@pytest.mark.parametrize("products", [1, 5, 100, 450, 1 << 30])
def test_block_size_does_not_matter(monkeypatch, products):
    features = random_features(7, 15, 6)
    expected = mutual_scores(features)
    monkeypatch.setattr(nearest, "BLOCK", products)

    torch.testing.assert_close(mutual_scores(features), expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("count", [2, 3, 6])
def test_identical_samples_score_zero(unit, count):
    features = random_features(1, 12, 32, unit=unit).repeat(count, 1, 1)

    assert mutual_scores(features).abs().max() == 0


def test_near_duplicates_keep_their_digits():
    base = random_features(1, 10, 64)
    features = torch.cat([base, base + 1e-5 * random_features(1, 10, 64, seed=5)])
    expected = torch.cdist(features[0].double(), features[1].double()).amin(dim=1).float()

    torch.testing.assert_close(mutual_scores(features)[0], expected, atol=1e-8, rtol=1e-3)


def test_odd_sample_scores_highest():
    features = random_features(1, 10, 16).repeat(8, 1, 1) + 0.05 * random_features(8, 10, 16, seed=4)
    features[5] = random_features(1, 10, 16, seed=9)[0]

    assert mutual_scores(features).amax(dim=1).argmax() == 5


def test_half_precision_features_are_scored_in_float32():
    features = random_features(4, 6, 8)

    scores = mutual_scores(features.half())

    assert scores.dtype == torch.float32
    torch.testing.assert_close(scores, mutual_scores(features), atol=2e-3, rtol=0)


def test_zero_features_score_zero():
    assert mutual_scores(torch.zeros(3, 4, 5)).abs().max() == 0


@pytest.mark.parametrize(("count", "references"), [(6, 2), (6, 4), (7, 3), (20, 4), (25, 10), (40, 38)])
@pytest.mark.parametrize("unit", [True, False])
def test_references_judge_alone(count, references, unit):
    features = random_features(count, 5, 4, unit=unit)
    reach = (references + 1) // 2
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0)).tolist()
    near = [offset for offset in range(-reach, reach + 1) if offset]
    expected = literal.judged_scores(
        features, {order[at]: [order[(at + offset) % count] for offset in near] for at in range(count)}
    )

    scores = mutual_scores(features, references=references)

    for sample, of_sample in expected.items():
        torch.testing.assert_close(scores[sample], of_sample, atol=1e-5, rtol=0)


@pytest.mark.parametrize("references", [9, 10, 200])
def test_as_many_references_as_others_is_the_full_computation(references):
    features = random_features(10, 7, 5)

    assert torch.equal(mutual_scores(features, references=references), mutual_scores(features))


def test_seed_draws_the_references():
    features = random_features(12, 4, 6)

    first, again, other = (mutual_scores(features, references=4, seed=seed) for seed in (1, 1, 2))

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("memory", [1, 1000, 3000, 10_000])
def test_memory_budget_does_not_change_scores(memory):
    features = random_features(9, 12, 8)

    torch.testing.assert_close(mutual_scores(features, memory=memory), mutual_scores(features), atol=1e-6, rtol=0)


def test_memory_is_that_of_the_comparisons(monkeypatch):
    features, given = random_features(4, 5, 6), []

    def compare(*told, memory, **other):
        given.append(memory)
        return distances(*told, memory=memory, **other)

    monkeypatch.setattr("inspector.scoring.mutual.distances", compare)

    mutual_scores(features, memory=12_345)

    assert given == [12_345]


@pytest.mark.parametrize(("others", "share", "expected"), [(4, 0.3, 1.0), (4, 0.5, 1.5), (4, 1.0, 2.5), (1, 0.3, 1.0)])
def test_lowest_mean_takes_at_least_one(others, share, expected):
    to_others = torch.arange(others, 0, -1.0)[:, None]

    assert lowest_mean(to_others, share).tolist() == [expected]


def test_one_sample_is_refused_with_a_remedy():
    with pytest.raises(InputError, match="at least two"):
        mutual_scores(torch.zeros(1, 4, 3))


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_share_outside_range_is_refused(share):
    with pytest.raises(ValueError, match="share"):
        mutual_scores(torch.zeros(2, 4, 3), share=share)


def test_flat_features_are_refused():
    with pytest.raises(ValueError, match=r"\(N, P, C\), but got \(4, 3\)"):
        mutual_scores(torch.zeros(4, 3))


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_gpu_equals_cpu():
    features = random_features(9, 64, 32)

    torch.testing.assert_close(mutual_scores(features.cuda()).cpu(), mutual_scores(features), atol=1e-4, rtol=1e-4)
