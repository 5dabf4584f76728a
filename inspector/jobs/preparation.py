"""Before a scan begins: what is scored, the network and the caches, and what fits into the memory budget."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from inspector.data.parts import Modality
from inspector.data.photos import Resize
from inspector.data.samples import Batch, require_two
from inspector.errors import InputError, SettingsError
from inspector.features.backbones import Backbone, load_backbone
from inspector.features.batch_size import CPU_PHOTOS, OneImage, choose_batch_size, measure_one_image
from inspector.features.cache import TokenCache
from inspector.features.point_tokens import load_point_feature
from inspector.features.reader import CloudFeatures, ImageFeatures
from inspector.geometry.tiles import Tiling
from inspector.jobs.tiling import choose_tiling
from inspector.machine import LEAST_ROOM, Budget, scan_budget
from inspector.scoring.batch import least_bytes, scoring_room
from inspector.settings import ScanSettings
from inspector.storage import Storage
from inspector.store.plan import Plan
from inspector.store.workspace import Workspace

CLOUD_SIDE = 224
"""Side of the grid that organised clouds are scored at where there is no photo (MuSc-V2)."""

SCORING_SHARE = 0.8
"""Of what is left when a scan begins, kept for scoring: reading leaves something behind, which is never the same."""


@dataclass(frozen=True)
class Preparation:
    """What a scan works with.

    Attributes:
        modality: what is scored.
        background: a name in `BACKGROUND_RECIPES`, or "off".
        side: of the square that samples are scored at, in pixels.
        device: "cpu" or "cuda".
        images, clouds: how photos and clouds become tokens; None = they are not scored.
        budget: the memory that may be taken.
    """

    modality: Modality
    background: str
    side: int
    device: str
    images: ImageFeatures | None
    clouds: CloudFeatures | None
    budget: Budget

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the image network's weights; "" where there is none."""
        return self.images.backbone.weights_sha256 if self.images else ""

    @property
    def resize(self) -> Resize:
        """The filter that brings photos to `side`."""
        return self.images.resize if self.images else "bicubic"

    @property
    def scored_on(self) -> str:
        """The device that samples are compared on."""
        return self.images.backbone.device if self.images else "cpu"


def find_cache(workspace: Workspace) -> Path:
    """Return the folder of a workspace for tokens."""
    return workspace.folder / "cache"


def prepare_scan(
    batch: Batch, settings: ScanSettings, workspace: Workspace, storage: Storage | None = None
) -> Preparation:
    """Choose what is scored, load the networks for it, and open the caches of tokens.

    Args:
        batch: at least two samples.
        settings: how they are scored.
        workspace: its folder holds the caches.
        storage: an address where tokens are kept, too; None = there is none.

    Raises:
        InputError: fewer than two parts, or a modality that the batch does not have.
        SettingsError: settings that do not go with each other or with the batch.
        WeightsError: the weights of a network are missing or damaged.
    """
    require_two(batch)
    modality = choose_modality(batch, settings)
    if modality == "3d" and settings.search_radius:
        raise SettingsError("`search_radius` counts patches of photos, and only clouds are scored; leave it out")
    if settings.tiles not in ("1", "auto") and modality != "2d":
        raise SettingsError(f"tiles are for photos, but {batch.root} has clouds; set `modality` to 2d, or `tiles` to 1")
    device, budget = choose_device(settings), scan_budget(settings.memory)
    background = settings.background_of(batch.layout)
    networks = load_networks(settings, device, settings.more_sizes) if modality != "3d" else []
    if modality == "2d+3d" and len(networks) > 1:  # the first size tells how parts lie, and the largest is scored
        settings = settings.changed(phases=1)
        networks = [networks[0], max(networks[1:], key=lambda network: network.image_size)]
    tiling = (1, 1)
    if modality == "2d":
        largest = max(networks, key=lambda network: network.image_size)
        tiling = choose_tiling(batch, settings.tiles, lambda: math.isqrt(measure_one_image(largest).patches))
    images = open_image_features(settings, workspace, networks, tiling, background, storage) if networks else None
    side = images.backbone.image_size if images else settings.image_size or CLOUD_SIDE
    clouds = None
    if modality != "2d":
        clouds = load_cloud_features(settings, workspace, side, modality, background, storage)
    budget.require(LEAST_ROOM, "the libraries and the network take")
    return Preparation(modality, background, side, device, images, clouds, budget)


def make_plan(count: int, settings: ScanSettings, prepared: Preparation) -> Plan:
    """Find what fits into the budget, so that a run that is taken up again goes on in the same way.

    Args:
        count: samples of the batch.
        settings: how they are scored.
        prepared: what they are scored with.

    Raises:
        SettingsError: the budget does not suffice.
    """
    images, clouds, budget = prepared.images, prepared.clouds, prepared.budget
    one = measure_one_image(images.largest) if images else OneImage(0, 0)
    patches = one.patches + (clouds.groups if clouds else 0)
    on_cpu = one.peak if prepared.scored_on == "cpu" else 0
    tiles = images.squares if images else 1
    least = LEAST_ROOM + max(on_cpu, least_bytes(count, settings.references, patches, tiles, settings.phases))
    budget.require(least, f"a scan of {count} samples takes")
    fitting = choose_batch_size(images.largest, one.peak, budget.left()) if images else CPU_PHOTOS
    size = settings.batch_size or fitting
    return Plan(size, size * on_cpu, int(SCORING_SHARE * scoring_room(prepared.scored_on, budget)))


def choose_modality(batch: Batch, settings: ScanSettings) -> Modality:
    """Return what is scored; raises InputError where the batch does not have it."""
    photos = sum(sample.image is not None for sample in batch.samples)
    clouds = sum(sample.cloud is not None for sample in batch.samples)
    if settings.modality == "auto":
        return "2d" if not clouds else "3d" if not photos else "2d+3d"
    for wanted, found, what in (("2d", photos, "photos"), ("3d", clouds, "clouds")):
        if wanted in settings.modality and not found:
            raise InputError(f"`modality` {settings.modality} needs {what}, but {batch.root} has none; use auto")
    return settings.modality


def load_networks(settings: ScanSettings, device: str, sizes: Sequence[int]) -> list[Backbone]:
    """Load the image network, once for each size of its input."""
    return [
        load_backbone(
            settings.backbone, weights=settings.weights, image_size=size, layers=settings.layers, device=device
        )
        for size in (settings.image_size, *sizes)
    ]


def open_image_features(
    settings: ScanSettings,
    workspace: Workspace,
    networks: Sequence[Backbone],
    tiling: Tiling,
    background: str,
    storage: Storage | None = None,
) -> ImageFeatures:
    """Open the cache of the tokens of photos.

    Args:
        settings: what tokens depend on besides the following.
        workspace: its folder holds the cache.
        networks: the image network, once for each size of its input; the first size decides the place of all tokens.
        tiling: (rows, columns) of tiles.
        background: a name in `BACKGROUND_RECIPES`, or "off": photos are blacked out by it.
        storage: an address where tokens are kept, too; None = there is none.
    """
    backbone, *more = networks
    sizes = tuple(network.image_size for network in more)
    resize = settings.resize_for(backbone.info.family)
    cache = TokenCache(
        find_cache(workspace),
        storage,
        weights=backbone.weights_sha256,
        backbone=settings.backbone,
        image_size=backbone.image_size,
        layers=backbone.layers,
        phases=settings.phases,
        tiles=tiling[0] if tiling[0] == tiling[1] else tiling,  # as many rows as columns: tokens keep their names
        background=background,
        camera=settings.camera,
        holes=settings.holes,
        **({"resize": resize} if resize != "bicubic" else {}),  # bicubic tokens keep their names
        **({"more_sizes": sizes} if sizes else {}),
        **({"autocast": "float16" if backbone.half else "off"} if backbone.device == "cuda" else {}),
    )
    return ImageFeatures(backbone, cache, settings.phases, tiling, resize, tuple(more))


def load_cloud_features(
    settings: ScanSettings,
    workspace: Workspace,
    side: int,
    modality: Modality,
    background: str,
    storage: Storage | None = None,
) -> CloudFeatures:
    """Load the point feature and open the cache of the tokens of clouds.

    Args:
        settings: the feature, and sizes and number of groups.
        workspace: its folder holds the cache.
        side: of the square that clouds are scored at, in pixels.
        modality: "3d" or "2d+3d".
        background: a name in `BACKGROUND_RECIPES`, or "off".
        storage: an address where tokens are kept, too; None = there is none.

    Raises:
        WeightsError: the weights of the feature are missing or damaged.
    """
    feature, checksum = load_point_feature(settings.point_feature, settings.point_weights)
    sizes = (settings.groups, settings.group_size, settings.group_step)
    cache = TokenCache(
        find_cache(workspace),
        storage,
        feature=settings.point_feature,
        weights=checksum,
        sizes=sizes,
        side=side,
        modality=modality,  # a photo may say which cluster of points is the part
        background=background,
        camera=settings.camera,
        holes=settings.holes,
    )
    return CloudFeatures(feature, *sizes, cache)


def choose_device(settings: ScanSettings) -> str:
    """Return "cpu" or "cuda"; raises InputError where a GPU is wanted and there is none."""
    if settings.device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if settings.device == "cuda" and not torch.cuda.is_available():
        raise InputError("`device` is set to cuda, but no usable GPU was found; set it to auto or cpu")
    return settings.device
