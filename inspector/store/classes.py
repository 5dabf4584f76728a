"""Defect classes: what a rejected part can be said to have."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import delete, select

from inspector.errors import StoreError
from inspector.recipes import MOST_CLASSES, Recipe
from inspector.store.database import Database
from inspector.store.recipes import Recipes
from inspector.store.records import RunRecord, VerdictRecord, to_record
from inspector.store.server import retries_when_lost
from inspector.store.standing import list_standing
from inspector.store.tables import DefectClassRow, SampleRow, VerdictRow
from inspector.store.users import require


@retries_when_lost
class DefectClasses:
    """The defect classes of a workspace, and what they were given to."""

    def __init__(self, database: Database, recipes: Recipes) -> None:
        """Serve a database and the recipes in it."""
        self._database, self._recipes = database, recipes

    def all(self) -> list[str]:
        """Return the names that runs without a list of their own offer; the first nine have the keys 1 to 9."""
        with self._database.session() as session:
            return list(session.scalars(select(DefectClassRow.name).order_by(DefectClassRow.number)))

    def of_run(self, run: RunRecord) -> list[str]:
        """Return the names that a run offers: those of its recipe where that has any, else those of the workspace.

        A recipe counts as it is now, or as the run was begun with it where it is gone.
        """
        recipe = self._find_recipe(run)
        return list((recipe.classes if recipe else (run.recipe or {}).get("classes")) or self.all())

    def save_of_run(self, run: RunRecord, names: Sequence[str], *, expected: Sequence[str] | None = None) -> None:
        """Replace what a run offers: the list of its recipe, or else that of the workspace. Raises as `save`."""
        recipe = self._find_recipe(run)
        if recipe is None:
            self.save(names, expected=expected)
            return
        changed = Recipe.make({**recipe.to_json(), "classes": check_classes(names)})
        _require_same(recipe.classes or self.all(), expected)
        self._recipes.save(changed, expected=recipe)

    def _find_recipe(self, run: RunRecord) -> Recipe | None:
        name = (run.recipe or {}).get("name", "")
        return self._recipes.get(name) if name and name in self._recipes.names() else None

    def save(self, names: Sequence[str], *, expected: Sequence[str] | None = None) -> None:
        """Replace the list; verdicts keep the names that they were given.

        Args:
            names: the new list.
            expected: the list that the editor saw; None = whatever stands.

        Raises:
            ValueError: as `check_classes`.
            StoreError: another list than the expected one stands, or the workspace cannot be written; nothing has
                changed then.
        """
        kept = check_classes(names)
        with self._database.session(durable=True) as session:
            require(session, self._database, "classes")
            _require_same(session.scalars(select(DefectClassRow.name).order_by(DefectClassRow.number)).all(), expected)
            session.execute(delete(DefectClassRow))
            session.add_all(DefectClassRow(number=number, name=name) for number, name in enumerate(kept, start=1))

    def count(self, run_id: int) -> dict[str, int]:
        """Count the rejected samples of a run by class, the most frequent first; "" = without one."""
        query = select(VerdictRow).join(SampleRow).where(SampleRow.run_id == run_id).order_by(VerdictRow.id)
        with self._database.session() as session:
            standing = list_standing(to_record(VerdictRecord, row) for row in session.scalars(query))
        rejected = (said.defect_class for said in standing.values() if said.verdict == "rejected")
        return dict(Counter(rejected).most_common())


def _require_same(standing: Sequence[str], expected: Sequence[str] | None) -> None:
    if expected is not None and list(standing) != list(expected):
        now = ", ".join(standing) or "none"
        raise StoreError(f"the defect classes were changed meanwhile: they are {now} now; change them there")


def check_classes(names: Sequence[str]) -> list[str]:
    """Return names without blanks around them and without empty ones.

    Raises:
        ValueError: they are too many, or one stands twice.
    """
    kept = [name.strip() for name in names if name.strip()]
    if len(kept) > MOST_CLASSES:
        raise ValueError(f"expected at most {MOST_CLASSES} classes, but got {len(kept)}")
    if len({name.casefold() for name in kept}) < len(kept):
        raise ValueError(f"expected each class once, but got {', '.join(kept)}")
    return kept
