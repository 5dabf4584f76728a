"""What the documents show to type is what the command line, make and Python take; nothing of it is run here."""

import ast
import re
import shlex
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer

from inspector.cli import app
from inspector.errors import InspectorError
from inspector.logs import end_log

ROOT = Path(__file__).parent.parent
PAGES = {
    page.name: page.read_text(encoding="utf-8")
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
}
GROUP = typer.main.get_command(app)
OTHERS = {"--tb", "--counts", "--editable"}
"""Options of pytest, a benchmark and pip."""


def code_of(text):
    """Return the lines of fenced and indented code."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [line.strip() for line in "\n".join(fenced).splitlines() + re.findall(r"^    .+", text, flags=re.MULTILINE)]


def read_sentences(file):
    """Return the texts of a module; what is put into them stands as {}."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def parse(words):
    command, name = GROUP, "inspector"
    while hasattr(command, "commands"):
        name, *words = words
        command = command.commands[name]
    with suppress(InspectorError, typer.Exit):  # it looks for what is named, or is `--help`
        command.make_context(name, words)


def list_flags(command):
    below = [list_flags(each) for each in getattr(command, "commands", {}).values()]
    return {flag for each in command.params for flag in (*each.opts, *each.secondary_opts)}.union(*below)


@pytest.fixture
def quiet(monkeypatch, tmp_path, store):
    monkeypatch.setenv("INSPECTOR_WORKSPACE", str(store.folder))
    monkeypatch.chdir(ROOT)
    yield
    end_log()


@pytest.mark.parametrize("page", PAGES)
def test_commands_can_be_typed(page, quiet):
    for line in code_of(PAGES[page]):
        if line.startswith("inspector "):
            try:
                parse(shlex.split(line, comments=True)[1:])
            except Exception as error:  # whatever the parser says
                pytest.fail(f"{line}: {error!r}")


def test_commands_that_the_program_tells_are_whole(quiet):
    """Where a sentence goes on after the command's name, nothing that must be given lacks."""
    files = [file for folder in ("inspector", "gui") for file in (ROOT / folder).rglob("*.py")]
    texts = [text for file in files for text in read_sentences(file) if "`" in text and "Args:" not in text]
    commands = {command for text in texts for command in re.findall(r"`inspector ([^`]+)`", text)}
    commands = {re.sub(r"\{\w*\}", "1", command) for command in commands if "{" in command or "FOLDER" in command}

    assert {"doctor --salvage FOLDER", "watch 1"} < commands
    for command in sorted(commands):
        try:
            parse(shlex.split(command))
        except Exception as error:  # whatever the parser says
            pytest.fail(f"{command}: {error!r}")


def test_options_that_are_named_are_there():
    named = {flag for text in PAGES.values() for flag in re.findall(r"`(--[a-z][\w-]*)", text)}

    assert len(named) > 80
    assert named - OTHERS - list_flags(GROUP) == set()


def test_modules_and_targets_that_are_named_are_there():
    text = "\n".join(PAGES.values())
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))

    assert set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", text, flags=re.MULTILINE)) - targets == set()
    assert [name for name in set(re.findall(r"python -m (benchmarks[\w.]*)", text)) if find_spec(name) is None] == []


def test_every_picture_of_the_documents_is_made_by_the_script_for_them():
    script = (ROOT / "tools" / "screenshots.py").read_text(encoding="utf-8")
    pictures = {picture.stem for picture in (ROOT / "docs" / "screenshots").iterdir()}
    assert pictures
    assert {name for name in pictures if f'{name}.png"' not in script and f'"{name}"' not in script} == set()
