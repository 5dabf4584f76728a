"""The pages for browsers, also in one; the server as a program, and its end."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from inspector.server.gate import Limits
from inspector.store.records import SampleReading
from tests.modules import forget_modules
from tests.server.conftest import ENGINE, TOKENS

ROOT = Path(__file__).parents[2]

SERVER = """
import functools, sys
from inspector.server import serving
from inspector.server.gate import Limits
engine, workspace, root = sys.argv[1:]
serving.ScanQueue = functools.partial(serving.ScanQueue, command=[sys.executable, "-S", engine], patience=5)
serving.serve(workspace, [root], "127.0.0.1", 0, Limits(), functools.partial(print, flush=True))
print("ended", "torch" in sys.modules, flush=True)
"""


def test_pages_show_runs_samples_and_the_report(client, run_id, store):
    store.verdicts.add(store.runs.samples(run_id)[0].id, "<i>Ada</i>", "rejected")

    runs, run, sample = (client.get(path).text for path in ("/", "/runs/1", "/runs/1/samples/0"))
    report = client.get("/runs/1/report?language=de")

    assert '<a href="/runs/1">1</a>' in runs
    assert run.count('/thumbnail"') == 3
    assert "&lt;b&gt;part 0&lt;/b&gt;.png" in run
    assert "<b>" not in run + sample
    assert "&lt;i&gt;Ada&lt;/i&gt;" in sample
    assert "/api/runs/1/samples/0/overlay" in sample
    assert '<html lang="de">' in report.text
    assert report.headers["content-security-policy"].startswith("default-src 'none'; img-src data:")
    assert client.get("/style.css").headers["content-type"].startswith("text/css")


def test_pages_keep_names_apart_within_what_is_said_of_them(client, store, run_id):
    said = "פגום 3.png is not an image, or of a kind that cannot be read"
    store.runs.keep_readings(run_id, [SampleReading(3, "unreadable", said)])

    page, answer = client.get("/runs/1/samples/3").text, client.get("/api/runs/1/samples/3").json()

    assert "<dd><bdi dir=ltr>פגום 3.png</bdi> is not an image" in page
    assert answer["reason"] == said


def test_the_page_of_a_run_says_once_why_it_is_unsure(client, store, run_id):
    store.runs.set_threshold(run_id, 0.5, 0.5, sure=False, why="Judge <a> few parts.")
    told = "Judge &lt;a&gt; few parts."
    page = client.get("/runs/1").text
    assert (page.count(told), page.count(f"Unsure. {told}")) == (1, 1)


def test_pages_are_turned(client, store, tmp_path, run_id):
    assert "Older" not in client.get("/").text
    assert "Newer" in client.get("/?page=2").text
    assert client.get("/?page=0").status_code == 422


def test_a_workspace_without_runs_says_how_to_get_one(client):
    assert "inspector scan FOLDER" in client.get("/").text


@pytest.fixture
def served(store, run_id, root, tmp_path):
    """The server as a program of its own; its address."""
    script = tmp_path / "engine.py"
    script.write_text(ENGINE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "INSPECTOR_TOKEN": TOKENS.write, "HOME": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(script), str(store.folder), str(root)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    )
    assert process.stdout is not None
    yield process, process.stdout.readline().strip()
    process.kill()
    process.wait()
    process.stdout.close()


def ask(address, path, method="GET", **fields):
    headers = {"Authorization": f"Bearer {TOKENS.write}", "Content-Type": "application/json"}
    content = json.dumps(fields).encode() if fields else None
    return urllib.request.urlopen(urllib.request.Request(address + path, content, headers, method=method), timeout=20)


@pytest.mark.skipif(os.name != "posix", reason="Ctrl+C reaches a process by a signal")
def test_ctrl_c_ends_the_server_its_streams_and_its_engine(served, root):
    process, address = served
    (root / "wait").mkdir()
    with ask(address, "/api/jobs", "POST", folder=str(root / "wait")) as answer:
        assert json.load(answer)["id"] == 1
    with ask(address, "/api/jobs/1/events") as events:
        assert any(b"event: progress" in line for line in iter(events.readline, b""))  # the engine is at work

        process.send_signal(signal.SIGINT)

        assert process.wait(20) == 0
    assert process.stdout.read().splitlines()[-1] == "ended False"
    assert [line for line in list_commands() if str(root / "wait") in line] == []


def list_commands():
    import psutil

    for process in psutil.process_iter(["cmdline"]):
        yield " ".join(process.info["cmdline"] or [])


@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium here to look with")
def test_a_browser_shows_a_run(served, tmp_path):
    _, address = served
    signed = address.replace("http://", f"http://anybody:{TOKENS.write}@")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/chromium"]
    picture = tmp_path / "page.png"
    quiet = {"check": False, "capture_output": True, "timeout": 60}

    shown = subprocess.run([*command, "--dump-dom", f"{signed}/runs/1"], encoding="utf-8", **quiet).stdout
    subprocess.run([*command, f"--screenshot={picture}", f"{signed}/runs/1"], **quiet)

    assert "<h1>Run 1</h1>" in shown
    assert shown.count('class="sample flagged"') == 2
    assert picture.stat().st_size > 5000


def test_the_command_hands_its_options_on(run, monkeypatch, tmp_path):
    taken = []
    monkeypatch.setattr("inspector.server.serving.serve", lambda *given: taken.append(given[:5]))

    code, _, errors = run("serve", "--root", tmp_path, "--port", 0, "--rate", 5, "--upload-mb", 2, "--upload-files", 9)

    assert code == 0, errors
    assert taken == [(str(tmp_path / "workspace"), [tmp_path], "127.0.0.1", 0, Limits(5, 2_000_000, 9))]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--root", "nowhere"], "is no folder; name one that is there with --root"),
        (["--host", "192.0.2.1"], "choose another --host or --port"),
    ],
)
def test_what_cannot_be_served_is_told(run, arguments, sentence):
    code, _, errors = run("serve", "--port", 0, *arguments)

    assert (code, sentence in errors, len(errors.splitlines())) == (1, True, 1)


def test_what_is_missing_is_told(run, monkeypatch):
    forget_modules(monkeypatch, "inspector.server")
    monkeypatch.setitem(sys.modules, "fastapi", None)

    code, _, errors = run("serve")

    assert (code, "install it with `pip install 'mutual-inspector[serve]'`" in errors) == (1, True)
