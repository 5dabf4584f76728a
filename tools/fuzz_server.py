"""Sends the server what schemathesis makes of its OpenAPI document: no answer may be a 5xx, or other than documented.

It needs schemathesis, which is no dependency of ours: `pip install schemathesis`, here or in an environment of its own.

    python tools/fuzz_server.py --schemathesis .venv-fuzz/bin/schemathesis --examples 200
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
WASHERS = ROOT / "samples" / "washers" / "test"

CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"),
    *("ignored_auth", "unsupported_method", "negative_data_rejection"),
)


def main() -> int:
    """Scan the washers, serve them, and let schemathesis ask; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schemathesis", default="schemathesis", help="the program")
    parser.add_argument("--examples", type=int, default=100, help="requests of each kind")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    token = secrets.token_urlsafe(32)
    environment = {**os.environ, "INSPECTOR_TOKEN": token, "PYTHONPATH": str(ROOT)}
    inspector = [sys.executable, "-m", "inspector.cli"]
    with tempfile.TemporaryDirectory() as folder:
        environment["INSPECTOR_WORKSPACE"] = folder
        subprocess.run([*inspector, "scan", str(WASHERS)], env=environment, check=True)
        serving = [*inspector, "serve", "--root", str(WASHERS), "--port", "0", "--rate", "1000000"]
        with subprocess.Popen(serving, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            asking = [given.schemathesis, "run", f"{address}/openapi.json", "-H", f"Authorization: Bearer {token}"]
            asking += ["--checks", ",".join(CHECKS), "--seed", str(given.seed), "--max-examples", str(given.examples)]
            code = subprocess.run(asking, check=False, cwd=folder).returncode
            server.terminate()
    return code or server.returncode


if __name__ == "__main__":
    sys.exit(main())
