"""What judging variants apart is worth, and whether they are found where they are; prints markdown tables.

python -m benchmarks.variants DATASET [DATASET ...] [--threads 2] [--draws 200]

A dataset is a folder in a layout with labels. The first table has each set as it is: the widest gap between groups of
its parts (above 2 they are variants), that of good parts alone, the highest in halves of these, and image AUROC with
and without `variants`. In the second some parts of each set, good and bad alike, are recoloured, darkened or given a
dull finish; then parts of several sets lie in one batch; last, a seventh of the parts has the same large defect: what
judging variants apart costs where they are none. Features are those of the preset `fast`, of its first pass alone.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial.distance import pdist, squareform
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.labelled import features
from inspector.evaluation.metrics import image_metrics
from inspector.export.rendering import Pixels
from inspector.presets import EMBEDDED, FAST
from inspector.scoring.batch import BatchScores, score_alone
from inspector.scoring.judges import ring
from inspector.scoring.maps import grid_maps, image_scores
from inspector.scoring.rescoring import rescore
from inspector.scoring.variants import (
    LEAST_PARTS,
    LEAST_SHARE,
    Variants,
    find_gap,
    find_variants,
    join_scores,
    one_kind,
)

SIZE, LAYER = 256, 3

HALVES = 10

SHARES = (2, 3, 8)
"""One in so many parts is changed."""


def shift_hue(photo: Pixels) -> Pixels:
    """Turn all hues by 120 degrees and strengthen them; grey becomes dark red, as red has hue 0."""
    turned = cv2.cvtColor(photo, cv2.COLOR_RGB2HSV)
    turned[..., 0] = (turned[..., 0].astype(int) + 60) % 180
    turned[..., 1] = np.minimum(255, turned[..., 1].astype(int) + 60)
    return np.asarray(cv2.cvtColor(turned, cv2.COLOR_HSV2RGB), dtype=np.uint8)


def darken(photo: Pixels) -> Pixels:
    """Lower all values to 55 %."""
    return (photo * 0.55).astype(np.uint8)


def dull(photo: Pixels) -> Pixels:
    """Blur a little and lower the contrast to 60 %."""
    blurred = cv2.GaussianBlur(photo, (0, 0), max(1, photo.shape[1] / 250)).astype(np.float32)
    return np.asarray(np.clip(0.6 * (blurred - 128) + 140, 0, 255), np.uint8)


def scratch(photo: Pixels) -> Pixels:
    """Draw the same wide line over every part."""
    height, width = photo.shape[:2]
    ends = (width // 4, height // 4), (3 * width // 4, 3 * height // 4)
    return np.asarray(cv2.line(photo.copy(), *ends, (20, 20, 20), max(2, width // 16)), dtype=np.uint8)


CHANGES: dict[str, Callable[[Pixels], Pixels]] = {"hue": shift_hue, "darker": darken, "dull": dull, "line": scratch}


class Parts(NamedTuple):
    """Labels (N,), features (N, P, C), embeddings (N, D) of some parts."""

    labels: NDArray[np.bool_]
    features: Tensor
    embeddings: Tensor

    def choose(self, places: NDArray[np.intp]) -> "Parts":
        """Return some of the parts."""
        return Parts(self.labels[places], self.features[places], self.embeddings[places])


def join(groups: Sequence[Parts]) -> Parts:
    """Put the parts of several groups into one batch."""
    labels, described, embeddings = zip(*groups, strict=True)
    return Parts(np.concatenate(labels), torch.cat(described), torch.cat(embeddings))


class Source:
    """A dataset, and its parts as they are and changed."""

    def __init__(self, folder: Path) -> None:
        self._dataset = Dataset(folder)
        self.name = self._dataset.name
        self._photos = self._dataset.photos
        self.plain = self._describe()
        self._known: dict[str, Parts] = {}

    def change(self, how: str) -> Parts:
        """Return all parts changed in one way."""
        if how not in self._known:
            self._dataset.photos = [CHANGES[how](np.ascontiguousarray(photo[..., :3])) for photo in self._photos]
            self._known[how] = self._describe()
        return self._known[how]

    def change_some(self, how: str, one_in: int, seed: int = 0) -> Parts:
        """Change one in so many parts, at random."""
        count = len(self.plain.labels)
        order = np.random.default_rng(seed).permutation(count)
        some = max(LEAST_PARTS, round(count / one_in))
        return join([self.plain.choose(order[some:]), self.change(how).choose(order[:some])])

    def _describe(self) -> Parts:
        found = features(self._dataset, SIZE, (LAYER,))
        return Parts(self._dataset.labels, found.sets[0], found.embeddings)


def score(parts: Parts, variants: Variants) -> NDArray[np.float64]:
    """Final image scores (N,), as a scan with `--windows 1,2,3` gives them."""
    everyone = range(len(parts.labels))
    found = [(places, _score_group(parts.choose(np.array(places)))) for places in variants.members or [list(everyone)]]
    scores = join_scores(found) if variants.members else found[0][1]
    patches = torch.stack([scores.patches[place] for place in everyone])
    grid = (round(patches.shape[1] ** 0.5),) * 2
    raw = torch.cat([image_scores(grid_maps(row[None], grid, (SIZE, SIZE)), share=FAST.score_share) for row in patches])
    return rescore(raw.double(), parts.embeddings, EMBEDDED.windows).numpy()


def _score_group(parts: Parts) -> BatchScores:
    count = len(parts.labels)
    scores = score_alone(
        [parts.features.__getitem__],
        range(count),
        ring(count, FAST.references),
        share=FAST.share,
        memory=1 << 30,
        step=lambda: None,
    )
    return BatchScores(dict(enumerate(scores[0])))


def auroc(labels: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Image AUROC in percent."""
    found = image_metrics(labels, scores).auroc
    return float("nan") if found is None else 100 * found


def compare(parts: Parts, variants: Variants, draws: int) -> list[float]:
    """Image AUROC with variants off and judged apart, and the 95 % interval of the difference (paired bootstrap)."""
    labels = parts.labels
    off, auto = score(parts, one_kind(len(labels))), score(parts, variants)
    chance = np.random.default_rng(0)
    drawn = [chance.integers(0, len(off), len(off)) for _ in range(draws)]
    steps = [auroc(labels[some], auto[some]) - auroc(labels[some], off[some]) for some in drawn]
    return [auroc(labels, off), auroc(labels, auto), *np.nanpercentile(steps, (2.5, 97.5))]


def measure_gap(embeddings: Tensor) -> float:
    """The widest gap between two groups that are both large enough to be variants."""
    least = max(LEAST_PARTS, round(LEAST_SHARE * len(embeddings)))
    units = torch.nn.functional.normalize(embeddings.double(), dim=1)
    return find_gap(squareform(pdist(units.numpy())), least)[0]


def print_as_they_are(sources: Sequence[Source]) -> None:
    """Print all sets as they are."""
    columns = "set | parts | widest gap | of good alone | of halves of good, highest | off | auto"
    print(f"| {columns} |\n|---|---:|---:|---:|---:|---:|---:|")
    for source in sources:
        embeddings, labels = source.plain.embeddings, source.plain.labels
        good = embeddings[~labels]
        chance = np.random.default_rng(0)
        halves = [measure_gap(good[chance.permutation(len(good))[: len(good) // 2]]) for _ in range(HALVES)]
        gaps = f"{measure_gap(embeddings):.2f} | {measure_gap(good):.2f} | {max(halves):.2f}"
        variants = find_variants(embeddings)
        off = score(source.plain, one_kind(len(labels)))
        auto = score(source.plain, variants) if variants.members else off
        print(
            f"| {source.name} | {len(labels)} | {gaps} | {auroc(labels, off):.1f} | {auroc(labels, auto):.1f} |",
            flush=True,
        )


def print_cases(title: str, cases: Sequence[tuple[str, Parts]], draws: int) -> None:
    """Print those cases where variants are found; in the others nothing changes."""
    print(f"\n| {title} | variants found | off | auto | auto less off, 95 % |\n|---|---|---:|---:|---|")
    rows = []
    for name, parts in cases:
        variants = find_variants(parts.embeddings)
        if variants.members:
            sizes = " + ".join(str(len(places)) for places in variants.members)
            off, auto, low, high = compare(parts, variants, draws)
            rows.append((off, auto))
            print(f"| {name} | {sizes} | {off:.1f} | {auto:.1f} | {low:+.1f} to {high:+.1f} |", flush=True)
    if rows:
        mean = np.mean(rows, axis=0)
        print(f"| mean of these; {len(rows)} of {len(cases)} | | {mean[0]:.1f} | {mean[1]:.1f} | |", flush=True)


def mix(sources: Sequence[Source]) -> list[tuple[str, Parts]]:
    """Put parts of several sets into one batch: of two as many, of the second few, of five as many."""
    chance = np.random.default_rng(0)

    def draw(source: Source, count: int) -> Parts:
        return source.plain.choose(chance.permutation(len(source.plain.labels))[:count])

    cases = []
    for place, first in enumerate(sources):
        for step in (1, 3):
            second = sources[(place + step) % len(sources)]
            for count in (40, 12):
                cases.append((f"{first.name} 40, {second.name} {count}", join([draw(first, 40), draw(second, count)])))
    for _ in range(6):
        some = [sources[place] for place in chance.permutation(len(sources))[:5]]
        cases.append((", ".join(source.name for source in some), join([draw(source, 16) for source in some])))
    return cases


def spoil(source: Source) -> Parts:
    """Give a seventh of the parts the same large defect."""
    parts = source.change_some("line", 7)
    spoilt = max(LEAST_PARTS, round(len(parts.labels) / 7))
    labels = parts.labels.copy()
    labels[-spoilt:] = True
    return parts._replace(labels=labels)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--draws", type=int, default=200)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    sources = [Source(folder) for folder in arguments.datasets]
    print_as_they_are(sources)
    for how in ("hue", "darker", "dull"):
        cases = [
            (f"{source.name}, one in {one_in}", source.change_some(how, one_in))
            for source in sources
            for one_in in SHARES
        ]
        print_cases(how, cases, arguments.draws)
    print_cases("mixed products", mix(sources), arguments.draws)
    print_cases("the same line over a seventh, all defective", [(s.name, spoil(s)) for s in sources], arguments.draws)


if __name__ == "__main__":
    main()
