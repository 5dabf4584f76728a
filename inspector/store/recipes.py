"""The recipes of a workspace: products by name, and how each is inspected."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from inspector.errors import SettingsError, StoreError
from inspector.recipes import Recipe, read_recipe, unpack_roi
from inspector.store.artefacts import write_file
from inspector.store.database import Database
from inspector.store.server import retries_when_lost
from inspector.store.tables import RecipeRow
from inspector.store.users import require
from inspector.times import write_local

SUFFIX = ".toml"
"""Of recipes in files."""


@retries_when_lost
class Recipes:
    """The recipes of a workspace."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    def all(self) -> list[Recipe]:
        """Return all recipes, by name.

        Raises:
            SettingsError: one was written by a newer version.
        """
        with self._database.session() as session:
            rows = session.scalars(select(RecipeRow).order_by(RecipeRow.name))
            return [Recipe.make(row.content, f"recipe {row.name}") for row in rows]

    def names(self) -> list[str]:
        """Return the names of all recipes, in order."""
        with self._database.session() as session:
            return list(session.scalars(select(RecipeRow.name).order_by(RecipeRow.name)))

    def get(self, name: str) -> Recipe:
        """Return one recipe.

        Raises:
            StoreError: there is none of this name.
            SettingsError: it was written by a newer version.
        """
        with self._database.session() as session:
            row = session.scalar(select(RecipeRow).where(RecipeRow.name == name))
            if row is None:
                raise StoreError(self._tell_missing(name))
            return Recipe.make(row.content, f"recipe {name}")

    def find(self, given: str) -> Recipe:
        """Return the recipe of a name, or else the one in a file.

        Raises:
            StoreError: there is neither.
            SettingsError: see `read_recipe`.
        """
        if given not in self.names() and (given.endswith(SUFFIX) or Path(given).is_file()):
            return read_recipe(given)
        return self.get(given)

    def save(self, recipe: Recipe, *, expected: Recipe | None = None) -> None:
        """Keep a recipe, new or in the place of the one that its editor saw.

        Args:
            recipe: what is kept.
            expected: the recipe of this name as it stood when the change was begun; None = there was none.

        Raises:
            NotAllowed: who is signed in may not; nothing has changed then, and no file was written.
            StoreError: another one than the expected one stands; likewise.
            SettingsError: its region of interest cannot be used, or the one that stands is of a newer version.
        """
        with self._database.session(durable=True) as session:
            require(session, self._database, "recipe")
            row = session.scalar(select(RecipeRow).where(RecipeRow.name == recipe.name))
            standing = None if row is None else Recipe.make(row.content, f"recipe {recipe.name}")
            if standing == recipe:
                return
            if standing != expected:
                raise StoreError(_tell_conflict(recipe.name, row, expected))
            self.write_roi(recipe)
            if row is None:
                row = RecipeRow(name=recipe.name)
                session.add(row)
            row.content, row.changed = recipe.to_json(), datetime.now(UTC)

    def write_roi(self, recipe: Recipe) -> Path | None:
        """Write the region of interest of a recipe to a file, for `ScanSettings.roi`; None = it has none.

        Raises:
            SettingsError: it cannot be used.
            StoreError: it cannot be written.
        """
        return None if recipe.roi is None else self._write(*unpack_roi(recipe.roi))

    def write_shapes(self, shapes: dict[str, Any]) -> Path:
        """Write shapes, as `to_geojson` returns them, to a file for `ScanSettings.roi`; raises as `write_roi`."""
        return self._write(*unpack_roi(shapes))

    def _write(self, suffix: str, content: bytes) -> Path:
        path = self._database.folder / "roi" / f"{hashlib.sha256(content).hexdigest()[:16]}{suffix}"
        if not path.exists():
            with write_file(path) as beside:
                beside.write_bytes(content)
        from inspector.data.roi_files import read_roi  # readers of all pictures: the app's list of runs need not wait

        try:
            read_roi(path)
        except SettingsError:
            path.unlink(missing_ok=True)
            raise
        return path

    def settings_of(self, recipe: Recipe) -> dict[str, Any]:
        """Return the settings that a recipe stands for, with its region of interest and its rule of part ids.

        Raises as `write_roi`.
        """
        path = self.write_roi(recipe)
        roi = {} if path is None else {"roi": str(path)}
        rule = {"part_id": recipe.part_id} if recipe.part_id else {}
        return {**recipe.settings, **roi, **rule}

    def delete(self, name: str) -> None:
        """Remove a recipe; runs keep what they were begun with.

        Raises:
            StoreError: there is none of this name.
        """
        with self._database.session(durable=True) as session:
            require(session, self._database, "recipe")
            if not session.execute(delete(RecipeRow).where(RecipeRow.name == name)).rowcount:  # type: ignore[attr-defined]
                raise StoreError(self._tell_missing(name))

    def _tell_missing(self, name: str) -> str:
        return f"there is no recipe {name} in {self._database.folder}; `inspector recipes list` lists them"


def _tell_conflict(name: str, standing: RecipeRow | None, expected: Recipe | None) -> str:
    """Say what stands instead of the expected recipe, and what to do."""
    if standing is None:
        return f"the recipe {name} was removed meanwhile; keep yours under another name"
    if expected is None:
        return f"there is a recipe {name} already; use `replace`, or give it another name"
    told = f"the recipe {name} was changed meanwhile, {write_local(standing.changed)}"
    return f"{told}; look at it as it is now and change it anew, or keep yours under another name"
