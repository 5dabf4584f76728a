"""Options that several commands share, and what they come to."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.results.store import default_workspace
from inspector.settings import PRESETS, ScanSettings, load_settings

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
ThresholdK = Annotated[float | None, typer.Option(help="Flag above median + k x MAD.")]
Device = Annotated[str | None, typer.Option(help="auto, cpu or cuda.")]


def chosen_settings(
    preset: str | None,
    settings_file: Path | None,
    *,
    backbone: str | None,
    weights: Path | None,
    image_size: int | None,
    layers: str | None,
    degrees: str | None,
    windows: str | None,
    modality: str | None,
    background: str | None,
    point_feature: str | None,
    point_weights: Path | None,
    references: int | None,
    threshold_k: float | None = None,
    device: str | None,
) -> ScanSettings:
    """Build the settings from the options; None = not given.

    Raises:
        typer.BadParameter: a list of numbers is none.
        SettingsError: see `load_settings`.
    """
    values = {
        "backbone": backbone,
        "weights": weights,
        "image_size": image_size,
        "layers": numbers(layers, "--layers"),
        "degrees": numbers(degrees, "--degrees"),
        "windows": numbers(windows, "--windows"),
        "modality": modality,
        "background": background,
        "point_feature": point_feature,
        "point_weights": point_weights,
        "references": references,
        "threshold_k": threshold_k,
        "device": device,
    }
    return load_settings(preset, settings_file, values)


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
