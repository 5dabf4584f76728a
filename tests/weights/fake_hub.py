"""A hub on this machine: files with their marks, parts of files by `Range`, and all that may go wrong."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FakeHub:
    """What the hub holds and how it behaves.

    Attributes:
        files: content by name.
        cut_after: bytes of the large file after which the connection breaks, and the hub is gone; None = never.
        gone: no answer at all.
        spoilt: the large file comes with a wrong byte.
        ranges: the `Range` of each request for the large file, "" where it had none.
        sent: bytes of the large file that were sent altogether.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    cut_after: int | None = None
    gone: bool = False
    spoilt: bool = False
    ranges: list[str] = field(default_factory=list)
    sent: int = 0
    address: str = ""


def _make_handler(hub: FakeHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            name = self.path.rpartition("/")[2]
            if hub.gone:
                self.close_connection = True
                return
            if name not in hub.files:
                self.send_error(404)
                return
            content, large = hub.files[name], name.endswith(".safetensors")
            mark = hashlib.sha256(content).hexdigest() if large else "small"
            asked = self.headers.get("Range", "") if body else ""
            begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
            self.send_response(206 if asked else 200)
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("ETag", f'"{mark}"')
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(content) - begin))
            self.end_headers()
            if body:
                self._send(content, begin, asked, large=large)

        def _send(self, content: bytes, begin: int, asked: str, *, large: bool) -> None:
            if large:
                hub.ranges.append(asked)
                content = content[:-1] + bytes([content[-1] ^ 1]) if hub.spoilt else content
            end = len(content)
            if large and hub.cut_after is not None:
                end, hub.gone, self.close_connection = hub.cut_after, True, True
            self.wfile.write(content[begin:end])
            hub.sent += end - begin if large else 0

    return Handler


@contextmanager
def serve(hub: FakeHub) -> Iterator[FakeHub]:
    """Run a hub on a free port while something is tested; its address goes into `hub.address`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(hub))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
