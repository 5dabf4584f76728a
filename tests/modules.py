"""Modules that a test imports anew, as where a package is missing."""

import sys

import pytest


def forget_modules(monkeypatch: pytest.MonkeyPatch, *prefixes: str) -> None:
    """Let modules whose names begin so be imported anew; when the test ends those of before are back.

    They are back in their packages, too: what `import a.b` puts there is found by others as `a.b`.
    """
    for name in [name for name in sys.modules if name.startswith(prefixes)]:
        package, _, last = name.rpartition(".")
        parent = sys.modules.get(package)
        if hasattr(parent, last):
            monkeypatch.setattr(parent, last, getattr(parent, last))
        monkeypatch.delitem(sys.modules, name)
