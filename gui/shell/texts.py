"""Texts that are translated where they are shown, not where they stand; settings by the labels of their fields."""

import re
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import Qt as RichText

from inspector.errors import replace_names
from inspector.export.isolates import ISOLATES, isolate_path, isolate_words, remove_isolates
from inspector.export.words import Language, Words
from inspector.part_rule import LOT, PART, STATION

FLAGGED = re.compile(r"\b(\w+) \(--[\w-]+\)")
"""A setting as the command line tells it: "image_size (--image-size)"."""

IMPORT = re.compile(r" and run: inspector weights import .*", re.DOTALL)
"""How the command line brings weights in."""

BREAK = "\u200b"
"""Is not seen; lines may be broken there."""

LONG_WORD = re.compile(r"[^\s/]{40}(?=[^\s/])")
"""So much of a word as stands on a line of any dialog, and more of it follows; behind a slash lines break anyway."""

FIRST_WORD = re.compile(r"[^\W\d_A-Z]+(?=[ ,])")
"""A word that begins a text, which is no file with a suffix and no folder."""

LINE_END = re.compile(r"\r\n|[\r\n\u2028\u2029]")

COMMAND = re.compile(r"[;,:] [^;,:()]*(?:\binspector [a-z]+[ `]|--[a-z])[^;]*")
"""A remedy that only the command line knows."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name by which Qt's tools find the texts
    """Mark a text for translation under a context; returns it as it is. Qt's own is typed as a plain object."""
    return text


def name_field(setting: str) -> str:
    """Return the label of a setting's field, in the language of the app: "image_size" gives "Image size"."""
    return QCoreApplication.translate("SettingNames", setting.replace("_", " ").capitalize())


def name_fields(message: str) -> str:
    """Tell settings in a message by the labels of their fields; the message may come from the command line."""
    from inspector.settings import ScanSettings  # carries pydantic, which the first picture need not wait for

    marked = FLAGGED.sub(lambda found: f"`{found[1]}`" if found[1] in ScanSettings.model_fields else found[0], message)
    quoted = QCoreApplication.translate("SettingInText", "“{name}”")
    return replace_names(marked, {name: quoted.format(name=name_field(name)) for name in ScanSettings.model_fields})


def show_letters(text: str) -> str:
    """Return a text for a tool tip or a question: names that look like HTML are shown letter by letter."""
    return RichText.convertFromPlainText(text) if RichText.mightBeRichText(text) else text


def on_one_line(name: str) -> str:
    """Return a name as it is shown in one line; file names may hold ends of lines, which are shown as "↵"."""
    return LINE_END.sub("↵", name)


def let_break(text: str) -> str:
    """Let lines be broken within words that are longer than a line, as paths are; no letter is seen to change.

    Example:
        "ab" * 30 gets one place to break, after 40 letters.
    """
    return LONG_WORD.sub(lambda found: f"{found[0]}{BREAK}", text)


def as_given(text: str) -> str:
    """Return a text that is shown as it was given, to be copied: without what keeps names apart or breaks lines."""
    return remove_isolates(text.replace(BREAK, ""))


def keep_apart(text: str) -> str:
    """Return a text of names and of what is said of them, lines or two spaces between: none turns what is beside it.

    A part in which something is kept apart already stays as it is.
    """
    parts = re.split(r"([\n\u2028]|\s{2,})", text)
    return "".join(part if ISOLATES.search(part) else isolate_path(part) for part in parts)


def show_identity(identity: Mapping[str, str]) -> str:
    """Write what is known of a part on one line, the part first, in the language of the app: "0012, lot A7"."""
    translate = QCoreApplication.translate
    named = {LOT: translate("Identity", "lot {text}"), STATION: translate("Identity", "station {text}"), PART: "{text}"}
    groups = sorted(identity, key=lambda group: group != PART)
    return ", ".join(
        named.get(group, f"{group} {{text}}").format(text=isolate_words(identity[group])) for group in groups
    )


def app_language() -> Language:
    """Return the language of the app, in which its reports are written, too."""
    return "de" if QLocale().language() == QLocale.Language.German else "en"


def describe_unwritten(file: object) -> str:
    """Say that a file could not be written, in the language of the app."""
    return QCoreApplication.translate("Files", "{file} could not be written").format(file=file)


def translate_message(message: str) -> str:
    """Tell a message of the engine as the app would: in its language, settings by their fields, no command lines.

    Example:
        "run 3 is not done; finish it with `inspector scan X --resume`" gives "run 3 is not done".
    """
    told = "\n".join(map(translate_sentence, message.split("\n")))
    return COMMAND.sub("", IMPORT.sub(" and import it", name_fields(told)))


def say_alone(message: str) -> str:
    """Tell a message of the engine by itself: with a capital letter where it begins with a word.

    Example:
        "there is no run 3" gives "There is no run 3"; "part.jpg is damaged" stays.
    """
    told = translate_message(message)
    return told[:1].upper() + told[1:] if FIRST_WORD.match(told) else told


def translate_sentence(sentence: str) -> str:
    """Tell a sentence of the engine in the language of the app, settings by their fields; else in English."""
    told = Words(app_language()).sentence(sentence)
    return name_fields(told) if "`" in told else told  # lists are painted again and again
