"""Reports in the language of their reader: English as it stands in the code, German by `german`."""

import re
from functools import cache, lru_cache
from typing import Literal, get_args

from inspector.errors import NAME
from inspector.export.german import GERMAN
from inspector.export.german_sentences import SENTENCES

Language = Literal["en", "de"]

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

        Example:
            "part.jpg does not fit into memory; reduce its size" is "part.jpg passt nicht in den Arbeitsspeicher; ...".
        """
        return said if self.language == "en" else (_tell(said) or said)

    def prose(self, said: str) -> str:
        """Return a sentence as it stands on a page: as `sentence`, names of settings in the quotes of the language.

        Example:
            "cut into 2 x 6 `tiles`" is "cut into 2 x 6 “tiles”".
        """
        quotes = "„{}“" if self.language == "de" else "“{}”"
        return NAME.sub(lambda found: quotes.format(found[1]), self.sentence(said))


@lru_cache(maxsize=4096)  # lists are painted again and again
def _tell(said: str) -> str | None:
    """Return the German of one sentence, or of several with "; " between them; None = unknown."""
    if told := _tell_one(said):
        return told
    for end in re.finditer("; ", said):
        if told := _tell_one(said[: end.start()]):
            return f"{told}; {_tell_part(said[end.end() :])}"
    return None


def _tell_one(said: str) -> str | None:
    """Return the German of a sentence of the table, of one with more in brackets, or of one behind a name."""
    if told := _look_up(said):
        return told
    if (found := re.fullmatch(r"(.+) \((.+)\)", said)) and (told := _look_up(found[1])):
        return f"{told} ({_tell_part(found[2])})"
    if (found := re.fullmatch(r"(.+?): (.+)", said)) and (told := _look_up(found[2])):
        return f"{found[1]}: {told}"
    return None


def _look_up(said: str) -> str | None:
    for pattern, german in _compile_sentences():
        if found := pattern.fullmatch(said):
            german = german.format(*map(_tell_part, found.groups()))
            return german[:1].upper() + german[1:] if said[:1].isupper() else german
    return None


def _tell_part(said: str) -> str:
    """Return the German of what stands within a sentence: a number, a reason, a name."""
    return said.replace(".", ",") if re.fullmatch(r"\d+\.\d+", said) else (_tell(said) or said)


@cache
def _compile_sentences() -> list[tuple[re.Pattern[str], str]]:
    """Return the patterns of the table, those with the most text of their own first: the others may fit as well."""
    ordered = sorted(SENTENCES, key=lambda pattern: -len(re.sub(r"\\[dSw]|[^\w ,;:]", "", pattern)))
    return [(re.compile(pattern, re.IGNORECASE), SENTENCES[pattern]) for pattern in ordered]
