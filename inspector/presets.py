"""Settings by name, and settings made of a preset, a TOML file and single values."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspector.errors import SettingsError, shorten_value
from inspector.files import read_edited_text
from inspector.settings import ScanSettings

ALL = 1_000_000
"""As `references`: more samples than a batch has, so that all others judge."""

FAST = ScanSettings(
    phases=2,
    aggregation="lnamd-mean",
    degrees=(1, 3),
    score_share=0.005,
    rescoring="near",
    threshold="auto",
    variants="auto",
    poses="auto",
)
"""The embedded network at one size (docs/decisions/0005-embedded-default.md), re-scored by nearness
(docs/decisions/0054-nearness.md)."""

EMBEDDED = FAST.model_copy(
    update={
        "layers": (2, 3),
        "aggregation": "lnamd-joined",
        "metric": "auto",
        "more_sizes": (384,),
        "part_box": "auto",
        "subspace": 0.25,
    }
)
"""The embedded network at two sizes (docs/decisions/0019-two-sizes.md), the second one at the part alone where it is
found (docs/decisions/0020-part-box.md), by a learnt metric (docs/decisions/0051-a-learnt-metric.md), with the subspace
of parts that lie alike (docs/decisions/0046-subspace.md)."""

PRESETS: dict[str, ScanSettings] = {
    "embedded": EMBEDDED,
    "fast": FAST,
    "published": ScanSettings(alignment="corners", fusion="sum"),
    "musc": ScanSettings(
        alignment="corners",
        fusion="sum",
        backbone="clip-vit-l14-336",
        image_size=518,
        layers=(5, 11, 17, 23),
        degrees=(1, 3, 5),
        share=0.3,
        references=ALL,
        windows=(1, 2, 3),
    ),
    "musc-v2": ScanSettings(
        alignment="corners",
        fusion="sum",
        backbone="dino-vit-b8",
        image_size=224,
        resize="bicubic",
        layers=(3, 7, 11),
        aggregation="snamd",
        degrees=(1, 3, 5),
        point_feature="point-mae",
        point_degrees=(1, 3, 5),
        share=0.3,
        references=ALL,
        windows=(1, 7),
        rescoring="salient",
    ),
    "dinov2-s": ScanSettings(
        backbone="dinov2-vit-s14",
        image_size=518,
        layers=(2, 5, 8, 11),
        aggregation="lnamd-mean",
        degrees=(1, 3, 5),
        score_share=0.01,
    ),
}
"""`embedded`: the network that comes with the inspector, and what serves it best. `fast`: the same at one size, in a
fraction of the time. `published`: the rules of MuSc for any network. `musc`, `musc-v2`: networks and rules as
published, every sample judged by all others; their weights must be imported. `dinov2-s`: the smallest network worth
importing, its rules chosen from what was published of its family (docs/decisions/0016-dinov2-s.md)."""


ABOUT = {
    "embedded": "The network that comes with the inspector, at two sizes: the one to begin with.",
    "fast": "The same network at one size, in a fraction of the time: for lines and slow machines.",
    "published": "The rules of MuSc, for whichever network you choose.",
    "musc": "MuSc as it was published: CLIP L/14-336, every part judged by all others.",
    "musc-v2": "MuSc-V2 as it was published: DINO B/8 for photos, Point-MAE for point clouds.",
    "dinov2-s": "DINOv2 S/14, the smallest network worth importing; how well it finds defects is untested.",
}
"""Each preset in one sentence."""


def load_settings(
    preset: str | None = None,
    file: str | Path | None = None,
    values: Mapping[str, Any] | None = None,
    kept: Mapping[str, Any] | None = None,
) -> ScanSettings:
    """Build settings from a preset, then those of a recipe, then a TOML file, then single values; the later wins.

    `windows` given in one of these places without `rescoring` choose RsCIN over nearness, which has none.

    Args:
        preset: a name in `PRESETS`; a TOML file may name another one under `preset`. None = "embedded" for the
            embedded network, "published" for any other.
        file: TOML with the fields of `ScanSettings` as keys.
        values: fields by name; None values are ignored.
        kept: fields by name that a recipe keeps.

    Raises:
        SettingsError: unknown preset or name, value out of range, or a file that cannot be read.
    """
    from_file = _read_toml(Path(file)) if file else {}
    given = {name: value for name, value in (values or {}).items() if value is not None}
    named = from_file.pop("preset", None) or preset
    kept = kept or {}
    base = choose_preset(named, {**kept, **from_file, **given})
    if not isinstance(base, str) or base not in PRESETS:
        raise SettingsError(f"there is no preset {shorten_value(base)}; choose one of: {', '.join(PRESETS)}")
    changes: dict[str, Any] = {"rescoring": PRESETS[base].rescoring}
    for place in (kept, from_file, given):
        if place.get("windows") and changes["rescoring"] == "near":
            changes["rescoring"] = "auto"
        changes.update(place)
    return PRESETS[base].changed(**changes)


def choose_preset(named: str | None, values: Mapping[str, Any]) -> str:
    """Return the preset that settings start from: the one that is named, else by the network among their values."""
    own = values.get("backbone", EMBEDDED.backbone) == EMBEDDED.backbone
    return named or ("embedded" if own else "published")


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_edited_text(file))
    except OSError as error:
        raise SettingsError(f"cannot read the settings file {file}: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{file} is no valid TOML: {error}") from error
    except RecursionError as error:
        raise SettingsError(f"{file} is no valid TOML: it is nested without end") from error
