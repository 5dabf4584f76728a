import codecs

import numpy as np
import pytest

from inspector.data.clouds.xyz import TWICE, parse_xyz
from inspector.errors import InputError

POINTS = np.random.default_rng(0).normal(0, 3000, (40, 3)).round(3)
X = np.random.default_rng(1).permutation(4000)[:40]
TIMES_OR_NUMBERS = (
    "its first column may be times or numbers of points, and was read as x; where it is, name the columns in a line "
    "before the numbers"
)


def write(points, separator=" ", decimal=".", thousands="", end="\n") -> str:
    """Write points as text, with a mark between thousands."""

    def form(value: float) -> str:
        text = f"{value:,.3f}"
        return text.replace(".", "d").replace(",", thousands).replace("d", decimal)

    return "".join(separator.join(map(form, point)) + end for point in points)


@pytest.mark.parametrize(
    "text",
    [
        "1 2 3\n4 5 6",
        "1,2,3\n4,5,6\n",
        "1, 2, 3\n4, 5, 6\n",
        "1.0,2.0,3.0\n4.0,5.0,6.0\n",
        "1;2;3;255;0;0\r\n4;5;6;0;0;255\r\n",
        "1;2;3;\n4;5;6;\n",
        "x y z\n1\t2\t3\n\n4\t5\t6\n",
        "1\t\t2\t\t3\n4\t\t5\t\t6\n",
        "2\n1 2 3 0.5\n4 5 6 0.5\n",
        "# scanned\n1 2 3 // first\n4e0 +5 6.0\n",
        "//X,Y,Z\n1,2,3\n4,5,6\n",
        "1,2,3 255 0 0\n4,5,6 0 0 255\n",
        "1 2 3\r4 5 6\r",
        "1.0D+00 2.0d0 3.\n4 5 6\n",
        '"1","2","3"\n"4","5","6"\n',
        '"1,0","2,0","3,0"\n"4,0","5,0","6,0"\n',
        "Scan 7 of 2024-01-05 10:30\nby hand\n\n1 2 3\n4 5 6\n",
        "2024-01-05 10:30 7 plates\n1 2 3\n4 5 6\n",
        "Z;X;Y\n3;1;2\n6;4;5\n",
        "# z x y\n3 1 2\n6 4 5\n",
        "Point ID\tX [mm]\tY [mm]\tZ [mm]\nP1\t1\t2\t3\nP2\t4\t5\t6\n",
        "id;x;y;z\n;mm;mm;mm\n7;1,0;2,0;3,0\n9;4,0;5,0;6,0\n",
        '"row","col","pos_x","pos_y","pos_z"\n0,0,1.0,2,3\n0,1,4,5,6\n',
        "x,y,z,r,g,b\n1,2,3,255,0,0\n4,5,6,0,0,255\n",
    ],
)
def test_points_in_the_ways_people_write_them(text):
    assert parse_xyz(text.encode(), "a").points.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("separator", "decimal", "thousands"),
    [
        (" ", ".", ""),
        (",", ".", ""),
        (", ", ".", ""),
        (";", ".", ""),
        (";", ",", ""),
        ("; ", ",", ""),
        (" ", ",", ""),
        ("\t", ",", ""),
        (" \t ", ",", ""),
        (";", ",", "."),
        (" ", ",", "."),
        (";", ".", ","),
        ("\t", ".", ","),
        (";", ".", "'"),
        (" ", ",", "'"),
        (" ", ",", "\u2019"),
        (";", ",", " "),
        (";", ",", "\u00a0"),
        ("\t", ",", "\u202f"),
        (" ", ".", "\u2009"),
    ],
)
def test_marks_of_many_countries(separator, decimal, thousands):
    text = write(POINTS, separator, decimal, thousands)

    assert np.array_equal(parse_xyz(text.encode(), "a").points, POINTS)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "latin-1"),
    ],
)
def test_encodings_and_ends_of_lines(mark, encoding, end):
    text = f"Prüfstück 7, Höhe{end}x y z{end}" + write(POINTS, ";", ",", end=end)

    assert np.array_equal(parse_xyz(mark + text.encode(encoding), "a").points, POINTS)


def test_points_that_are_there_twice_are_told():
    text = "".join(f"{row * row} {row} 5\n" for row in range(100)).encode()

    assert parse_xyz(text, "a.xyz").notes == ()
    assert parse_xyz(text + text, "a.xyz").notes == (TWICE,)


def test_typographic_minus():
    assert parse_xyz("\u22121,5;2,5;\u22123,5\n".encode(), "a").points.tolist() == [[-1.5, 2.5, -3.5]]


@pytest.mark.parametrize(
    "hole", ["nan", "NaN", "-nan", "nan(ind)", "-nan(ind)", "1.#QNAN", "-1.#IND00", "null", "NA", "n/a", "-", "---"]
)
def test_words_for_holes(hole):
    points = parse_xyz(f"1 2 3\n4 5 {hole}\n6 7 8\n".encode(), "a").points

    assert np.array_equal(points, [[1, 2, 3], [4, 5, np.nan], [6, 7, 8]], equal_nan=True)


@pytest.mark.parametrize("text", ["1;;3\n4;5;6\n", "1,,3\n4,5,6\n"])
def test_empty_cell_is_a_hole_and_moves_no_other(text):
    points = parse_xyz(text.encode(), "a").points

    assert np.array_equal(points, [[1, np.nan, 3], [4, 5, 6]], equal_nan=True)


def test_numbers_of_points_are_no_coordinates():
    rows = "".join(f"{i + 1} {x} {y} {z}\n" for i, (x, y, z) in enumerate(POINTS.tolist()))

    parsed = parse_xyz(rows.encode(), "a")

    assert np.array_equal(parsed.points, POINTS)
    assert parsed.notes == ("its first column counts the points and was passed over",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,5;0,5;0,5\n1,5 2,5\n", "line 2 has 2 cells, but the first line of numbers has 3; export it again"),
        ("# a\n\n1,234 5,678 9,012\n", "line 3 can be read in two ways, for its commas .* points and blanks"),
        ("12,345;13,456;29,239\n", "line 1 can be read in two ways"),
        ("10,20,30,255,0,0\n", "line 1 can be read in two ways"),
        ("0,5,1,5,2,5\n", "line 1 can be read in two ways"),
        ("1,234.5,2,345.6,3,456.7\n", "line 1 can be read in two ways"),
        ("1 2 3 255\n1\t\t3\t255\n", "line 2 has 3 cells, but the first line of numbers has 4"),
        ("1 2 3\n4 5 six\n", "line 2 holds 'six', which is no number; export it again, one point in each line"),
        ("1.5 2.5 3.5\n1,5 2,5 3,5\n", "line . holds '1.5.5?', which is no number|line 2 holds '1,5'"),
        ("1 2 3\n4 5", "line 2 has 2 cells"),
        ("one two three\nfour five six", "line 1 and those after it hold no numbers; export the scan as points"),
        (
            "(1.5, 2.5, 3.5)\n",
            "line 1 and those after it hold no three numbers .* x y z in each line",
        ),
        ("1.5|2.5|3.5\n", "line 1 and those after it hold no three numbers with only blanks"),
        ("z y x\n1 2 3 4\n", "line 1 names 3 columns, but line 2 has 4; export it again"),
        ("1 2 3\n4 5 \0\n", "line 2 holds a byte that no text has"),
    ],
)
def test_lines_that_cannot_be_read_are_named(text, message):
    with pytest.raises(InputError, match=rf"^part 7 cannot be read: ({message})"):
        parse_xyz(text.encode(), "part 7")


def test_announced_points_that_do_not_follow():
    with pytest.raises(InputError, match=r"^part 7 is cut off .* announces 3 points, but 2 follow; copy it again"):
        parse_xyz(b"3\n1 2 3\n4 5 6\n", "part 7")


@pytest.mark.parametrize("content", [b"# nothing\n", b"\n\n", codecs.BOM_UTF8])
def test_nothing_but_comments_is_no_point(content):
    assert parse_xyz(content, "a").points.shape == (0, 3)


@pytest.mark.parametrize(
    "numbers", [np.arange(40) * 10, np.delete(np.arange(42), [7, 20]), np.random.default_rng(1).permutation(40)]
)
def test_numbers_of_points_with_gaps_or_mixed_are_no_coordinates(numbers):
    rows = "".join(f"{number} {x} {y} {z}\n" for number, (x, y, z) in zip(numbers, POINTS.tolist(), strict=True))

    parsed = parse_xyz(rows.encode(), "a")

    assert np.array_equal(parsed.points, POINTS)
    assert parsed.notes == ("its first column numbers the points and was passed over",)


def test_whole_micrometres_stay_coordinates():
    whole = np.column_stack([np.arange(40) * 10, np.round(POINTS), np.ones(40)])
    rows = "".join(" ".join(f"{value:.0f}" for value in row) + "\n" for row in whole)

    parsed = parse_xyz(rows.encode(), "a")

    assert np.array_equal(parsed.points, whole[:, :3])
    assert parsed.notes == (TIMES_OR_NUMBERS,)


@pytest.mark.parametrize(
    "columns",
    [
        (np.arange(40), 0 * X, POINTS[:, 2], X),  # a profile with brightness
        (X, 0 * X + 12.5, POINTS[:, 2], X),
        (X, X[::-1], POINTS[:, 2], POINTS[:, 0]),
        (np.arange(40), POINTS[:, 1], POINTS[:, 2], [""] * 40),
        (X, POINTS[:, 1], POINTS[:, 2], ["left"] * 40),
    ],
)
def test_whole_numbers_that_never_repeat_may_be_coordinates(columns):
    rows = "".join(";".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))

    parsed = parse_xyz(rows.encode(), "a")

    assert np.array_equal(parsed.points, np.column_stack(columns[:3]))
    assert parsed.notes == (TIMES_OR_NUMBERS,)


def test_times_before_points_are_told():
    rows = "".join(f"{number / 1000} {line}\n" for number, line in enumerate(write(POINTS).splitlines()))

    assert parse_xyz(rows.encode(), "a").notes == (TIMES_OR_NUMBERS,)


@pytest.mark.parametrize(
    "names", ["i;Points:0;Points:1;Points:2", "i px py pz", "% i x0 y0 z0", "px x y z", "% about this scan\n% i x y z"]
)
def test_names_of_other_programs(names):
    separator = ";" if ";" in names else " "
    text = f"{names}\n" + "".join(f"3{separator}{line}\n" for line in write(POINTS, separator).splitlines())

    parsed = parse_xyz(text.encode(), "a")

    assert np.array_equal(parsed.points, POINTS)
    assert parsed.notes == ()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("Scan;East;North;Up\n", "of its columns, scan, east, north were read; where these are no x, y, z, name"),
        ("# about this old scan\nScan;East;North;Up\n", "of its columns, scan, east, north were read"),
        ("", "its first column is 3 in every line, and was read as x; where it is none, name the columns"),
    ],
)
def test_columns_that_may_be_no_coordinates_are_told(names, told):
    text = names + "".join(f"3;{line}\n" for line in write(POINTS, ";").splitlines())

    (note,) = parse_xyz(text.encode(), "a").notes

    assert note.startswith(told)


def test_columns_behind_numbers_of_points_are_told_by_their_names():
    """A report of nominal and actual places."""
    names = "Nr;Soll X;Soll Y;Soll Z;Ist X;Ist Y;Ist Z\n"
    lines = write(np.hstack([POINTS, POINTS]), ";").splitlines()

    notes = parse_xyz((names + "".join(f"{i};{line}\n" for i, line in enumerate(lines))).encode(), "a").notes

    assert len(notes) == 2
    assert notes[1].startswith("of its columns, soll x, soll y, soll z were read; where these are no x, y, z, name")


@pytest.mark.parametrize("points", [POINTS, np.arange(100)[:, None] * [30, 30, 0]])
def test_whole_numbers_with_points_between_thousands_are_refused(points):
    rows = "".join(" ".join(f"{value:,.0f}".replace(",", ".") for value in point) + "\n" for point in points)

    with pytest.raises(InputError, match=r"^a cannot be read: line 1 and others can be read in two ways, for their p"):
        parse_xyz(rows.encode(), "a")


def test_places_on_a_grid_of_thirds_are_decimals():
    points = np.round(np.arange(1, 100)[:, None] * [4 / 3, 4 / 3, 0], 3)
    rows = "".join("{:g} {:g} {:g}\n".format(*point) for point in points)

    assert np.array_equal(parse_xyz(rows.encode(), "a").points, points)


def test_decimal_commas_of_points_with_colours_are_read_in_one_way():
    """What stands behind x and y could be read in two ways by itself."""
    points = np.abs(POINTS) % 1 + [0, 0, 50]

    parsed = parse_xyz("".join(f"{line}\t9\t8\t7\n" for line in write(points, "\t", ",").splitlines()).encode(), "a")

    assert np.array_equal(parsed.points, points.round(3))
