"""What the statistics page shows, as files: shift report, tables, pictures of the charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from gui.shell.texts import describe_unwritten
from inspector.errors import InputError
from inspector.export.csv_files import Decimal
from inspector.export.isolates import unmark
from inspector.files import replacing
from inspector.places import is_there
from inspector.statistics.overview import Overview, PlacesShown
from inspector.statistics.report import render_report, write_page, write_tables
from inspector.statistics.words import StatisticsWords


@dataclass(frozen=True)
class Handed:
    """What is written: figures, what was chosen, how it is said, and pictures of the charts by file name."""

    overview: Overview
    places: PlacesShown
    about: Sequence[tuple[str, str]]
    words: StatisticsWords = field(repr=False)
    pictures: Mapping[str, QImage] = field(repr=False)
    decimal: Decimal = "point"


def name_folder(parent: Path, now: datetime) -> Path:
    """Name a folder for what is written now; there is none of this name yet."""
    name = f"statistics-{now:%Y-%m-%d-%H%M}"
    paths = (parent / (name if place == 1 else f"{name}-{place}") for place in range(1, 1000))
    return next(path for path in paths if not is_there(path))


def write_all(handed: Handed, folder: Path) -> Path:
    """Write report.html, report.pdf, CSV files and a PNG for each chart into a new folder; return it.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True)
        page = render_report(handed.overview, handed.places, handed.about, handed.words)
        write_page(page, folder / "report.html")
        write_pdf(page, folder / "report.pdf")
        write_tables(handed.overview, handed.places, folder, handed.decimal)
        for name, picture in handed.pictures.items():
            if not picture.save(str(folder / name)):
                raise OSError(None, describe_unwritten(folder / name))
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror or error}; choose another folder") from error
    return folder


def write_pdf(page: str, path: Path) -> None:
    """Print a page of HTML on A4; raises OSError where it cannot be written."""
    document = QTextDocument()
    document.setHtml(unmark(page))
    with replacing(path) as beside:
        writer = QPdfWriter(str(beside))
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)  # the document leaves 2 cm
        document.print_(writer)
        del writer
        if not beside.exists() or not beside.stat().st_size:
            raise OSError(None, describe_unwritten(path))
