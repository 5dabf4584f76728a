"""Reports in the language of their reader: English as it stands in the code, German by `german`."""

import re
from typing import Literal, get_args

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
        written = f"{value:.{decimals}f}"
        return written.replace(".", ",") if self.language == "de" else written

    def sentence(self, said: str) -> str:
        """Return a sentence of the engine in the language, with a capital where it had one; English if none is known.

        Example:
            "part.jpg does not fit into memory; reduce its size" is "part.jpg passt nicht in den Arbeitsspeicher; ...".
        """
        if self.language == "en":
            return said
        for pattern, german in SENTENCES.items():
            if found := re.fullmatch(pattern, said, re.IGNORECASE):
                told = german.format(*map(self._part, found.groups()))
                return told[:1].upper() + told[1:] if said[:1].isupper() else told
        return said

    def _part(self, said: str) -> str:
        """What stands within a sentence: a number, a reason, a name."""
        return said.replace(".", ",") if re.fullmatch(r"\d+\.\d+", said) else self.sentence(said)
