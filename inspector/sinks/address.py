"""How the addresses of sinks are read."""

import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from inspector.errors import SettingsError
from inspector.files import expand_home
from inspector.places import is_folder, is_there


def split_address(address: str, form: str) -> SplitResult:
    """Return the parts of KIND://[USER:PASSWORD@]HOST[:PORT][/PATH].

    Args:
        address: to be split.
        form: what it should be like, for the error.

    Raises:
        SettingsError: it has no host, or a port that is none.
    """
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(f"{hide_password(address)}: that is no address; write it as {form}")
    return parts


def hide_password(address: str) -> str:
    """Return an address with stars in the place of its password.

    Example:
        hide_password("mqtt://line:secret@plant:1883/parts") gives "mqtt://line:***@plant:1883/parts".
    """
    return re.sub(r"(//[^/:@]*):[^/]*@", r"\1:***@", address)


def read_folder(address: str) -> Path:
    """Return the folder of KIND:FOLDER, absolute.

    Raises:
        SettingsError: it is a file.
    """
    kind, _, rest = address.partition(":")
    folder = Path(expand_home(rest)).absolute()
    if is_there(folder) and not is_folder(folder):
        raise SettingsError(f"{kind}: {folder} is a file; name a folder")
    return folder
