"""`inspector users`: who may do what in a workspace."""

from typing import Annotated, Literal

import typer

from inspector.cli import options
from inspector.cli.sign_in import Operator, open_as, read_new_password
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text

Name = Annotated[str, typer.Argument(help="Name that the user signs in by.")]
RoleName = Literal["operator", "engineer", "auditor"]
Stdin = Annotated[bool, typer.Option("--password-stdin", help="The new password is the first line of stdin.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    users = typer.Typer(no_args_is_help=True, help="Who may do what; without any user everybody may do everything.")
    users.command("list")(list_users)
    users.command("add")(add)
    users.command("password")(change_password)
    users.command("role")(change_role)
    users.command("remove")(remove)
    app.add_typer(users, name="users")


def list_users(workspace: options.ExistingWorkspace) -> None:
    """List the users and their roles."""
    with Workspace(workspace) as store:
        found = store.users.all()
    for user in found:
        typer.echo(escape_text(f"{user.name}: {user.role}"))
    if not found:
        typer.echo("There are no users: everybody may do everything.")


def add(
    name: Name,
    workspace: options.Workspace,
    role: Annotated[RoleName, typer.Option(help="operator, engineer or auditor.")],
    password_stdin: Stdin = False,
    operator: Operator = None,
) -> None:
    """Add a user; the first one is an engineer."""
    with open_as(workspace, operator) as (store, _):
        store.users.require("users")
        store.users.add(name, role, read_new_password(password_stdin))
    typer.echo(escape_text(f"{name} is added as {role}."))


def change_password(
    name: Name, workspace: options.ExistingWorkspace, password_stdin: Stdin = False, operator: Operator = None
) -> None:
    """Change a password: one's own, or as an engineer that of another."""
    with open_as(workspace, operator) as (store, _):
        store.users.set_password(name, read_new_password(password_stdin))
    typer.echo(escape_text(f"{name} has another password."))


def change_role(
    name: Name,
    role: Annotated[RoleName, typer.Argument(help="operator, engineer or auditor.")],
    workspace: options.ExistingWorkspace,
    operator: Operator = None,
) -> None:
    """Give a user another role; it holds at once."""
    with open_as(workspace, operator) as (store, _):
        store.users.set_role(name, role)
    typer.echo(escape_text(f"{name} is {role}."))


def remove(name: Name, workspace: options.ExistingWorkspace, operator: Operator = None) -> None:
    """Remove a user; what they said stays. The last one to go leaves everything to everybody."""
    with open_as(workspace, operator) as (store, _):
        store.users.remove(name)
    typer.echo(escape_text(f"{name} is removed."))
