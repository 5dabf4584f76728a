"""CoDeGraph's image graph, literally, as far as its text says (arXiv 2510.10456): what ours is measured beside.

Endurance ratios d_i / d_w say which patches find few near samples; the smallest ones link samples, until every sample
that is linked has been covered; communities of the graph that are far denser than the others are taken for recurring
defects; patches of theirs that depend on the community are scored without it. Louvain's communities of networkx stand
in for Leiden's, whose programs are under the GPL.
"""

from collections.abc import Sequence

import networkx
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inspector.scoring.mutual import lowest_mean

REACH = 0.3
"""w as a share of the samples."""

LINKS = 2
"""Links of the smallest ratios that are taken, for each pair of samples on average a tenth of it."""

FENCE = 4.5
"""Interquartile ranges above the third quartile from which a community's density is an outlier."""

DEPENDENT = 0.99
"""Quantile of the other samples' dependency above which a patch depends on its community."""


def find_communities(tables: Sequence[Tensor]) -> list[NDArray[np.intp]]:
    """Find communities of samples that share recurring defects.

    Args:
        tables: for each set of features (N, N - 1, P), the distances of each patch to the other samples.
    """
    count = len(tables[0])
    weights = np.zeros((count, count))
    others = np.array([[other for other in range(count) if other != sample] for sample in range(count)])
    for table in tables:
        ordered, who = table.sort(dim=1)
        reach = max(2, int(REACH * count))
        ratios = (ordered[:, : reach - 1] / ordered[:, reach - 1 : reach].clamp(min=1e-6)).numpy()
        wanted = min(ratios.size - 1, LINKS * count * count // 10)
        sample, place, patch = np.nonzero(ratios <= np.partition(ratios.ravel(), wanted)[wanted])
        np.add.at(weights, (sample, others[sample, who.numpy()[sample, place, patch]]), 1)
    graph = networkx.from_numpy_array(weights + weights.T)
    found = [np.array(sorted(part)) for part in networkx.community.louvain_communities(graph, seed=0) if len(part) > 2]
    if not found:
        return []
    density = np.array(
        [graph.subgraph(part).size(weight="weight") / (len(part) * (len(part) - 1) / 2) for part in found]
    )
    low, high = np.quantile(density, (0.25, 0.75))
    return [part for part, dense in zip(found, density, strict=True) if dense > high + FENCE * (high - low)]


def correct(
    tables: Sequence[Tensor], scores: Sequence[Tensor], communities: Sequence[NDArray[np.intp]]
) -> list[Tensor]:
    """Score patches that depend on their community without it: (N, P) of each set."""
    better = [each.clone() for each in scores]
    for part in communities:
        members = set(part.tolist())
        for index, table in enumerate(tables):
            count = len(table)
            without = torch.stack(
                [
                    lowest_mean(row[[j not in members for j in range(count) if j != sample]], REACH)
                    for sample, row in enumerate(table)
                ]
            )
            depends = without / scores[index].clamp(min=1e-6)
            rest = [sample for sample in range(count) if sample not in members]
            limit = float(np.quantile(depends[rest].numpy(), DEPENDENT))
            chosen = torch.zeros_like(depends, dtype=torch.bool)
            chosen[part] = depends[part] > limit
            better[index] = torch.where(chosen, without, better[index])
    return better
