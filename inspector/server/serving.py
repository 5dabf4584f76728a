"""Listens until Ctrl+C."""

import os
import signal
import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from types import FrameType

import uvicorn

from inspector.errors import SettingsError
from inspector.server.app import make_app
from inspector.server.folders import Folders
from inspector.server.gate import Limits
from inspector.server.scan_queue import ScanQueue
from inspector.server.services import Services
from inspector.server.tokens import FILE, JUDGE, READ, WRITE, load_tokens
from inspector.store.workspace import Workspace

GRACE = 5
"""Seconds that answers under way have at the end."""


def serve(
    workspace: str | Path,
    roots: Sequence[str | Path],
    host: str,
    port: int,
    limits: Limits,
    tell: Callable[[str], None],
    sign_in: Callable[[Workspace], object] = lambda _: None,
) -> None:
    """Serve a workspace until Ctrl+C or SIGTERM; then the engine is stopped, too.

    Args:
        workspace: its folder.
        roots: folders whose sub-folders may be scanned.
        host, port: where to listen; port 0 = one that is free.
        limits: of what is taken.
        tell: receives what the owner should know, line by line; the first one is the address.
        sign_in: signs an engineer in, where the workspace has users; the tokens of roles go no further.

    Raises:
        SettingsError: a root is no folder, the address is taken, or the tokens cannot be used.
        NotAllowed: the workspace has users, and no engineer is signed in.
        StoreError: the workspace cannot be opened.
    """
    with Workspace(workspace) as store:
        sign_in(store)
        store.users.require("serve")
        folders = Folders(store.folder, roots)
        tokens = load_tokens(store.folder, os.environ)
        with _listen(host, port) as listening:
            queue = ScanQueue(store.location)
            try:
                app = make_app(Services(store, queue, folders, limits), tokens)
                config = uvicorn.Config(
                    app,
                    log_config=None,
                    access_log=False,  # the gate says what was asked, without its query and headers
                    ws="none",
                    server_header=False,
                    proxy_headers=False,
                    timeout_graceful_shutdown=GRACE,
                )
                shown = f"[{host}]" if ":" in host else host
                tell(f"http://{shown}:{listening.getsockname()[1]}")
                named = any(os.environ.get(name) for name in (WRITE, READ, JUDGE))
                tell(f"Tokens: {'those of the environment' if named else store.folder / FILE}")
                if not _is_loopback(host):
                    tell("Others can reach this; photos and tokens are not encrypted: put it behind a proxy with TLS.")
                _Server(config, queue).run(sockets=[listening])
            except KeyboardInterrupt:  # uvicorn raises the signal again when it has ended
                pass
            finally:
                queue.close()


class _Server(uvicorn.Server):
    """Ends the streams of events as soon as it is told to stop; they would keep it waiting."""

    def __init__(self, config: uvicorn.Config, queue: ScanQueue) -> None:
        super().__init__(config)
        self._queue = queue

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._queue.closing.set()
        super().handle_exit(signal.Signals(sig), frame)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        told = f"cannot listen on {host}, port {port}: {error.strerror or error}"
        raise SettingsError(f"{told}; choose another --host or --port") from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
