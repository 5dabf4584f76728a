"""Features of the groups of a cloud: FPFH histograms, which need no weights, and Point-MAE."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.spatial import KDTree
from torch import Tensor

from inspector.errors import InputError, WeightsError
from inspector.features.fpfh import fpfh_histograms
from inspector.features.point_groups import PointGroups
from inspector.features.point_mae import PointMAE, build_point_mae
from inspector.weights.catalogue import POINT_MAE
from inspector.weights.loading import load_weights

if TYPE_CHECKING:
    from open3d.geometry import PointCloud

PointFeature = Callable[[Tensor, PointGroups, Tensor | None], Tensor]
"""Points (M, 3), their groups, normals (M, 3) or None -> tokens (L, G, C)."""

FPFH_RADII = (4.0, 8.0, 16.0)
"""Radii of the histograms, in point spacings: about 50 neighbours, the size of a group, and beyond it."""

FPFH_DETAIL = 5.0
"""A cloud is thinned to this many points along a radius, so that a large radius costs no more than a small one."""

FPFH_NEIGHBOURS = 100
"""Upper limit of neighbours within a radius; a thinned surface has about 80."""

MOST_CELLS = 1e9
"""Point spacings along a cloud; Open3D's cells of less than one spacing are counted up to 2 billion."""

NORMAL_NEIGHBOURS = 30
"""Points that an estimated normal is fitted to (the usual choice for FPFH, Rusu et al. 2009)."""


def fpfh_tokens(points: Tensor, groups: PointGroups, normals: Tensor | None = None) -> Tensor:
    """Describe each group by the mean FPFH histograms of its points at several radii (Rusu et al., ICRA 2009).

    The radii follow the point spacing, the median distance of a point to its nearest neighbour. Each radius's 33
    values are L2-normalised, and so is the whole. Normals that are not given are estimated and turned towards a
    camera that looks along +z, as depth cameras do.

    Args:
        points: (M, 3) floating, finite, any unit.
        groups: groups of these points.
        normals: (M, 3) floating, any length, or None.

    Returns:
        (1, G, 33 x radii) float32 on the device of `points`.

    Raises:
        ValueError: wrong shape, or values that are not finite.
        InputError: all points coincide.
    """
    import open3d as o3d  # takes seconds, and photos need none of it

    _check(points, normals)
    cloud, place = _drop_duplicates(points, normals)
    spacing = float(np.median(np.asarray(cloud.compute_nearest_neighbor_distance())))
    _require_cells(cloud, spacing)
    if normals is None:
        cloud.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(NORMAL_NEIGHBOURS))
        cloud.orient_normals_to_align_with_direction(np.array([0.0, 0.0, -1.0]))
    members = place[groups.members.cpu()]
    parts = []
    for radius in FPFH_RADII:
        histograms = torch.from_numpy(_compute_histograms(cloud, radius * spacing, spacing)).float()
        parts.append(F.normalize(F.embedding_bag(members, histograms, mode="mean"), dim=1))
    return F.normalize(torch.cat(parts, dim=1), dim=1)[None].to(points.device)


def _require_cells(cloud: "PointCloud", spacing: float) -> None:
    """Check that a cloud can be cut into cells of about its spacing; Open3D counts them in 32 bits."""
    extent = float(np.ptp(np.asarray(cloud.points), axis=0).max())
    if not spacing > 0 or extent > spacing * MOST_CELLS:
        raise InputError(
            "a few points of the cloud lie so far away from the others that these are as one place; clean the scan, or "
            "name the value that marks its holes in `holes`"
        )


def _drop_duplicates(points: Tensor, normals: Tensor | None) -> tuple["PointCloud", Tensor]:
    """Leave out points that coincide with another; with the place (M,) of each point among the distinct ones."""
    import open3d as o3d

    coordinates = points.detach().cpu().double().numpy()
    distinct, first, place = np.unique(coordinates, axis=0, return_index=True, return_inverse=True)
    if len(distinct) < 2:
        raise InputError("all points of the cloud are at one place; check the export of the scan")
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(distinct))
    if normals is not None:
        units = F.normalize(normals.detach().cpu().double(), dim=1)
        cloud.normals = o3d.utility.Vector3dVector(units.numpy()[first])
    return cloud, torch.from_numpy(place.reshape(-1))


def _compute_histograms(cloud: "PointCloud", radius: float, spacing: float) -> NDArray[np.float64]:
    """Compute each point's FPFH histogram, of the nearest point of a thinned cloud where the radius is large."""
    voxel = radius / FPFH_DETAIL
    thinned = cloud.voxel_down_sample(voxel) if voxel > spacing else cloud
    values = fpfh_histograms(np.asarray(thinned.points), np.asarray(thinned.normals), radius, FPFH_NEIGHBOURS)
    if thinned is not cloud:
        values = values[KDTree(np.asarray(thinned.points)).query(np.asarray(cloud.points))[1]]
    return values


def point_mae_tokens(model: PointMAE) -> PointFeature:
    """Describe each group by the tokens that Point-MAE gives of its points, relative to its centre."""

    @torch.inference_mode()
    def tokens(points: Tensor, groups: PointGroups, normals: Tensor | None = None) -> Tensor:
        _check(points, normals)
        model.to(points.device)
        centers = points[groups.center_index].float()
        relative = points[groups.members].float() - centers[:, None]
        result: Tensor = model(relative[None], centers[None])[:, 0]
        return result

    return tokens


def _load_fpfh(weights: str | Path | None) -> tuple[PointFeature, str]:
    if weights is not None:
        raise WeightsError("FPFH has no weights; leave them away or choose the point feature 'point-mae'")
    return fpfh_tokens, ""


def _load_point_mae(weights: str | Path | None) -> tuple[PointFeature, str]:
    loaded, sha256 = load_weights(POINT_MAE, weights)
    return point_mae_tokens(build_point_mae(loaded)), sha256


POINT_FEATURES: dict[str, Callable[[str | Path | None], tuple[PointFeature, str]]] = {
    "fpfh": _load_fpfh,
    "point-mae": _load_point_mae,
}
"""How each point feature is loaded: a file of weights, or None -> the feature, and the SHA-256 of its weights."""


def load_point_feature(name: str, weights: str | Path | None) -> tuple[PointFeature, str]:
    """Load a point feature by its name in `POINT_FEATURES`, and the SHA-256 of its weights ("" = it has none).

    Args:
        name: "fpfh" or "point-mae".
        weights: the official checkpoint of Point-MAE, or what an import made of it; None = the imported weights.

    Raises:
        WeightsError: the weights are missing, damaged or not wanted.
    """
    return POINT_FEATURES[name](weights)


def _check(points: Tensor, normals: Tensor | None) -> None:
    if points.ndim != 2 or points.shape[1] != 3 or (normals is not None and normals.shape != points.shape):
        shapes = tuple(points.shape), normals if normals is None else tuple(normals.shape)
        raise ValueError(f"expected points (M, 3) and normals (M, 3) or none, but got {shapes[0]}, {shapes[1]}")
    if not points.isfinite().all() or (normals is not None and not normals.isfinite().all()):
        raise ValueError("expected finite points and normals, but some are NaN or infinite")
