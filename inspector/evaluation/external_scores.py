"""Another method's image scores, improved by re-scoring with embeddings of ours."""

import csv
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from inspector.errors import InputError, say_why
from inspector.export.csv_files import DIVIDERS, Cell, Decimal, find_decimal, free_text, write_csv
from inspector.files import require_regular
from inspector.scoring.rescoring import rescore, rescore_near
from inspector.store.arrays import DAMAGED, read_matrix
from inspector.store.embeddings import load_embeddings
from inspector.store.workspace import Workspace

NAME_COLUMNS = ("path", "name", "file", "filename", "image", "image_path")
SCORE_COLUMNS = ("score", "raw_score", "anomaly_score", "image_score", "pred_score")
"""Headings that are understood, in any case; the first that is there is taken."""

RESULT_COLUMN = "rescored"


@dataclass(frozen=True)
class ScoreTable:
    """A CSV file of image scores.

    Attributes:
        path: the file.
        header: its columns.
        rows: all its lines, as text by column.
        names: (N,) names of the images that have a score.
        scores: (N,) their scores.
        lines: (N,) where they stand in `rows`.
        decimal: what stands before decimals in it.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[dict[str, str], ...] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    scores: tuple[float, ...] = field(repr=False)
    lines: tuple[int, ...] = field(repr=False)
    decimal: Decimal = "point"


def read_scores(path: str | Path) -> ScoreTable:
    """Read a CSV file with a heading, a column of image names and a column of scores.

    Lines without a score (unreadable images) are kept as they are and take no part.

    Raises:
        InputError: the file cannot be read, lacks a column, or a score is no finite number; the line is named.
    """
    path = Path(path)
    header, rows, decimal = _read_csv(path)
    name_column = _column(path, header, NAME_COLUMNS)
    score_column = _column(path, header, SCORE_COLUMNS)
    both = decimal == "comma" and any("," in (row[score_column] or "") for row in rows)
    scored = [line for line, row in enumerate(rows) if (row[score_column] or "").strip()]
    return ScoreTable(
        path,
        tuple(header),
        tuple(rows),
        tuple(free_text(rows[line][name_column] or "") for line in scored),
        tuple(_number(path, line, rows[line][score_column], decimal, both) for line in scored),
        tuple(scored),
        decimal,
    )


def rescore_table(
    table: ScoreTable, embeddings: NDArray[np.float32], windows: Sequence[int], out: str | Path
) -> NDArray[np.float64]:
    """Re-score a table by nearness or as published (MuSc, section 3.4); write it with a column `rescored` at the end.

    Args:
        table: N scored images.
        embeddings: (N, D) in the same order, finite; near by their angle, over windows similar by their inner product.
        windows: sizes of the neighbourhoods; none = by nearness.
        out: file to write; all columns and lines of the table are kept.

    Returns:
        (N,) the new scores, about 0..1.

    Raises:
        InputError: fewer than two images, or the file cannot be written.
        ValueError: the shapes do not go together.
    """
    scores, vectors = torch.tensor(table.scores, dtype=torch.float64), torch.from_numpy(embeddings)
    new = (rescore(scores, vectors, windows) if windows else rescore_near(scores, vectors)).numpy()
    written = {line: float(score) for line, score in zip(table.lines, new, strict=True)}
    kept = [name for name in table.header if name != RESULT_COLUMN]
    rows: list[list[Cell]] = [[*(row[name] for name in kept), written.get(i)] for i, row in enumerate(table.rows)]
    try:
        write_csv(out, [*kept, RESULT_COLUMN], rows, decimal=table.decimal)
    except OSError as error:
        raise InputError(f"cannot write {out}: {error.strerror or error}; choose another file for `out`") from error
    return np.asarray(new)


def embeddings_from_run(table: ScoreTable, store: Workspace, run_id: int) -> NDArray[np.float32]:
    """Return the embeddings of the table's images from a run, (N, D) float32.

    A name fits a sample if one ends with the other: `/data/bottle/test/good/000.png` in the table is the run's
    `test/good/000.png`, and so is `good/000.png`, as long as no other sample ends like this.

    Raises:
        InputError: a name fits no sample, several, or one that another name fits.
        StoreError: the run cannot be used.
    """
    names, embeddings = load_embeddings(store, run_id)
    return embeddings[find_samples(table.path, table.names, names, f"run {run_id}")]


def find_samples(source: str | Path, names: Sequence[str], samples: Sequence[str], of: str) -> list[int]:
    """Return the place of the sample that each name means; one ends with the other, as `embeddings_from_run` says.

    Args:
        source: where the names stand, for messages.
        names: N of them.
        samples: names of the samples.
        of: whose samples they are, for messages: "run 3".

    Raises:
        InputError: a name fits no sample, several, or one that another name fits.
    """
    indexes = [_index_names(samples, form) for form in (str, _compose)]
    taken: dict[int, str] = {}
    for name in names:
        fitting = next(filter(None, (index(name) for index in indexes)), [])
        if len(fitting) != 1:
            problem = f"fits {len(fitting)} samples" if fitting else f"is none of the {len(samples)} scored samples"
            raise InputError(f"{source}: {name!r} {problem} of {of}; give the path inside the run's folder")
        if fitting[0] in taken:
            raise InputError(f"{source}: {name!r} and {taken[fitting[0]]!r} are the same sample of {of}")
        taken[fitting[0]] = name
    return list(taken)


def _index_names(samples: Sequence[str], form: Callable[[str], str]) -> Callable[[str], list[int]]:
    """Return what finds the places of the samples that a name means, both brought to a form."""
    whole, endings = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for position, name in enumerate(map(form, samples)):
        whole[name].append(position)
        for ending in _endings(name):
            endings[ending].append(position)

    def find(name: str) -> list[int]:
        ends = _endings(form(name))
        return next((whole[end] for end in ends if end in whole), endings.get("/".join(ends[:1]), []))

    return find


def _compose(name: str) -> str:
    """Write letters with marks as one sign each: file systems and spreadsheets write the same name either way."""
    return unicodedata.normalize("NFC", name)


def embeddings_from_file(table: ScoreTable, path: str | Path) -> NDArray[np.float32]:
    """Return the embeddings of the table's images from a file, (N, D) float32, one row for each score in order.

    Args:
        table: N scored images.
        path: .npy; .npz with one array, or one called "embeddings"; .csv with numbers only.

    Raises:
        InputError: the file cannot be read, has another number of rows, or values that are not finite.
    """
    path = Path(path)
    count = len(table.scores)
    try:
        with np.errstate(over="ignore"):  # what is too large becomes infinite, which is told below
            values = _read_array(require_regular(path), count).astype(np.float32)
    except DAMAGED as error:
        raise InputError(f"{path} cannot be read as embeddings: {say_why(error)}") from error
    if values.ndim != 2 or len(values) != count:
        raise InputError(
            f"{path} holds an array of shape {values.shape}; {table.path} needs ({count}, D): a row a score"
        )
    if not np.isfinite(values).all():
        raise InputError(f"{path} holds values that are not finite; compute the embeddings again")
    return values


def _read_array(path: Path, rows: int) -> NDArray[Any]:
    if path.suffix.lower() != ".csv":
        return read_matrix(path, rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of an empty file, which is told below
        return np.loadtxt(path, delimiter=",", ndmin=2, dtype=np.float64, encoding="utf-8-sig")


def _read_csv(path: Path) -> tuple[list[str], list[dict[str, str]], Decimal]:
    try:
        with require_regular(path).open(encoding="utf-8-sig", newline="") as file:
            decimal = find_decimal(file.readline())
            file.seek(0)
            reader = csv.DictReader(file, restkey="", restval="", delimiter=DIVIDERS[decimal])
            header, rows = list(reader.fieldnames or ()), list(reader)
    except UnicodeDecodeError as error:
        raise InputError(
            f"the scores {path} are no text in UTF-8: save the table as CSV UTF-8 ({error.reason})"
        ) from error
    except (OSError, csv.Error) as error:
        raise InputError(f"the scores {path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    for line, row in enumerate(rows):
        rest: Any = row.get("")
        if isinstance(rest, list) and any(cell.strip() for cell in rest):
            raise InputError(
                f"{path}, line {line + 2}: it has more cells than the first line; quote texts with commas, and write "
                "decimal points, or semicolons between cells"
            )
    return header, rows, decimal


def _column(path: Path, header: Sequence[str], known: Sequence[str]) -> str:
    for wanted in known:
        for column in header:
            if column.strip().lower() == wanted:
                return column
    raise InputError(f"{path} has no column {' or '.join(known)}; its first line is: {say_why(','.join(header))}")


def _number(path: Path, line: int, text: str, decimal: Decimal, has_commas: bool) -> float:
    """Read a score; where others have decimal commas, a point may be a decimal mark or stand between thousands."""
    if has_commas and "." in text:
        raise InputError(
            f"{path}, line {line + 2}: {say_why(text)!r} has a point, other scores have commas; write one kind"
        )
    try:
        value = float(text.replace(",", ".") if decimal == "comma" else text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(f"{path}, line {line + 2}: {say_why(text)!r} is no finite number")
    return value


def _endings(name: str) -> list[str]:
    """A path and its ends, longest first: a/b/c, b/c, c."""
    pieces = [piece for piece in name.strip().replace("\\", "/").split("/") if piece not in ("", ".")]
    return ["/".join(pieces[first:]) for first in range(len(pieces))]
