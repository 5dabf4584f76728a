import asyncio
import json
import math
import socket
import threading
from dataclasses import replace

import pytest
from asyncua import Client, ua

from inspector.errors import SettingsError
from inspector.sinks.opcua_fields import FIELDS
from inspector.sinks.register import make_sink
from inspector.sinks.sending import Sending
from inspector.sinks.sink import SinkError
from tests.sinks.brokers import PLC_KINDS, is_answered, plc
from tests.sinks.parts import RESULT, find_port, make_result, wait_for

PLACE = "ns=2;s=Line"


def opened(address):
    sink = make_sink(address)
    sink.open()
    return sink


def ask(port, asking):
    """Run a coroutine that is given a client of a server."""

    async def run():
        async with Client(f"opc.tcp://127.0.0.1:{port}") as client:
            return await asking(client)

    return asyncio.run(run())


async def read_all(client):
    index = await client.get_namespace_index("urn:mutual-inspector:line")
    return {name: await client.get_node(f"ns={index};s=Inspector.{name}").read_value() for name in FIELDS}


@pytest.fixture(scope="module")
def own():
    """The station's own server, which takes a second to start."""
    sink = opened(f"opcua-server://127.0.0.1:{find_port()}")
    yield sink
    sink.close()


@pytest.fixture(scope="module")
def own_port(own):
    return own._parts.port


@pytest.mark.parametrize("wrong", ["opcua-server://", "opcua-server://0.0.0.0/path", "opcua-server://0.0.0.0?quickly"])
def test_an_address_of_the_own_server_is_checked(wrong):
    with pytest.raises(SettingsError, match="write it as opcua-server://HOST:PORT"):
        make_sink(wrong)


@pytest.mark.parametrize("wrong", ["opcua://plc", "opcua://plc/", "opcua://plc/Objects"])
def test_an_address_of_a_server_names_a_node(wrong):
    with pytest.raises(SettingsError, match="that is no node; write it as"):
        make_sink(wrong)


def test_clients_see_the_newest_result(own, own_port):
    own.take(RESULT)
    own.take(replace(RESULT, position=346, id="12-346", verdict="unreadable", score=None, peak=None, reason="cut off"))
    seen = ask(own_port, read_all)

    numbers = {name: seen.pop(name) for name in ("Score", "PeakX", "PeakY")}
    assert all(math.isnan(number) for number in numbers.values())
    assert json.loads(seen.pop("Json"))["id"] == "12-346"
    assert seen.pop("CreationTime").replace(tzinfo=None) == RESULT.time.replace(tzinfo=None)
    assert seen == {
        "ResultId": "12-346",
        "IsPartial": False,
        "IsSimulated": False,
        "ResultState": 4,
        "PartId": "a.png",
        "JobId": "12",
        "ProcessingDuration": 140.0,
        "ResultEvaluation": 0,
        "Position": 346,
        "Threshold": 0.52,
        "Path": "/line/a.png",
        "CloudPath": "",
        "Reason": "cut off",
    }


def test_clients_may_acknowledge_but_write_nothing_else(own_port):
    async def write(client):
        index = await client.get_namespace_index("urn:mutual-inspector:line")
        await client.get_node(f"ns={index};s=Inspector.Acknowledged").write_value("1")
        await client.get_node(f"ns={index};s=Inspector.Score").write_value(1.0)

    with pytest.raises(ua.UaStatusCodeError, match=r"BadUserAccessDenied|BadNotWritable"):
        ask(own_port, write)


def test_each_result_is_an_event(own, own_port):
    heard = []

    class Hear:
        def event_notification(self, event):
            heard.append((event.ResultId, event.ResultEvaluation, event.Score))

    async def listen(client):
        index = await client.get_namespace_index("urn:mutual-inspector:line")
        kind = await client.nodes.base_event_type.get_child(f"{index}:ResultReadyEventType")
        subscription = await client.create_subscription(10, Hear())
        await subscription.subscribe_events(client.get_node(f"ns={index};s=Inspector"), kind)
        threading.Thread(target=lambda: [own.take(replace(RESULT, id=str(number))) for number in range(20)]).start()
        while len(heard) < 20:
            await asyncio.sleep(0.01)

    ask(own_port, listen)

    assert heard == [(str(number), 2, 0.71) for number in range(20)]


async def acknowledge(client, seen, count):
    """Be a PLC: acknowledge what was not, and note what is new, until so many were seen."""
    index = await client.get_namespace_index("urn:mutual-inspector:line")
    newest, acknowledged = (client.get_node(f"ns={index};s=Inspector.{name}") for name in ("ResultId", "Acknowledged"))
    while len(seen) < count:
        now = await newest.read_value()
        if now and now != await acknowledged.read_value():
            if now not in seen:
                seen.append(now)
            await acknowledged.write_value(now)
        await asyncio.sleep(0.001)


def test_with_acknowledging_a_client_that_comes_later_and_goes_in_between_misses_nothing(tmp_path, port, report, told):
    def begin():
        return Sending([make_sink(f"opcua-server://127.0.0.1:{port}?acknowledge")], tmp_path, report)

    seen = []
    first = begin()
    first.send(*map(make_result, range(8)))
    wait_for(lambda: is_answered(port))
    ask(port, lambda client: acknowledge(client, seen, 3))
    first.close(patience=0.1)
    assert "results wait; they are sent when the run goes on" in told[-1]
    wait_for(lambda: not is_answered(port))

    with begin():
        wait_for(lambda: is_answered(port))
        ask(port, lambda client: acknowledge(client, seen, 5))
        ask(port, lambda client: acknowledge(client, seen, 8))

    assert [int(result_id.split("-")[1]) for result_id in seen] == list(range(8))


def test_a_port_that_is_taken_is_told_and_tried_again(tmp_path, port, report, told):
    with socket.create_server(("127.0.0.1", port)):
        sending = Sending([make_sink(f"opcua-server://127.0.0.1:{port}")], tmp_path, report)
        sending.send(make_result(1))
        wait_for(lambda: sending.tell() or told)
    wait_for(lambda: sending.tell() or len(told) == 2)
    sending.close()

    assert "the server cannot be started: [Errno" in told[0]
    assert told[1].endswith("it takes results again")


def read_log(log):
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def test_a_result_is_written_to_the_variables_that_are_there(tmp_path, port):
    with plc(port, tmp_path / "log"):
        sink = opened(f"opcua://127.0.0.1:{port}/{PLACE}")
        sink.take(RESULT)
        sink.take(replace(RESULT, score=9.0))  # the same id: it is there already
        assert ask(port, lambda client: client.get_node("ns=2;s=Line.Score").read_value()) == 0.71
        sink.take(replace(RESULT, id="next", verdict="ok"))
        wait_for(lambda: len(read_log(tmp_path / "log")) == 2)
        sink.close()

    first, second = read_log(tmp_path / "log")
    assert first == {name: FIELDS[name].read(RESULT) for name in PLC_KINDS}
    assert (second["ResultId"], second["ResultEvaluation"]) == ("next", 1)


def test_a_server_that_comes_up_later_and_is_killed_in_between_gets_every_result_once(tmp_path, port, report, told):
    log = tmp_path / "log"
    sink = make_sink(f"opcua://127.0.0.1:{port}/{PLACE}")
    with Sending([sink], tmp_path / "run", report) as sending:
        sending.send(*map(make_result, range(5)))
        wait_for(lambda: sending.tell() or told)
        with plc(port, log, "acknowledge"):
            wait_for(lambda: not sending._backlog.count_waiting()[sink.name])
        sending.send(*map(make_result, range(5, 10)))
        with plc(port, log, "acknowledge"):
            wait_for(lambda: not sending._backlog.count_waiting()[sink.name])

    assert [line["Position"] for line in read_log(log)] == list(range(10))
    assert "cannot be written to" in told[0]


def test_what_does_not_fit_is_told(own_port, monkeypatch):
    nowhere = make_sink(f"opcua://127.0.0.1:{own_port}/ns=2;s=Nowhere")
    with pytest.raises(SinkError, match="ns=2;s=Nowhere has no variable ResultId"):
        nowhere.open()
    nowhere.close()

    monkeypatch.setitem(FIELDS, "Score", replace(FIELDS["Score"], kind="String"))
    other = make_sink(f"opcua://127.0.0.1:{own_port}/ns=2;s=Inspector")
    with pytest.raises(SinkError, match="Score is of type Double; make it String"):
        other.open()
    other.close()
