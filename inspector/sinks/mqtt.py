"""`mqtt://...` and `mqtts://...`: each result is published as JSON to a topic of a broker, at least once (QoS 1)."""

import threading
from typing import Any
from urllib.parse import unquote

from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion

from inspector.errors import SettingsError, say_why
from inspector.sinks.address import hide_password, split_address
from inspector.sinks.result import PartResult
from inspector.sinks.sink import Sink, SinkError

TIMEOUT = 10.0
"""Seconds to wait for a broker's answer."""

PORTS = {"mqtt": 1883, "mqtts": 8883}
FORM = "mqtt://[USER:PASSWORD@]HOST[:PORT]/TOPIC"


class MqttAddress:
    """mqtt://[USER:PASSWORD@]HOST[:PORT]/TOPIC; mqtts: the same, encrypted.

    Attributes:
        name: it, without a password.
        topic: one topic.
        endpoint: host and port.
    """

    def __init__(self, address: str) -> None:
        """Read an address.

        Raises:
            SettingsError: it has no host or no topic, or a topic with + or #.
        """
        self.name = hide_password(address)
        self._parts = split_address(address, FORM)
        self.topic = unquote(address.partition("://")[2].partition("/")[2])
        if not self.topic or "+" in self.topic or "#" in self.topic:
            raise SettingsError(f"{self.name}: name one topic, without + or #, as in {FORM}")
        self.endpoint = str(self._parts.hostname), self._parts.port or PORTS[self._parts.scheme]

    def make_client(self) -> Client:
        """Make a client that is not connected yet."""
        client = Client(CallbackAPIVersion.VERSION2)
        client.connect_timeout = TIMEOUT
        if self._parts.username is not None:
            client.username_pw_set(unquote(self._parts.username), unquote(self._parts.password or ""))
        if self._parts.scheme == "mqtts":
            client.tls_set()
        return client


class MqttSink(Sink):
    """Publishes results; a result is taken when the broker has acknowledged it."""

    def __init__(self, address: str) -> None:
        """Publish to the topic of an address; raises as `MqttAddress`."""
        self._address = MqttAddress(address)
        super().__init__(self._address.name)
        self._client: Client | None = None

    def open(self) -> None:
        """Connect; raises as `Sink.open`."""
        client = self._client = self._address.make_client()
        answered, answers = threading.Event(), []

        def hear(_client: Client, _data: Any, _flags: Any, answer: Any, _properties: Any) -> None:
            answers.append(answer)
            answered.set()

        client.on_connect = hear
        try:
            client.connect(*self._address.endpoint, keepalive=30)
        except OSError as error:
            raise SinkError(f"the broker cannot be reached: {say_why(error)}") from error
        client.loop_start()
        if not answered.wait(TIMEOUT):
            raise SinkError("the broker did not answer")
        if answers[0].is_failure:
            raise SinkError(f"the broker refused the station: {answers[0]}")

    def take(self, result: PartResult) -> None:
        """Publish a result; raises as `Sink.take`."""
        assert self._client is not None, "opened before"
        published = self._client.publish(self._address.topic, result.to_json().encode(), qos=1)
        wait_for_acknowledgement(published)

    def close(self) -> None:
        """Disconnect from the broker."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None


def wait_for_acknowledgement(published: MQTTMessageInfo) -> None:
    """Wait until a broker has acknowledged a message; raises SinkError where it does not."""
    try:
        published.wait_for_publish(TIMEOUT)
    except (RuntimeError, ValueError) as error:
        raise SinkError(f"the broker cannot be reached: {say_why(error)}") from error
    if not published.is_published():
        raise SinkError(f"the broker did not acknowledge a result within {TIMEOUT:g} s")
