"""Results of parts, a web server, and sinks that remember, for the tests of sinks."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from inspector.sinks.result import PartResult, Verdict
from inspector.sinks.sink import Sink, SinkError

PATIENCE = 60.0
"""Seconds until a test gives up waiting for what must happen."""

RESULT = PartResult(
    run=12,
    position=345,
    name="a.png",
    path="/line/a.png",
    verdict="ng",
    score=0.71,
    threshold=0.52,
    peak=(301.0, 88.5),
    time=datetime(2026, 3, 1, 6, 12, 9, 250_000, UTC),
    seconds=0.14,
    reason="",
)


def make_result(position: int, verdict: Verdict = "ok", path: str | Path = "/line/a.png") -> PartResult:
    return replace(RESULT, position=position, verdict=verdict, path=str(path), name=Path(path).name, id="")


def wait_for(happened: Callable[[], object]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.005)


def find_port() -> int:
    """Return a port of loopback where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Remembering(Sink):
    """Takes results into a list; refuses to while it is broken, and waits while it is held."""

    def __init__(self, name: str = "memory") -> None:
        super().__init__(name)
        self.taken: list[PartResult] = []
        self.error: Exception | None = None
        self.tries = 0
        self.calls: list[str] = []
        self.free = threading.Event()
        self.free.set()

    def open(self) -> None:
        self.calls.append("open")

    def close(self) -> None:
        self.calls.append("close")

    def take(self, result: PartResult) -> None:
        self.calls.append("take")
        self.tries += 1
        self.free.wait(PATIENCE)
        if self.error is not None:
            raise self.error
        self.taken.append(result)

    @property
    def positions(self) -> list[int]:
        return [result.position for result in self.taken]


DOWN = SinkError("nobody is there")


class WebServer:
    """Takes what is posted; answers what `answers` says, then 200."""

    def __init__(self, port: int = 0) -> None:
        self.posted: list[tuple[str, dict[str, str], dict[str, object]]] = []
        self.answers: Iterator[int] = iter(())
        self.free = threading.Event()
        self.free.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.free.wait(PATIENCE)
                answer = next(outer.answers, 200)
                if answer == 200:
                    outer.posted.append((self.path, dict(self.headers), body))
                self.send_response(answer)
                if answer == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            do_GET = do_POST  # noqa: N815 - so the library calls it

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def ids(self) -> list[str]:
        return [str(body["id"]) for _, _, body in self.posted]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(port: int = 0) -> Iterator[WebServer]:
    server = WebServer(port)
    try:
        yield server
    finally:
        server.close()
