"""Scoring written down literally from its equations: slow, plain, the oracle of the tests."""

import math

import torch
from torch import Tensor


def mutual_scores(features: Tensor, share: float = 0.3) -> Tensor:
    """MSM image by image with torch.cdist: (N, P, C) -> (N, P)."""
    count = len(features)
    neighbours = max(1, int((count - 1) * share))
    scores = []
    for i in range(count):
        distances = [torch.cdist(features[i], features[j]).min(dim=1).values for j in range(count) if j != i]
        lowest = torch.stack(distances, dim=1).sort(dim=1).values[:, :neighbours]  # (P, k)
        scores.append(lowest.mean(dim=1))
    return torch.stack(scores)


def judged_scores(features: Tensor, judges: dict[int, list[int]], share: float = 0.3) -> dict[int, Tensor]:
    """MSM of some samples, each with judges of its own: (N, P, C) -> (P,) of each."""
    scores = {}
    for sample, others in judges.items():
        rows = [torch.cdist(features[sample], features[other]).min(dim=1).values for other in others]
        count = max(1, int(len(others) * share))
        scores[sample] = torch.stack(rows).sort(dim=0).values[:count].mean(dim=0)
    return scores


def mutual_scores_nearby(features: Tensor, grid: tuple[int, int], radius: int, share: float = 0.3) -> Tensor:
    """MSM among patches at most `radius` rows and columns apart, patch by patch: (N, P, C) -> (N, P)."""
    count, (rows, cols) = len(features), grid
    neighbours = max(1, int((count - 1) * share))
    result = torch.zeros(features.shape[:2])
    for row in range(rows):
        for col in range(cols):
            near = [
                r * cols + c
                for r in range(max(0, row - radius), min(rows, row + radius + 1))
                for c in range(max(0, col - radius), min(cols, col + radius + 1))
            ]
            for i in range(count):
                patch = features[i, row * cols + col]
                nearest = sorted(float((features[j, near] - patch).norm(dim=1).min()) for j in range(count) if j != i)
                result[i, row * cols + col] = math.fsum(nearest[:neighbours]) / neighbours
    return result


def rescore(scores: Tensor, embeddings: Tensor, windows: tuple[int, ...]) -> Tensor:
    """RsCIN sample by sample: (N,), (N, D) -> (N,)."""
    low, high = float(scores.min()), float(scores.max())
    scaled = [(float(s) - low) / (high - low) if high > low else 0.0 for s in scores]
    result = []
    for i in range(len(scaled)):
        means = []
        for window in windows:
            by_similarity = sorted(
                ((float(embeddings[i] @ embeddings[j]), j) for j in range(len(scaled))), reverse=True
            )[:window]
            total = math.fsum(weight for weight, _ in by_similarity)
            means.append(math.fsum(weight * scaled[j] for weight, j in by_similarity) / total)
        result.append(math.fsum(means) / len(means))
    return torch.tensor(result, dtype=scores.dtype)


def grid_maps(scores: Tensor, grid: tuple[int, int], size: tuple[int, int], alignment: str) -> Tensor:
    """Bilinear interpolation pixel by pixel: (N, P) -> (N, H, W)."""
    (rows, cols), (height, width) = grid, size
    planes = scores.reshape(-1, rows, cols)
    result = torch.zeros(len(scores), height, width, dtype=scores.dtype)
    for y in range(height):
        for x in range(width):
            if alignment == "corners":
                v = y * (rows - 1) / (height - 1) if height > 1 else 0.0
                u = x * (cols - 1) / (width - 1) if width > 1 else 0.0
            else:
                v = min(max((y + 0.5) * rows / height - 0.5, 0.0), rows - 1.0)
                u = min(max((x + 0.5) * cols / width - 0.5, 0.0), cols - 1.0)
            top, left = min(int(v), max(rows - 2, 0)), min(int(u), max(cols - 2, 0))
            bottom, right = min(top + 1, rows - 1), min(left + 1, cols - 1)
            dv, du = v - top, u - left
            upper = planes[:, top, left] * (1 - du) + planes[:, top, right] * du
            lower = planes[:, bottom, left] * (1 - du) + planes[:, bottom, right] * du
            result[:, y, x] = upper * (1 - dv) + lower * dv
    return result


def tile_maps(
    scores: Tensor, grid: tuple[int, int], tiles: tuple[int, int], size: tuple[int, int], alignment: str
) -> Tensor:
    """Maps of tiles overlapping by a quarter, value by value: (N, K x P) -> (N, h, w); from 8 patches a side."""
    (rows, cols), (height, width) = grid, size
    down, across = tiles
    planes = scores.reshape(-1, down, across, rows, cols)
    result = torch.zeros(len(scores), height, width, dtype=scores.dtype)
    for y in range(height):
        for x in range(width):
            last_v, last_u = ((n - 1) * patches * 0.75 + patches - 1 for n, patches in zip(tiles, grid, strict=True))
            if alignment == "corners":
                v, u = y * last_v / (height - 1), x * last_u / (width - 1)
            else:
                v = min(max((y + 0.5) * (last_v + 1) / height - 0.5, 0.0), last_v)
                u = min(max((x + 0.5) * (last_u + 1) / width - 0.5, 0.0), last_u)
            total = 0.0
            for r in range(down):
                for c in range(across):
                    weight = _tile_share(v, r, down, rows) * _tile_share(u, c, across, cols)
                    if weight > 0:
                        inside = (v - r * rows * 0.75, u - c * cols * 0.75)
                        result[:, y, x] += weight * _bilinear(planes[:, r, c], *inside)
                        total += weight
            result[:, y, x] /= total
    return result


def _tile_share(place: float, tile: int, tiles: int, patches: int) -> float:
    """A tile's weight: 0 at its first and last patch where it has a neighbour, 1 beyond the neighbour's last patch."""
    into, left = place - tile * patches * 0.75, tile * patches * 0.75 + patches - 1 - place
    overlap = patches / 4 - 1
    share = min(1.0, into / overlap) if tile > 0 else 1.0
    share = min(share, left / overlap) if tile < tiles - 1 else share
    return share if into > -1e-9 and left > -1e-9 else 0.0


def _bilinear(planes: Tensor, row: float, col: float) -> Tensor:
    rows, cols = planes.shape[1:]
    row, col = min(max(row, 0.0), rows - 1), min(max(col, 0.0), cols - 1)
    top, left = min(int(row), rows - 2), min(int(col), cols - 2)
    dv, du = row - top, col - left
    upper = planes[:, top, left] * (1 - du) + planes[:, top, left + 1] * du
    lower = planes[:, top + 1, left] * (1 - du) + planes[:, top + 1, left + 1] * du
    return upper * (1 - dv) + lower * dv


def match_ranks(values: list[float], targets: list[float]) -> list[float]:
    """Value by value: the k-th smallest becomes the k-th smallest of the targets."""
    order = torch.tensor(values).sort().indices.tolist()
    result = [0.0] * len(values)
    for place, target in zip(order, sorted(targets), strict=True):
        result[place] = target
    return result


def strengthen(own: Tensor, carried: Tensor, covered: list[bool]) -> Tensor:
    """CAE of one modality of one sample, row by row: (R, K), (R, K), (R,) -> (R, K)."""
    rows, others = own.shape
    spread = [0.0] * rows
    if others > 1:
        spread = match_ranks(carried.std(dim=1).tolist(), own.std(dim=1).tolist())
    kept = [row for row in range(rows) if covered[row]]
    matched = match_ranks(carried[kept].flatten().tolist(), own[kept].flatten().tolist())
    strengthened = []
    for row in range(rows):
        for j in range(others):
            value = float(own[row, j])
            if covered[row]:
                value = max(value, matched[kept.index(row) * others + j])
            strengthened.append(value * (1 - spread[row]))
    ranked = torch.tensor(match_ranks(strengthened, own.flatten().tolist()))
    return (own + ranked.view(rows, others)) / 2


def cross_modal_scores(
    grid_features: Tensor,
    point_features: Tensor,
    center_pixels: Tensor,
    grid: tuple[int, int],
    image_size: tuple[int, int],
    share: float = 0.3,
) -> tuple[Tensor, Tensor]:
    """CAE sample by sample, patch by patch, group by group: -> (N, P), (N, G)."""
    count = len(grid_features)
    neighbours = max(1, int((count - 1) * share))
    (rows, cols), (height, width) = grid, image_size
    results: tuple[list[Tensor], list[Tensor]] = ([], [])
    for i in range(count):
        patches, groups = (
            torch.stack([torch.cdist(f[i], f[j]).min(dim=1).values for j in range(count) if j != i], dim=1)
            for f in (grid_features, point_features)
        )
        cells = [
            (pixel // width) * rows // height * cols + pixel % width * cols // width
            for pixel in center_pixels[i].tolist()
        ]
        to_patches, covered = torch.zeros_like(patches), [False] * len(patches)
        for patch in range(len(patches)):
            if inside := [group for group, cell in enumerate(cells) if cell == patch]:
                to_patches[patch], covered[patch] = groups[inside].mean(dim=0), True
        to_groups = torch.stack([patches[cell] for cell in cells])
        for result, values in zip(
            results,
            (strengthen(patches, to_patches, covered), strengthen(groups, to_groups, [True] * len(groups))),
            strict=True,
        ):
            result.append(values.sort(dim=1).values[:, :neighbours].mean(dim=1))
    return torch.stack(results[0]), torch.stack(results[1])


def point_scores(scores: Tensor, centers: Tensor, points: Tensor) -> Tensor:
    """Interpolation from the three nearest centres, point by point: (G,), (G, 3), (M, 3) -> (M,)."""
    result = []
    for point in points.double():
        squares = (centers.double() - point).square().sum(dim=1)
        nearest = squares.argsort(stable=True)[:3]
        if squares[nearest[0]] == 0:
            result.append(scores[nearest[0]].double())
            continue
        weights = 1 / squares[nearest]
        result.append((weights * scores[nearest]).sum() / weights.sum())
    return torch.stack(result).to(scores)
