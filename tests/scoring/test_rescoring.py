import re

import pytest
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from inspector.errors import InputError
from inspector.scoring.rescoring import rescore
from tests.scoring import literal


def random_batch(count=8, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(count, generator=generator), F.normalize(torch.rand(count, 5, generator=generator), dim=1)


@pytest.mark.parametrize("windows", [(1, 2, 3), (1, 4, 5)])
def test_equals_published_values(golden_2d, windows):
    scores = torch.from_numpy(golden_2d["score_raw"])
    embeddings = torch.from_numpy(golden_2d["class_tokens"])
    expected = torch.from_numpy(golden_2d["rscin_" + "_".join(map(str, windows))]).double()

    torch.testing.assert_close(rescore(scores, embeddings, windows), expected, atol=1e-4, rtol=1e-4)


def test_orthogonal_embeddings_share_nothing():
    assert rescore(torch.tensor([3.0, 5.0]), torch.eye(2), (1, 2)).tolist() == [0.0, 1.0]


def test_equal_embeddings_share_everything():
    assert rescore(torch.tensor([0.0, 1.0]), torch.ones(2, 3), (2,)).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("windows", [(1,), (1, 2, 3), (1, 7), (8,)])
def test_equals_literal_version(windows):
    scores, embeddings = random_batch()

    torch.testing.assert_close(rescore(scores, embeddings, windows), literal.rescore(scores, embeddings, windows))


def test_window_larger_than_batch_means_whole_batch():
    scores, embeddings = random_batch(4)

    assert torch.equal(rescore(scores, embeddings, (100,)), rescore(scores, embeddings, (4,)))


def test_equal_scores_give_zeros():
    assert rescore(torch.full((5,), 0.7), torch.rand(5, 3), (1, 2, 3)).tolist() == [0.0] * 5


def test_sample_without_similarity_keeps_its_scaled_score():
    embeddings = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])

    assert rescore(torch.tensor([0.0, 2.0, 4.0]), embeddings, (2,))[2] == 1.0


def test_scale_and_offset_of_scores_do_not_matter():
    scores, embeddings = random_batch()

    torch.testing.assert_close(
        rescore(scores * 30 + 4, embeddings, (1, 2, 3)), rescore(scores, embeddings, (1, 2, 3)), atol=1e-5, rtol=0
    )


@pytest.mark.parametrize("block_values", [1, 59, 60, 400, 3540])
@pytest.mark.parametrize("windows", [(1,), (1, 2, 3), (1, 7), (100,)])
def test_size_of_blocks_does_not_change_scores(windows, block_values):
    scores, embeddings = random_batch(60)
    embeddings[7] = embeddings[3]
    embeddings[11] = 0

    in_blocks = rescore(scores, embeddings, windows, block_values=block_values)

    torch.testing.assert_close(in_blocks, rescore(scores, embeddings, windows), atol=1e-6, rtol=0)


def test_memory_does_not_grow_with_the_square_of_the_batch():
    largest = 0

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            nonlocal largest
            result = function(*args, **(kwargs or {}))
            for tensor in tree_leaves(result):
                largest = max(largest, tensor.untyped_storage().nbytes() if isinstance(tensor, torch.Tensor) else 0)
            return result

    scores, embeddings = random_batch(4000)
    with Watch():
        rescore(scores, embeddings, (1, 2, 3), block_values=40_000)

    assert largest == 40_000 * 4  # of 4000 x 4000 x 4 bytes


def test_one_sample_is_refused():
    with pytest.raises(InputError, match="at least two"):
        rescore(torch.ones(1), torch.ones(1, 2), (1,))


@pytest.mark.parametrize("windows", [(), (0, 1), (-1,)])
def test_windows_below_one_are_refused(windows):
    with pytest.raises(ValueError, match="window sizes of at least 1"):
        rescore(torch.ones(3), torch.ones(3, 2), windows)


@pytest.mark.parametrize(("scores", "embeddings"), [((3,), (4, 2)), ((3, 1), (3, 2)), ((3,), (3,))])
def test_shapes_must_go_together(scores, embeddings):
    with pytest.raises(ValueError, match=re.escape(f"but got {scores}, {embeddings}")):
        rescore(torch.ones(scores), torch.ones(embeddings), (1,))


def test_only_counted_samples_set_the_scale():
    scores, counts = torch.tensor([2.0, 4.0, 6.0]), torch.tensor([True, True, False])

    assert rescore(scores, torch.eye(3), (1,), counts=counts).tolist() == [0.0, 1.0, 2.0]


def test_length_of_embeddings_does_not_matter():
    scores, embeddings = random_batch()

    torch.testing.assert_close(rescore(scores, embeddings / 9, (2, 3)), rescore(scores, embeddings, (2, 3)))
