"""Every error is JSON with one sentence that says what to do."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from inspector.errors import InputError, InspectorError, SettingsError, StoreError
from inspector.storage import NO_ROOM
from inspector.store.users import NotAllowed
from inspector.terminal import escape_text

_log = logging.getLogger(__name__)


class Problem(BaseModel):
    """What went wrong, and what to do."""

    error: str


class Refusal(HTTPException):
    """A request that is not done; `detail` is the sentence."""


FULL_DISK = (507, "the photos cannot be kept; make room on the disk where the server runs")
"""Status and sentence where a disk is full."""

_WHY = {
    400: "The request cannot be understood; correct it.",
    401: "The token is missing or wrong.",
    403: "This token may not do that, or the folder is none that the server may read.",
    404: "There is no such thing.",
    408: "The body stopped coming.",
    409: "Something else stands there by now, or it is not ready yet.",
    413: "The body is too large.",
    422: "A value is missing or out of range.",
    429: "Too many requests, or too many scans wait.",
    503: "The workspace cannot be used at the moment.",
}

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": told} for status, told in _WHY.items()
}
"""Answers that every request may get, for the OpenAPI document."""


def make_error(status: int, sentence: str, headers: dict[str, str] | None = None, **more: object) -> JSONResponse:
    """Make the JSON answer for an error; `more` are further fields of it."""
    return JSONResponse({"error": escape_text(sentence), **more}, status, headers)


def add_handlers(app: FastAPI) -> None:
    """Make an app answer every error as JSON."""
    app.exception_handler(HTTPException)(_answer_refusal)
    app.exception_handler(RequestValidationError)(_answer_invalid)
    app.exception_handler(InspectorError)(_answer_known)
    app.exception_handler(Exception)(_answer_unexpected)


async def _answer_refusal(request: Request, error: HTTPException) -> JSONResponse:
    sentence = str(error.detail)
    if not isinstance(error, Refusal):
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in NO_ROOM:  # bodies go to files at first
            return make_error(*FULL_DISK)
        words = {
            404: f"there is nothing at {request.url.path}; /openapi.json lists all addresses",
            405: f"{request.url.path} does not take {request.method}; /openapi.json lists what it takes",
        }
        sentence = words.get(error.status_code, f"{sentence.rstrip('.')}; correct it and send it again")
    return make_error(error.status_code, sentence, dict(error.headers or {}))


async def _answer_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    place, *names = map(str, first["loc"])
    if first["type"] == "json_invalid":
        cause = str(first["ctx"]["error"])[:300]
        return make_error(422, f"the body is no JSON: {cause}, after {names[0]} signs; correct it and send it again")
    if place == "body" and not names and "json" not in request.headers.get("content-type", ""):
        return make_error(422, "the body must be JSON; send it with the header `Content-Type: application/json`")
    what = ".".join(names) or place
    where = "" if what == place else f" in the {place}"
    return make_error(422, f"`{what[:100]}`{where}: {first['msg'][:300]}; correct it and send it again")


async def _answer_known(_request: Request, error: InspectorError) -> JSONResponse:
    _log.warning("%s", error)
    if isinstance(error, SettingsError):
        return make_error(422, str(error))
    if isinstance(error, NotAllowed):
        return make_error(403, str(error))
    if isinstance(error, InputError):
        return make_error(404, str(error))
    return make_error(503 if isinstance(error, StoreError) else 409, str(error), {"Retry-After": "5"})


async def _answer_unexpected(_request: Request, error: Exception) -> JSONResponse:
    _log.critical("an error that nobody expected", exc_info=error)
    return make_error(
        500, "an error that nobody expected; tell who runs the server: the log in the workspace says more"
    )
