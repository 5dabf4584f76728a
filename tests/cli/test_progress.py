from inspector.cli import progress
from inspector.events import Event
from inspector.store.run_facts import make_event


def test_each_scan_of_several_has_its_own_clock(monkeypatch, capsys):
    moments = iter([0.0, 10.0, 100.0, 103.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(moments))

    with progress.reporting("auto") as report:
        for done in (0, 2, 0, 2):
            report(Event("progress", "read", done, 2))

    assert capsys.readouterr().err.splitlines() == ["Reading photos: 2/2, 10.0 s", "Reading photos: 2/2, 3.0 s"]


def test_bars_begin_anew_for_each_scan(monkeypatch, capsys):
    with progress._bars() as report:
        for event in (Event("progress", "read", done, total) for done, total in ((0, 3), (3, 3), (0, 5), (4, 5))):
            report(event)
        report(Event("progress", "evaluate", 1, 2, "nut"))

    assert "4/5" in capsys.readouterr().err


def test_facts_are_told_and_are_no_warnings(capsys):
    with progress.reporting("auto") as report:
        report(make_event("parts lie alike: what is unusual at its place is 25% of the score of a patch", "score"))

    assert capsys.readouterr().err.startswith("parts lie alike: ")


def test_warnings_tell_settings_with_their_flag(capsys):
    with progress.reporting("auto") as report:
        report(Event("warning", "read", message="choose a smaller `image_size`"))

    assert capsys.readouterr().err == "warning: choose a smaller image_size (--image-size)\n"
