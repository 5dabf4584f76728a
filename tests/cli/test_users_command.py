"""Users on the command line: made, changed, and asked for their password where a command changes something."""

import io
import sys
from types import SimpleNamespace

import pytest

from inspector.cli import sign_in
from inspector.data.samples import Batch, Sample
from inspector.errors import SettingsError
from inspector.roles import OPERATOR, PASSWORD
from inspector.settings import ScanSettings
from inspector.store.backup import back_up
from inspector.store.workspace import Workspace

SECRET = "correct horse"

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def send(monkeypatch):
    """Send a line to stdin."""
    return lambda line: monkeypatch.setattr(sys, "stdin", io.StringIO(f"{line}\n"))


@pytest.fixture
def type_in(monkeypatch):
    """Have somebody type answers in turn; returns what was asked."""

    def prepare(*answers):
        waiting, asked = list(answers), []
        monkeypatch.setattr(sign_in, "_is_typed", lambda: True)
        monkeypatch.setattr("getpass.getpass", lambda prompt: [asked.append(prompt), waiting.pop(0)][1])
        return asked

    return prepare


@pytest.fixture
def manned(store):
    """A workspace with an engineer and an operator."""
    store.users.add("Eve", "engineer", SECRET)
    store.users.sign_in("Eve", SECRET)
    store.users.add("Ann", "operator", SECRET)
    store.users.sign_out()
    return store


def test_users_are_made_listed_changed_and_removed(run, store, send, type_in):
    assert "everybody may do everything" in run("users", "list")[1]
    send(SECRET)
    told = run("users", "add", "Eve", "--role", "engineer", "--password-stdin")
    assert told == (0, "Eve is added as engineer.\n", "")

    asked = type_in(SECRET, "battery staple", "battery staple", SECRET, SECRET)
    codes = [run("users", "add", "Ann", "--role", "operator", "--operator", "Eve")[0]]
    for name in (OPERATOR, PASSWORD):  # each command is a program of its own
        sign_in.os.environ.pop(name)
    assert asked == ["Password of Eve: ", "New password: ", "Once more: "]
    codes.append(run("users", "role", "Ann", "auditor", "--operator", "Eve")[0])
    assert run("users", "list")[1] == "Ann: auditor\nEve: engineer\n"
    codes.append(run("users", "remove", "Ann", "--operator", "Eve")[0])

    assert (codes, run("users", "list")[1]) == ([0, 0, 0], "Eve: engineer\n")


def test_passwords_that_differ_change_nothing(run, manned, type_in):
    type_in(SECRET, "battery staple", "battery stable")

    code, _, stderr = run("users", "password", "Ann", "--operator", "Ann")

    assert (code, "the two passwords differ" in stderr) == (1, True)
    assert manned.users.sign_in("Ann", SECRET)


def test_who_is_nobody_or_may_not_changes_nothing(run, manned, tmp_path, monkeypatch, make_photos):
    manned.runs._database.signed_in = "Eve"
    manned.runs.create(Batch(tmp_path, (Sample("a", image=tmp_path / "a"),)), ScanSettings())
    photos = make_photos(tmp_path / "photos", 2)[0].parent
    recipe = tmp_path / "washer.toml"
    recipe.write_text("name = 'washer'\n")
    commands = [
        ("scan", photos),
        ("scan", "memory://lots/none"),  # before anything is fetched
        ("watch", photos, "--idle", "0"),
        ("recipes", "import", recipe),
        ("prune",),
        ("users", "remove", "Eve"),
        ("serve", "--port", "0"),
    ]
    for environment, told in (({}, "nobody is signed in"), ({OPERATOR: "Ann", PASSWORD: SECRET}, "Ann is an operator")):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        for command in commands:
            code, _, stderr = run(*command)
            assert (code, told in stderr) == (1, True), (command, stderr)

    assert (len(manned.runs.all()), manned.recipes.names(), len(manned.users.all())) == (1, [], 2)


@pytest.mark.sqlite_only(reason="backups are of folders")
def test_only_engineers_put_a_backup_in_the_place_of_a_workspace_or_salvage_it(run, manned, tmp_path, monkeypatch):
    backup, folder = tmp_path / "monday.db", manned.folder
    back_up(folder, backup)
    manned.close()
    commands = (("restore", backup, "--replace"), ("doctor", "--salvage", tmp_path / "salvaged"))

    for name, told in (("", "nobody is signed in"), ("Ann", "Ann is an operator and may not replace the workspace")):
        monkeypatch.setenv(OPERATOR, name or "Ann")
        monkeypatch.setenv(PASSWORD, SECRET if name else "")
        for command in commands:
            code, _, stderr = run(*command)
            assert (code, told in stderr) == (1, True), (command, stderr)
    assert [*folder.glob("replaced-*"), *tmp_path.glob("salvaged")] == []
    monkeypatch.setenv(OPERATOR, "Eve")
    assert [run(*command)[0] for command in commands] == [0, 0]

    [aside] = folder.glob("replaced-*")
    (folder / "inspector.db").write_bytes(b"no database")
    monkeypatch.setenv(PASSWORD, "")
    assert run(*commands[0])[0] == 0  # there is nobody who could be asked
    assert aside.exists()


def test_a_wrong_password_ends_the_command(run, manned, monkeypatch):
    monkeypatch.setenv(PASSWORD, "wrong")

    code, _, stderr = run("prune", "--operator", "Eve")

    assert (code, "the name or the password is wrong" in stderr) == (1, True)


def test_passwords_and_names_that_are_no_text_end_the_command_with_a_sentence(run, manned, monkeypatch, tmp_path):
    add = ("users", "add", "Kim", "--role", "auditor", "--password-stdin", "--operator", "Eve")
    monkeypatch.setenv(PASSWORD, SECRET)
    for stdin, told in (
        (None, "too short"),
        (io.TextIOWrapper(io.BytesIO(b"\xff\xfe-secret\n"), "utf-8"), "no text in UTF-8"),
        (io.StringIO("\udcff-secret\n"), "no text in UTF-8"),
    ):
        monkeypatch.setattr(sys, "stdin", stdin)
        code, _, stderr = run(*add)
        assert (code, told in stderr) == (1, True), stderr
    with Workspace(tmp_path / "workspace") as store, pytest.raises(SettingsError, match="no text in UTF-8"):
        sign_in.sign_in(store, "E\udcff")
    monkeypatch.setattr(sign_in, "os", SimpleNamespace(environ={PASSWORD: "\udcff"}))
    assert "the password is wrong" in run("prune", "--operator", "Eve")[2]


def test_who_cannot_be_asked_is_told_how_programs_sign_in(run, manned, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)

    _, _, stderr = run("prune", "--operator", "Eve")

    assert f"programs by {OPERATOR} and {PASSWORD}" in stderr


def test_looking_and_checking_ask_nobody(run, manned):
    assert [run(*words)[0] for words in (("runs",), ("audit",), ("recipes", "list"), ("users", "list"))] == [0, 0, 0, 0]


def test_a_mark_is_of_who_signed_in(run, manned, monkeypatch, tmp_path):
    from inspector.store.groups import FoundGroup

    manned.users.sign_in("Eve", SECRET)
    parts = tuple(Sample(name, image=tmp_path / name) for name in "ab")
    manned.runs.create(Batch(tmp_path, parts), ScanSettings())
    manned.groups.keep(1, [FoundGroup({0: (0, 0, 1, 1), 1: (0, 0, 1, 1)}, False)], {})
    monkeypatch.setenv(PASSWORD, SECRET)

    assert run("groups", 1, "--mark", "1=defect", "--operator", "Ann")[0] == 1
    assert run("groups", 1, "--mark", "1=defect", "--operator", "Eve")[0] == 0

    assert [mark.operator for mark in manned.groups.marks(1)] == ["Eve"]
