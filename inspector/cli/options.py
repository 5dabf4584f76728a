"""Options that several commands share, and what they come to; those of the settings are made from their fields."""

import functools
import inspect
import os
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import typer
from pydantic.fields import FieldInfo
from typer.models import OptionInfo

from inspector.data.layouts import LAYOUTS
from inspector.errors import StoreError, replace_names
from inspector.export.csv_files import Decimal as DecimalSign
from inspector.export.register import USUAL, list_exports
from inspector.export.words import Language as ReportLanguage
from inspector.logs import keep_log, print_log
from inspector.presets import EMBEDDED, PRESETS, load_settings
from inspector.recipes import Recipe
from inspector.settings import Resources, ScanSettings, Tracing
from inspector.store.database import FILE
from inspector.store.location import folder_of, is_address
from inspector.store.recipes import SUFFIX
from inspector.store.workspace import Workspace as Store
from inspector.store.workspace import default_workspace
from inspector.terminal import quote_argument

WORKSPACE = "INSPECTOR_WORKSPACE"
"""Environment variable that names the workspace."""


def _begin_log(workspace: str) -> str:
    keep_log(folder_of(workspace))
    return workspace


def has_workspace(workspace: str) -> bool:
    """Tell whether there is a workspace that can be opened without one being made; a server is taken to have it."""
    return is_address(workspace) or (folder_of(workspace) / FILE).exists()


def require_workspace(workspace: str) -> None:
    """Refuse a folder that holds no workspace, where opening it would make one.

    Raises:
        StoreError: there is none.
    """
    if not has_workspace(workspace):
        raise StoreError(f"there is no workspace in {workspace}; a scan makes one, or name another with `workspace`")


def repeat_workspace(workspace: str) -> str:
    """Return what a command that is shown needs to look at the same workspace; "" where it does so by itself."""
    usual = os.environ.get(WORKSPACE) or str(default_workspace())
    return "" if workspace == usual else f" --workspace {quote_argument(workspace)}"


def _begin_log_of_existing(workspace: str) -> str:
    require_workspace(workspace)
    return _begin_log(workspace)


def _print_log(wanted: bool) -> bool:
    if wanted:
        print_log()
    return wanted


def _make_workspace_option(callback: Callable[[str], str]) -> OptionInfo:
    option: OptionInfo = typer.Option(
        "--workspace",
        envvar=WORKSPACE,
        metavar="FOLDER|ADDRESS",
        default_factory=lambda: str(default_workspace()),
        show_default="the user's data folder",
        help="Folder that keeps runs and maps, or postgresql://USER@HOST/DATABASE?artefacts=FOLDER.",
        callback=callback,
    )
    return option


Workspace = Annotated[str, _make_workspace_option(_begin_log)]

ExistingWorkspace = Annotated[str, _make_workspace_option(_begin_log_of_existing)]
"""Of commands that look at what is there, or take something out: none is made where a name is mistyped."""


def _check_layout(name: str) -> str:
    if name != "auto" and name not in LAYOUTS:
        raise typer.BadParameter(f"{name!r} is none of auto, {', '.join(LAYOUTS)}")
    return name


Layout = Annotated[str, typer.Option(help=f"auto, {', '.join(LAYOUTS)}.", callback=_check_layout)]

Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Print the log, too; see logs/ in the workspace.", callback=_print_log),
]

Events = Annotated[Literal["auto", "jsonl"], typer.Option(help="auto or jsonl (one JSON line per event on stdout).")]

What = Annotated[
    str, typer.Option(help=f"Any of {', '.join(list_exports())}.", metavar="NAME,NAME,…", show_default=True)
]

Decimal = Annotated[
    DecimalSign,
    typer.Option(
        "--decimal", help="In CSV files; with comma, semicolons divide the cells, as some spreadsheets expect."
    ),
]

Language = Annotated[ReportLanguage, typer.Option("--language", help="Of the reports, HTML and PDF.")]

USUAL_EXPORTS = ",".join(USUAL)

Preset = Annotated[
    str | None,
    typer.Option(
        help=f"One of: {', '.join(PRESETS)}.",
        show_default="embedded; published with another --backbone",
    ),
]
RecipeName = Annotated[
    str | None,
    typer.Option("--recipe", metavar="NAME|FILE", help="Product whose recipe is used; `inspector recipes` has them."),
]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="TOML file with settings.")]
Command = Callable[..., None]


def add_settings(command: Command, usual: str | None = None) -> Command:
    """Give a command, in place of its parameter `settings`, an option for each setting, a preset and a file of them.

    One that has a parameter `recipe: Recipe | None` also gets `--recipe`.

    Args:
        command: has a parameter `settings: ScanSettings`, which receives what the options come to.
        usual: the preset of the embedded network where none is named; None = as `load_settings` chooses.

    Returns:
        The command as typer is to see it; with `--resume` or the name of a recipe it makes no workspace.
    """
    signature = inspect.signature(command)
    presets = {"preset": Preset, "settings_file": SettingsFile}
    added = [_make_parameter(name, annotation) for name, annotation in {**presets, **_make_options()}.items()]
    own = {name: each for name, each in signature.parameters.items() if name not in ("settings", "recipe")}
    takes_recipe = "recipe" in signature.parameters
    if takes_recipe:
        own["recipe"] = _make_parameter("recipe", RecipeName)

    @functools.wraps(command)
    def run(**given: Any) -> None:
        kept: Mapping[str, Any] = {}
        if given.get("resume"):
            require_workspace(given["workspace"])
        values = {parameter.name: given.pop(parameter.name) for parameter in added}
        if takes_recipe:
            given["recipe"], kept = _find_recipe(given["workspace"], given["recipe"])
        command(settings=choose_settings(values, usual, given.get("recipe"), kept), **given)

    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own.values(), *added)]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del run.__wrapped__  # typer would look there
    return run


def _find_recipe(workspace: str, given: str | None) -> tuple[Recipe | None, Mapping[str, Any]]:
    """Find a recipe, and the settings that it stands for."""
    if given is None:
        return None, {}
    if not (given.endswith(SUFFIX) or Path(given).is_file()):
        try:
            require_workspace(workspace)
        except StoreError as error:
            raise StoreError(f"there is no recipe {given}: {error}") from error
    with Store(workspace) as store:
        recipe = store.recipes.find(given)
        return recipe, store.recipes.settings_of(recipe)


def choose_folder(folder: str | Path | None, recipe: Recipe | None) -> str:
    """Return the folder (or address) that was named, or that of the recipe.

    Raises:
        typer.BadParameter: neither names one.
    """
    if folder is None and recipe is not None and recipe.folder:
        return recipe.folder
    if not folder:
        raise typer.BadParameter("name a folder, or a recipe that has one", param_hint="FOLDER")
    return str(folder)


def _make_parameter(name: str, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _make_options() -> dict[str, Any]:
    """Make the annotation of each setting's option: values are checked by the settings, lists are read from text."""
    return {
        name: Annotated[
            _find_type(field) | None,
            typer.Option(
                name_flag(name),
                help=field.description,
                metavar=_describe_values(field),
                rich_help_panel=_find_panel(name),
            ),
        ]
        for name, field in ScanSettings.model_fields.items()
    }


def _find_panel(setting: str) -> str:
    """Return the heading that a setting's option stands below."""
    if setting in Resources.model_fields:
        return "Resources"
    return "Parts" if setting in Tracing.model_fields else "Method"


def name_flag(setting: str) -> str:
    """Return the flag of a setting: "image_size" gives "--image-size"."""
    return f"--{setting.replace('_', '-')}"


def _find_type(field: FieldInfo) -> type:
    """Return the type of an option's value: lists and choices are text."""
    kind = _find_kind(field)
    return kind if kind in (bool, int, float, Path) else str


def _find_kind(field: FieldInfo) -> Any:
    """Return what a field holds where it is not None."""
    kinds = get_args(field.annotation) if isinstance(field.annotation, types.UnionType) else (field.annotation,)
    return next(kind for kind in kinds if kind is not type(None))


def _describe_values(field: FieldInfo) -> str | None:
    """Return what stands for the value in the help; None = the name of its type."""
    kind = _find_kind(field)
    if get_origin(kind) is Literal:
        return "|".join(map(str, get_args(kind)))
    return "N,N,…" if get_origin(kind) is tuple else None


def choose_settings(
    parameters: Mapping[str, Any],
    usual: str | None = None,
    recipe: Recipe | None = None,
    kept: Mapping[str, Any] | None = None,
) -> ScanSettings:
    """Build the settings from options by name, which win over those of a recipe; None = not given.

    Args:
        parameters: options by name.
        usual: as for `add_settings`.
        recipe: what a product keeps.
        kept: the settings that it stands for.

    Raises:
        typer.BadParameter: a list of numbers is none.
        SettingsError: see `load_settings`.
    """
    values = {name: value for name, value in parameters.items() if name in ScanSettings.model_fields}
    for name, field in ScanSettings.model_fields.items():
        kind = _find_kind(field)
        if get_origin(kind) is tuple:
            values[name] = read_numbers(values.get(name), name_flag(name), get_args(kind)[0])
    preset, file = parameters.get("preset"), parameters.get("settings_file")
    if recipe is not None:
        preset = preset or recipe.preset
    found = load_settings(preset, file, values, kept)
    is_free = usual is not None and preset is None and found.backbone == EMBEDDED.backbone
    return load_settings(usual, file, values, kept) if is_free else found


def add_flags(message: str) -> str:
    """Add the flags to the settings that a message of the engine names; other choices are told by their flag alone."""
    flags = {name: f"{name} ({name_flag(name)})" for name in ScanSettings.model_fields}
    return replace_names(
        message, {**flags, **{n: f"--{n}" for n in ("workspace", "resume", "layout", "out", "replace", "storage")}}
    )


def choose_exports(text: str, option: str) -> list[str]:
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


Number = TypeVar("Number", int, float)


def read_numbers(text: str | None, option: str, kind: Callable[[str], Number]) -> tuple[Number, ...] | None:
    """Read "2,3" as (2, 3), "none" as (), and nothing as None.

    Args:
        text: what was given.
        option: for which option.
        kind: int or float: makes a number of its text.

    Raises:
        typer.BadParameter: something else stands there.
    """
    if text is None:
        return None
    if text.strip().lower() in ("none", ""):
        return ()
    try:
        return tuple(kind(piece) for piece in text.replace(",", " ").split())
    except ValueError as error:
        whole = "whole numbers" if kind is int else "numbers"
        raise typer.BadParameter(f"expected {whole} as in 1,2,3, but got {text!r}", param_hint=option) from error
