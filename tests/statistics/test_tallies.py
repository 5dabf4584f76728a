from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from inspector.decision.calibration import Calibration
from inspector.statistics.counts import Counts, add_up
from inspector.statistics.words import StatisticsWords
from inspector.store.carried import Carried, carry_verdicts
from inspector.store.parts import number_parts
from inspector.store.records import SampleResult
from inspector.store.tables import ArrivalRow
from inspector.store.workspace import Workspace
from tests.statistics.conftest import NOON, MakeRun, save_spots


def test_program_and_operator_are_counted_against_each_other(store: Workspace, make_run: MakeRun) -> None:
    make_run(
        [True, True, True, False, False, False],
        {0: "rejected", 1: "accepted", 3: "rejected", 4: "accepted"},
        unreadable=2,
    )

    counts = add_up(store.tallies.count())

    assert counts == Counts(1, 1, 1, 1, 1, 1, unreadable=2)
    assert (counts.parts, counts.flagged, counts.reviewed, counts.rejected) == (6, 3, 4, 3)
    assert (counts.good_share, counts.agreement, counts.false_alarms, counts.missed) == (0.5, 0.5, 0.5, 0.5)


def test_verdicts_carried_over_make_rejects_and_no_agreement(store: Workspace, make_run: MakeRun) -> None:
    """They were there before the program decided: neither agreement nor what it missed follows from them."""
    make_run([True] * 5, {0: "rejected", 1: "accepted", 2: "rejected", 3: "accepted"})
    run_id = make_run([True, True, False, False, False], {4: "rejected"})
    with store.database.session(durable=True) as session:
        carry_verdicts(session, run_id, Carried(1, [1, 3], [0, 2, 4]))

    tallies = [tally for tally in store.tallies.count() if tally.facts.run_id == run_id]

    counts = add_up(tallies)
    assert counts == Counts(
        passed_rejected=1,
        flagged_carried_rejected=1,
        flagged_carried_accepted=1,
        passed_carried_rejected=1,
        passed_carried_accepted=1,
    )
    assert (counts.parts, counts.flagged, counts.reviewed, counts.rejected) == (5, 2, 1, 3)
    assert (counts.agreement, counts.false_alarms, counts.missed) == (0.0, None, 1.0)
    assert StatisticsWords().list_agreement(counts)[0][3:] == ["no verdict", "carried over", "Sum"]
    first = store.runs.samples(run_id)[0].id
    store.verdicts.add(first, "Tom", "accepted")
    store.verdicts.add(first, "Tom", "rejected", kind="undo")  # what was carried over stands again
    assert add_up(tally for tally in store.tallies.count() if tally.facts.run_id == run_id) == counts


def test_the_verdict_that_stands_is_counted(store: Workspace, make_run: MakeRun) -> None:
    run_id = make_run([True, True], {0: "rejected", 1: "rejected"})
    first, second = (sample.id for sample in store.runs.samples(run_id))
    store.verdicts.add(first, "Tom", "accepted")
    store.verdicts.add(second, "Tom", "undecided")

    tallies = store.tallies.count()

    assert add_up(tallies) == Counts(flagged_accepted=1, flagged_open=1)
    assert {tally.facts.operator for tally in tallies} == {"Tom"}


def test_nothing_gives_no_rates(store: Workspace) -> None:
    counts = add_up(store.tallies.count())

    assert counts == Counts()
    assert (counts.good_share, counts.reject_rate, counts.agreement, counts.false_alarms, counts.missed) == (None,) * 5


def test_a_span_of_time_takes_its_beginning_and_not_its_end(store: Workspace, make_run: MakeRun) -> None:
    for day in range(3):
        make_run([False] * (day + 1), time=NOON + timedelta(days=day))

    counted = store.tallies.count(NOON + timedelta(days=1), NOON + timedelta(days=2))

    assert [tally.count for tally in counted] == [2]


def test_parts_of_a_watched_run_have_the_time_at_which_they_arrived_and_given_ones_do_not_count(
    store: Workspace, make_run: MakeRun
) -> None:
    run_id = make_run([False, True, False])
    came = datetime(2026, 5, 2, 3, 4, 5)
    with store.database.session() as session:
        row = {"run_id": run_id, "file": "a", "size": 1, "mtime_ns": 1, "content": "", "time": came, "seconds": 0.1}
        session.execute(
            insert(ArrivalRow), [{**row, "position": 0, "given": True}, {**row, "position": 1, "given": False}]
        )

    tallies = store.tallies.count()

    assert [(tally.facts.time, tally.facts.flagged) for tally in tallies] == [
        (NOON, False),
        (datetime(2026, 5, 2, 3, 4, tzinfo=UTC), True),
    ]


def test_runs_that_were_stopped_count_for_nothing(store: Workspace, make_run: MakeRun) -> None:
    run_id = make_run([], unreadable=2)
    assert add_up(store.tallies.count()).unreadable == 2

    store.runs.end(run_id, "cancelled", "stopped")

    assert store.tallies.count() == []


def test_regions_of_rejects_are_found_once_and_again_where_the_threshold_moved(
    store: Workspace, make_run: MakeRun
) -> None:
    run_id = make_run([True, True, True, False, False], {1: "accepted", 3: "rejected"})
    for position in range(5):
        save_spots(store, run_id, position, (0, 0), (12, 4))

    found = store.places.of_rejects()

    assert [sorted(place.centres) for place in found] == [[(0.0312, 0.0312), (0.7812, 0.2812)]] * 3
    store.artefacts.map_path(run_id, 0).unlink()
    assert store.places.of_rejects() == found
    store.runs.set_threshold(run_id, 0.5, 2.0)
    assert [list(place.centres) for place in store.places.of_rejects()] == [[], [], []]


def test_regions_are_found_again_where_maps_and_scores_followed_a_mark(store: Workspace, make_run: MakeRun) -> None:
    run_id = make_run([True])
    save_spots(store, run_id, 0, (0, 0))
    before = store.places.of_rejects()
    save_spots(store, run_id, 0, (12, 4))
    learnt = Calibration(0.5, True, 0.0, 1.0, 0.5, 1.0)

    store.runs.judge_again(run_id, [SampleResult(0, 1.0, None, 1.0, True)], learnt, {}, "Mia", expected=0.5)

    assert [place.centres for place in before] == [[(0.0312, 0.0312)]]
    assert [place.centres for place in store.places.of_rejects()] == [[(0.7812, 0.2812)]]


def test_the_typical_part_is_the_median_of_those_not_flagged(store: Workspace, make_run: MakeRun) -> None:
    run_id = make_run([False, False, True, False])

    typical = store.tallies.find_typical(run_id)

    assert typical is not None
    assert typical.position == 1
    assert store.tallies.find_typical(make_run([True])) is None


def test_product_lot_station_and_class_are_known(store: Workspace, make_run: MakeRun) -> None:
    here, there = {"lot": "7", "station": "left"}, {"lot": "8"}
    make_run([True, False], {0: "rejected"}, product="flange", identities=[here, there], classes={0: "dent"})

    facts = [tally.facts for tally in store.tallies.count()]

    assert sorted((one.product, one.lot, one.station, one.defect) for one in facts) == [
        ("flange", "7", "left", "dent"),
        ("flange", "8", "", ""),
    ]


@pytest.mark.parametrize(
    ("flagged", "verdicts", "expected"),
    [
        ([False, True], {}, Counts(flagged_open=1)),
        ([True, False], {0: "accepted"}, Counts(flagged_accepted=1)),
        ([True, False], {0: "accepted", 1: "rejected"}, Counts(passed_rejected=1)),
        ([False, False], {0: "accepted"}, Counts(passed_open=1)),
        ([False, False], {0: "accepted", 1: "accepted"}, Counts(passed_accepted=1)),
    ],
)
def test_views_of_one_part_count_once_as_the_worst_of_them(
    store: Workspace, make_run: MakeRun, flagged: list[bool], verdicts: dict[int, str], expected: Counts
) -> None:
    make_run(flagged, verdicts, identities=[{"part": "12"}] * 2)

    assert add_up(store.tallies.count()) == expected


def test_parts_of_one_name_in_two_runs_are_two_and_a_part_named_like_a_number_is_no_other_sample(
    store: Workspace, make_run: MakeRun
) -> None:
    make_run([False, False, False], identities=[{"part": "2"}, {}, {"part": ""}])
    make_run([False], identities=[{"part": "2"}])

    assert add_up(store.tallies.count()).parts == 4


def test_parts_are_told_apart_as_the_review_does(store: Workspace, make_run: MakeRun) -> None:
    seven = {"part": "7", "lot": "A"}
    known = [seven, seven, {"part": "7", "lot": "B"}, {"part": "7"}, {"part": "7", "lot": ""}, {}, {"lot": "A"}, seven]
    run_id = make_run([True, False, False, False, False, False, False], unreadable=1, identities=known)

    tallies = store.tallies.count()

    assert sum(tally.count for tally in tallies) == len(set(number_parts(store.runs.samples(run_id)))) == 6
    assert add_up(tallies) == Counts(flagged_open=1, passed_open=4, unreadable=1)


def test_a_verdict_that_stands_again_is_counted_for_who_gave_it(store: Workspace, make_run: MakeRun) -> None:
    run_id = make_run([True, True, True], {0: "rejected"})
    first, second, _ = (sample.id for sample in store.runs.samples(run_id))
    store.verdicts.add(first, "Tom", "accepted")
    store.verdicts.add(first, "Tom", "rejected", kind="undo")
    store.verdicts.add(second, "Tom", "accepted")
    store.verdicts.add(second, "Tom", "undecided", kind="undo")

    facts = {tally.facts.verdict: (tally.facts.operator, tally.count) for tally in store.tallies.count()}

    given = store.verdicts.of_run(run_id)[0].operator
    assert given != "Tom"
    assert facts == {"rejected": (given, 1), "undecided": ("", 2)}
