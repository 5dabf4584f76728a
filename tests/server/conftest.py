"""A workspace with a run, served to a client without a network; the engine is a script that says what one would."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.server.app import make_app
from inspector.server.folders import Folders
from inspector.server.gate import Limits
from inspector.server.scan_queue import ScanQueue
from inspector.server.services import Services
from inspector.server.tokens import AccessTokens
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.workspace import Workspace

TOKENS = AccessTokens(
    write="write-" + "w" * 20,
    read="read-" + "r" * 20,
    judge="judge-" + "j" * 20,
    users={"ann": "ann-" + "a" * 20},
)

ENGINE = """
import json, os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
def say(**fields):
    print(json.dumps(fields), flush=True)
print("a library says something")
say(kind="run", message="7")
say(kind="warning", message=" ".join(sys.argv[1:]))
say(kind="warning", message=str([name for name in os.environ if name.startswith("INSPECTOR_")]))
settings = open(sys.argv[sys.argv.index("--settings") + 1]).read()
say(kind="warning", message=settings)
name = os.path.basename(sys.argv[2])
if name.startswith("wait"):
    try:
        say(kind="progress", stage="read", done=1, total=2)
        time.sleep(60)
    except KeyboardInterrupt:
        sys.exit(130)
if name == "fail":
    sys.exit("inspector: two photos are needed; add some")
say(kind="result", message="7")
"""


@pytest.fixture
def queue(store: Workspace, tmp_path: Path) -> Iterator[ScanQueue]:
    script = tmp_path / "engine.py"
    script.write_text(ENGINE, encoding="utf-8")
    made = ScanQueue(store.folder, command=[sys.executable, "-S", str(script)], patience=5)
    yield made
    made.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder whose sub-folders may be scanned."""
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


MakeClient = Callable[..., TestClient]


@pytest.fixture
def make_client(store: Workspace, queue: ScanQueue, root: Path) -> Iterator[MakeClient]:
    """Make a client with limits, and a token: "write", "read", that of a user, as "Ann", or "" for none."""
    opened = []

    def make(token: str = "write", **limits: int) -> TestClient:
        services = Services(store, queue, Folders(store.folder, [root]), Limits(**limits))
        headers = {"Authorization": f"Bearer {TOKENS.users.get(token) or getattr(TOKENS, token)}"} if token else {}
        client = TestClient(make_app(services, TOKENS), headers=headers, raise_server_exceptions=False)
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client()


@pytest.fixture
def run_id(store: Workspace, tmp_path: Path) -> int:
    """Four parts: 0 and 1 are flagged, 2 is not, 3 is unreadable; one has a name that would be HTML."""
    names = ("<b>part 0</b>.png", "part_1.png", "part_2.png", "part_3.png")
    samples = tuple(Sample(name, image=tmp_path / f"photo_{i}.png") for i, name in enumerate(names))
    run = store.runs.create(Batch(tmp_path, samples), ScanSettings())
    readings = [SampleReading(i, "ok", width=9, height=5) for i in range(3)]
    store.runs.keep_readings(run, [*readings, SampleReading(3, "unreadable", "it is empty")])
    store.runs.begin(run, device="cpu", weights_sha256="", modality="2d")
    jpeg = cv2.imencode(".jpg", np.full((5, 9, 3), 90, np.uint8))[1].tobytes()
    for position in range(3):
        Image.fromarray(np.full((5, 9, 3), 90, np.uint8)).save(tmp_path / f"photo_{position}.png")
        plane = np.zeros((5, 9), np.float32)
        plane[1:3, 2:4] = position
        store.artefacts.save_map(run, position, plane)
        store.artefacts.save_thumbnail(run, position, jpeg)
    scores = (0.9, 0.8, 0.2)
    results = [SampleResult(i, score, None, score, score > 0.5) for i, score in enumerate(scores)]
    learnt = Calibration(0.5, False, 0.3, 0.9, 0.0, 1.0, why="It lies between two groups.")
    store.runs.finish(run, results, RunResult(learnt, timings={"read": 1.5}))
    store.runs.count_unreadable(run, 1)
    return run
