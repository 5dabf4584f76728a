"""What each network is good for, and what its licence asks, a sentence each: for people who have to choose.

No sentence says how well a network finds defects; docs/published.md has figures for those that were published.
"""

from dataclasses import dataclass

from inspector.presets import PRESETS
from inspector.weights.catalogue import BackboneInfo

PURPOSES = {
    "efficientnet-lite0": "Comes with the inspector and is fast on any machine: the one to begin with.",
    "clip-vit-b32": "The fastest CLIP: large patches, so for large defects.",
    "clip-vit-b16": "CLIP with smaller patches: for smaller defects than B/32, at about four times its work.",
    "clip-vit-b16-plus-240": "A wider CLIP B/16, trained on LAION-400M by open_clip.",
    "clip-vit-l14": "The large CLIP, trained on photos of 224 pixels; use L/14-336 unless you compare the two.",
    "clip-vit-l14-336": "The network of MuSc as it was published; wants a graphics card.",
    "dino-vit-b8": "The network of MuSc-V2 as it was published, with the smallest patches; wants a graphics card.",
    "dino-vit-b16": "DINO with larger patches: takes photos at 512 pixels at about the work of B/8 at 224.",
    "dinov2-vit-s14": "The smallest network worth importing: detailed features, still usable without a graphics card.",
    "dinov2-vit-b14": "The middle DINOv2: more detail than S/14, at about four times its work.",
    "dinov2-vit-l14": "The large DINOv2; wants a graphics card.",
    "dinov2-vit-s14-reg": "DINOv2 S/14 with registers: where maps of S/14 show stray hot spots on plain ground.",
    "dinov2-vit-b14-reg": "DINOv2 B/14 with registers: where maps of B/14 show stray hot spots on plain ground.",
    "dinov2-vit-l14-reg": "DINOv2 L/14 with registers: where maps of L/14 show stray hot spots on plain ground.",
    "dinov3-vit-s16": "The smallest DINOv3; it has a licence of its own.",
    "dinov3-vit-b16": "The middle DINOv3, at about four times the work of S/16; it has a licence of its own.",
    "dinov3-vit-l16": "The large DINOv3; it has a licence of its own, and wants a graphics card.",
    "point-mae": "For point clouds alone, as in MuSc-V2: it describes groups of points, and takes no photos.",
}
"""By our names of the networks."""


@dataclass(frozen=True)
class Licence:
    """A licence in one sentence, and where its text stands."""

    summary: str
    address: str


LICENCES = {
    "MIT": Licence(
        "Free to use, also commercially; the notice of copyright goes with copies.",
        "https://opensource.org/license/mit",
    ),
    "Apache-2.0": Licence(
        "Free to use, also commercially; licence and notices go with copies.",
        "https://www.apache.org/licenses/LICENSE-2.0",
    ),
    "LicenseRef-DINOv3": Licence(
        "Meta's own licence: read it before use, it sets conditions for use and for passing on.",
        "https://ai.meta.com/resources/models-and-libraries/dinov3-license/",
    ),
}
"""By their SPDX identifiers."""

OTHER = Licence("Ask its publisher what the licence allows.", "")


def describe_licence(info: BackboneInfo) -> Licence:
    """Return what is known of the licence of a network's weights."""
    return LICENCES.get(info.licence, OTHER)


def list_presets(info: BackboneInfo) -> list[str]:
    """Return the names of the presets that use a network."""
    return [
        name
        for name, settings in PRESETS.items()
        if info.name in (settings.backbone, settings.point_feature) and name != "published"
    ]
