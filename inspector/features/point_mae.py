"""Point-MAE (Pang et al., ECCV 2022), the encoder only: groups of points -> tokens of chosen blocks.

Names of parameters are those that `inspector.weights.naming` gives the tensors of the official checkpoint.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inspector.weights.catalogue import POINT_MAE
from inspector.weights.loading import Weights, select

LAYERS = (3, 7, 11)
"""Blocks, counted from 0, whose tokens are used (MuSc-V2, implementation details)."""

CHUNK_POINTS = 1 << 14
"""Points that go through the group encoder together: 32 MB per layer; no effect on the result."""


class PointMAE(nn.Module):
    """A small PointNet makes a token of each group; transformer blocks relate the tokens by their centres' places."""

    def __init__(self, width: int = 384, depth: int = 12, heads: int = 6) -> None:
        super().__init__()
        self.encoder = GroupEncoder(width)
        self.pos_embed = nn.Sequential(nn.Linear(3, 128), nn.GELU(), nn.Linear(128, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, groups: Tensor, centers: Tensor, layers: Sequence[int] = LAYERS) -> Tensor:
        """Compute the normalised tokens after the chosen blocks.

        Args:
            groups: (B, G, S, 3) float32, points relative to their group's centre, of clouds scaled to the unit
                sphere.
            centers: (B, G, 3) float32.
            layers: blocks counted from 0, ascending.

        Returns:
            (L, B, G, width) float32.

        Raises:
            ValueError: shapes that do not go together, or a block the model does not have.
        """
        if groups.ndim != 4 or centers.shape != (*groups.shape[:2], 3) or groups.shape[3] != 3:
            raise ValueError(
                "expected groups (B, G, S, 3) and centers (B, G, 3), but got "
                f"{tuple(groups.shape)} and {tuple(centers.shape)}"
            )
        if not layers or list(layers) != sorted({*layers} & {*range(len(self.blocks))}):
            raise ValueError(f"expected ascending blocks below {len(self.blocks)}, but got {tuple(layers)}")
        tokens = self.encoder(groups.flatten(0, 1)).unflatten(0, groups.shape[:2])  # (B, G, width)
        places = self.pos_embed(centers)
        results = []
        for number in range(layers[-1] + 1):
            tokens = self.blocks[number](tokens + places)
            if number in layers:
                results.append(self.norm(tokens))
        return torch.stack(results)


class GroupEncoder(nn.Module):
    """Mini-PointNet: (B, S, 3) points -> (B, width), whatever the order of the points."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first_conv = nn.Sequential(nn.Conv1d(3, 128, 1), *_conv_after_norm(128, 256))
        self.second_conv = nn.Sequential(nn.Conv1d(512, 512, 1), *_conv_after_norm(512, width))

    def forward(self, points: Tensor) -> Tensor:
        """Encode groups, some at a time."""
        step = max(1, CHUNK_POINTS // points.shape[1])
        return torch.cat([self._encode(part.mT) for part in torch.split(points, step)])

    def _encode(self, points: Tensor) -> Tensor:
        local: Tensor = self.first_conv(points)  # (B, 256, S)
        whole = local.amax(dim=2, keepdim=True).expand_as(local)
        joined: Tensor = self.second_conv(torch.cat([whole, local], dim=1))  # (B, width, S)
        return joined.amax(dim=2)


class Block(nn.Module):
    """Pre-norm transformer block: attention, then a two-layer network of four times the width."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, 4 * width), "fc2": nn.Linear(4 * width, width)})

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, G, width) -> (B, G, width)."""
        tokens = tokens + self.attn(self.norm1(tokens))
        hidden = F.gelu(self.mlp["fc1"](self.norm2(tokens)))
        result: Tensor = tokens + self.mlp["fc2"](hidden)
        return result


class Attention(nn.Module):
    """Multi-head self-attention; queries, keys and values without a bias."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.proj = nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, G, width) -> (B, G, width)."""
        parts = self.qkv(tokens).unflatten(2, (3, self.heads, -1))  # (B, G, 3, heads, width / heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value)  # (B, heads, G, width / heads)
        projected: Tensor = self.proj(mixed.transpose(1, 2).flatten(2))
        return projected


def build_point_mae(weights: Weights) -> PointMAE:
    """Build the published model with its weights.

    Args:
        weights: as read from the official `pretrain.pth`, or from what an import made of it.

    Returns:
        The model on the CPU, in evaluation mode, without gradients.

    Raises:
        WeightsError: a tensor of the encoder is missing or of another shape.
    """
    model = PointMAE()
    tensors, _ = select(weights, model.state_dict(), POINT_MAE)
    model.load_state_dict(tensors)
    return model.eval().requires_grad_(False)


def _conv_after_norm(width: int, to: int) -> tuple[nn.Module, ...]:
    return nn.BatchNorm1d(width), nn.ReLU(), nn.Conv1d(width, to, 1)
