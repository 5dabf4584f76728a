"""Options that several commands share, and what they come to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from inspector.export.register import USUAL, list_exports
from inspector.settings import PRESETS, ScanSettings, load_settings
from inspector.store.workspace import default_workspace

Workspace = Annotated[
    Path,
    typer.Option(
        "--workspace",
        envvar="INSPECTOR_WORKSPACE",
        default_factory=default_workspace,
        show_default="the user's data folder",
        help="Folder that keeps runs and maps.",
    ),
]

What = Annotated[
    str, typer.Option(help=f"Any of {', '.join(list_exports())}.", metavar="NAME,NAME,…", show_default=True)
]

USUAL_EXPORTS = ",".join(USUAL)

Preset = Annotated[
    str | None,
    typer.Option(
        help=f"One of: {', '.join(PRESETS)}.",
        show_default="embedded; published with another --backbone",
    ),
]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="TOML file with settings.")]
Backbone = Annotated[str | None, typer.Option(help="Network; `inspector backbones` lists them.")]
Weights = Annotated[Path | None, typer.Option(help="Weights file for it.")]
ImageSize = Annotated[int | None, typer.Option(help="Side of the network's input, in pixels.")]
Layers = Annotated[str | None, typer.Option(help="Blocks or stages, as in 2,3.")]
Degrees = Annotated[str | None, typer.Option(help="Aggregation windows in patches, as in 1,3,5.")]
Windows = Annotated[str | None, typer.Option(help="Re-scoring windows, as in 1,2,3; none = off.")]
Modality = Annotated[str | None, typer.Option(help="2d (photos), 3d (clouds), 2d+3d, or auto = all there is.")]
Background = Annotated[
    str | None, typer.Option(help="What clouds are cut out by: mvtec-3d, eyecandies, off, or auto = by the layout.")
]
PointFeature = Annotated[str | None, typer.Option(help="Of groups of points: fpfh, or point-mae (needs weights).")]
PointWeights = Annotated[Path | None, typer.Option(help="Weights file of Point-MAE; else the imported one.")]
References = Annotated[int | None, typer.Option(help="Other samples that judge each one; fewer is faster.")]
Tiles = Annotated[int | None, typer.Option(help="Cut photos into so many overlapping tiles along each side.")]
SearchRadius = Annotated[int | None, typer.Option(help="Aligned parts: compare patches only so many patches away.")]
Precision = Annotated[str | None, typer.Option(help="Of comparisons: float32, half, or auto = half on GPUs.")]
Memory = Annotated[float | None, typer.Option(help="GB that a scan may take; else 60 % of what is free.")]
ThresholdK = Annotated[float | None, typer.Option(help="Flag above median + k x MAD.")]
Device = Annotated[str | None, typer.Option(help="auto, cpu or cuda.")]


def chosen_settings(parameters: Mapping[str, Any]) -> ScanSettings:
    """Build the settings from a command's parameters, by name; None = not given. Those that are no settings are passed
    over.

    Raises:
        typer.BadParameter: a list of numbers is none.
        SettingsError: see `load_settings`.
    """
    values = {name: value for name, value in parameters.items() if name in ScanSettings.model_fields}
    for name in ("layers", "degrees", "windows"):
        values[name] = numbers(values.get(name), f"--{name}")
    return load_settings(parameters.get("preset"), parameters.get("settings_file"), values)


def chosen_exports(text: str, option: str) -> list[str]:
    """Read "scores,report" as names of exports.

    Raises:
        typer.BadParameter: there is none, or one that does not exist.
    """
    names = list(dict.fromkeys(text.replace(",", " ").split()))
    unknown = [name for name in names if name not in list_exports()]
    if unknown or not names:
        told = f"{', '.join(unknown) or 'nothing'} is none of {', '.join(list_exports())}"
        raise typer.BadParameter(told, param_hint=option)
    return names


def numbers(text: str | None, option: str) -> tuple[int, ...] | None:
    """Read "2,3" as (2, 3), "none" as (), and nothing as None.

    Raises:
        typer.BadParameter: something else stands there.
    """
    if text is None:
        return None
    if text.strip().lower() in ("none", ""):
        return ()
    try:
        return tuple(int(piece) for piece in text.replace(",", " ").split())
    except ValueError as error:
        raise typer.BadParameter(f"expected whole numbers as in 1,2,3, but got {text!r}", param_hint=option) from error
