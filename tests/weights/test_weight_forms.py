"""Every published form gives the same tokens, and the equations' tokens at that."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from inspector.errors import WeightsError
from inspector.features.backbones import load_backbone
from inspector.features.families import build_model
from inspector.features.proof import PROOF
from inspector.weights.importing import import_weights
from inspector.weights.loading import read_weights
from inspector.weights.naming import to_timm_naming
from tests.features import published_forms as forms
from tests.features import small_vits as vits

pytestmark = [
    pytest.mark.usefixtures("tiny"),
    pytest.mark.filterwarnings("ignore:.torch.jit:FutureWarning"),  # the tests write archives, the program reads them
]

Write = Callable[[Path], Path]


def saved(path: Path, content: object) -> Path:
    torch.save(content, path)
    return path


def as_safetensors(path: Path, tensors: dict[str, Tensor]) -> Path:
    save_file(tensors, path)
    return path


CLIP = vits.openai_weights()
TOWER = {name: tensor for name, tensor in CLIP.items() if name.startswith("visual.")}
CLIP_FORMS: dict[str, Write] = {
    "OpenAI archive": lambda d: forms.torchscript(d / "ViT.pt", CLIP),
    "OpenAI state dict": lambda d: saved(d / "clip.pt", CLIP),
    "OpenAI state dict, old format": lambda d: _old(d / "clip.pt", CLIP),
    "image tower alone": lambda d: saved(d / "clip.pt", TOWER),
    "without visual.": lambda d: saved(d / "clip.pt", {n.removeprefix("visual."): t for n, t in TOWER.items()}),
    "safetensors": lambda d: as_safetensors(d / "clip.safetensors", CLIP),
    "under state_dict": lambda d: saved(d / "clip.pt", {"epoch": 3, "state_dict": CLIP}),
    "Hugging Face CLIPModel": lambda d: forms.hub_folder(
        d / "clip", forms.hub_clip(CLIP), {"vision_config": {"hidden_act": "quick_gelu"}}
    ),
    "timm": lambda d: as_safetensors(d / "model.safetensors", to_timm_naming(CLIP).tensors),
    "timm folder": lambda d: forms.hub_folder(
        d / "timm", to_timm_naming(CLIP).tensors, {"architecture": "x", "pretrained_cfg": {"tag": "openai"}}
    ),
}


def _old(path: Path, content: object) -> Path:
    torch.save(content, path, _use_new_zipfile_serialization=False)
    return path


@pytest.mark.parametrize("form", CLIP_FORMS)
def test_clip_forms_give_openais_tokens(tmp_path: Path, form: str) -> None:
    photos = vits.images(32)  # the trained size: these weights know that they were trained with QuickGELU

    backbone = load_backbone("tiny-clip", weights=CLIP_FORMS[form](tmp_path), image_size=32)

    tokens, embedding = backbone.tokens(photos)
    expected, class_token = vits.clip_reference(vits.TINY_CLIP, CLIP, photos, (0, 1, 2, 3), quick_gelu=True)
    torch.testing.assert_close(tokens[3].double(), expected[3], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(embedding.double(), class_token, atol=1e-4, rtol=1e-4)


LAION_FORMS: dict[str, Write] = {
    "distributed": lambda d: saved(d / "a.pt", {"state_dict": {f"module.{n}": t for n, t in CLIP.items()}}),
    "file name": lambda d: saved(d / "vit_b_32-laion400m_e32.pt", CLIP),
    "folder name": lambda d: forms.hub_folder(d / "CLIP-ViT-B-32-laion2B", forms.hub_clip(CLIP), {}),
    "activation": lambda d: forms.hub_folder(
        d / "clip", forms.hub_clip(CLIP), {"vision_config": {"hidden_act": "gelu"}}
    ),
    "tag": lambda d: forms.hub_folder(d / "t", to_timm_naming(CLIP).tensors, {"pretrained_cfg": {"tag": "laion2b"}}),
}


@pytest.mark.parametrize("form", LAION_FORMS)
def test_weights_of_laion_are_known_and_have_gelu(tmp_path: Path, form: str) -> None:
    photos = vits.images(32)

    backbone = load_backbone("tiny-clip", weights=LAION_FORMS[form](tmp_path), image_size=32)

    expected, _ = vits.clip_reference(vits.TINY_CLIP, CLIP, photos, (3,), quick_gelu=False)
    torch.testing.assert_close(backbone.tokens(photos)[0][3].double(), expected[0], atol=1e-4, rtol=1e-4)


DINO = vits.dino_weights()
HEAD = {"head.mlp.0.weight": torch.ones(3, 3), "head.last_layer.weight_g": torch.ones(3, 1)}
DINO_FORMS: dict[str, Write] = {
    "plain": lambda d: saved(d / "dino.pth", DINO),
    "state_dict": lambda d: saved(d / "dino.pth", {"state_dict": DINO}),
    "teacher": lambda d: saved(
        d / "full.pth",
        {
            "student": {f"module.backbone.{n}": t * 0 for n, t in DINO.items()},
            "teacher": {f"backbone.{n}": t for n, t in DINO.items()} | HEAD,
            "epoch": 3,
            "args": vits_options(),
        },
    ),
    "Hugging Face ViTModel": lambda d: forms.hub_folder(d / "dino", forms.hub_vit(DINO), {"hidden_act": "gelu"}),
    "Hugging Face, prefix": lambda d: forms.hub_folder(d / "dino", forms.hub_vit(DINO, "vit."), {}),
    "pytorch_model.bin": lambda d: saved(_made(d / "bin") / "pytorch_model.bin", DINO).parent,
}


def vits_options() -> object:
    import argparse

    return argparse.Namespace(arch="vit_base", patch_size=8)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize("form", DINO_FORMS)
def test_dino_forms_give_the_same_tokens(tmp_path: Path, form: str) -> None:
    photos = vits.images(48)

    backbone = load_backbone("tiny-dino", weights=DINO_FORMS[form](tmp_path))

    tokens, embedding = backbone.tokens(photos)
    expected, class_token = vits.dino_reference(vits.TINY_DINO, DINO, photos, (3,))
    torch.testing.assert_close(tokens[2].double(), expected[0], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(embedding.double(), class_token, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("info", [vits.TINY_DINOV2, vits.TINY_REGISTERS], ids=lambda info: info.name)
@pytest.mark.parametrize("form", ["hub", "chunked", "timm"])
def test_dinov2_forms_give_the_same_tokens(tmp_path: Path, info: vits.BackboneInfo, form: str) -> None:
    weights, photos = vits.dino_weights(info), vits.images(84)
    chunked = {name.replace("blocks.", "blocks.0."): tensor for name, tensor in weights.items()}
    path = {
        "hub": lambda: forms.hub_folder(tmp_path / "hub", forms.hub_dinov2(weights), {}),
        "chunked": lambda: saved(tmp_path / "dinov2.pth", {"model": chunked}),
        "timm": lambda: as_safetensors(tmp_path / "dinov2.safetensors", to_timm_naming(weights).tensors),
    }[form]()

    tokens, _ = load_backbone(info.name, weights=path).tokens(photos)

    expected, _ = vits.dino_reference(info, weights, photos, (0, 2))
    torch.testing.assert_close(tokens[1].double(), expected[1], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("biases", [True, False])
def test_dinov3_forms_give_the_same_tokens(tmp_path: Path, biases: bool) -> None:
    generator = torch.Generator().manual_seed(0)
    model = build_model(vits.TINY_DINOV3, 48)
    weights = {name: torch.randn(t.shape, generator=generator) * 0.1 for name, t in model.state_dict().items()}
    if not biases:
        weights = {name: tensor * (not name.endswith("_bias")) for name, tensor in weights.items()}
    plain = {name: tensor for name, tensor in weights.items() if biases or not name.endswith("_bias")}
    files = (
        as_safetensors(tmp_path / "timm.safetensors", plain),
        saved(tmp_path / "meta.pth", forms.meta_dinov3(weights)),
        forms.hub_folder(tmp_path / "hub", forms.hub_dinov3(plain), {}),
    )
    photos = vits.images(64)

    results = [load_backbone("tiny-dinov3", weights=file).tokens(photos) for file in files]

    assert [import_weights(file, PROOF).name for file in files] == ["tiny-dinov3"] * 3
    results.append(load_backbone("tiny-dinov3").tokens(photos))
    for tokens, embedding in results[1:]:
        torch.testing.assert_close(tokens, results[0][0])
        torch.testing.assert_close(embedding, results[0][1])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_become_float32(tmp_path: Path, dtype: torch.dtype) -> None:
    path = saved(tmp_path / "half.pt", {name: tensor.to(dtype) for name, tensor in CLIP.items()})

    tokens, _ = load_backbone("tiny-clip", weights=path).tokens(vits.images(48))

    exact = {name: tensor.to(dtype).float() for name, tensor in CLIP.items()}
    expected, _ = vits.clip_reference(vits.TINY_CLIP, exact, vits.images(48), (3,), quick_gelu=False)
    torch.testing.assert_close(tokens[3].double(), expected[0], atol=1e-4, rtol=1e-4)


def test_text_tower_is_left_out_and_reported(tmp_path: Path) -> None:
    weights, info = read_weights(saved(tmp_path / "clip.pt", CLIP), None)

    assert info.name == "tiny-clip"
    assert weights.form == "PyTorch checkpoint, OpenAI CLIP naming"
    assert weights.converted.ignored == (
        "input_resolution",
        "ln_final",
        "logit_scale",
        "positional_embedding",
        "text_projection",
        "token_embedding",
        "transformer",
    )


@pytest.mark.parametrize("name", vits.TINY)
def test_networks_are_recognised_by_names_and_shapes(tmp_path: Path, name: str) -> None:
    info = vits.TINY[name]
    if info.family == "dinov3":
        tensors = {n: torch.zeros(t.shape) for n, t in build_model(info, 48).state_dict().items()}
    else:
        tensors = (vits.openai_weights if info.family == "clip" else vits.dino_weights)(info)

    _, recognised = read_weights(saved(tmp_path / "weights.pt", tensors), None)

    assert recognised.name == name


def test_other_network_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "dino.pth", DINO)
    with pytest.raises(WeightsError, match=r"dino.pth holds tiny-dino, not tiny-clip; get tiny-clip.pt \(OpenAI CLIP"):
        load_backbone("tiny-clip", weights=path)


def test_unknown_network_is_described(tmp_path: Path) -> None:
    tensors = vits.dino_weights(vits.replace(vits.TINY_DINO, width=192))
    path = saved(tmp_path / "dino.pth", tensors)
    with pytest.raises(WeightsError, match="holds dino network, patch 8, width 192, depth 4, positions 17, none of"):
        read_weights(path, None)


def test_classifier_is_no_dino(tmp_path: Path) -> None:
    path = saved(tmp_path / "vit.pth", DINO | {"head.weight": torch.zeros(10, 128), "head.bias": torch.zeros(10)})
    with pytest.raises(WeightsError, match=r"holds classifier network, patch 8, .* must be named, timm:NAME"):
        read_weights(path, None)


def test_missing_tensor_is_named(tmp_path: Path) -> None:
    tensors = {name: tensor for name, tensor in DINO.items() if name != "blocks.2.mlp.fc1.bias"}
    path = saved(tmp_path / "dino.pth", tensors)
    with pytest.raises(WeightsError, match=r"lacks 1 of the 54 tensors of tiny-dino, as 'blocks.2.mlp.fc1.bias'"):
        load_backbone("tiny-dino", weights=path)


def test_wrong_shape_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "dino.pth", DINO | {"blocks.2.mlp.fc1.bias": torch.zeros(5)})
    with pytest.raises(
        WeightsError, match=r"'blocks.2.mlp.fc1.bias' has the shape \(5,\), but tiny-dino needs \(512,\)"
    ):
        load_backbone("tiny-dino", weights=path)


def test_clip_without_projection_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "clip.pt", {name: tensor for name, tensor in TOWER.items() if name != "visual.proj"})
    with pytest.raises(WeightsError, match=r"holds clip network without its projection, patch 8, .*, not tiny-clip"):
        load_backbone("tiny-clip", weights=path)


def test_registers_without_positions_do_not_belong_together(tmp_path: Path) -> None:
    tensors = {name: t for name, t in vits.dino_weights(vits.TINY_REGISTERS).items() if name != "pos_embed"}
    path = saved(tmp_path / "dinov2.pth", tensors)
    with pytest.raises(WeightsError, match="do not belong together"):
        read_weights(path, None)
