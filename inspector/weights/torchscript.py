"""The tensors of a TorchScript archive, without running a line of what else is in it.

An archive is a ZIP file: `data.pkl` describes a tree of modules in pickle's language, `data/N` hold the numbers,
`code/` holds programs. Loading it with PyTorch makes those programs runnable, and a module may ask that one runs at
once. Here the pickle is read with a table of harmless names; `code/` is never opened.
"""

import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import torch
from torch import Tensor

_DTYPES = {
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "DoubleStorage": torch.float64,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}


class ForbiddenGlobal(pickle.UnpicklingError):
    """A pickle asks for something that no file of tensors needs; `name` says what."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Module:
    """Stands for every module class of the archive: keeps its attributes and can do nothing."""

    def __init__(self) -> None:
        self.attributes: dict[str, Any] = {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.attributes = dict(state)


def _rebuild(storage: Tensor, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Tensor:
    return storage.as_strided(size, stride, offset).clone()


def _first(value: Any, *_: Any) -> Any:
    return value


_HARMLESS: dict[tuple[str, str], Any] = {
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild,
    ("torch.jit._pickle", "restore_type_tag"): _first,
    ("torch.jit._pickle", "build_boollist"): _first,
    ("torch.jit._pickle", "build_doublelist"): _first,
    ("torch.jit._pickle", "build_intlist"): _first,
    ("torch.jit._pickle", "build_tensorlist"): _first,
    ("torch", "device"): _first,
    ("collections", "OrderedDict"): OrderedDict,
    **{("torch", name): dtype for name, dtype in _DTYPES.items()},
}


class _ArchiveUnpickler(pickle.Unpickler):
    """Unpickles tensors, containers and inert modules; any other name ends it with `ForbiddenGlobal`."""

    def __init__(self, file: IO[bytes], storage: Callable[[str, torch.dtype], Tensor]) -> None:
        super().__init__(file)
        self._storage = storage

    def find_class(self, module: str, name: str) -> Any:
        if module.split(".")[0] == "__torch__":
            return _Module
        if (module, name) not in _HARMLESS:
            raise ForbiddenGlobal(f"{module}.{name}")
        return _HARMLESS[module, name]

    def persistent_load(self, pid: Any) -> Tensor:
        _, dtype, key, _, _ = pid  # ("storage", dtype, key, device, count)
        return self._storage(key, dtype)


def is_torchscript(path: str | Path) -> bool:
    """Say whether a ZIP file is a TorchScript archive; a plain checkpoint holds no constants of programs.

    Raises:
        zipfile.BadZipFile: it is no whole ZIP file.
    """
    with zipfile.ZipFile(path) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def read_torchscript(path: str | Path) -> dict[str, Tensor]:
    """Read the tensors of a TorchScript archive.

    Args:
        path: as written by `torch.jit.save`, like the archives that OpenAI published CLIP in.

    Returns:
        Tensors by their dotted name, on the CPU.

    Raises:
        ForbiddenGlobal: it asks for more than tensors and modules; nothing was executed.
        Exception: many kinds where it is damaged, as unpickling anything may raise.
    """
    with zipfile.ZipFile(path) as archive:
        (description,) = (name for name in archive.namelist() if name.count("/") == 1 and name.endswith("/data.pkl"))
        root = description.removesuffix("data.pkl")

        def storage(key: str, dtype: torch.dtype) -> Tensor:
            numbers = bytearray(archive.read(f"{root}data/{key}"))
            return torch.frombuffer(numbers, dtype=dtype) if numbers else torch.empty(0, dtype=dtype)

        with archive.open(description) as file:
            module = _ArchiveUnpickler(file, storage).load()
    tensors: dict[str, Tensor] = {}
    _collect(module, "", tensors)
    return tensors


def _collect(module: _Module, prefix: str, tensors: dict[str, Tensor]) -> None:
    for name, value in module.attributes.items():
        if isinstance(value, Tensor):
            tensors[prefix + name] = value
        elif isinstance(value, _Module):
            _collect(value, f"{prefix}{name}.", tensors)
