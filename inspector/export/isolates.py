"""Names and words of the user, kept apart from what stands around them: Arabic and Hebrew run from right to left, and
would else turn the order of a path, of the sentence and of the numbers beside them (Unicode Standard Annex 9).
"""

import re

from markupsafe import Markup, escape

LEFT_TO_RIGHT, FIRST_STRONG, END = "\u2066", "\u2068", "\u2069"

ELEMENTS = {LEFT_TO_RIGHT: "<bdi dir=ltr>", FIRST_STRONG: "<bdi>", END: "</bdi>"}
"""What stands for them in HTML."""

ISOLATES = re.compile(f"[{''.join(ELEMENTS)}]")

MARKS = re.compile("[\u202d\u202e\u2066-\u2069]")
"""Signs that are not seen: of a name they would turn its letters, or end what keeps it apart. Others turn nothing
beyond what keeps it apart, and stay, for a name to be copied as it is.
"""

FROM_RIGHT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters and signs that run from right to left."""

PIECE = re.compile(r"[^/\\]+")
"""A folder or file in a path."""


def runs_from_right(text: str) -> bool:
    """Tell whether a text holds letters that run from right to left."""
    return not text.isascii() and bool(FROM_RIGHT.search(text))


def isolate_path(name: str) -> str:
    """Return a name or path as it is shown: its folders stand from left to right, each with its suffix at the end.

    What holds no letter that runs from right to left is given back as it is.
    """
    if not runs_from_right(name):
        return name
    name = MARKS.sub("", name)
    return _keep_apart(PIECE.sub(lambda piece: _keep_apart(piece[0]), name) if re.search(r"[/\\]", name) else name)


def isolate_words(text: str) -> str:
    """Return words of the user (a comment, who somebody is) as they are shown, in the direction of their first letter.

    What holds no letter that runs from right to left is given back as it is.
    """
    return _keep_apart(MARKS.sub("", text), FIRST_STRONG) if runs_from_right(text) else text


def remove_isolates(text: str) -> str:
    """Return what was kept apart as it was given, for it to be copied."""
    return ISOLATES.sub("", text)


def mark_up(value: object) -> object:
    """Return what is written on a page of HTML (`finalize` of its environment): names that are kept apart are elements,
    and are copied as they are.
    """
    if not isinstance(value, str) or value.isascii() or not ISOLATES.search(value):
        return value
    return Markup(ISOLATES.sub(lambda sign: ELEMENTS[sign[0]], str(escape(value))))


def unmark(page: str) -> str:
    """Return a page of HTML with signs in place of the elements of `mark_up`, which Qt does not know."""
    for sign, element in ELEMENTS.items():
        page = page.replace(element, sign)
    return page


def _keep_apart(text: str, direction: str = LEFT_TO_RIGHT) -> str:
    return f"{direction}{text}{END}" if runs_from_right(text) else text
