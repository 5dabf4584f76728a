"""docs/files.md names every kind of file and layout, and tests that there are."""

import ast
import re
from pathlib import Path

from inspector.data.clouds.cloud import CLOUD_SUFFIXES, GRID_SUFFIXES
from inspector.data.layouts.folders import LAYOUTS
from inspector.data.photos import IMAGE_SUFFIXES

ROOT = Path(__file__).parents[1]

PAGE = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")


def find_words() -> set[str]:
    return set(re.findall(r"`([^`\s]+)`", PAGE))


def list_tests(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_kind_of_file_and_layout_is_named() -> None:
    assert (IMAGE_SUFFIXES | CLOUD_SUFFIXES | GRID_SUFFIXES | set(LAYOUTS)) - find_words() == set()


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"(tests/[\w/]+\.py)::(\w+)", PAGE)

    assert len(named) > 40
    assert [f"{file}::{name}" for file, name in named if name not in list_tests(file)] == []
