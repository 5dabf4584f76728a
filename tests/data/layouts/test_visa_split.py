"""The split file of VisA in the forms that people have it, and damaged."""

import os

import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.errors import InputError

HEAD = "object,split,label,image,mask"
GOOD = "candle,test,normal,candle/Data/Images/Normal/0.JPG,"
BAD = "candle,test,anomaly,candle/Data/Images/Anomaly/1.JPG,candle/Data/Masks/Anomaly/1.png"


@pytest.fixture
def candle(tmp_path):
    category = tmp_path / "candle"
    for name in ("Images/Normal/0.JPG", "Images/Anomaly/1.JPG", "Masks/Anomaly/1.png"):
        (category / "Data" / name).parent.mkdir(parents=True)
        Image.new("L", (4, 4)).save(category / "Data" / name)
    return category


def write(category, *lines, encoding="utf-8", end="\n"):
    split = category.parent / "split_csv" / "1cls.csv"
    split.parent.mkdir()
    split.write_bytes(end.join([HEAD, *lines, ""]).encode(encoding))


@pytest.mark.parametrize("change", [lambda line: line, lambda line: line.replace("/", "\\")])
@pytest.mark.parametrize(("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n")])
def test_slashes_backslashes_and_line_ends(candle, change, encoding, end):
    write(candle, change(GOOD), change(BAD), encoding=encoding, end=end)

    batch = read_batch(candle)

    assert [(sample.name, sample.label) for sample in batch.samples] == [
        ("Data/Images/Anomaly/1.JPG", True),
        ("Data/Images/Normal/0.JPG", False),
    ]
    assert batch.samples[0].mask == candle / "Data/Masks/Anomaly/1.png"
    assert batch.samples[0].image.is_file()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (GOOD, r"line 3, names 'candle/Data/Images/Normal/0\.JPG' a second time"),
        ("candle,test,normal,,", "line 3, lacks a label or a photo"),
        ("candle,test", "line 3, lacks a label or a photo"),
        ("candle,test,,candle/Data/a.JPG,", "line 3, lacks a label or a photo"),
        (
            "candle,test,normal,candle/../../secret.JPG,",
            r"line 3, names 'candle/\.\./\.\./secret\.JPG', which is no file",
        ),
        ("candle,test,normal,/etc/passwd,", "line 3, names '/etc/passwd', which is no file in candle"),
        ("candle,test,normal,C:\\candle\\1.JPG,", "which is no file in candle"),
        ("candle,test,normal,candle,", "names 'candle', which is no file in candle"),
        ("candle,test,normal,pcb1/Data/1.JPG,", r"names 'pcb1/Data/1\.JPG', which is not in candle"),
        ("candle,test,normal,candle/Data/\0.JPG,", r"names 'candle/Data/\\x00\.JPG', which is no file"),
        (f"candle,test,normal,candle/{'9' * 5000}.JPG,", r"names 'candle/9+ \.\.\.', which is no file in candle"),
        (f"{GOOD[:-1]}2,../../mask.png", r"names '\.\./\.\./mask\.png', which is no file in candle"),
        (f"candle,test,normal,{'9' * 200_000},", r"1cls\.csv cannot be read \(field larger than field limit"),
    ],
)
def test_lines_that_name_no_photo_of_the_category_are_refused(candle, line, message):
    write(candle, GOOD, line)

    with pytest.raises(InputError, match=message):
        read_batch(candle)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\0", b"\0" * 500, b"object;split;label;image;mask\n", b'"' * 1001])
def test_files_that_are_no_split_are_refused(candle, content):
    write(candle)
    (candle.parent / "split_csv" / "1cls.csv").write_bytes(content)

    with pytest.raises(InputError, match=r"1cls\.csv (cannot be read|has no columns)"):
        read_batch(candle)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_the_place_of_a_photo_is_refused(candle):
    write(candle, GOOD, BAD)
    (candle / "Data/Images/Anomaly/1.JPG").unlink()
    os.mkfifo(candle / "Data/Images/Anomaly/1.JPG")

    with pytest.raises(InputError, match=r"line 3, names .*1\.JPG', which is no file in candle"):
        read_batch(candle)


def test_lines_of_other_categories_do_no_harm(candle):
    write(candle, GOOD, "pcb1,test,normal,,", "candle,train,normal,../..,")

    assert len(read_batch(candle).samples) == 1
