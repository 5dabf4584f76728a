"""The workspace: runs, samples and verdicts in SQLite, maps and thumbnails as files beside it."""

from pathlib import Path

import platformdirs

from inspector.store.artefacts import Artefacts
from inspector.store.audit import Audit
from inspector.store.classes import DefectClasses
from inspector.store.database import Database
from inspector.store.groups import Groups
from inspector.store.places import Places
from inspector.store.pools import Pools
from inspector.store.recipes import Recipes
from inspector.store.runs import Runs
from inspector.store.tallies import Tallies
from inspector.store.verdicts import Verdicts
from inspector.store.watches import Watches


def default_workspace() -> Path:
    """Return the user's own data folder for the inspector."""
    return Path(platformdirs.user_data_dir("mutual-inspector", appauthor=False))


class Workspace:
    """One workspace folder: `inspector.db` and `runs/<id>/` with maps and thumbnails.

    Attributes:
        folder: where it is.
        runs: runs and their samples.
        verdicts: what operators said.
        classes: defect classes of what is rejected.
        groups: samples of runs that share a region.
        recipes: products, and how each is inspected.
        watches: runs whose parts come one by one.
        pools: the parts that judge those.
        audit: the chain of what people decided.
        artefacts: files of runs.
        tallies: samples of all runs, counted.
        places: where their rejects have regions.
    """

    def __init__(self, folder: str | Path) -> None:
        """Open a workspace, making it where there is none.

        Raises:
            StoreError: the folder cannot be made or written, or belongs to a newer version.
        """
        folder = Path(folder).absolute()  # a program may change its own folder
        self.folder = folder
        self._database = Database(folder)
        self.runs = Runs(self._database)
        self.verdicts = Verdicts(self._database)
        self.groups = Groups(self._database)
        self.watches = Watches(self._database)
        self.recipes = Recipes(self._database)
        self.classes = DefectClasses(self._database, self.recipes)
        self.pools = Pools(self._database, self.watches)
        self.audit = Audit(self._database)
        self.artefacts = Artefacts(folder)
        self.tallies = Tallies(self._database)
        self.places = Places(self._database, self.artefacts)

    @property
    def database(self) -> Database:
        """Sessions on its tables."""
        return self._database

    def close(self) -> None:
        """Let go of the database file."""
        self._database.close()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
