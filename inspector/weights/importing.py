"""Bringing weights in, once: read any published form, convert, prove, keep. And checking what was brought in.

What a network wants and what it gives is not known here: it comes as a `Proof` from the room of features,
`inspector.features.proof.PROOF`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from inspector.errors import InspectorError, WeightsError
from inspector.files import file_sha256, replacing
from inspector.weights.catalogue import BackboneInfo, find_network
from inspector.weights.loading import read_weights, select
from inspector.weights.store import (
    WeightsRecord,
    list_imported,
    read_record,
    record_path,
    weights_folder,
    weights_path,
)


@dataclass(frozen=True)
class Proof:
    """What only the networks themselves can say of weights.

    Attributes:
        wanted: the tensors a network has, by name, at its trained size; only names and shapes count.
        run: sends a fixed image or cloud through a network with the weights of a file; gives the tokens of each layer,
            and an embedding. May raise `WeightsError`.
    """

    wanted: Callable[[BackboneInfo], Mapping[str, Tensor]]
    run: Callable[[BackboneInfo, Path], tuple[Sequence[Tensor], Tensor]]


def import_weights(
    file: str | Path, proof: Proof, *, name: str | None = None, folder: str | Path | None = None
) -> WeightsRecord:
    """Convert a published file of weights to safetensors, prove it with a forward pass, and keep it.

    Taken are: OpenAI's CLIP archives (TorchScript; opened for the tensors in them, the programs are never looked at),
    plain state dicts in OpenAI's naming with or without `visual.`, checkpoints of open_clip, DINO, DINOv2 and DINOv3
    (plain, or under `state_dict`, `teacher` or `model`), timm's files, Hugging Face folders of CLIP, DINO, DINOv2 or
    DINOv3, and Point-MAE's `pretrain.pth`. Half precision becomes float32; a text tower, a head, a decoder or a mask
    token is left out. A good file is only replaced by one that has passed.

    Args:
        file: a file, or a Hugging Face folder.
        proof: what the networks say of it.
        name: our name of the network it must hold; None = recognise it. Models of timm must be named.
        folder: where to keep it; None = `weights_folder()`.

    Returns:
        The record that is kept beside the converted file.

    Raises:
        SettingsError: there is no such name.
        WeightsError: the file is missing, damaged, of another network or of none, wants to run something, or fails
            the forward pass; or the folder cannot be written.
    """
    info, about, tensors = _convert(Path(file), find_network(name) if name else None, proof)
    target = weights_path(info, folder)
    try:
        with replacing(target) as beside, replacing(record_path(info, folder)) as record_beside:
            save_file(tensors, beside, metadata={"training": about.training, "backbone": info.name})
            tensors.clear()  # the proof reads them again, from the file
            _prove(info, beside, proof)
            record = about.model_copy(update={"sha256": file_sha256(beside)})
            record_beside.write_text(record.model_dump_json(indent=2), encoding="utf-8")
            beside.chmod(record_beside.stat().st_mode)  # safetensors writes for its user alone
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"cannot write {target}: {error}; make room there or set INSPECTOR_WEIGHTS") from error
    return record


def _convert(
    file: Path, wanted: BackboneInfo | None, proof: Proof
) -> tuple[BackboneInfo, WeightsRecord, dict[str, Tensor]]:
    """Read a file: which network it is, the record to be (but for the SHA-256), its tensors ready to be saved."""
    weights, info = read_weights(file, wanted)
    tensors, unused = select(weights, proof.wanted(info), info)
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
    return info, about, {key: _set_apart(tensor) for key, tensor in tensors.items()}


def _set_apart(tensor: Tensor) -> Tensor:
    """Return a tensor that is contiguous and shares its memory with none, as safetensors wants it."""
    alone = tensor.is_contiguous() and tensor.untyped_storage().nbytes() == tensor.nbytes
    return tensor if alone else tensor.clone(memory_format=torch.contiguous_format)


def _prove(info: BackboneInfo, file: Path, proof: Proof) -> None:
    """Raise `WeightsError` where tokens are not finite or all the same."""
    tokens, embedding = proof.run(info, file)
    for values in tokens:
        if not torch.isfinite(values).all() or values.std() == 0:
            raise WeightsError(
                f"the weights of {info.name} are spoilt: its tokens are not finite or all the same; get the file again"
            )
    if not torch.isfinite(embedding).all():
        raise WeightsError(f"the weights of {info.name} are spoilt: its embedding is not finite; get the file again")


@dataclass(frozen=True)
class Verified:
    """How imported weights fared: `problem` is "" where the file is unchanged and gives tokens."""

    name: str
    problem: str


def verify_weights(proof: Proof, names: Sequence[str] = (), *, folder: str | Path | None = None) -> list[Verified]:
    """Check imported weights: the file still has the recorded SHA-256 and passes the forward pass.

    Args:
        proof: what the networks say of them.
        names: our names; () = all that were imported.
        folder: where they are kept; None = `weights_folder()`.

    Raises:
        SettingsError: there is no such name.
        WeightsError: nothing was imported under a name.
    """
    folder = Path(folder or weights_folder())
    return [Verified(name, _find_problem(find_network(name), folder, proof)) for name in names or list_imported(folder)]


def _find_problem(info: BackboneInfo, folder: Path, proof: Proof) -> str:
    path = weights_path(info, folder)
    if not path.exists():
        raise WeightsError(f"{info.name} was not imported into {folder}; the list of weights shows what was")
    try:
        if file_sha256(path) != read_record(record_path(info, folder)).sha256:
            return f"{path} has changed since it was imported; import the weights again"
        _prove(info, path, proof)
    except InspectorError as error:
        return str(error)
    return ""
