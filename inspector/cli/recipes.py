"""`inspector recipes`: the products of a workspace, and how each is inspected."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from inspector.cli import options
from inspector.cli.printing import print_table
from inspector.cli.sign_in import Operator, open_as
from inspector.errors import StoreError
from inspector.files import replacing
from inspector.recipes import read_recipe
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text

Name = Annotated[str, typer.Argument(help="Name of the product.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    recipes = typer.Typer(no_args_is_help=True, help="What is kept of how a product is inspected, used by --recipe.")
    recipes.command("list")(list_recipes)
    recipes.command("show")(show)
    recipes.command("import")(import_recipe)
    recipes.command("export")(export)
    recipes.command("delete")(delete)
    app.add_typer(recipes, name="recipes")


def list_recipes(workspace: options.ExistingWorkspace) -> None:
    """List the recipes of the workspace."""
    table = Table("Recipe", "Preset", "Classes", "Settings", "Folder", box=None)
    with Workspace(workspace) as store:
        for recipe in store.recipes.all():
            told = (
                recipe.name,
                recipe.preset or "",
                ", ".join(recipe.classes),
                ", ".join(recipe.settings),
                recipe.folder,
            )
            table.add_row(*(Text(escape_text(text)) for text in told))
    print_table(table)


def show(name: Name, workspace: options.ExistingWorkspace) -> None:
    """Print a recipe as TOML."""
    with Workspace(workspace) as store:
        typer.echo(store.recipes.get(name).to_toml(), nl=False)


def import_recipe(
    file: Annotated[Path, typer.Argument(help="TOML file, as `inspector recipes export` writes it.")],
    workspace: options.Workspace,
    name: Annotated[str | None, typer.Option(help="Keep it under this name.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the recipe of the same name.")] = False,
    instead_of: Annotated[
        Path | None,
        typer.Option("--instead-of", help="Replace it if it still is as in this file, exported before."),
    ] = None,
    operator: Operator = None,
) -> None:
    """Keep the recipe of a FILE in the workspace."""
    recipe = read_recipe(file)
    if name is not None:
        recipe = recipe.renamed(name)
    expected = None if instead_of is None else read_recipe(instead_of).renamed(recipe.name)
    with open_as(workspace, operator) as (store, _):
        if replace and instead_of is None and recipe.name in store.recipes.names():
            expected = store.recipes.get(recipe.name)
        store.recipes.save(recipe, expected=expected)
    typer.echo(escape_text(f"Recipe {recipe.name} is kept."))


def export(
    name: Name,
    workspace: options.ExistingWorkspace,
    out: Annotated[Path | None, typer.Option("--out", help="File to write.", show_default="NAME.toml")] = None,
) -> None:
    """Write a recipe to one TOML file, with all that belongs to it."""
    with Workspace(workspace) as store:
        recipe = store.recipes.get(name)
    target = out or Path(f"{name.replace('/', '_')}.toml")
    try:
        with replacing(target) as beside:
            beside.write_text(recipe.to_toml(), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror or error}; choose another place") from error
    typer.echo(escape_text(str(target)))


def delete(name: Name, workspace: options.ExistingWorkspace, operator: Operator = None) -> None:
    """Remove a recipe; runs keep what they were begun with."""
    with open_as(workspace, operator) as (store, _):
        store.recipes.delete(name)
    typer.echo(escape_text(f"Recipe {name} is removed."))
