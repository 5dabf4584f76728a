"""Texts that are translated where they are shown, not where they stand."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name by which Qt's tools find the texts
    """Mark a text for translation under a context; returns it as it is. Qt's own is typed as a plain object."""
    return text
