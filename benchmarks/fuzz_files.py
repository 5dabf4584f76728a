"""How many damaged files the readers stand: mutated for a set time, each tried in a process with limits.

`python -m benchmarks.fuzz_files --minutes 60 --seed 0` prints, for each reader, how many inputs were tried, read and
refused, and what escaped as something else than one sentence; each kind of escape is kept as the smallest file that
showed it, in the folder of `--corpus`. What is mended goes to `tests/corpus`, where a test reads it again.
"""

import argparse
import hashlib
import re
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.properties.mutations import mutate
from tests.properties.outcomes import Outcome, Trial
from tests.properties.readers import READERS

CORPUS = Path("demo/corpus")


def main() -> None:
    """Mutate files until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--readers", nargs="*", default=sorted(READERS), choices=sorted(READERS), metavar="READER")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    arguments = parser.parse_args()
    counts, escaped = try_files(arguments.readers, arguments.minutes * 60, arguments.seed, arguments.corpus)
    print(f"\n{'reader':28}{'tried':>9}{'read':>9}{'refused':>9}{'escaped':>9}")
    for name in (*arguments.readers, "all"):
        row = [sum(counts[name, kind] for kind in ("read", "refused", "escaped"))]
        print(
            f"{name:28}" + "".join(f"{n:9}" for n in (*row, *(counts[name, k] for k in ("read", "refused", "escaped"))))
        )
    print(f"\n{len(escaped)} kinds of escape")


def try_files(
    names: list[str], seconds: float, seed: int, corpus: Path
) -> tuple[Counter[tuple[str, str]], dict[tuple[str, str], bytes]]:
    """Try mutated files of each reader, as long of each.

    Args:
        names: readers in `READERS`.
        seconds: after which no further file is tried.
        seed: of the mutations; the same files come in the same order.
        corpus: folder for the smallest file of each kind of escape.

    Returns:
        How many inputs ended how, by reader (and "all") and kind of outcome; the smallest input by reader and what
        escaped.
    """
    randoms = {name: Random(f"{seed} {name}") for name in names}
    seeds = {name: READERS[name].seeds() for name in names}
    counts: Counter[tuple[str, str]] = Counter()
    escaped: dict[tuple[str, str], bytes] = {}
    spent = dict.fromkeys(names, 0.0)
    begin = time.monotonic()
    with Trial() as trial:
        while (start := time.monotonic()) < begin + seconds:
            name = min(names, key=spent.__getitem__)
            content = mutate(randoms[name].choice(seeds[name]), randoms[name])
            outcome = trial.read(name, content)
            counts[name, outcome.kind] += 1
            counts["all", outcome.kind] += 1
            if outcome.kind == "escaped":
                _keep(escaped, name, outcome, content, corpus)
            spent[name] += time.monotonic() - start
    return counts, escaped


def _keep(escaped: dict[tuple[str, str], bytes], name: str, outcome: Outcome, content: bytes, corpus: Path) -> None:
    """Keep what escaped if it is new, or smaller than what escaped alike."""
    key = name, outcome.place or re.sub(r"\d+", "", outcome.told.partition(":")[0])
    if key in escaped and len(escaped[key]) <= len(content):
        return
    if key not in escaped:
        print(f"{name}: {outcome.place} {outcome.told[:200]!a} ({len(content)} bytes)", flush=True)
    escaped[key] = content
    file = corpus / name / f"{hashlib.sha256(repr(key).encode()).hexdigest()[:8]}{Path(READERS[name].file).suffix}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    file.with_suffix(".txt").write_text(
        f"{outcome.place} {outcome.told}\n", encoding="utf-8", errors="backslashreplace"
    )


if __name__ == "__main__":
    main()
