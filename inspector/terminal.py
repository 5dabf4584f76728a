"""Text from outside, made fit for a terminal: file names may hold what moves the cursor or hides what is said."""

import getpass
import os
import shlex
import subprocess
import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Kinds of signs that act on a terminal instead of being seen: controls, directions of writing, line ends."""

_JOINERS = frozenset({"\u200c", "\u200d"})
"""Signs within words of some scripts."""


def escape_text(text: str) -> str:
    """Return one line of text with every sign that acts on a terminal written out.

    Example:
        "a\\x1b[2Jb" gives "a\\\\x1b[2Jb", as it can be typed.
    """
    return "".join(_escape_sign(sign) for sign in text)


def _escape_sign(sign: str) -> str:
    if unicodedata.category(sign) not in _UNSEEN or sign in _JOINERS:
        return sign
    return sign.encode("unicode_escape").decode("ascii")


def quote_argument(text: str) -> str:
    """Return one argument of a command that is shown, in the quotes that the shell of this system wants."""
    return subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)


def name_user() -> str:
    """Return who is logged in; some services have no name: ""."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
