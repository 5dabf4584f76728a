"""The names that tensors have in published files, and how they become timm's: pure functions on state dicts.

Each naming is a table of patterns; where a file packs numbers in another way than timm (apart query, key and value, a
projection the other way round), a small function repacks them after renaming.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from inspector.weights.catalogue import Fingerprint

Tensors = dict[str, Tensor]

_OPENAI = (
    (r"^conv1\.weight$", "patch_embed.proj.weight"),
    (r"^class_embedding$", "cls_token"),
    (r"^positional_embedding$", "pos_embed"),
    (r"^ln_pre\.", "norm_pre."),
    (r"^ln_post\.", "norm."),
    (r"^proj$", "projection"),
    (r"^transformer\.resblocks\.(\d+)\.ln_([12])\.", r"blocks.\1.norm\2."),
    (r"^transformer\.resblocks\.(\d+)\.attn\.in_proj_", r"blocks.\1.attn.qkv."),
    (r"^transformer\.resblocks\.(\d+)\.attn\.out_proj\.", r"blocks.\1.attn.proj."),
    (r"^transformer\.resblocks\.(\d+)\.mlp\.c_fc\.", r"blocks.\1.mlp.fc1."),
    (r"^transformer\.resblocks\.(\d+)\.mlp\.c_proj\.", r"blocks.\1.mlp.fc2."),
)

_HUB_CLIP = (
    (r"^embeddings\.class_embedding$", "cls_token"),
    (r"^embeddings\.patch_embedding\.", "patch_embed.proj."),
    (r"^embeddings\.position_embedding\.weight$", "pos_embed"),
    (r"^pre_layrnorm\.", "norm_pre."),
    (r"^post_layernorm\.", "norm."),
    (r"^encoder\.layers\.(\d+)\.layer_norm([12])\.", r"blocks.\1.norm\2."),
    (r"^encoder\.layers\.(\d+)\.self_attn\.([qkv])_proj\.", r"blocks.\1.attn.\2."),
    (r"^encoder\.layers\.(\d+)\.self_attn\.out_proj\.", r"blocks.\1.attn.proj."),
    (r"^encoder\.layers\.(\d+)\.mlp\.", r"blocks.\1.mlp."),
)

_HUB_EMBEDDINGS = (
    (r"^embeddings\.cls_token$", "cls_token"),
    (r"^embeddings\.register_tokens$", "register_tokens"),
    (r"^embeddings\.position_embeddings$", "pos_embed"),
    (r"^embeddings\.patch_embeddings\.projection\.", "patch_embed.proj."),
    (r"^layernorm\.", "norm."),
    (r"^encoder\.layer\.(\d+)\.attention\.attention\.([qkv])(?:uery|ey|alue)\.", r"blocks.\1.attn.\2."),
    (r"^encoder\.layer\.(\d+)\.attention\.output\.dense\.", r"blocks.\1.attn.proj."),
)

_HUB_VIT = (
    *_HUB_EMBEDDINGS,
    (r"^encoder\.layer\.(\d+)\.layernorm_before\.", r"blocks.\1.norm1."),
    (r"^encoder\.layer\.(\d+)\.layernorm_after\.", r"blocks.\1.norm2."),
    (r"^encoder\.layer\.(\d+)\.intermediate\.dense\.", r"blocks.\1.mlp.fc1."),
    (r"^encoder\.layer\.(\d+)\.output\.dense\.", r"blocks.\1.mlp.fc2."),
)

_HUB_DINOV2 = (
    *_HUB_EMBEDDINGS,
    (r"^encoder\.layer\.(\d+)\.norm([12])\.", r"blocks.\1.norm\2."),
    (r"^encoder\.layer\.(\d+)\.layer_scale([12])\.lambda1$", r"blocks.\1.ls\2.gamma"),
    (r"^encoder\.layer\.(\d+)\.mlp\.", r"blocks.\1.mlp."),
)

_HUB_DINOV3 = (
    (r"^embeddings\.cls_token$", "cls_token"),
    (r"^embeddings\.register_tokens$", "reg_token"),
    (r"^embeddings\.patch_embeddings\.", "patch_embed.proj."),
    (r"^norm\.", "norm."),
    (r"^layer\.(\d+)\.norm([12])\.", r"blocks.\1.norm\2."),
    (r"^layer\.(\d+)\.attention\.([qkv])_proj\.", r"blocks.\1.attn.\2."),
    (r"^layer\.(\d+)\.attention\.o_proj\.", r"blocks.\1.attn.proj."),
    (r"^layer\.(\d+)\.layer_scale([12])\.lambda1$", r"blocks.\1.gamma_\2"),
    (r"^layer\.(\d+)\.mlp\.up_proj\.", r"blocks.\1.mlp.fc1."),
    (r"^layer\.(\d+)\.mlp\.down_proj\.", r"blocks.\1.mlp.fc2."),
)

_META_DINOV3 = (
    (r"^(?:rope_embed\.|mask_token|local_cls_norm\.).*$|^.*\.bias_mask$", ""),
    (r"^storage_tokens$", "reg_token"),
    (r"^blocks\.(\d+)\.ls([12])\.gamma$", r"blocks.\1.gamma_\2"),
    (r"", ""),
)

_META_DINO = (
    (r"^mask_token$", ""),  # of the pre-training
    (r"^blocks\.\d+\.(\d+)\.", r"blocks.\1."),  # DINOv2's training code puts blocks into chunks
    (r"", ""),
)

_EFFICIENTNET = ((r"", ""),)


_POINT_MAE = (
    (r"^blocks\.blocks\.", "blocks."),
    (r"", ""),
)


@dataclass(frozen=True)
class Naming:
    """One way of naming tensors.

    Attributes:
        name: whose it is.
        anchor: a tensor that tells this naming from the others; what stands before it in a file is a prefix.
        renames: (pattern, replacement), the first that fits counts; tensors that none fits are left out.
        ordered: the tensors stand in timm's order, and only their names differ.
    """

    name: str
    anchor: str
    renames: tuple[tuple[str, str], ...]
    ordered: bool = False


NAMINGS = (
    Naming("OpenAI CLIP naming", "ln_pre.weight", _OPENAI),
    Naming("Hugging Face CLIP naming", "pre_layrnorm.weight", _HUB_CLIP),
    Naming("Hugging Face DINOv3 naming", "embeddings.patch_embeddings.weight", _HUB_DINOV3),
    Naming("Hugging Face DINOv2 naming", "encoder.layer.0.layer_scale1.lambda1", _HUB_DINOV2),
    Naming("Hugging Face ViT naming", "encoder.layer.0.layernorm_before.weight", _HUB_VIT),
    Naming("DINOv3 naming", "storage_tokens", _META_DINOV3),
    Naming("DINO or timm naming", "patch_embed.proj.weight", _META_DINO),
    Naming("Point-MAE naming", "encoder.first_conv.0.weight", _POINT_MAE),
    Naming("EfficientNet-PyTorch naming", "_conv_stem.weight", _EFFICIENTNET, ordered=True),
)

UNKNOWN = Naming("timm naming", "", ((r"", ""),))
"""Tensors that no naming knows keep their names; they may be those of a timm model asked for by name."""


@dataclass(frozen=True)
class Converted:
    """Tensors in timm's naming, all floating ones in float32.

    Attributes:
        tensors: by timm's names; by their own where `ordered`.
        naming: whose naming they had.
        ordered: they stand in timm's order under other names.
        ignored: first words of the names that were left out.
    """

    tensors: Tensors
    naming: str
    ordered: bool
    ignored: tuple[str, ...]


def to_timm_naming(tensors: Mapping[str, Tensor]) -> Converted:
    """Bring the tensors of a published file into timm's naming, packing and float32.

    Args:
        tensors: as they stand in the file; prefixes as in `module.visual.` are taken away.
    """
    naming, prefix = _recognise(tensors)
    converted: Tensors = {}
    ignored = set()
    for name, tensor in tensors.items():
        renamed = _rename(name.removeprefix(prefix), naming) if name.startswith(prefix) else None
        if name.endswith("visual_projection.weight"):  # stands outside the image tower
            renamed = "head.weight"
        if renamed:
            converted[renamed] = tensor.float() if tensor.is_floating_point() else tensor
        else:
            ignored.add(name.removeprefix("module.").split(".")[0])
    return Converted(_repack(converted), naming.name, naming.ordered, tuple(sorted(ignored)))


def _recognise(tensors: Mapping[str, Tensor]) -> tuple[Naming, str]:
    for naming in NAMINGS:
        for name in tensors:
            if name == naming.anchor or name.endswith(f".{naming.anchor}"):
                return naming, name.removesuffix(naming.anchor)
    return UNKNOWN, "module." if all(name.startswith("module.") for name in tensors) else ""


def _rename(name: str, naming: Naming) -> str | None:
    for pattern, replacement in naming.renames:
        if re.search(pattern, name):
            return re.sub(pattern, replacement, name, count=1)
    return None


def _repack(tensors: Tensors) -> Tensors:
    """Bring shapes and packing to timm's."""
    packed = dict(tensors)
    if "cls_token" in packed:
        packed["cls_token"] = packed["cls_token"].reshape(1, 1, -1)
    if "pos_embed" in packed and packed["pos_embed"].ndim == 2:
        packed["pos_embed"] = packed["pos_embed"].unsqueeze(0)
    if "projection" in packed:
        packed["head.weight"] = packed.pop("projection").T.contiguous()
    if "head.weight" in packed and "norm_pre.weight" in packed and "head.bias" not in packed:
        packed["head.bias"] = torch.zeros(len(packed["head.weight"]))
    packed = _fuse_attention(_fold_class_position(packed))
    return _split_bias(packed) if _is_dinov3(packed) else packed


def _fold_class_position(tensors: Tensors) -> Tensors:
    """timm's DINOv2 with registers has no position for the class token: it is added to the token once for all."""
    if "register_tokens" not in tensors:
        return tensors
    positions = tensors["pos_embed"]
    others = {name: tensor for name, tensor in tensors.items() if name != "register_tokens"}
    return others | {
        "reg_token": tensors["register_tokens"],
        "cls_token": tensors["cls_token"] + positions[:, :1],
        "pos_embed": positions[:, 1:],
    }


def _fuse_attention(tensors: Tensors) -> Tensors:
    """Stack query, key and value where they stand apart; where keys have no bias, the two biases stay apart."""
    packed = dict(tensors)
    for name in tensors:
        if name.endswith((".attn.q.weight", ".attn.q.bias")):
            stem, kind = name[: name.rindex("q.")], name[name.rindex(".") + 1 :]
            parts = {part: packed.pop(f"{stem}{part}.{kind}") for part in "qkv" if f"{stem}{part}.{kind}" in packed}
            if len(parts) == 3:
                packed[f"{stem}qkv.{kind}"] = torch.cat(list(parts.values()))
            else:
                packed |= {f"{stem}{part}_{kind}": tensor for part, tensor in parts.items()}
    return packed


def _is_dinov3(tensors: Mapping[str, Tensor]) -> bool:
    return "blocks.0.gamma_1" in tensors and "reg_token" in tensors and "pos_embed" not in tensors


def _split_bias(tensors: Tensors) -> Tensors:
    """timm keeps DINOv3's biases of query and value apart; weights without any (they are zero) get zeros."""
    packed = dict(tensors)
    for name, weight in tensors.items():
        if name.endswith(".attn.qkv.weight"):
            stem = name.removesuffix("qkv.weight")
            query, _, value = packed.pop(f"{stem}qkv.bias", torch.zeros(len(weight))).chunk(3)
            packed = {f"{stem}q_bias": query, f"{stem}v_bias": value} | packed
    return packed


def fingerprint(tensors: Mapping[str, Tensor]) -> Fingerprint | None:
    """Read from names and shapes which network tensors belong to.

    Args:
        tensors: in timm's naming (Point-MAE: in ours), or those of an EfficientNet in EfficientNet-PyTorch's.

    Returns:
        None where they are neither a vision transformer, nor an EfficientNet, nor Point-MAE. The family is
        "classifier" for a supervised vision transformer, which no entry of the catalogue is.
    """
    stem = next((tensors[name] for name in ("conv_stem.weight", "_conv_stem.weight") if name in tensors), None)
    if stem is not None:
        depth = sum(name.endswith(("conv_dw.weight", "_depthwise_conv.weight")) for name in tensors)
        return Fingerprint("stages", 0, len(stem), depth, 0, 0, 0)
    if "encoder.first_conv.0.weight" in tensors and "norm.weight" in tensors:
        blocks = sum(name.endswith(".norm1.weight") for name in tensors)
        return Fingerprint("points", 0, len(tensors["norm.weight"]), blocks, 0, 0, 0)
    if "patch_embed.proj.weight" not in tensors or tensors["patch_embed.proj.weight"].ndim != 4:
        return None
    patches = tensors["patch_embed.proj.weight"]
    family = _recognise_family(tensors)
    return Fingerprint(
        family=family,
        patch=patches.shape[-1],
        width=patches.shape[0],
        depth=sum(name.endswith(".norm1.weight") for name in tensors),
        positions=_count_rows(tensors, "pos_embed"),
        registers=_count_rows(tensors, "reg_token"),
        embedding=len(tensors["head.weight"]) if family == "clip" and "head.weight" in tensors else 0,
    )


def _recognise_family(tensors: Mapping[str, Tensor]) -> str:
    if "norm_pre.weight" in tensors:
        return "clip"
    if "head.weight" in tensors:
        return "classifier"
    if _is_dinov3(tensors):
        return "dinov3"
    return "dinov2" if "blocks.0.ls1.gamma" in tensors else "dino"


def _count_rows(tensors: Mapping[str, Tensor], name: str) -> int:
    return math.prod(tensors[name].shape[:-1]) if name in tensors else 0
