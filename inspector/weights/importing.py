"""Bringing weights in, once: read any published form, convert, prove, keep. And checking what was brought in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from inspector.errors import InspectorError, WeightsError
from inspector.features.backbones import build_model, load_backbone
from inspector.features.point_mae import PointMAE, point_mae_from_checkpoint
from inspector.files import replacing
from inspector.weights.catalogue import POINT_MAE, BackboneInfo, weights_info
from inspector.weights.files import file_sha256
from inspector.weights.loading import read_weights, select
from inspector.weights.store import (
    WeightsRecord,
    imported_names,
    read_record,
    record_path,
    weights_folder,
    weights_path,
)


def import_weights(file: Path, *, name: str | None = None, folder: Path | None = None) -> WeightsRecord:
    """Convert a published file of weights to safetensors, prove it with a forward pass, and keep it.

    Taken are: OpenAI's CLIP archives (TorchScript; opened for the tensors in them, the programs are never looked at),
    plain state dicts in OpenAI's naming with or without `visual.`, checkpoints of open_clip, DINO, DINOv2 and DINOv3
    (plain, or under `state_dict`, `teacher` or `model`), timm's files, Hugging Face folders of CLIP, DINO, DINOv2 or
    DINOv3, and Point-MAE's `pretrain.pth`. Half precision becomes float32; a text tower, a head, a decoder or a mask
    token is left out. A good file is only replaced by one that has passed.

    Args:
        file: a file, or a Hugging Face folder.
        name: our name of the network it must hold; None = recognise it. Models of timm must be named.
        folder: where to keep it; None = `weights_folder()`.

    Returns:
        The record that is kept beside the converted file.

    Raises:
        SettingsError: there is no such name.
        WeightsError: the file is missing, damaged, of another network or of none, wants to run something, or fails
            the forward pass; or the folder cannot be written.
    """
    info, about, tensors = _convert(file, weights_info(name) if name else None)
    target = weights_path(info, folder)
    try:
        with replacing(target) as beside, replacing(record_path(info, folder)) as record_beside:
            save_file(tensors, beside, metadata={"training": about.training, "backbone": info.name})
            tensors.clear()  # the proof reads them again, from the file
            prove(info, beside)
            record = about.model_copy(update={"sha256": file_sha256(beside)})
            record_beside.write_text(record.model_dump_json(indent=2), encoding="utf-8")
            beside.chmod(record_beside.stat().st_mode)  # safetensors writes for its user alone
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"cannot write {target}: {error}; make room there or set INSPECTOR_WEIGHTS") from error
    return record


def _convert(file: Path, wanted: BackboneInfo | None) -> tuple[BackboneInfo, WeightsRecord, dict[str, Tensor]]:
    """Read a file: which network it is, the record to be (but for the SHA-256), its tensors ready to be saved."""
    weights, info = read_weights(file, wanted)
    model = PointMAE() if info is POINT_MAE else build_model(info, info.trained_size)
    tensors, unused = select(weights, model.state_dict(), info)
    path = weights.file.path
    about = WeightsRecord(
        name=info.name,
        sha256="",
        source=path.name if path == file else f"{file.name}/{path.name}",
        source_sha256=weights.file.sha256(),
        form=weights.form,
        training=weights.training,
        licence=info.licence,
        ignored=tuple(sorted({*weights.converted.ignored, *(key.split(".")[0] for key in unused)})),
    )
    return info, about, {key: _on_its_own(tensor) for key, tensor in tensors.items()}


def _on_its_own(tensor: Tensor) -> Tensor:
    """A tensor that is contiguous and shares its memory with none, as safetensors wants it."""
    alone = tensor.is_contiguous() and tensor.untyped_storage().nbytes() == tensor.nbytes
    return tensor if alone else tensor.clone(memory_format=torch.contiguous_format)


def prove(info: BackboneInfo, file: Path) -> None:
    """Run a fixed image or cloud through a network and look at what comes out.

    Raises:
        WeightsError: tokens are not finite or all the same.
    """
    tokens, embedding = _of_a_cloud(info, file) if info is POINT_MAE else _of_an_image(info, file)
    for values in tokens:
        if not torch.isfinite(values).all() or values.std() == 0:
            raise WeightsError(
                f"the weights of {info.name} are spoilt: its tokens are not finite or all the same; get the file again"
            )
    if not torch.isfinite(embedding).all():
        raise WeightsError(f"the weights of {info.name} are spoilt: its embedding is not finite; get the file again")


def _of_an_image(info: BackboneInfo, file: Path) -> tuple[Sequence[Tensor], Tensor]:
    backbone = load_backbone(info.name, weights=file, image_size=info.trained_size)
    side = info.trained_size
    ramp = torch.linspace(0, 1, side)
    image = torch.stack([ramp.expand(side, side), ramp[:, None].expand(side, side), torch.full((side, side), 0.5)])
    return backbone.tokens(image.unsqueeze(0))


def _of_a_cloud(info: BackboneInfo, file: Path) -> tuple[Sequence[Tensor], Tensor]:
    """Tokens of eight groups of points on a bent sheet; the last block's stand for the embedding."""
    weights, _ = read_weights(file, info)
    model = point_mae_from_checkpoint(weights.converted.tensors)
    x, y = torch.meshgrid(torch.linspace(-1, 1, 16), torch.linspace(-1, 1, 16), indexing="ij")
    groups = torch.stack([x, y, x * y], dim=-1).view(1, 8, 32, 3)
    centers = groups.mean(dim=2)
    tokens: Tensor = model(groups - centers[:, :, None], centers)
    return list(tokens), tokens[-1]


@dataclass(frozen=True)
class Verified:
    """How imported weights fared: `problem` is "" where the file is unchanged and gives tokens."""

    name: str
    problem: str


def verify_weights(names: Sequence[str] = (), folder: Path | None = None) -> list[Verified]:
    """Check imported weights: the file still has the recorded SHA-256 and passes the forward pass.

    Args:
        names: our names; () = all that were imported.
        folder: where they are kept; None = `weights_folder()`.

    Raises:
        SettingsError: there is no such name.
        WeightsError: nothing was imported under a name.
    """
    folder = folder or weights_folder()
    return [Verified(name, _problem(weights_info(name), folder)) for name in names or imported_names(folder)]


def _problem(info: BackboneInfo, folder: Path) -> str:
    path = weights_path(info, folder)
    if not path.exists():
        raise WeightsError(f"{info.name} was not imported into {folder}; inspector weights list shows what was")
    try:
        if file_sha256(path) != read_record(record_path(info, folder)).sha256:
            return f"{path} has changed since it was imported; import the weights again"
        prove(info, path)
    except InspectorError as error:
        return str(error)
    return ""
