"""What each backbone costs on a CPU at its default size: time and memory of one image. Random weights cost the same.

python -m benchmarks.bench_backbones [--threads 2] [--repeats 3] [--names clip-vit-l14-336 dino-vit-b8]

Each network is measured in a fresh process that loads it from a file, as a scan does, and runs one image after another.
Memory is the peak of that process; "of it libraries" is what it held before the network was loaded.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def write(name: str, file: Path) -> None:
    """Write random weights of a network, as an import would."""
    import torch
    from safetensors.torch import save_file

    from inspector.features.families import build_model
    from inspector.weights.catalogue import find_backbone

    info = find_backbone(name)
    wanted = build_model(info, info.trained_size).state_dict()
    save_file({key: torch.randn(tensor.shape) * 0.02 for key, tensor in wanted.items()}, file)


def measure(name: str, file: Path, threads: int, repeats: int) -> dict[str, float]:
    """Load a network and run images through it."""
    import torch

    from inspector.features.backbones import load_backbone
    from inspector.weights.catalogue import find_backbone

    torch.set_num_threads(threads)
    libraries = peak_memory()
    start = time.perf_counter()
    backbone = load_backbone(name, weights=file if find_backbone(name).file else None)
    loading = time.perf_counter() - start
    image = torch.rand(1, 3, backbone.image_size, backbone.image_size)
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        tokens, _ = backbone.tokens(image)
        times.append(time.perf_counter() - start)
    return {
        "size": backbone.image_size,
        "patches": tokens[0].shape[1] * tokens[0].shape[2],
        "loading": loading,
        "seconds": statistics.median(times[1:]),
        "peak": peak_memory(),
        "libraries": libraries,
    }


def peak_memory() -> int:
    """Largest resident memory of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def in_fresh_process(step: str, name: str, file: Path, arguments: argparse.Namespace) -> str:
    """Run one step of the measurement in a process of its own; return what it prints."""
    command = [sys.executable, "-m", "benchmarks.bench_backbones", "--step", step, "--names", name, "--file", str(file)]
    options = ["--threads", str(arguments.threads), "--repeats", str(arguments.repeats)]
    return subprocess.run([*command, *options], check=True, stdout=subprocess.PIPE, text=True).stdout


def row(name: str, arguments: argparse.Namespace) -> str:
    """Measure one network; return its line of the table."""
    from inspector.weights.catalogue import find_backbone

    info = find_backbone(name)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "random.safetensors"
        if info.file:
            in_fresh_process("write", name, file, arguments)
        got = json.loads(in_fresh_process("measure", name, file, arguments))
    return (
        f"| {name} | {info.parameters / 1e6:.1f} | {got['size']} | {got['patches']} | {got['seconds']:.2f} "
        f"| {got['peak'] / 2**20:.0f} | {got['libraries'] / 2**20:.0f} | {got['loading']:.1f} |"
    )


def main() -> None:
    """Print one table."""
    from inspector.weights.catalogue import CATALOGUE

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--names", nargs="*", default=list(CATALOGUE))
    parser.add_argument("--step", choices=("write", "measure"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step == "write":
        write(arguments.names[0], arguments.file)
    elif arguments.step == "measure":
        print(json.dumps(measure(arguments.names[0], arguments.file, arguments.threads, arguments.repeats)))
    else:
        print(f"{arguments.threads} threads, one image at a time, median of {arguments.repeats}")
        print("| Backbone | Million weights | Size | Patches | s / image | Peak MiB | of it libraries | Loading s |")
        print("|---|---|---|---|---|---|---|---|")
        for name in arguments.names:
            print(row(name, arguments), flush=True)


if __name__ == "__main__":
    main()
