"""A server on this machine that speaks S3, and what lies in it."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

S3 = {
    "AWS_ACCESS_KEY_ID": "known",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "127.0.0.1",
}


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """A file system of fsspec on a new server; the environment says where it is, as users would."""
    pytest.importorskip("s3fs", reason="s3fs is not installed: pip install '.[storage]'")
    server = pytest.importorskip("moto.server", reason="moto is not installed: pip install '.[dev]'")
    from fsspec import filesystem

    log = logging.getLogger("werkzeug")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "disabled", True)
        started = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        started.start()
        host, port = started.get_host_and_port()
        for name, value in {**S3, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
            patch.setenv(name, value)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        files = filesystem("s3", use_listings_cache=False)
        files.mkdir("lots")
        yield files
        type(files).clear_instance_cache()  # they remember this server
        started.stop()


def put_folder(files: Any, folder: Path, address: str) -> None:
    """Put all files of a folder to an address, with their names."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            files.pipe_file(f"{address}/{path.relative_to(folder).as_posix()}", path.read_bytes())
