"""What each role may do: all pairs of roles and actions, at the doors of the store."""

import ast
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.reliability.postgres import PostgresServer
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.recipes import Recipe
from inspector.roles import MAY, ROLES
from inspector.settings import ScanSettings
from inspector.store.groups import FoundGroup
from inspector.store.hand_over import hand_over
from inspector.store.pruning import plan_pruning, prune
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.users import NotAllowed
from inspector.store.workspace import Workspace

ROOT = Path(__file__).parents[2]

PASSWORD = "correct horse"

BATCH = Batch(Path("batch"), (Sample("a.png", image=Path("batch/a.png")), Sample("b.png", image=Path("batch/b.png"))))


def hand_over_nothing(store: Workspace) -> bool:
    with Workspace(store.folder.parent / "station") as station:
        return hand_over(station, store) == []


CALIBRATION = Calibration(0.5, True, 0, 1, 0, 1)

DOORS: dict[str, tuple[Callable[[Workspace], object], ...]] = {
    "verdict": (
        lambda s: s.verdicts.add(1, "x", "accepted", "why"),
        lambda s: s.verdicts.add(1, "x", "rejected", "why"),
    ),
    "part": (lambda s: s.runs.keep_identity(1, 0, {"part": f"{len(s.audit.entries())}"}),),
    "threshold": (lambda s: s.runs.set_threshold(1, 0.4, 0.4, "x"),),
    "mark": (
        lambda s: s.groups.mark(1, "x", "defect"),
        lambda s: s.runs.judge_again(1, [], CALIBRATION, {}, "x", expected=s.runs.get(1).threshold),
    ),
    "pool": (lambda s: s.pools.change(2, 0, "x", "taken out"),),
    "recipe": (lambda s: s.recipes.save(Recipe(name="washer")), lambda s: s.recipes.delete("washer")),
    "classes": (lambda s: s.classes.save(["dent"]),),
    "scan": (
        lambda s: s.runs.create(BATCH, ScanSettings()),
        lambda s: s.watches.create(BATCH, ScanSettings(), {}, {}),
    ),
    "locate": (lambda s: s.runs.move_files(1, "elsewhere", []),),
    "prune": (lambda s: prune(s, plan_pruning(s)),),
    "hand-over": (hand_over_nothing,),
    "restore": (lambda s: s.users.require("restore"),),
    "serve": (lambda s: s.users.require("serve"),),
    "users": (
        lambda s: s.users.add("new", "auditor", PASSWORD),
        lambda s: s.users.set_role("new", "operator"),
        lambda s: s.users.set_password("new", PASSWORD),
        lambda s: s.users.remove("new"),
    ),
}
"""All that somebody may be refused, in an order in which it can be done."""


pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with a finished run that has a group, a watched run, and a user of each role."""
    with Workspace(tmp_path / "workspace") as opened:
        fill(opened)
        yield opened


def fill(store: Workspace) -> None:
    """Make a finished run that has a group, and a watched run."""
    store.runs.create(BATCH, ScanSettings())
    results = [SampleResult(position, score, None, score, score > 0.5) for position, score in enumerate((0.9, 0.1))]
    store.runs.finish(1, results, RunResult(CALIBRATION))
    store.groups.keep(1, [FoundGroup({0: (0, 0, 1, 1), 1: (0, 0, 1, 1)}, False)], {})
    store.watches.create(BATCH, ScanSettings(), {}, {})
    store.runs.keep_readings(2, [SampleReading(0, "ok")])


@pytest.fixture
def manned(store: Workspace) -> Workspace:
    """The workspace with a user of each role, named like it; nobody is signed in."""
    for role in ("engineer", "operator", "auditor"):
        store.users.add(role, role, PASSWORD)
        store.users.sign_in("engineer", PASSWORD)
    store.users.sign_out()
    return store


def try_doors(
    store: Workspace, refused: type[StoreError] = NotAllowed, leave_out: Sequence[str] = ()
) -> dict[str, bool]:
    """Return for each action whether all its doors open; they open together or not at all."""
    found = {}
    for action, doors in DOORS.items():
        opened = set()
        for door in doors if action not in leave_out else ():
            try:
                door(store)
            except refused as error:
                if refused is not NotAllowed and "permission denied" not in str(error):
                    raise
                opened.add(False)
            else:
                opened.add(True)
        assert len(opened) <= 1, action
        found |= dict.fromkeys([action] if opened else [], True in opened)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_the_table_says(manned: Workspace, role: str) -> None:
    manned.users.sign_in(role, PASSWORD)

    assert try_doors(manned) == {action: role in roles for action, roles in MAY.items()}


def test_without_users_everybody_may_everything(store: Workspace) -> None:
    doors = {action: calls for action, calls in DOORS.items() if action != "users"}

    assert [door(store) for calls in doors.values() for door in calls]
    assert store.audit.find_problems() == []


def test_nobody_who_is_not_signed_in_changes_anything(manned: Workspace) -> None:
    assert not any(try_doors(manned).values())
    assert (manned.verdicts.of_run(1), len(manned.runs.all()), manned.audit.find_problems()) == ([], 2, [])


def test_the_table_in_the_documentation_is_the_one_in_the_code() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    told = {}
    for line in page.split("| action |", 1)[1].split("\n\n")[0].splitlines()[2:]:
        action, _, *marks = (cell.strip() for cell in line.strip("|").split("|"))
        told[action.strip("`")] = tuple(role for role, mark in zip(ROLES, marks, strict=True) if mark == "yes")

    assert told == MAY


UNGUARDED = {
    "watches.calibrate", "watches.add", "pools.keep",  # the job that watches, whoever began it
    "users.set_password",  # asks where it is another's
    "pruning._remove_run",  # asked before
}  # fmt: skip


def test_what_people_say_is_written_by_doors_that_ask() -> None:
    """Durable sessions are for what people say: the first thing in each is to ask whether they may."""
    silent = set()
    for path in (ROOT / "inspector" / "store").glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        for function in (node for node in nodes if isinstance(node, ast.FunctionDef)):
            for block in (node for node in ast.walk(function) if isinstance(node, ast.With)):
                durable = ".session(durable=True)" in ast.unparse(block.items[0].context_expr)
                if durable and not ast.unparse(block.body[0]).startswith("require(session, "):
                    silent.add(f"{path.stem}.{function.name}")

    assert silent == UNGUARDED


def test_a_role_holds_from_the_moment_it_is_changed(manned: Workspace, tmp_path: Path) -> None:
    manned.users.sign_in("operator", PASSWORD)
    with Workspace(tmp_path / "workspace") as elsewhere:
        elsewhere.users.sign_in("engineer", PASSWORD)
        elsewhere.users.set_role("operator", "auditor")
        with pytest.raises(NotAllowed, match="operator is an auditor and may not give verdicts"):
            manned.verdicts.add(1, "operator", "rejected")
        elsewhere.users.remove("operator")
    with pytest.raises(NotAllowed, match="operator is no user any more"):
        manned.verdicts.add(1, "operator", "rejected")


def test_wrong_passwords_sign_nobody_in_and_nobody_out(manned: Workspace) -> None:
    manned.users.sign_in("operator", PASSWORD)

    for name, password in (("engineer", PASSWORD + "!"), ("engineer", ""), ("nobody", PASSWORD), ("", "")):
        with pytest.raises(NotAllowed, match="the name or the password is wrong"):
            manned.users.sign_in(name, password)

    assert manned.users.signed_in == "operator"


def test_passwords_are_kept_as_argon2_hashes(manned: Workspace) -> None:
    with manned.database.session() as session:
        hashes = [row[0] for row in session.connection().exec_driver_sql("SELECT hash FROM workspace_user")]

    assert all(each.startswith("$argon2id$") and PASSWORD not in each for each in hashes)
    assert len(set(hashes)) == 3


def test_everybody_may_change_their_own_password(manned: Workspace) -> None:
    manned.users.sign_in("operator", PASSWORD)

    manned.users.set_password("operator", "battery staple")

    assert manned.users.sign_in("operator", "battery staple").role == "operator"
    with pytest.raises(NotAllowed):
        manned.users.set_password("auditor", "battery staple")


def test_there_is_always_an_engineer_as_long_as_there_are_users(store: Workspace) -> None:
    with pytest.raises(StoreError, match="has to be an engineer"):
        store.users.add("Ann", "operator", PASSWORD)
    assert not store.users.exist()
    store.users.add("Eve", "engineer", PASSWORD)
    store.users.sign_in("Eve", PASSWORD)
    store.users.add("Ann", "operator", PASSWORD)
    for change in (lambda: store.users.remove("Eve"), lambda: store.users.set_role("Eve", "auditor")):
        with pytest.raises(StoreError, match="has to be an engineer"):
            change()

    store.users.remove("Ann")
    store.users.remove("Eve")

    store.verdicts.add(1, "anybody", "rejected")


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("Eve", PASSWORD, "there is a user Eve already"),
        (" ", PASSWORD, "no name"),
        (" Ann", PASSWORD, "no name"),
        ("A\nnn", PASSWORD, "no name"),
        ("Ann", "short", "too short; give it 8 signs"),
    ],
)
def test_users_that_cannot_be_are_refused(store: Workspace, name: str, password: str, told: str) -> None:
    store.users.add("Eve", "engineer", PASSWORD)
    store.users.sign_in("Eve", PASSWORD)

    with pytest.raises(StoreError, match=told):
        store.users.add(name, "operator", password)

    assert [user.name for user in store.users.all()] == ["Eve"]


def test_changes_of_users_are_in_the_audit_chain(manned: Workspace) -> None:
    entries = [entry.fields for entry in manned.audit.entries() if entry.kind == "user"]

    assert ['"change":"added as engineer","name":"engineer","operator":""' in entries[0], len(entries)] == [True, 3]
    assert '"operator":"engineer"' in entries[2]
    assert manned.audit.find_problems() == []


def test_the_grants_in_the_documentation_hold_the_roles_on_a_server(
    server: PostgresServer, address: str, tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "postgresql.md").read_text(encoding="utf-8")
    with Workspace(address) as owner:
        fill(owner)
    for account in ("ann", "eve", "kim"):
        server.tell(f"CREATE USER {account}")
    server.tell(page.split("```sql\n")[1].split("```")[0])

    for account, role in {"ann": "operator", "kim": "auditor", "eve": "engineer"}.items():
        with Workspace(server.address(tmp_path / "workspace", user=account)) as store:
            found = try_doors(store, StoreError, leave_out=("prune", "hand-over", "restore", "serve", "users"))
            assert found == {action: role in MAY[action] for action in found}, role
            assert len(found) == len(MAY) - 5
            assert store.audit.find_problems() == []
            store.places.of_rejects()
            for table in ("verdict", "audit", "threshold_change", "recurring_mark", "pool_change"):
                with pytest.raises(StoreError, match="permission denied"), store.database.session() as session:
                    session.execute(text(f"DELETE FROM {table}"))
            if role == "engineer":
                prune(store, plan_pruning(store, keep_runs=1, with_verdicts=True))
                assert [run.id for run in store.runs.all() if run.id < 2] == []


@pytest.mark.sqlite_only  # names are compared here
def test_names_that_read_the_same_are_one(store: Workspace) -> None:
    store.users.add("Jos\u00e9 \u674e", "engineer", "caf\u00e9-horse")

    for name in ("jos\u00e9 \u674e", "Jose\u0301 \u674e", "JOSE\u0301\u00a0\u674e"):
        assert store.users.sign_in(name, "cafe\u0301-horse").name == "Jos\u00e9 \u674e"
        with pytest.raises(StoreError, match=r"already|no name"):
            store.users.add(name, "operator", PASSWORD)
    store.users.add("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "operator", PASSWORD)
    with pytest.raises(StoreError, match="too long"):
        store.users.add("x" * 101, "operator", PASSWORD)
