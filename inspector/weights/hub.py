"""Fetching weights from the Hugging Face hub: the only thing in the inspector that touches a network, when asked to."""

import errno
import re
import shutil
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huggingface_hub import get_hf_file_metadata, hf_hub_url
from huggingface_hub.file_download import http_get
from huggingface_hub.utils._headers import build_hf_headers
from tqdm import tqdm

from inspector.errors import Cancelled, WeightsError
from inspector.events import Event, Report, silent
from inspector.files import file_sha256
from inspector.weights.catalogue import BackboneInfo, describe_how_to_get, find_backbone
from inspector.weights.importing import Proof, import_weights
from inspector.weights.store import WeightsRecord, weights_folder

FILES = ("config.json", "model.safetensors")
"""What is fetched of a repository: safetensors only."""

SHA256 = re.compile(r"[0-9a-f]{64}")
"""What the hub gives as the mark of a large file is the SHA-256 of its content; small files have shorter marks."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What writing fails with where the disk, the share of a user or the largest file is full."""


def fetch_from_hub(
    name: str, proof: Proof, report: Report = silent, *, folder: str | Path | None = None
) -> WeightsRecord:
    """Fetch a network's weights from timm's repository on the hub and import them.

    A fetch that was cut off, cancelled or killed goes on where it stopped when it is asked for again. What came is
    compared with the SHA-256 that the hub tells before it is imported.

    Args:
        name: our name, or `timm:NAME`.
        proof: what the networks say of the weights, as for `import_weights`.
        report: receives progress of the stage "download", in bytes; may raise `Cancelled`.
        folder: where to keep the weights; None = `weights_folder()`.

    Raises:
        SettingsError: there is no such name.
        WeightsError: nothing to fetch, no network, no room, or what came is damaged; the message says what to do.
    """
    info = find_backbone(name)
    if not info.hub:
        raise WeightsError(f"timm keeps no weights of {name} on the hub; {describe_how_to_get(info)}")
    kept = Path(folder or weights_folder())
    partial = kept / ".download" / Path(info.hub).name
    try:
        partial.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            _fetch(info.hub, file, partial, report)
    except (Cancelled, WeightsError):
        raise
    except Exception as error:  # the kinds change with the hub's and its network's libraries; the remedy does not
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            told = f"there is no room for the weights of {name} in {kept}; make room there, or set INSPECTOR_WEIGHTS"
            raise WeightsError(f"{told}, and ask again to go on where it stopped") from error
        raise WeightsError(_describe_by_hand(info, error)) from error
    record = import_weights(partial, proof, name=name, folder=folder)
    shutil.rmtree(partial)
    with suppress(OSError):  # another fetch may be under way beside it
        partial.parent.rmdir()
    return record


def _fetch(repository: str, file: str, folder: Path, report: Report) -> None:
    """Fetch what is still missing of a file; a part of another version of it is not gone on with.

    The hub's own `hf_hub_download` begins anew whenever it is called.
    """
    told = get_hf_file_metadata(hf_hub_url(repository, file))
    mark, target = told.etag or "", folder / file
    part = folder / f"{file}.{mark[:16]}.part"
    if told.size is not None and part.exists() and part.stat().st_size > told.size:
        part.unlink()
    with part.open("ab") as out:
        http_get(
            told.location,
            out,
            resume_size=out.tell(),
            headers=_make_headers(repository, file, told.location),
            expected_size=told.size,
            tqdm_class=_make_reporting(report),
        )
    if SHA256.fullmatch(mark) and file_sha256(part) != mark:
        part.unlink()
        raise WeightsError(f"what came of {repository} is damaged: its SHA-256 is another; ask again, it begins anew")
    part.replace(target)


def _make_headers(repository: str, file: str, location: str) -> dict[str, str]:
    """What the hub wants to know; whoever else it sends us to is not told who asks."""
    headers: dict[str, str] = build_hf_headers()
    if urlsplit(location).netloc != urlsplit(hf_hub_url(repository, file)).netloc:
        headers.pop("authorization", None)
    return headers


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
