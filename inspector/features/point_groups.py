"""Groups of neighbouring points: farthest-point sampling and Iterative Point Grouping (IPG, MuSc-V2).

Everything here is computed on the CPU, whatever the device of the points: a KD-tree beats the table of all
distances, the sampling is a chain of dependent steps, and so the groups are the same on every machine.
"""

from dataclasses import dataclass, field

import numpy as np
import torch
from scipy.spatial import KDTree
from torch import Tensor

from inspector.errors import InputError

POOL = 2
"""Growing groups choose among this many times their size of nearest points (MuSc-V2, IPG)."""

CHUNK_VALUES = 1 << 21
"""Distances held at a time while groups grow (8 MB, about a cache); no effect on the result."""


@dataclass(frozen=True, eq=False)
class PointGroups:
    """G groups of `size` points each, as indices into the points they were made from."""

    center_index: Tensor = field(repr=False)
    """(G,) int64: the point each group was started from."""
    members: Tensor = field(repr=False)
    """(G, size) int64, ascending in each row; rough groups may hold a point more than once."""
    curvature: Tensor = field(repr=False)
    """(G,) float32, 0..1/3: 0 = flat."""

    def __post_init__(self) -> None:
        groups = len(self.center_index)
        if self.members.ndim != 2 or len(self.members) != groups or self.curvature.shape != (groups,):
            raise ValueError(
                f"expected members (G, size) and curvature (G,) for {groups} centres, "
                f"but got {tuple(self.members.shape)} and {tuple(self.curvature.shape)}"
            )


def farthest_point_sampling(points: Tensor, groups: int) -> Tensor:
    """Choose points that are spread over a cloud: point 0, then always the one farthest from all chosen.

    Args:
        points: (M, 3) floating, finite, any unit.
        groups: how many points to choose, 1..M.

    Returns:
        (groups,) int64, in the order of choice, on the device of `points`. Of equally far points the first is
        taken; when all distinct points are chosen, point 0 is chosen again.

    Raises:
        ValueError: wrong shape, values that are not finite, `groups` below 1.
        InputError: fewer points than groups.

    Example:
        On a line at 0, 1, 2, 10 three points are chosen in the order 0, 3, 2.
    """
    _check_points(points)
    if groups < 1:
        raise ValueError(f"expected at least one group, but got {groups}")
    if len(points) < groups:
        raise _describe_too_few(len(points), groups, 1)
    x, y, z = np.ascontiguousarray(points.detach().cpu().float().numpy().T)
    nearest = np.full_like(x, np.inf)
    squares, term = np.empty_like(x), np.empty_like(x)
    chosen = np.zeros(groups, dtype=np.int64)
    for i in range(1, groups):
        last = chosen[i - 1]
        np.square(np.subtract(x, x[last], out=squares), out=squares)
        squares += np.square(np.subtract(y, y[last], out=term), out=term)
        squares += np.square(np.subtract(z, z[last], out=term), out=term)
        chosen[i] = np.minimum(nearest, squares, out=nearest).argmax()
    return torch.from_numpy(chosen).to(points.device)


def group_points(
    points: Tensor,
    *,
    groups: int = 1024,
    size: int = 128,
    step: int = 80,
    flat: float = 0.01,
    unique: bool = False,
) -> PointGroups:
    """Group a cloud so that groups follow the surface where it bends (MuSc-V2, Iterative Point Grouping).

    Where the surround of a centre is flat, its group is the nearest `size` points. Elsewhere the group starts
    as the nearest `step` points and takes in, `step` at a time, the points with the smallest distances to any
    member. As published, a point that is close to several members is taken once for each of these distances.

    Args:
        points: (M, 3) floating, finite, any unit.
        groups: number of groups G, their centres chosen by `farthest_point_sampling`.
        size: points in a group, the centre among them.
        step: points a rough group starts from and grows by, 1..size.
        flat: curvature below which a centre counts as flat.
        unique: take every point at most once.

    Returns:
        `PointGroups` on the device of `points`. Of points equally near to a centre the first ones are taken.

    Raises:
        ValueError: wrong shape, values that are not finite, sizes out of range.
        InputError: the cloud has fewer points than groups, or fewer than one group takes.

    Example:
        Points on a line at 0, 1, 2, 10 in one group of 3: members 0, 1, 2 and curvature 0.
    """
    _check_points(points)
    if groups < 1 or size < 2 or not 1 <= step <= size:
        raise ValueError(f"expected groups >= 1, size >= 2, step 1..size, but got {groups}, {size}, {step}")
    if len(points) < max(groups, size):
        raise _describe_too_few(len(points), groups, size)
    cloud = points.detach().cpu().float()
    centers = farthest_point_sampling(cloud, groups)
    pool = _find_nearest(cloud, cloud[centers], min(POOL * size, len(cloud)))  # (G, K)
    curvature = _measure_curvature(cloud[pool[:, 1:size]] - cloud[centers][:, None])
    members = pool[:, :size].clone()
    rough = (curvature >= flat).nonzero().flatten()
    for part in torch.split(rough, max(1, CHUNK_VALUES // (size * pool.shape[1]))):
        members[part] = _grow(cloud, pool[part], size, step, unique)
    device = points.device
    return PointGroups(centers.to(device), members.sort(dim=1).values.to(device), curvature.to(device))


def _check_points(points: Tensor) -> None:
    if points.ndim != 2 or points.shape[1] != 3:
        raise ValueError(f"expected points of shape (M, 3), but got {tuple(points.shape)}")
    if not points.isfinite().all():
        raise ValueError("expected finite points, but some are NaN or infinite; holes must be left out")


def _describe_too_few(count: int, groups: int, size: int) -> InputError:
    points = "1 point" if count == 1 else f"{count} points"
    return InputError(
        f"the cloud has only {points}, too few for {groups} groups of {size}: it needs at least "
        f"{max(groups, size)}; choose fewer or smaller groups, or scan more densely"
    )


def _find_nearest(cloud: Tensor, centers: Tensor, count: int) -> Tensor:
    """Find the points nearest to each centre, nearest first, equally near ones by index: (G, count)."""
    found = KDTree(cloud.numpy()).query(centers.numpy(), count)[1].reshape(len(centers), count)
    pool = torch.from_numpy(np.sort(found, axis=1))
    squares = (cloud[pool] - centers[:, None]).square().sum(dim=2)
    return pool.gather(1, squares.argsort(dim=1, stable=True))


def _measure_curvature(neighbours: Tensor) -> Tensor:
    """Share of the smallest eigenvalue in the covariance of (G, K, 3) points; 0 where all points coincide.

    The published scaling of each neighbourhood by its largest norm drops out of the ratio.
    """
    spread = neighbours.double()
    spread = spread - spread.mean(dim=1, keepdim=True)
    eigenvalues: Tensor = torch.linalg.eigvalsh(spread.mT @ spread).clamp(min=0)  # (G, 3), ascending
    total = eigenvalues.sum(dim=1).clamp(min=torch.finfo(torch.float64).tiny)
    return (eigenvalues[:, 0] / total).float()


def _grow(cloud: Tensor, pool: Tensor, size: int, step: int, unique: bool) -> Tensor:
    """Grow groups from the first `step` points of their pools (B, K) to `size` points: (B, size).

    Distances are those of `torch.cdist` and ties are broken by `topk`, as published: both decide where two
    distances are equal to six digits.
    """
    near = cloud[pool]  # (B, K, 3)
    candidates = near[:, step:]
    taken = torch.zeros_like(pool[:, step:], dtype=torch.bool)
    slots = torch.arange(size).repeat(len(pool), 1)  # positions in the pool
    for start in range(step, size, step):
        end = min(start + step, size)
        members = near.gather(1, slots[:, :start, None].expand(-1, -1, 3))
        distances = torch.cdist(members, candidates).masked_fill_(taken[:, None], torch.inf)
        if unique:
            distances = distances.amin(dim=1, keepdim=True)
        entries = distances.flatten(1).topk(end - start, dim=1, largest=False).indices % candidates.shape[1]
        taken.scatter_(1, entries, True)
        slots[:, start:end] = entries + step
    return pool.gather(1, slots)
