"""What the networks say of weights that are brought in: the tensors they want, and the tokens they then give."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from inspector.features.backbones import load_backbone
from inspector.features.families import build_model
from inspector.features.point_mae import PointMAE, build_point_mae
from inspector.weights.catalogue import POINT_MAE, BackboneInfo
from inspector.weights.importing import Proof
from inspector.weights.loading import read_weights


def _want(info: BackboneInfo) -> Mapping[str, Tensor]:
    model = PointMAE() if info is POINT_MAE else build_model(info, info.trained_size)
    wanted: Mapping[str, Tensor] = model.state_dict()
    return wanted


def _run(info: BackboneInfo, file: Path) -> tuple[Sequence[Tensor], Tensor]:
    return _run_cloud(file) if info is POINT_MAE else _run_image(info, file)


def _run_image(info: BackboneInfo, file: Path) -> tuple[Sequence[Tensor], Tensor]:
    backbone = load_backbone(info.name, weights=file, image_size=info.trained_size)
    side = info.trained_size
    ramp = torch.linspace(0, 1, side)
    image = torch.stack([ramp.expand(side, side), ramp[:, None].expand(side, side), torch.full((side, side), 0.5)])
    return backbone.tokens(image.unsqueeze(0))


def _run_cloud(file: Path) -> tuple[Sequence[Tensor], Tensor]:
    """Tokens of eight groups of points on a bent sheet; the last block's stand for the embedding."""
    weights, _ = read_weights(file, POINT_MAE)
    model = build_point_mae(weights)
    x, y = torch.meshgrid(torch.linspace(-1, 1, 16), torch.linspace(-1, 1, 16), indexing="ij")
    groups = torch.stack([x, y, x * y], dim=-1).view(1, 8, 32, 3)
    centers = groups.mean(dim=2)
    tokens: Tensor = model(groups - centers[:, :, None], centers)
    return list(tokens), tokens[-1]


PROOF = Proof(_want, _run)
"""For `import_weights`, `verify_weights` and `fetch_from_hub`."""
