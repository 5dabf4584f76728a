"""The networks of a line, and the tokens of the parts that judge: kept on disk, their features in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from inspector.data.parts import Modality, Part, split_content
from inspector.features.cache import TokenCache
from inspector.features.point_tokens import load_point_feature
from inspector.features.reader import CloudFeatures, ImageFeatures, cache_photos
from inspector.jobs.preparation import CLOUD_SIDE, choose_device, load_networks
from inspector.scoring.feature_sets import BatchFeatures, collect_features
from inspector.scoring.line_pool import Embedding
from inspector.settings import ScanSettings

TOGETHER = 8
"""Photos that go through the network together where many are read at once."""


class LineTokens:
    """Networks of a line, loaded once, and the caches with the tokens of the judges. A part is named by its content.

    Attributes:
        images: the network of photos, and where their tokens lie; None where clouds alone are judged.
        clouds: how clouds are described, and where their tokens lie; None where photos alone are judged.
        modality: what is scored; None until `set_modality`.
        device: "cpu" or "cuda".
    """

    def __init__(self, settings: ScanSettings, folder: str | Path) -> None:
        """Load the network.

        Args:
            settings: how parts are scored.
            folder: keeps the tokens.

        Raises:
            WeightsError: the weights of a network are missing or damaged.
        """
        self._settings, self._folder = settings, folder
        self.device = choose_device(settings)
        self.images: ImageFeatures | None = None
        self.clouds: CloudFeatures | None = None
        self.modality: Modality | None = None
        self._held: dict[tuple[str, int, int], dict[str, Tensor]] = {}
        if settings.modality != "3d":
            network, *more = load_networks(settings, self.device, settings.more_sizes)
            cache = TokenCache(folder, weights=network.weights_sha256, backbone=settings.backbone)
            resize = settings.resize_for(network.info.family)
            self.images = ImageFeatures(network, cache, settings.phases, (1, 1), resize, tuple(more))
        if settings.modality != "auto":
            self.set_modality(settings.modality)

    def set_modality(self, modality: Modality) -> None:
        """Set what is scored, and load what clouds need. Photos with clouds are scored at one size.

        Raises:
            WeightsError: the weights that clouds are described with are missing or damaged.
        """
        self.modality = modality
        if modality == "3d":
            self.images = None
        elif modality == "2d+3d" and self.images is not None:
            self.images = replace(self.images, more=())
        if modality != "2d" and self.clouds is None:
            settings = self._settings
            feature, checksum = load_point_feature(settings.point_feature, settings.point_weights)
            sizes = (settings.groups, settings.group_size, settings.group_step)
            cache = TokenCache(self._folder, weights=checksum, feature=settings.point_feature)
            self.clouds = CloudFeatures(feature, *sizes, cache)

    @property
    def side(self) -> int:
        """Side of the square that parts are scored at, in pixels."""
        return self.images.backbone.image_size if self.images else self._settings.image_size or CLOUD_SIDE

    @property
    def more_sides(self) -> list[int]:
        """Sides of the further squares that photos are scored at, in pixels."""
        return [network.image_size for network in self.images.more] if self.images else []

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the image network's weights; "" where there is none."""
        return self.images.backbone.weights_sha256 if self.images else ""

    @property
    def are_same_everywhere(self) -> bool:
        """Whether tokens of a GPU may be compared with those of a CPU: transformers compute in half precision there."""
        return self.images is None or self.images.backbone.convolves

    def keep_tokens(self, parts: Sequence[Part]) -> None:
        """Send photos that were read through the network, and save their tokens; reading saved those of clouds."""
        photos = [part for part in parts if part.image_key]
        size = self._settings.batch_size or TOGETHER
        for start in range(0, len(photos) if self.images else 0, size):
            assert self.images is not None
            cache_photos(self.images, photos[start : start + size], size)

    def holds(self, content: str) -> bool:
        """Tell whether the tokens of a part are kept."""
        return all(cache.holds(key) for cache, key in self._find_tokens(content))

    def holds_cloud(self, part: Part) -> bool:
        """Tell whether the tokens of a part's cloud are in the cache, or it has none.

        Reading the part saved them, but they may have been removed since with those of a part of the same cloud.
        """
        return not part.cloud_key or self.clouds is None or self.clouds.cache.holds(part.cloud_key)

    def can_judge(self, content: str) -> bool:
        """Tell whether a part has every modality that is scored."""
        image_key, cloud_key = split_content(content)
        return bool(image_key or self.images is None) and bool(cloud_key or self.clouds is None)

    def read_embedding(self, content: str) -> Embedding:
        """Return the embedding of a part that can judge and whose tokens are in the cache, (D,) float32.

        That of a cloud is the mean of its groups' tokens of the last layer; those of photo and cloud are brought to
        length 1 and joined.
        """
        found = []
        for cache, key in self._find_tokens(content):
            if self.clouds is not None and cache is self.clouds.cache:
                found.append(cache.layer(key, cache.count_layers(key) - 1).float().mean(dim=0))
            else:
                found.append(cache.read(key, "embedding").float())
        if len(found) > 1:
            found = [torch.nn.functional.normalize(each, dim=0) for each in found]
        return np.asarray(torch.cat(found).numpy(), np.float32)

    def keep_only(self, contents: Iterable[str]) -> None:
        """Remove the tokens of all parts but those of some contents."""
        kept = {key for content in contents for key in split_content(content)}
        for cache in self._list_caches():
            for key in cache.names() - kept:
                self._drop_key(cache, key)

    def drop(self, contents: Iterable[str], kept: Iterable[str]) -> None:
        """Remove the tokens of some contents, but for those that the contents `kept` have, too."""
        staying = {found for content in kept for found in self._find_tokens(content)}
        for content in contents:
            for cache, key in self._find_tokens(content):
                if (cache, key) not in staying:
                    self._drop_key(cache, key)

    def _drop_key(self, cache: TokenCache, key: str) -> None:
        cache.drop(key)
        for held in self._held.values():
            held.pop(key, None)

    def _list_caches(self) -> list[TokenCache]:
        return [features.cache for features in (self.images, self.clouds) if features is not None]

    def _find_tokens(self, content: str) -> list[tuple[TokenCache, str]]:
        """Return cache and key of the tokens of photo and cloud."""
        keys = zip((self.images, self.clouds), split_content(content), strict=True)
        return [(features.cache, key) for features, key in keys if features is not None and key]

    def collect(self, parts: Sequence[Part]) -> list[BatchFeatures]:
        """Collect the feature sets of parts, at each size of the photos; features stay in memory once they are made."""
        return [self._collect_size(parts, size) for size in range(1 + len(self.more_sides))]

    def _collect_size(self, parts: Sequence[Part], size: int) -> BatchFeatures:
        settings = self._settings
        features = collect_features(
            parts,
            self.images,
            self.clouds,
            aggregation=settings.aggregation,
            degrees=settings.degrees,
            point_degrees=settings.point_degrees,
            metric=settings.compares_by_metric,
            size=size,
        )
        (of_photos,) = features.tiles
        return replace(
            features,
            tiles=(tuple(replace(each, held=self._hold("photo", size, at)) for at, each in enumerate(of_photos)),),
            points=tuple(replace(each, held=self._hold("cloud", size, at)) for at, each in enumerate(features.points)),
        )

    def _hold(self, kind: str, size: int, index: int) -> dict[str, Tensor]:
        return self._held.setdefault((kind, size, index), {})
