"""Where a workspace is: a folder, or a database on a PostgreSQL server and a folder for its files."""

import re
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from inspector.errors import StoreError
from inspector.places import is_there

SCHEME = "postgresql://"

FILES = "artefacts"
"""The part of an address that names the folder of maps, thumbnails and logs."""

SHAPE = "postgresql://USER@HOST/DATABASE?artefacts=/SHARED/FOLDER"


def is_address(location: str | Path) -> bool:
    """Tell whether a workspace is on a server: "postgresql://ada@db/inspector?artefacts=/shared"."""
    return isinstance(location, str) and location.startswith(SCHEME)


def folder_of(location: str | Path) -> Path:
    """Return the folder of a workspace's files, absolute: itself, or what its address names.

    Raises:
        StoreError: the address is none that can be used, or the location is "".
    """
    if is_address(location):
        return Path(str(_read(str(location)).query[FILES])).absolute()
    if location == "":
        raise StoreError("no workspace is named; give its folder, or leave `workspace` out for the usual one")
    if isinstance(location, str) and re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", location):
        raise StoreError(f"{location} is no address of a workspace; name a folder, or one as in {SHAPE}")
    return Path(location).absolute()


def tidy_location(location: str | Path) -> str:
    """Return a location as other programs may use it: its folder is absolute. Raises as `folder_of`."""
    if not is_address(location):
        return str(folder_of(location))
    named = _read(str(location)).update_query_dict({FILES: str(folder_of(location))})
    return named.render_as_string()


def name_location(location: str | Path) -> str:
    """Return what people are told of a location: a folder, or a server's database without its options."""
    return _read(str(location)).set(query={}).render_as_string() if is_address(location) else str(location)


def require_folder(location: str | Path, remedy: str) -> Path:
    """Return the folder of a workspace that is kept in one.

    Raises:
        StoreError: it is on a server; the remedy says what is used there.
    """
    if is_address(location):
        raise StoreError(f"the workspace {name_location(location)} is on a server: {remedy}")
    return Path(location)


def url_of(address: str) -> URL:
    """Return the address as SQLAlchemy takes it; what it says besides, as sslmode, goes to the server's library."""
    return _read(address).set(drivername="postgresql+psycopg").difference_update_query([FILES])


def _read(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise StoreError(f"{address} is no address of a workspace; name one as in {SHAPE}") from error
    if url.password is not None or "password" in url.query:
        raise StoreError(
            f"the address of {url.database} on {url.host} holds a password, which others could read; leave it out, and "
            "keep it in ~/.pgpass or in the environment variable PGPASSWORD"
        )
    if not url.database or not isinstance(url.query.get(FILES), str):
        raise StoreError(f"{address} does not name a database and the folder of its files; name both as in {SHAPE}")
    return url


def has_files_of_another(location: str | Path, file: str) -> bool:
    """Tell whether the folder that an address names is a workspace of its own."""
    return is_address(location) and is_there(folder_of(location) / file)
