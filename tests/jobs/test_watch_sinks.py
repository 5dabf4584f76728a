"""What a watched line sends: each result once, also after the program was stopped, and where moved photos lie then."""

import hashlib
import json
import time
from functools import partialmethod

import pytest

from inspector.data.found_files import Arrival, read_stamp
from inspector.data.parts import Part
from inspector.decision.calibration import Calibration
from inspector.errors import SettingsError
from inspector.jobs.drift import Drift
from inspector.jobs.follow import LOST
from inspector.jobs.part_results import ReadPart, make_new_result
from inspector.jobs.watched_run import _describe
from inspector.sinks.register import make_sink, make_sinks
from inspector.sinks.sending import Sending
from inspector.sinks.sink import RefusedError, Sink, SinkError
from tests.watching import follow


def results(folder):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("[!.]*.json"))]


def test_each_part_is_written_and_moved_once(make_photos, folder, store, tmp_path):
    photos = make_photos(folder, 8, spot=True)
    digests = [hashlib.sha256(photo.read_bytes()).hexdigest() for photo in photos]
    sinks = make_sinks([f"file:{tmp_path / 'results'}", f"move:{tmp_path / 'judged'}"])

    run_id, verdicts, _ = follow(folder, store, sinks=sinks)

    sent = results(tmp_path / "results")
    assert [each["name"] for each in sent] == [verdict.name for verdict in verdicts]
    assert [each["verdict"] for each in sent] == [verdict.verdict for verdict in verdicts]
    assert [each["score"] for each in sent] == [verdict.score for verdict in verdicts]
    assert [each["sha256"] for each in sent] == digests
    assert not any(photo.exists() for photo in photos)
    kept = store.runs.samples(run_id)
    assert len(kept) == 8
    for row, verdict in zip(kept, verdicts, strict=True):
        assert row.image == str(tmp_path / "judged" / verdict.verdict / verdict.name)
        assert store.artefacts.picture_of(row).exists()

    follow(folder, store, resume=True, sinks=make_sinks([f"file:{tmp_path / 'results'}"]))
    assert len(results(tmp_path / "results")) == 8


def test_what_a_sink_did_not_take_is_sent_when_the_run_goes_on(make_photos, folder, store, monkeypatch):
    taken = []

    class Gone(Sink):
        def take(self, result):
            raise SinkError("nobody is there")

    class There(Sink):
        def take(self, result):
            taken.append(result.position)

    monkeypatch.setattr(Sending, "close", partialmethod(Sending.close, 0.1))
    make_photos(folder, 7)
    _, _, events = follow(folder, store, sinks=[Gone("plant:1")])
    told = [event.message for event in events if event.kind == "warning"]
    assert any("nobody is there" in message for message in told)
    assert any("7 results wait" in message for message in told)

    follow(folder, store, resume=True, sinks=[There("plant:1")])

    assert taken == list(range(7))


def test_judged_photos_are_not_moved_to_where_they_arrive(make_photos, folder, store):
    make_photos(folder, 2)

    with pytest.raises(SettingsError, match="would be judged again"):
        follow(folder, store, sinks=make_sinks([f"move:{folder / 'done'}"]))

    assert store.runs.all() == []


def test_photo_that_came_in_place_of_an_unreadable_one_is_not_moved_for_it(folder, tmp_path):
    """The next photo of a camera that writes all under one name was moved to `unreadable`, and judged by nobody."""
    folder.mkdir()
    (folder / "current.png").write_bytes(b"one")
    arrival = Arrival("current.png", folder / "current.png", read_stamp(folder / "current.png"), time.monotonic())
    unreadable = ReadPart(arrival, Part(0, reason=LOST))
    calibration = Calibration(0.5, True, 0.0, 1.0, 0.0, 1.0)
    mover = make_sink(f"move:{tmp_path / 'judged'}")
    (folder / "current.png").write_bytes(b"the next one")

    new = _describe(0, unreadable, None, ("current.png", None), calibration, Drift(0.0))

    with pytest.raises(RefusedError, match="another file has the name"):
        mover.take(make_new_result(1, new))
