"""Tokens, rates, sizes, and what browsers are told."""

import base64
import json
import logging
import os
import stat

import pytest

from inspector.errors import SettingsError, StoreError
from inspector.server.rates import Rate
from inspector.server.tokens import FILE, AccessTokens, load_tokens
from tests.server.conftest import TOKENS

VERDICT = {"operator": "Ada", "verdict": "rejected", "expected": "undecided"}


def test_without_a_token_only_what_tells_nothing_is_open(make_client, run_id):
    client = make_client("")
    addresses = [
        path.replace("{run}", "1").replace("{position}", "0") for path in client.get("/openapi.json").json()["paths"]
    ]

    for address in [*addresses, "/", "/runs/1", "/runs/1/report", "/nothing"]:
        answer = client.get(address)
        assert answer.status_code == (200 if address == "/api/health" else 401), address
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert "send the header" in answer.json()["error"]


def test_a_token_that_reads_writes_nothing(make_client, run_id, store, root):
    client = make_client("read")

    assert client.get("/api/runs").status_code == 200
    for answer in (
        client.post(f"/api/runs/{run_id}/samples/1/verdicts", json=VERDICT),
        client.post("/api/jobs", json={"folder": str(root)}),
        client.post("/api/uploads", files=[("files", ("a.png", b""))]),
        client.delete("/api/jobs/1"),
    ):
        assert (answer.status_code, "may only read" in answer.json()["error"]) == (403, True)
    assert (store.verdicts.of_run(run_id), client.get("/api/jobs").json()) == ([], [])


def test_the_token_of_operators_gives_verdicts_and_no_more(make_client, run_id, store, root):
    client = make_client("judge")

    verdict = client.post(f"/api/runs/{run_id}/samples/1/verdicts", json=VERDICT)
    scan = client.post("/api/jobs", json={"folder": str(root)})

    assert (verdict.status_code, scan.status_code, "may only" in scan.json()["error"]) == (201, 403, False)
    assert ([said.new for said in store.verdicts.of_run(run_id)], client.get("/api/jobs").json()) == (["rejected"], [])


@pytest.mark.usefixtures("quick_passwords")
def test_a_verdict_with_the_token_of_a_user_bears_their_name_and_their_role_holds(make_client, run_id, store, root):
    client, address = make_client("ann"), f"/api/runs/{run_id}/samples/1/verdicts"
    assert client.get("/api/runs").status_code == 401  # no such user
    store.users.add("Eve", "engineer", "correct horse")
    store.users.sign_in("Eve", "correct horse")  # who starts the server
    store.users.add("Ann", "operator", "correct horse")

    other = client.post(address, json=VERDICT)
    own = client.post(address, json={**VERDICT, "operator": "Ann"})
    bare = client.post(address, json={"verdict": "accepted", "expected": "rejected"})
    scan = client.post("/api/jobs", json={"folder": str(root)})
    store.users.set_role("Ann", "auditor")
    demoted = client.post(address, json={"verdict": "rejected", "expected": "accepted"})

    codes = [answer.status_code for answer in (other, own, bare, scan, demoted)]
    assert (codes, "no other name" in other.json()["error"]) == ([403, 201, 201, 403, 403], True)
    assert [(said.operator, said.new) for said in store.verdicts.of_run(run_id)] == [
        ("Ann", "rejected"),
        ("Ann", "accepted"),
    ]
    assert client.get("/api/runs").status_code == 200
    store.users.remove("Ann")
    assert client.get("/api/runs").status_code == 401


def test_a_workspace_that_is_away_is_told_to_who_has_the_token_of_a_user(make_client, store, monkeypatch):
    def find(_name):
        raise StoreError("the server is away; try again")

    monkeypatch.setattr(store.users, "find", find)

    answer = make_client("ann").get("/api/runs")

    assert (answer.status_code, answer.json()) == (503, {"error": "the server is away; try again"})
    assert answer.headers["retry-after"] == "5"


def test_a_token_of_nobody_needs_a_name(client, run_id):
    given = {"verdict": "rejected", "expected": "undecided"}

    answer = client.post(f"/api/runs/{run_id}/samples/1/verdicts", json=given)

    assert (answer.status_code, "say in `operator`" in answer.json()["error"]) == (422, True)


def test_a_token_goes_no_further_than_who_serves_the_workspace(client, run_id, store):
    store.users.add("Eve", "engineer", "correct horse")

    answer = client.post(f"/api/runs/{run_id}/samples/1/verdicts", json=VERDICT)

    assert (answer.status_code, "nobody is signed in" in answer.json()["error"]) == (403, True)
    assert store.verdicts.of_run(run_id) == []


@pytest.mark.parametrize("token", [TOKENS.read, TOKENS.write])
def test_a_password_of_a_browser_only_reads(make_client, run_id, token):
    """Browsers send it with the forms of other sites, too."""
    client = make_client("")
    headers = {"Authorization": "Basic " + base64.b64encode(f"anybody:{token}".encode()).decode()}

    assert client.get("/", headers=headers).status_code == 200
    assert client.delete("/api/jobs/1", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer wrong", "Basic ???", "Basic " + "Zm9v", "Digest a", "Bearer \u00e4"]
)
def test_a_wrong_token_opens_nothing(make_client, header):
    assert make_client("").get("/api/runs", headers={"Authorization": header.encode()}).status_code == 401


def test_who_guesses_must_wait_and_who_knows_need_not(make_client):
    """Behind a proxy both come from one address."""
    client = make_client("")
    wrong = [client.get("/api/runs", headers={"Authorization": f"Bearer {n}"}) for n in range(11)]

    right = client.get("/api/runs", headers={"Authorization": f"Bearer {TOKENS.write}"})

    assert [answer.status_code for answer in wrong] == [401] * 10 + [429]
    assert (int(wrong[-1].headers["retry-after"]) > 0, right.status_code) == (True, 200)


def test_an_empty_token_is_nobodys():
    assert AccessTokens().find_role("") is None
    assert AccessTokens(write="w" * 16).find_role("") is None


def test_who_asks_too_often_must_wait(make_client):
    client = make_client(rate=3)

    answers = [client.get("/api/health") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "try again in" in answers[-1].json()["error"]


def test_a_rate_counts_each_address_and_time():
    now = [0.0]
    rate = Rate(2, lambda: now[0])
    for _ in range(2):
        rate.take("a")

    assert (rate.find_wait("a"), rate.find_wait("b")) == (30.0, 0.0)
    now[0] = 30.0
    assert rate.find_wait("a") == 0.0


@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_are_limited(make_client, run_id, chunked):
    client = make_client(upload=2000)
    long = json.dumps({**VERDICT, "comment": "x" * 70_000}).encode()
    content = iter([long]) if chunked else long
    kind = {"Content-Type": "application/json"}

    answer = client.post(f"/api/runs/{run_id}/samples/1/verdicts", content=content, headers=kind)
    photos = client.post("/api/uploads", files=[("files", (f"{n}.png", b"x" * 1500)) for n in range(2)])

    assert [answer.status_code, photos.status_code] == [413, 413]
    assert answer.json()["error"].startswith("the body has more than 65536 bytes")


def test_browsers_are_told_to_load_nothing_from_elsewhere(client, run_id):
    for address in ("/", "/api/runs", "/nothing"):
        headers = client.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; img-src 'self'; style-src 'self'")
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


def test_the_log_says_what_was_asked_and_no_secret(make_client, run_id, caplog):
    with caplog.at_level(logging.INFO, "inspector"):
        make_client().get(f"/api/runs?token={TOKENS.write}")
        make_client("").get("/api/runs", headers={"Authorization": f"Bearer {TOKENS.read}x"})

    said = [record.getMessage() for record in caplog.records if record.name.startswith("inspector")]
    assert said == ["testclient GET /api/runs 200", "testclient GET /api/runs 401"]
    assert TOKENS.write not in repr(TOKENS)


def test_tokens_are_made_once_for_their_owner_alone(tmp_path):
    made = load_tokens(tmp_path, {})

    assert load_tokens(str(tmp_path), {}) == made
    assert len({made.write, made.read, made.judge}) == 3
    assert [made.find_role(token) for token in (made.write, made.judge)] == ["engineer", "operator"]
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
        (tmp_path / FILE).chmod(0o640)
        with pytest.raises(SettingsError, match="others may read"):
            load_tokens(tmp_path, {})


def test_a_file_of_two_tokens_gets_one_for_operators(tmp_path):
    path = tmp_path / FILE
    path.write_text(json.dumps({"write": "w" * 16, "read": "r" * 16}))
    path.chmod(0o600)

    found = load_tokens(tmp_path, {})

    assert (found.write, found.read, len(found.judge) >= 16) == ("w" * 16, "r" * 16, True)
    assert load_tokens(tmp_path, {}) == found


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"write": "", "read": ""}', '{"write": 1, "read": 2}', "\x80"])
def test_a_damaged_file_of_tokens_lets_nobody_in(tmp_path, content):
    path = tmp_path / FILE
    path.write_text(content, encoding="latin-1")
    path.chmod(0o600)

    with pytest.raises(SettingsError, match="holds no tokens"):
        load_tokens(tmp_path, {})


def test_tokens_of_users_are_read_and_each_is_one_persons(tmp_path):
    kept = {"write": "w" * 16, "read": "r" * 16, "judge": "j" * 16, "users": {"Ann": "a" * 16}}
    path = tmp_path / FILE
    path.write_text(json.dumps(kept))
    path.chmod(0o600)
    assert load_tokens(tmp_path, {}).find_user("a" * 16) == "Ann"
    assert load_tokens(tmp_path, {}).find_user("w" * 16) == ""
    for users in ({"Ann": "a"}, {"Ann": "w" * 16}, {"Ann": "a" * 16, "Bob": "a" * 16}, {"Ann": None}, ["a" * 16]):
        path.write_text(json.dumps({**kept, "users": users}))
        with pytest.raises(SettingsError, match="holds no tokens"):
            load_tokens(tmp_path, {})


def test_tokens_of_the_environment_win(tmp_path):
    assert load_tokens(tmp_path, {"INSPECTOR_TOKEN": "w" * 16}) == AccessTokens("w" * 16)
    assert load_tokens(tmp_path, {"INSPECTOR_READ_TOKEN": "r" * 16}).find_role("r" * 16) == "auditor"
    assert load_tokens(tmp_path, {"INSPECTOR_VERDICT_TOKEN": "j" * 16}).find_role("j" * 16) == "operator"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SettingsError, match="INSPECTOR_TOKEN is too short"):
        load_tokens(tmp_path, {"INSPECTOR_TOKEN": "short"})
