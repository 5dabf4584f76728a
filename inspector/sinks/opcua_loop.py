"""The thread in which OPC UA is spoken."""

import logging

from asyncua.sync import ThreadLoop

PORT = 4840
"""The one that OPC UA is known by."""

LOOK_AGAIN = 0.02
"""Seconds from one look for an acknowledgement to the next."""


def start_loop() -> ThreadLoop:
    """Start the thread; a program that ends does not wait for it. What goes wrong is told by us, not logged beside."""
    logging.getLogger("asyncua").setLevel(logging.CRITICAL)
    loop = ThreadLoop()
    loop.daemon = True
    loop.start()
    return loop


def write_endpoint(host: str | None, port: int | None) -> str:
    """Return the address in OPC UA's own form.

    Example:
        write_endpoint("plc", None) gives "opc.tcp://plc:4840".
    """
    return f"opc.tcp://{f'[{host}]' if ':' in str(host) else host}:{port or PORT}"
