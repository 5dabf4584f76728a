import base64
from dataclasses import replace

import pytest

from inspector.errors import SettingsError
from inspector.sinks import webhook
from inspector.sinks.register import make_sink
from inspector.sinks.sending import Sending
from inspector.sinks.sink import RefusedError, SinkError
from tests.sinks.parts import RESULT, make_result, serving, wait_for


@pytest.fixture
def server():
    with serving() as it:
        yield it


def address(port, user=""):
    return f"http://{user}127.0.0.1:{port}/parts?line=1"


def test_a_result_is_posted_as_json_with_its_id(server):
    make_sink(address(server.port, "line:p%40ss@")).take(replace(RESULT, reason="größer"))

    ((path, headers, body),) = server.posted
    assert path == "/parts?line=1"
    assert body == replace(RESULT, reason="größer").to_fields()
    assert headers["Idempotency-Key"] == "12-345"
    assert headers["Content-Type"] == "application/json"
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"line:p@ss"


def test_passwords_are_not_told(server):
    assert make_sink(address(1, "line:p@ss@")).name == "http://line:***@127.0.0.1:1/parts?line=1"


@pytest.mark.parametrize("wrong", ["http:///parts", "http:parts", "https://host:port/parts", "http://[::1/parts"])
def test_an_address_that_is_none_is_refused(wrong):
    with pytest.raises(SettingsError, match="https://HOST:PORT/PATH"):
        make_sink(wrong)


@pytest.mark.parametrize(
    ("answer", "error"),
    [(400, RefusedError), (422, RefusedError), (404, SinkError), (503, SinkError), (302, SinkError)],
)
def test_answers_that_are_none_of_success_are_told(server, answer, error):
    server.answers = iter([answer])

    with pytest.raises(error, match=f"the server answered {answer}"):
        make_sink(address(server.port)).take(RESULT)
    assert server.posted == []


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(server, monkeypatch):
    monkeypatch.setattr(webhook, "TIMEOUT", 0.2)
    server.free.clear()

    with pytest.raises(SinkError, match="timed out"):
        make_sink(address(server.port)).take(RESULT)
    server.free.set()


def test_a_server_that_comes_up_later_and_goes_down_in_between_gets_every_result_in_order(tmp_path, port, report, told):
    with Sending([make_sink(address(port))], tmp_path, report) as sending:
        sending.send(*map(make_result, range(5)))
        wait_for(lambda: sending.tell() or told)
        with serving(port) as first:
            wait_for(lambda: len(first.posted) == 5)
        sending.send(*map(make_result, range(5, 10)))
        with serving(port) as second:
            second.answers = iter([500, 200, 503, 429, 200])
            wait_for(lambda: len(second.posted) == 5)

    assert [body["position"] for _, _, body in first.posted + second.posted] == list(range(10))
    assert "cannot be reached" in told[0]


def test_a_slow_server_holds_up_its_own_results_only(tmp_path, server):
    server.free.clear()
    slow, files = make_sink(address(server.port)), make_sink(f"file:{tmp_path / 'results'}")
    with Sending([slow, files], tmp_path / "run") as sending:
        sending.send(*map(make_result, range(10)))
        wait_for(lambda: len(list(files.folder.glob("[0-9]*.json"))) == 10)
        assert server.posted == []
        server.free.set()

    assert [body["position"] for _, _, body in server.posted] == list(range(10))
