"""Folders and uploads are scanned one after the other; their events can be followed."""

import json
import time

import pytest

from inspector.data.samples import Batch
from inspector.server import folders as kept_folders
from inspector.server.folders import make_safe
from inspector.server.scan_queue import ScanQueue
from inspector.settings import ScanSettings


@pytest.fixture
def wait_for(client):
    """Wait until a job stands so."""

    def wait(number, *status):
        give_up = time.monotonic() + 30
        while (told := client.get(f"/api/jobs/{number}").json())["status"] not in status:
            assert time.monotonic() < give_up, told
            time.sleep(0.02)
        return told

    return wait


def make_batch(root, name):
    (root / name).mkdir()
    return str(root / name)


def follow(client, number, after=None):
    headers = {} if after is None else {"Last-Event-ID": after}
    text = client.get(f"/api/jobs/{number}/events", headers=headers).text
    blocks = [
        dict(line.split(": ", 1) for line in block.splitlines()) for block in text.split("\n\n") if "data" in block
    ]
    return [(block["id"], block["event"], json.loads(block["data"])) for block in blocks]


def test_a_folder_is_scanned_and_followed(client, root, store, monkeypatch, wait_for):
    monkeypatch.setenv("INSPECTOR_TOKEN", "secret")
    folder = make_batch(root, "batch")
    settings = {"threshold_k": 5, "threshold": "mad"}

    answer = client.post("/api/jobs", json={"folder": folder, "preset": "fast", "settings": settings})

    assert (answer.status_code, answer.json()["id"]) == (202, 1)
    assert wait_for(1, "done") == {"id": 1, "folder": folder, "status": "done", "run": 7, "message": ""}
    events = follow(client, 1)
    assert [(number, kind) for number, kind, _ in events] == [
        *(("1", "run"), ("2", "warning"), ("3", "warning"), ("4", "warning"), ("5", "result"), ("6", "end"))
    ]
    command, secrets, toml = (said["message"] for _, kind, said in events if kind == "warning")
    assert command.startswith(f"scan {folder} --layout auto --settings ")
    assert command.endswith(f" --workspace {store.folder} --events jsonl")
    assert "INSPECTOR_TOKEN" not in secrets
    assert sorted(toml.split("\n")) == ["", 'preset = "fast"', 'threshold = "mad"', "threshold_k = 5"]
    assert events[-1][2]["status"] == "done"


def test_who_comes_back_misses_and_hears_nothing_twice(client, root, wait_for):
    client.post("/api/jobs", json={"folder": make_batch(root, "batch")})
    wait_for(1, "done")

    assert [number for number, _, _ in follow(client, 1, "4")] == ["5", "6"]
    assert follow(client, 1, "6") == []
    assert len(follow(client, 1, "no number")) == 6


def test_scans_wait_for_each_other_and_can_be_stopped(client, root, wait_for):
    folders = [make_batch(root, name) for name in ("wait", "waits", "fail")]
    for folder in folders:
        client.post("/api/jobs", json={"folder": folder})
    wait_for(1, "running")
    assert [job["status"] for job in client.get("/api/jobs").json()] == ["running", "waiting", "waiting"]

    client.delete("/api/jobs/2")
    client.delete("/api/jobs/1")

    assert wait_for(1, "cancelled")["run"] in (7, None)
    assert wait_for(2, "cancelled")["run"] is None
    assert wait_for(3, "failed")["message"] == "two photos are needed; add some"
    assert client.delete("/api/jobs/3").json()["status"] == "failed"


def test_only_so_many_wait_and_follow(make_client, root):
    client = make_client(waiting=0, streams=0)
    answer = client.post("/api/jobs", json={"folder": make_batch(root, "batch")})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")

    other = make_client(streams=0)
    other.post("/api/jobs", json={"folder": str(root / "batch")})

    assert other.get("/api/jobs/1/events").status_code == 429


def test_a_scan_that_cannot_begin_keeps_no_other_waiting(tmp_path):
    queue = ScanQueue(tmp_path, command=[str(tmp_path / "no-engine")])
    jobs = [queue.add(tmp_path, [], settings, 9) for settings in ({"odd": None}, {}, {})]

    give_up = time.monotonic() + 30
    while not all(job.has_ended for job in jobs) and time.monotonic() < give_up:
        time.sleep(0.01)
    queue.close()

    assert [job.status for job in jobs] == ["failed"] * 3
    assert jobs[0].message.startswith("an error that nobody expected")
    assert jobs[1].message == "the engine could not be started: No such file or directory"


def test_an_engine_is_gone_when_the_queue_is_closed(client, root, queue, wait_for):
    client.post("/api/jobs", json={"folder": make_batch(root, "wait")})
    wait_for(1, "running")
    process = queue._process

    queue.close()

    assert queue.get(1).status == "cancelled"
    assert process is None or process.poll() is not None


@pytest.mark.parametrize(
    "name", ["elsewhere", "root/../elsewhere", "root/link", "root/nothing", "root/photo.png", "root\0", "", "rooted"]
)
def test_no_folder_outside_is_scanned(client, root, tmp_path, name):
    for other in ("elsewhere", "rooted"):
        (tmp_path / other).mkdir()
    (root / "link").symlink_to(tmp_path / "elsewhere")
    (root / "photo.png").touch()

    answer = client.post("/api/jobs", json={"folder": f"{tmp_path}/{name}"})
    relative = client.post("/api/jobs", json={"folder": "root"})

    assert (answer.status_code, relative.status_code) == (403, 403)
    assert "is no folder below those that the server may read" in answer.json()["error"]
    assert client.get("/api/jobs").json() == []


@pytest.mark.parametrize("target", ["elsewhere", "elsewhere/photo.png", "nothing"])
def test_no_link_in_a_folder_leads_out(client, root, tmp_path, target):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "photo.png").touch()
    batch = make_batch(root, "batch")
    (root / "batch" / "inner").mkdir()
    (root / "inside").mkdir()
    (root / "batch" / "fine").symlink_to(root / "inside")
    assert client.post("/api/jobs", json={"folder": batch}).status_code == 202

    (root / "inside" / "odd").symlink_to(tmp_path / target)

    answer = client.post("/api/jobs", json={"folder": batch})
    assert (answer.status_code, "leads out of the folders" in answer.json()["error"]) == (403, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"settings": {"weights": "/etc/passwd"}}, "`weights` is set where the server runs"),
        ({"settings": {"device": "cpu"}}, "`device` is set where the server runs"),
        ({"settings": {"nothing": 1}}, "nothing"),
        ({"settings": {"threshold_k": "many"}}, "threshold_k"),
        ({"settings": {"part_id": "(?P<part>\ud800)"}}, "neither text nor a number"),
        ({"preset": "none"}, "there is no preset"),
        ({"recipe": "/etc/passwd"}, "there is no such recipe"),
        ({"layout": "round"}, "there is no layout round"),
        ({"layout": "--export"}, "there is no layout --export"),
        ({"more": 1}, "`more` in the body"),
        ({"judged_by": 0}, "`judged_by` in the body"),
        ({"judged_by": 1.5}, "`judged_by` in the body"),
    ],
)
def test_settings_are_looked_at_before_a_scan_waits(client, root, change, sentence):
    content = json.dumps({"folder": make_batch(root, "batch"), **change})

    answer = client.post("/api/jobs", content=content, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert sentence in answer.json()["error"]
    assert client.get("/api/jobs").json() == []


def test_accepted_parts_of_a_done_run_may_judge(make_client, client, root, store, run_id, wait_for):
    folder = make_batch(root, "batch")
    unfinished = store.runs.create(Batch(root, ()), ScanSettings())

    def ask(run, who=client):
        return who.post("/api/jobs", json={"folder": folder, "judged_by": run})

    assert (ask(99).status_code, ask(99).json()["error"]) == (404, "there is no run 99; /api/runs lists them")
    assert (ask(unfinished).status_code, "not done" in ask(unfinished).json()["error"]) == (409, True)
    assert [ask(run_id, make_client(role)).status_code for role in ("judge", "read")] == [403, 403]
    assert client.get("/api/jobs").json() == []
    assert ask(run_id).status_code == 202
    wait_for(1, "done")
    command = next(said["message"] for _, kind, said in follow(client, 1) if kind == "warning")
    assert f" --judged-by {run_id} " in command


def test_uploads_are_kept_in_the_workspace_and_can_be_scanned(client, store, make_photos, tmp_path, wait_for):
    photos = make_photos(tmp_path / "photos", 2)
    files = [("files", (f"../../{path.name}", path.read_bytes())) for path in photos]

    answer = client.post("/api/uploads", files=files)

    assert answer.status_code == 201
    folder = store.folder / "uploads" / answer.json()["folder"].rsplit("/", 1)[-1]
    assert answer.json() == {"folder": str(folder), "files": [path.name for path in photos]}
    assert sorted(path.read_bytes() for path in folder.iterdir()) == sorted(path.read_bytes() for path in photos)
    assert client.post("/api/jobs", json={"folder": str(folder)}).status_code == 202
    wait_for(1, "done")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a.png"], "expected 2 to 3 files, but got 1"),
        ([f"{n}.png" for n in range(4)], "expected 2 to 3 files, but got 4"),
        (["a.png", "b.exe"], "'b.exe' does not end like a photo or a cloud"),
    ],
)
def test_what_is_no_batch_is_not_kept(make_client, store, names, sentence):
    answer = make_client(photos=3).post("/api/uploads", files=[("files", (name, b"x")) for name in names])

    assert (answer.status_code, sentence in answer.json()["error"]) == (422, True)
    assert not (store.folder / "uploads").exists()


def test_a_full_disk_keeps_nothing_of_an_upload(client, store, monkeypatch):
    monkeypatch.setattr(kept_folders, "LEAST_FREE", 2**63)

    answer = client.post("/api/uploads", files=[("files", (f"{n}.png", b"x")) for n in range(2)])

    assert (answer.status_code, list((store.folder / "uploads").iterdir())) == (507, [])
    assert "make room" in answer.json()["error"]


def test_names_are_made_safe():
    given = [
        "../a b.PNG",
        "a b.png",
        "A B.png",
        "C:\\x\\con.jpg",
        ".png.png",
        "a/\x1b[2J;rm.tif",
        "ä" * 300 + ".ply",
    ]

    assert make_safe(given) == [
        *("a b.png", "a b_2.png", "A B_3.png", "_con.jpg", "png.png", "__2J_rm.tif", "ä" * 55 + ".ply")
    ]
