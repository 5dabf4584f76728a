"""A share that hangs is told, and does not keep the line from ending."""

import threading

import pytest

from inspector.data.arrivals import Arrivals
from inspector.data.found_files import LookResult
from inspector.jobs.folder_news import FolderNews
from inspector.jobs.looking import Looker
from inspector.jobs.readers import Readers, leave


def test_look_that_never_ends_is_told_and_left_behind(tmp_path, monkeypatch):
    """A share that hangs: reads of it return hours later, or never."""
    asked, answers, told = threading.Event(), threading.Event(), []

    def hang(*_, **__):
        asked.set()
        answers.wait()
        return LookResult()

    monkeypatch.setattr(Arrivals, "poll", hang)
    monkeypatch.setattr("inspector.jobs.looking.LAST_LOOK", 0.01)
    monkeypatch.setattr("inspector.jobs.folder_news.SILENCE", 0.0)
    news = FolderNews(tmp_path, told.append)
    with Looker(Arrivals(tmp_path, 0)) as looker:
        assert asked.wait(10)
        for _ in range(2):
            news.tell_silence(looker.begun)
    left = looker._thread.is_alive()
    answers.set()
    looker._thread.join()
    news.tell_silence(looker.begun)

    assert left
    assert looker._thread.daemon
    assert [event.stage for event in told] == ["silent", "back"]
    assert told[0].message.startswith(f"{tmp_path} has not answered since 20")


def test_read_that_never_ends_is_left_behind(monkeypatch):
    monkeypatch.setattr("inspector.jobs.readers.LAST_READ", 0.01)
    answers, readers = threading.Event(), Readers(1)
    hangs = readers.submit(answers.wait)
    while not hangs.running():
        pass
    waits = readers.submit(int)

    leave([hangs, waits])

    assert (hangs.done(), waits.cancelled()) == (False, True)
    answers.set()
    assert hangs.result() is True
    assert readers.read_all(int, "12") == [1, 2]
    with pytest.raises(ValueError, match="invalid literal"):
        readers.read_all(int, "1x")
