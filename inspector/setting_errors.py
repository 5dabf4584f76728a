"""Values that settings do not take, said in one sentence."""

from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from inspector.errors import SettingsError, say_why, shorten_value

_Settings = TypeVar("_Settings", bound=BaseModel)


def build_settings(model: type[_Settings], values: dict[str, Any]) -> _Settings:
    """Build settings from values by name.

    Raises:
        SettingsError: the first name that is unknown, or value out of range.
    """
    try:
        return model(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name, *place = (str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = ", ".join(model.model_fields)
            raise SettingsError(f"there is no setting {shorten_value(name)}; known: {known}") from error
        told = say_why(first["msg"].removeprefix("Value error, "))
        if first["type"] == "too_long" or (place and first["type"] == "missing"):
            told = f"expected {_count_values(model, name)} numbers"
            first["input"] = values[name]
        elif first["type"] == "tuple_type":
            told = "expected numbers with commas between"
        raise SettingsError(f"setting `{name}`: {told}, but got {shorten_value(first['input'])}") from error


def _count_values(model: type[BaseModel], name: str) -> int:
    """Return how many values a setting has that has always as many."""
    kinds = get_args(model.model_fields[name].annotation)
    return next(len(get_args(kind)) for kind in kinds if get_origin(kind) is tuple)
