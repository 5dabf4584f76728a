from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import save_file
from torch import Tensor

from inspector.errors import SettingsError
from inspector.features.backbones import load_backbone
from inspector.features.photo_tokens import resample_positions
from tests.features import small_vits as vits

pytestmark = pytest.mark.usefixtures("tiny")


def same(got: tuple[list[Tensor], Tensor], expected: tuple[list[Tensor], Tensor]) -> None:
    tokens, embedding = got
    assert len(tokens) == len(expected[0])
    for mine, theirs in zip(tokens, expected[0], strict=True):
        assert mine.dtype == torch.float32
        torch.testing.assert_close(mine.double(), theirs, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(embedding.double(), expected[1], atol=1e-4, rtol=1e-4)


@pytest.fixture
def openai(tmp_path: Path) -> Path:
    path = tmp_path / "tiny-clip.pt"
    torch.save(vits.openai_weights(), path)
    return path


@pytest.mark.parametrize("size", [16, 48, 56])
def test_openai_clip_equals_its_equations_with_gelu_at_a_new_size(openai: Path, size: int) -> None:
    photos = vits.images(size)

    backbone = load_backbone("tiny-clip", weights=openai, image_size=size)

    expected = vits.clip_reference(vits.TINY_CLIP, vits.openai_weights(), photos, (0, 1, 2, 3), quick_gelu=False)
    same(backbone.tokens(photos), expected)


def test_openai_clip_equals_its_equations_with_quick_gelu_at_the_trained_size(openai: Path) -> None:
    photos = vits.images(32)

    backbone = load_backbone("tiny-clip", weights=openai, image_size=32)

    expected = vits.clip_reference(vits.TINY_CLIP, vits.openai_weights(), photos, (0, 1, 2, 3), quick_gelu=True)
    same(backbone.tokens(photos), expected)
    other = vits.clip_reference(vits.TINY_CLIP, vits.openai_weights(), photos, (3,), quick_gelu=False)
    assert (expected[0][3] - other[0][0]).abs().max() > 1e-2


def test_laion_clip_has_gelu_at_the_trained_size_too(tmp_path: Path) -> None:
    weights = vits.openai_weights(vits.TINY_LAION)
    torch.save({"state_dict": {f"module.{name}": tensor for name, tensor in weights.items()}}, tmp_path / "epoch_32.pt")
    photos = vits.images(32)

    backbone = load_backbone("tiny-laion", weights=tmp_path / "epoch_32.pt", image_size=32)

    expected = vits.clip_reference(vits.TINY_LAION, weights, photos, (0, 1, 2, 3), quick_gelu=False)
    same(backbone.tokens(photos), expected)


@pytest.mark.parametrize("size", [24, 32, 48, 72])
def test_dino_equals_its_equations(tmp_path: Path, size: int) -> None:
    torch.save(vits.dino_weights(), tmp_path / "dino.pth")
    photos = vits.images(size)

    backbone = load_backbone("tiny-dino", weights=tmp_path / "dino.pth", image_size=size)

    same(backbone.tokens(photos), vits.dino_reference(vits.TINY_DINO, vits.dino_weights(), photos, (0, 1, 3)))


@pytest.mark.parametrize("info", [vits.TINY_DINOV2, vits.TINY_REGISTERS], ids=lambda info: info.name)
@pytest.mark.parametrize("size", [28, 56, 84])
def test_dinov2_equals_its_equations(tmp_path: Path, info: vits.BackboneInfo, size: int) -> None:
    weights = vits.dino_weights(info)
    torch.save(weights, tmp_path / "dinov2.pth")
    photos = vits.images(size)

    backbone = load_backbone(info.name, weights=tmp_path / "dinov2.pth", image_size=size)

    same(backbone.tokens(photos), vits.dino_reference(info, weights, photos, (0, 2)))


def test_chosen_layers_and_default_size(openai: Path) -> None:
    backbone = load_backbone("tiny-clip", weights=openai, layers=(1, 3))

    tokens, embedding = backbone.tokens(vits.images(48))

    assert (backbone.layers, backbone.image_size, backbone.name) == ((1, 3), 48, "tiny-clip")
    assert [tuple(t.shape) for t in tokens] == [(2, 6, 6, 128)] * 2
    assert tuple(embedding.shape) == (2, 24)


@pytest.mark.parametrize("layers", [(0, 4), (-1,), (2, 1), (1, 1)])
def test_layers_that_do_not_exist_are_refused(openai: Path, layers: tuple[int, ...]) -> None:
    with pytest.raises(SettingsError, match="ascending blocks from 0 to 3"):
        load_backbone("tiny-clip", weights=openai, layers=layers)


def test_size_that_is_no_multiple_of_the_patch_is_refused(openai: Path) -> None:
    with pytest.raises(SettingsError, match="multiple of 8 pixels, but got 50; try 48 or 56"):
        load_backbone("tiny-clip", weights=openai, image_size=50)


def test_wrong_image_shape_is_the_callers_mistake(openai: Path) -> None:
    with pytest.raises(ValueError, match=r"expected images of shape \(N, 3, 48, 48\)"):
        load_backbone("tiny-clip", weights=openai).tokens(torch.zeros(1, 3, 32, 32))


def test_positions_of_the_trained_grid_stay_as_they_are() -> None:
    table = torch.randn(1, 17, 5)
    assert resample_positions(table, 4, prefix=1, offset=0.1) is table


def test_equal_positions_stay_equal_on_another_grid() -> None:
    table = torch.cat([torch.zeros(1, 1, 2), torch.full((1, 16, 2), 3.0)], dim=1)
    resampled = resample_positions(table, 7, prefix=1, offset=0.1)
    torch.testing.assert_close(resampled, torch.cat([torch.zeros(1, 1, 2), torch.full((1, 49, 2), 3.0)], dim=1))


def test_two_positions_brought_to_four_by_hand() -> None:
    """One channel, rows 0 and 1, columns alike: cubic weights at -1/4 and 1/4 with a = -0.75, borders repeated."""
    table = torch.tensor([0.0, 0.0, 1.0, 1.0]).view(1, 4, 1)

    column = resample_positions(table, 4, prefix=0).view(4, 4)[:, 0]

    outer = vits.keys(1.25, -0.75) + vits.keys(2.25, -0.75)
    inner = vits.keys(0.75, -0.75) + vits.keys(1.75, -0.75)
    torch.testing.assert_close(column, torch.tensor([outer, inner, 1 - inner, 1 - outer]))


@pytest.mark.parametrize("trained", [14, 16, 24, 28, 37])
def test_dinos_scale_gives_every_grid(trained: int) -> None:
    table = torch.zeros(1, 1 + trained * trained, 1)
    for grid in range(1, 75):
        assert resample_positions(table, grid, prefix=1, offset=0.1).shape == (1, 1 + grid * grid, 1)


def test_positions_of_no_square_grid_are_refused() -> None:
    with pytest.raises(ValueError, match="square grid, but got 15"):
        resample_positions(torch.zeros(1, 16, 2), 3, prefix=1)


def test_dinov3_gives_the_normed_tokens_of_timm_without_class_and_registers(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = timm.create_model(
        "vit_small_patch16_dinov3_qkvb", img_size=48, embed_dim=64, depth=2, num_heads=1, num_classes=0
    ).eval()
    for tensor in model.parameters():
        torch.nn.init.normal_(tensor, std=0.1)
    save_file(model.state_dict(), tmp_path / "dinov3.safetensors")
    photos = vits.images(64)

    tokens, embedding = load_backbone("tiny-dinov3", weights=tmp_path / "dinov3.safetensors").tokens(photos)

    mean, std = (torch.tensor(v).view(3, 1, 1) for v in (vits.TINY_DINOV3.mean, vits.TINY_DINOV3.std))
    with torch.inference_mode():
        final, maps = model.forward_intermediates((photos - mean) / std, indices=[0, 1], norm=True)
    torch.testing.assert_close(tokens, [m.permute(0, 2, 3, 1) for m in maps])
    torch.testing.assert_close(embedding, final[:, 0])
    assert [tuple(t.shape) for t in tokens] == [(2, 4, 4, 64)] * 2
