"""`http://...` and `https://...`: each result is posted as JSON to a web server."""

import base64
import http.client
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.parse import unquote, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from inspector.errors import say_why
from inspector.sinks.address import hide_password, split_address
from inspector.sinks.result import PartResult
from inspector.sinks.sink import RefusedError, Sink, SinkError

TIMEOUT = 10.0
"""Seconds to wait for a server each time that it says nothing."""

REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
"""Answers of a server that will never take this result; after any other, station or server may be mended."""


class Webhook(Sink):
    """Posts results; the header Idempotency-Key carries the result's id, and any answer of 200 to 299 means taken."""

    def __init__(self, address: str) -> None:
        """Post to an address, http://[USER:PASSWORD@]HOST[:PORT]/PATH.

        Raises:
            SettingsError: it has no host, or a port that is none.
        """
        super().__init__(hide_password(address))
        self._address, self._headers = read_address(address)
        self._opener = build_opener(_StayHere)

    def take(self, result: PartResult) -> None:
        """Post a result; raises as `Sink.take`."""
        headers = {**self._headers, "Content-Type": "application/json", "Idempotency-Key": result.id}
        request = Request(self._address, result.to_json().encode(), headers, method="POST")
        try:
            with self._opener.open(request, timeout=TIMEOUT):
                pass
        except HTTPError as error:
            with error:
                told = f"the server answered {error.code} {say_why(error.reason)}"
            raise (RefusedError if error.code in REFUSED else SinkError)(told) from error
        except (OSError, http.client.HTTPException) as error:
            raise SinkError(f"the server cannot be reached: {say_why(getattr(error, 'reason', error))}") from error


def read_address(address: str) -> tuple[str, dict[str, str]]:
    """Return an address without user and password, and the header that says them."""
    parts = split_address(address, "https://HOST:PORT/PATH")
    if parts.username is None:
        return address, {}
    signed = base64.b64encode(f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()).decode()
    plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return plain, {"Authorization": f"Basic {signed}"}


class _StayHere(HTTPRedirectHandler):
    """No redirections: a result that is sent on would arrive as a question without it."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None
