"""A disk that takes no more is told in the system's words, whatever writes; what was there before stays."""

import contextlib
import errno
import signal
from pathlib import Path

import numpy as np
import pytest

from inspector.errors import StoreAway, StoreError
from inspector.files import may_pass
from inspector.store.embeddings import save_embeddings

pytestmark = pytest.mark.sqlite_only(reason="of files beside the database, which are the same for both")

resource = pytest.importorskip("resource", reason="files are limited by the system")

MOST = 4096
"""Bytes of a file."""

LARGE = np.zeros((64, 64), np.float32)


@contextlib.contextmanager
def limiting_files():
    """Let no file grow beyond `MOST`."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


SAVES = {
    "map": lambda store: store.artefacts.save_map(1, 0, LARGE),
    "corrected map": lambda store: store.artefacts.save_corrected(1, 1, 0, LARGE),
    "embeddings": lambda store: save_embeddings(store, 1, LARGE),
    "cloud": lambda store: store.artefacts.save_cloud(1, 0, LARGE[:, :3], LARGE[:, 0], np.arange(5000)),
    "thumbnail": lambda store: store.artefacts.save_thumbnail(1, 0, bytes(5000)),
}


@pytest.mark.parametrize("kind", SAVES)
def test_what_the_system_says_is_told_and_nothing_half_is_left(store, kind):
    SAVES[kind](store)
    before = {path: path.read_bytes() for path in store.folder.rglob("runs/**/*") if path.is_file()}

    with limiting_files(), pytest.raises(StoreError, match=r"cannot write .*: File too large; make room there"):
        SAVES[kind](store)

    assert {path: path.read_bytes() for path in store.folder.rglob("runs/**/*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.ESTALE, "Stale file handle"), True),
        (PermissionError(errno.EACCES, "Permission denied"), False),
        (ValueError("Error while serializing: I/O error: No space left on device (os error 28)"), True),
        (ValueError("no tensor"), False),
    ],
)
def test_a_full_disk_and_a_share_that_is_away_are_known_to_pass(store, monkeypatch, error, passes):
    def refuse(*_):
        raise error

    assert may_pass(error) == passes
    if isinstance(error, OSError):
        monkeypatch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(StoreError) as caught:
            store.artefacts.save_thumbnail(1, 0, b"jpeg")
        assert isinstance(caught.value, StoreAway) == passes


def test_a_full_disk_under_the_database_is_known_to_pass(store):
    def fill():
        with store.database.session() as session:
            session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
            session.connection().exec_driver_sql("CREATE TABLE large AS SELECT zeroblob(10000000)")

    with pytest.raises(StoreAway, match="database or disk is full; make room on its disk"):
        fill()
