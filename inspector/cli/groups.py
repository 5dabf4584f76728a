"""`inspector groups`: parts that share a region which the others lack, listed and marked."""

from typing import Annotated

import typer

from inspector.cli import options
from inspector.cli.sign_in import Operator, open_as
from inspector.errors import InputError
from inspector.store.groups import MARKS, GroupRecord
from inspector.terminal import escape_text


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("groups")(groups)


def groups(
    run: Annotated[int, typer.Argument(help="Number of the run; `inspector runs` lists them.")],
    workspace: options.ExistingWorkspace,
    mark: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Say what a group is, as in 2=defect: {', '.join(MARKS)} (no defect). May be given several times."
        ),
    ] = None,
    operator: Operator = None,
    comment: Annotated[str, typer.Option(help="In your own words.")] = "",
) -> None:
    """List the groups of parts that share a region; scores follow their marks where the run was scanned with
    `--recurring correct`."""
    wanted: dict[int, str] = {}
    for number, new in map(_read_mark, mark or ()):
        if wanted.setdefault(number, new) != new:
            raise typer.BadParameter(f"group {number} cannot be {wanted[number]} and {new}", param_hint="--mark")
    from inspector.jobs.group_marks import follow_marks

    with open_as(workspace, operator) as (store, who):
        found = {group.number: group for group in store.groups.of_run(run)}
        unknown = sorted(wanted.keys() - found.keys())
        if unknown:
            raise InputError(f"run {run} has no group {unknown[0]}; it has {len(found)}")
        for number, new in wanted.items():
            if found[number].mark != new:
                store.groups.mark(found[number].id, who, new, comment, expected=found[number].mark)
        follow_marks(store, run, who)
        listed = store.groups.of_run(run)
        members = {sample.id: sample.name for sample in store.runs.samples(run)}
    for group in listed:
        typer.echo(escape_text(_describe(group, [members[each.sample_id] for each in group.members])))
    if not listed:
        typer.echo(f"Run {run}: no parts share a region that the others lack.")


def _read_mark(text: str) -> tuple[int, str]:
    number, _, mark = text.partition("=")
    if not number.strip().isdecimal() or mark.strip() not in MARKS:
        told = f"expected a group and one of {', '.join(MARKS)}, as in 2=defect, but got {text!r}"
        raise typer.BadParameter(told, param_hint="--mark")
    return int(number), mark.strip()


def _describe(group: GroupRecord, names: list[str]) -> str:
    follows = "scores follow" if group.corrected else "scores do not follow"
    return f"{group.number}. {group.tell()} ({group.mark}; {follows}): {', '.join(names)}"
