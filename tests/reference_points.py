"""The steps for point clouds, literally from their equations: slow, plain, the oracle of the tests."""

import torch
from torch import Tensor


def farthest_point_sampling(points: Tensor, groups: int) -> list[int]:
    """Point by point: (M, 3) -> indices."""
    chosen = [0]
    nearest = torch.full((len(points),), torch.inf)
    while len(chosen) < groups:
        nearest = torch.minimum(nearest, (points - points[chosen[-1]]).square().sum(dim=1))
        chosen.append(int(nearest.argmax()))
    return chosen


def curvature(neighbours: Tensor) -> float:
    """Smallest eigenvalue's share of the covariance of (K, 3) points, given relative to their centre."""
    scaled = neighbours.double() / neighbours.double().norm(dim=1).max()
    eigenvalues = torch.linalg.eigvalsh(torch.cov(scaled.T, correction=0))
    return float(eigenvalues[0] / eigenvalues.sum())


def group_points(
    points: Tensor, *, groups: int, size: int, step: int, flat: float = 0.01
) -> tuple[list[int], list[list[int]], list[float]]:
    """IPG centre by centre: centres, sorted members and curvature of each group."""
    centers = farthest_point_sampling(points, groups)
    members, curvatures = [], []
    for center in centers:
        squares = (points - points[center]).square().sum(dim=1)
        nearest = squares.argsort(stable=True)[: 2 * size].tolist()
        curvatures.append(curvature(points[nearest[1:size]] - points[center]))
        if curvatures[-1] < flat:
            members.append(sorted(nearest[:size]))
            continue
        group = nearest[:step]
        while len(group) < size:
            candidates = [point for point in nearest if point not in group]
            distances = torch.cdist(points[group], points[candidates]).flatten()
            entries = distances.topk(min(step, size - len(group)), largest=False).indices
            group = group + [candidates[entry % len(candidates)] for entry in entries.tolist()]
        members.append(sorted(group))
    return centers, members, curvatures
