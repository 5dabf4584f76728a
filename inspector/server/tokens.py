"""Who may do what: a token that reads and writes, and one that only reads."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from inspector.errors import SettingsError
from inspector.files import replacing

Role = Literal["read", "write"]

FILE = "server-tokens.json"
"""In the workspace; made at the first start, for its owner alone."""

WRITE, READ = "INSPECTOR_TOKEN", "INSPECTOR_READ_TOKEN"
"""Variables of the environment that hold tokens; where one is set, the file is not looked at."""

LEAST_SIGNS = 16
"""Of a token of the environment: shorter ones can be guessed."""


@dataclass(frozen=True)
class Tokens:
    """What is known of those who ask; "" = nobody has this one."""

    write: str = field(default="", repr=False)
    read: str = field(default="", repr=False)

    def find_role(self, given: str) -> Role | None:
        """Return what a token is good for, in a time that does not depend on how much of it is right."""
        is_write, is_read = (_is_same(given, token) for token in (self.write, self.read))
        if is_write:
            return "write"
        return "read" if is_read else None


def load_tokens(folder: str | Path, environment: Mapping[str, str]) -> Tokens:
    """Return the tokens of the environment, or else those of a workspace, making them where there are none.

    Args:
        folder: of the workspace.
        environment: variables by name.

    Raises:
        SettingsError: a token is too short, or the file can be read by others, is damaged or cannot be written.
    """
    if environment.get(WRITE) or environment.get(READ):
        tokens = Tokens(environment.get(WRITE, ""), environment.get(READ, ""))
        for name, token in ((WRITE, tokens.write), (READ, tokens.read)):
            if token and len(token) < LEAST_SIGNS:
                raise SettingsError(f"the token in {name} is too short; give it {LEAST_SIGNS} signs or more")
        return tokens
    path = Path(folder) / FILE
    try:
        return _read(path) if path.exists() else _make(path)
    except OSError as error:
        told = f"the tokens in {path} cannot be read or written: {error.strerror or error}"
        raise SettingsError(f"{told}; set {WRITE} instead") from error


def _is_same(given: str, token: str) -> bool:
    hashed = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (given, token)]
    return secrets.compare_digest(*hashed) and token != ""


def _read(path: Path) -> Tokens:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise SettingsError(f"others may read the tokens in {path}; `chmod 600` it, or delete it to get new ones")
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        tokens = Tokens(kept["write"], kept["read"])
        if min(len(tokens.write), len(tokens.read)) < LEAST_SIGNS:
            raise ValueError("too short")
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{path} holds no tokens; delete it to get new ones") from error
    return tokens


def _make(path: Path) -> Tokens:
    tokens = Tokens(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    with replacing(path) as beside:
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(asdict(tokens), file, indent=1)
    return tokens
