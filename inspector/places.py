"""What is there: a drive that was pulled out, a share that fails just then, or a folder that is shut is just not there.

`Path.is_dir`, `Path.is_file` and `Path.exists` raise then, which would end a scan or a line for a question in passing.
"""

import os
from pathlib import Path


def is_folder(path: str | Path) -> bool:
    """Tell whether there is a folder of this path that can be looked at."""
    return os.path.isdir(path)  # noqa: PTH112 - see above


def is_empty(folder: str | Path) -> bool:
    """Tell whether nothing lies in a folder, as in that which is left where a drive or share was mounted."""
    try:
        with os.scandir(folder) as entries:  # of many thousands only the first is looked at
            return next(entries, None) is None
    except OSError:
        return False


def is_file(path: str | Path) -> bool:
    """Tell whether there is a file of this path that can be looked at."""
    return os.path.isfile(path)  # noqa: PTH113 - see above


def is_there(path: str | Path) -> bool:
    """Tell whether there is a file or folder of this path that can be looked at."""
    return os.path.exists(path)  # noqa: PTH110 - see above
