"""Killed again and again, a station sends every result, in order; what can tell gets each one once."""

import json
import random
import shlex
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests import processes
from tests.sinks.parts import serving
from tests.sinks.sender import send_all

COUNT = 60
KILLS = 12


class Reader(threading.Thread):
    """Takes files away from a folder as soon as they are there, as a program of the plant does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.seen, self.ended = folder, [], threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.look()
            self.ended.wait(0.002)
        self.look()

    def look(self):
        for path in sorted(self.folder.glob("[0-9]*.json")):
            self.seen.append(json.loads(path.read_text(encoding="utf-8"))["position"])
            path.unlink()


def first_of_each(positions):
    return list(dict.fromkeys(positions))


@pytest.mark.slow
def test_nothing_is_lost_and_files_come_once(tmp_path):
    (tmp_path / "results").mkdir()
    reader = Reader(tmp_path / "results")
    reader.start()
    write = f"import os, sys; os.write(os.open({str(tmp_path / 'said')!r}, 1089, 0o600), sys.argv[1].encode() + b'\\n')"
    moments = random.Random(5)
    with serving() as server:
        addresses = [f"http://127.0.0.1:{server.port}/parts", f"file:{tmp_path / 'results'}"]
        addresses += [
            f"move:{tmp_path / 'judged'}",
            f"command:{shlex.join([sys.executable, '-S', '-c', write])} {{position}}",
        ]
        for kill in range(KILLS):
            judged = tmp_path / f"judged-{moments.randrange(COUNT * kill // KILLS, COUNT * (kill + 1) // KILLS)}"
            said = tmp_path / f"said-{kill}"
            sender = processes.start(send_all, tmp_path, COUNT, addresses, said=said)
            try:
                while not judged.exists() and sender.is_alive():
                    sender.join(0.005)
                time.sleep(moments.uniform(0, 0.05))
            finally:
                sender.kill()
                sender.join()
            assert "Traceback" not in said.read_text(), said.read_text()
        said = tmp_path / "said-last"
        assert processes.run(send_all, tmp_path, COUNT, addresses, said=said) == 0, said.read_text()
    reader.ended.set()
    reader.join()

    every = list(range(COUNT))
    posted = [body["position"] for _, _, body in server.posted]
    assert first_of_each(posted) == every
    assert len({body["id"] for _, _, body in server.posted}) == COUNT
    assert first_of_each(map(int, (tmp_path / "said").read_text().split())) == every
    assert reader.seen == every
    moved = [path for path in (tmp_path / "judged").rglob("*") if path.is_file() and path.name[0] != "."]
    assert Counter(int(path.read_text()) for path in moved) == Counter(every)
    assert list((tmp_path / "line").iterdir()) == []
