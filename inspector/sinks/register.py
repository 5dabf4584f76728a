"""Which sinks there are, and how their addresses are understood: KIND:REST."""

from importlib.metadata import EntryPoint

from inspector.errors import SettingsError
from inspector.sinks.address import hide_password
from inspector.sinks.sink import Sink

SINKS = {
    "command": "inspector.sinks.command:CommandSink",
    "http": "inspector.sinks.webhook:Webhook",
    "https": "inspector.sinks.webhook:Webhook",
    "mqtt": "inspector.sinks.mqtt:MqttSink",
    "mqtts": "inspector.sinks.mqtt:MqttSink",
    "opcua": "inspector.sinks.opcua_client:OpcUaClient",
    "opcua-server": "inspector.sinks.opcua_server:OpcUaServer",
    "file": "inspector.sinks.files:FileSink",
    "move": "inspector.sinks.mover:Mover",
}
"""Kind -> what makes the sink of an address. Named, not imported: some need packages that only they need."""


def make_sink(address: str) -> Sink:
    """Make the sink of an address; nothing is sent or written yet.

    Raises:
        SettingsError: the address is not understood, or what its kind needs is not installed.

    Example:
        make_sink("file:/line/results"), make_sink("https://plant/parts")
    """
    kind, colon, rest = address.partition(":")
    if not colon or not rest or kind not in SINKS:
        kinds = ", ".join(f"{known}:" for known in SINKS)
        raise SettingsError(f"there is no sink {hide_password(address)!r}; begin it with one of: {kinds}")
    try:
        make = EntryPoint(kind, SINKS[kind], "").load()
    except ModuleNotFoundError as error:
        remedy = "pip install 'mutual-inspector[line]'"
        raise SettingsError(f"{kind}: needs {error.name}, which is not installed; {remedy}") from error
    sink: Sink = make(address)
    return sink


def make_sinks(addresses: list[str]) -> list[Sink]:
    """Make the sinks of addresses; raises as `make_sink`, and where two are one."""
    sinks = [make_sink(address) for address in addresses]
    names = [sink.name for sink in sinks]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(f"{name} is named twice; name each sink once")
    if len([sink for sink in sinks if sink.moves_files]) > 1:
        raise SettingsError("files can be moved to one folder only; name one move:")
    return sinks
