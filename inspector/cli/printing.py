"""Tables on the terminal, or in the pipe behind it."""

from rich.console import Console
from rich.table import Table

WIDEST = 10_000
"""Columns of a terminal that no table needs."""


def print_table(table: Table) -> None:
    """Print a table with no cell folded or cut, however narrow the terminal: names are there to be copied."""
    whole = Console(width=WIDEST).measure(table).maximum
    Console(width=max(Console().width, whole)).print(table)
