import numpy as np
import pytest
from PIL import Image

from inspector.data.masks import fit_mask, read_mask
from inspector.errors import InputError


def save(path, values, mode=None):
    Image.fromarray(np.array(values, dtype=np.uint8), mode).save(path)
    return path


def test_black_and_white_with_noise_and_grey_edges(tmp_path):
    path = save(tmp_path / "mask.png", [[0, 3, 127], [128, 254, 255]])

    assert read_mask(path).tolist() == [[False, False, False], [True, True, True]]


def test_numbered_kinds(tmp_path):
    assert read_mask(save(tmp_path / "mask.png", [[0, 1], [3, 0]])).tolist() == [[False, True], [True, False]]


def test_empty_mask(tmp_path):
    assert not read_mask(save(tmp_path / "mask.png", np.zeros((2, 3)))).any()


def test_sixteen_bits_and_one_bit(tmp_path):
    Image.fromarray(np.array([[0, 1], [2, 0]], np.uint16)).save(tmp_path / "deep.png")
    Image.fromarray(np.array([[False, True]])).save(tmp_path / "bits.png")

    assert read_mask(tmp_path / "deep.png").tolist() == [[False, True], [True, False]]
    assert read_mask(tmp_path / "bits.png").tolist() == [[False, True]]


@pytest.mark.parametrize("channels", [3, 4])
def test_colours_count_and_alpha_does_not(tmp_path, channels):
    values = np.full((1, 2, channels), 255, np.uint8)
    values[0, 0, :3] = 0
    values[0, 1, :3] = (255, 0, 0)

    assert read_mask(save(tmp_path / "mask.png", values)).tolist() == [[False, True]]


def test_non_ascii_path(tmp_path):
    assert read_mask(save(tmp_path / "Größe_マスク.png", [[255]])).tolist() == [[True]]


def test_missing_and_damaged_files_are_named(tmp_path):
    (tmp_path / "bad.png").write_text("none")

    with pytest.raises(InputError, match=r"gone\.png cannot be read"):
        read_mask(tmp_path / "gone.png")
    with pytest.raises(InputError, match=r"bad\.png is no image"):
        read_mask(tmp_path / "bad.png")


def test_fit_keeps_a_marked_quarter_of_a_wide_mask():
    mask = np.zeros((4, 16), bool)
    mask[:2, 8:] = True

    fitted = fit_mask(mask, 8)

    expected = np.zeros((8, 8), bool)
    expected[:4, 4:] = True
    assert fitted.tolist() == expected.tolist()


def test_shrinking_keeps_what_is_more_than_half_covered():
    mask = np.zeros((64, 64), bool)
    mask[:, 16:32] = True
    mask[:, 40:41] = True

    fitted = fit_mask(mask, 8)

    assert np.flatnonzero(fitted.all(axis=0)).tolist() == [2, 3]
    assert fitted.any(axis=0).sum() == 2
