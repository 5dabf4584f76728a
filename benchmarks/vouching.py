"""What it gives that a patch vouches for others no better than it is vouched for itself; prints a markdown table.

python -m benchmarks.vouching DATASET [DATASET ...] [--most N] [--planted SEED | --few SEED] [--turned]
    [--metric FILE] [--rounds 8] [--every 1] [--around 0.3] [--odd 0.25] [--draws 1000] [--threads 2]

A dataset is a folder in a layout with labels. Mutual scoring takes the mean m of the lowest three tenths of a patch's
distances to the nearest patches of the others. Here each distance counts at least as much as the score of the patch
that it leads to, which is found again from that, `--rounds` times (v): parts with the same defect then vouch for each
other the less, the fewer they are. Only the oddest patches of each part (`--odd`, a share of them) are looked at, as
those that are vouched for and as those that vouch. The score is v x (m / mean of all distances) ** every x (m / m
around the patch) ** around; 0 and 0 leave v. The features are those of the default, with the subspace where parts lie
alike, without poses; both sides of the table have it. Columns as in `benchmarks.subspace`, which has the other options.
"""

import argparse
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.leave_out import AFTER, CHOICES, Result
from benchmarks.poses import load_features, make_parser, map_passes, summarise, write_row
from benchmarks.subspace import add_draws, load_chosen
from inspector.presets import EMBEDDED
from inspector.scoring.distances import distances
from inspector.scoring.judges import all_others
from inspector.scoring.mutual import lowest_mean
from inspector.scoring.subspace import ALIGNED, find_subspace, measure_alignment

ROUNDING = 1e-3
"""A distance this much longer than the shortest may be the shortest one."""


class Vouched(NamedTuple):
    """Of the patches of a batch, (N, P) each: means of their lowest distances and of all, and what these are where each
    counts at least as much as the score of the patch that it leads to."""

    lowest: Tensor
    every: Tensor
    vouched: Tensor


def measure_vouched(features: Tensor, *, odd: float, rounds: int) -> Vouched:
    """Measure a batch of features (N, P, C) of length 1; see the head of this file for `odd` and `rounds`."""
    count, patches, channels = features.shape
    number = max(1, round(odd * patches))
    lowest, every = torch.zeros(count, patches), torch.zeros(count, patches)
    chosen = torch.zeros(count, number, dtype=torch.int64)
    apart = torch.zeros(count, count - 1, number)
    for sample, to_others in distances(features.__getitem__, range(count), all_others(count)):
        lowest[sample], every[sample] = lowest_mean(to_others, EMBEDDED.share), to_others.mean(dim=0)
        chosen[sample] = lowest[sample].topk(number).indices
        apart[sample] = to_others[:, chosen[sample]]
    vouchers = _find_vouchers(features.gather(1, chosen[..., None].expand(-1, -1, channels)), apart)
    scores = lowest.gather(1, chosen)
    for _ in range(rounds):
        of_vouchers = F.pad(scores.flatten(), (0, 1))[vouchers]  # 0 for those that are not odd
        scores = torch.stack([lowest_mean(each, EMBEDDED.share) for each in torch.maximum(apart, of_vouchers)])
    return Vouched(lowest, every, lowest.scatter(1, chosen, scores))


def _find_vouchers(odd: Tensor, apart: Tensor) -> Tensor:
    """Find which odd patch of each other sample is the nearest one of all its patches.

    Args:
        odd: (N, B, C), the odd patches of each sample.
        apart: (N, N - 1, B), their distances to the nearest patches of the others.

    Returns:
        (N, N - 1, B) int64, numbers among the N x B odd patches; N x B where the nearest patch is not odd.
    """
    count, number, channels = odd.shape
    none, flat = count * number, odd.reshape(-1, channels)
    vouchers = torch.full(apart.shape, none)
    for sample, own in enumerate(odd):
        likeness, place = (own @ flat.T).view(number, count, number).max(dim=2)
        others = torch.arange(count) != sample
        length = (2 - 2 * likeness.T[others]).clamp_min(0).sqrt()
        numbers = place.T[others] + number * torch.arange(count)[others][:, None]
        vouchers[sample] = torch.where(length <= apart[sample] + ROUNDING, numbers, none)
    return vouchers


def weigh(found: Vouched, every: float, around: float) -> Tensor:
    """Return the scores of patches (N, P) on a square grid; see the head of this file."""
    count, patches = found.lowest.shape
    side = round(patches**0.5)
    logs = found.lowest.clamp_min(1e-3).log()
    beside = F.avg_pool2d(logs.view(count, 1, side, side), 3, 1, 1, count_include_pad=False).view(count, patches)
    factor = every * (logs - found.every.clamp_min(1e-3).log()) + around * (logs - beside)
    return found.vouched * factor.exp()


def measure(dataset: Dataset, arguments: argparse.Namespace) -> tuple[list[Result], bool]:
    """Score a set as the default does, and by what vouches; and tell whether its parts lie alike."""
    plain, weighed, alike = list[Tensor](), list[Tensor](), None
    for size in CHOICES[AFTER]:
        passes = [load_features(dataset, wanted) for wanted in size.features()]
        places = range(len(passes[0]))
        if alike is None:  # by the first features
            alike = measure_alignment(passes[0].__getitem__, places) > ALIGNED
        found = [measure_vouched(each, odd=arguments.odd, rounds=arguments.rounds) for each in passes]
        sides = (
            [each.lowest for each in found],
            [weigh(each, arguments.every, arguments.around) for each in found],
        )
        for maps, scores in zip((plain, weighed), sides, strict=True):
            maps.append(map_passes(scores, size))
            if alike:
                spaces = [find_subspace(each.__getitem__, places) for each in passes]
                left = [
                    torch.stack([space.measure(each[place]) for place in places])
                    for space, each in zip(spaces, passes, strict=True)
                ]
                maps[-1] = torch.lerp(maps[-1], map_passes(left, size), EMBEDDED.subspace)
    embeddings = dataset.tokens(CHOICES[AFTER][0].size, 3)[1]
    return [summarise(dataset, torch.stack(maps).mean(dim=0), embeddings) for maps in (plain, weighed)], bool(alike)


def main() -> None:
    """Print one table."""
    parser = make_parser(__doc__ or "")
    add_draws(parser)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--every", type=float, default=1)
    parser.add_argument("--around", type=float, default=0.3)
    parser.add_argument("--odd", type=float, default=0.25)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print("| set | alike | as it is | by what vouches | after re-scoring | before | pixel AP |")
    print("|---|---|---|---|---|---|---|")
    for folder in arguments.datasets:
        dataset = load_chosen(folder, arguments)
        results, alike = measure(dataset, arguments)
        print(write_row(folder.name, results, "yes" if alike else "no", arguments.draws), flush=True)


if __name__ == "__main__":
    main()
