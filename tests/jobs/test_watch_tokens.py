"""Features of the pool that cannot be read are made anew from the photo; without it the part judges no more."""

import shutil

import pytest

from inspector.errors import StoreError
from inspector.export.words import Words
from inspector.jobs.line import Line
from inspector.jobs.watch import watch
from tests.watching import OPTIONS, SETTINGS, expect_parts, follow, warnings


@pytest.fixture
def judged(parts, drop, folder, store):
    """A run of seven parts, and the tokens of its pool's members, in their order."""
    drop(parts["good"][:7])
    run_id, _, _ = follow(folder, store)
    return run_id, find_members(store, run_id)


def find_members(store, run_id):
    arrived = dict(enumerate(arrived for _, arrived in store.watches.arrived(run_id)))
    (kept,) = (store.artefacts.run_folder(run_id) / "pool").iterdir()
    members = store.watches.get(run_id).pool["members"]
    return [(position, kept / f"{arrived[position].content}.safetensors") for position in members]


def name_photo(position):
    return f"{position:02d}_part_{position}.png"


def test_line_that_goes_on_makes_unreadable_features_anew_or_does_without_the_part(judged, parts, drop, folder, store):
    run_id, [(cut, cut_tokens), (gone, gone_tokens), (replaced, replaced_tokens), *others] = judged
    before = cut_tokens.read_bytes()
    cut_tokens.write_bytes(before[:-100])
    gone_tokens.unlink()
    (folder / name_photo(gone)).unlink()
    replaced_tokens.unlink()
    (folder / name_photo(replaced)).write_bytes(parts["bad"].read_bytes())

    _, _, events = follow(folder, store, resume=True)
    drop(parts["good"][7:8], "more_{}")
    follow(folder, store, resume=True)

    told = [
        f"features of parts that judge could not be read, and were made anew: {name_photo(cut)}",
        f"{name_photo(gone)} judges no more: its features cannot be read, and "
        f"{folder / name_photo(gone)} is not there any more",
        f"{name_photo(replaced)} judges no more: its features cannot be read, and "
        f"{folder / name_photo(replaced)} is not what was judged any more",
    ]
    assert warnings(events)[:3] == told
    german = [Words("de").sentence(sentence) for sentence in told]
    assert all("Merkmale" in sentence for sentence in german)
    assert german[1].endswith(f"{name_photo(gone)} ist nicht mehr da")
    assert len(cut_tokens.read_bytes()) == len(before)
    members = store.watches.get(run_id).pool["members"]
    assert [cut, *(position for position, _ in others)] == members[: len(others) + 1]


def test_line_without_a_readable_part_that_judges_ends(judged, folder, store):
    _, members = judged
    for position, tokens in members:
        tokens.unlink()
        (folder / name_photo(position)).unlink()

    with pytest.raises(StoreError, match=r"tokens of the pool of run 1 are missing or damaged; watch anew"):
        follow(folder, store, resume=True)


def test_line_that_goes_on_where_nothing_is_mounted_says_so_once(judged, folder, store):
    """It said of each part that its photo was not there any more, and then that features were damaged."""
    _, members = judged
    for path in (*folder.iterdir(), *(tokens for _, tokens in members)):
        path.unlink()
    events = []

    with pytest.raises(StoreError, match=r"with their photos is empty, as where a share") as told:
        watch(folder, SETTINGS, OPTIONS, store, events.append, resume=True)

    assert [told for told in warnings(events) if "judges no more" in told] == []
    assert "ist leer, etwa weil ein Netzlaufwerk" in Words("de").sentence(str(told.value))


@pytest.mark.parametrize("photo_is_there", [True, False])
def test_features_that_go_while_the_line_runs_do_not_end_it(parts, drop, folder, store, monkeypatch, photo_is_there):
    """Cut, they ended it by an error of the library; deleted, by one of ours."""
    drop(parts["good"][:6])
    expect_parts(monkeypatch, 8)
    verdicts, events, hurt = [], [], []

    def take(verdict):
        verdicts.append(verdict)
        if verdict.position == 5:
            (position, tokens), (_, others), *_ = find_members(store, verdict.run)
            tokens.write_bytes(b"cut off") if photo_is_there else tokens.unlink()
            others.unlink()
            if not photo_is_there:
                (folder / name_photo(position)).unlink()
            hurt.append(position)
            drop([parts["good"][6], parts["bad"]], "more_{}")

    watch(folder, SETTINGS, OPTIONS, store, events.append, take)

    assert [verdict.verdict for verdict in verdicts[6:]] == ["ok", "ng"]
    (told, *_) = [event.message for event in events if event.stage == "pool" and name_photo(hurt[0]) in event.message]
    assert ("were made anew" in told, "judges no more" in told) == (photo_is_there, not photo_is_there)
    assert (hurt[0] in store.watches.get(1).pool["members"]) == photo_is_there


@pytest.fixture
def before_score(monkeypatch):
    """Have something done once, when the first part is about to be scored by the pool."""

    def prepare(act):
        due, score = [act], Line.score

        def score_then(line, part, contents):
            while due:
                due.pop()()
            return score(line, part, contents)

        monkeypatch.setattr(Line, "score", score_then)

    return prepare


def test_nobody_is_let_go_of_while_the_photos_are_away_with_their_folder(
    parts, drop, folder, store, monkeypatch, before_score
):
    """As where both lie on a share: a moment without it ended the line, and lost its pool."""
    drop(parts["good"][:7])
    expect_parts(monkeypatch, 7)
    monkeypatch.setattr("inspector.jobs.outage.PAUSE", 0.0)
    away, events, members = [], [], []

    def lose():
        members.extend(store.watches.get(1).pool["members"])
        for place in (folder, store.artefacts.run_folder(1) / "pool"):
            away.append((place, place.rename(place.with_name(f"{place.name} away"))))

    def report(event):
        events.append(event)
        while event.stage == "store" and away:
            place, aside = away.pop()
            aside.rename(place)

    before_score(lose)
    watch(folder, SETTINGS, OPTIONS, store, report)

    (told,) = [event.message for event in events if event.stage == "store"]
    away_with = f"features of parts that judge cannot be read, and their photos are away with {folder.resolve()}"
    assert f": {away_with}; parts that come are judged when" in told
    assert "Merkmale von Vergleichsteilen sind nicht lesbar" in Words("de").sentence(told)
    assert not [event for event in events if event.stage == "pool"]
    assert set(members) <= set(store.watches.get(1).pool["members"])


def test_features_of_all_parts_that_go_with_their_folder_are_made_anew_that_of_the_new_one_too(
    parts, drop, folder, store, monkeypatch, before_score
):
    drop(parts["good"][:7])
    expect_parts(monkeypatch, 7)
    events = []

    before_score(lambda: shutil.rmtree(store.artefacts.run_folder(1) / "pool"))
    watch(folder, SETTINGS, OPTIONS, store, events.append)

    (told,) = [event.message for event in events if event.stage == "pool"]
    assert told.endswith(f"made anew: {', '.join(map(name_photo, range(3)))} and 3 more")
    assert Words("de").sentence(told).endswith("und 3 weitere")
    assert store.runs.get(1).samples == 7
