"""A scan on two hosts with addresses of their own, beside one process: the same bits, the time, the bytes on the wire.

python -m benchmarks.two_hosts [--counts 24 48 96] [--apart]

As root, on Linux: the hosts are network namespaces with a pair of virtual interfaces between them, which count what
goes over. Each has one worker with one thread; the first has the head and the process that is started. Photos are the
washers of `samples/`, each made unlike the others by noise. Photos and workspace are in a folder that both see, so what
is read and written there is not in the bytes. `evaluate` and `scan-many` run on the same two hosts. With `--apart` the
second host does not see that folder: it is handed the files, or all is in S3 as moto speaks it, on the first host.
"""

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import IO, NamedTuple

import numpy as np
from PIL import Image

from benchmarks.reliability.stations import WASHERS, print_table, write_dataset
from benchmarks.reliability.together import list_results
from benchmarks.ring_schedule import calculate
from inspector.store.workspace import Workspace

PATCHES = 256
"""Of a photo in the one set of features of the preset `fast`."""

PROGRAMS = Path(sys.executable).parent
PORT, S3_PORT = 6379, 5555
PATIENCE = 300.0
"""Seconds that a host may take to start."""

SPOKEN = ("read", "score", "maps", "result")
"""Stages whose beginning a scan tells."""


PUT = """
from fsspec import filesystem
s3 = filesystem("s3")
s3.mkdir("{bucket}")
s3.put("{photos}", "{bucket}/photos", recursive=True)
"""
"""Puts photos into a bucket, as a program for a host."""


class Host:
    """A network namespace with one interface and its own folder for what Ray keeps."""

    def __init__(self, name: str, address: str, environment: dict[str, str], hidden: Path | None) -> None:
        """Name it, say by which address others reach it, and what it does not see; it is made by `open_hosts`."""
        self.name, self.address, self._environment, self._hidden = name, address, environment, hidden
        self.link = f"v{name}"
        self._kept = mkdtemp(prefix="host-")

    def start(
        self, *command: str | Path, stdout: IO[str] | int | None = None, stderr: IO[str] | int | None = None
    ) -> "subprocess.Popen[str]":
        """Start a command there."""
        hide = f"mount -t tmpfs none {self._hidden} && " if self._hidden else ""
        own = f'mkdir -p /tmp/ray && mount --bind "$0" /tmp/ray && {hide}exec "$@"'
        words = ["ip", "netns", "exec", self.name, "sh", "-c", own, self._kept, *map(str, command)]
        return subprocess.Popen(words, env=self._environment, text=True, stdout=stdout, stderr=stderr)

    def count_bytes(self) -> int:
        """Count what its interface has sent and received."""
        told = subprocess.run(
            ["ip", "-n", self.name, "-s", "-j", "link", "show", self.link], capture_output=True, check=True
        )
        [link] = json.loads(told.stdout)
        return int(link["stats64"]["rx"]["bytes"] + link["stats64"]["tx"]["bytes"])

    def kill(self, begins: bytes = b"") -> int:
        """Kill what runs there and whose command line begins so; return how many these were."""
        found = subprocess.run(["ip", "netns", "pids", self.name], capture_output=True, check=True).stdout.split()
        killed = [pid for pid in map(int, found) if read_command(pid).startswith(begins)]
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(killed)

    def close(self) -> None:
        """End all that runs there, and remove it."""
        self.kill()
        subprocess.run(["ip", "netns", "del", self.name], check=True)
        subprocess.run(["rm", "-rf", self._kept], check=True)


@contextmanager
def open_hosts(hidden: Path | None = None) -> Iterator[tuple[Host, Host]]:
    """Make two hosts with a wire between them; the second one does not see a folder."""
    environment = {
        **os.environ,
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_USAGE_STATS_ENABLED": "0",
        "OMP_NUM_THREADS": "1",
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_ENDPOINT_URL": f"http://10.77.0.1:{S3_PORT}",
    }
    number = os.getpid()
    first = Host(f"mi{number}a", "10.77.0.1", environment, None)
    second = Host(f"mi{number}b", "10.77.0.2", environment, hidden)
    with ExitStack() as made:
        for host in (first, second):
            _ip("netns", "add", host.name)
            made.callback(host.close)
        _ip("link", "add", first.link, "netns", first.name, "type", "veth", "peer", second.link, "netns", second.name)
        for host in (first, second):
            _ip("-n", host.name, "addr", "add", f"{host.address}/24", "dev", host.link)
            for link in ("lo", host.link):
                _ip("-n", host.name, "link", "set", "dev", link, "up")
            _ip("-n", host.name, "route", "add", "default", "dev", host.link)  # Ray asks it for the own address
        yield first, second


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def read_command(pid: int) -> bytes:
    """Read the command line of a process; b"" where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def start_ray(host: Host, head: Host, log: Path, workers: int, own: int = 1) -> None:
    """Start Ray on a host, with one worker or `own`, and wait until the cluster has so many."""
    begins = ("--head", "--port", str(PORT), "--include-dashboard=false") if host is head else ()
    joins = () if host is head else ("--address", f"{head.address}:{PORT}")
    rest = ("--node-ip-address", host.address, "--num-cpus", str(own), "--object-store-memory", "400000000", "--block")
    with log.open("w") as said:
        host.start(PROGRAMS / "ray", "start", *begins, *joins, *rest, stdout=said, stderr=said)
    count = (
        "import ray; ray.init(address='auto', log_to_driver=False); print(int(ray.cluster_resources().get('CPU', 0)))"
    )
    until = time.monotonic() + PATIENCE
    while "Ray runtime started" not in log.read_text() or _ask(head, count) != str(workers):
        if time.monotonic() > until:
            raise TimeoutError(f"Ray does not start: {log.read_text()}")
        time.sleep(0.5)


def _ask(host: Host, program: str) -> str:
    """Run a Python program on a host; return the last line that it prints, or "" where there is none in a minute."""
    with host.start(sys.executable, "-c", program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as asked:
        try:
            return (asked.communicate(timeout=60)[0].splitlines() or [""])[-1]
        except subprocess.TimeoutExpired:
            asked.kill()
            return ""


class Measured(NamedTuple):
    """When and after how many bytes on the wire each stage of a command began, and "end"; samples compared, in all
    sets of features."""

    seconds: dict[str, float]
    sent: dict[str, int]
    compared: int

    def between(self, begin: str, end: str) -> tuple[float, int]:
        """Return seconds and bytes."""
        return self.seconds[end] - self.seconds[begin], self.sent[end] - self.sent[begin]


def run_inspector(host: Host, *words: str | Path) -> Measured:
    """Run a command of the inspector on a host, to its end."""
    seconds, sent, compared = {"begin": time.monotonic()}, {"begin": host.count_bytes()}, 0
    with host.start(PROGRAMS / "inspector", *words, stdout=subprocess.PIPE) as command:
        for line in command.stdout or ():
            event = json.loads(line) if line.startswith("{") else {}
            stage = event.get("stage") or event.get("kind")
            if stage in SPOKEN and stage not in seconds:
                seconds[stage], sent[stage] = time.monotonic(), host.count_bytes()
            if stage == "score":
                compared = event["total"]
    if command.returncode:
        raise RuntimeError(f"{words} ended with {command.returncode}")
    seconds["end"], sent["end"] = time.monotonic(), host.count_bytes()
    return Measured(seconds, sent, compared)


def write_photos(folder: Path, count: int) -> Path:
    """Write washers of `samples/` with noise, each another one."""
    sources = sorted((WASHERS / "test").rglob("*.jpg"))
    folder.mkdir(parents=True)
    for index in range(count):
        with Image.open(sources[index % len(sources)]) as photo:
            pixels = np.asarray(photo.convert("RGB"), np.float64)
        noisy = pixels + np.random.default_rng((3, index)).normal(0, 3, pixels.shape)
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(folder / f"{index:03}.png")
    return folder


def scan_batch(place: Path, host: Host, photos: Path | str, ray: Sequence[str]) -> tuple[Measured, list[object]]:
    """Scan photos into a new workspace; return also what was found."""
    workspace = Path(mkdtemp(dir=place))
    found = run_inspector(host, "scan", photos, "--workspace", workspace, "--preset", "fast", "--events", "jsonl", *ray)
    return found, list_results(workspace, 1)


def describe(photos: int, on: str, found: Measured, equal: str) -> list[object]:
    """Return a row of the table of scans."""
    distances, places, _ = calculate(photos, photos - 1, PATCHES, 1)
    ends = (("begin", "end"), ("begin", "read"), ("read", "score"), ("score", "maps"))
    parts = [found.between(*each) for each in ends]
    whole, _, read, compare = (f"{sent / 1e6:.2f}" if on.startswith("two hosts") else "" for _, sent in parts)
    formula = f"{found.compared / photos * (distances + places) / 1e6:.2f}"
    return [photos, on, *(f"{duration:.2f}" for duration, _ in parts), whole, read, compare, formula, equal]


def describe_growth(smaller: tuple[int, Measured], larger: tuple[int, Measured]) -> str:
    """Say what more photos and pairs send, without what is sent once."""
    (few, of_few), (many, of_many) = smaller, larger
    pairs = (many * (many - 1) - few * (few - 1)) // 2
    read, compare = (
        of_many.between(*ends)[1] - of_few.between(*ends)[1] for ends in (("read", "score"), ("score", "maps"))
    )
    sets = of_many.compared / many
    distances, places, _ = calculate(many, many - 1, PATCHES, 1)
    formula = (distances + places) / (many * (many - 1) // 2)
    told = f"{read / (many - few) / 1e3:.1f} kB a photo, {compare / pairs / sets:.0f} B a pair and set"
    return f"From {few} to {many} photos: {told}; by the formula {formula:.0f}."


def measure(place: Path, counts: Sequence[int], below: list[str]) -> Iterator[list[object]]:
    """Scan in one process, on one host and on both; yield the rows of the table, and note what stands below it."""
    with open_hosts() as (head, other):
        batches = {count: write_photos(place / f"photos-{count}", count) for count in counts}
        ray = ("--ray", f"{head.address}:{PORT}")
        scan_batch(place, head, batches[counts[0]], ())  # once for what is read from the disk
        alone = {}
        for count, photos in batches.items():
            found, alone[count] = scan_batch(place, head, photos, ())
            yield describe(count, "one process", found, "")
        measured = []
        for number, on in ((1, "one host"), (2, "two hosts")):
            start_ray((head, other)[number - 1], head, place / f"ray{number}", number)
            for count, photos in batches.items():
                found, results = scan_batch(place, head, photos, ray)
                measured.append((count, found))
                yield describe(count, on, found, "yes" if results == alone[count] else "no")
        both = measured[len(batches) :]
        below += [describe_growth(*pair) for pair in pairwise(both)]
        before = head.count_bytes()
        time.sleep(10)
        below.append(f"Of an idle cluster: {(head.count_bytes() - before) / 10e3:.1f} kB a second.")
        below += [compare_command(place, head, name, ray) for name in ("evaluate", "scan-many")]


def measure_apart(place: Path, counts: Sequence[int]) -> Iterator[list[object]]:
    """Scan in one process, and on two hosts of which one does not see the folder; yield the rows of the table."""
    with open_hosts(place) as (head, other):
        batches = {count: write_photos(place / f"photos-{count}", count) for count in counts}
        scan_batch(place, head, batches[counts[0]], ())  # once for what is read from the disk
        with (place / "s3").open("w") as said:
            head.start(PROGRAMS / "moto_server", "-H", head.address, "-p", str(S3_PORT), stdout=said, stderr=said)
        for number, host in ((1, head), (2, other)):
            start_ray(host, head, place / f"ray{number}", number)
        ray = ("--ray", f"{head.address}:{PORT}")
        for count, photos in batches.items():
            found, alone = scan_batch(place, head, photos, ())
            yield describe(count, "one process", found, "")
            found, results = scan_batch(place, head, photos, ray)
            yield describe(count, "two hosts, handed", found, "yes" if results == alone else "no")
            _ask(head, PUT.format(bucket=f"lot{count}", photos=photos))
            storage = ("--storage", f"s3://lot{count}/tokens")
            found, results = scan_batch(place, head, f"s3://lot{count}/photos", (*ray, *storage))
            yield describe(count, "two hosts, S3", found, "yes" if results == alone else "no")


def compare_command(place: Path, host: Host, name: str, ray: Sequence[str]) -> str:
    """Run a command of several batches in one process and on the cluster, and say whether both found the same."""
    root = write_dataset(place / name)
    words: tuple[str | Path, ...] = (name, root, "--preset", "fast")
    results, times = [], []
    for number, more in enumerate(((), ray)):
        workspace, out = place / f"{name}-{number}", place / f"{name}-{number}-out"
        tables = ("--layout", "mvtec-ad", "--out", out) if name == "evaluate" else ()
        times.append(run_inspector(host, *words, "--workspace", workspace, *tables, *more).between("begin", "end"))
        with Workspace(workspace) as store:
            runs = [run.id for run in store.runs.all()]
        figures = (out / "evaluation.csv").read_text() if tables else ""
        results.append(([list_results(workspace, run) for run in sorted(runs)], figures))
    same = "equal" if results[0] == results[1] else "NOT EQUAL"
    (before, _), (after, sent) = times
    took = f"{before:.1f} s in one process, {after:.1f} s on two hosts, {sent / 1e6:.1f} MB"
    return f"{name}: {len(results[0][0])} runs, {took}; {same}."


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[24, 48, 96])
    parser.add_argument("--apart", action="store_true")
    given = parser.parse_args()
    below: list[str] = []
    seconds = ["s", "s until read", "s to read", "s to compare"]
    wire = ["MB on the wire", "MB to read", "MB to compare", "formula, MB", "equal to one process"]
    with TemporaryDirectory() as name:
        place, counts = Path(name), given.counts
        rows = measure_apart(place, counts) if given.apart else measure(place, counts, below)
        print_table(["photos", "on", *seconds, *wire], rows)
    print("\n".join(below))


if __name__ == "__main__":
    main()
