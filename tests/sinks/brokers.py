"""A broker of MQTT and a server of OPC UA as programs of their own, which tests kill, and what listens to them."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sinks.parts import wait_for

ROOT = Path(__file__).parents[2]
MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

needs_mosquitto = pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed (Debian: mosquitto)")


def is_answered(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(words: list[str], port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server; it is killed at the end."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    with subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(lambda: is_answered(port) or process.poll() is not None)
            assert process.poll() is None, f"{words} ended with {process.returncode}"
            yield process
        finally:
            process.kill()


@contextmanager
def broker(folder: Path, port: int, *more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a broker that keeps what it took on disk, so that it can be killed."""
    lines = [f"listener {port} 127.0.0.1", f"persistence_location {folder}/", "persistence true", *more]
    lines += ["autosave_on_changes true", "autosave_interval 1"]
    if os.name != "nt" and os.getuid() == 0:
        lines.append("user root")
    (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    with running([str(MOSQUITTO), "-c", str(folder / "mosquitto.conf")], port) as process:
        yield process


class Listener:
    """Hears a topic, also what comes while it is away."""

    def __init__(self, port: int, topic: str) -> None:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        self.heard: list[dict[str, object]] = []
        self.subscribed = False
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="plant", clean_session=False)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda *_: self._client.subscribe(topic, qos=1)
        self._client.on_subscribe = lambda *_: setattr(self, "subscribed", True)
        self._client.on_message = lambda _client, _data, message: self.heard.append(json.loads(message.payload))
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        wait_for(lambda: self.subscribed)

    @property
    def positions(self) -> list[object]:
        return [fields["position"] for fields in self.heard]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


PLC_KINDS = {
    "ResultId": "",
    "ResultState": 0,
    "ResultEvaluation": 0,
    "Score": 0.0,
    "PartId": "",
    "Position": 0,
    "IsPartial": True,
}


async def serve_plc(port: int, log: Path, acknowledge: str) -> None:
    """Be a PLC: hold variables below Objects/Line, and log them as JSON each time that ResultId changes."""
    from asyncua import Server, ua

    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace("urn:plc")
    line = await server.nodes.objects.add_object(ua.NodeId("Line", index), f"{index}:Line")
    nodes = {}
    for name, value in PLC_KINDS.items():
        kind = ua.VariantType.UInt16 if name == "ResultState" else None
        nodes[name] = await line.add_variable(ua.NodeId(f"Line.{name}", index), f"{index}:{name}", value, kind)
        await nodes[name].set_writable()
    if acknowledge == "acknowledge":
        nodes["Acknowledged"] = await line.add_variable(
            ua.NodeId("Line.Acknowledged", index), f"{index}:Acknowledged", ""
        )
    await line.add_variable(ua.NodeId("Wrong", index), f"{index}:Wrong", 0)
    newest = ""
    async with server:
        while True:
            await asyncio.sleep(0.002)
            if (now := await nodes["ResultId"].read_value()) == newest:
                continue
            newest = now
            with log.open("a") as file:
                print(json.dumps({name: await nodes[name].read_value() for name in PLC_KINDS}), file=file)
            if "Acknowledged" in nodes:
                await nodes["Acknowledged"].write_value(newest)


@contextmanager
def plc(port: int, log: Path, acknowledge: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    words = [sys.executable, "-m", "tests.sinks.brokers", str(port), str(log), acknowledge]
    with running(words, port) as process:
        yield process


if __name__ == "__main__":
    asyncio.run(serve_plc(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
