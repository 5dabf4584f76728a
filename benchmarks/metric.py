"""A metric for patches, learnt from made-up batches: learns it, and says what it changes; prints a markdown table.

python -m benchmarks.metric learn FILE [--batches 200] [--sets DATASET ...] [--steps 500] [--seed 0] [--threads 2]
python -m benchmarks.metric measure DATASET [DATASET ...] --metric FILE [--most N]
    [--planted SEED | --few SEED] [--draws 1000] [--threads 2]

`learn` makes batches of surfaces and parts with planted defects (`benchmarks/made_batches.py`; no photo was taken for
it) and, where sets are given, loads these with their own defects and with planted ones; half of the steps then draw of
them. It learns a matrix (C, C) by which features are multiplied before they are brought to length 1 again: mutual
scores of defective patches shall lie above those of good ones, and defective photos above good ones. It is kept near
the identity. FILE is that of numpy, (C, C) float32; `inspector/features/metric.npy` was made so.

`measure` compares mutual scoring of the default's features with and without it, as `benchmarks.subspace` does.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.leave_out import AFTER, CHOICES, Result
from benchmarks.made_batches import make_batch
from benchmarks.planted import Mask
from benchmarks.poses import load_features, map_passes, summarise, write_row
from benchmarks.subspace import add_draws, load_drawn
from inspector.data.photos import fit_photo
from inspector.features.aggregation import join_layers, lnamd_mean
from inspector.features.backbones import load_backbone
from inspector.presets import EMBEDDED
from inspector.scoring.distances import distances
from inspector.scoring.judges import all_others
from inspector.scoring.mutual import lowest_mean

SIZE = 256
EPISODE = 20
"""Photos that are compared in a step."""

SOFT = 0.1
"""How soft the ranking is, as a part of the median score."""

PART = 0.5
"""Of the way to what was learnt: all of it outlines better still, but harms two of nine sets not learnt from."""

NEAR = 0.01
"""Weight of the squared distance from the identity."""

PLANTED = (7, 10, 11)
"""Seeds of planted defects to learn from; others are there to measure."""

Batch = tuple[Tensor, Tensor, Tensor]
"""Features (N, P, C), which photos are defective (N,), and the share of each patch that is, (N, P), -1 = unknown."""


def load_batch(seed: int) -> Batch:
    """Make a batch and its features: those of the first pass of the default, or of the second where `seed` is odd."""
    photos, masks, bad = make_batch(seed)
    backbone = load_backbone(EMBEDDED.backbone, image_size=SIZE, layers=EMBEDDED.layers)
    squares = torch.from_numpy(np.stack([fit_photo(photo, SIZE) for photo in photos]))
    shift = SIZE // 32 * (seed % 2)
    given = F.pad(squares.permute(0, 3, 1, 2) / 255, (shift, 0, shift, 0), mode="reflect")[..., :SIZE, :SIZE]
    layers = backbone.tokens(given)[0]
    covered = _cover(masks, layers[0].shape[1])
    return lnamd_mean(join_layers(layers), EMBEDDED.degrees).half(), torch.from_numpy(bad), covered


def load_set(folder: Path) -> list[Batch]:
    """Load a set with labels: up to 80 photos as they are, and its good ones with planted defects, three draws.

    Where a set has no masks, nothing is said of its patches: -1 in place of shares.
    """
    batches = []
    for seed in (None, *PLANTED):
        dataset = load_drawn(folder, 80 if seed is None else None, planted=seed)
        known = bool(np.any(dataset.masks))
        for wanted in CHOICES[AFTER][0].features():
            covered = _cover(dataset.masks, wanted.size // wanted.patch) - float(not known)
            batches.append((load_features(dataset, wanted).half(), torch.from_numpy(dataset.labels), covered))
    return batches


def _cover(masks: Sequence[Mask], grid: int) -> Tensor:
    """Return the share of each patch that is defective, (N, P)."""
    shares = [cv2.resize(mask.astype(np.float32), (grid, grid), interpolation=cv2.INTER_AREA) for mask in masks]
    return torch.from_numpy(np.stack(shares)).flatten(1)


def learn(made: Sequence[Batch], real: Sequence[Batch], steps: int, seed: int) -> Tensor:
    """Learn the matrix (C, C) float32, with Adam, one draw of a batch a step: of the made or the real ones.

    It is the mean of those after each step of the second half, so that single draws have little say, and `PART` of the
    way from the identity to it.
    """
    chance = np.random.default_rng(seed)
    sources = [source for source in (made, real) if source]
    identity = torch.eye(sources[0][0][0].shape[2])
    matrix = identity.clone().requires_grad_()
    optimiser = torch.optim.Adam([matrix], lr=1e-3)
    total = torch.zeros_like(identity)
    for step in range(steps):
        source = sources[int(chance.integers(len(sources)))]
        features, bad, covered = source[int(chance.integers(len(source)))]
        count = max(2, round(float(chance.choice([0.1, 0.25, 0.4])) * EPISODE))
        good, odd = (chance.permutation(np.flatnonzero(bad == wanted)) for wanted in (False, True))
        chosen = torch.from_numpy(np.concatenate([good[: EPISODE - count], odd[:count]]))
        scores = _score(F.normalize(features[chosen].float() @ matrix, dim=2))
        loss = _rank(scores, bad[chosen], covered[chosen]) + NEAR * (matrix - identity).square().sum()
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        if step >= steps // 2:
            total += matrix.detach()
    return torch.lerp(identity, total / (steps - steps // 2), PART)


def _score(features: Tensor) -> Tensor:
    """Score patches (N, P, C) mutually, (N, P), as `inspector.scoring.mutual` does, but so that gradients flow."""
    count, patches, channels = features.shape
    flat = features.reshape(-1, channels)
    likest = (flat @ flat.T).view(count * patches, count, patches).amax(dim=2)
    apart = (2 - 2 * likest).clamp_min(1e-4).sqrt()
    own = F.one_hot(torch.arange(count).repeat_interleave(patches), count).bool()
    judges = max(1, round(EMBEDDED.share * (count - 1)))
    return apart.masked_fill(own, 9).topk(judges, dim=1, largest=False).values.mean(dim=1).view(count, patches)


def _rank(scores: Tensor, bad: Tensor, covered: Tensor) -> Tensor:
    """Return by how much good photos and patches lie above defective ones, as a part of the median score."""
    scores = scores / scores.detach().median()
    photos = scores.topk(max(1, round(scores.shape[1] / 100)), dim=1).values.mean(dim=1)
    loss = SOFT * F.softplus((photos[~bad][None] - photos[bad][:, None]) / SOFT).mean()
    odd, usual = scores[covered > 0.5], scores[covered == 0]
    if len(odd):
        highest = usual.topk(max(8, len(usual) // 20)).values
        loss = loss + SOFT * F.softplus((highest[None] - odd[:, None]) / SOFT).mean()
    return loss


def measure(dataset: Dataset, matrix: Tensor) -> list[Result]:
    """Score a set without and with the matrix."""
    changes: list[Callable[[Tensor], Tensor]] = [lambda given: given, lambda given: F.normalize(given @ matrix, dim=2)]
    results = []
    for change in changes:
        maps = []
        for size in CHOICES[AFTER]:
            passes = [_compare(change(load_features(dataset, wanted))) for wanted in size.features()]
            maps.append(map_passes(passes, size))
        results.append(summarise(dataset, torch.stack(maps).mean(dim=0), dataset.tokens(SIZE, 3)[1]))
    return results


def _compare(features: Tensor) -> Tensor:
    scores = torch.zeros(features.shape[:2])
    for sample, to_others in distances(features.__getitem__, range(len(features)), all_others(len(features))):
        scores[sample] = lowest_mean(to_others, EMBEDDED.share)
    return scores


def main() -> None:
    """Learn, or print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True, dest="command")
    learning = commands.add_parser("learn")
    learning.add_argument("file", type=Path)
    learning.add_argument("--batches", type=int, default=200)
    learning.add_argument("--sets", nargs="*", type=Path, default=[])
    learning.add_argument("--steps", type=int, default=500)
    learning.add_argument("--seed", type=int, default=0)
    measuring = commands.add_parser("measure")
    measuring.add_argument("datasets", nargs="+", type=Path)
    measuring.add_argument("--metric", type=Path, required=True)
    measuring.add_argument("--most", type=int)
    add_draws(measuring)
    measuring.add_argument("--draws", type=int, default=1000)
    for command in (learning, measuring):
        command.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.command == "learn":
        made = [load_batch(seed) for seed in range(arguments.batches)]
        real = [batch for folder in arguments.sets for batch in load_set(folder)]
        np.save(arguments.file, learn(made, real, arguments.steps, arguments.seed).numpy())
        return
    matrix = torch.from_numpy(np.load(arguments.metric))
    print("| set | photos | mutual scoring | with the metric | after re-scoring | before | pixel AP |")
    print("|---|---:|---|---|---|---|---|")
    for folder in arguments.datasets:
        dataset = load_drawn(folder, arguments.most, planted=arguments.planted, few=arguments.few)
        count = str(len(dataset.labels))
        print(write_row(folder.name, measure(dataset, matrix), count, arguments.draws), flush=True)


if __name__ == "__main__":
    main()
