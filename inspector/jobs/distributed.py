"""The heavy work of a scan on a Ray cluster: the same results, in the same bits, on any number of workers.

A worker is a CPU of the cluster. Photos and the workspace's cache of tokens lie in folders that all machines see by the
same names, or are handed to those who do not see them, through Ray's object store, by the machine where the scan was
started. Nothing else is written by the workers; what they found comes back to this process.
"""

import os
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would send what it counts to its makers
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # as Ray's next version will do it

import ray
import torch
from ray.exceptions import RayError, RayTaskError, TaskCancelledError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from inspector.data.parts import Part
from inspector.errors import InspectorError, StoreError
from inspector.features.reader import CloudFeatures, ImageFeatures, cache_tokens, count_group
from inspector.jobs.engine import Engine
from inspector.jobs.handed_files import Ask, hand_folders
from inspector.scoring.burnout import BurnoutFinder
from inspector.scoring.distances import Load, fit_at_once
from inspector.scoring.judges import AllOthers, Judges, Ring
from inspector.scoring.mutual import Scored, score_sample, score_samples
from inspector.scoring.nearest import Comparison
from inspector.scoring.stretches import Piece, Stretches

LOCAL = "local"
"""In place of an address: a cluster of this machine alone, which ends with the scan."""

RETRIES = 5
"""How often a piece of work is begun anew whose worker was killed, before the scan is given up."""

ROUNDS = 4
"""Pieces that the work is cut into for each worker, about: one that is slow does not hold up the others for long."""

SLICE = 64
"""Samples that are read by one worker in one go, at most, rounded up to a group: progress is told after each."""

PIECE_BYTES = 64 << 20
"""Distances of the samples of a slice, at most."""

AHEAD = 2
"""Pieces of work that wait for each worker, so that none is idle and what comes back fits into memory."""

PATIENCE = 2.0
"""Seconds between two looks at whether there are workers, while one is waited for."""

LONELY = 60.0
"""Seconds for which a cluster without workers is waited for: a machine may be starting again."""

HANDED_AT_ONCE = 8
"""Files that are handed to other machines at the same time."""

TOKEN = (
    "where `ray start` began the cluster with a token, set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN to the same here; "
    "else it is no Ray cluster"
)
"""What to look at where something listens, but Ray does not get in."""


@contextmanager
def connect(address: str, workers: int | None = None) -> Iterator[Engine]:
    """Let the workers of a cluster do the heavy work, for as long as the context lasts.

    Args:
        address: of the cluster's head, "HOST:PORT", or "local": a cluster of this machine alone.
        workers: of a local cluster, 1 or more; None = one a CPU.

    Raises:
        InspectorError: there is no cluster at this address, it wants another token, or it has other versions of Python
            or Ray.
    """
    before = _read_signals()
    try:
        _begin(address, workers)
    except (OSError, RuntimeError, ValueError) as error:
        told = str(error).strip().splitlines()[0] if str(error) else type(error).__name__
        raise InspectorError(f"no Ray cluster can be used at {address}: {told}") from error
    finally:
        _restore_signals(before)  # Ray would end the process where a scan is to be stopped cleanly
    try:
        yield Engine(_cache_tokens, _score_samples, share=partial(hand_folders, _Machines()))
    finally:
        ray.shutdown()


def _begin(address: str, workers: int | None) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR", "configure_logging": True}
    if address == LOCAL:
        own: dict[str, Any] = {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
        ray.init(address=LOCAL, num_cpus=workers or os.cpu_count(), **own, **quiet)  # None would join what runs here
    else:
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), timeout=10).close()  # Ray would try for minutes
        try:
            ray.init(address=address, **quiet)
        except ConnectionError as error:  # Ray says no more, though the reason is a wrong token as a rule
            raise InspectorError(f"what listens at {address} takes this program for a stranger: {TOKEN}") from error


def _read_signals() -> dict[int, Any]:
    import signal

    return {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}


def _restore_signals(handlers: dict[int, Any]) -> None:
    import signal
    import threading

    if threading.current_thread() is threading.main_thread():
        for number, handler in handlers.items():
            signal.signal(number, handler)


# Share


class _Machines:
    """The machines of the cluster, as `hand_folders` speaks to them."""

    def ask_all(self, function: Callable[..., Any], *given: Any) -> list[Any]:
        """Call a function on each machine that has workers; None where there is no answer."""
        asked = [_call_on(node["NodeID"], function, *given) for node in _list_machines()]
        return [_get_answer(one) for one in asked]

    def ask_own(self, function: Callable[..., Any], *given: Any) -> Any:
        """Call a function on this machine, but in Ray's process; None = there is no answer."""
        return _get_answer(_call_on(_find_own(), function, *given))

    @contextmanager
    def serve(self, files: type) -> Iterator[Ask]:
        """Have an object on this machine; give what calls its methods, from anywhere."""
        more = {"max_concurrency": HANDED_AT_ONCE, "max_restarts": -1, "max_task_retries": RETRIES}
        served: Any = ray.remote(files).options(**_stay_on(_find_own()), **more).remote()
        try:
            yield partial(_ask_files, served)
        finally:
            ray.kill(served)


def _find_own() -> str:
    return str(ray.get_runtime_context().get_node_id())


def _stay_on(machine: str) -> dict[str, Any]:
    return {"num_cpus": 0, "scheduling_strategy": NodeAffinitySchedulingStrategy(machine, soft=False)}


def _call_on(machine: str, function: Callable[..., Any], *given: Any) -> Any:
    return ray.remote(function).options(**_stay_on(machine)).remote(*given)


def _get_answer(one: Any) -> Any:
    with suppress(RayError, TimeoutError):
        return ray.get(one, timeout=LONELY)
    return None


def _ask_files(served: Any, what: str, *given: Any) -> Any:
    try:
        return ray.get(getattr(served, what).remote(*given))
    except RayError as error:
        told = str(error).strip().splitlines()[0]
        raise StoreError(f"the machine where the scan was started hands on no files: {told}; try `resume`") from error


# Read


def _cache_tokens(
    readers: Sequence[Callable[[], Part]],
    images: ImageFeatures | None,
    clouds: CloudFeatures | None,
    *,
    batch_size: int,
    left: Callable[[], int],
    shrunk: Callable[[int], None],
) -> Iterator[list[Part]]:
    """As `cache_tokens`: samples in slices of whole groups, so that the same photos go through a network together."""
    workers, group = _count_workers(), count_group(images, batch_size)
    fair = -(-len(readers) // (ROUNDS * workers))
    size = group * max(1, min(fair, SLICE) // group)
    shared = ray.put((images, clouds, left))
    on_gpu = images is not None and images.backbone.device == "cuda"
    options: dict[str, Any] = {"num_gpus": 1, "max_calls": 0} if on_gpu else {}
    read = _read_slice.options(**options)
    threads, beside = torch.get_num_threads(), _count_beside()
    together = batch_size

    def submit() -> Iterator[Any]:
        for start in range(0, len(readers), size):
            yield read.remote(shared, readers[start : start + size], group, together, threads, beside)

    for parts, smaller in _run_in_order(submit(), workers):
        if smaller and smaller < together:
            together = smaller
            shrunk(smaller)
        yield parts


@ray.remote(num_cpus=1, max_retries=RETRIES)
def _read_slice(
    shared: Any, readers: Sequence[Callable[[], Part]], group: int, together: int, threads: int, beside: int
) -> tuple[list[Part], int]:
    """Read samples and keep their tokens; return the parts, and how few squares went through the network together."""
    torch.set_num_threads(threads)  # of convolutions, last bits depend on it
    images, clouds, left = shared
    smaller: list[int] = []
    groups = cache_tokens(
        readers, images, clouds, batch_size=together, left=lambda: left() // beside, shrunk=smaller.append
    )
    return [part.without_arrays() for some in groups for part in some], min(smaller, default=0)


# Compare


def _score_samples(
    load: Load,
    samples: Sequence[int],
    judges: Judges,
    *,
    share: float,
    memory: int,
    comparison: Comparison,
    finder: BurnoutFinder | None,
) -> Iterator[Scored]:
    """As `score_samples`: each pair is compared once, on one worker, and those scores alone come back."""
    room = memory // _count_beside()
    at_once = fit_at_once(load, samples, judges, memory=room, comparison=comparison)
    if not at_once or not isinstance(judges, AllOthers | Ring):
        yield from score_samples(
            load, samples, judges, share=share, memory=memory, comparison=comparison, finder=finder
        )
        return
    workers = _count_workers()
    table = 4 * judges.most * len(load(samples[0]))
    fair = -(-len(samples) // (ROUNDS * workers))
    stretches = Stretches(judges, max(1, min(fair, min(PIECE_BYTES, room // 4) // table)))
    alone = None if finder is None else replace(finder, found=())
    shared = ray.put((load, stretches, samples[0], comparison, share, alone))
    for scored in _run_in_order(_submit_stretches(shared, stretches), workers):
        for sample, scores, burnt_out in scored:
            yield Scored(sample, torch.tensor(scores), burnt_out)


def _submit_stretches(shared: Any, stretches: Stretches) -> Iterator[Any]:
    """Hand out stretches, and give each slice that is complete with them."""
    threads = torch.get_num_threads()
    needed = stretches.count_needed()
    pieces: dict[int, list[Any]] = {}
    upcoming = 0
    for stretch in range(stretches.number):
        touched = stretches.slices_of(stretch)
        found: Any = _compare_stretch.options(num_returns=len(touched)).remote(shared, stretch, threads)
        for index, piece in zip(touched, found if len(touched) > 1 else [found], strict=True):
            pieces.setdefault(index, []).append(piece)
        while upcoming < stretches.number and needed[upcoming] <= stretch + 1:
            yield _score_slice.remote(shared, upcoming, threads, *pieces.pop(upcoming))
            upcoming += 1


@ray.remote(num_cpus=1, max_retries=RETRIES)
def _compare_stretch(shared: Any, stretch: int, threads: int) -> Any:
    torch.set_num_threads(threads)
    load, stretches, first, comparison, _, _ = shared
    pieces = [tuple(piece) for piece in stretches.compare(load, stretch, first, comparison)]
    return tuple(pieces) if len(pieces) > 1 else pieces[0]


@ray.remote(num_cpus=1, max_retries=RETRIES)
def _score_slice(shared: Any, index: int, threads: int, *pieces: Any) -> list[tuple[int, Any, Any]]:
    torch.set_num_threads(threads)
    _, stretches, _, _, share, finder = shared
    scored = []
    for sample, to_others in stretches.complete(index, [Piece(*piece) for piece in pieces]):
        found = score_sample(sample, to_others, share, finder)
        scored.append((found.sample, found.scores.numpy(), found.burnt_out))
    return scored


# Both


def _run_in_order(submitted: Iterable[Any], workers: int) -> Iterator[Any]:
    """Yield what comes of work in the order in which it is handed out, some of it ahead.

    Raises:
        InspectorError: a worker was killed again and again, or the cluster is gone.
    """
    waiting: deque[Any] = deque()
    try:
        for one in submitted:
            waiting.append(one)
            if len(waiting) > AHEAD * workers:
                yield _fetch(waiting.popleft())
        while waiting:
            yield _fetch(waiting.popleft())
    finally:
        for one in waiting:
            ray.cancel(one, force=True, recursive=True)


def _fetch(one: Any) -> Any:
    try:
        idle = 0.0
        while not ray.wait([one], timeout=PATIENCE)[0]:
            idle = idle + PATIENCE if not _has_workers() else 0.0
            if idle >= LONELY:
                raise InspectorError("the cluster has no workers any more; start some, `resume` finishes the run")
        return ray.get(one)
    except TaskCancelledError as error:
        raise InspectorError("the cluster stopped the work; `resume` goes on with it") from error
    except RayTaskError as error:
        raise error.cause from None
    except RayError as error:
        told = str(error).strip().splitlines()[0]
        raise InspectorError(
            f"the cluster cannot go on: {told}; when its workers are there again, `resume` finishes the run"
        ) from error


def _has_workers() -> bool:
    return bool(_list_machines())


def _list_machines() -> list[Any]:
    """List the machines that have workers."""
    return [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]  # type: ignore[no-untyped-call]


def _count_workers() -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))  # type: ignore[no-untyped-call]


def _count_beside() -> int:
    """How many workers share the memory of one machine, at most."""
    counts = [node["Resources"].get("CPU", 1) for node in ray.nodes() if node["Alive"]]  # type: ignore[no-untyped-call]
    return max(1, int(max(counts, default=1)))
