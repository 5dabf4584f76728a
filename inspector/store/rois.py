"""The region of interest of a run, kept with it: the file that it came from may change."""

from pathlib import Path

from inspector.data.photos import read_bytes
from inspector.data.roi_files import read_roi
from inspector.errors import StoreError
from inspector.geometry.roi import Roi
from inspector.store.artefacts import write_file
from inspector.store.workspace import Workspace


def keep_roi(store: Workspace, run_id: int, path: str | Path | None) -> Roi | None:
    """Keep the file that a run's region of interest comes from, unless one is kept, and return what is kept.

    Raises:
        SettingsError: see `read_roi`.
        StoreError: it cannot be written, or the folder of the run cannot be listed.
    """
    if path is not None and find_roi(store, run_id) is None:
        content = read_bytes(path)
        with write_file(store.artefacts.run_folder(run_id) / f"roi{Path(path).suffix.lower()}") as beside:
            beside.write_bytes(content)
    return load_roi(store, run_id)


def find_roi(store: Workspace, run_id: int) -> Path | None:
    """Return the file that is kept of a run's region of interest, or None.

    Raises:
        StoreError: the folder of the run cannot be listed.
    """
    folder = store.artefacts.run_folder(run_id)
    try:
        return min((path for path in folder.iterdir() if path.name.startswith("roi.")), default=None)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"the folder {folder} cannot be listed: {error.strerror or error}") from error


def load_roi(store: Workspace, run_id: int) -> Roi | None:
    """Return the region of interest of a run; None where all is looked at.

    Raises:
        SettingsError: what is kept of it is damaged.
        StoreError: as `find_roi`.
    """
    path = find_roi(store, run_id)
    return None if path is None else read_roi(path)
