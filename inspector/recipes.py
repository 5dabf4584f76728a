"""Recipes: what a named product keeps of how it is inspected, as one TOML file."""

import base64
import json
import tomllib
from pathlib import Path
from typing import Any, Self

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from inspector.errors import SettingsError, say_why, shorten_value
from inspector.files import read_edited_text, require_regular
from inspector.part_rule import check_rule
from inspector.presets import PRESETS, load_settings
from inspector.settings import ScanSettings

VERSION = 1
"""Of the files: a program reads those up to its own."""

PNG, PICTURE = b"\x89PNG", "data:image/png;base64,"
"""How a PNG begins, and how it begins in a recipe."""

MOST_CLASSES = 50
"""Defect classes of a product."""


class Recipe(BaseModel):
    """A named product: whatever of its inspection differs from the preset. Unknown names are errors.

    Attributes:
        name: of the product.
        preset: a name in `PRESETS`; None = as `load_settings` chooses.
        folder: where its batches lie, as a proposal; "" = none.
        classes: names of its defects, in the order they are offered.
        part_id: regular expression with named groups that finds the part's id (and lot, station, ...) in a file name.
        roi: region of interest: shapes as GeoJSON has them, or a picture as `data:image/png;base64,...`; None = none.
        settings: fields of `ScanSettings` that differ from the preset.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    preset: str | None = None
    folder: str = ""
    classes: list[str] = Field(default_factory=list, max_length=MOST_CLASSES)
    part_id: str = ""
    roi: dict[str, Any] | str | None = Field(default=None, repr=False)
    settings: dict[str, Any] = Field(default_factory=dict)

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        if name != name.strip() or not name.isprintable():
            raise ValueError("a name begins and ends with a visible sign, on one line")
        return name

    @field_validator("classes")
    @classmethod
    def _check_classes(cls, classes: list[str]) -> list[str]:
        if len(set(classes)) < len(classes) or any(not each.strip() or not each.isprintable() for each in classes):
            raise ValueError("classes are different names, each on one line")
        return classes

    @field_validator("part_id")
    @classmethod
    def _check_part_id(cls, text: str) -> str:
        check_rule(text)
        return text

    @model_validator(mode="after")
    def _check_settings(self) -> Self:
        if beside := {"roi", "part_id"} & set(self.settings):
            raise ValueError(f"{min(beside)} of a recipe stands beside its settings, not among them")
        try:
            load_settings(self.preset, None, self.settings)
        except SettingsError as error:
            raise ValueError(str(error)) from error
        return self

    @classmethod
    def make(cls, values: dict[str, Any], source: str = "the recipe") -> "Recipe":
        """Check the content of a recipe.

        Args:
            values: fields by name, and `version`.
            source: what is named where something is wrong.

        Raises:
            SettingsError: it is of a newer version, or something in it is unknown or wrong.
        """
        values = dict(values)
        version = values.pop("version", VERSION)
        if not isinstance(version, int) or version > VERSION:
            told = f"was written by a newer version of the inspector (recipe version {shorten_value(version)})"
            raise SettingsError(f"{source} {told}; update this program")
        try:
            return cls(**values)
        except ValidationError as error:
            raise SettingsError(f"{source}: {_describe(error)}") from error

    def renamed(self, name: str) -> "Recipe":
        """Return a copy of another name.

        Raises:
            SettingsError: the name does not go.
        """
        return self.make({**self.to_json(), "name": name})

    def to_json(self) -> dict[str, Any]:
        """Return it as values that JSON and TOML hold; what is empty is left out."""
        filled = {name: value for name, value in self.model_dump(mode="json").items() if value not in (None, "", [])}
        kept = {name: value for name, value in filled.items() if value != {}}
        return {"version": VERSION, **kept}

    def to_toml(self) -> str:
        """Return it as the text of a file."""
        return tomli_w.dumps(self.to_json(), multiline_strings=True)


def read_recipe(file: str | Path) -> Recipe:
    """Read a recipe from a TOML file; one without a name is named after the file.

    Raises:
        SettingsError: the file cannot be read, is of a newer version, or something in it is unknown or wrong.
    """
    file = Path(file)
    try:
        values = tomllib.loads(read_edited_text(file))
    except OSError as error:
        raise SettingsError(f"cannot read the recipe {file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"the recipe {file} is no valid TOML: {say_why(error)}") from error
    roi = values.get("roi")
    if isinstance(roi, str) and not roi.startswith(PICTURE):
        values["roi"] = pack_roi(file.parent / roi)
    return Recipe.make({"name": file.stem, **values}, f"the recipe {file}")


def pack_roi(file: str | Path) -> dict[str, Any] | str:
    """Read the file of a region of interest as a recipe holds it; whether it can be used is not looked at.

    Args:
        file: shapes in JSON, or a PNG.

    Raises:
        SettingsError: it cannot be read.
    """
    file = Path(file)
    try:
        content = require_regular(file).read_bytes()
        if content.startswith(PNG):
            return PICTURE + base64.b64encode(content).decode("ascii")
        values = json.loads(content)
    except OSError as error:
        raise SettingsError(f"cannot read the region of interest {file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        told = f"the region of interest {file} is neither a PNG nor JSON ({say_why(error)})"
        raise SettingsError(f"{told}; see docs/files.md") from error
    if not isinstance(values, dict):
        raise SettingsError(f"the region of interest {file} holds no shapes; see docs/files.md")
    return values


def unpack_roi(roi: dict[str, Any] | str) -> tuple[str, bytes]:
    """Return the suffix and the bytes of the file that `pack_roi` read.

    Raises:
        SettingsError: a picture is damaged, or shapes hold what JSON does not have, as dates.
    """
    try:
        if isinstance(roi, dict):
            return ".json", json.dumps(roi, indent=1).encode()
        return ".png", base64.b64decode(roi.removeprefix(PICTURE), validate=True)
    except (ValueError, TypeError, RecursionError) as error:
        raise SettingsError(f"the region of interest of the recipe is damaged: {say_why(error)}") from error


def _describe(error: ValidationError) -> str:
    """Say what is wrong first, in one sentence."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"nothing is known by the name {shorten_value(name)}; known: {', '.join(Recipe.model_fields)}"
    told = say_why(first["msg"].removeprefix("Value error, "))
    return f"{name}: {told}, but got {shorten_value(first['input'])}" if name else told


def make_recipe(
    name: str, settings: ScanSettings, preset: str, folder: str | Path, before: Recipe | None = None
) -> Recipe:
    """Make a recipe of settings.

    Args:
        name: of the product.
        settings: how its parts are scored.
        preset: the name of the preset that settings differ from.
        folder: where its photos lie.
        before: the recipe that is replaced: what settings do not hold, as defect classes, is taken from it; None = new.

    Raises:
        SettingsError: the name does not go, or the file of the region of interest cannot be read.
    """
    differing = list_differences(settings, preset)
    path, part_id = differing.pop("roi", None), differing.pop("part_id", "")
    values = {} if before is None else before.to_json()
    values |= {"name": name, "preset": preset, "settings": differing, "part_id": part_id, "folder": str(folder)}
    return Recipe.make({**values, "roi": None if path is None else pack_roi(path)})


def list_differences(settings: ScanSettings, preset: str) -> dict[str, Any]:
    """Return the fields of settings that differ from a preset, as values that JSON holds.

    `windows` bring `rescoring` with them, which `load_settings` would choose by them otherwise.
    """
    base, own = PRESETS[preset].model_dump(mode="json"), settings.model_dump(mode="json")
    differing = {name for name, value in own.items() if value != base[name]}
    if "windows" in differing and base["rescoring"] == "near":
        differing.add("rescoring")
    return {name: value for name, value in own.items() if name in differing}
