import math

import pytest
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from inspector.errors import InputError
from inspector.scoring.rescoring import rescore, rescore_as, rescore_near


def random_batch(count=9):
    generator = torch.Generator().manual_seed(0)
    return torch.rand(count, generator=generator), torch.rand(count, 5, generator=generator)


def literal(scores, embeddings, width):
    """Sample by sample, from the equation."""
    scaled = [float((score - scores.min()) / (scores.max() - scores.min())) for score in scores]
    vectors = [vector / vector.norm() for vector in embeddings.double()]
    apart = [[float((one - other).norm()) for other in vectors] for one in vectors]
    nearest = sorted(min(row[:place] + row[place + 1 :]) for place, row in enumerate(apart))
    usual = nearest[(len(nearest) - 1) // 2]
    weights = [[math.exp(-((each / (width * usual)) ** 2)) for each in row] for row in apart]
    return [sum(w * s for w, s in zip(row, scaled, strict=True)) / sum(row) for row in weights]


@pytest.mark.parametrize("width", [0.7, 2.0])
@pytest.mark.parametrize("count", [2, 3, 8, 9])
def test_equals_literal_version(count, width):
    scores, embeddings = random_batch(count)

    assert rescore_near(scores, embeddings, width=width).tolist() == pytest.approx(
        literal(scores, embeddings, width), abs=1e-6
    )


def test_two_samples_weigh_each_other_as_any_two():
    assert rescore_near(torch.tensor([3.0, 5.0]), torch.eye(2)).tolist() == pytest.approx([0.115, 0.885], abs=1e-3)


def test_a_sample_far_from_all_keeps_its_score_where_windows_pull_it_down():
    scores = torch.tensor([1.0, 0.2, 0.3, 0.0, 0.1])
    embeddings = torch.eye(6)[:5] * 0.1 + torch.eye(6)[5]
    embeddings[0] += torch.eye(6)[0]

    assert rescore_near(scores, embeddings)[0] == 1.0
    assert rescore(scores, embeddings, (1, 2, 3))[0] < 0.81


def test_equal_photos_share_their_scores_alone():
    embeddings = torch.cat([torch.ones(4, 3) * 0.1, torch.eye(3)[:1]])

    assert rescore_near(torch.tensor([0.0, 0.0, 0.0, 4.0, 8.0]), embeddings).tolist() == pytest.approx(
        [0.125] * 4 + [1.0]
    )


@pytest.mark.parametrize("factor", [1.0, 1e-3, 40.0])
def test_neither_blocks_nor_lengths_matter(factor):
    scores, embeddings = random_batch()

    torch.testing.assert_close(
        rescore_near(scores, embeddings * factor, block_values=1), rescore_near(scores, embeddings)
    )


def test_equal_scores_give_zeros():
    assert rescore_near(torch.full((5,), 0.7), torch.rand(5, 3)).tolist() == [0.0] * 5


def test_only_counted_samples_set_the_scale():
    embeddings, counts = torch.eye(3), torch.tensor([True, True, False])

    assert rescore_near(torch.tensor([0.0, 1.0, 9.0]), embeddings, width=0.01, counts=counts).tolist() == [0, 1, 9]


def test_type_of_scores_is_kept():
    scores, embeddings = random_batch()

    assert rescore_near(scores, embeddings).dtype == torch.float32
    assert rescore_near(scores.double(), embeddings).dtype == torch.float64


@pytest.mark.parametrize(("scores", "embeddings"), [((3,), (4, 2)), ((3, 1), (3, 2)), ((3,), (3,))])
def test_shapes_must_go_together(scores, embeddings):
    with pytest.raises(ValueError, match="expected scores"):
        rescore_near(torch.zeros(scores), torch.zeros(embeddings))


def test_one_sample_has_no_neighbours():
    with pytest.raises(InputError, match="at least two"):
        rescore_near(torch.zeros(1), torch.zeros(1, 2))


def test_kind_chooses():
    scores, embeddings = random_batch()
    vectors = F.normalize(embeddings, dim=1)

    assert torch.equal(rescore_as("nearness", scores, vectors, (1, 2)), rescore_near(scores, vectors))
    for kind in ("RsCIN", "RsCon"):
        assert torch.equal(rescore_as(kind, scores, vectors, (1, 2)), rescore(scores, vectors, (1, 2)))


def test_memory_is_bounded():
    """Each block of distances is made twice, and worked on in place: copies of it scatter what is free."""
    made: list[int] = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            result = function(*args, **(kwargs or {}))
            is_new = isinstance(result, torch.Tensor) and all(result.data_ptr() != a.data_ptr() for a in tensors(args))
            if is_new and result.numel() >= 30_000 and not result._is_view():
                made.append(result.nbytes)
            return result

    def tensors(args):
        return [each for each in tree_leaves(args) if isinstance(each, torch.Tensor)]

    scores, embeddings = random_batch(4000)
    with Watch():
        rescore_near(scores, embeddings[:, :2], block_values=40_000)

    assert made == [40_000 * 8] * 800  # of 4000 x 4000 x 8 bytes
