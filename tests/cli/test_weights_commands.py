"""`inspector backbones` and `inspector weights`."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from inspector.store.workspace import Workspace
from inspector.weights import hub
from inspector.weights.catalogue import CATALOGUE
from tests.features import small_vits as vits

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder of weights, and one small network in the catalogue."""
    monkeypatch.setenv("INSPECTOR_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setitem(CATALOGUE, "tiny-clip", vits.TINY_CLIP)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    torch.save(vits.openai_weights(), tmp_path / "ViT-tiny.pt")
    return tmp_path / "ViT-tiny.pt"


def row(table: str, name: str) -> list[str]:
    """The cells of a row of a printed table."""
    (line,) = (line for line in table.splitlines() if line.strip().startswith(f"{name} "))
    return re.split(r"  +", line.strip())


def test_backbones_are_listed_with_licence_size_and_file(run: Run, clip: Path, tmp_path: Path) -> None:
    run("weights", "import", clip)

    code, out, _ = run("backbones")

    assert code == 0
    assert row(out, "efficientnet-lite0") == [*("efficientnet-lite0", "Apache-2.0", "4.7", "-", "256", "embedded", "-")]
    assert row(out, "clip-vit-l14-336") == [
        *("clip-vit-l14-336", "MIT", "304.3", "14", "518", "missing", "ViT-L-14-336px.pt (OpenAI CLIP)")
    ]
    assert row(out, "tiny-clip")[5] == "here"
    assert f"looked for in {tmp_path / 'weights'}" in out


def test_import_list_verify(run: Run, clip: Path, tmp_path: Path) -> None:
    code, out, _ = run("weights", "import", clip, "--as", "tiny-clip")
    kept = tmp_path / "weights" / "tiny-clip.safetensors"
    assert code == 0
    assert out.splitlines()[0] == "tiny-clip: PyTorch checkpoint, OpenAI CLIP naming, trained by OpenAI, licence MIT"
    assert out.splitlines()[1].startswith("left out: input_resolution, ln_final")
    assert out.splitlines()[2] == str(kept)

    code, out, _ = run("weights", "list")
    assert (code, row(out, "tiny-clip")[2]) == (0, "ViT-tiny.pt")

    assert run("weights", "verify") == (0, "tiny-clip: good\n", "")


def test_verify_of_changed_weights_fails_in_one_line(run: Run, clip: Path, tmp_path: Path) -> None:
    run("weights", "import", clip)
    with (tmp_path / "weights" / "tiny-clip.safetensors").open("ab") as file:
        file.write(b"x")

    code, _, err = run("weights", "verify", "tiny-clip")

    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("inspector: tiny-clip: ")
    assert "has changed since it was imported; import the weights again" in err


def test_damaged_record_is_listed_as_such(run: Run, clip: Path, tmp_path: Path) -> None:
    run("weights", "import", clip)
    (tmp_path / "weights" / "tiny-clip.json").write_text("{")

    code, out, _ = run("weights", "list")

    assert code == 0
    assert "the record of imported weights" in out


def test_nothing_to_verify(run: Run, tmp_path: Path) -> None:
    assert run("weights", "verify") == (0, f"no weights were imported into {tmp_path / 'weights'}\n", "")


def test_wrong_file_is_one_line_with_a_remedy(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.pt").write_text("<html>")
    code, _, err = run("weights", "import", tmp_path / "page.pt")
    assert (code, err.count("\n")) == (1, 1)
    assert "a download may have saved a web page" in err


@pytest.mark.parametrize(
    "arguments", [(), ("file.pt", "--from-hub", "tiny-clip"), ("--from-hub", "tiny-clip", "--as", "dino-vit-b8")]
)
def test_wrong_usage_of_import(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("weights", "import", *arguments)[0] == 2


def test_import_from_the_hub_without_a_network(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> str:
        raise ConnectionError("no route to host")

    monkeypatch.setattr(hub, "get_hf_file_metadata", offline)

    code, _, err = run("weights", "import", "--from-hub", "tiny-clip")

    assert (code, err.count("\n")) == (1, 1)
    assert "(no route to host); ask again to go on where it stopped, or on another machine get https://" in err


@pytest.mark.parametrize(
    ("preset", "told"),
    [
        ("musc", "ViT-L-14-336px.pt (OpenAI CLIP; licence MIT)"),
        ("dinov2-s", "dinov2_vits14_pretrain.pth (Meta DINOv2; licence Apache-2.0)"),
    ],
)
def test_scan_without_the_weights_says_what_to_get(
    run: Run, make_photos: Callable[..., list[Path]], tmp_path: Path, preset: str, told: str
) -> None:
    make_photos(tmp_path / "batch", 2)

    code, _, err = run("scan", tmp_path / "batch", "--workspace", tmp_path / "w", "--preset", preset)

    assert (code, err.count("\n")) == (1, 1)
    assert f"get {told} and run: inspector weights import FILE" in err


def test_preset_dinov2_s_scans_with_imported_weights(
    run: Run, make_photos: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    narrow = replace(CATALOGUE["dinov2-vit-s14"], width=64, trained_size=56)  # of full depth, quick to run
    monkeypatch.setitem(CATALOGUE, narrow.name, narrow)
    torch.save(vits.dino_weights(narrow), tmp_path / "dinov2.pth")
    make_photos(tmp_path / "batch", 3, spot=True)
    run("weights", "import", tmp_path / "dinov2.pth", "--as", narrow.name)

    code, out, err = run("scan", tmp_path / "batch", "--workspace", tmp_path / "w", "--preset", "dinov2-s")

    assert code == 0, err
    assert out.count("part_") == 3
    with Workspace(tmp_path / "w") as store:
        (done,) = store.runs.all()
        shape = store.artefacts.load_map(done.id, 0).shape
    assert (done.status, done.backbone, shape) == ("done", "dinov2-vit-s14", (37, 37))


def test_scan_with_an_imported_transformer(
    run: Run, clip: Path, make_photos: Callable[..., list[Path]], tmp_path: Path
) -> None:
    make_photos(tmp_path / "batch", 4, spot=True)
    run("weights", "import", clip)

    code, out, _ = run("scan", tmp_path / "batch", "--workspace", tmp_path / "w", "--backbone", "tiny-clip")

    assert code == 0
    assert "part_0.png" in out


def test_backbones_as_json_say_what_each_is_good_for(run: Run) -> None:
    code, out, _ = run("backbones", "--json")

    assert code == 0
    told = {entry["name"]: entry for entry in json.loads(out)}
    assert list(told) == [*CATALOGUE, "point-mae"]
    embedded, clip = told["efficientnet-lite0"], told["clip-vit-l14-336"]
    assert (embedded["here"], embedded["downloads"], embedded["presets"]) == (True, False, ["embedded", "fast"])
    assert (clip["here"], clip["downloads"], clip["licence"]) == (False, True, "MIT")
    assert clip["purpose"].startswith("The network of MuSc as it was published")
    assert told["point-mae"]["downloads"] is False


def test_import_reports_to_a_program(run: Run, clip: Path) -> None:
    assert run("weights", "import", clip, "--events", "jsonl")[0] == 0
    assert run("weights", "import", clip, "--events", "xml")[0] == 2
