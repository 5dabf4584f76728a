"""Parts that come one by one, seen at several sizes: each on the scale of the first parts at its size."""

import zlib

import numpy as np
import pytest

from inspector.data.layouts import read_batch
from inspector.data.parts import PartReader
from inspector.jobs.line import Line, check_settings
from inspector.jobs.line_tokens import LineTokens
from inspector.jobs.scan import scan
from tests.watching import SETTINGS, follow

SIZES = SETTINGS.changed(
    more_sizes=(96,), layers=(2, 3), aggregation="lnamd-joined", phases=2, search_radius=2, part_box="auto"
)


@pytest.mark.parametrize("change", [{}, {"alignment": "corners", "phases": 1}])
def test_part_that_all_others_judge_scores_as_in_a_batch(make_photos, store, tmp_path, change):
    settings = check_settings(SIZES.changed(modality="2d", **change))
    make_photos(tmp_path / "batch", 6, spot=True)
    batch = read_batch(tmp_path / "batch")
    raw = [row.raw_score for row in store.runs.samples(scan(batch, settings, store))]
    line = Line(settings, tmp_path / "pool")
    options = {"resize": line.tokens.images.resize, "more_sides": line.tokens.more_sides}
    reader = PartReader("2d", 64, "off", **options)
    parts = [reader.read(place, sample) for place, sample in enumerate(batch.samples)]
    line.tokens.keep_tokens(parts)

    first = line.score_mutually(parts)
    last = [line.score(part, [other.content for other in parts]) for part in parts]

    assert [found.score for found in first] == pytest.approx(raw, abs=1e-5)
    assert [found.score for found in last] == pytest.approx(raw, abs=1e-5)
    for found, other in zip(first, last, strict=True):
        assert np.allclose(found.anomaly_map, other.anomaly_map, atol=1e-5)
    assert np.argmax(raw) == 0


def test_what_is_usual_at_each_size_stays_as_the_pool_changes_and_when_a_run_goes_on(parts, drop, folder, store):
    drop(parts["good"][:8])
    follow(folder, store, settings=SIZES)
    usual = store.watches.get(1).pool["usual_sizes"]
    drop(parts["good"][8:])

    follow(folder, store, settings=SIZES, resume=True)
    follow(folder, store, settings=SIZES)

    taken_up, at_once = ([row.final for row in store.runs.samples(run)] for run in (1, 2))
    assert taken_up == pytest.approx(at_once, abs=1e-6)
    assert (len(usual), len(set(usual))) == (2, 2)
    assert store.watches.get(1).pool["usual_sizes"] == usual


def test_parts_with_clouds_are_seen_at_one_size(tmp_path):
    tokens = LineTokens(SIZES, tmp_path)
    assert tokens.more_sides == [96]

    tokens.set_modality("2d+3d")

    assert tokens.more_sides == []


def test_photo_with_another_colour_profile_is_noted_also_after_the_watch_is_resumed(parts, drop, folder, store):
    drop(parts["good"][:6])
    run_id, _, _ = follow(folder, store)
    for name in ("6.png", "7.png"):  # a linear PNG among others
        content, chunk = parts["good"][int(name[0])].read_bytes(), b"gAMA" + (100_000).to_bytes(4, "big")
        at = content.find(b"IDAT") - 4
        linear = (4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
        (folder / name).write_bytes(content[:at] + linear + content[at:])

        follow(folder, store, resume=True)

    told = [row.reason for row in store.runs.samples(run_id) if "colour profile of its photo is gamma 1" in row.reason]
    assert len(told) == 2
