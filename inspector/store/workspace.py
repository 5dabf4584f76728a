"""The workspace: runs, samples and verdicts in a database, maps and thumbnails as files beside it."""

from pathlib import Path

import platformdirs

from inspector.store.artefacts import Artefacts
from inspector.store.audit import Audit
from inspector.store.classes import DefectClasses
from inspector.store.database import PATIENCE, Database
from inspector.store.groups import Groups
from inspector.store.places import Places
from inspector.store.pools import Pools
from inspector.store.recipes import Recipes
from inspector.store.runs import Runs
from inspector.store.tallies import Tallies
from inspector.store.users import Users
from inspector.store.verdicts import Verdicts
from inspector.store.watches import Watches


def default_workspace() -> Path:
    """Return the user's own data folder for the inspector."""
    return Path(platformdirs.user_data_dir("mutual-inspector", appauthor=False))


class Workspace:
    """One workspace: a folder with `inspector.db` and `runs/<id>/`, maps and thumbnails; or a server and such a folder.

    Attributes:
        location: how other programs find it: its folder, or its address.
        folder: where its files are.
        runs: runs and their samples.
        verdicts: what operators said.
        classes: defect classes of what is rejected.
        groups: samples of runs that share a region.
        recipes: products, and how each is inspected.
        watches: runs whose parts come one by one.
        pools: the parts that judge those.
        audit: the chain of what people decided.
        users: who may do what, and who is signed in.
        artefacts: files of runs.
        tallies: samples of all runs, counted.
        places: where their rejects have regions.
    """

    def __init__(self, location: str | Path, *, patience: float = PATIENCE) -> None:
        """Open a workspace, making it where there is none.

        Args:
            location: a folder, or "postgresql://USER@HOST/DATABASE?artefacts=/SHARED/FOLDER".
            patience: seconds to go on trying while its server is away.

        Raises:
            StoreError: the folder cannot be made or written, the server cannot be reached or refuses, or it belongs to
                a newer version.
        """
        self._database = Database(location, patience=patience)
        self.location, self.folder = self._database.location, self._database.folder
        self.runs = Runs(self._database)
        self.verdicts = Verdicts(self._database)
        self.groups = Groups(self._database)
        self.watches = Watches(self._database)
        self.recipes = Recipes(self._database)
        self.classes = DefectClasses(self._database, self.recipes)
        self.pools = Pools(self._database, self.watches)
        self.audit = Audit(self._database)
        self.users = Users(self._database)
        self.artefacts = Artefacts(self.folder)
        self.tallies = Tallies(self._database)
        self.places = Places(self._database, self.artefacts)

    @property
    def database(self) -> Database:
        """Sessions on its tables."""
        return self._database

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
