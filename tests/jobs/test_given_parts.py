"""Parts of a reviewed run that judge a line from its start: which, and how many of them somebody accepted."""

import errno
import os

import pytest

from inspector.data.layouts import read_batch
from inspector.errors import InputError
from inspector.jobs.given_parts import list_given
from inspector.jobs.scan import scan
from tests.watching import SETTINGS


def test_no_view_of_a_rejected_part_judges_a_line_and_accepted_ones_come_first(parts, store, tmp_path, monkeypatch):
    like = scan(read_batch(tmp_path / "stock"), SETTINGS.changed(part_id=r"part_(?P<part>\d)"), store)
    rows = {row.name: row for row in store.runs.samples(like)}
    for name, verdict in [("part_1", "accepted"), ("part_10", "rejected"), ("part_3", "accepted")]:
        store.verdicts.add(rows[f"{name}.png"].id, "Ada", verdict)
    store.verdicts.add(rows["part_8.png"].id, "Ada", "accepted")

    given = list_given(None, like, store)
    monkeypatch.setattr("inspector.jobs.given_parts.MOST", 3)
    few = list_given(None, like, store)

    names = {arrival.name.removeprefix(f"run {like}/part_") for arrival in given.arrivals}
    assert not names & {"1.png", "10.png", "11.png"}
    assert given.unreviewed == len(names) - 2 > 1
    assert [arrival.name[-5:] for arrival in few.arrivals[:2]] == ["3.png", "8.png"]
    assert few.describe_unreviewed().startswith("Unreviewed: nobody accepted 1 of the 3 parts that count as good, so ")


@pytest.mark.parametrize("asked", ["stat", "scandir"])
def test_a_folder_of_good_parts_that_does_not_answer_is_not_said_to_be_missing(asked, store, tmp_path, monkeypatch):
    share, ask = tmp_path / "share", getattr(os, asked)
    share.mkdir()

    def fail_there(path, *given, **named):
        if path == share:
            raise OSError(errno.EIO, "Input/output error")
        return ask(path, *given, **named)

    monkeypatch.setattr(os, asked, fail_there)

    with pytest.raises(InputError, match=r"^the folder .*share cannot be listed: Input/output error"):
        list_given(share, None, store)


def test_a_file_is_no_folder_of_good_parts(store, tmp_path):
    (tmp_path / "a.png").touch()

    with pytest.raises(InputError, match=r"^there is no folder .*a\.png with known good parts; check the path$"):
        list_given(tmp_path / "a.png", None, store)
