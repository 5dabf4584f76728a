"""Recurring defects in batches of several variants: alerts on good parts alone, and groups planted in one variant.

    python -m benchmarks.recurring_variants DATASET [DATASET ...] [--seeds 3] [--planted-seeds 1] [--kinds blot scratch]

A dataset is a folder in a layout with labels; its good parts are taken. Batches are 40 parts each of two sets, 24 each,
and parts of one set of which a half or a third gets another hue or a dull finish; only those count in which variants
are found. Groups of 5 and of 10 are planted on parts of the second set, or of the changed ones: they are told where one
group has precision and recall of at least 0.9, in the mixed batch and where these parts are a batch of their own.
Features are those of `benchmarks.recurring`. Prints markdown tables.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.planted import KINDS, SIDE, Photo, plant
from benchmarks.planted_tables import describe_photos
from benchmarks.recurring import agree
from benchmarks.variants import CHANGES
from inspector.data.photos import fit_photo
from inspector.decision.recurring import LEAST_SAMPLES, find_groups
from inspector.presets import EMBEDDED
from inspector.scoring.batch import score_alone
from inspector.scoring.burnout import BurnoutRecorder
from inspector.scoring.judges import ring
from inspector.scoring.variants import find_variants

PLANTED = (5, 10)
"""Members of a planted group."""

FIRST_SEED = 100


class Parts(NamedTuple):
    """Photos at SIDE, features (N, P, C) float16 of both passes, embeddings (N, D)."""

    photos: list[Photo]
    features: list[Tensor]
    embeddings: Tensor

    def choose(self, places: Sequence[int]) -> "Parts":
        """Return some of the parts."""
        own = [self.photos[place] for place in places]
        return Parts(own, [each[list(places)] for each in self.features], self.embeddings[list(places)])


class Case(NamedTuple):
    """A batch: what it is, of which sets, parts of one kind, and those of another."""

    title: str
    sets: str
    others: Parts
    own: Parts


def describe(photos: Sequence[Photo]) -> Parts:
    """Describe photos."""
    return Parts(list(photos), *describe_photos(photos))


def join(groups: Sequence[Parts]) -> Parts:
    """Put the parts of several groups into one batch."""
    photos = [photo for group in groups for photo in group.photos]
    features = [torch.cat(each) for each in zip(*(group.features for group in groups), strict=True)]
    return Parts(photos, features, torch.cat([group.embeddings for group in groups]))


def find_shared(parts: Parts) -> list[list[int]]:
    """Find the groups of parts that are compared with each other; their members."""
    count, share = len(parts.photos), EMBEDDED.share
    if count < LEAST_SAMPLES:
        return []
    recorder, judges = BurnoutRecorder(share), ring(count, EMBEDDED.references)
    side = round(parts.features[0].shape[1] ** 0.5)
    loads = [each.float().__getitem__ for each in parts.features]
    finder = recorder.make_finder(0, range(count), judges, len(loads), len(loads), (side, side))
    memory = 1 << 30
    score_alone(
        loads, range(count), judges, share=share, memory=memory, step=lambda: None, phases=len(loads), finder=finder
    )
    return [list(group.members) for group in find_groups(recorder.found, count)]


def find_in_variants(parts: Parts) -> tuple[list[list[int]], list[list[int]]]:
    """Find variants, and the groups within each, as a scan does: places of the parts in the batch."""
    members = find_variants(parts.embeddings).members
    groups = [[places[member] for member in group] for places in members for group in find_shared(parts.choose(places))]
    return members, groups


class Source:
    """The good parts of a dataset, and the same changed."""

    def __init__(self, folder: Path) -> None:
        dataset = Dataset(folder)
        self.name = folder.name
        good = [photo for photo, odd in zip(dataset.photos, dataset.labels, strict=True) if not odd]
        self.plain = describe([fit_photo(np.ascontiguousarray(photo[..., :3]), SIDE) for photo in good])
        self.changed = {how: describe([CHANGES[how](photo) for photo in self.plain.photos]) for how in ("hue", "dull")}

    def draw(self, count: int, chance: np.random.Generator) -> Parts:
        """Draw so many parts, or all."""
        return self.plain.choose(chance.permutation(len(self.plain.photos))[:count].tolist())

    def change_some(self, how: str, one_in: int, chance: np.random.Generator) -> tuple[Parts, Parts]:
        """Change one in so many parts: the others, and these."""
        order = chance.permutation(len(self.plain.photos)).tolist()
        some = len(order) // one_in
        return self.plain.choose(order[some:]), self.changed[how].choose(order[:some])


def list_cases(sources: Sequence[Source], seed: int) -> Iterator[Case]:
    """List the batches of a seed."""
    chance = np.random.default_rng(seed)
    for place, first in enumerate(sources):
        for count in (40, 24):
            for step in (1, 3):
                second = sources[(place + step) % len(sources)]
                names = f"{first.name}, {second.name}"
                yield Case(
                    f"{count} + {count} of two sets", names, first.draw(count, chance), second.draw(count, chance)
                )
        for how in first.changed:
            for one_in in (2, 3):
                yield Case(f"{how}, one in {one_in}", first.name, *first.change_some(how, one_in, chance))


def plant_on(parts: Parts, kind: str, number: int, seed: int) -> Parts:
    """Plant a defect on the first parts of some."""
    changed, _ = zip(*plant(parts.photos[:number], kind, (), seed), strict=True)
    return join([describe(changed), parts.choose(range(number, len(parts.photos)))])


def is_told(groups: Sequence[Sequence[int]], planted: NDArray[np.bool_]) -> bool:
    """Whether one of the groups is the planted one."""
    return any(agree(group, planted) for group in groups)


def print_alerts(sources: Sequence[Source], seeds: Sequence[int]) -> None:
    """Print alerts on good parts alone."""
    counts: dict[str, Counter[str]] = {}
    for seed in seeds:
        for case in list_cases(sources, seed):
            members, groups = find_in_variants(join([case.others, case.own]))
            of_title = counts.setdefault(case.title, Counter())
            large = sum(len(places) >= LEAST_SAMPLES for places in members)
            of_title.update(batches=1, found=bool(members), looked_at=large, alerts=bool(groups))
            if groups:
                print(
                    f"<!-- {case.title}, {case.sets}, seed {seed}: {[len(group) for group in groups]} -->", flush=True
                )
    print("| good parts alone | batches | with variants | variants looked at | batches with an alert |")
    print("|---|---:|---:|---:|---:|")
    for title, found in counts.items():
        cells = " | ".join(str(found[name]) for name in ("batches", "found", "looked_at", "alerts"))
        print(f"| {title} | {cells} |", flush=True)


def print_planted(sources: Sequence[Source], seeds: Sequence[int], kinds: Sequence[str]) -> None:
    """Print how often a planted group is told."""
    counts: dict[tuple[str, int], Counter[str]] = {}
    for seed in seeds:
        for title, _, others, own in list_cases(sources, seed):
            for kind in kinds:
                for number in PLANTED:
                    if len(own.photos) < max(LEAST_SAMPLES, 4 * number):
                        continue
                    planted = plant_on(own, kind, number, seed)
                    before = len(others.photos)
                    members, groups = find_in_variants(join([others, planted]))
                    if not members:
                        continue
                    mine = np.arange(before + len(own.photos)) - before
                    mixed = is_told(groups, (mine >= 0) & (mine < number))
                    alone = is_told(find_shared(planted), np.arange(len(own.photos)) < number)
                    more = sum(not any(before <= each < before + number for each in group) for group in groups)
                    counts.setdefault((title, number), Counter()).update(
                        cases=1, mixed=mixed, alone=alone, more=bool(more)
                    )
    print(
        "\n| planted in one variant | k | cases | told in the mixed batch | told in a batch of its own | other groups |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for (title, number), found in counts.items():
        cells = " | ".join(str(found[name]) for name in ("cases", "mixed", "alone", "more"))
        print(f"| {title} | {number} | {cells} |", flush=True)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--planted-seeds", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", default=["blot", "scratch"], choices=list(KINDS))
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    sources = [Source(folder) for folder in arguments.datasets]
    print_alerts(sources, range(FIRST_SEED, FIRST_SEED + arguments.seeds))
    print_planted(sources, range(FIRST_SEED, FIRST_SEED + arguments.planted_seeds), arguments.kinds)


if __name__ == "__main__":
    main()
