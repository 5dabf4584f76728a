"""Point-MAE's weights go the same way as a backbone's."""

from pathlib import Path

import pytest
import torch

from inspector.errors import SettingsError, WeightsError
from inspector.features.backbones import load_backbone
from inspector.features.point_groups import PointGroups
from inspector.features.point_mae import PointMAE
from inspector.features.point_tokens import load_point_feature
from inspector.features.proof import PROOF
from inspector.weights.catalogue import POINT_MAE
from inspector.weights.files import file_sha256
from inspector.weights.importing import Verified, import_weights, verify_weights


@pytest.fixture
def pretrain(tmp_path: Path) -> Path:
    """Random weights in the form of the official checkpoint."""
    torch.manual_seed(0)
    encoder = {
        f"module.MAE_encoder.{name.replace('blocks.', 'blocks.blocks.')}": tensor
        for name, tensor in PointMAE().state_dict().items()
    }
    decoder = {"module.mask_token": torch.zeros(1, 1, 384), "module.MAE_decoder.norm.weight": torch.zeros(384)}
    torch.save({"base_model": encoder | decoder, "epoch": 300, "optimizer": {}}, tmp_path / "pretrain.pth")
    return tmp_path / "pretrain.pth"


def cloud() -> tuple[torch.Tensor, PointGroups]:
    points = torch.rand(60, 3, generator=torch.Generator().manual_seed(1))
    members = torch.arange(60).view(3, 20)
    return points, PointGroups(center_index=members[:, 0], members=members, curvature=torch.zeros(3))


def test_parameters_are_those_of_the_model() -> None:
    assert sum(parameter.numel() for parameter in PointMAE().parameters()) == POINT_MAE.parameters


def test_official_checkpoint_is_recognised_and_gives_its_tokens(pretrain: Path, weights_home: Path) -> None:
    record = import_weights(pretrain, PROOF)

    assert (record.name, record.licence, record.ignored) == ("point-mae", "MIT", ("MAE_decoder", "mask_token"))
    assert record.form == "PyTorch checkpoint, Point-MAE naming"
    assert verify_weights(PROOF) == [Verified("point-mae", "")]
    feature, sha256 = load_point_feature("point-mae", None)
    assert sha256 == record.sha256 == file_sha256(weights_home / "point-mae.safetensors")
    points, groups = cloud()
    official, _ = load_point_feature("point-mae", pretrain)
    torch.testing.assert_close(feature(points, groups, None), official(points, groups, None), atol=0, rtol=0)


def test_official_checkpoint_without_an_import(pretrain: Path) -> None:
    _, sha256 = load_point_feature("point-mae", pretrain)
    assert sha256 == file_sha256(pretrain)


def test_missing_weights_say_what_to_get() -> None:
    with pytest.raises(WeightsError, match=r"point-mae are not on this machine: get pretrain.pth \(Point-MAE; licence"):
        load_point_feature("point-mae", None)


def test_fpfh_has_no_weights(pretrain: Path) -> None:
    assert load_point_feature("fpfh", None)[1] == ""
    with pytest.raises(WeightsError, match="FPFH has no weights"):
        load_point_feature("fpfh", pretrain)


def test_point_mae_is_no_backbone(pretrain: Path) -> None:
    with pytest.raises(SettingsError, match="there is no backbone 'point-mae'"):
        load_backbone("point-mae", weights=pretrain)
    with pytest.raises(WeightsError, match=r"pretrain.pth holds point-mae, not dino-vit-b8; get dino_vitbase8"):
        load_backbone("dino-vit-b8", weights=pretrain)
