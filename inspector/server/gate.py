"""Stands before the app: counts requests, asks for the token, limits bodies, and says what browsers must not do.

It comes before anything of a request's body is read.
"""

import base64
import binascii
import logging
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from anyio import fail_after, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inspector.errors import StoreError
from inspector.roles import WORDS, Action, Role, may
from inspector.server.errors import Refusal, make_error
from inspector.server.rates import Rate
from inspector.server.tokens import AccessTokens
from inspector.store.users import UserRecord
from inspector.terminal import escape_text

_log = logging.getLogger(__name__)

OPEN = ("/api/health", "/openapi.json", "/style.css")
"""What may be read without a token: nothing of the workspace."""

UPLOADS = "/api/uploads"
SLOWEST = 30.0
"""Seconds without a byte after which a body is given up: each holds a connection and what came of it."""

MOST_JSON = 64 * 1024
"""Bytes of a body that is no upload."""

WRONG_TOKENS = 10
"""Wrong tokens of one address in a minute; after them its wrong ones wait. A right one is always taken: behind a proxy
all clients have one address."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",  # pages of others cannot show pictures with a browser's password
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Limits:
    """What the server takes.

    Attributes:
        rate: requests of one address in a minute.
        upload: bytes of one upload.
        photos: files of one upload, at most 1000.
        waiting: scans that wait for their turn.
        streams: connections that follow events, all together.
    """

    rate: int = 1200
    upload: int = 500_000_000
    photos: int = 1000
    waiting: int = 100
    streams: int = 32


class Gate:
    """Lets requests through to an app."""

    def __init__(
        self, app: ASGIApp, tokens: AccessTokens, limits: Limits, find_user: Callable[[str], UserRecord | None]
    ) -> None:
        """Stand before `app`; `find_user` looks up who is a user of the workspace."""
        self._app, self._tokens, self._limits, self._find_user = app, tokens, limits, find_user
        self._rate, self._wrong = Rate(limits.rate), Rate(WRONG_TOKENS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        if scope["type"] != "http":
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                path = escape_text(scope["path"][:300])
                _log.info("%s %s %s %d", _find_address(scope), scope["method"], path, message["status"])
            await send(message)

        try:
            most = await self._check(scope)
        except Refusal as refusal:
            told = make_error(refusal.status_code, refusal.detail, dict(refusal.headers or {}))
            await told(scope, receive, answer)
            return
        await self._app(scope, _limit(receive, most), answer)

    async def _check(self, scope: Scope) -> int:
        """Return how many bytes the body may have; raises Refusal."""
        headers, address = Headers(scope=scope), _find_address(scope)
        if wait := self._rate.find_wait(address):
            raise _slow_down(wait, "too many requests")
        self._rate.take(address)
        if scope["path"] not in OPEN:
            await self._check_token(scope, headers.get("authorization", ""), address)
        most = self._limits.upload if scope["path"] == UPLOADS else MOST_JSON
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            raise _too_large(most)
        return most

    async def _check_token(self, scope: Scope, authorization: str, address: str) -> None:
        role, user = await self._find_role(authorization)
        if role is None:
            if wait := self._wrong.find_wait(address):
                raise _slow_down(wait, "too many wrong tokens")
            if authorization:
                self._wrong.take(address)
            told = "send the header `Authorization: Bearer TOKEN`; who runs the server has the token"
            known = {"WWW-Authenticate": 'Basic realm="inspector", charset="UTF-8"'}
            raise Refusal(401, f"the token is {'wrong' if authorization else 'missing'}; {told}", known)
        scope.setdefault("state", {})["user"] = user
        action: Action = "verdict" if scope["path"].endswith("/verdicts") else "scan"
        if scope["method"] not in ("GET", "HEAD") and not may(role, action):
            what = "may only read" if not may(role, "verdict") else f"may not {WORDS[action]}"
            raise Refusal(403, f"this token {what}; ask who runs the server for another one")

    async def _find_role(self, authorization: str) -> tuple[Role | None, str]:
        """Return what a request may do, and the user whose token it has, "" = nobody's.

        Browsers send a password by themselves, also for the pages of others: with one, a request only reads.
        """
        kind, _, given = authorization.partition(" ")
        if kind.lower() == "bearer":
            return await self._look_up(given.strip())
        if kind.lower() != "basic":
            return None, ""
        try:
            password = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return None, ""
        role, user = await self._look_up(password)
        return "auditor" if role else None, user

    async def _look_up(self, token: str) -> tuple[Role | None, str]:
        if not (name := self._tokens.find_user(token)):
            return self._tokens.find_role(token), ""
        try:
            user = await to_thread.run_sync(self._find_user, name)
        except StoreError as error:
            _log.warning("%s", error)
            raise Refusal(503, str(error), {"Retry-After": "5"}) from error
        return (None, "") if user is None else (user.role, user.name)


def _find_address(scope: Scope) -> str:
    return str((scope.get("client") or ("unknown",))[0])


def _slow_down(seconds: float, why: str) -> Refusal:
    wait = ceil(seconds)
    told = "1 second" if wait == 1 else f"{wait} seconds"
    return Refusal(429, f"{why}; try again in {told}", {"Retry-After": str(wait)})


def _too_large(most: int) -> Refusal:
    return Refusal(413, f"the body has more than {most} bytes, or does not say how many; send less at a time")


def _limit(receive: Receive, most: int) -> Receive:
    """Stop a body that goes on beyond what it may have, or does not go on."""
    taken, is_whole = 0, False

    async def take() -> Message:
        nonlocal taken, is_whole
        try:
            with fail_after(None if is_whole else SLOWEST):  # after it only the end of the connection is waited for
                message = await receive()
        except TimeoutError as error:
            raise Refusal(408, "the body stopped coming; send it again", {"Connection": "close"}) from error
        taken += len(message.get("body", b""))
        is_whole = is_whole or not message.get("more_body", False)
        if taken > most:
            raise _too_large(most)
        return message

    return take
