"""What tells which part a photo shows: a pattern of file names with named groups."""

import re
from collections.abc import Iterable, Mapping

PART, LOT, STATION = "part", "lot", "station"
"""Groups that the program knows; others are kept and shown under their own names."""

Identity = dict[str, str]
"""What is known of a part besides its photo: group -> text; nothing is empty."""


def check_rule(rule: str) -> str:
    """Return a rule that is one; "" is none.

    Raises:
        ValueError: it is no regular expression, or has no named group.
    """
    if not rule:
        return rule
    try:
        groups = re.compile(rule).groupindex
    except re.error as error:
        where = "" if error.pos is None else f" (character {error.pos + 1})"
        raise ValueError(f"it is no regular expression: {error.msg}{where}") from error
    except (OverflowError, RecursionError) as error:
        raise ValueError(f"it is no regular expression: {error}") from error
    if not groups:
        raise ValueError(r"it has no named group; name what it catches, as in (?P<part>\d+)")
    return rule


def read_identity(rule: str, name: str) -> Identity:
    r"""Return what a rule catches of a name; {} where it does not fit or there is none.

    Args:
        rule: as `check_rule` lets it through.
        name: path below the root of the batch, with "/" between folders; the rule may fit anywhere in it.

    Example:
        read_identity(r"(?P<lot>\w+)/(?P<part>\d+)_", "A7/0012_top.png") gives {"lot": "A7", "part": "0012"}.
    """
    found = re.search(rule, name) if rule else None
    return {group: text.strip() for group, text in found.groupdict().items() if text and text.strip()} if found else {}


def describe_misfits(rule: str, names: Iterable[str]) -> str:
    """Say in a sentence how many names a rule does not fit; "" where it fits all, or there is no rule."""
    names = list(names)
    missed = [name for name in names if not read_identity(rule, name)] if rule else []
    if not missed:
        return ""
    if len(missed) == len(names):
        return f"the rule for part ids fits none of the {len(names)} names, as {missed[0]}"
    return f"the rule for part ids does not fit {len(missed)} of {len(names)} names, {missed[0]} first"


def write_identity(identity: Mapping[str, str]) -> str:
    """Write an identity on one line, the part first.

    Example:
        {"lot": "A7", "part": "0012"} gives "0012, lot A7".
    """
    others = [f"{group} {text}" for group, text in identity.items() if group != PART]
    return ", ".join([*([identity[PART]] if identity.get(PART) else []), *others])
