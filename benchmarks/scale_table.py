"""What large batches would take on a cluster, on paper: reckoned from what is measured on this machine.

python -m benchmarks.scale_table PHOTOS [--counts 10000 100000 1000000 10000000] [--references 200] [--night 8]

PHOTOS is a folder of a batch. Measured, with one thread and in CPU seconds, so that other work on the machine counts
little: a scan of the photos by the default settings (reading, maps and decision), stretches of the ring on random
features of its shapes, and re-scoring of 100,000 random embeddings, a few rows of it. All else is multiplied. A machine
of the table has 16 cores, each as fast as this one; as many are taken as finish what workers do in a night. Below it:
re-scoring of 1000 and 10,000 random embeddings, whole, and its share of all CPU seconds.
"""

import argparse
import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

from benchmarks.ring_schedule import calculate
from inspector.data.layouts import read_batch
from inspector.events import Event
from inspector.jobs.distributed import PIECE_BYTES
from inspector.jobs.scan import scan
from inspector.presets import EMBEDDED
from inspector.scoring.batch import least_bytes
from inspector.scoring.judges import ring
from inspector.scoring.nearest import EVERYTHING
from inspector.scoring.rescoring import BLOCK_VALUES, rescore_near
from inspector.scoring.stretches import Stretches
from inspector.store.workspace import Workspace

SETS = ((256, 152), (256, 152), (576, 152))
"""Patches and channels of the sets of features of the preset `embedded`: two passes at 256 pixels, one at 384."""

CORES = 16
EMBEDDING = 1280
RESCORED = 100_000
"""Embeddings that re-scoring is measured with; it grows with the square."""

WHOLE = (1000, 10_000)
"""Embeddings of which all are re-scored."""

MEMORY, WIRE = 64, 10
"""GB that the process that was started may have, and Gbit/s that a machine sends: beyond is told as broken."""


@dataclass(frozen=True)
class Measured:
    """CPU seconds: of a part read, of a pair by each set, of a part mapped, of re-scoring `RESCORED`; bytes of a part's
    tokens, and of its map and thumbnail."""

    read: float
    pairs: tuple[float, ...]
    maps: float
    rescored: float
    tokens: float
    kept: float


def measure(photos: Path) -> Measured:
    """Measure all constants."""
    batch = read_batch(photos)
    marks: dict[str, float] = {}

    def mark(event: Event) -> None:
        if event.kind in ("progress", "result"):
            marks.setdefault(event.stage or event.kind, time.process_time())

    with tempfile.TemporaryDirectory() as name, Workspace(name) as store:
        scan(batch, EMBEDDED, store)  # once for what is loaded
        for file in (store.folder / "cache").rglob("*.safetensors"):
            file.unlink()
        scan(batch, EMBEDDED, store, mark)
        tokens, kept = (_count_bytes(store.folder / folder) for folder in ("cache", "runs/2"))
    count = len(batch.samples)
    read, maps = marks["score"] - marks["read"], marks["result"] - marks["maps"]
    pairs = {shape: _measure_pair(*shape) for shape in dict.fromkeys(SETS)}
    return Measured(
        read / count,
        tuple(pairs[shape] for shape in SETS),
        maps / count,
        _measure_rescoring(),
        tokens / count,
        kept / count,
    )


def _count_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _measure_pair(patches: int, channels: int, length: int = 8, references: int = 200) -> float:
    """Measure a pair of samples in a stretch, both ways."""
    generator = torch.Generator().manual_seed(0)
    count = length + references // 2
    features = F.normalize(torch.randn(count, patches, channels, generator=generator), dim=2)
    stretches = Stretches(ring(10 * references, references), length)

    def load(sample: int) -> torch.Tensor:
        return features[sample % count]

    times = [_seconds(lambda: stretches.compare(load, 0, 0, EVERYTHING)) for _ in range(3)]
    return min(times) / (length * references // 2)


def _measure_rescoring(rows: int = 20) -> float:
    """Measure re-scoring: that of some rows of `RESCORED`, times their number."""
    generator = torch.Generator().manual_seed(0)
    vectors = F.normalize(torch.randn(RESCORED, EMBEDDING, generator=generator).double(), dim=1)
    scores = torch.rand(RESCORED, generator=generator, dtype=torch.float64)
    at_once = max(1, BLOCK_VALUES // RESCORED)

    def score_rows() -> None:
        for start in range(0, rows, at_once):
            block = vectors[start : start + at_once]
            (2 - 2 * block @ vectors.T).amin(dim=1)
            weights = torch.exp(2 * block @ vectors.T - 2)
            (weights @ scores) / weights.sum(dim=1)

    score_rows()
    return _seconds(score_rows) * RESCORED / rows


def _rescore_whole(count: int) -> float:
    """Measure re-scoring as a scan does it at its end."""
    generator = torch.Generator().manual_seed(0)
    embeddings = F.normalize(torch.randn(count, EMBEDDING, generator=generator), dim=1)
    scores = torch.rand(count, generator=generator, dtype=torch.float64)
    return _seconds(lambda: rescore_near(scores, embeddings))


@dataclass(frozen=True)
class Row:
    """What a batch takes; hours of CPU, GB."""

    count: int
    read: float
    compare: float
    machines: int
    wire: float
    reads: float
    tokens: float
    kept: float
    maps: float
    rescoring: float
    memory: float
    gigabits: float

    def breaks(self, night: float) -> str:
        """Say what does not fit first, in the order in which it is met."""
        found = {
            f"re-scoring alone takes {self.rescoring:.0f} h": self.rescoring > night,
            f"memory of the process that was started: {self.memory:.0f} GB": self.memory > MEMORY,
            f"its maps take {self.maps:.0f} h": self.maps > night,
            f"the network: {self.gigabits:.0f} Gbit/s a machine": self.gigabits > WIRE,
        }
        return "; ".join(told for told, is_so in found.items() if is_so) or "nothing"


def reckon(count: int, references: int, night: float, measured: Measured) -> Row:
    """Multiply what was measured."""
    read = measured.read * count / 3600
    compare = sum(measured.pairs) * count * references / 2 / 3600
    machines = max(1, math.ceil((read + compare) / night / CORES))
    wire = reads = 0.0
    for patches, channels in SETS:
        fair = -(-count // (4 * machines * CORES))
        length = max(1, min(fair, PIECE_BYTES // (4 * references * patches)))
        distances, places, read_again = calculate(count, references, patches, length)
        wire += (distances + places) / 1e9
        reads += read_again * patches * channels * 2 / 1e9
    memory = sum(least_bytes(count, references, patches) for patches, _ in SETS)
    memory += (4 + 2 * 8) * EMBEDDING * count  # as they are, and twice in float64 while they are brought to length 1
    return Row(
        count,
        read,
        compare,
        machines,
        wire,
        reads,
        measured.tokens * count / 1e9,
        measured.kept * count / 1e9,
        measured.maps * count / 3600,
        measured.rescored * (count / RESCORED) ** 2 / 3600,
        memory / 1e9,
        (wire + reads) * 8 / (machines * night * 3600),
    )


def main() -> None:
    """Print the constants and the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--counts", type=int, nargs="+", default=[10**4, 10**5, 10**6, 10**7])
    parser.add_argument("--references", type=int, default=200)
    parser.add_argument("--night", type=float, default=8, help="hours")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found = measure(arguments.photos)
    pairs = ", ".join(f"{1000 * seconds:.2f}" for seconds in found.pairs)
    print(f"A part: read {found.read:.3f} s, maps {1000 * found.maps:.1f} ms; a pair by each set: {pairs} ms.")
    print(f"Bytes of a part: tokens {found.tokens:.0f}, map and thumbnail {found.kept:.0f}.")
    print(f"Re-scoring {RESCORED} parts: {found.rescored:.0f} s.\n")
    heads = ("read, CPU h", "compare, CPU h", "machines", "pieces, GB", "tokens read, GB", "Gbit/s a machine")
    rest = ("cache, GB", "run, GB", "maps, h", "re-scoring, h", "memory, GB", "what breaks first")
    print(f"| parts | {' | '.join((*heads, *rest))} |\n|---:|{'---:|' * (len(heads) + len(rest) - 1)}---|")
    for count in arguments.counts:
        row = reckon(count, arguments.references, arguments.night, found)
        compared = (row.read, row.compare, row.machines, row.wire, row.reads, row.gigabits)
        values = (*compared, row.tokens, row.kept, row.maps, row.rescoring, row.memory)
        cells = " | ".join(f"{value:.{0 if value >= 10 or isinstance(value, int) else 2}f}" for value in values)
        print(f"| {count} | {cells} | {row.breaks(arguments.night)} |")
    for count in WHOLE:
        row, rescoring = reckon(count, arguments.references, arguments.night, found), _rescore_whole(count)
        others = 3600 * (row.read + row.compare + row.maps)
        print(
            f"Re-scoring {count} parts, all of it: {rescoring:.2f} s, {100 * rescoring / (others + rescoring):.2f} %."
        )


if __name__ == "__main__":
    main()
