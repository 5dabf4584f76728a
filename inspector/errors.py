"""The errors a user of the inspector can meet, each with a remedy in its message.

A message names settings and other choices in backquotes, as in "choose a smaller `image_size`". Who tells it to a user
puts in what that user knows them by: the command line its flag, the app the label of its field.
"""

import re
from collections.abc import Mapping

NAME = re.compile(r"`(\w+)`")
"""A name of a setting in a message."""


class InspectorError(Exception):
    """Something in the user's world (file, batch, weights, workspace) is wrong; the message says what to do."""


class InputError(InspectorError):
    """A folder, photo or cloud cannot be used."""


class SettingsError(InspectorError):
    """A setting is unknown, out of range, or does not go with another one."""


class WeightsError(InspectorError):
    """Model weights are missing, damaged, or belong to another model."""


class StoreError(InspectorError):
    """The workspace cannot be read or written."""


class StoreAway(StoreError):  # noqa: N818 - it comes back
    """The workspace cannot be used for a while: its server is away, or its disk is full. Nothing was written."""


class Cancelled(Exception):  # noqa: N818 - not an error: the operator's wish
    """The operator stopped the work; what is finished stays in the store."""


def say_why(error: object) -> str:
    """Return what a library said of a file in one short, printable phrase: they repeat its bytes, and addresses.

    Example:
        say_why(OSError("bad chunk\\x00\\n")) gives "bad chunk".
    """
    text = re.sub(r"cannot identify image file .*", "its header cannot be understood", str(error), flags=re.DOTALL)
    text = re.sub(r"<[^<>]* object at 0x\w+>", "something else", text)
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return (shown if len(shown) <= 200 else f"{shown[:200]}…") or type(error).__name__


def say_of(place: str, message: str) -> str:
    """Return what a message says of a place, without its name: who hears it knows that.

    Example:
        say_of("lots/1", "lots/1 holds one sample") gives "it holds one sample"; "/mnt/lots/1 holds ..." stays.
    """
    return re.sub(rf"(the folder |(?<!folder ))(?<!\S){re.escape(place)}(?=[ ,;:]|$)", "it", message)


def shorten_value(value: object) -> str:
    """Write a value as it was given, on one line, and no more of it than one can read; several with commas between."""
    text = ", ".join(map(repr, value)) if isinstance(value, list | tuple) and value else repr(value)
    return text if len(text) <= 100 else f"{text[:100]}…"


def replace_names(message: str, words: Mapping[str, str]) -> str:
    """Put words in the place of names in backquotes; those that have none stay.

    Example:
        replace_names("more `memory`", {"memory": "RAM"}) gives "more RAM".
    """
    return NAME.sub(lambda found: words.get(found[1], found[0]), message)
