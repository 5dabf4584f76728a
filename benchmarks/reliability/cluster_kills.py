"""A scan on two hosts of which parts are killed: whether it ends, after how long, and with the same bits.

python -m benchmarks.reliability.cluster_kills [--photos 96]

As root, on Linux: the hosts are those of `benchmarks.two_hosts`, one worker each, anew for each scan. Something is
killed by SIGKILL when a third of the photos is read, or when the comparison has begun. Where the scan ends
without a result, what is missing comes back, and `--resume` goes on.
"""

import argparse
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.reliability.stations import print_table
from benchmarks.reliability.together import list_results
from benchmarks.two_hosts import PORT, PROGRAMS, Host, open_hosts, start_ray, write_photos


class Scan(NamedTuple):
    """A scan that is at work on the first host, and the host beside it."""

    process: "subprocess.Popen[str]"
    other: Host


def kill_workers(scan: Scan) -> None:
    """Kill the process that does the work on the other host; Ray there stays."""
    if not scan.other.kill(b"ray::"):
        raise RuntimeError("no worker runs on the other host")


def kill_host(scan: Scan) -> None:
    """Kill all that runs on the other host, as if its plug were pulled."""
    scan.other.kill()


def kill_scan(scan: Scan) -> None:
    """Kill the process that was started."""
    scan.process.kill()


def kill_nothing(scan: Scan) -> None:
    """Let all live."""


KILLS: dict[str, tuple[Callable[[Scan], None], str, int]] = {
    "nothing": (kill_nothing, "read", 1),
    "a worker, reading": (kill_workers, "read", 1),
    "a worker, comparing": (kill_workers, "score", 1),
    "a host, reading": (kill_host, "read", 1),
    "a host, comparing": (kill_host, "score", 1),
    "the scan, reading": (kill_scan, "read", 1),
    "the scan, comparing": (kill_scan, "score", 1),
    "the only host with workers": (kill_host, "read", 0),
}
"""What is killed: by what, in which stage, and how many workers the first host has."""


def run_scan(head: Host, other: Host, words: list[str | Path], kill: Callable[[Scan], None], stage: str) -> str:
    """Scan, kill at a moment, and return after how long the scan ended, how, and what it said last."""
    begin = time.monotonic()
    killed = ""
    with head.start(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for line in process.stdout or ():
            event = json.loads(line) if line.startswith("{") else {}
            if not killed and event.get("stage") == stage and event["done"] * 3 >= event["total"] * (stage == "read"):
                kill(Scan(process, other))
                killed = f"{event['done']} of {event['total']}"
        told = (process.stderr.read() if process.stderr else "").strip().splitlines()
    said = told[-1] if process.returncode > 0 and told else ""
    return f"{time.monotonic() - begin:.1f} s, {process.returncode}, at {killed}{': ' * bool(said)}{said}"


def try_kill(place: Path, photos: Path, name: str, alone: list[object]) -> list[object]:
    """Scan on new hosts, kill, go on where that is needed; return a row of the table."""
    kill, stage, own = KILLS[name]
    place.mkdir()
    workspace = place / "workspace"
    with open_hosts() as (head, other):
        words: list[str | Path] = [PROGRAMS / "inspector", "scan", photos, "--workspace", workspace, "--preset", "fast"]
        words += ["--events", "jsonl", "--ray", f"{head.address}:{PORT}"]
        start_ray(head, head, place / "head", own, own)
        start_ray(other, head, place / "other", own + 1)
        ended = run_scan(head, other, words, kill, stage)
        again = ""
        if ", 0, " not in ended:
            if not own:
                start_ray(other, head, place / "again", 1)
            again = run_scan(head, other, [*words, "--resume"], kill_nothing, stage)
    return [name, ended, again, "yes" if list_results(workspace, 1) == alone else "no"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=96)
    parser.add_argument("--only", nargs="+", default=list(KILLS), choices=list(KILLS))
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        place = Path(name)
        photos, workspace = write_photos(place / "photos", given.photos), place / "alone"
        words: list[str | Path] = [PROGRAMS / "inspector", "scan", photos, "--workspace", workspace, "--preset", "fast"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        alone = list_results(workspace, 1)
        rows = (try_kill(place / str(index), photos, each, alone) for index, each in enumerate(given.only))
        print_table(["killed", "the scan: seconds, exit code", "--resume", "equal to one process"], rows)


if __name__ == "__main__":
    main()
