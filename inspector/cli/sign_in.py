"""Who gives a command: where the workspace has users, their password is asked."""

import getpass
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from inspector.errors import SettingsError, StoreError
from inspector.roles import OPERATOR, PASSWORD, Action
from inspector.store.database import FILE
from inspector.store.location import is_address
from inspector.store.users import NotAllowed
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text, name_user

Operator = Annotated[
    str | None,
    typer.Option(
        "--operator",
        envvar=OPERATOR,
        show_default="who is logged in",
        help=f"Who does it; where the workspace has users the password is asked, or that in {PASSWORD}.",
    ),
]


@contextmanager
def open_as(workspace: str, operator: str | None) -> Iterator[tuple[Workspace, str]]:
    """Open a workspace as somebody; gives their name, too.

    Raises:
        NotAllowed: name or password is wrong.
        StoreError: the workspace cannot be opened.
    """
    with Workspace(workspace) as store:
        yield store, sign_in(store, operator)


def sign_in(store: Workspace, operator: str | None) -> str:
    """Return who gives the command; signed in where the workspace has users and there is a password, or one who types.

    Programs that this one starts, as the scans of a server, are told by the environment who it is.

    Raises:
        NotAllowed: name or password is wrong.
        SettingsError: the name is no text.
    """
    name = name_user() if operator is None else operator
    if any("\ud800" <= sign <= "\udfff" for sign in name):
        raise SettingsError(f"{name!r} is no text in UTF-8; give another `operator`")
    if store.users.exist():
        password = os.environ.get(PASSWORD) or (_ask(f"Password of {escape_text(name)}: ") if _is_typed() else "")
        if password:
            name = store.users.sign_in(name, password).name
            os.environ.update({OPERATOR: name, PASSWORD: password})
    return name


def require_before(workspace: str, operator: str | None, action: Action) -> None:
    """Refuse what who gives the command may not do to a workspace in a folder, without opening or changing that.

    A copy of its database is asked. Where that cannot be read nobody can be asked, and nothing is refused.

    Raises:
        NotAllowed: the role may not, or name or password is wrong.
        StoreError: there is no room for the copy.
    """
    if is_address(workspace):
        return
    with TemporaryDirectory(prefix="inspector-") as scratch:
        try:
            for name in (FILE, f"{FILE}-wal"):
                if (Path(workspace) / name).is_file():
                    shutil.copyfile(Path(workspace) / name, Path(scratch) / name)
        except OSError as error:
            told = f"cannot look who may do this in {workspace}: {error.strerror or error}"
            raise StoreError(f"{told}; make room in {tempfile.gettempdir()}") from error
        try:
            with open_as(scratch, operator) as (store, _):
                store.users.require(action)
        except NotAllowed:
            raise
        except StoreError:  # damaged, or of a newer version
            return


def read_new_password(from_stdin: bool) -> str:
    """Return a new password: the first line of stdin, or as it is typed twice.

    Raises:
        SettingsError: nobody types, it was typed differently, or stdin is closed or no text.
    """
    if from_stdin:
        try:
            return "" if sys.stdin is None else sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise SettingsError("the password on stdin is no text in UTF-8; give another one") from error
    if not _is_typed():
        raise SettingsError("nobody can type a password here; send it with --password-stdin")
    first = _ask("New password: ")
    if _ask("Once more: ") != first:
        raise SettingsError("the two passwords differ; nothing was changed, try again")
    return first


def _is_typed() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _ask(prompt: str) -> str:
    return getpass.getpass(prompt)
