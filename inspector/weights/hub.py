"""Fetching weights from the Hugging Face hub: the only thing in the inspector that touches a network, when asked to."""

import shutil
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

from huggingface_hub import hf_hub_download
from tqdm import tqdm

from inspector.errors import Cancelled, WeightsError
from inspector.events import Event, Report, silent
from inspector.weights.catalogue import BackboneInfo, describe_how_to_get, find_backbone
from inspector.weights.importing import Proof, import_weights
from inspector.weights.store import WeightsRecord, weights_folder

FILES = ("config.json", "model.safetensors")
"""What is fetched of a repository: safetensors only."""


def fetch_from_hub(
    name: str, proof: Proof, report: Report = silent, *, folder: str | Path | None = None
) -> WeightsRecord:
    """Fetch a network's weights from timm's repository on the hub and import them.

    A fetch that was cut off goes on where it stopped when it is asked for again.

    Args:
        name: our name, or `timm:NAME`.
        proof: what the networks say of the weights, as for `import_weights`.
        report: receives progress of the stage "download", in bytes; may raise `Cancelled`.
        folder: where to keep the weights; None = `weights_folder()`.

    Raises:
        SettingsError: there is no such name.
        WeightsError: nothing to fetch, no network, or what came is damaged; the message says what to carry over by
            hand.
    """
    info = find_backbone(name)
    if not info.hub:
        raise WeightsError(f"timm keeps no weights of {name} on the hub; {describe_how_to_get(info)}")
    partial = Path(folder or weights_folder()) / ".download" / Path(info.hub).name
    try:
        for file in FILES:
            hf_hub_download(info.hub, file, local_dir=partial, tqdm_class=_make_reporting(report))
    except Cancelled:
        raise
    except Exception as error:  # the kinds change with the hub's and its network's libraries; the remedy does not
        raise WeightsError(_describe_by_hand(info, error)) from error
    record = import_weights(partial, proof, name=name, folder=folder)
    shutil.rmtree(partial)
    with suppress(OSError):  # another fetch may be under way beside it
        partial.parent.rmdir()
    return record


def _describe_by_hand(info: BackboneInfo, error: Exception) -> str:
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
    return (
        f"could not fetch {info.hub} ({reason}); ask again to go on where it stopped, or on another machine get "
        f"https://huggingface.co/{info.hub}/resolve/main/model.safetensors, carry it over and run: "
        f"inspector weights import model.safetensors --as {info.name}"
    )


def _make_reporting(report: Report) -> type[Any]:
    """A progress bar that draws nothing and reports instead."""

    class Reporting(tqdm):  # type: ignore[misc] # tqdm carries no types
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **{**options, "file": StringIO(), "disable": False})

        def update(self, n: float = 1) -> None:
            super().update(n)
            report(Event("progress", "download", int(self.n), int(self.total or self.n)))

    return Reporting
