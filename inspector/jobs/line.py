"""A network and the tokens of the parts that judge: parts of a line are scored among themselves or by others."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from inspector.data.barcodes import require_reader
from inspector.data.parts import Part
from inspector.errors import SettingsError
from inspector.features.cache import TokenCache
from inspector.features.reader import ImageFeatures, cache_photos
from inspector.geometry.roi import Roi
from inspector.jobs.preparation import choose_device, load_networks
from inspector.jobs.rois import choose_roi
from inspector.machine import LEAST_ROOM, scan_budget
from inspector.scoring.batch import BatchScores, score_alone
from inspector.scoring.feature_sets import BatchFeatures, GridFeatureSet, collect_features
from inspector.scoring.judges import Judges, all_others, pool
from inspector.scoring.line_pool import Embedding
from inspector.scoring.nearest import Comparison
from inspector.scoring.sample_maps import map_sample
from inspector.settings import ScanSettings

TOGETHER = 8
"""Photos that go through the network together where many are read at once."""


@dataclass(frozen=True)
class Judged:
    """What scoring found on a part.

    Attributes:
        score: the image score, as it is: nothing is re-scored where parts come one by one.
        anomaly_map: (h, w) float32, aligned with the photo as the settings say.
        peak: (x, y) where it is highest, in pixels of the photo.
        embedding: (D,) of the photo.
        seen: (h, w) bool, what of the map is looked at; None = all.
    """

    score: float
    anomaly_map: NDArray[np.float32] = field(repr=False)
    peak: tuple[float, float]
    embedding: Embedding = field(repr=False)
    seen: NDArray[np.bool_] | None = field(default=None, repr=False)


def check_settings(settings: ScanSettings) -> ScanSettings:
    """Return the settings as they hold for parts that come one by one: photos alone, without what compares
    the parts of a batch as a whole: re-scoring, variants, regions that recur.

    Raises:
        SettingsError: what is asked for is not built for them.
    """
    if settings.modality not in ("auto", "2d"):
        raise SettingsError("parts that come one by one are judged by their photos alone; set `modality` to 2d")
    if settings.more_sizes:
        raise SettingsError(
            "parts that come one by one are seen at one size: leave out `more_sizes`, or use --preset fast"
        )
    if settings.tiles != "1":
        raise SettingsError(
            "photos of parts that come one by one are not cut: set `tiles` to 1, or scan them as a batch"
        )
    if settings.barcode:
        require_reader()
    return settings.changed(modality="2d", windows=(), part_box="off", variants="off", recurring="off")


class Line:
    """Scores parts of a line; the network is loaded once, features of judges stay in memory.

    Attributes:
        settings: as `check_settings` returns them.
        roi: what of the parts is looked at; None = all.
        images: the network, and the tokens of the parts that judge.
        device: where it computes.
    """

    def __init__(self, settings: ScanSettings, folder: str | Path, roi: Roi | None = None) -> None:
        """Load the network.

        Args:
            settings: how parts are scored.
            folder: keeps tokens, of the judges alone.
            roi: what of the parts is looked at; None = all.

        Raises:
            WeightsError: the weights of the network are missing or damaged.
            SettingsError: the memory that may be taken does not suffice.
        """
        self.settings, self.roi = settings, roi
        self.device = choose_device(settings)
        (network,) = load_networks(settings, self.device, ())
        cache = TokenCache(folder, weights=network.weights_sha256, backbone=settings.backbone)
        self.images = ImageFeatures(network, cache, settings.phases, (1, 1), settings.resize_for(network.info.family))
        self._budget = scan_budget(settings.memory)
        self._budget.require(LEAST_ROOM, "the libraries and the network take")
        self._features: dict[str, dict[int, Tensor]] = {}

    def keep_tokens(self, parts: Sequence[Part]) -> None:
        """Send photos that were read through the network, and keep their tokens."""
        size = self.settings.batch_size or TOGETHER
        for start in range(0, len(parts), size):
            cache_photos(self.images, parts[start : start + size], size)

    def read_embedding(self, content: str) -> Embedding:
        """Return the embedding of a photo whose tokens are kept."""
        return np.asarray(self.images.cache.read(content, "embedding").numpy(), np.float32)

    def keep_only(self, contents: Collection[str]) -> None:
        """Remove the tokens of all photos but some."""
        for content in self.images.cache.names().difference(contents):
            self.drop(content)

    def drop(self, content: str) -> None:
        """Remove the tokens of a photo."""
        self._features.pop(content, None)
        self.images.cache.drop(content)

    def score_mutually(self, parts: Sequence[Part]) -> list[Judged]:
        """Score parts by each other; their tokens are kept.

        Raises:
            InputError: fewer than two.
        """
        return self._score(parts, range(len(parts)), all_others(len(parts)))

    def score(self, part: Part, judges: Iterable[str]) -> Judged:
        """Score a part by others; the tokens of all are kept.

        Args:
            part: read, and without pixels or with them.
            judges: the contents of those that judge it, at least one; itself counts only where no other is there.
        """
        others = [content for content in judges if content != part.image_key] or [part.image_key]
        together = [*(Part(place, image_key=content) for place, content in enumerate(others)), part]
        (judged,) = self._score(together, [len(others)], pool(range(len(others))))
        return judged

    def _score(self, parts: Sequence[Part], wanted: Sequence[int], judges: Judges) -> list[Judged]:
        settings = self.settings
        features = collect_features(
            parts,
            self.images,
            None,
            aggregation=settings.aggregation,
            degrees=settings.degrees,
            point_degrees=settings.point_degrees,
        )
        found = score_alone(
            [partial(self._load, index, each) for index, each in enumerate(features.tiles[0])],
            wanted,
            judges,
            share=settings.share,
            memory=max(1, self._budget.left()),
            step=lambda: None,
            comparison=Comparison(settings.precision, features.grid, settings.search_radius),
            phases=features.phases,
        )
        phases = {sample: found[:, row] for row, sample in enumerate(wanted)}
        patches = {sample: scores.mean(dim=0) for sample, scores in phases.items()}
        scores = BatchScores(patches, {}, phases if features.phases > 1 else {})
        return [self._map(sample, parts[sample], features, scores) for sample in wanted]

    def _load(self, index: int, features: GridFeatureSet, place: int) -> Tensor:
        """Load features of a part, or take those that are in memory."""
        known = self._features.setdefault(features.keys[place], {})
        if index not in known:
            known[index] = features(place)
        return known[index]

    def _map(self, sample: int, part: Part, features: BatchFeatures, scores: BatchScores) -> Judged:
        found = map_sample(
            sample,
            features,
            scores,
            frame=None,
            side=self.images.backbone.image_size,
            score_share=self.settings.score_share,
            alignment=self.settings.alignment,
            roi=choose_roi(self.roi, part),
        )
        rows, cols = found.anomaly_map.shape
        row, col = divmod(int(found.anomaly_map.argmax()), cols)
        height, width = part.size
        if self.settings.alignment == "centres":
            peak = ((col + 0.5) / cols * width, (row + 0.5) / rows * height)
        else:
            peak = (col / max(1, cols - 1) * width, row / max(1, rows - 1) * height)
        return Judged(found.score, found.anomaly_map, peak, self.read_embedding(part.image_key), found.seen)
