"""What a scan can be told: what decides scores, what of the machine may be taken; TOML out."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

import tomli_w
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from inspector.part_rule import check_rule
from inspector.setting_errors import build_settings
from inspector.tile_numbers import write_tiles
from inspector.value_limits import write_limits

LEAST_SIDE, MOST_SIDE = 32, 4096
"""Of a network's input, in pixels."""


class Method(BaseModel):
    """What decides scores: two runs with equal methods, files and weights give equal scores, on one kind of device.

    None means "as the backbone was published".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    modality: Literal["auto", "2d", "3d", "2d+3d"] = Field(
        default="auto", description="What is scored: photos, clouds, or both; auto = all that the batch has."
    )
    backbone: str = Field(default="efficientnet-lite0", description="Network whose patch tokens are compared.")
    weights: Path | None = Field(default=None, description="Weights file; none = the imported or embedded ones.")
    image_size: int | None = Field(
        default=None, ge=LEAST_SIDE, le=MOST_SIDE, description="Side of the network's input, in pixels."
    )
    more_sizes: tuple[int, ...] = Field(
        default=(),
        description="Further sides of the network's input; the maps at all sizes are averaged, each divided by what is "
        "usual at its size. Beside clouds photos are scored at the largest of these sizes alone.",
    )
    part_box: Literal["off", "auto"] = Field(
        default="off",
        description="Where `more_sizes` look: auto = at the part alone, turned as the others lie, where parts on a "
        "plain ground are clearly seen; else, and with off, at the whole photo.",
    )
    resize: Literal["auto", "bicubic", "bilinear"] = Field(
        default="auto",
        description="Filter that brings photos to the network's size; auto = as published, bilinear for DINO and "
        "DINOv2 with LNAMD (MuSc), else bicubic.",
    )
    layers: tuple[int, ...] | None = Field(
        default=None, description="Blocks (ViT) or stages (CNN) whose tokens are used."
    )
    tiles: Annotated[str, BeforeValidator(write_tiles)] = Field(
        default="1",
        description="Photos are cut into overlapping tiles, for tiny defects: a number along the shorter side, with as "
        "many along the longer as keep them nearly square; rows x columns, as in 2x5; or auto, by the photos' size.",
    )
    value_range: str = Field(
        default="auto",
        description="Which values of photos above 8 bits are black and white: auto = one scale for the batch, by the "
        "bits that the files declare or use; full = all that the files could hold; or two numbers, low and high, "
        "in the files' own values, or two for each channel.",
    )
    phases: int = Field(
        default=1, ge=1, le=2, description="2 = photos go through the network a second time, half a patch aside."
    )
    aggregation: Literal["lnamd", "lnamd-mean", "lnamd-joined", "snamd"] = Field(
        default="lnamd",
        description="Neighbourhood aggregation: LNAMD (MuSc), its mean over the windows, that of the layers joined, or "
        "SNAMD (MuSc-V2).",
    )
    degrees: tuple[int, ...] = Field(default=(1, 3, 5), min_length=1, description="Aggregation windows, in patches.")
    metric: Literal["off", "auto"] = Field(
        default="off",
        description="auto = patches are compared by a metric that was learnt beforehand on other parts, where there is "
        "one: for the embedded network with stages 2 and 3 joined.",
    )
    alignment: Literal["centres", "corners"] = Field(
        default="centres",
        description="Where patches lie on the map: their centres on their place in the photo, or the grid's corners on "
        "the photo's (MuSc), up to half a patch too far out.",
    )
    share: float = Field(
        default=0.3, gt=0, le=1, description="Share of the other samples, nearest first, that a patch is judged by."
    )
    poses: Literal["off", "auto"] = Field(
        default="off",
        description="auto = where parts lie in many poses, patches are judged by the nearest tenth of the other "
        "samples instead of `share`.",
    )
    subspace: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Weight of what is left of a patch when the ways in which parts commonly differ at its place are "
        "taken off (principal components), where parts lie alike. Photos alone; 0 = `share` alone.",
    )
    references: int = Field(
        default=200, ge=2, description="Other samples that judge each one; larger batches then cost only in proportion."
    )
    search_radius: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Patches are compared only up to so many patches away; for aligned parts.",
    )
    rescoring: Literal["auto", "near", "image", "salient"] = Field(
        default="auto",
        description="What makes samples neighbours: the whole photo (RsCIN) or the highest-scoring patch (RsCon); "
        "auto = RsCon where clouds are scored; near = as auto, but photos count by how near they are, not by "
        "`windows`.",
    )
    windows: tuple[int, ...] = Field(
        default=(1, 2, 3),
        description="Neighbourhood sizes of RsCIN and RsCon; empty = no re-scoring. As an option or in a file without "
        "`rescoring`, they choose auto in place of near.",
    )
    point_feature: Literal["fpfh", "point-mae"] = Field(
        default="fpfh", description="Description of groups of points: FPFH needs no weights, Point-MAE does."
    )
    point_degrees: tuple[int, ...] = Field(
        default=(1,),
        min_length=1,
        description="Aggregation windows of point groups, in groups; FPFH spans several sizes itself.",
    )
    point_weights: Path | None = Field(default=None, description="Weights file of Point-MAE; none = the imported one.")
    groups: int = Field(default=1024, ge=1, description="Groups of points in each cloud.")
    group_size: int = Field(default=128, ge=2, description="Points in a group.")
    group_step: int = Field(
        default=80, ge=1, validate_default=True, description="Points a group on a rough surface grows by."
    )
    fusion: Literal["scaled", "sum"] = Field(
        default="scaled",
        description="How maps of photo and cloud become one: each divided by what is usual in the batch, where photos "
        "strengthen clouds alone, or their plain sum, where both strengthen each other (MuSc-V2).",
    )
    background: Literal["auto", "off", "mvtec-3d", "eyecandies"] = Field(
        default="auto",
        description="How the surface that parts lie on is cut off from clouds; auto = by the folder's layout.",
    )
    camera: tuple[float, float, float, float] | None = Field(
        default=None, description="For depth images: focal lengths x, y and centre x, y, in pixels."
    )
    holes: tuple[float, ...] | None = Field(
        default=None,
        description="Values of z or depth that mark holes of a scan; none = recognised where that is sure.",
    )
    roi: Path | None = Field(
        default=None,
        description="File of the region of interest, white or drawn shapes: scores, maps and regions are of that "
        "alone; none = the whole photo.",
    )
    min_region_area: float = Field(
        default=0.0,
        ge=0,
        description="Smaller regions are not listed nor drawn: in square millimetres where `mm_per_pixel` is set, else "
        "in pixels of the photo. Scores and decisions stay.",
    )
    min_region_strength: float = Field(
        default=1.0,
        ge=1,
        le=1000,
        description="Regions whose peak is below so many times the threshold are not listed nor drawn; 1 = all are.",
    )
    mm_per_pixel: float | None = Field(
        default=None, gt=0, description="Scale of the photos, millimetres a pixel: areas of regions are told in them."
    )
    variants: Literal["off", "auto"] = Field(
        default="off", description="auto = groups of parts of another colour or finish are judged apart. Photos alone."
    )
    score_share: float = Field(
        default=0.0,
        ge=0,
        le=0.2,
        description="Image score = mean of this share of the map's highest values; 0 = the highest.",
    )
    recurring: Literal["off", "alert", "correct"] = Field(
        default="alert",
        description="Tell regions that only some parts share; correct = score these without each other.",
    )
    threshold: Literal["auto", "mad"] = Field(
        default="mad",
        description="How the threshold is found: mad = median + k x MAD of the scores, for batches of mostly good "
        "parts; auto = between two groups of scores where there are two, else as mad; says where it is unsure.",
    )
    threshold_k: float = Field(
        default=4.0,
        gt=0,
        le=100,
        description="Flagged above median + k x MAD of the batch's scores, where they do not fall into two groups.",
    )
    precision: Literal["auto", "float32", "half"] = Field(
        default="auto",
        description="Of the comparisons; half is faster where the processor has it, auto = half on GPUs.",
    )

    @model_validator(mode="before")
    @classmethod
    def _take_none_for_empty_text(cls, values: Any) -> Any:
        """TOML has no word for None."""
        optional = {name for name, field in cls.model_fields.items() if type(None) in get_args(field.annotation)}
        return {name: None if value == "" and name in optional else value for name, value in values.items()}

    @field_validator("degrees", "point_degrees")
    @classmethod
    def _check_odd(cls, degrees: tuple[int, ...]) -> tuple[int, ...]:
        if any(degree < 1 or degree % 2 == 0 for degree in degrees):
            raise ValueError("degrees must be odd and positive")
        return degrees

    @field_validator("value_range", mode="before")
    @classmethod
    def _check_limits(cls, given: object) -> str:
        return write_limits(given)

    @field_validator("group_step")
    @classmethod
    def _check_step(cls, step: int, others: ValidationInfo) -> int:
        if step > others.data.get("group_size", step):
            raise ValueError("a group cannot grow by more points than it has (`group_size`)")
        return step

    @field_validator("layers")
    @classmethod
    def _take_none_for_empty(cls, layers: tuple[int, ...] | None) -> tuple[int, ...] | None:
        return layers or None  # in TOML, which has no word for None, and which is read on top of a preset

    @field_validator("more_sizes")
    @classmethod
    def _check_sizes(cls, sizes: tuple[int, ...]) -> tuple[int, ...]:
        if any(not LEAST_SIDE <= size <= MOST_SIDE for size in sizes):
            raise ValueError(f"sizes lie between {LEAST_SIDE} and {MOST_SIDE} pixels")
        return sizes

    @field_validator("windows")
    @classmethod
    def _check_positive(cls, windows: tuple[int, ...]) -> tuple[int, ...]:
        if any(window < 1 for window in windows):
            raise ValueError("windows must be positive")
        return windows


class Resources(BaseModel):
    """What a scan may take of the machine; scores stay the same but for the last bits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: Literal["auto", "cpu", "cuda"] = Field(default="auto", description="Where to compute.")
    memory: float | None = Field(
        default=None, gt=0, description="Memory that a scan may take in all, in GB; none = 60 % of what is free."
    )
    batch_size: int | None = Field(
        default=None, ge=1, le=512, description="Images that go through the network together; none = what fits."
    )


class Tracing(BaseModel):
    """What tells which part each photo shows; scores stay the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part_id: str = Field(
        default="",
        description="Regular expression with named groups, as (?P<lot>...)_(?P<part>...), that tells part, lot, "
        "station and whatever else by the names of files; photos of one part (and lot) are views of it.",
    )
    barcode: bool = Field(
        default=False,
        description="The part is told by a barcode, QR or DataMatrix code in its photo, where one is found.",
    )

    @field_validator("part_id")
    @classmethod
    def _check_rule(cls, rule: str) -> str:
        return check_rule(rule)


class ScanSettings(Tracing, Resources, Method):  # fields come in the order of the last class first
    """All that a scan can be told, in one flat model. Unknown names are errors."""

    def changed(self, **values: Any) -> Self:
        """Return a checked copy with some values replaced.

        Raises:
            SettingsError: a name is unknown or a value is out of range.
        """
        return build_settings(type(self), {**self.model_dump(), **values})

    @property
    def method(self) -> Method:
        """What of the settings decides scores."""
        return Method(**{name: getattr(self, name) for name in Method.model_fields})

    @property
    def compares_by_metric(self) -> bool:
        """Whether photos are compared by the learnt metric: it is asked for, and there is one for their features."""
        own = self.aggregation == "lnamd-joined" and self.backbone == "efficientnet-lite0" and self.layers == (2, 3)
        return self.metric == "auto" and own

    @property
    def sees_depth(self) -> bool:
        """Whether depth images become clouds: a camera is set, and not photos alone are scored."""
        return self.camera is not None and self.modality != "2d"

    def resize_for(self, family: str) -> Literal["bicubic", "bilinear"]:
        """Return the filter that photos are resized with before a network of a family, as in `BackboneInfo`.

        MuSc's program resizes bilinearly for DINO and DINOv2 and bicubically for CLIP, MuSc-V2's bicubically.
        """
        if self.resize != "auto":
            return self.resize
        return "bilinear" if self.aggregation == "lnamd" and family in ("dino", "dinov2") else "bicubic"

    def background_of(self, layout: str) -> str:
        """Return the background recipe for a batch of a layout: a name in `BACKGROUND_RECIPES`, or "off"."""
        if self.background != "auto":
            return self.background
        return layout if layout in ("mvtec-3d", "eyecandies") else "off"

    def to_toml(self, *, complete: bool = False) -> str:
        """Return the settings as TOML; no layers are an empty list, other names whose value is None are left out.

        Args:
            complete: these are there too, as empty text: nothing of a recipe or preset shows through.
        """
        values = {"layers": [], **self.model_dump(mode="json", exclude_none=True)}
        absent = {name: "" for name in type(self).model_fields if name not in values} if complete else {}
        return tomli_w.dumps({**values, **absent})
