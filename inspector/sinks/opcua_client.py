"""`opcua://HOST:PORT/NODE`: writes to the variables of an OPC UA server, as one that a PLC or a control system runs."""

from typing import Any
from urllib.parse import unquote

from asyncua import Client, Node, ua
from asyncua.sync import ThreadLoop

from inspector.errors import SettingsError, say_why
from inspector.sinks.address import hide_password, split_address
from inspector.sinks.opcua_fields import ACKNOWLEDGED, FIELDS, NEWEST
from inspector.sinks.opcua_loop import LOOK_AGAIN, start_loop, write_endpoint
from inspector.sinks.result import PartResult
from inspector.sinks.sink import Sink, SinkError

TIMEOUT = 10.0
"""Seconds to wait for an answer of the server."""

FORM = "opcua://[USER:PASSWORD@]HOST[:PORT]/NODE, as in opcua://plc:4840/ns=3;s=Inspector"

WHOLE = frozenset({"SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"})
FITTING = {"Int32": WHOLE, "Double": frozenset({"Double", "Float"})}
"""Kinds of variables that a field may be written to, where they are more than its own."""


class OpcUaClient(Sink):
    """Writes to those children of a node that are named as our fields; ResultId must be there, and is written last.

    A result is taken when all is written; where there is a child Acknowledged, when that holds the ResultId. What was
    written before a kill is known by its ResultId and not written again.
    """

    def __init__(self, address: str) -> None:
        """Write below the node of opcua://[USER:PASSWORD@]HOST[:PORT]/NODE.

        Raises:
            SettingsError: it has no host, or no node.
        """
        super().__init__(hide_password(address))
        self._parts = split_address(address, FORM)
        place = unquote(address.partition("://")[2].partition("/")[2])
        try:
            self._place = ua.NodeId.from_string(place)
        except (ua.UaStringParsingError, ValueError) as error:
            raise SettingsError(f"{self.name}: that is no node; write it as {FORM}") from error
        self._loop: ThreadLoop | None = None
        self._client: Client | None = None
        self._nodes: dict[str, Node] = {}
        self._kinds: dict[str, Any] = {}

    def open(self) -> None:
        """Connect and find the variables; raises as `Sink.open`."""
        self._loop = start_loop()
        self._do(self._connect())

    def take(self, result: PartResult) -> None:
        """Write a result; raises as `Sink.take`."""
        self._do(self._write(result))
        while ACKNOWLEDGED in self._nodes and self._do(self._nodes[ACKNOWLEDGED].read_value()) != result.id:
            if self.stopping.wait(LOOK_AGAIN):
                raise SinkError(f"nobody acknowledged {result.id}")

    def close(self) -> None:
        """Disconnect from the server."""
        if self._loop is None:
            return
        try:
            if self._client is not None:
                self._do(self._client.disconnect())
        except SinkError:
            pass  # it is gone already
        finally:
            self._loop.stop()
            self._loop, self._client = None, None

    def _do(self, asked: Any) -> Any:
        assert self._loop is not None, "opened before"
        try:
            return self._loop.post(asked)
        except (OSError, TimeoutError, ua.UaError) as error:
            raise SinkError(f"the server cannot be written to: {say_why(error)}") from error

    async def _connect(self) -> None:
        client = Client(write_endpoint(self._parts.hostname, self._parts.port), timeout=TIMEOUT)
        if self._parts.username is not None:
            client.set_user(unquote(self._parts.username))
            client.set_password(unquote(self._parts.password or ""))
        await client.connect()
        self._client = client
        children = await client.get_node(self._place).get_children(nodeclassmask=ua.NodeClass.Variable)
        named = {(await child.read_browse_name()).Name: child for child in children}
        self._nodes = {name: node for name, node in named.items() if name in FIELDS or name == ACKNOWLEDGED}
        if NEWEST not in self._nodes:
            raise SinkError(f"{self._place.to_string()} has no variable {NEWEST}")
        for name, node in self._nodes.items():
            kind = self._kinds[name] = await node.read_data_type_as_variant_type()
            wanted = FIELDS[name].kind if name in FIELDS else "String"
            if kind.name not in FITTING.get(wanted, {wanted}):
                raise SinkError(f"{name} is of type {kind.name}; make it {wanted}")

    async def _write(self, result: PartResult) -> None:
        if await self._nodes[NEWEST].read_value() == result.id:
            return
        for name, field in FIELDS.items():
            if name in self._nodes:  # without times, which some PLCs refuse to be told
                value = ua.DataValue(ua.Variant(field.read(result), self._kinds[name]))
                await self._nodes[name].write_attribute(ua.AttributeIds.Value, value)
