"""Networks as the engine lists them. No Qt."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Network:
    """A network of the catalogue.

    Attributes:
        name: our name.
        purpose: what it is good for, in one sentence.
        presets: names of those that use it.
        licence: of its weights, as SPDX identifier; `licence_summary` in one sentence, `licence_address` its text.
        parameters: how many weights it has.
        file, origin: the published file and who publishes it; "" where the weights come with the inspector.
        downloads: whether the engine can fetch it.
        here: whether it can be used at once.
        imported: whether it was brought in.
        folder: where imported weights are kept.
    """

    name: str
    purpose: str
    presets: tuple[str, ...]
    licence: str
    licence_summary: str
    licence_address: str
    parameters: int
    file: str
    origin: str
    downloads: bool
    here: bool
    imported: bool
    folder: str

    @property
    def megabytes(self) -> int:
        """About how large its weights are, in megabytes of 10^6 bytes: four bytes each."""
        return round(self.parameters * 4 / 1e6)


def read_listing(text: str) -> list[Network]:
    """Read what `inspector backbones --json` prints; raises ValueError where it is something else."""
    told = json.loads(text)
    try:
        return [Network(**{**entry, "presets": tuple(entry["presets"])}) for entry in told]
    except (TypeError, KeyError) as error:
        raise ValueError(f"expected a list of networks, but got {text[:80]!r}") from error
