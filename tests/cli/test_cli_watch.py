"""`inspector watch` on the command line."""

import json
import os
import shlex
import signal
import threading

import pytest
import torch

from inspector.jobs import follow

SMALL = ("--image-size", "64", "--settle", "0", "--idle", "0.1", "--warm-up", "4")


def test_each_verdict_is_a_line_and_the_end_says_how_to_go_on(run, make_photos, folder):
    make_photos(folder, 6, spot=True)

    code, stdout, stderr = run("watch", folder, *SMALL)

    assert code == 0
    *lines, end = stdout.splitlines()
    assert len(lines) == 6
    assert lines[0].startswith(("NG", "OK"))
    assert lines[0].endswith("part_0.png") or " at " in lines[0]
    assert end.startswith("Run 1: 6 parts, ")
    assert end.endswith("--resume` goes on.")
    assert "Parts of the warm-up: 4/4" in stderr
    assert run("watch", folder, *SMALL, "--resume")[1].splitlines() == [end]


def test_a_watch_that_ends_in_its_warm_up_says_that_nothing_was_judged(run, make_photos, folder):
    make_photos(folder, 3)
    code, stdout, _ = run("watch", folder, *SMALL)
    assert code == 0
    assert "0 unreadable; nothing was judged, for fewer parts came than the 4 of the warm-up; --warm-up " in stdout


def test_a_watch_that_is_stopped_before_its_known_good_parts_are_read_speaks_of_no_warm_up(
    run, make_photos, folder, tmp_path, monkeypatch
):
    make_photos(folder, 3)
    make_photos(tmp_path / "golden", 4)

    def press(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(follow.Follower, "_read_all", press)
    code, stdout, _ = run("watch", folder, *SMALL, "--golden", tmp_path / "golden")

    assert code == 0
    assert "0 unreadable; nothing was judged. `inspector watch " in stdout


@pytest.mark.skipif(os.name == "nt", reason="the shell of Windows takes quotes apart in a way of its own")
def test_the_command_that_goes_on_can_be_typed_as_it_is_told(run, make_photos, tmp_path):
    folder = tmp_path / "lot 7; it's"
    folder.mkdir()
    make_photos(folder, 4)

    end = run("watch", folder, *SMALL, "--workspace", tmp_path / "its own")[1].splitlines()[-1]
    command = shlex.split(end.split("`")[1])

    assert command == ["inspector", "watch", str(folder), "--resume", "--workspace", str(tmp_path / "its own")]
    assert run(*command[1:], "--idle", "0.1")[1].splitlines() == [end]


def test_machines_hear_a_json_line_for_each_part(run, make_photos, folder):
    make_photos(folder, 5)
    (folder / "z.png").write_bytes(b"no photo")

    code, stdout, _ = run("watch", folder, *SMALL, "--events", "jsonl")

    events = [json.loads(line) for line in stdout.splitlines()]
    parts = [event["part"] for event in events if event["kind"] == "part"]
    assert (code, len(parts)) == (0, 6)
    assert parts[0].keys() == {
        *("id", "run", "position", "name", "path", "verdict", "score", "threshold", "peak", "time"),
        *("seconds", "reason", "sha256", "cloud", "cloud_sha256", "again"),
    }
    assert (parts[-1]["verdict"], parts[-1]["score"]) == ("unreadable", None)
    assert parts[0]["path"] == str(folder / "part_0.png")
    assert all("part" not in event for event in events if event["kind"] != "part")


def test_preset_is_fast_unless_another_is_named(run, make_photos, folder, store):
    make_photos(folder, 4)
    run("watch", folder, *SMALL)
    run("watch", folder, *SMALL, "--preset", "published")

    published, fast = store.runs.all()
    assert (fast.settings["aggregation"], fast.settings["phases"], fast.settings["windows"]) == ("lnamd-mean", 2, [])
    assert (published.settings["aggregation"], published.settings["phases"]) == ("lnamd", 1)


def test_a_core_is_left_to_decoding(run, make_photos, folder, monkeypatch):
    make_photos(folder, 4)
    found, before = [], torch.get_num_threads()
    take = follow.WatchedRun.report_rest
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    monkeypatch.setattr(torch, "set_num_threads", found.append)
    monkeypatch.setattr(follow.WatchedRun, "report_rest", lambda watched: (found.append("watches"), take(watched)))

    run("watch", folder, *SMALL)

    assert found == [1, "watches", 2]
    monkeypatch.undo()
    assert torch.get_num_threads() == before


def test_ctrl_c_ends_it_cleanly(run, make_photos, folder, store, monkeypatch):
    make_photos(folder, 5)
    take = follow.WatchedRun.report_rest

    def press(watched):
        take(watched)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(follow.WatchedRun, "report_rest", press)

    code, stdout, stderr = run("watch", folder, "--image-size", "64", "--settle", "0", "--warm-up", "4")

    assert (code, stdout.splitlines()[-1][:17]) == (0, "Run 1: 0 parts, 0"), stderr
    assert store.runs.get(1).status == "cancelled"


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("stop", ["SIGINT", "SIGTERM"])
def test_a_stop_ends_all_its_threads_also_where_the_folder_may_only_be_read(
    run, make_photos, folder, monkeypatch, stop
):
    """While the system is listened to, and before a part was judged."""
    make_photos(folder, 3)
    folder.chmod(0o555)

    def press(_):
        assert "looker" in list_threads()
        os.kill(os.getpid(), getattr(signal, stop))

    monkeypatch.setattr(follow.Follower, "_tell_alive", press)

    code, _, stderr = run("watch", folder, *SMALL, "--warm-up", "4")
    folder.chmod(0o755)

    assert code == 0, stderr
    assert "looker" not in list_threads()
    for thread in [each for each in threading.enumerate() if each.name == "notices"]:
        thread.join(10)
    assert "notices" not in list_threads()


def list_threads():
    return {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (("--camera", "500,500,50,50"), 1, "camera (--camera)"),
        (("--tiles", "2"), 1, "tiles (--tiles)"),
        (("--like", "7"), 1, "no run 7"),
        (("--golden", "nowhere"), 1, "nowhere"),
        (("--resume",), 1, "never watched"),
        (("--events", "xml"), 2, "'xml' is not one of 'auto'"),
        (("--warm-up", "1"), 2, "--warm-up"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(run, folder, store, given, code, told):
    folder.mkdir()

    found, _, stderr = run("watch", folder, *given)

    assert found == code
    assert told in stderr
