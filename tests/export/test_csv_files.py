"""Tables that spreadsheets open by a double click, and that say nothing else than was meant."""

import csv

import pytest

from inspector.export.csv_files import find_decimal, free_text, guard_text, write_csv
from inspector.export.tables import SCORE_COLUMNS, write_table


def test_bytes_of_a_table(tmp_path):
    write_csv(tmp_path / "a.csv", ("path", "score"), [("größe.png", -0.5), ("=1+1.png", None), ("a,b", 3)])

    expected = '\ufeffpath,score\r\ngröße.png,-0.5\r\n\'=1+1.png,\r\n"a,b",3\r\n'
    assert (tmp_path / "a.csv").read_bytes() == expected.encode("utf-8")


def test_bytes_of_a_table_with_decimal_commas(tmp_path):
    write_csv(tmp_path / "a.csv", ("path", "score"), [("a;b.png", -0.5), ("c,d.png", 1e-07)], decimal="comma")

    expected = '\ufeffpath;score\r\n"a;b.png";-0,5\r\nc,d.png;1e-07\r\n'
    assert (tmp_path / "a.csv").read_bytes() == expected.encode("utf-8")


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(0).png", "+49.png", "-7.png", "@part.png", "\tx", "\rx", "-1+1", "\t5", "'=x.png"]
)
def test_what_a_spreadsheet_takes_for_a_formula_is_text(text):
    assert guard_text(text) == f"'{text}"
    assert free_text(guard_text(text)) == text


@pytest.mark.parametrize("text", ["", "part.png", "-0.5", "-0,5", "+3e-4", "it's", "'quoted'", "a=b"])
def test_other_text_and_numbers_stay(text):
    assert guard_text(text) == text
    assert free_text(text) == text


def test_names_that_are_no_text_are_written_all_the_same(tmp_path):
    write_csv(tmp_path / "a.csv", ("path",), [("caf\udce9.png",)])

    assert (tmp_path / "a.csv").read_text("utf-8-sig") == "path\ncaf\\udce9.png\n"


@pytest.mark.parametrize(("line", "decimal"), [("path,score", "point"), ("path;score", "comma"), ("path", "point")])
def test_decimals_are_told_by_the_first_line(line, decimal):
    assert find_decimal(line) == decimal


def test_what_was_left_out_follows_the_samples(tmp_path):
    write_table([], tmp_path / "a.csv", SCORE_COLUMNS, left_out=[["@eaDir", "a copy of the system"]])

    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["path"], row["status"], row["reason"]) == ("'@eaDir", "left out", "a copy of the system")
    assert (row["raw_score"], row["rescored"], row["decision"]) == ("", "", "")
