"""How an engine ended, in a sentence for the operator."""

from PySide6.QtCore import QCoreApplication

from gui.shell.texts import say_alone

translate = QCoreApplication.translate

OURS = "inspector: "
"""What the engine writes before a sentence of its own."""

KILLED = 9
"""Signal by which a system that has no memory left ends a program."""


def describe_not_started() -> str:
    """Say, in the language of the app, that the engine could not be started."""
    return translate("EngineProcess", "The engine could not be started.")


def describe_end(code: int, details: str, *, crashed: bool = False) -> str:
    """Say, in the language of the app, why an engine ended before it was done.

    Args:
        code: exit code, or the number of the signal by which it crashed.
        details: what it wrote to its standard error; the last line is its reason, where it knew one.
        crashed: whether it did not end by itself.
    """
    if crashed and code == KILLED:
        return translate("EngineProcess", "The system ended the engine, most likely because memory ran out.")
    if crashed:
        return translate("EngineProcess", "The engine crashed (signal {number}).").format(number=code)
    last = details.splitlines()[-1] if details else ""
    if last.startswith(OURS):
        return say_alone(last.removeprefix(OURS))
    return translate("EngineProcess", "The engine ended with code {number}.").format(number=code)
