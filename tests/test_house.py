"""The house stays in order: no room grows beyond what one can look over."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path for room in ("inspector", "gui", "tests", "benchmarks", "samples") for path in (ROOT / room).rglob("*.py")
)

MOST_FILE_LINES = 350
MOST_FUNCTION_LINES = 60
"""Without the docstring."""
MOST_CLASS_LINES = 249


def count_lines(node: ast.AST) -> int:
    """Lines of a function or class from its first to its last, its own docstring left out."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_functions_and_classes_can_be_looked_over(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))

    assert len(text.splitlines()) <= MOST_FILE_LINES
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [(node.name, count_lines(node)) for node in functions if count_lines(node) > MOST_FUNCTION_LINES] == []
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    assert [(node.name, count_lines(node)) for node in classes if count_lines(node) > MOST_CLASS_LINES] == []


def test_names_of_test_files_are_unique() -> None:
    """Python knows modules of folders without `__init__.py` by their names alone."""
    names = [path.stem for path in FILES if path.is_relative_to(ROOT / "tests") and path.stem.startswith("test_")]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_class_of_the_packages_has_a_name_of_its_own() -> None:
    """Who meets a name need not look up which of two things it means."""
    names = [
        node.name
        for path in FILES
        if path.is_relative_to(ROOT / "inspector") or path.is_relative_to(ROOT / "gui")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_public_methods_of_the_store_take_no_unknown_arguments() -> None:
    """A typo in a name must be an error, not a column that is silently there."""
    for path in (ROOT / "inspector" / "store").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert node.args.kwarg is None, f"{path.name}: {node.name}"
