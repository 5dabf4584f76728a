"""Fetching from the hub, with a hub on this machine: no test touches a network."""

import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from safetensors.torch import save

from inspector.errors import Cancelled, WeightsError
from inspector.events import Event
from inspector.features.backbones import load_backbone
from inspector.features.proof import PROOF
from inspector.weights import hub
from inspector.weights.naming import to_timm_naming
from tests.features import small_vits as vits
from tests.weights.fake_hub import FakeHub, serve

pytestmark = pytest.mark.usefixtures("tiny", "weights_home")

REPOSITORY = "timm/vit_base_patch32_clip_224.openai"
CONTENT = save(to_timm_naming(vits.openai_weights()).tensors)
HALF = len(CONTENT) // 2


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    held = {"config.json": b'{"pretrained_cfg": {"tag": "openai"}}', "model.safetensors": CONTENT}
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 1 << 16)
    monkeypatch.setattr("huggingface_hub.file_download.time", SimpleNamespace(sleep=lambda _seconds: None))
    with serve(FakeHub(held)) as server:
        monkeypatch.setattr(hub, "hf_hub_url", lambda name, file: f"{server.address}/{name}/resolve/main/{file}")
        yield server


def test_fetched_weights_are_imported_and_nothing_else_is_left(
    fake: FakeHub, weights_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events: list[Event] = []

    record = hub.fetch_from_hub("tiny-clip", PROOF, events.append)

    assert record.form == "safetensors file, DINO or timm naming"
    assert record.source == "vit_base_patch32_clip_224.openai/model.safetensors"
    assert sorted(path.name for path in weights_home.iterdir()) == ["tiny-clip.json", "tiny-clip.safetensors"]
    assert load_backbone("tiny-clip").weights_sha256 == record.sha256
    assert events[-1] == Event("progress", "download", len(CONTENT), len(CONTENT))
    assert capsys.readouterr() == ("", "")


def test_fetch_that_was_cut_off_says_what_to_do_and_goes_on_where_it_stopped(fake: FakeHub) -> None:
    fake.cut_after = HALF
    with pytest.raises(WeightsError) as caught:
        hub.fetch_from_hub("tiny-clip", PROOF)
    assert str(caught.value).startswith(f"could not fetch {REPOSITORY} (")
    assert str(caught.value).endswith(
        "; ask again to go on where it stopped, or on another machine get https://huggingface.co/"
        f"{REPOSITORY}/resolve/main/model.safetensors, carry it over and run: inspector weights import "
        "model.safetensors --as tiny-clip"
    )
    fake.cut_after, fake.gone = None, False
    events: list[Event] = []

    record = hub.fetch_from_hub("tiny-clip", PROOF, events.append)

    begun = int(fake.ranges[-1].removeprefix("bytes=").rstrip("-"))
    assert 0 < begun <= HALF
    assert min(event.done for event in events if event.total == len(CONTENT)) > begun
    assert load_backbone("tiny-clip").weights_sha256 == record.sha256


def test_a_part_of_another_version_is_not_gone_on_with(fake: FakeHub, weights_home: Path) -> None:
    folder = weights_home / ".download" / "vit_base_patch32_clip_224.openai"
    folder.mkdir(parents=True)
    (folder / "model.safetensors.0123456789abcdef.part").write_bytes(b"older")

    hub.fetch_from_hub("tiny-clip", PROOF)

    assert fake.ranges == [""]


def test_a_spoilt_file_is_refused_and_fetched_anew_when_asked_again(fake: FakeHub, weights_home: Path) -> None:
    fake.spoilt = True
    with pytest.raises(WeightsError, match=f"what came of {REPOSITORY} is damaged: its SHA-256 is another"):
        hub.fetch_from_hub("tiny-clip", PROOF)
    assert not (weights_home / "tiny-clip.safetensors").exists()
    fake.spoilt = False

    hub.fetch_from_hub("tiny-clip", PROOF)

    assert fake.ranges == ["", ""]


def test_a_hub_that_is_gone_is_told(fake: FakeHub) -> None:
    fake.gone = True

    with pytest.raises(WeightsError, match=f"could not fetch {REPOSITORY} .*ask again to go on"):
        hub.fetch_from_hub("tiny-clip", PROOF)


def test_a_repository_without_the_file_is_told(fake: FakeHub) -> None:
    del fake.files["model.safetensors"]

    with pytest.raises(WeightsError, match=f"could not fetch {REPOSITORY} .*404"):
        hub.fetch_from_hub("tiny-clip", PROOF)


def test_a_full_disk_is_told_and_what_was_fetched_is_kept(fake: FakeHub, weights_home: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HALF, hard))
    try:
        with pytest.raises(WeightsError, match=r"there is no room for the weights of tiny-clip in .*make room there"):
            hub.fetch_from_hub("tiny-clip", PROOF)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, heard)

    hub.fetch_from_hub("tiny-clip", PROOF)

    assert int(fake.ranges[-1].removeprefix("bytes=").rstrip("-")) > 0


def test_cancelling_a_fetch_passes_through_and_it_goes_on_later(fake: FakeHub) -> None:
    def stop(event: Event) -> None:
        if event.total == len(CONTENT) and event.done > HALF:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        hub.fetch_from_hub("tiny-clip", PROOF, stop)
    hub.fetch_from_hub("tiny-clip", PROOF)

    assert int(fake.ranges[-1].removeprefix("bytes=").rstrip("-")) > 0


def test_another_host_is_not_told_who_asks(fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")

    assert hub._make_headers(REPOSITORY, "a", f"{fake.address}/there")["authorization"] == "Bearer hf_secret"
    assert "authorization" not in hub._make_headers(REPOSITORY, "a", "https://elsewhere.example/there")


def test_name_without_a_repository() -> None:
    with pytest.raises(WeightsError, match="keeps no weights of timm:vit_giant_patch16_gap_224 on the hub"):
        hub.fetch_from_hub("timm:vit_giant_patch16_gap_224", PROOF)
