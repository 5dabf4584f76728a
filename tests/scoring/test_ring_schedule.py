"""The walk through the schedule that docs/scale.md is reckoned with, against the stretches that a scan sends."""

import pytest
import torch
import torch.nn.functional as F

from benchmarks.ring_schedule import calculate, simulate
from inspector.scoring.judges import ring
from inspector.scoring.nearest import EVERYTHING
from inspector.scoring.stretches import Stretches

PATCHES = 4


@pytest.mark.parametrize(("count", "references", "length"), [(40, 8, 10), (41, 8, 10), (30, 8, 1), (25, 10, 25)])
def test_as_many_bytes_are_sent_as_the_walk_and_the_formula_say(count, references, length):
    features = F.normalize(torch.randn(count, PATCHES, 3, generator=torch.Generator().manual_seed(0)), dim=2)
    reads = []

    def load(sample):
        reads.append(sample)
        return features[sample]

    stretches = Stretches(ring(count, references), length)
    distances = places = read = 0
    for stretch in range(stretches.number):
        reads.clear()
        for piece in stretches.compare(load, stretch, 0, EVERYTHING):
            distances += piece.values.nbytes
            places += piece.samples.nbytes + piece.rows.nbytes
        read += len(reads) - 1  # one tells how to measure

    walked = simulate(count, references, PATCHES, length)
    assert walked[:3] == calculate(count, references, PATCHES, length) == (distances, places, read)
    assert 0 < walked.waiting <= walked.distances
