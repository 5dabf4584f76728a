"""The method written down literally from its equations: slow, plain, the oracle of the tests."""

import math

import torch
from torch import Tensor


def lnamd(tokens: Tensor, degree: int) -> Tensor:
    """LNAMD patch by patch: (N, rows, cols, C) -> (N, P, C)."""
    count, rows, cols, channels = tokens.shape
    reach = degree // 2
    result = torch.zeros(count, rows * cols, channels)
    for n in range(count):
        image = tokens[n]
        image = (image - image.mean()) / torch.sqrt(image.var(unbiased=False) + 1e-5)
        for row in range(rows):
            for col in range(cols):
                total = torch.zeros(channels)
                for r in range(row - reach, row + reach + 1):
                    for c in range(col - reach, col + reach + 1):
                        if 0 <= r < rows and 0 <= c < cols:
                            total += image[r, c]
                mean = total / degree**2
                result[n, row * cols + col] = mean / mean.norm().clamp(min=1e-12)
    return result


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


def grid_maps(scores: Tensor, grid: tuple[int, int], size: tuple[int, int]) -> Tensor:
    """Bilinear interpolation with aligned corners pixel by pixel: (N, P) -> (N, H, W)."""
    (rows, cols), (height, width) = grid, size
    planes = scores.reshape(-1, rows, cols)
    result = torch.zeros(len(scores), height, width, dtype=scores.dtype)
    for y in range(height):
        for x in range(width):
            v = y * (rows - 1) / (height - 1) if height > 1 else 0.0
            u = x * (cols - 1) / (width - 1) if width > 1 else 0.0
            top, left = min(int(v), max(rows - 2, 0)), min(int(u), max(cols - 2, 0))
            bottom, right = min(top + 1, rows - 1), min(left + 1, cols - 1)
            dv, du = v - top, u - left
            upper = planes[:, top, left] * (1 - du) + planes[:, top, right] * du
            lower = planes[:, bottom, left] * (1 - du) + planes[:, bottom, right] * du
            result[:, y, x] = upper * (1 - dv) + lower * dv
    return result
