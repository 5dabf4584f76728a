"""A watched run without a network, and an engine that plays a script."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gui.engine.process import EngineProcess
from gui.window import MainWindow
from inspector.data.photos import read_image, shrink
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.export.rendering import encode
from inspector.settings import ScanSettings
from inspector.store.claims import WATCHED
from inspector.store.records import SampleReading, SampleResult
from inspector.store.watches import Arrived, NewPart
from inspector.store.workspace import Workspace

SCRIPT = """
import json, pathlib, signal, sys
here = pathlib.Path({here!r})
signal.signal(signal.SIGINT, lambda *_: (print(json.dumps(dict(kind="result", message="1")), flush=True), sys.exit(0)))
calls = here / "calls.jsonl"
with calls.open("a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
turn = len(calls.read_text().splitlines())
play = json.loads((here / "play.json").read_text())
play = play[min(turn, len(play)) - 1]
for event in play["events"]:
    print(json.dumps(event), flush=True)
if play.get("fails"):
    sys.exit(f"inspector: {{play['fails']}}")
while True:
    signal.pause()
"""


def tell_part(position: int, verdict: str = "ok", score: float | None = 0.25) -> dict[str, Any]:
    """The event of a part, as the engine writes it."""
    told = {"run": 1, "position": position, "name": f"part_{position}.png", "verdict": verdict, "score": score}
    return {"kind": "part", "part": {**told, "time": "2026-03-01T06:12:09.250Z", "reason": ""}}


RUN = {"kind": "run", "message": "1"}


@pytest.fixture
def line(make_photos: Callable[..., list[Path]], tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with run 1, a watched one of six parts: 0 is flagged, 1 to 4 are the pool, 5 is good."""
    photos = make_photos(tmp_path / "line", 6, spot=True)
    store = Workspace(tmp_path / "workspace")
    run_id = store.watches.create(Batch(tmp_path / "line", (), layout=WATCHED), ScanSettings(), {"warm_up": 5}, {})
    parts = []
    for position, photo in enumerate(photos):
        store.artefacts.save_thumbnail(run_id, position, encode(shrink(read_image(photo), 64), ".jpg"))
        store.artefacts.save_map(run_id, position, np.full((4, 5), 0.1, np.float32))
        score = 0.9 if position == 0 else 0.2
        time = datetime(2026, 3, 1, 6, position, tzinfo=UTC).replace(tzinfo=None)
        arrived = Arrived(position, False, photo.name, 1, 1, f"content-{position}", time, 0.1, threshold=0.5)
        reading = SampleReading(position, "ok", width=80, height=64)
        result = SampleResult(position, score, None, score, score > 0.5)
        parts.append(NewPart(Sample(photo.name, photo), reading, result, arrived))
    state = {"members": [1, 2, 3, 4], "joined": {"4": 5}, "by_hand": [], "candidate": None, "told": "", "waited": 0}
    calibration = Calibration(0.5, False, 0.0, 1.0, 0.0, 1.0)
    store.watches.calibrate(run_id, parts, calibration, usual=0.2, pool={**state, "latest": []})
    yield store
    store.close()


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., list[str]]:
    """Write what the engine says at each start, the last for all further ones; return its command."""

    def make(*turns: dict[str, Any]) -> list[str]:
        (tmp_path / "play.json").write_text(json.dumps(turns))
        (tmp_path / "engine.py").write_text(SCRIPT.format(here=str(tmp_path)))
        return [sys.executable, str(tmp_path / "engine.py")]

    return make


@pytest.fixture
def calls(tmp_path: Path) -> Callable[[], list[list[str]]]:
    """Read how the engine was called so far."""

    def read() -> list[list[str]]:
        file = tmp_path / "calls.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    return read


@pytest.fixture
def make_station(
    make_window: Callable[..., MainWindow], play: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., MainWindow]:
    """Open the window with an engine that plays turns."""

    def make(*turns: dict[str, Any], target: str = "") -> MainWindow:
        command = play(*turns)
        monkeypatch.setattr(
            "gui.watch.control.EngineProcess", lambda parent: EngineProcess(parent, command=command, patience=300)
        )
        monkeypatch.setattr("gui.watch.job.FIRST_WAIT", 10)
        window = make_window(target)
        window.asks_before_closing = False
        return window

    return make
