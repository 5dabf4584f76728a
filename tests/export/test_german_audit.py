"""What the doctor finds of a tampered audit chain is told in German, whatever was tampered with."""

import re
from collections.abc import Callable

import pytest

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.export.words import Words
from inspector.settings import ScanSettings
from inspector.store.audited_rows import NAMES
from inspector.store.records import RunResult, SampleResult
from inspector.store.workspace import Workspace

ENGLISH = re.compile(r"\b(is|was|of|the|by|run|but|missing|changed|inserted|entry|entries|change|verdict|part of)\b")


def make_decided(store: Workspace) -> None:
    """A run with two verdicts, a moved threshold and a typed part: entries 1 to 4."""
    samples = tuple(Sample(f"{name}.png", image=store.folder / f"{name}.png") for name in "ab")
    run_id = store.runs.create(Batch(store.folder, samples), ScanSettings())
    results = [SampleResult(i, 0.5 + i, None, 0.5 + i, False) for i in range(2)]
    store.runs.finish(run_id, results, RunResult(Calibration(0.4, False, 0.0, 1.0, 0.0, 1.0)))
    first, second = store.runs.samples(run_id)
    store.verdicts.add(first.id, "Ada", "rejected", "dent")
    store.verdicts.add(second.id, "Bob", "accepted")
    store.runs.set_threshold(run_id, 0.75, 0.5, "Ada")
    store.runs.keep_identity(run_id, 0, {"part": "0012"}, "Ada")


@pytest.mark.parametrize(
    ("statement", "german"),
    [
        (
            "UPDATE verdict SET new = 'accepted', comment = '' WHERE id = 1",
            "Urteil 1 (Lauf 1, a.png, von 'Ada') wurde geändert: new ist 'accepted', war aber 'rejected'; "
            "comment ist '', war aber 'dent'",
        ),
        (
            "UPDATE verdict SET comment = 'it is old (left) and was fine' WHERE id = 1",
            "Urteil 1 (Lauf 1, a.png, von 'Ada') wurde geändert: comment ist 'it is old (left) and was fine', "
            "war aber 'dent'",
        ),
        ("DELETE FROM verdict WHERE id = 2", "Urteil 2 (Lauf 1, b.png, von 'Bob') fehlt"),
        ("DELETE FROM audit WHERE id = 2", "Eintrag 2 der Prüfkette fehlt"),
        ("DELETE FROM audit WHERE id IN (1, 2)", "Die Einträge 1 bis 2 der Prüfkette fehlen"),
        ("DELETE FROM audit WHERE id = 4 OR id = 3", "Verstellung der Schwelle 1 (Lauf 1, von 'Ada') wurde eingefügt"),
        ("UPDATE audit SET fields = '{}' WHERE id = 3", "Eintrag 3 der Prüfkette wurde geändert: Seine Prüfsumme"),
        ("UPDATE audit SET previous = 'x' WHERE id = 3", "Eintrag 3 der Prüfkette passt nicht zum vorigen"),
        ("UPDATE sample SET flagged = 0", "Ob b.png aus Lauf 1 auffällig ist, folgt nicht aus Wert und Schwelle"),
        (
            "UPDATE sample SET final = 9, flagged = 1",
            "Der Endwert von a.png (und von 1 weiteren) aus Lauf 1 ist nicht der gefundene",
        ),
        (
            "UPDATE sample SET final = 9, raw_score = 9 WHERE id = 2",
            "Der Wert von b.png aus Lauf 1 wurde geändert: er ist 9,0, war aber 1,5, als 'Bob' entschied",
        ),
        (
            "DELETE FROM run",
            "Lauf 1 fehlt und wurde nicht durch Aufräumen entfernt; Einträge der Prüfkette, die",
        ),
        ("UPDATE sample SET identity = '{}' WHERE id = 1", "Teil zum Foto 1 (Lauf 1, a.png, von 'Ada') wurde geändert"),
    ],
)
def test_a_tampered_chain_is_told_in_german(
    store: Workspace, change: Callable[..., None], statement: str, german: str
) -> None:
    make_decided(store)
    assert store.audit.find_problems() == []

    change(store, statement)

    told = [Words("de").sentence(problem) for problem in store.audit.find_problems()]
    assert any(each.lower().startswith(german.lower()) for each in told), told
    assert [each for each in told if ENGLISH.search(re.sub(r"\'.*?\'", "", each))] == []


@pytest.mark.parametrize("name", NAMES.values())
@pytest.mark.parametrize("what", ["is missing", "was inserted: the audit chain knows nothing of it"])
def test_every_kind_of_row_has_its_german(name: str, what: str) -> None:
    told = Words("de").sentence(f"{name} 3 (run 1, a (2).png, by 'Ada (line 2)') {what}")
    assert "3 (Lauf 1, a (2).png, von 'Ada (line 2)') " in told
    assert told.split(") ")[-1] in ("fehlt", "wurde eingefügt: Die Prüfkette weiß davon nichts")
