import numpy as np

from benchmarks import accepted
from benchmarks.leave_out import Result


class Parts:
    name, labels = "parts", np.array([False, True])


def test_of_sets_without_masks_the_mean_has_no_pixels_and_nothing_warns(monkeypatch, capsys):
    scores = np.array([0.0, 1.0])
    result = Result(Parts.labels, scores, scores, float("nan"), None)
    monkeypatch.setattr(accepted, "score", lambda *_: result)

    accepted.print_good([(Parts, [])])

    assert capsys.readouterr().out.splitlines()[-1] == "| mean of 1 | 100.0 100.0 - | 100.0 100.0 - |"
