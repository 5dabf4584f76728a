"""The features written down literally from their equations: slow, plain, the oracle of the tests."""

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


def snamd_grid(tokens: Tensor, degrees: tuple[int, ...]) -> Tensor:
    """SNAMD patch by patch: (N, rows, cols, C) -> (N, P, C)."""
    count, rows, cols, channels = tokens.shape
    result = torch.zeros(count, rows * cols, channels)
    for n in range(count):
        for row in range(rows):
            for col in range(cols):
                center, means = tokens[n, row, col], []
                for degree in degrees:
                    reach = degree // 2
                    total, weights = torch.zeros(channels), 0.0
                    for r in range(row - reach, row + reach + 1):
                        for c in range(col - reach, col + reach + 1):
                            inside = 0 <= r < rows and 0 <= c < cols
                            token = tokens[n, r, c] if inside else torch.zeros(channels)
                            weight = float(torch.exp(-(token - center).norm()))
                            total, weights = total + weight * token, weights + weight
                    means.append(total / weights)
                mean = torch.stack(means).mean(dim=0)
                result[n, row * cols + col] = mean / mean.norm().clamp(min=1e-12)
    return result


def snamd_points(
    tokens: Tensor, centers: Tensor, curvature: Tensor, degrees: tuple[int, ...], flat: float = 0.01
) -> Tensor:
    """SNAMD group by group: (G, C), (G, 3), (G,) -> (G, C)."""
    unit = [token / token.norm().clamp(min=1e-12) for token in tokens]
    result = []
    for group, own in enumerate(unit):
        if curvature[group] >= flat:
            result.append(own)
            continue
        by_distance = sorted(range(len(unit)), key=lambda g: float((centers[g] - centers[group]).norm()))
        channels: list[Tensor] = []
        for degree in degrees:
            near = [unit[g] for g in by_distance[:degree]]
            weights = [float(torch.exp(-(token - own).norm())) for token in near]
            mean = sum((w * token for w, token in zip(weights, near, strict=True)), torch.zeros_like(own))
            channels += (mean / sum(weights)).tolist()
        wide = len(degrees)
        pooled = [sum(channels[c * wide : (c + 1) * wide]) / wide for c in range(len(own))]
        result.append(torch.tensor(pooled))
    return torch.stack(result)


def point_mae(weights: dict[str, Tensor], points: Tensor, centers: Tensor, heads: int) -> list[Tensor]:
    """Point-MAE's encoder for one cloud with the official names: (G, S, 3), (G, 3) -> (G, C) after each block."""

    def linear(name: str, x: Tensor) -> Tensor:
        result = torch.einsum("oi,...i->...o", weights[f"{name}.weight"].flatten(1), x)
        return result + weights[f"{name}.bias"] if f"{name}.bias" in weights else result

    def batch_norm(name: str, x: Tensor) -> Tensor:
        scale = weights[f"{name}.weight"] / torch.sqrt(weights[f"{name}.running_var"] + 1e-5)
        return (x - weights[f"{name}.running_mean"]) * scale + weights[f"{name}.bias"]

    def layer_norm(name: str, x: Tensor) -> Tensor:
        mean, variance = x.mean(dim=-1, keepdim=True), x.var(dim=-1, keepdim=True, unbiased=False)
        return (x - mean) / torch.sqrt(variance + 1e-5) * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def gelu(x: Tensor) -> Tensor:
        return x * 0.5 * (1 + torch.erf(x / 2**0.5))

    def convolutions(name: str, x: Tensor) -> Tensor:
        return linear(f"{name}.3", batch_norm(f"{name}.1", linear(f"{name}.0", x)).clamp(min=0))

    def attention(name: str, x: Tensor) -> Tensor:
        mixed = []
        query, key, value = linear(f"{name}.qkv", x).chunk(3, dim=-1)
        for q, k, v in zip(query.chunk(heads, -1), key.chunk(heads, -1), value.chunk(heads, -1), strict=True):
            strength = torch.einsum("gc,hc->gh", q, k) / q.shape[-1] ** 0.5
            mixed.append(torch.einsum("gh,hc->gc", strength.softmax(dim=-1), v))
        return linear(f"{name}.proj", torch.cat(mixed, dim=-1))

    local = convolutions("encoder.first_conv", points)
    whole = local.max(dim=1, keepdim=True).values.expand_as(local)
    tokens = convolutions("encoder.second_conv", torch.cat([whole, local], dim=-1)).max(dim=1).values
    places = linear("pos_embed.2", gelu(linear("pos_embed.0", centers)))
    results: list[Tensor] = []
    while f"blocks.blocks.{len(results)}.norm1.weight" in weights:
        block = f"blocks.blocks.{len(results)}"
        tokens = tokens + places
        tokens = tokens + attention(f"{block}.attn", layer_norm(f"{block}.norm1", tokens))
        hidden = gelu(linear(f"{block}.mlp.fc1", layer_norm(f"{block}.norm2", tokens)))
        tokens = tokens + linear(f"{block}.mlp.fc2", hidden)
        results.append(layer_norm("norm", tokens))
    return results
