"""Small vision transformers written from their equations, in the names their publishers gave the tensors: the oracle.

ViT (Dosovitskiy et al., 2021, equations 1 to 4), CLIP (Radford et al., 2021), DINO (Caron et al., 2021), DINOv2 (Oquab
et al., 2023; registers: Darcet et al., 2023). Images here are (N, 3, S, S) in [0, 1].
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from inspector.weights.catalogue import CATALOGUE, BackboneInfo

Tensors = dict[str, Tensor]

TINY_CLIP = replace(
    CATALOGUE["clip-vit-b32"],
    name="tiny-clip",
    patch=8,
    width=128,
    depth=4,
    trained_size=32,
    image_size=48,
    layers=(0, 1, 2, 3),
    embedding=24,
    file="tiny-clip.pt",
)
TINY_LAION = replace(TINY_CLIP, name="tiny-laion", origin="open_clip, LAION-400M", width=64)
TINY_DINO = replace(
    CATALOGUE["dino-vit-b8"],
    name="tiny-dino",
    patch=8,
    width=128,
    depth=4,
    trained_size=32,
    image_size=48,
    layers=(0, 1, 3),
    file="tiny-dino.pth",
)
TINY_DINOV2 = replace(
    CATALOGUE["dinov2-vit-s14"],
    name="tiny-dinov2",
    width=64,
    depth=3,
    trained_size=56,
    image_size=84,
    layers=(0, 2),
    file="tiny-dinov2.pth",
)
TINY_REGISTERS = replace(TINY_DINOV2, name="tiny-reg", timm_name="vit_small_patch14_reg4_dinov2", registers=4)
TINY_DINOV3 = replace(
    CATALOGUE["dinov3-vit-s16"],
    name="tiny-dinov3",
    width=64,
    depth=2,
    trained_size=48,
    image_size=64,
    layers=(0, 1),
    file="tiny-dinov3.pth",
)
TINY = {info.name: info for info in (TINY_CLIP, TINY_LAION, TINY_DINO, TINY_DINOV2, TINY_REGISTERS, TINY_DINOV3)}


def _draw(seed: int) -> Callable[..., Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(shape, generator=generator) * 0.1


def openai_weights(info: BackboneInfo = TINY_CLIP, seed: int = 0) -> Tensors:
    """A CLIP state dict as OpenAI publishes it: the image tower under `visual.`, a text tower beside it."""
    draw, width, grid = _draw(seed), info.width, info.trained_size // info.patch
    tensors = {
        "visual.class_embedding": draw(width),
        "visual.positional_embedding": draw(grid * grid + 1, width),
        "visual.proj": draw(width, info.embedding),
        "visual.conv1.weight": draw(width, 3, info.patch, info.patch),
        "visual.ln_pre.weight": 1 + draw(width),
        "visual.ln_pre.bias": draw(width),
        "visual.ln_post.weight": 1 + draw(width),
        "visual.ln_post.bias": draw(width),
    }
    for block in range(info.depth):
        stem = f"visual.transformer.resblocks.{block}."
        tensors |= {
            stem + "ln_1.weight": 1 + draw(width),
            stem + "ln_1.bias": draw(width),
            stem + "attn.in_proj_weight": draw(3 * width, width),
            stem + "attn.in_proj_bias": draw(3 * width),
            stem + "attn.out_proj.weight": draw(width, width),
            stem + "attn.out_proj.bias": draw(width),
            stem + "ln_2.weight": 1 + draw(width),
            stem + "ln_2.bias": draw(width),
            stem + "mlp.c_fc.weight": draw(4 * width, width),
            stem + "mlp.c_fc.bias": draw(4 * width),
            stem + "mlp.c_proj.weight": draw(width, 4 * width),
            stem + "mlp.c_proj.bias": draw(width),
        }
    return tensors | {
        "token_embedding.weight": draw(10, 6),
        "positional_embedding": draw(5, 6),
        "transformer.resblocks.0.ln_1.weight": draw(6),
        "ln_final.weight": draw(6),
        "text_projection": draw(6, info.embedding),
        "logit_scale": torch.tensor(4.6),
        "input_resolution": torch.tensor(info.trained_size),
    }


def dino_weights(info: BackboneInfo = TINY_DINO, seed: int = 0) -> Tensors:
    """A state dict as Meta publishes DINO, DINOv2 (with layer scales) and DINOv2 with registers."""
    draw, width, grid = _draw(seed), info.width, info.trained_size // info.patch
    tensors = {
        "cls_token": draw(1, 1, width),
        "pos_embed": draw(1, grid * grid + 1, width),
        "patch_embed.proj.weight": draw(width, 3, info.patch, info.patch),
        "patch_embed.proj.bias": draw(width),
        "norm.weight": 1 + draw(width),
        "norm.bias": draw(width),
    }
    for block in range(info.depth):
        stem = f"blocks.{block}."
        tensors |= {
            stem + "norm1.weight": 1 + draw(width),
            stem + "norm1.bias": draw(width),
            stem + "attn.qkv.weight": draw(3 * width, width),
            stem + "attn.qkv.bias": draw(3 * width),
            stem + "attn.proj.weight": draw(width, width),
            stem + "attn.proj.bias": draw(width),
            stem + "norm2.weight": 1 + draw(width),
            stem + "norm2.bias": draw(width),
            stem + "mlp.fc1.weight": draw(4 * width, width),
            stem + "mlp.fc1.bias": draw(4 * width),
            stem + "mlp.fc2.weight": draw(width, 4 * width),
            stem + "mlp.fc2.bias": draw(width),
        }
        if info.family == "dinov2":
            tensors |= {stem + "ls1.gamma": draw(width), stem + "ls2.gamma": draw(width)}
    if info.family == "dinov2":
        tensors["mask_token"] = draw(1, width)
    if info.registers:
        tensors["register_tokens"] = draw(1, info.registers, width)
    return tensors


def clip_reference(
    info: BackboneInfo, tensors: Tensors, images: Tensor, layers: Sequence[int], *, quick_gelu: bool
) -> tuple[list[Tensor], Tensor]:
    """What CLIP gives: outputs of blocks without class token (N, rows, cols, C); L2-normalised projection (N, D)."""
    w = {name.removeprefix("visual."): t.double() for name, t in tensors.items() if name.startswith("visual.")}
    grid = images.shape[-1] // info.patch
    x = patches(info, images) @ w["conv1.weight"].flatten(1).T
    x = with_class(x, w["class_embedding"])
    x = x + positions(w["positional_embedding"], grid)
    x = norm(x, w["ln_pre.weight"], w["ln_pre.bias"], 1e-5)
    outputs = []
    for block in range(info.depth):
        b = {n.removeprefix(f"transformer.resblocks.{block}."): t for n, t in w.items()}
        y = norm(x, b["ln_1.weight"], b["ln_1.bias"], 1e-5)
        y = attention(y, b["attn.in_proj_weight"], b["attn.in_proj_bias"], info.width // 64)
        x = x + y @ b["attn.out_proj.weight"].T + b["attn.out_proj.bias"]
        y = norm(x, b["ln_2.weight"], b["ln_2.bias"], 1e-5)
        y = y @ b["mlp.c_fc.weight"].T + b["mlp.c_fc.bias"]
        y = y / (1 + torch.exp(-1.702 * y)) if quick_gelu else gelu(y)
        x = x + y @ b["mlp.c_proj.weight"].T + b["mlp.c_proj.bias"]
        outputs.append(x[:, 1:].reshape(len(x), grid, grid, -1))
    embedding = norm(x[:, 0], w["ln_post.weight"], w["ln_post.bias"], 1e-5) @ w["proj"]
    return [outputs[layer] for layer in layers], embedding / embedding.norm(dim=1, keepdim=True)


def dino_reference(
    info: BackboneInfo, tensors: Tensors, images: Tensor, layers: Sequence[int]
) -> tuple[list[Tensor], Tensor]:
    """What DINO and DINOv2 give: blocks under the final norm, without class token and registers; the class token."""
    w = {name: t.double() for name, t in tensors.items()}
    grid = images.shape[-1] // info.patch
    x = patches(info, images) @ w["patch_embed.proj.weight"].flatten(1).T + w["patch_embed.proj.bias"]
    x = with_class(x, w["cls_token"][0, 0])
    if info.registers:
        x = x + positions(w["pos_embed"][0], grid, smooth=True)
        registers = w["register_tokens"].expand(len(x), -1, -1)
        x = torch.cat([x[:, :1], registers, x[:, 1:]], dim=1)
    else:
        x = x + positions(w["pos_embed"][0], grid, offset=0.1)
    outputs = []
    for block in range(info.depth):
        b = {n.removeprefix(f"blocks.{block}."): t for n, t in w.items()}
        y = norm(x, b["norm1.weight"], b["norm1.bias"], 1e-6)
        y = attention(y, b["attn.qkv.weight"], b["attn.qkv.bias"], info.width // 64)
        y = y @ b["attn.proj.weight"].T + b["attn.proj.bias"]
        x = x + y * b.get("ls1.gamma", 1)
        y = norm(x, b["norm2.weight"], b["norm2.bias"], 1e-6)
        y = gelu(y @ b["mlp.fc1.weight"].T + b["mlp.fc1.bias"]) @ b["mlp.fc2.weight"].T + b["mlp.fc2.bias"]
        x = x + y * b.get("ls2.gamma", 1)
        outputs.append(norm(x, w["norm.weight"], w["norm.bias"], 1e-6))
    first = 1 + info.registers
    return [outputs[n][:, first:].reshape(len(x), grid, grid, -1) for n in layers], outputs[-1][:, 0]


def patches(info: BackboneInfo, images: Tensor) -> Tensor:
    """Normalised pixels of each patch, channel by channel: (N, P, 3 x patch x patch)."""
    mean, std = (torch.tensor(v, dtype=torch.float64).view(3, 1, 1) for v in (info.mean, info.std))
    pixels = (images.double() - mean) / std
    side, grid = info.patch, images.shape[-1] // info.patch
    rows = []
    for r in range(grid):
        for c in range(grid):
            rows.append(pixels[:, :, r * side : (r + 1) * side, c * side : (c + 1) * side].flatten(1))
    return torch.stack(rows, dim=1)


def with_class(x: Tensor, token: Tensor) -> Tensor:
    return torch.cat([token.expand(len(x), 1, -1), x], dim=1)


def norm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: float) -> Tensor:
    centred = x - x.mean(dim=-1, keepdim=True)
    return centred / (centred.square().mean(dim=-1, keepdim=True) + epsilon).sqrt() * weight + bias


def gelu(x: Tensor) -> Tensor:
    return x * 0.5 * (1 + torch.erf(x / 2**0.5))


def attention(x: Tensor, weight: Tensor, bias: Tensor, heads: int) -> Tensor:
    query, key, value = (x @ weight.T + bias).chunk(3, dim=-1)
    results = []
    for q, k, v in zip(*(t.chunk(heads, dim=-1) for t in (query, key, value)), strict=True):
        similar = torch.exp(q @ k.transpose(1, 2) / q.shape[-1] ** 0.5)
        results.append(similar / similar.sum(dim=-1, keepdim=True) @ v)
    return torch.cat(results, dim=-1)


def positions(table: Tensor, grid: int, *, offset: float = 0.0, smooth: bool = False) -> Tensor:
    """Class row as it is; patch rows resampled along rows, then along columns: (1 + grid x grid, C)."""
    old = round((len(table) - 1) ** 0.5)
    if old == grid:
        return table
    matrix = torch.from_numpy(resampling(old, grid, old / (grid + offset), smooth=smooth))
    plane = torch.einsum("ar,bc,rcd->abd", matrix, matrix, table[1:].reshape(old, old, -1))
    return torch.cat([table[:1], plane.flatten(0, 1)])


def resampling(old: int, new: int, step: float, *, smooth: bool) -> np.ndarray:
    """Cubic convolution (Keys, 1981) as (new, old) matrix: a = -0.75 and repeated borders, or antialiased, a = -0.5."""
    a, width = (-0.5, max(step, 1.0)) if smooth else (-0.75, 1.0)
    matrix = np.zeros((new, old))
    for target in range(new):
        centre = (target + 0.5) * step - 0.5
        reach = int(np.ceil(2 * width)) + 1
        for source in range(int(np.floor(centre)) - reach, int(np.floor(centre)) + reach + 1):
            if smooth and not 0 <= source < old:
                continue  # an antialiasing window ends at the border, and its weights are scaled to sum 1
            matrix[target, min(max(source, 0), old - 1)] += keys(abs(source - centre) / width, a)
    return matrix / matrix.sum(axis=1, keepdims=True) if smooth else matrix


def keys(distance: float, a: float) -> float:
    if distance <= 1:
        return (a + 2) * distance**3 - (a + 3) * distance**2 + 1
    if distance < 2:
        return a * distance**3 - 5 * a * distance**2 + 8 * a * distance - 4 * a
    return 0.0


def images(size: int, count: int = 2, seed: int = 3) -> Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(seed))
