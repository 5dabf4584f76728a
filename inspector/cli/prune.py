"""`inspector prune`: room in the workspace."""

from typing import Annotated

import typer

from inspector.cli import options
from inspector.cli.sign_in import Operator, open_as
from inspector.store.pruning import CACHE_GB, PruningPlan, plan_pruning
from inspector.store.pruning import prune as prune_workspace
from inspector.store.records import RunRecord
from inspector.terminal import escape_text
from inspector.times import to_local


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("prune")(prune)


def prune(
    workspace: options.ExistingWorkspace,
    cache_gb: Annotated[
        float, typer.Option(min=0, help="Gigabytes of tokens that stay; the longest unused go first.")
    ] = CACHE_GB,
    keep_runs: Annotated[int | None, typer.Option(min=1, help="So many of the newest runs stay.")] = None,
    older_than: Annotated[float | None, typer.Option(min=0, help="Runs go if they are older, in days.")] = None,
    with_verdicts: Annotated[
        bool, typer.Option("--with-verdicts", help="Also runs with verdicts, or whose threshold was moved.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and stop.")] = False,
    operator: Operator = None,
) -> None:
    """Remove tokens beyond a size, and, where told which, old runs with their maps.

    Tokens are read from the photos again when they are needed. Runs that people reviewed stay, as do the newest
    one and those that are being scanned. With both --keep-runs and --older-than only those go that both would let go.
    """
    with open_as(workspace, operator) as (store, who):
        plan = plan_pruning(
            store, cache_gb=cache_gb, keep_runs=keep_runs, older_than=older_than, with_verdicts=with_verdicts
        )
        if not dry_run:
            prune_workspace(store, plan, who)
    for line in _describe(plan, "would go" if dry_run else "removed"):
        typer.echo(escape_text(line))


def _describe(plan: PruningPlan, fate: str) -> list[str]:
    size, left = sum(one.size for one in plan.tokens), len(plan.leftovers)
    files = "1 file" if len(plan.tokens) == 1 else f"{len(plan.tokens)} files"
    leftovers = "1 leftover" if left == 1 else f"{left} leftovers"
    return [
        *(f"{fate}: {_name(run)}" for run in plan.runs),
        *(f"stays, for it was reviewed (--with-verdicts): {_name(run)}" for run in plan.reviewed),
        f"{fate}: {files} of tokens, {size / 1e9:.2f} GB; {plan.tokens_left / 1e9:.2f} GB stay",
        *([f"{fate}: {leftovers} of killed programs and removed runs"] if plan.leftovers else []),
    ]


def _name(run: RunRecord) -> str:
    samples = "1 sample" if run.samples == 1 else f"{run.samples} samples"
    return f"run {run.id} of {to_local(run.created):%Y-%m-%d}, {samples}, {run.root}"
