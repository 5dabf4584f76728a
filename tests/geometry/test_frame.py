import numpy as np
import pytest
import torch

from inspector.geometry.frame import Frame, Span


@pytest.mark.parametrize(
    ("size", "side", "top", "left"),
    [((400, 900), 900, 250, 0), ((901, 100), 901, 0, 400), ((225, 225), 225, 0, 0), ((1, 2), 2, 0, 0)],
)
def test_square_is_no_larger_than_the_longer_side(size, side, top, left):
    assert Frame.around(size) == Frame(side, top, left, size)


def test_padding_is_undone_by_cropping():
    frame = Frame.around((3, 5))
    image = np.arange(30, dtype=np.uint8).reshape(3, 5, 2)

    padded = frame.pad(image)

    assert padded.shape == (5, 5, 2)
    assert padded.sum() == image.sum()
    assert np.array_equal(frame.crop(padded), image)


def test_other_sizes_do_not_fit_the_frame():
    frame = Frame.around((3, 5))

    with pytest.raises(ValueError, match=r"\(3, 5\), but got \(5, 3\)"):
        frame.pad(np.zeros((5, 3)))
    with pytest.raises(ValueError, match="side 5, but got"):
        frame.crop(np.zeros((3, 5)))


def test_pixels_move_with_the_image():
    frame = Frame.around((3, 5))
    image = np.arange(1, 16).reshape(3, 5)

    padded = frame.pad_pixels(np.arange(15))

    assert frame.pad(image).flat[padded].tolist() == image.ravel().tolist()
    assert frame.crop_pixels(padded, frame.side).tolist() == list(range(15))


@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor])
def test_pixels_of_a_resized_square_by_hand(kind):
    frame = Frame(100, 2, 0, (96, 100))

    moved = frame.crop_pixels(kind([51, 2 * 50 + 7]), 50)  # (1, 1) and (2, 7)

    assert moved.tolist() == [0 * 100 + 2, 2 * 100 + 14]


@pytest.mark.parametrize("side", [50, 100, 300])
@pytest.mark.parametrize("size", [(40, 100), (99, 31)])
def test_pixels_of_a_resized_square_lie_where_they_were_taken(side, size):
    frame = Frame.around(size)
    numbers = frame.pad(np.arange(1, size[0] * size[1] + 1).reshape(size))
    places = np.arange(side) * frame.side // side
    resized = numbers[places[:, None], places]

    inside = np.flatnonzero(resized)

    assert (frame.crop_pixels(inside, side) + 1).tolist() == resized.flat[inside].tolist()


def test_spans_of_the_image_in_a_map():
    assert Frame(200, 50, 20, (100, 160)).crop_spans(50) == (Span(52, 148, 25), Span(22, 178, 40))
    assert Frame.around((1, 100)).crop_spans(8) == (Span(49.25, 49.75, 2), Span(6.25, 93.75, 8))


def test_spans_from_corner_to_corner():
    assert Frame(200, 50, 20, (100, 160)).crop_spans(96, "corners") == (Span(50, 149, 48), Span(20, 179, 77))
    assert Frame.around((1, 100)).crop_spans(8, "corners") == (Span(49, 49, 2), Span(0, 99, 8))
