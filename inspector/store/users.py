"""The users of a workspace: who may do what, once there are any. Passwords are kept as argon2 hashes."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspector.errors import StoreError
from inspector.roles import MAY, OPERATOR, PASSWORD, ROLES, WORDS, Action, Role, may
from inspector.store.audit import append_entry
from inspector.store.audited_rows import write_time
from inspector.store.database import Database
from inspector.store.records import to_record
from inspector.store.server import retries_when_lost
from inspector.store.tables import UserRow

LEAST_SIGNS = 8
"""Of a password."""

MOST_SIGNS = 100
"""Of a name."""

_JOINERS = str.maketrans("", "", "\u200c\u200d")
"""Takes out the signs within words of some scripts that are not seen."""


class NotAllowed(StoreError):  # noqa: N818 - nothing is broken
    """Nobody is signed in, or somebody whose role may not do this; nothing has changed."""


@dataclass(frozen=True)
class UserRecord:
    """Somebody who may sign in, and as what."""

    name: str
    role: Role


def require(session: Session, database: Database, action: Action) -> None:
    """Refuse what the role of the one who is signed in may not do; where there are no users, everybody may everything.

    The role is looked up each time: it holds from the moment that it is changed.

    Raises:
        NotAllowed: nobody is signed in, who was is no user any more, or the role may not.
    """
    name, words = database.signed_in, WORDS[action]
    roles = {row.name: row.role for row in session.execute(select(UserRow.name, UserRow.role))}
    if not roles:
        return
    role = roles.get(name)
    if role is None:
        who = f"{name} is no user any more" if name else "nobody is signed in"
        raise NotAllowed(
            f"{who}: only users of this workspace may {words}; sign in, programs by {OPERATOR} and {PASSWORD}"
        )
    if not may(role, action):
        others = " or ".join(MAY[action])
        raise NotAllowed(f"{name} is an {role} and may not {words}; let one who is {others} do it")


@retries_when_lost
class Users:
    """The users of a workspace, and who of them is signed in here."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    def all(self) -> list[UserRecord]:
        """Return the users, by name."""
        with self._database.session() as session:
            return [to_record(UserRecord, row) for row in session.scalars(select(UserRow).order_by(UserRow.name))]

    def exist(self) -> bool:
        """Tell whether there are users: then roles hold."""
        with self._database.session() as session:
            return session.scalar(select(UserRow.id).limit(1)) is not None

    def find(self, name: str) -> UserRecord | None:
        """Return a user as they are now, by a name that reads the same; None = there is none."""
        with self._database.session() as session:
            row = _look_up(session, name)
        return None if row is None else to_record(UserRecord, row)

    @property
    def signed_in(self) -> str:
        """The name of the one who is signed in at this store, "" = nobody."""
        return self._database.signed_in

    def sign_in(self, name: str, password: str) -> UserRecord:
        """Let somebody do what their role may, until `sign_out`; not quick, as guessing is not to be.

        Raises:
            NotAllowed: name or password is wrong; who was signed in still is.
        """
        from argon2 import PasswordHasher  # needed by those alone who have users
        from argon2.exceptions import VerificationError

        with self._database.session() as session:
            row = _look_up(session, name)
        try:
            if row is None:
                raise VerificationError
            PasswordHasher().verify(row.hash, _encode(password))
        except VerificationError as error:
            raise NotAllowed("the name or the password is wrong; nobody was signed in by it") from error
        self._database.signed_in = row.name
        return to_record(UserRecord, row)

    def sign_out(self) -> None:
        """Nobody is signed in at this store any more."""
        self._database.signed_in = ""

    def require(self, action: Action) -> None:
        """Refuse what who is signed in may not do; see `inspector.roles`.

        Raises:
            NotAllowed: so it is.
        """
        with self._database.session() as session:
            require(session, self._database, action)

    def add(self, name: str, role: Role, password: str) -> None:
        """Add a user; the first one is an engineer, as nobody else could add others.

        Raises:
            NotAllowed: who is signed in may not.
            StoreError: there is one of this name, or of one that reads the same; it is no name; the password cannot be
                used; or there is no engineer.
            ValueError: an unknown role.
        """
        _check_role(role)
        name = unicodedata.normalize("NFC", name)
        if not name.strip() or name != name.strip() or not name.translate(_JOINERS).isprintable():
            raise StoreError(f"{name!r} is no name of a user; give one without blanks around it")
        if len(name) > MOST_SIGNS:
            raise StoreError(f"the name {name[:20]}… is too long; give it {MOST_SIGNS} signs at most")
        hashed = _hash(password)
        with self._database.session(durable=True) as session:
            require(session, self._database, "users")
            if (known := _look_up(session, name)) is not None:
                raise StoreError(
                    f"there is a user {known.name} already; choose another name, or change that one's password"
                )
            session.add(UserRow(name=name, role=role, hash=hashed))
            self._keep(session, name, f"added as {role}")

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password; one's own everybody may change.

        Raises:
            NotAllowed: it is another's, and who is signed in may not.
            StoreError: there is no such user, or the password is too short.
        """
        hashed = _hash(password)
        with self._database.session(durable=True) as session:
            if _fold(name) != _fold(self._database.signed_in):
                require(session, self._database, "users")
            found = _find(session, name)
            found.hash = hashed
            self._keep(session, found.name, "password changed")

    def set_role(self, name: str, role: Role) -> None:
        """Give a user another role; one engineer stays.

        Raises:
            NotAllowed: who is signed in may not.
            StoreError: there is no such user, or no engineer would be left.
            ValueError: an unknown role.
        """
        _check_role(role)
        with self._database.session(durable=True) as session:
            require(session, self._database, "users")
            found = _find(session, name)
            found.role = role
            self._keep(session, found.name, f"made {role}")

    def remove(self, name: str) -> None:
        """Remove a user; what they said stays. Without any user everybody may do everything again.

        Raises:
            NotAllowed: who is signed in may not.
            StoreError: there is no such user, or others but no engineer would be left.
        """
        with self._database.session(durable=True) as session:
            require(session, self._database, "users")
            found = _find(session, name)
            session.delete(found)
            self._keep(session, found.name, "removed")

    def _keep(self, session: Session, name: str, change: str) -> None:
        """Write a change and its entry in the audit chain."""
        session.flush()
        roles = list(session.scalars(select(UserRow.role)))
        if roles and "engineer" not in roles:
            raise StoreError("one user has to be an engineer, who can change the others; make one an engineer first")
        fields = {"name": name, "change": change, "operator": self._database.signed_in}
        append_entry(session, "user", {**fields, "time": write_time(datetime.now(UTC))})


def _find(session: Session, name: str) -> UserRow:
    found = _look_up(session, name)
    if found is None:
        raise StoreError(f"there is no user {name}; `inspector users list` lists them")
    return found


def _look_up(session: Session, name: str) -> UserRow | None:
    return next((row for row in session.scalars(select(UserRow)) if _fold(row.name) == _fold(name)), None)


def _fold(name: str) -> str:
    """Return what names that read the same have in common, whatever their case, and however keyboards write them."""
    return unicodedata.normalize("NFKC", name).casefold().translate(_JOINERS)


def _encode(password: str) -> bytes:
    """Return a password as it is hashed: the same from all keyboards."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _hash(password: str) -> str:
    from argon2 import PasswordHasher

    if len(password) < LEAST_SIGNS:
        raise StoreError(f"the password is too short; give it {LEAST_SIGNS} signs or more")
    if any("\ud800" <= sign <= "\udfff" for sign in password):
        raise StoreError("the password is no text in UTF-8; give another one")
    return PasswordHasher().hash(_encode(password))


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"expected one of {', '.join(ROLES)}, but got {role!r}")
