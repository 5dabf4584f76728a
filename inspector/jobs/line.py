"""Scores the parts of a line: the first ones by each other, those that come later by the pool."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from inspector.data.barcodes import require_reader
from inspector.data.parts import Part, PartReader, split_content
from inspector.data.pixels.value_range import Ranges
from inspector.errors import SettingsError
from inspector.events import silent
from inspector.geometry.roi import Roi
from inspector.jobs.comparison import scale_radius
from inspector.jobs.line_tokens import LineTokens
from inspector.jobs.rois import choose_roi
from inspector.machine import LEAST_ROOM, scan_budget
from inspector.scoring.batch import BatchScores, score_alone, score_batch
from inspector.scoring.enhanced import score_enhanced
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.fusion import ModalityScales, divide_scores, find_modality_scales
from inspector.scoring.judges import pool
from inspector.scoring.line_pool import Embedding
from inspector.scoring.nearest import Comparison
from inspector.scoring.sample_maps import map_photo, map_sample
from inspector.settings import ScanSettings
from inspector.store.claims import WATCHED


@dataclass(frozen=True)
class PartScores:
    """What scoring found on a part.

    Attributes:
        score: the image score, as it is: nothing is re-scored where parts come one by one.
        anomaly_map: (h, w) float32, aligned with the photo as the settings say.
        peak: (x, y) where it is highest, in pixels of the photo.
        embedding: (D,) of the photo, the cloud, or both; None where the part lacks one that is judged, too.
        seen: (h, w) bool, what of the map is looked at; None = all.
        cloud: points (M, 3) in the file's unit, their scores (M,), and their pixels (M,); None where there is no cloud.
    """

    score: float
    anomaly_map: NDArray[np.float32] = field(repr=False)
    peak: tuple[float, float]
    embedding: Embedding | None = field(repr=False)
    seen: NDArray[np.bool_] | None = field(default=None, repr=False)
    cloud: tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class UsualScores:
    """What is usual on photos and clouds: found on the first parts of a line, and kept for those that come later.

    Attributes:
        photo, cloud: divisors of their scores, see `ModalityScales`.
        patch, group: the usual score of a patch and of a group after division, for parts that lack a photo or a cloud.
        plain_patches: whether photos stay as they are where they strengthen clouds; not in pools of before there was a
            choice.
    """

    photo: float
    cloud: float
    patch: float
    group: float
    plain_patches: bool = False

    def to_json(self) -> dict[str, float]:
        """Return the fields as values that JSON holds."""
        return asdict(self)


def check_settings(settings: ScanSettings) -> ScanSettings:
    """Return the settings for parts that come one by one: without re-scoring, variants, poses, subspace, the part's box
    and recurring defects, which all take a whole batch.

    Raises:
        SettingsError: depth images, tiles, or a search radius of clouds alone, which a line does not have.
    """
    if settings.camera:
        raise SettingsError(
            "depth images of parts that come one by one become no clouds: leave out `camera`, or scan them as a batch"
        )
    if settings.modality == "3d" and settings.search_radius:
        raise SettingsError("`search_radius` counts patches of photos, and only clouds are scored; leave it out")
    if settings.tiles != "1":
        raise SettingsError(
            "photos of parts that come one by one are not cut: set `tiles` to 1, or scan them as a batch"
        )
    if settings.barcode:
        require_reader()
    return settings.changed(windows=(), part_box="off", variants="off", poses="off", subspace=0, recurring="off")


class Line:
    """Scores parts of a line among themselves or by others.

    Attributes:
        settings: as `check_settings` returns them.
        roi: what of the parts is looked at; None = all.
        tokens: the networks, and the tokens of the parts that judge.
        background: a name in `BACKGROUND_RECIPES`, or "off".
        usual: scales and usual scores of photos and clouds; None before parts with both were scored.
        usual_sizes: the usual score of a patch at each size of the photos, which maps are divided by: found on the
            first parts, the same ever since. Empty where photos are seen at one size.
    """

    def __init__(self, settings: ScanSettings, folder: str | Path, roi: Roi | None = None) -> None:
        """Load the network.

        Args:
            settings: how parts are scored.
            folder: keeps tokens, of the judges alone.
            roi: what of the parts is looked at; None = all.

        Raises:
            WeightsError: the weights of a network are missing or damaged.
            SettingsError: the memory that may be taken does not suffice.
        """
        self.settings, self.roi = settings, roi
        self.tokens = LineTokens(settings, folder)
        self.background = settings.background_of(WATCHED)
        self.usual: UsualScores | None = None
        self.usual_sizes: list[float] = []
        self._budget = scan_budget(settings.memory)
        self._budget.require(LEAST_ROOM, "the libraries and the network take")

    def make_reader(self, ranges: Ranges) -> PartReader:
        """Make what reads parts, once it is known what is scored of them.

        Args:
            ranges: which values of photos are black and white.
        """
        tokens = self.tokens
        assert tokens.modality is not None
        return PartReader(
            tokens.modality,
            tokens.side,
            self.background,
            holes=self.settings.holes,
            resize=tokens.images.resize if tokens.images else "bicubic",
            ranges=ranges,
            more_sides=tokens.more_sides,
        )

    def require_comparable(self, part: Part) -> Part:
        """Return a part as it was read, or as unreadable where its photo cannot be compared with those of the judges.

        Photos of parts with a cloud are blacked out behind the part; one that is not would stand out, however good.
        """
        if self.tokens.modality != "2d+3d" or self.background == "off" or not part.is_whole:
            return part
        told = f"{part.problem}; without a cloud its background cannot be removed as in the others"
        return Part(part.position, reason=told)

    def score_mutually(self, parts: Sequence[Part]) -> list[PartScores]:
        """Score parts by each other, and keep what is usual on them for later parts; their tokens are in the caches.

        Raises:
            InputError: fewer than two; one is the only one that has a photo, or a cloud.
        """
        sizes = self.tokens.collect(parts)
        found = [
            score_batch(
                features,
                share=self.settings.share,
                references=len(parts),
                report=silent,
                precision=self.settings.precision,
                search_radius=scale_radius(self.settings.search_radius, sizes, size),
                memory=max(1, self._budget.left()),
                plain_patches=self.settings.fusion == "scaled",
            )
            for size, features in enumerate(sizes)
        ]
        if len(sizes) > 1:
            self.usual_sizes = [float(scores.typical_patch) for scores in found]
        elif sizes[0].both:
            found = [self._scale_modalities(sizes[0], found[0])]
        scored = list(zip(sizes, found, strict=True))
        return [self._map(sample, part, scored) for sample, part in enumerate(parts)]

    def _scale_modalities(self, features: BatchFeatures, scores: BatchScores) -> BatchScores:
        """Find what is usual on photos and clouds, keep it, and bring their scores to one scale."""
        found = find_modality_scales(features, scores) if self.settings.fusion == "scaled" else None
        scales = found or ModalityScales(1.0, 1.0)
        scores = divide_scores(scores, scales)
        plain = self.settings.fusion == "scaled"
        self.usual = UsualScores(*scales, float(scores.typical_patch), float(scores.typical_group), plain)
        return scores

    def score(self, part: Part, judges: Iterable[str]) -> PartScores:
        """Score a part by others; the tokens of all are in the caches.

        Args:
            part: as it was read; pixels are not needed.
            judges: contents of the parts that judge it, at least one; its own counts only where there is no other.
        """
        others = [content for content in judges if content != part.content] or [part.content]
        keys = [split_content(content) for content in others]
        members = [Part(place, image_key=image, cloud_key=cloud) for place, (image, cloud) in enumerate(keys)]
        sizes = self.tokens.collect([*members, part])
        radii = [scale_radius(self.settings.search_radius, sizes, size) for size in range(len(sizes))]
        found = [
            self._score_last(features, len(members), radius) for features, radius in zip(sizes, radii, strict=True)
        ]
        if (usual := self.usual) is not None:
            scores = divide_scores(found[0], ModalityScales(usual.photo, usual.cloud))
            found = [replace(scores, usual=torch.tensor(usual.patch), usual_group=torch.tensor(usual.group))]
        if self.usual_sizes:
            usual_sizes = torch.tensor(self.usual_sizes)
            found = [replace(scores, usual=each) for scores, each in zip(found, usual_sizes, strict=True)]
        return self._map(len(members), part, list(zip(sizes, found, strict=True)))

    def _score_last(self, features: BatchFeatures, place: int, radius: int | None) -> BatchScores:
        """Score the last of some parts by the others: by photo and cloud, or by the one that it has."""
        settings, judges = self.settings, pool(range(place))
        memory = max(1, self._budget.left())
        alone = partial(score_alone, samples=[place], judges=judges, share=settings.share, memory=memory, step=_pass)
        of_grid = Comparison(settings.precision, features.grid, radius)
        of_points = Comparison(settings.precision)
        if place in features.both:
            patches, groups = score_enhanced(
                features.tiles[0],
                features.points,
                [features.find_cells(place)],
                judges,
                grid_comparison=of_grid,
                point_comparison=of_points,
                samples=[place],
                share=settings.share,
                memory=memory,
                step=_pass,
                plain_patches=self.usual is not None and self.usual.plain_patches,
            )
            return BatchScores({place: patches[0]}, {place: groups[0]})
        if place in features.clouds:
            (groups,) = alone(features.points, comparison=of_points)
            return BatchScores(groups={place: groups[0]})
        phases = features.phases
        found = alone(features.tiles[0], comparison=of_grid, phases=phases)[:, 0]
        return BatchScores({place: found.mean(dim=0)}, phases={place: found} if phases > 1 else {})

    def _map(self, sample: int, part: Part, sizes: Sequence[tuple[BatchFeatures, BatchScores]]) -> PartScores:
        show = partial(map_photo, sizes=sizes)
        if len(sizes) == 1:
            ((features, scores),) = sizes
            show = partial(map_sample, features=features, scores=scores, frame=part.frame)
        found = show(
            sample,
            side=self.tokens.side,
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
        embedding = self.tokens.read_embedding(part.content) if self.tokens.can_judge(part.content) else None
        cloud = None
        if found.points is not None and found.point_scores is not None and found.pixels is not None:
            cloud = found.points, found.point_scores, found.pixels
        return PartScores(found.score, found.anomaly_map, peak, embedding, found.seen, cloud)


def _pass() -> None:
    """Report nothing: one part is scored in a moment."""
