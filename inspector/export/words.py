"""Reports in the language of their reader: English as it stands in the code, German by `german`."""

import re
from functools import cache, lru_cache
from typing import Literal, get_args

from inspector.errors import NAME
from inspector.export.german import GERMAN
from inspector.export.german_sentences import SENTENCES
from inspector.export.isolates import isolate_path, runs_from_right

Language = Literal["en", "de"]

POINT = re.compile(r"^(-?\d+)\.(?=\d)")
"""The decimal point of a number, and what is before it."""

LANGUAGES: tuple[str, ...] = get_args(Language)


class Words:
    """Tells texts and numbers in one language."""

    def __init__(self, language: Language = "en") -> None:
        """Tell in a language."""
        self.language = language

    def __call__(self, text: str, **values: object) -> str:
        """Return a text of `GERMAN` in the language, its {places} filled.

        Raises:
            KeyError: there is no German of it.
        """
        return (GERMAN[text] if self.language == "de" else text).format(**values)

    def number(self, value: float, decimals: int = 3) -> str:
        """Write a number: 0.5 gives "0.500", in German "0,500"."""
        return self.measure(f"{value:.{decimals}f}")

    def measure(self, written: str) -> str:
        """Return a number with its unit as the language writes it: "8.07 mm²" is "8,07 mm²" in German."""
        return written.replace(".", ",") if self.language == "de" else written

    def sentence(self, said: str) -> str:
        """Return a sentence of the engine in the language, with a capital where it had one; English if none is known.

        Names in it that run from right to left are kept apart (`isolate_path`).

        Example:
            "part.jpg does not fit into memory; reduce its size" is "part.jpg passt nicht in den Arbeitsspeicher; ...".
        """
        if self.language == "en" and not runs_from_right(said):
            return said
        return _tell(said, self.language) or said

    def prose(self, said: str) -> str:
        """Return a sentence as it stands on a page: as `sentence`, names of settings in the quotes of the language.

        Example:
            "cut into 2 x 6 `tiles`" is "cut into 2 x 6 “tiles”".
        """
        quotes = "„{}“" if self.language == "de" else "“{}”"
        return NAME.sub(lambda found: quotes.format(found[1]), self.sentence(said))


@lru_cache(maxsize=4096)  # lists are painted again and again
def _tell(said: str, language: Language) -> str | None:
    """Tell one sentence, or several with "; " between them, in a language; None = unknown."""
    if told := _tell_one(said, language):
        return told
    for end in re.finditer("; ", said):
        if told := _tell_one(said[: end.start()], language):
            return f"{told}; {_tell_part(said[end.end() :], language)}"
    return None


def _tell_one(said: str, language: Language) -> str | None:
    """Tell a sentence of the table, one with more in brackets, or one behind a name."""
    if told := _look_up(said, language):
        return told
    if (found := re.fullmatch(r"(.+) \((.+)\)", said)) and (told := _look_up(found[1], language)):
        return f"{told} ({_tell_part(found[2], language)})"
    if (found := re.fullmatch(r"(.+?): (.+)", said)) and (told := _look_up(found[2], language)):
        return f"{isolate_path(found[1])}: {told}"
    return None


def _look_up(said: str, language: Language) -> str | None:
    for pattern, german in _compile_sentences():
        if found := pattern.fullmatch(said):
            if language == "en":
                return _keep_english(found)
            german = german.format(*(_Part(_tell_part(part, language)) for part in found.groups()))
            return german[:1].upper() + german[1:] if said[:1].isupper() else german
    return None


class _Part(str):
    """What stands within a German sentence: as it is, for it may be a name, or be typed."""

    __slots__ = ()

    def __format__(self, kind: str) -> str:
        """Write it with a decimal comma where `{0:n}` says that it is a number: 1.7 h gives 1,7 h."""
        return POINT.sub(r"\1,", self) if kind == "n" else str(self)


def _keep_english(found: re.Match[str]) -> str:
    """Return a sentence as it is, the names in it kept apart."""
    said, told, end = found[0], "", 0
    for start, stop in map(found.span, range(1, found.re.groups + 1)):
        told += said[end:start] + _tell_part(said[start:stop], "en")
        end = stop
    return told + said[end:]


def _tell_part(said: str, language: Language) -> str:
    """Tell what stands within a sentence: a reason, a name, a number as it is."""
    return _tell(said, language) or isolate_path(said)


@cache
def _compile_sentences() -> list[tuple[re.Pattern[str], str]]:
    """Return the patterns of the table, those with the most text of their own first: the others may fit as well."""
    ordered = sorted(SENTENCES, key=lambda pattern: -len(re.sub(r"\\[dSw]|[^\w ,;:]", "", pattern)))
    return [(re.compile(pattern, re.IGNORECASE), SENTENCES[pattern]) for pattern in ordered]
