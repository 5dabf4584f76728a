import os
import sys
import threading

import pytest

from inspector.cameras.triggers import Key, Timer, make_trigger
from inspector.errors import SettingsError
from tests.modules import forget_modules
from tests.sinks.brokers import broker, needs_mosquitto
from tests.sinks.parts import find_port, wait_for


class Counter:
    """Counts how often it was fired, and keeps what was told."""

    def __init__(self):
        self.fired, self.told, self.lock = 0, [], threading.Lock()

    def fire(self):
        with self.lock:
            self.fired += 1


@pytest.fixture
def counter():
    return Counter()


def test_a_timer_fires_until_it_is_stopped(counter):
    timer = Timer(0.001)
    timer.start(counter.fire, counter.told.append)
    wait_for(lambda: counter.fired > 3)
    timer.stop()
    wait_for(lambda: not any(thread.name == "timer" for thread in threading.enumerate()))


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf")])
def test_a_timer_takes_a_time(wrong):
    with pytest.raises(SettingsError, match="a timer takes"):
        Timer(wrong)


def test_each_line_is_a_key(counter):
    reading, writing = os.pipe()
    key = Key(reading)
    key.start(counter.fire, counter.told.append)
    os.write(writing, b"\n\nx")
    wait_for(lambda: counter.fired == 2)
    os.write(writing, b"y\n")
    wait_for(lambda: counter.fired == 3)
    os.close(writing)
    wait_for(lambda: counter.told)
    os.close(reading)

    assert counter.told == ["no further key will come: the input is at its end"]
    assert isinstance(make_trigger("key"), Key)


@needs_mosquitto
def test_each_message_fires_but_none_that_is_old(tmp_path, counter):
    from paho.mqtt.publish import single

    port = find_port()
    with broker(tmp_path, port, "allow_anonymous true"):
        single("line/part", "old", qos=1, retain=True, port=port, hostname="127.0.0.1")
        trigger = make_trigger(f"mqtt://127.0.0.1:{port}/line/part")
        trigger.start(counter.fire, counter.told.append)
        while counter.fired < 3:  # until it listens
            single("line/part", "", qos=1, port=port, hostname="127.0.0.1")
        trigger.stop()

    assert counter.told == []


@needs_mosquitto
def test_a_broker_that_is_not_there_and_then_is(tmp_path, counter, monkeypatch):
    from paho.mqtt.publish import single

    from inspector.cameras import mqtt

    monkeypatch.setattr(mqtt, "WAITS", (0.02, 0.05))

    port = find_port()
    trigger = make_trigger(f"mqtt://line:secret@127.0.0.1:{port}/line/part")
    trigger.start(counter.fire, counter.told.append)
    wait_for(lambda: counter.told)
    with broker(tmp_path, port, "allow_anonymous true"):
        wait_for(lambda: len(counter.told) == 2)
        while not counter.fired:
            single("line/part", "", qos=1, port=port, hostname="127.0.0.1")
    wait_for(lambda: len(counter.told) == 3)
    trigger.stop()

    name = f"mqtt://line:***@127.0.0.1:{port}/line/part"
    assert counter.told == [
        f"{name}: the broker cannot be reached; no photo is taken until it is there",
        f"{name}: the broker is there again",
        f"{name}: the broker is gone; no photo is taken until it is there",
    ]


def test_what_is_no_trigger_is_refused():
    with pytest.raises(SettingsError, match=r"no trigger 'htp://a:\*\*\*@plant'; write it as key or mqtt:"):
        make_trigger("htp://a:secret@plant")
    with pytest.raises(SettingsError, match="name one topic"):
        make_trigger("mqtt://plant/#")


def test_a_package_that_is_missing_is_named(monkeypatch):
    forget_modules(monkeypatch, "paho", "inspector.sinks.mqtt", "inspector.cameras.mqtt")
    monkeypatch.setitem(sys.modules, "paho", None)

    with pytest.raises(SettingsError, match=r"mqtt: needs paho.*, which is not installed; pip install .*\[line\]"):
        make_trigger("mqtt://plant/part")
