import pytest
import torch

from inspector.errors import InspectorError
from inspector.features.backbones import load_backbone
from inspector.features.batch_size import choose_batch_size, lower_batch_size, measure_one_image

MB = 1_000_000


@pytest.fixture(scope="module")
def backbone():
    return load_backbone("efficientnet-lite0", image_size=128, layers=(3,))


def test_one_image_takes_at_least_its_largest_layers(backbone):
    one = measure_one_image(backbone)

    # EfficientNet-Lite0 widens 16 channels to 96 at 64 x 64 pixels; input and output of the activation are alive.
    assert 96 * 64 * 64 * 4 * 2 <= one.peak <= 96 * 64 * 64 * 4 * 6
    assert one.patches == 8 * 8


def test_peak_grows_with_the_pixels(backbone):
    larger = load_backbone("efficientnet-lite0", image_size=256, layers=(3,))

    assert measure_one_image(larger).peak == pytest.approx(4 * measure_one_image(backbone).peak, rel=0.05)


def test_image_that_does_not_fit_is_told_with_a_remedy(backbone, monkeypatch):
    def fail(images):
        raise RuntimeError("could not create a primitive")

    monkeypatch.setattr(backbone, "tokens", fail)

    with pytest.raises(InspectorError, match="one image of 128 x 128 pixels in efficientnet-lite0"):
        measure_one_image(backbone)


@pytest.mark.parametrize(("left", "size"), [(0, 1), (39, 1), (40, 2), (79, 2), (80, 4), (160, 8), (10_000, 8)])
def test_on_a_cpu_half_of_what_is_left_is_filled_up_to_eight(backbone, left, size):
    assert choose_batch_size(backbone, 10 * MB, left * MB) == size


@pytest.mark.parametrize(("free", "size"), [(0, 1), (49, 2), (51, 4), (10_000, 64)])
def test_on_a_gpu_its_free_memory_counts_up_to_64(backbone, monkeypatch, free, size):
    monkeypatch.setattr(backbone, "device", "cuda")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (free * MB, 80_000 * MB))

    assert choose_batch_size(backbone, 10 * MB, 0) == size


@pytest.mark.parametrize(("size", "smaller"), [(8, 4), (12, 6), (9, 3), (7, 1), (2, 1)])
def test_smaller_sizes_divide_the_larger(size, smaller):
    assert lower_batch_size(size) == smaller
