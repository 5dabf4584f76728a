"""What the loop of a watched run does with files that cannot be read yet."""

import re
import time
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest

from inspector.data.found_files import Arrival, LookResult, read_stamp
from inspector.data.held_files import HeldFiles
from inspector.data.parts import Part
from inspector.errors import StoreError
from inspector.export.words import Words
from inspector.jobs.follow import Follower
from inspector.jobs.given_parts import Given
from inspector.jobs.outage import Outage
from inspector.jobs.part_results import ReadPart
from inspector.jobs.run_files import take_left
from inspector.jobs.watch_options import WatchOptions


def make_follower(folder, report=lambda _: None, **options):
    run = SimpleNamespace(run_id=1, is_calibrated=False, judged=0, outage=Outage(report))
    notes = []
    keep = partial(keep_notes, notes)
    runs = SimpleNamespace(get=lambda _: SimpleNamespace(ranges={"uint16": (0, 1)}), add_notes=keep, notes=notes)
    workspace = SimpleNamespace(runs=runs, artefacts=SimpleNamespace(run_folder=lambda _: folder / "run"))
    line = SimpleNamespace(tokens=SimpleNamespace(modality="2d+3d"))
    return Follower(folder, WatchOptions(**options), workspace, report, line, run)


def keep_notes(notes, run_id, new, *, instead):
    notes[:] = [*(note for note in notes if note not in instead), *new]


def came(folder, name, at=None, kind="photo"):
    path = folder / name
    path.write_bytes(b"half")
    return Arrival(name, path, read_stamp(path), time.monotonic() if at is None else at, kind)


def make_pair(folder):
    return replace(came(folder, "a.png"), cloud=came(folder, "a.ply", kind="cloud"))


def test_doubted_parts_are_read_again_in_their_order_and_none_is_lost(tmp_path, monkeypatch):
    """Time passes while they are gone through."""
    follower = make_follower(tmp_path, settle=1)
    follower._doubted = [came(tmp_path, name, 0) for name in ("a.png", "b.png")]
    clock = iter([5.0, 5.5, 6.5, 7.0])
    monkeypatch.setattr("inspector.jobs.follow.time", SimpleNamespace(monotonic=lambda: next(clock)))

    for _ in range(2):
        follower._advance(None, lambda: None)

    assert ([part.name for part in follower._waiting], follower._doubted) == (["a.png", "b.png"], [])


def test_half_that_is_written_anew_is_joined_at_once(tmp_path):
    """Else it would be judged alone where the wait for partners is shorter."""
    follower, pair = make_follower(tmp_path), make_pair(tmp_path)
    follower._doubted = [pair]
    pair.path.write_bytes(b"half and half")
    again = replace(pair, stamp=read_stamp(pair.path), cloud=None)

    follower._take_found(LookResult([again]))

    (part,) = follower._waiting
    assert ([file.name for file in part.files], part.stamp) == (["a.png", "a.ply"], again.stamp)
    assert follower._doubted == []


@pytest.mark.parametrize(
    ("part", "doubtful"),
    [
        (Part(0, problem="no TIFF", note="it has no colours; scored by its photo alone: no TIFF"), True),
        (Part(0, reason="no PNG"), True),
        (Part(0, note="scored by its looks"), False),
    ],
)
def test_half_a_part_is_doubted_whatever_is_said_of_it(tmp_path, part, doubtful):
    follower = make_follower(tmp_path, settle=1e9)
    pair = make_pair(tmp_path)

    assert follower._is_doubtful(ReadPart(pair, part)) == doubtful
    assert follower._is_doubtful(ReadPart(replace(pair, cloud=None), part)) == bool(part.reason)


def test_parts_of_the_warm_up_are_called_damaged_only_when_they_were_given_time(tmp_path):
    told = []
    follower = make_follower(tmp_path, told.append, settle=1e9, warm_up=2)
    follower._read = lambda arrival: ReadPart(arrival, Part(0, reason="no PNG"))
    follower._waiting.extend(came(tmp_path, name) for name in ("a.png", "b.png"))

    follower._advance(None, lambda: None)
    before = list(told)
    follower._options = replace(follower._options, settle=0)
    follower._advance(None, lambda: None)

    assert before == []
    assert [event.message for event in told] == ["a.png: no PNG", "b.png: no PNG"]


@pytest.mark.parametrize(("age", "kept"), [(0, False), (100, True)])
def test_part_whose_file_was_overwritten_before_it_was_read_is_kept_as_unreadable(tmp_path, age, kept):
    """What changes soon after it was complete is still being written."""
    told = []
    follower = make_follower(tmp_path, told.append, settle=0)
    arrival = came(tmp_path, "a.png", time.monotonic() - age)
    arrival.path.write_bytes(b"another part")

    read = follower._sift(ReadPart(arrival, Part(0), is_stale=True))

    assert (read.part.reason if read else "").startswith("its file was overwritten") == kept
    assert [event.message for event in told] == (
        [] if kept else ["a.png changed while it was read: it is judged when it is complete"]
    )


def test_copy_of_an_overwritten_photo_is_judged_after_the_program_was_stopped(tmp_path):
    workspace = SimpleNamespace(watches=SimpleNamespace(judged=lambda *_: []))
    folder = tmp_path / "folder"
    folder.mkdir()
    held = HeldFiles(folder, tmp_path / "held")
    for name in ("lost.png", "here.png"):
        arrival = came(folder, name)
        held.hold(name, arrival.stamp, again=True)
    (folder / "lost.png").write_bytes(b"another part")

    taken = take_left(HeldFiles(folder, tmp_path / "held"), workspace, 1)

    assert [(each.name, each.kind, each.source.read_bytes()) for each in taken] == [("lost.png", "photo", b"half")]
    assert [file.name for file in (tmp_path / "held").rglob("*.png")] == ["lost.png"]


def test_a_share_that_fails_while_copies_are_taken_up_is_told_and_none_is_forgotten(tmp_path, failing):
    held = HeldFiles(tmp_path / "folder", tmp_path / "held")
    (tmp_path / "folder").mkdir()
    copy = held.hold("a.png", came(tmp_path / "folder", "a.png").stamp, again=True)
    assert copy == tmp_path / "held" / "1" / "a.png"

    failing.add(copy)
    with pytest.raises(StoreError, match=r"held/1/a\.png cannot be read: Input/output error"):
        take_left(HeldFiles(tmp_path / "folder", tmp_path / "held"), None, 1)

    assert copy.read_bytes() == b"half"


def test_file_that_was_judged_is_left_out_and_a_full_disk_under_copies_is_told(tmp_path):
    told = []
    follower = make_follower(tmp_path, told.append)
    new, back = came(tmp_path, "new.png"), came(tmp_path, "back.png")
    judged = ("gone/back.png", tuple(back.stamp))
    follower._workspace.watches = SimpleNamespace(judged=lambda *_: [judged])
    follower._held.trouble = "held: No space left on device"

    follower._take_found(LookResult([new, back], places={"new.png": None, "back.png": None}))

    assert (len(follower._partners), len(follower._waiting)) == (1, 0)
    assert [event.stage for event in told] == ["held", "warm-up"]


@pytest.fixture
def follow(tmp_path, monkeypatch):
    """Have a line in its warm-up follow what looks find, one each second; return it and the second of its end."""
    return partial(follow_looks, tmp_path, monkeypatch)


def follow_looks(folder, monkeypatch, found, **options):
    follower = make_follower(folder, warm_up=20, **options)
    follower._run.report_rest, follower._run.keeper = (lambda: None), SimpleNamespace(follow_store=lambda: None)
    follower._begin_to_look, follower._partners.modality = (lambda: None), "2d"
    clock = SimpleNamespace(now=0.0, monotonic=lambda: clock.now)
    monkeypatch.setattr("inspector.jobs.follow.time", clock)
    looks = iter(found)

    class Looks:
        def __init__(self, _):
            self.news = SimpleNamespace(wait=lambda _: None, clear=lambda: None, set=lambda: None)
            self.begun = None

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def take(self):
            clock.now += 1
            return [next(looks, LookResult())]

    monkeypatch.setattr("inspector.jobs.follow.Looker", Looks)
    follower.follow(Given([]), lambda: None)
    return follower, clock.now


def test_line_does_not_end_by_idle_in_its_warm_up_while_parts_come(tmp_path, follow):
    follower, end = follow([LookResult([came(tmp_path, f"{second}.png")]) for second in range(10)], idle=5)

    assert (len(follower._waiting), end) == (10, 16)


@pytest.mark.parametrize(("idle", "totals"), [(2, [1, 2, 3]), (20, [1, 2, 3])])
def test_all_files_that_were_overwritten_unseen_are_told_when_the_line_pauses_or_ends(follow, idle, totals):
    told = []

    follower, _ = follow([LookResult(missed={"a.png": 1})] * 3, report=told.append, idle=idle)

    assert [event.total for event in told if event.stage == "missed"] == totals
    (note,) = follower._workspace.runs.notes  # of 3, in the place of those of fewer
    assert re.fullmatch(r"watched since 20..-..-.. ..:..:..: files that were .*: 3, the last one as a.png; .*", note)


def test_clock_that_is_set_back_is_told_and_noted_but_not_a_computer_that_slept(follow, monkeypatch):
    told, wall = [], iter([5000.0, 5000.0, 4000.0, 3997.0, 3994.0, 9000.0])
    clock = SimpleNamespace(time=lambda: next(wall, 9000.0), monotonic=lambda: 0.0)
    monkeypatch.setattr("inspector.jobs.clock_news.time", clock)

    follower, _ = follow([LookResult()] * 5, report=told.append, idle=6)

    sentences = [event.message for event in told if event.kind == "warning"]
    assert [re.findall(r"set back by (.+) to 1970-.+:", sentence) for sentence in sentences] == [["17 min"], ["6 s"]]
    assert follower._workspace.runs.notes == sentences
    assert Words("de").sentence(sentences[0]).startswith("die Uhr dieser Station wurde um 17 min auf 1970-")
