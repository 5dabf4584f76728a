"""Who means no good: bodies that never end, names that collide, pages of others, what is removed while it is read."""

import json
import shutil

import anyio
import pytest

from inspector.data.samples import Batch, Sample
from inspector.server import folders as kept_folders
from inspector.server import gate
from inspector.server.errors import Refusal
from inspector.server.folders import make_safe
from inspector.server.scan_queue import QueuedScan
from inspector.settings import ScanSettings
from inspector.store.pruning import plan_pruning, prune
from inspector.store.server import ServerLost

GIVEN = {"operator": "Ada", "verdict": "rejected", "expected": "undecided"}
JSON = {"Content-Type": "application/json"}


def test_a_body_that_stops_coming_is_given_up_and_the_end_of_a_connection_is_waited_for(monkeypatch):
    monkeypatch.setattr(gate, "SLOWEST", 0.01)
    said = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive():
        if said:
            return said.pop(0)
        await anyio.sleep(0.05)
        return {"type": "http.disconnect"}

    async def read():
        slow = gate._limit(receive, 100)
        await slow()
        with pytest.raises(Refusal, match="the body stopped coming") as caught:
            await slow()
        said.append({"type": "http.request", "body": b"", "more_body": False})
        whole = gate._limit(receive, 100)
        await whole()
        return caught.value.status_code, await whole()

    assert anyio.run(read) == (408, {"type": "http.disconnect"})


def test_pages_of_others_show_nothing_with_the_password_of_a_browser(client, run_id):
    for address in ("/", f"/runs/{run_id}/report", f"/api/runs/{run_id}/samples/1/photo"):
        assert client.get(address).headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("name", ["image_size", "threshold_k", "part_id", "no_such"])
@pytest.mark.parametrize("value", ["[" * 900 + "]" * 900, "[" * 20_000 + "]" * 20_000, "1e999", "9" * 4000, "-0.0"])
def test_settings_of_any_shape_are_answered(client, root, name, value):
    (root / "batch").mkdir()
    content = f'{{"folder": {json.dumps(str(root / "batch"))}, "settings": {{"{name}": {value}}}}}'

    answer = client.post("/api/jobs", content=content, headers=JSON)

    assert answer.status_code in (202, 400, 422), answer.text


def test_names_that_a_disk_takes_for_one_stay_apart():
    given = ["\u00e9.png", "e\u0301.png", "com\u00b9.png", "con .x.png", "\u202egnp.png", "a\u0000b.png"]

    assert make_safe(given) == ["\u00e9.png", "\u00e9_2.png", "_com\u00b9.png", "_con .x.png", "_gnp.png", "a_b.png"]


def test_an_upload_leaves_room_on_the_disk(client, store, monkeypatch):
    free = shutil.disk_usage(store.folder)._replace(free=kept_folders.LEAST_FREE + 9)
    monkeypatch.setattr(kept_folders.shutil, "disk_usage", lambda _: free)

    codes = [
        client.post("/api/uploads", files=[("files", (f"{n}.png", content)) for n in range(2)]).status_code
        for content in (b"1234", b"12345")
    ]

    assert codes == [201, 507]


def test_a_disk_that_fills_while_a_body_comes_is_told(client, monkeypatch):
    async def fail(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("starlette.datastructures.UploadFile.write", fail)

    answer = client.post("/api/uploads", files=[("files", (f"{n}.png", b"x")) for n in range(2)])

    assert (answer.status_code, "make room" in answer.json()["error"]) == (507, True)


def test_who_has_heard_the_end_is_told_not_to_come_back(client, queue, root):
    job = QueuedScan(1, root)
    job.tell("run", "{}")
    queue._jobs[1] = job
    queue._end(job, "done")

    def ask(last):
        return client.get("/api/jobs/1/events", headers={"Last-Event-ID": last})

    assert [ask(last).status_code for last in ("0", "1", "2")] == [200, 200, 204]
    assert (ask("99").text.count("event: "), json.loads(job.events[-1][2])["status"]) == (2, "done")


def test_an_end_is_told_before_a_job_is_known_to_have_ended(queue, root, monkeypatch):
    job, seen = QueuedScan(1, root), []
    monkeypatch.setattr(
        QueuedScan, "tell", lambda self, kind, text: seen.append((self.has_ended, json.loads(text)["status"]))
    )

    queue._end(job, "failed", "why")

    assert (seen, job.status) == ([(False, "failed")], "failed")


def test_a_verdict_on_a_part_that_came_meanwhile_does_not_break_the_list(client, run_id, store, monkeypatch):
    client.post(f"/api/runs/{run_id}/samples/1/verdicts", json=GIVEN)
    samples = store.runs.samples(run_id)
    monkeypatch.setattr("inspector.store.runs.Runs.samples", lambda *_: samples[:1])  # it was removed since

    assert client.get(f"/api/runs/{run_id}/verdicts").json() == []


def test_a_run_that_is_removed_while_it_is_read_is_told(client, run_id, store, monkeypatch, tmp_path):
    add, shows = type(store.verdicts).add, []
    store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())

    def remove_before(self, *given, **more):
        prune(store, plan_pruning(store, keep_runs=1, with_verdicts=True), "Eve")
        shows.append(1)
        return add(self, *given, **more)

    monkeypatch.setattr(type(store.verdicts), "add", remove_before)

    answer = client.post(f"/api/runs/{run_id}/samples/1/verdicts", json=GIVEN)

    assert (answer.status_code, shows) == (404, [1])
    for address in ("samples/1/photo", "samples/1", "tables/scores.csv", "verdicts"):
        assert client.get(f"/api/runs/{run_id}/{address}").status_code == 404, address


def test_files_that_are_removed_while_they_are_read_are_told(client, run_id, store):
    shutil.rmtree(store.artefacts.run_folder(run_id))

    for address in ("overlay", "map", "thumbnail"):
        assert client.get(f"/api/runs/{run_id}/samples/1/{address}").status_code == 404, address
    for address in (f"/runs/{run_id}/report", f"/api/runs/{run_id}/tables/scores.csv"):
        assert client.get(address).status_code in (200, 404), address


def test_an_upload_that_cannot_be_written_for_another_reason_is_no_full_disk(client, store):
    (store.folder / "uploads").touch()

    answer = client.post("/api/uploads", files=[("files", (f"{n}.png", b"x")) for n in range(2)])

    assert answer.status_code == 503
    assert "allow writing there" in answer.json()["error"]


def test_a_picture_is_not_gone_where_the_database_is_away(client, run_id, monkeypatch):
    def lose(*_given):
        raise ServerLost("the server is away")

    monkeypatch.setattr("inspector.store.runs.Runs.samples", lose)

    assert client.get(f"/api/runs/{run_id}/samples/1/photo").status_code == 503
