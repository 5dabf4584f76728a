"""What is there: asked so that a drive that was pulled out, or a folder that is shut, is just not there.

`Path.is_dir` and `Path.exists` raise then.
"""

import os
from pathlib import Path


def is_folder(path: str | Path) -> bool:
    """Tell whether there is a folder of this path that can be looked at."""
    return os.path.isdir(path)  # noqa: PTH112 - see above


def is_there(path: str | Path) -> bool:
    """Tell whether there is a file or folder of this path that can be looked at."""
    return os.path.exists(path)  # noqa: PTH110 - see above
