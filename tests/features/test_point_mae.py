from pathlib import Path

import pytest
import torch

from inspector.errors import WeightsError
from inspector.features.point_mae import PointMAE, build_point_mae
from inspector.features.point_tokens import load_point_feature
from inspector.weights.files import WeightFile
from inspector.weights.loading import Weights
from inspector.weights.naming import to_timm_naming
from tests.features import literal


@pytest.fixture(scope="module")
def official() -> dict[str, torch.Tensor]:
    """Random tensors with the names and shapes of the published encoder."""
    generator = torch.Generator().manual_seed(0)

    def linear(name, out, *into, bias=True):
        into = into or (out,)
        scale = into[0] ** -0.5
        tensors = {f"{name}.weight": torch.randn(out, *into, generator=generator) * scale}
        return tensors | ({f"{name}.bias": torch.randn(out, generator=generator) * 0.1} if bias else {})

    def norm(name, width):
        return {
            f"{name}.weight": 1 + torch.randn(width, generator=generator) * 0.1,
            f"{name}.bias": torch.randn(width, generator=generator) * 0.1,
        }

    def batch_norm(name, width):
        return norm(name, width) | {
            f"{name}.running_mean": torch.randn(width, generator=generator) * 0.1,
            f"{name}.running_var": 0.5 + torch.rand(width, generator=generator),
            f"{name}.num_batches_tracked": torch.tensor(7),
        }

    tensors = (
        linear("encoder.first_conv.0", 128, 3, 1)
        | batch_norm("encoder.first_conv.1", 128)
        | linear("encoder.first_conv.3", 256, 128, 1)
        | linear("encoder.second_conv.0", 512, 512, 1)
        | batch_norm("encoder.second_conv.1", 512)
        | linear("encoder.second_conv.3", 384, 512, 1)
        | linear("pos_embed.0", 128, 3)
        | linear("pos_embed.2", 384, 128)
        | norm("norm", 384)
    )
    for block in (f"blocks.blocks.{number}" for number in range(12)):
        tensors |= norm(f"{block}.norm1", 384) | norm(f"{block}.norm2", 384)
        tensors |= linear(f"{block}.attn.qkv", 1152, 384, bias=False) | linear(f"{block}.attn.proj", 384, 384)
        tensors |= linear(f"{block}.mlp.fc1", 1536, 384) | linear(f"{block}.mlp.fc2", 384, 1536)
    return tensors


def weights(official: dict[str, torch.Tensor]) -> Weights:
    """What is read from the official checkpoint, decoder and all."""
    tensors = {f"module.MAE_encoder.{name}": tensor for name, tensor in official.items()}
    decoder = {
        "module.mask_token": torch.zeros(1, 1, 384),
        "module.decoder_pos_embed.0.weight": torch.zeros(128, 3),
        "module.MAE_decoder.blocks.0.norm1.weight": torch.zeros(384),
        "module.MAE_decoder.norm.weight": torch.zeros(384),
        "module.increase_dim.0.weight": torch.zeros(96, 384, 1),
    }
    return read(tensors | decoder)


def read(tensors: dict[str, torch.Tensor]) -> Weights:
    return Weights(WeightFile(Path("pretrain.pth"), "PyTorch checkpoint", tensors, {}), to_timm_naming(tensors), "")


def cloud(groups: int = 9, size: int = 16) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return (
        torch.randn(1, groups, size, 3, generator=generator) * 0.1,
        torch.rand(1, groups, 3, generator=generator) * 2 - 1,
    )


def test_equal_to_the_independent_version(official):
    groups, centers = cloud()

    tokens = build_point_mae(weights(official))(groups, centers)

    expected = literal.point_mae(official, groups[0], centers[0], heads=6)
    assert tokens.shape == (3, 1, 9, 384)
    assert torch.allclose(tokens[:, 0], torch.stack([expected[layer] for layer in (3, 7, 11)]), atol=1e-4)


def test_renamed_tensors_load_as_well(official):
    model = build_point_mae(weights(official))

    again = build_point_mae(read(model.state_dict()))

    assert all(torch.equal(again.state_dict()[name], tensor) for name, tensor in model.state_dict().items())


def test_model_comes_ready_for_use(official):
    model = build_point_mae(weights(official))

    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())
    assert sum(parameter.numel() for parameter in model.parameters()) == 21_825_024


def test_order_and_duplicates_of_points_do_not_matter(official):
    groups, centers = cloud()
    model = build_point_mae(weights(official))

    tokens = model(groups, centers)

    assert torch.allclose(model(groups.flip(2), centers), tokens, atol=1e-5)
    assert torch.allclose(model(torch.cat([groups, groups[:, :, :5]], dim=2), centers), tokens, atol=1e-5)


def test_chunks_do_not_matter(monkeypatch):
    model = PointMAE(width=24, depth=2, heads=3).eval()
    groups, centers = cloud()
    whole = model(groups, centers, (0, 1))
    monkeypatch.setattr("inspector.features.point_mae.CHUNK_POINTS", 1)

    assert torch.allclose(model(groups, centers, (0, 1)), whole, atol=1e-6)


def test_a_group_alone():
    model = PointMAE(width=24, depth=2, heads=3).eval()
    groups, centers = cloud(groups=1)

    assert model(groups, centers, (1,)).shape == (1, 1, 1, 24)


def test_missing_tensor_is_named(official):
    cut = {name: tensor for name, tensor in official.items() if name != "norm.bias"}

    with pytest.raises(WeightsError, match=r"pretrain.pth lacks 1 of the \d+ tensors of point-mae, as 'norm.bias'"):
        build_point_mae(weights(cut))


def test_wrong_shape_is_named(official):
    wrong = official | {"pos_embed.0.weight": torch.zeros(128, 4)}

    with pytest.raises(WeightsError, match=r"'pos_embed.0.weight' has the shape \(128, 4\), but point-mae needs \("):
        build_point_mae(weights(wrong))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "holds no tensors"),
        ({"base_model": None}, "holds no tensors"),
        ({"base_model": {"weight": torch.zeros(1)}}, "holds no network we know, not point-mae; get pretrain.pth"),
    ],
)
def test_other_checkpoints_are_refused(tmp_path, content, message):
    torch.save(content, tmp_path / "pretrain.pth")

    with pytest.raises(WeightsError, match=message):
        load_point_feature("point-mae", tmp_path / "pretrain.pth")


@pytest.mark.parametrize("layers", [(), (2,), (1, 0), (0, 0), (-1,)])
def test_layers_out_of_range_are_rejected(layers):
    model = PointMAE(width=24, depth=2, heads=3)

    with pytest.raises(ValueError, match="ascending blocks below 2"):
        model(*cloud(), layers)


def test_wrong_shapes_are_rejected():
    groups, centers = cloud()

    with pytest.raises(ValueError, match=r"but got \(1, 9, 16, 3\) and \(1, 8, 3\)"):
        PointMAE(width=24, depth=2, heads=3)(groups, centers[:, :8])
