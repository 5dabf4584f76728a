"""Files that lie: nothing in them is run, and each is refused with what is wrong."""

import os
import pickle
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from inspector.errors import WeightsError
from inspector.weights.files import read_weight_file
from inspector.weights.torchscript import read_torchscript
from tests.features import published_forms as forms

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit:FutureWarning")


class Hostile:
    """Unpickled carelessly, it writes a file."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.system, (f"echo hacked > '{self.victim}'",)


@pytest.mark.parametrize("kind", ["new format", "old format", "raw", "raw, protocol 2"])
def test_hostile_pickle_is_refused_by_name_and_not_executed(tmp_path: Path, kind: str) -> None:
    victim, path = tmp_path / "victim", tmp_path / "ViT-L-14.pt"
    content = {"a": torch.ones(2), "b": Hostile(victim)}
    if kind.startswith("raw"):
        path.write_bytes(pickle.dumps(Hostile(victim), protocol=2 if "2" in kind else 5))
    else:
        torch.save(content, path, _use_new_zipfile_serialization=kind == "new format")

    with pytest.raises(WeightsError, match=r"refused .*ViT-L-14.pt: opening it would run (posix|nt).system"):
        read_weight_file(path)

    assert not victim.exists()


def test_the_hostile_pickle_of_these_tests_does_write_a_file(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Hostile(tmp_path / "victim")))
    assert (tmp_path / "victim").exists()


def test_hostile_name_inside_torch_is_refused_too(tmp_path: Path) -> None:
    class Sly:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return torch.hub.download_url_to_file, ("file:///etc/hostname", str(tmp_path / "victim"))

    torch.save({"b": Sly()}, tmp_path / "sly.pt")

    with pytest.raises(WeightsError, match=r"opening it would run torch.hub.download_url_to_file"):
        read_weight_file(tmp_path / "sly.pt")
    assert not (tmp_path / "victim").exists()


def test_hostile_torchscript_archive_is_refused_by_name(tmp_path: Path) -> None:
    victim, path = tmp_path / "victim", tmp_path / "clip.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("clip/constants.pkl", b"")
        archive.writestr("clip/data.pkl", pickle.dumps(Hostile(victim), protocol=2))

    with pytest.raises(WeightsError, match=r"opening it would run (posix|nt).system"):
        read_weight_file(path)

    assert not victim.exists()


def test_program_of_a_torchscript_archive_is_not_run(tmp_path: Path) -> None:
    """PyTorch runs `__setstate__` when it loads an archive, and that may write files; reading the tensors does not."""

    class Sly(torch.nn.Module):
        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path
            self.weight = torch.nn.Parameter(torch.ones(2))

        @torch.jit.export
        def __getstate__(self):  # type: ignore[no-untyped-def]
            return (self.path, self.weight, self.training)

        @torch.jit.export
        def __setstate__(self, state: tuple[str, torch.Tensor, bool]) -> None:
            self.path = state[0]
            self.weight = state[1]
            self.training = state[2]
            torch.save(self.weight, self.path)

        def forward(self) -> torch.Tensor:
            return self.weight

    victim = tmp_path / "victim"
    torch.jit.save(torch.jit.script(Sly(str(victim))), tmp_path / "sly.pt")

    with pytest.raises(WeightsError, match=r"holds no tensors|damaged"):
        read_weight_file(tmp_path / "sly.pt")

    assert not victim.exists()
    torch.jit.load(tmp_path / "sly.pt")
    assert victim.exists()  # so it was worth the while


def test_torchscript_tensors_equal_those_saved(tmp_path: Path) -> None:
    tensors = {
        "a": torch.randn(2, 3),
        "b.c": torch.randn(4).half(),
        "b.d.e": torch.randn(3, 2).T,
        "size": torch.tensor(224),
        "empty": torch.empty(0),
    }

    read = read_torchscript(forms.torchscript(tmp_path / "archive.pt", tensors))

    assert sorted(read) == sorted(tensors)
    for name, tensor in tensors.items():
        torch.testing.assert_close(read[name], tensor, atol=0, rtol=0)


@pytest.fixture
def good(tmp_path: Path) -> dict[str, Path]:
    tensors = {f"layer.{n}": torch.randn(50, 50) for n in range(4)}
    paths = {kind: tmp_path / f"{kind}.pt" for kind in ("safetensors", "checkpoint", "old", "torchscript")}
    save_file(tensors, paths["safetensors"])
    torch.save(tensors, paths["checkpoint"])
    torch.save(tensors, paths["old"], _use_new_zipfile_serialization=False)
    forms.torchscript(paths["torchscript"], tensors)
    return paths


@pytest.mark.parametrize("kind", ["safetensors", "checkpoint", "old", "torchscript"])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_file_cut_short_is_refused(good: dict[str, Path], kind: str, share: float) -> None:
    whole = good[kind].read_bytes()
    assert len(read_weight_file(good[kind]).tensors) == 4
    good[kind].write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(
        WeightsError, match=f"cannot read the weights .*{kind}.pt: it is damaged or cut short .*; get it"
    ):
        read_weight_file(good[kind])


@pytest.mark.parametrize("kind", ["checkpoint", "torchscript"])
def test_flipped_byte_in_an_archive_is_noticed_or_harmless(good: dict[str, Path], kind: str) -> None:
    content = bytearray(good[kind].read_bytes())
    content[30_000] ^= 0xFF  # in the numbers
    good[kind].write_bytes(content)
    if kind == "torchscript":
        with pytest.raises(WeightsError, match="damaged"):
            read_weight_file(good[kind])
    else:
        assert len(read_weight_file(good[kind]).tensors) == 4  # PyTorch does not check sums; `verify` does


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<!DOCTYPE html><html>", "is no file of weights .* may have saved a web page"),
        (b"", "is no file of weights"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\n", "only the Git LFS pointer"),
        (b"PK\x03\x04 and nonsense", "damaged or cut short"),
        (b"\x80\x02nonsense", "damaged or cut short"),
        ((5).to_bytes(8, "little") + b"{" + b"x" * 40, "damaged or cut short"),
    ],
)
def test_other_files_are_told_apart(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "weights.pt").write_bytes(content)
    with pytest.raises(WeightsError, match=message):
        read_weight_file(tmp_path / "weights.pt")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"there is no weights file .*nowhere.pt"):
        read_weight_file(tmp_path / "nowhere.pt")


@pytest.mark.parametrize("content", [{"epoch": 3}, [1, 2], {"state_dict": {}}, 5])
def test_checkpoint_without_tensors(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "other.pt")
    with pytest.raises(WeightsError, match="is a PyTorch checkpoint but holds no tensors"):
        read_weight_file(tmp_path / "other.pt")


def test_folder_without_weights(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"holds none of model.safetensors, pytorch_model.bin"):
        read_weight_file(tmp_path)


@pytest.mark.parametrize("content", ["{", "[]", '{"vision_config": 3}', '{"pretrained_cfg": "openai"}'])
def test_folder_with_a_damaged_config(tmp_path: Path, content: str) -> None:
    save_file({"a": torch.ones(2)}, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(WeightsError, match=r"cannot read .*config.json"):
        read_weight_file(tmp_path)
