"""The support archive: what helps to understand a failure from afar, without a picture, and without names of people.

It holds what the checks found, the log, the tables' definition, and of each run settings, counts, timings and device.
Folders are told as "<run 3>", "<workspace>" and "~", files of parts as "<file>.png"; operators, comments and scores are
not in it.
"""

import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from inspector.data.clouds.cloud import CLOUD_SUFFIXES
from inspector.data.photos import IMAGE_SUFFIXES
from inspector.errors import StoreError
from inspector.files import replacing
from inspector.health.findings import Finding
from inspector.logs import LOG_FILE
from inspector.store.database import FILE
from inspector.store.location import folder_of, is_address
from inspector.store.migrations import HEAD
from inspector.store.workspace import Workspace

RUN_FACTS = (
    *(
        "id",
        "created",
        "finished",
        "status",
        "message",
        "layout",
        "notes",
        "settings",
        "version",
        "backbone",
        "modality",
    ),
    *("rescoring", "weights_sha256", "device", "timings", "samples", "unreadable", "flagged", "value_range"),
)
"""What is told of a run, where its tables have it."""


SAID = re.compile(
    r"((?:verdict|(?:threshold|pool) change|mark of a group|part of sample|folder of run) \d+"
    r" \(run \d+).*?\) (is missing|was changed|was inserted).*?(?=\"?,?$)",
    re.MULTILINE,  # to the end of the line: what people wrote may hold any sign
)
"""What is told of a row that does not agree with the audit chain: part, operator and comment are in it."""


def write_bundle(workspace: str | Path, findings: Sequence[Finding], file: str | Path) -> None:
    """Write the support archive.

    Args:
        workspace: it is of; there may be none.
        findings: of the checks.
        file: ZIP to write.

    Raises:
        StoreError: it cannot be written.
    """
    file, folder = Path(file), folder_of(workspace)
    runs, schema, roots = _read_server(workspace) if is_address(workspace) else _read_database(folder / FILE)
    hide = _make_hider(folder, roots)
    try:
        with replacing(file) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("doctor.json", hide(_write(finding.to_json() for finding in findings)))
            archive.writestr("runs.json", hide(_write(runs)))
            archive.writestr("schema.sql", schema)
            for log in sorted((folder / LOG_FILE).parent.glob(f"{LOG_FILE.name}*")):
                archive.writestr(f"logs/{log.name}", hide(log.read_text(encoding="utf-8", errors="replace")))
    except OSError as error:
        raise StoreError(f"cannot write {file}: {error.strerror or error}; choose another place") from error


def _write(values: Any) -> str:
    return json.dumps(list(values), indent=1, ensure_ascii=False)


def _read_database(file: Path) -> tuple[list[dict[str, Any]], str, dict[str, str]]:
    """Return facts of runs, the definition of the tables, and what stands for the folder of each run."""
    if not file.is_file():
        return [], "", {}
    try:
        with closing(sqlite3.connect(file)) as database:
            database.row_factory = sqlite3.Row
            schema = [row["sql"] for row in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
            rows = [dict(row) for row in database.execute("SELECT * FROM run ORDER BY id")]
    except sqlite3.Error as error:
        return [], f"-- {error}\n", {}  # damaged, as the findings say
    runs = [{name: _parse(row[name]) for name in RUN_FACTS if name in row} for row in rows]
    return runs, ";\n".join(schema), {str(row["root"]): f"<run {row['id']}>" for row in rows}


def _read_server(address: str | Path) -> tuple[list[dict[str, Any]], str, dict[str, str]]:
    """Return the same of a workspace on a server, where it can be reached."""
    try:
        with Workspace(address, patience=0) as store:
            found = store.runs.all()[::-1]
    except StoreError as error:
        return [], f"-- {error}\n", {}
    runs = [{name: getattr(run, name) for name in RUN_FACTS} for run in found]
    times = [{name: str(run[name]) for name in ("created", "finished")} for run in runs]
    kept = [run | time for run, time in zip(runs, times, strict=True)]
    return kept, f"-- PostgreSQL, revision {HEAD}\n", {run.root: f"<run {run.id}>" for run in found}


def _parse(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
    except ValueError:
        return value


def _make_hider(workspace: Path, roots: dict[str, str]) -> Callable[[str], str]:
    """Return what replaces folders and names of parts in a text."""
    known = {**roots, str(workspace): "<workspace>", str(Path.home()): "~"}
    folders = {path: word for path, word in known.items() if len(path) > 1}
    written = {json.dumps(path, ensure_ascii=False)[1:-1]: word for path, word in folders.items()}  # as JSON has it
    words = {**folders, **written}
    longest_first = sorted(words, key=len, reverse=True)
    endings = "|".join(re.escape(suffix) for suffix in sorted(IMAGE_SUFFIXES | CLOUD_SUFFIXES, key=len, reverse=True))
    part = re.compile(rf"[^\s\"'<>:;,()\[\]]+(?P<ending>{endings})\b", re.IGNORECASE)

    def hide(text: str) -> str:
        for path in longest_first:
            text = text.replace(path, words[path])
        text = SAID.sub(r"\1) \2", text)
        return part.sub(lambda found: f"<file>{found['ending']}", text)

    return hide
