"""The command line: parse, call one function, print where the result is.

Exit codes: 0 done; 1 something in the user's world is wrong, one line on stderr says what to do; 2 wrong usage;
130 cancelled.
"""

import io
import logging
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from inspector import __version__
from inspector.cli import (
    audit,
    backup,
    doctor,
    evaluate,
    groups,
    hand_over,
    import_scores,
    options,
    prune,
    recipes,
    rescore,
    runs,
    scan,
    scan_many,
    serve,
    statistics,
    users,
    watch,
    weights,
)
from inspector.cli.interrupts import heeding_interrupts
from inspector.data.layouts.accounting import is_text
from inspector.errors import Cancelled, InputError, InspectorError
from inspector.files import expand_home
from inspector.logs import end_log
from inspector.terminal import escape_text

_log = logging.getLogger(__name__)

STOPPED = 130
"""Exit code after Ctrl+C."""


def _hide_types_of_flags(command: Any) -> None:
    """Leave the type out behind flags: `--resume <bool>` in a help page looks as if a value had to follow."""
    for parameter in command.get_params(typer.Context(command)):
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
    for each in getattr(command, "commands", {}).values():
        _hide_types_of_flags(each)


class _Commands(TyperGroup):
    """All commands, whose help pages show flags as flags."""

    def main(self, *given: Any, **named: Any) -> Any:
        _hide_types_of_flags(self)
        return super().main(*given, **named)


app = typer.Typer(
    cls=_Commands,
    name="inspector",
    help="Finds the odd parts in a batch of unlabelled photos, point clouds, or both.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"inspector {__version__}")
        raise typer.Exit


@app.callback()
def _begin(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Take what stands before the command."""


scan.register(app)
scan_many.register(app)
watch.register(app)
runs.register(app)
evaluate.register(app)
groups.register(app)
rescore.register(app)
import_scores.register(app)
weights.register(app)
backup.register(app)
audit.register(app)
prune.register(app)
recipes.register(app)
doctor.register(app)
statistics.register(app)
serve.register(app)
users.register(app)
hand_over.register(app)


def main() -> None:
    """Run the command line and exit with its code.

    SIGINT and SIGTERM both stop a scan cleanly, also where the shell started it in the background and told it to
    ignore Ctrl+C.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "3000")  # torch's threads, waiting for each other, starve beside other work
    sys.argv[1:] = [_expand_argument(argument) for argument in sys.argv[1:]]
    if workspace := os.environ.get(options.WORKSPACE):
        os.environ[options.WORKSPACE] = expand_home(workspace)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names have signs that LANG=C and pipes on Windows lack
    try:
        with heeding_interrupts():
            _run()
    finally:
        end_log()


def _expand_argument(argument: str) -> str:
    """Put the user's folder in the place of ~ where the shell did not, as in `--export=~/out`: no folder ~ is made."""
    option, sign, value = argument.partition("=") if argument.startswith("--") else ("", "", argument)
    return f"{option}{sign}{expand_home(value)}"


def _require_text(arguments: list[str], workspace: str) -> None:
    """Refuse bytes that are no text: no database, table or report could hold the path that they name."""
    for argument in (*arguments, workspace):
        if not is_text(argument):
            raise InputError(f"{argument!a} is no valid text; rename the file or folder")


def _begin_command() -> None:
    """Do what the arguments say, and tell Ctrl+C outside a scan as it is told within."""
    try:
        app()  # ends by SystemExit: 0, 2 for wrong usage, 130 for Ctrl+C outside a scan
    except SystemExit as end:
        if end.code == STOPPED:
            raise Cancelled("stopped before it was done") from end
        raise


def _run() -> None:
    try:
        _require_text(sys.argv[1:], os.environ.get(options.WORKSPACE, ""))
        _begin_command()
    except InspectorError as error:
        _log.error("%s", error, exc_info=True)
        sys.stderr.write(f"inspector: {escape_text(options.add_flags(str(error)))}\n")
        sys.exit(1)
    except Cancelled as stop:
        _log.info("%s", stop)
        sys.stderr.write(f"inspector: {escape_text(options.add_flags(str(stop)))}\n")
        sys.exit(STOPPED)
    except OSError as error:
        _log.critical("the system refused something", exc_info=True)
        about = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"inspector: {escape_text(f'{about}{error.strerror or error}')}; its log tells where\n")
        sys.exit(1)
    except Exception:
        _log.critical("it ends by an error that nobody expected", exc_info=True)
        raise
