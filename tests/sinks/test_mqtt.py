import subprocess

import pytest

from inspector.errors import SettingsError
from inspector.sinks import mqtt
from inspector.sinks.register import make_sink
from inspector.sinks.sending import Sending
from inspector.sinks.sink import SinkError
from tests.sinks.brokers import Listener, broker, needs_mosquitto
from tests.sinks.parts import RESULT, make_result, wait_for

OPEN = "allow_anonymous true"


@pytest.mark.parametrize("wrong", ["mqtt://plant", "mqtt://plant/", "mqtt://plant/line/+", "mqtt://plant/line/#"])
def test_an_address_without_a_topic_is_refused(wrong):
    with pytest.raises(SettingsError, match="name one topic"):
        make_sink(wrong)


def test_an_address_without_a_host_is_refused():
    with pytest.raises(SettingsError, match="write it as mqtt://"):
        make_sink("mqtt:///line")


@needs_mosquitto
def test_a_result_is_published_as_json(tmp_path, port):
    with broker(tmp_path, port, OPEN):
        listener = Listener(port, "line/1")
        sink = make_sink(f"mqtt://127.0.0.1:{port}/line/1")
        sink.open()
        sink.take(RESULT)
        sink.close()
        wait_for(lambda: listener.heard)
        listener.close()

    assert listener.heard == [RESULT.to_fields()]


@needs_mosquitto
def test_a_broker_asks_for_a_password(tmp_path, port):
    words = ["mosquitto_passwd", "-b", "-c", str(tmp_path / "passwords"), "line", "p@ss"]
    subprocess.run(words, check=True)
    with broker(tmp_path, port, "allow_anonymous false", f"password_file {tmp_path / 'passwords'}"):
        right, wrong = (make_sink(f"mqtt://line:{word}@127.0.0.1:{port}/line") for word in ("p%40ss", "pass"))
        with pytest.raises(SinkError, match=r"the broker refused the station: Not authorized"):
            wrong.open()
        right.open()
        right.take(RESULT)
        for sink in (right, wrong):
            sink.close()

    assert right.name == f"mqtt://line:***@127.0.0.1:{port}/line"


@needs_mosquitto
def test_a_broker_that_comes_up_later_and_is_killed_in_between_gets_every_result(tmp_path, port, report, told):
    with broker(tmp_path, port, OPEN):
        listener = Listener(port, "line")  # from now on the broker keeps for it what comes while it is away
        kept = tmp_path / "mosquitto.db"
        wait_for(lambda: kept.exists() and b"line" in kept.read_bytes())  # it is there before the topic is in it
    with Sending([make_sink(f"mqtt://127.0.0.1:{port}/line")], tmp_path / "run", report) as sending:
        sending.send(*map(make_result, range(5)))
        wait_for(lambda: sending.tell() or told)
        with broker(tmp_path, port, OPEN):
            wait_for(lambda: 4 in listener.positions)
        sending.send(*map(make_result, range(5, 10)))
        with broker(tmp_path, port, OPEN):
            wait_for(lambda: 9 in listener.positions)
            listener.close()

    assert list(dict.fromkeys(listener.positions)) == list(range(10))
    assert "cannot be reached" in told[0]


def test_a_broker_that_does_not_answer_is_not_waited_for_for_ever(port, monkeypatch):
    import socket

    monkeypatch.setattr(mqtt, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", port)):
        sink = make_sink(f"mqtt://127.0.0.1:{port}/line")
        with pytest.raises(SinkError, match="did not answer"):
            sink.open()
        sink.close()


@needs_mosquitto
def test_a_broker_that_stops_answering_has_not_taken_the_result(tmp_path, port, monkeypatch):
    import signal

    monkeypatch.setattr(mqtt, "TIMEOUT", 1.0)
    with broker(tmp_path, port, OPEN) as process:
        sink = make_sink(f"mqtt://127.0.0.1:{port}/line")
        sink.open()
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(SinkError, match="did not acknowledge a result within 1 s"):
            sink.take(RESULT)
        process.send_signal(signal.SIGCONT)
        sink.close()
