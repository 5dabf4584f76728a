"""Runs, samples, pictures, tables and verdicts over HTTP."""

import io
import json

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.data.samples import Batch, Sample
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.store.carried import Carried, carry_verdicts

GIVEN = {"operator": "Ada", "verdict": "rejected", "expected": "undecided"}


def test_runs_are_listed_and_told(client, run_id):
    listed = client.get("/api/runs").json()

    assert listed["total"] == 1
    assert listed["items"] == [client.get(f"/api/runs/{run_id}").json()]
    told = listed["items"][0]
    assert (told["status"], told["samples"], told["flagged"], told["unreadable"]) == ("done", 4, 2, 1)
    assert (told["threshold"], told["why_threshold"]) == (0.5, "It lies between two groups.")
    assert client.get("/api/runs?first=1").json() == {"total": 1, "items": []}


def test_facts_of_a_run_stand_apart_from_its_notes(client, store, run_id):
    fact, note = "fetched from s3://lots/monday", "no code was found in 1 of 3 photos, part_1.png first"
    store.runs.add_notes(run_id, [fact, note])

    told = client.get(f"/api/runs/{run_id}").json()

    assert (told["facts"], told["notes"][-1]) == ([fact], note)


def test_samples_are_paged_ordered_and_chosen(client, run_id):
    def ask(query):
        told = client.get(f"/api/runs/{run_id}/samples?{query}").json()
        return told["total"], [sample["position"] for sample in told["items"]]

    assert ask("first=1&count=2") == (4, [1, 2])
    assert ask("order=score") == (3, [0, 1, 2])
    assert ask("flagged=false") == (1, [2])
    assert client.get(f"/api/runs/{run_id}/samples/3").json()["reason"] == "it is empty"


@pytest.mark.parametrize(("picture", "kind"), [("thumbnail", "JPEG"), ("photo", "JPEG"), ("overlay", "PNG")])
def test_pictures_are_served(client, run_id, picture, kind):
    answer = client.get(f"/api/runs/{run_id}/samples/1/{picture}")

    shown = Image.open(io.BytesIO(answer.content))
    assert (shown.format, shown.size) == (kind, (9, 5))
    assert answer.headers["content-type"] == f"image/{kind.lower()}"


def test_the_map_is_served_as_it_is_kept(client, run_id, store):
    content = client.get(f"/api/runs/{run_id}/samples/2/map").content

    assert np.array_equal(tifffile.imread(io.BytesIO(content)), store.artefacts.load_map(run_id, 2))


def test_tables_are_those_of_the_export(client, run_id):
    client.post(f"/api/runs/{run_id}/samples/1/verdicts", json=GIVEN)

    assert client.get(f"/api/runs/{run_id}/tables/scores.csv").text.count("flagged") == 3
    assert "Ada" in client.get(f"/api/runs/{run_id}/tables/verdicts.csv").text


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("application/x-www-form-urlencoded", '{"operator": "Ada"}', "send it with the header `Content-Type: applicat"),
        ("application/json", '{"operator": "Ada"', "the body is no JSON: Expecting ',' delimiter, after 18 signs; "),
        ("application/json", "[]", "correct it and send it again"),
    ],
)
def test_of_a_body_that_is_no_json_it_is_told_what_is_missing(client, run_id, kind, body, told):
    answer = client.post(f"/api/runs/{run_id}/samples/1/verdicts", content=body, headers={"Content-Type": kind})

    assert (answer.status_code, told in answer.json()["error"]) == (422, True), answer.text


def test_a_verdict_is_kept_and_told(client, run_id, store):
    given = {**GIVEN, "comment": "a dent", "defect_class": "dent"}

    answer = client.post(f"/api/runs/{run_id}/samples/1/verdicts", json=given)

    assert answer.status_code == 201
    (said,) = store.verdicts.of_run(run_id)
    assert (said.operator, said.new, said.comment, said.defect_class) == ("Ada", "rejected", "a dent", "dent")
    assert client.get(f"/api/runs/{run_id}/samples/1").json()["standing"] == answer.json()
    listed = client.get(f"/api/runs/{run_id}/verdicts").json()
    assert [(one["position"], one["new"]) for one in listed] == [(1, "rejected")]
    assert client.get(f"/api/runs/{run_id}/samples/1/verdicts").json() == listed
    assert client.get(f"/api/runs/{run_id}/samples/0/verdicts").json() == []
    assert client.get(f"/api/runs/{run_id}/verdicts?after={said.id}").json() == []
    again = client.post(f"/api/runs/{run_id}/samples/1/verdicts", json={**GIVEN, "expected": "rejected"})
    assert (again.status_code, len(store.verdicts.of_run(run_id))) == (200, 1)


@pytest.mark.parametrize("stands", ["rejected", ""])
def test_a_verdict_on_what_has_changed_clashes_and_writes_nothing(client, run_id, store, stands):
    if stands:
        store.verdicts.add(store.runs.samples(run_id)[1].id, "Bob", stands)
    given = {"operator": "Ada", "verdict": "undecided", "expected": "accepted"}

    answer = client.post(f"/api/runs/{run_id}/samples/1/verdicts", json=given)

    assert answer.status_code == 409
    assert "look at it again and decide anew" in answer.json()["error"]
    standing = answer.json()["standing"]
    assert (standing["operator"] if stands else standing) == ("Bob" if stands else None)
    assert len(store.verdicts.of_run(run_id)) == len([stands] if stands else [])


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/api/runs/9", 404, "there is no run 9; /api/runs lists them"),
        ("/api/runs/1/samples/4", 404, "run 1 has no sample 4; they go from 0 to 3"),
        ("/api/runs/1/samples/3/overlay", 404, "sample 3 of run 1 has no score; its `reason` says why"),
        ("/api/runs/1/samples/3/thumbnail", 404, "sample 3 of run 1 has no thumbnail; it was not read"),
        ("/api/runs/1/samples/../../9/", 404, "there is nothing at /api/runs/9/; /openapi.json lists all addresses"),
        ("/api/jobs/1", 404, "there is no job 1; /api/jobs lists those since the server began"),
        (f"/api/runs/{10**30}", 422, "`run` in the path: Input should be less than or equal to 2147483647"),
        ("/api/runs?count=0", 422, "`count` in the query: Input should be greater than or equal to 1"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(client, run_id, address, status, sentence):
    answer = client.get(address)

    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert sentence in answer.json()["error"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"operator": " "}, "`operator` in the body"),
        ({"operator": "A\x00"}, "`operator` in the body"),
        ({"operator": "A\ud800"}, "`operator` in the body"),
        ({"verdict": "broken"}, "`verdict` in the body"),
        ({"expected": None}, "`expected` in the body"),
        ({"\ud800": 1}, "`body`"),
        ({"verdict": "accepted", "defect_class": "dent"}, "only a rejected part has a `defect_class`"),
    ],
)
def test_a_verdict_that_is_none_is_refused(client, run_id, store, change, sentence):
    content = json.dumps({**GIVEN, **change})
    answer = client.post(
        f"/api/runs/{run_id}/samples/1/verdicts", content=content, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 422
    assert sentence in answer.json()["error"]
    assert store.verdicts.of_run(run_id) == []


def test_nothing_can_be_taken_back_where_nothing_was_said(client, run_id, store):
    answer = client.post(f"/api/runs/{run_id}/samples/1/verdicts", json={**GIVEN, "verdict": "undecided"})

    assert (answer.status_code, store.verdicts.of_run(run_id)) == (409, [])


def test_a_run_that_is_not_done_and_files_that_are_gone_are_told(client, run_id, store, tmp_path):
    (tmp_path / "photo_0.png").unlink()
    store.artefacts.map_path(run_id, 1).unlink()
    assert client.get(f"/api/runs/{run_id}/samples/0/photo").status_code == 404
    assert "is missing or damaged" in client.get(f"/api/runs/{run_id}/samples/1/map").json()["error"]

    store.runs.end(run_id, "failed", "")

    assert client.get(f"/api/runs/{run_id}/samples/2/map").json()["error"].startswith("run 1 is failed, not done")
    assert client.get(f"/runs/{run_id}/report").status_code == 409


def test_what_nobody_expected_is_told_without_its_words(client, run_id, monkeypatch):
    monkeypatch.setattr("inspector.store.runs.Runs.all", lambda _self: 1 / 0)

    answer = client.get("/api/runs")

    assert (answer.status_code, "ZeroDivision" in answer.text) == (500, False)
    assert "the log in the workspace says more" in answer.json()["error"]


def test_a_workspace_that_cannot_be_used_is_told(client, run_id, monkeypatch):
    def refuse(_self):
        raise StoreError("the workspace cannot be used: database is locked; try again when that is done")

    monkeypatch.setattr("inspector.store.runs.Runs.all", refuse)

    answer = client.get("/api/runs")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "try again when that is done" in answer.json()["error"]


def test_a_verdict_that_was_carried_over_names_its_run(client, run_id, store):
    store.verdicts.add(store.runs.samples(run_id)[1].id, "Ada", "rejected")
    run = store.runs.get(run_id)
    samples = tuple(Sample(each.name, image=each.image) for each in store.runs.samples(run_id))
    again = store.runs.create(Batch(run.root, samples), ScanSettings())
    with store.database.session(durable=True) as session:
        carry_verdicts(session, again, Carried(run_id, [], [1]))

    answer = client.get(f"/api/runs/{again}/samples/1").json()

    assert (answer["standing"]["verdict"], answer["standing"]["carried_from"]) == ("rejected", run_id)
    (said,) = client.get(f"/api/runs/{again}/verdicts").json()
    assert (said["kind"], said["operator"], said["carried_from"]) == ("carried", "Ada", run_id)
    assert f", carried over from run {run_id}</dd>" in client.get(f"/runs/{again}/samples/1").text
    given = {"operator": "Bob", "verdict": "rejected", "expected": "rejected"}
    assert client.post(f"/api/runs/{again}/samples/1/verdicts", json=given).status_code == 201
    assert client.get(f"/api/runs/{again}/samples/1").json()["standing"]["carried_from"] is None
