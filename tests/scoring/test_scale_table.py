import pytest

pytest.importorskip("ray", reason="Ray is not installed: pip install '.[cluster]'")
from benchmarks.ring_schedule import calculate
from benchmarks.scale_table import SETS, Measured, reckon


def test_the_paper_table_multiplies_what_was_measured():
    measured = Measured(read=0.36, pairs=(0.001, 0.001, 0.0016), maps=0.0036, rescored=36, tokens=1000, kept=10)

    row = reckon(10**6, 200, night=8, measured=measured)

    assert (row.read, row.compare) == pytest.approx((100, 100), rel=1e-6)
    assert (row.machines, row.tokens, row.maps, row.rescoring) == pytest.approx((2, 1, 1, 1))
    assert row.wire == pytest.approx(sum(sum(calculate(10**6, 200, patches, 100)[:2]) for patches, _ in SETS) / 1e9)
    assert row.breaks(night=8) == "nothing"
    assert row.breaks(night=0.5).startswith("re-scoring alone takes 1 h")
