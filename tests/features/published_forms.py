"""The same weights in the names and packings of other publishers, and files of them."""

import json
import re
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

Tensors = dict[str, Tensor]


def hub_clip(openai: Tensors) -> Tensors:
    """A Hugging Face CLIPModel: image tower under `vision_model.`, projection beside it."""
    table = {
        "class_embedding": "embeddings.class_embedding",
        "positional_embedding": "embeddings.position_embedding.weight",
        "conv1.weight": "embeddings.patch_embedding.weight",
        "ln_pre.": "pre_layrnorm.",
        "ln_post.": "post_layernorm.",
        "transformer.resblocks.": "encoder.layers.",
        "ln_1.": "layer_norm1.",
        "ln_2.": "layer_norm2.",
        "attn.out_proj.": "self_attn.out_proj.",
        "mlp.c_fc.": "mlp.fc1.",
        "mlp.c_proj.": "mlp.fc2.",
    }
    tensors = {"visual_projection.weight": openai["visual.proj"].T.contiguous()}
    for name, tensor in openai.items():
        if not name.startswith("visual.") or name == "visual.proj":
            continue
        for old, new in table.items():
            name = name.replace(old, new)
        name = name.replace("visual.", "vision_model.")
        if "in_proj_" in name:
            stem, kind = name.split("attn.in_proj_")
            for part, third in zip("qkv", tensor.chunk(3), strict=True):
                tensors[f"{stem}self_attn.{part}_proj.{kind}"] = third.clone()
        else:
            tensors[name] = tensor
    positions = len(openai["visual.positional_embedding"])
    return tensors | {
        "vision_model.embeddings.position_ids": torch.arange(positions),
        "text_model.final_layer_norm.weight": torch.ones(6),
        "logit_scale": torch.tensor(4.6),
    }


def hub_vit(dino: Tensors, prefix: str = "") -> Tensors:
    """A Hugging Face ViTModel, which DINO is published as."""
    table = {
        r"^norm\.": "layernorm.",
        r"^blocks\.(\d+)\.norm1\.": r"encoder.layer.\1.layernorm_before.",
        r"^blocks\.(\d+)\.norm2\.": r"encoder.layer.\1.layernorm_after.",
        r"^blocks\.(\d+)\.mlp\.fc1\.": r"encoder.layer.\1.intermediate.dense.",
        r"^blocks\.(\d+)\.mlp\.fc2\.": r"encoder.layer.\1.output.dense.",
    }
    pooler = {f"{prefix}pooler.dense.weight": torch.ones(2, 2)}
    return pooler | _hub_embeddings(dino, table, prefix)


def hub_dinov2(dino: Tensors) -> Tensors:
    """A Hugging Face Dinov2Model, with registers where the weights have them."""
    table = {
        r"^norm\.": "layernorm.",
        r"^blocks\.(\d+)\.norm([12])\.": r"encoder.layer.\1.norm\2.",
        r"^blocks\.(\d+)\.mlp\.": r"encoder.layer.\1.mlp.",
        r"^blocks\.(\d+)\.ls([12])\.gamma": r"encoder.layer.\1.layer_scale\2.lambda1",
        r"^mask_token": "embeddings.mask_token",
        r"^register_tokens": "embeddings.register_tokens",
    }
    return _hub_embeddings(dino, table, "")


def _hub_embeddings(dino: Tensors, table: dict[str, str], prefix: str) -> Tensors:
    table = table | {
        r"^cls_token$": "embeddings.cls_token",
        r"^pos_embed$": "embeddings.position_embeddings",
        r"^patch_embed\.proj\.": "embeddings.patch_embeddings.projection.",
        r"^blocks\.(\d+)\.attn\.proj\.": r"encoder.layer.\1.attention.output.dense.",
        r"^blocks\.(\d+)\.attn\.qkv\.": r"encoder.layer.\1.attention.attention.",
    }
    tensors = {}
    for name, tensor in dino.items():
        for pattern, new in table.items():
            name = re.sub(pattern, new, name)
        if ".attention.attention." in name:
            stem, kind = name.rsplit(".", 1)
            for part, third in zip(("query", "key", "value"), tensor.chunk(3), strict=True):
                tensors[f"{prefix}{stem}.{part}.{kind}"] = third.clone()
        else:
            tensors[prefix + name] = tensor
    return tensors


def meta_dinov3(timm_tensors: Tensors) -> Tensors:
    """DINOv3 as Meta publishes it, from timm's names and packing."""
    tensors = {"rope_embed.periods": torch.ones(4), "mask_token": torch.zeros(1, 64)}
    for name, tensor in timm_tensors.items():
        if name.endswith(".q_bias"):
            stem = name.removesuffix("q_bias")
            bias = torch.cat([tensor, torch.zeros_like(tensor), timm_tensors[f"{stem}v_bias"]])
            tensors |= {f"{stem}qkv.bias": bias, f"{stem}qkv.bias_mask": torch.ones_like(bias)}
        elif not name.endswith(".v_bias"):
            name = re.sub(r"gamma_([12])", r"ls\1.gamma", name)
            tensors[name.replace("reg_token", "storage_tokens")] = tensor
    return tensors


def hub_dinov3(timm_tensors: Tensors) -> Tensors:
    """DINOv3 as a Hugging Face DINOv3ViTModel, from timm's names and packing."""
    table = {
        r"^cls_token$": "embeddings.cls_token",
        r"^reg_token$": "embeddings.register_tokens",
        r"^patch_embed\.proj\.": "embeddings.patch_embeddings.",
        r"^blocks\.(\d+)\.": r"layer.\1.",
        r"attn\.proj\.": "attention.o_proj.",
        r"attn\.([qv])_bias$": r"attention.\1_proj.bias",
        r"gamma_([12])$": r"layer_scale\1.lambda1",
        r"mlp\.fc1\.": "mlp.up_proj.",
        r"mlp\.fc2\.": "mlp.down_proj.",
    }
    tensors = {"embeddings.mask_token": torch.zeros(1, 1, 64)}
    for name, tensor in timm_tensors.items():
        for pattern, new in table.items():
            name = re.sub(pattern, new, name)
        if name.endswith("attn.qkv.weight"):
            for part, third in zip("qkv", tensor.chunk(3), strict=True):
                tensors[name.replace("attn.qkv", f"attention.{part}_proj")] = third.clone()
        else:
            tensors[name] = tensor
    return tensors


def hub_folder(folder: Path, tensors: Tensors, config: dict[str, object]) -> Path:
    """Write a Hugging Face folder."""
    folder.mkdir()
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def torchscript(path: Path, tensors: Tensors) -> Path:
    """Write a TorchScript archive whose modules and parameters have the names of the tensors."""
    root = nn.Module()
    for name, tensor in tensors.items():
        module = root
        *parents, last = name.split(".")
        for parent in parents:
            if not hasattr(module, parent):
                module.add_module(parent, nn.Module())
            module = getattr(module, parent)
        if tensor.is_floating_point():
            module.register_parameter(last, nn.Parameter(tensor))
        else:
            module.register_buffer(last, tensor)
    torch.jit.save(torch.jit.script(root), path)
    return path
