"""Who may do what: a token for each role, see `inspector.roles`."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from inspector.errors import SettingsError
from inspector.files import replacing
from inspector.roles import Role

FILE = "server-tokens.json"
"""In the workspace; made at the first start, for its owner alone."""

WRITE, READ, JUDGE = "INSPECTOR_TOKEN", "INSPECTOR_READ_TOKEN", "INSPECTOR_VERDICT_TOKEN"
"""Variables of the environment that hold tokens; where one is set, the file is not looked at."""

LEAST_SIGNS = 16
"""Of a token of the environment: shorter ones can be guessed."""


@dataclass(frozen=True)
class AccessTokens:
    """What is known of those who ask; "" = nobody has this one.

    Attributes:
        write: of engineers.
        read: of auditors.
        judge: of operators.
        users: of users of the workspace, by their names: theirs is the role that they have there.
    """

    write: str = field(default="", repr=False)
    read: str = field(default="", repr=False)
    judge: str = field(default="", repr=False)
    users: Mapping[str, str] = field(default_factory=dict, repr=False)

    def find_role(self, given: str) -> Role | None:
        """Return what a token is good for, in a time that does not depend on how much of it is right."""
        roles: dict[Role, str] = {"engineer": self.write, "operator": self.judge, "auditor": self.read}
        found = [role for role, token in roles.items() if _is_same(given, token)]
        return found[0] if found else None

    def find_user(self, given: str) -> str:
        """Return whose token it is, "" = no user's; likewise."""
        found = [name for name, token in self.users.items() if _is_same(given, token)]
        return found[0] if found else ""


def load_tokens(folder: str | Path, environment: Mapping[str, str]) -> AccessTokens:
    """Return the tokens of the environment, or else those of a workspace, making them where there are none.

    Args:
        folder: of the workspace.
        environment: variables by name.

    Raises:
        SettingsError: a token is too short, or the file can be read by others, is damaged or cannot be written.
    """
    given = {name: environment.get(name, "") for name in (WRITE, READ, JUDGE)}
    if any(given.values()):
        for name, token in given.items():
            if token and len(token) < LEAST_SIGNS:
                raise SettingsError(f"the token in {name} is too short; give it {LEAST_SIGNS} signs or more")
        return AccessTokens(given[WRITE], given[READ], given[JUDGE])
    path = Path(folder) / FILE
    try:
        return _read(path) if path.exists() else _write(path, AccessTokens(_draw(), _draw(), _draw()))
    except OSError as error:
        told = f"the tokens in {path} cannot be read or written: {error.strerror or error}"
        raise SettingsError(f"{told}; set {WRITE} instead") from error


def _is_same(given: str, token: str) -> bool:
    hashed = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (given, token)]
    return secrets.compare_digest(*hashed) and token != ""


def _draw() -> str:
    return secrets.token_urlsafe(32)


def _read(path: Path) -> AccessTokens:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise SettingsError(f"others may read the tokens in {path}; `chmod 600` it, or delete it to get new ones")
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        judge = kept.get("judge", _draw())
        tokens = AccessTokens(kept["write"], kept["read"], judge, kept.get("users", {}))
        own = [tokens.write, tokens.read, tokens.judge, *tokens.users.values()]
        if min(map(len, own)) < LEAST_SIGNS or len(set(own)) < len(own):
            raise ValueError("too short, or of two")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        told = f"{path} holds no tokens of {LEAST_SIGNS} signs or more, each for one; delete it to get new ones"
        raise SettingsError(told) from error
    return tokens if "judge" in kept else _write(path, tokens)  # a file of before operators had one


def _write(path: Path, tokens: AccessTokens) -> AccessTokens:
    with replacing(path) as beside:
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(asdict(tokens), file, indent=1)
    return tokens
