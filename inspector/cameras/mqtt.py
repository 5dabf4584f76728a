"""`mqtt://...` and `mqtts://...` as a trigger: a photo is taken at each message of a topic."""

from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client

from inspector.cameras.triggers import Tell, Trigger
from inspector.errors import say_why
from inspector.sinks.mqtt import MqttAddress

WAITS = (1, 30)
"""Seconds before a broker is asked again: the first, then twice as long each time, up to the longest."""


class Message(Trigger):
    """Fires at each message.

    One that comes late is worth nothing: those of a time without connection are not asked for, nor a retained one.
    """

    def __init__(self, address: str) -> None:
        """Listen to mqtt://[USER:PASSWORD@]HOST[:PORT]/TOPIC; raises SettingsError where it is not so."""
        self._address = MqttAddress(address)
        self._client: Client | None = None

    def start(self, fire: Callable[[], None], tell: Tell) -> None:
        """Begin; a broker that is not there is asked again until it is."""
        name, topic = self._address.name, self._address.topic
        client = self._client = self._address.make_client()
        failing = [False]

        def fail(why: object) -> None:
            if not failing[0]:
                failing[0] = True
                tell(f"{name}: {say_why(why)}; no photo is taken until it is there")

        def connected(_client: Client, _data: Any, _flags: Any, answer: Any, _properties: Any) -> None:
            if answer.is_failure:
                fail(f"the broker refused the station: {answer}")
                return
            client.subscribe(topic, qos=1)
            if failing[0]:
                failing[0] = False
                tell(f"{name}: the broker is there again")

        def heard(_client: Client, _data: Any, message: Any) -> None:
            if not message.retain:
                fire()

        client.on_connect = connected
        client.on_connect_fail = lambda *_: fail("the broker cannot be reached")
        client.on_disconnect = lambda *_: None if self._client is None else fail("the broker is gone")
        client.on_message = heard
        client.reconnect_delay_set(*WAITS)
        client.connect_async(*self._address.endpoint, keepalive=30)
        client.loop_start()

    def stop(self) -> None:
        """Disconnect from the broker."""
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()
