"""What the stretches of a ring send and read, by walking through the schedule of a scan on several workers.

python -m benchmarks.ring_schedule [--counts 10000 100000 1000000] [--references 200] [--patches 256] [--length 320]

Each place of the ring is walked through with those that come after it, as `inspector.scoring.stretches` does, and what
would be sent is counted; the formula of docs/scale.md stands beside it. One set of features; every piece is taken to go
over the wire, although Ray scores a slice where most of it lies.
"""

import argparse
from typing import NamedTuple

import numpy as np

VALUE, INDEX = 4, 8
"""Bytes of a distance, and of each of the two numbers that say where a row of distances belongs."""


class Traffic(NamedTuple):
    """What one set of features sends and reads.

    Attributes:
        distances: bytes of distances from those who compare to those who score.
        places: bytes that say where they belong.
        reads: samples that are read, each as often as a stretch needs it.
        waiting: bytes of distances that wait at most until all of their slice are there, where stretches are done in
            turn.
    """

    distances: int
    places: int
    reads: int
    waiting: int


def simulate(count: int, references: int, patches: int, length: int) -> Traffic:
    """Walk through the schedule.

    Args:
        count: samples N on the ring, more than references.
        references: judges R of each, even.
        patches: P of a sample.
        length: places of a stretch.
    """
    reach = references // 2
    number = -(-count // length)
    sizes = np.minimum(length, count - length * np.arange(number))
    lacking = sizes * references  # rows that a slice has yet to get
    sent = reads = waiting = most = 0
    for start in range(0, count, length):
        own = np.arange(start, min(start + length, count))
        ahead = own[:, None] + np.arange(1, reach + 1)
        judged = np.concatenate([np.repeat(own, reach), ahead.ravel() % count])
        slices, rows = np.unique((judged - reach) % count // length, return_counts=True)
        sent += rows.sum()
        reads += len(own) + reach
        waiting += rows.sum()
        most = max(most, waiting)
        lacking[slices] -= rows
        complete = slices[lacking[slices] == 0]
        waiting -= sizes[complete].sum() * references
    assert not lacking.any()
    row = VALUE * patches
    return Traffic(int(sent) * row, int(sent) * 2 * INDEX, int(reads), int(most) * row)


def calculate(count: int, references: int, patches: int, length: int) -> tuple[int, int, int]:
    """Calculate the first three of them by the formulas of docs/scale.md."""
    rows = count * references
    return rows * VALUE * patches, rows * 2 * INDEX, count + -(-count // length) * (references // 2)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--references", type=int, default=200)
    parser.add_argument("--patches", type=int, default=256)
    parser.add_argument("--length", type=int, default=320)
    arguments = parser.parse_args()
    print("| N | | distances, GB | places, GB | reads of a sample | waiting at most, GB |")
    print("|---:|---|---:|---:|---:|---:|")
    for count in arguments.counts:
        given = (count, arguments.references, arguments.patches, arguments.length)
        walked, formula = simulate(*given), calculate(*given)
        for name, (distances, places, reads), waiting in (
            ("walked through", walked[:3], f"{walked.waiting / 1e9:.4f}"),
            ("formula", formula, ""),
        ):
            cells = f"{distances / 1e9:.4f} | {places / 1e9:.4f} | {reads / count:.4f} | {waiting}"
            print(f"| {count} | {name} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
