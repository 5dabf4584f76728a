"""Fetching from the hub, with a hub that is a function: no test touches a network."""

from pathlib import Path
from typing import Any

import pytest
from huggingface_hub.errors import LocalEntryNotFoundError
from safetensors.torch import save_file

from inspector.errors import Cancelled, WeightsError
from inspector.events import Event
from inspector.features.backbones import load_backbone
from inspector.features.proof import PROOF
from inspector.weights import hub
from inspector.weights.naming import to_timm_naming
from tests.features import small_vits as vits

pytestmark = pytest.mark.usefixtures("tiny")


class Hub:
    """Stands for `hf_hub_download`: keeps half a file when it is cut off, and goes on from there."""

    def __init__(self, cut_off: bool = False) -> None:
        self.asked: list[tuple[str, str]] = []
        self.cut_off = cut_off
        self.resumed = False

    def __call__(self, repo: str, file: str, *, local_dir: Path, tqdm_class: Any) -> str:
        self.asked.append((repo, file))
        local_dir.mkdir(parents=True, exist_ok=True)
        if file == "config.json":
            (local_dir / file).write_text('{"pretrained_cfg": {"tag": "openai"}}')
            return str(local_dir / file)
        partial = local_dir / "partial"
        self.resumed = partial.exists()
        with tqdm_class(total=100, initial=50 if self.resumed else 0, disable=None) as bar:
            if not self.resumed:
                bar.update(50)
                partial.touch()
            if self.cut_off:
                raise LocalEntryNotFoundError("cannot find the requested files online\nand more")
            bar.update(50)
        save_file(to_timm_naming(vits.openai_weights()).tensors, local_dir / file)
        return str(local_dir / file)


def test_fetched_weights_are_imported_and_nothing_else_is_left(
    monkeypatch: pytest.MonkeyPatch, weights_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake, events = Hub(), []
    monkeypatch.setattr(hub, "hf_hub_download", fake)

    record = hub.fetch_from_hub("tiny-clip", PROOF, events.append)

    repo = "timm/vit_base_patch32_clip_224.openai"
    assert fake.asked == [(repo, "config.json"), (repo, "model.safetensors")]
    assert record.form == "safetensors file, DINO or timm naming"
    assert record.source == "vit_base_patch32_clip_224.openai/model.safetensors"
    assert sorted(path.name for path in weights_home.iterdir()) == ["tiny-clip.json", "tiny-clip.safetensors"]
    assert load_backbone("tiny-clip").weights_sha256 == record.sha256
    assert events == [Event("progress", "download", 50, 100), Event("progress", "download", 100, 100)]
    assert capsys.readouterr() == ("", "")


def test_fetch_that_was_cut_off_says_what_to_carry_over_and_goes_on_when_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "hf_hub_download", Hub(cut_off=True))
    with pytest.raises(WeightsError) as caught:
        hub.fetch_from_hub("tiny-clip", PROOF)
    assert str(caught.value) == (
        "could not fetch timm/vit_base_patch32_clip_224.openai (cannot find the requested files online); ask again to "
        "go on where it stopped, or on another machine get https://huggingface.co/timm/vit_base_patch32_clip_224.openai"
        "/resolve/main/model.safetensors, carry it over and run: inspector weights import model.safetensors --as "
        "tiny-clip"
    )

    again = Hub()
    monkeypatch.setattr(hub, "hf_hub_download", again)
    hub.fetch_from_hub("tiny-clip", PROOF)

    assert again.resumed


def test_cancelling_a_fetch_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "hf_hub_download", Hub())

    def stop(event: Event) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        hub.fetch_from_hub("tiny-clip", PROOF, stop)


def test_name_without_a_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "hf_hub_download", Hub())
    with pytest.raises(WeightsError, match="keeps no weights of timm:vit_giant_patch16_gap_224 on the hub"):
        hub.fetch_from_hub("timm:vit_giant_patch16_gap_224", PROOF)
