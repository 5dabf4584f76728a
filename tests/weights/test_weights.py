"""Importing, keeping and checking weights."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from inspector.errors import SettingsError, WeightsError
from inspector.features.backbones import load_backbone
from inspector.features.proof import PROOF
from inspector.weights.catalogue import CATALOGUE
from inspector.weights.files import file_sha256
from inspector.weights.importing import Verified, import_weights, verify_weights
from inspector.weights.store import are_here, list_imported, read_record, weights_folder
from tests.features import published_forms as forms
from tests.features import small_vits as vits

pytestmark = pytest.mark.usefixtures("tiny")


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "ViT-tiny.pt"
    torch.save(vits.openai_weights(), path)
    return path


def test_import_keeps_safetensors_and_a_record(clip: Path, weights_home: Path) -> None:
    record = import_weights(clip, PROOF)

    kept = weights_home / "tiny-clip.safetensors"
    assert sorted(path.name for path in weights_home.iterdir()) == ["tiny-clip.json", "tiny-clip.safetensors"]
    assert kept.stat().st_mode == (weights_home / "tiny-clip.json").stat().st_mode
    assert record == read_record(weights_home / "tiny-clip.json")
    assert record.model_dump(exclude={"imported"}) == {
        "name": "tiny-clip",
        "sha256": file_sha256(kept),
        "source": "ViT-tiny.pt",
        "source_sha256": file_sha256(clip),
        "form": "PyTorch checkpoint, OpenAI CLIP naming",
        "training": "openai",
        "licence": "MIT",
        "ignored": (
            "input_resolution",
            "ln_final",
            "logit_scale",
            "positional_embedding",
            "text_projection",
            "token_embedding",
            "transformer",
        ),
    }


@pytest.mark.parametrize("size", [32, 48])
def test_imported_weights_give_the_tokens_of_their_source(clip: Path, size: int) -> None:
    record = import_weights(clip, PROOF)

    backbone = load_backbone("tiny-clip", image_size=size)

    assert backbone.weights_sha256 == record.sha256
    photos = vits.images(size)
    tokens, embedding = backbone.tokens(photos)
    source, source_embedding = load_backbone("tiny-clip", weights=clip, image_size=size).tokens(photos)
    torch.testing.assert_close(tokens, source, atol=0, rtol=0)
    torch.testing.assert_close(embedding, source_embedding, atol=0, rtol=0)


def test_who_trained_the_weights_outlives_the_import(tmp_path: Path) -> None:
    folder = forms.hub_folder(
        tmp_path / "clip", forms.hub_clip(vits.openai_weights()), {"vision_config": {"hidden_act": "gelu"}}
    )

    record = import_weights(folder, PROOF)

    assert record.source == "clip/model.safetensors"
    assert (record.form, record.training) == ("safetensors file, Hugging Face CLIP naming", "laion")
    photos = vits.images(32)
    tokens, _ = load_backbone("tiny-clip", image_size=32).tokens(photos)
    expected, _ = vits.clip_reference(vits.TINY_CLIP, vits.openai_weights(), photos, (3,), quick_gelu=False)
    torch.testing.assert_close(tokens[3].double(), expected[0], atol=1e-4, rtol=1e-4)


def test_missing_weights_say_what_to_get_and_how() -> None:
    with pytest.raises(WeightsError) as caught:
        load_backbone("clip-vit-l14-336")
    assert str(caught.value) == (
        "the weights of clip-vit-l14-336 are not on this machine: get ViT-L-14-336px.pt (OpenAI CLIP; licence MIT) "
        "and run: inspector weights import FILE; on a machine with a network: inspector weights import --from-hub "
        "clip-vit-l14-336"
    )


def test_import_as_the_wrong_network_keeps_nothing(clip: Path, weights_home: Path) -> None:
    with pytest.raises(WeightsError, match="holds tiny-clip, not tiny-dino"):
        import_weights(clip, PROOF, name="tiny-dino")
    assert not weights_home.exists()


def test_import_under_an_unknown_name(clip: Path) -> None:
    with pytest.raises(SettingsError, match="there is no backbone 'clip-vit-x'"):
        import_weights(clip, PROOF, name="clip-vit-x")


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def _not_a_number(path: Path) -> None:
    torch.save(vits.openai_weights() | {"visual.ln_pre.bias": torch.full((128,), float("nan"))}, path)


def _all_zero(path: Path) -> None:
    torch.save({name: torch.zeros_like(tensor) for name, tensor in vits.openai_weights().items()}, path)


def _no_embedding(path: Path) -> None:
    torch.save(vits.openai_weights() | {"visual.proj": torch.full((128, 24), float("inf"))}, path)


@pytest.mark.parametrize("spoil", [_cut_short, _not_a_number, _all_zero, _no_embedding])
def test_good_weights_are_never_replaced_by_bad_ones(
    clip: Path, weights_home: Path, spoil: Callable[[Path], None]
) -> None:
    import_weights(clip, PROOF)
    before = {path.name: path.read_bytes() for path in weights_home.iterdir()}
    spoil(clip)

    with pytest.raises(WeightsError):
        import_weights(clip, PROOF)

    assert {path.name: path.read_bytes() for path in weights_home.iterdir()} == before
    assert verify_weights(PROOF) == [Verified("tiny-clip", "")]


def test_weights_that_give_no_numbers_fail_the_proof(clip: Path) -> None:
    _not_a_number(clip)
    with pytest.raises(WeightsError, match="weights of tiny-clip are spoilt: its tokens are not finite"):
        import_weights(clip, PROOF)


def test_folder_that_cannot_be_written(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsError, match=r"cannot write .*tiny-clip.safetensors: .*; make room there or set"):
        import_weights(clip, PROOF, folder=tmp_path / "file")


def test_import_again_replaces(clip: Path, weights_home: Path) -> None:
    first = import_weights(clip, PROOF)
    torch.save(vits.openai_weights(seed=1), clip)

    second = import_weights(clip, PROOF)

    assert first.sha256 != second.sha256 == load_backbone("tiny-clip").weights_sha256
    assert len(list(weights_home.iterdir())) == 2


def test_verify_notices_a_flipped_byte_and_so_does_loading(clip: Path, weights_home: Path) -> None:
    import_weights(clip, PROOF)
    kept = weights_home / "tiny-clip.safetensors"
    content = bytearray(kept.read_bytes())
    content[-3] ^= 1
    kept.write_bytes(content)

    (result,) = verify_weights(PROOF)

    message = f"{kept} has changed since it was imported; import the weights"
    assert (result.name, result.problem.startswith(message)) == ("tiny-clip", True)
    with pytest.raises(WeightsError, match="has changed since it was imported; import the weights of tiny-clip again"):
        load_backbone("tiny-clip")


@pytest.mark.parametrize("content", [None, "{", '{"name": "tiny-clip"}', "[]"])
def test_verify_notices_a_damaged_record(clip: Path, weights_home: Path, content: str | None) -> None:
    import_weights(clip, PROOF)
    record = weights_home / "tiny-clip.json"
    record.unlink()
    if content is not None:
        record.write_text(content)

    (result,) = verify_weights(PROOF, ["tiny-clip"])

    assert result.problem.startswith(f"cannot read {record}, the record of imported weights")


def test_verify_of_what_was_never_imported() -> None:
    assert verify_weights(PROOF) == []
    with pytest.raises(WeightsError, match="tiny-clip was not imported into"):
        verify_weights(PROOF, ["tiny-clip"])


def test_imported_names_follow_the_catalogue(tmp_path: Path, clip: Path) -> None:
    torch.save(vits.dino_weights(), tmp_path / "dino.pth")
    import_weights(tmp_path / "dino.pth", PROOF)
    import_weights(clip, PROOF)

    assert list_imported() == ["tiny-clip", "tiny-dino"]
    assert [are_here(CATALOGUE[name]) for name in ("tiny-clip", "tiny-dinov2", "efficientnet-lite0")] == [
        True,
        False,
        True,
    ]


def test_folder_of_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clip: Path) -> None:
    assert weights_folder() == tmp_path / "weights"
    import_weights(clip, PROOF, folder=tmp_path / "elsewhere")
    assert verify_weights(PROOF, folder=tmp_path / "elsewhere") == [Verified("tiny-clip", "")]
    monkeypatch.delenv("INSPECTOR_WEIGHTS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert weights_folder().parts[-2:] == ("mutual-inspector", "weights")


def test_record_is_plain_json(clip: Path, weights_home: Path) -> None:
    import_weights(clip, PROOF)
    assert json.loads((weights_home / "tiny-clip.json").read_text())["source"] == "ViT-tiny.pt"
