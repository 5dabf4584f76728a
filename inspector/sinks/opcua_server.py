"""`opcua-server://HOST:PORT`: an OPC UA server of the station's own, which a PLC connects to as a client."""

import math
import socket
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from asyncua import Node, Server, ua
from asyncua.sync import ThreadLoop

from inspector.errors import SettingsError, say_why
from inspector.sinks.address import split_address
from inspector.sinks.opcua_fields import ACKNOWLEDGED, FIELDS, Value
from inspector.sinks.opcua_loop import LOOK_AGAIN, PORT, start_loop, write_endpoint
from inspector.sinks.result import PartResult
from inspector.sinks.sink import Sink, SinkError

NAMESPACE = "urn:mutual-inspector:line"
FOLDER = "Inspector"
FORM = "opcua-server://HOST:PORT"

BEFORE: dict[str, Value] = {
    "String": "",
    "Boolean": False,
    "Int32": 0,
    "Double": math.nan,
    "DateTime": datetime(1970, 1, 1, tzinfo=UTC),
}
"""What variables hold before the first result."""


class OpcUaServer(Sink):
    """Shows the newest result in variables below Objects/Inspector, and sends each as an event, ResultReadyEventType.

    A result is taken when it is shown; with `?acknowledge` when a client has written its ResultId to Acknowledged.
    """

    def __init__(self, address: str) -> None:
        """Serve at opcua-server://HOST:PORT[?acknowledge].

        Raises:
            SettingsError: it has no host, a path, or another word than acknowledge.
        """
        super().__init__(address)
        self._parts = split_address(address, FORM)
        words = set(parse_qs(self._parts.query, keep_blank_values=True))
        if words - {"acknowledge"} or self._parts.path not in ("", "/"):
            raise SettingsError(f"{address}: write it as {FORM} or {FORM}?acknowledge")
        self._acknowledged = bool(words)
        self._loop: ThreadLoop | None = None
        self._server: Server | None = None
        self._nodes: dict[str, Node] = {}
        self._events: Any = None

    def open(self) -> None:
        """Start the server; raises as `Sink.open`."""
        port = self._parts.port or PORT
        try:  # a server takes a second to be made
            check_port(str(self._parts.hostname), port)
            self._loop = start_loop()
            self._loop.post(self._start())
        except OSError as error:
            raise SinkError(f"the server cannot be started: {say_why(error)}") from error

    def take(self, result: PartResult) -> None:
        """Show a result; raises as `Sink.take`."""
        assert self._loop is not None, "opened before"
        self._loop.post(self._show(result))
        while self._acknowledged and self._loop.post(self._nodes[ACKNOWLEDGED].read_value()) != result.id:
            if self.stopping.wait(LOOK_AGAIN):
                raise SinkError(f"nobody acknowledged {result.id}")

    def close(self) -> None:
        """Stop the server."""
        if self._loop is None:
            return
        if self._server is not None:
            with suppress(OSError):
                self._loop.post(self._server.stop())
        self._loop.stop()
        self._loop, self._server = None, None

    async def _start(self) -> None:
        server = Server()
        await server.init()
        server.set_endpoint(write_endpoint(self._parts.hostname, self._parts.port))
        server.set_server_name("Mutual inspector")
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        index = await server.register_namespace(NAMESPACE)
        folder = await server.nodes.objects.add_folder(ua.NodeId(FOLDER, index), f"{index}:{FOLDER}")
        kinds = {name: field.kind for name, field in FIELDS.items()} | {ACKNOWLEDGED: "String"}
        for name, kind in kinds.items():
            place = ua.NodeId(f"{FOLDER}.{name}", index)
            self._nodes[name] = await folder.add_variable(place, f"{index}:{name}", BEFORE[kind], ua.VariantType[kind])
        await self._nodes[ACKNOWLEDGED].set_writable()
        properties = [(name, ua.VariantType[field.kind]) for name, field in FIELDS.items()]
        kind_of_event = await server.create_custom_event_type(
            index, "ResultReadyEventType", ua.ObjectIds.BaseEventType, properties
        )
        self._events = await server.get_event_generator(kind_of_event, folder)
        await server.start()
        self._server = server

    async def _show(self, result: PartResult) -> None:
        for name, field in FIELDS.items():
            value = field.read(result)
            await self._nodes[name].write_value(value, ua.VariantType[field.kind])
            setattr(self._events.event, name, value)
        await self._events.trigger(message=result.id)


def check_port(host: str, port: int) -> None:
    """Raise OSError where nobody can serve at a port of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    socket.create_server((host, port), family=family).close()
