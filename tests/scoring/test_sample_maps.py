"""Cached tokens -> maps: the published chain, and what happens where samples lack a modality."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
import torch

from inspector.data.parts import Part
from inspector.events import silent
from inspector.features.cache import TokenCache
from inspector.features.reader import CloudFeatures, ImageFeatures
from inspector.geometry.frame import Frame
from inspector.geometry.grid import stretch_map
from inspector.machine import Budget
from inspector.scoring.batch import BatchScores, score_batch, scoring_room
from inspector.scoring.embeddings import Neighbourhood, find_neighbourhood
from inspector.scoring.feature_sets import BatchFeatures, collect_features
from inspector.scoring.maps import grid_maps
from inspector.scoring.mutual import mutual_scores
from inspector.scoring.rescoring import rescore
from inspector.scoring.sample_maps import SampleMaps, map_sample

GOLDEN = Path(__file__).parents[1] / "data" / "muscv2_3d.npz"
SIDE = 96
UNPADDED = Frame(SIDE, 0, 0, (SIDE, SIDE))


@pytest.fixture(scope="module")
def golden():
    return {name: torch.from_numpy(values) for name, values in np.load(GOLDEN).items()}


@pytest.fixture
def caches(golden, tmp_path):
    """Golden tokens in caches, under the names "photo <n>" and "cloud <n>"."""
    images, clouds = TokenCache(tmp_path, kind="images"), TokenCache(tmp_path, kind="clouds")
    for index in range(7):
        layers = [tokens[index, 1:].view(12, 12, -1) for tokens in golden["tokens"]]
        images.save(f"photo {index}", layers, {"embedding": golden["tokens"][2, index, 0]})
        points = golden["clouds"][index].view(-1, 3)
        pixels = (points != 0).any(dim=1).nonzero().flatten()
        others = {
            "points": points[pixels],
            "original": points[pixels] * 1000,
            "center_index": golden["center_index"][index],
            "curvature": golden["curvature"][index],
            "shown": torch.arange(len(pixels)),
            "pixels": pixels,
            "size": torch.tensor([SIDE, SIDE]),
        }
        clouds.save(f"cloud {index}", list(golden["point_tokens"][:, index]), others)
    backbone = SimpleNamespace(layers=(0, 1, 2), device="cpu")
    return ImageFeatures(backbone, images), CloudFeatures(None, 64, 24, 15, clouds)


def parts(photos=range(7), clouds=range(7), frame=UNPADDED) -> list[Part]:
    return [
        Part(
            n,
            size=frame.size,
            frame=frame,
            image_key=f"photo {n}" if n in photos else "",
            cloud_key=f"cloud {n}" if n in clouds else "",
        )
        for n in range(7)
    ]


class Scored(NamedTuple):
    """A batch and its scores."""

    parts: list[Part]
    features: BatchFeatures
    scores: BatchScores

    def maps(self, index: int, alignment: str = "corners") -> SampleMaps:
        frame, of_batch = self.parts[index].frame, (index, self.features, self.scores)
        return map_sample(*of_batch, frame=frame, side=SIDE, score_share=0, alignment=alignment)

    def neighbourhood(self, rescoring: str = "salient") -> Neighbourhood:
        return find_neighbourhood(self.features, self.scores, len(self.parts), rescoring)

    def embeddings(self) -> torch.Tensor:
        return self.neighbourhood().embeddings


def scored(parts, caches) -> Scored:
    features = collect_features(parts, *caches, aggregation="snamd", degrees=(1, 3, 5), point_degrees=(1, 3, 5))
    scores = score_batch(features, share=0.3, references=200, report=silent)
    return Scored(parts, features, scores)


def test_published_chain_from_tokens_to_rscon(golden, caches):
    batch = scored(parts(), caches)

    maps = [batch.maps(index) for index in range(7)]
    raw = torch.tensor([found.score for found in maps])
    fused = torch.stack([torch.from_numpy(found.anomaly_map) for found in maps])
    tolerance = 0.015 * float(golden["map_fused"].max())  # 8 bits in the published blur, half precision in the cache
    assert torch.allclose(fused, golden["map_fused"], rtol=0, atol=tolerance)
    assert torch.allclose(raw, golden["score_raw"], rtol=0, atol=tolerance)
    assert torch.allclose(batch.embeddings(), golden["salient"], rtol=0, atol=2e-3)
    rescored = rescore(golden["score_raw"], batch.embeddings(), (1, 3))
    assert torch.allclose(rescored, golden["rscon"], rtol=0, atol=2e-3)


def test_points_carry_their_unit_pixel_and_the_scores_of_both(golden, caches):
    found = scored(parts(), caches).maps(2)

    xyz = golden["clouds"][2].view(-1, 3).numpy()
    assert np.array_equal(found.points, xyz[found.pixels] * np.float32(1000))
    of_photo = grid_maps(golden["map2d_patch"][2:3], (12, 12), (SIDE, SIDE), "corners").flatten()[
        golden["center_pixel"][2]
    ]
    at_centers = found.point_scores[golden["center_index"][2].numpy()]
    np.testing.assert_allclose(at_centers, golden["map3d_group"][2] + of_photo, atol=5e-3)


@pytest.mark.parametrize(
    ("device", "given", "room"), [("cpu", True, 30), ("cuda", False, 800), ("cuda", True, 100), ("cpu", False, 30)]
)
def test_room_for_scoring_is_that_of_the_budget_or_of_the_gpu(monkeypatch, device, given, room):
    monkeypatch.setattr("inspector.machine.resident_bytes", lambda: 70)
    monkeypatch.setattr("inspector.machine.free_bytes", lambda: 500)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (1000, 2000))

    assert scoring_room(device, Budget(100, given=given)) == room


def test_clouds_alone_are_the_published_3d_scores(golden, caches):
    batch = scored(parts(photos=()), (None, caches[1]))

    expected = torch.stack([golden[f"msm_3d_l{layer}"] for layer in range(3)]).mean(dim=0)
    for index in range(7):
        at_centers = batch.maps(index).point_scores[golden["center_index"][index].numpy()]
        np.testing.assert_allclose(at_centers, expected[index], atol=5e-3)
    assert torch.allclose(batch.embeddings(), golden["snamd_3d"][torch.arange(7), expected.argmax(dim=1), 1], atol=2e-3)


def test_sample_without_cloud_is_scored_by_its_photo_against_all(golden, caches):
    batch = scored(parts(clouds=range(6)), caches)

    found = batch.maps(6)
    patches = torch.stack([golden[f"msm_2d_l{layer}"][6] for layer in range(3)]).mean(dim=0)
    typical = torch.stack([batch.scores.groups[index] for index in range(6)]).median()
    expected = grid_maps(patches[None], (12, 12), (SIDE, SIDE), "corners")[0] + typical
    np.testing.assert_allclose(found.anomaly_map, expected, atol=5e-3)
    assert found.points is None


def test_sample_without_photo_is_scored_by_its_cloud_against_all(golden, caches):
    batch = scored(parts(photos=range(1, 7)), caches)

    found = batch.maps(0)
    groups = torch.stack([golden[f"msm_3d_l{layer}"][0] for layer in range(3)]).mean(dim=0)
    typical = torch.stack([batch.scores.patches[index] for index in range(1, 7)]).median()
    at_centers = found.point_scores[golden["center_index"][0].numpy()]
    np.testing.assert_allclose(at_centers, groups + typical, atol=5e-3)
    assert found.anomaly_map.min() >= float(typical)
    assert batch.embeddings().shape == (7, 88)  # RsCIN needs a photo of every sample


def test_no_sample_with_both(caches):
    batch = scored(parts(photos=(0, 1, 2), clouds=(3, 4, 5, 6)), caches)

    assert all(np.isfinite(batch.maps(index).score) for index in range(7))
    assert torch.isfinite(batch.embeddings()).all()


@pytest.mark.parametrize("alignment", ["centres", "corners"])
@pytest.mark.parametrize("clouds", [range(7), ()], ids=["both", "photos left over"])
def test_padding_is_cut_off(golden, caches, clouds, alignment):
    whole = scored(parts(clouds=clouds), caches)
    frame = Frame(200, 50, 20, (100, 160))

    found = scored(parts(clouds=clouds, frame=frame), caches).maps(1, alignment)

    assert found.anomaly_map.shape == (48, 77)
    assert found.score == whole.maps(1, alignment).score
    padded = stretch_map(whole.maps(1, alignment).anomaly_map, (200, 200), alignment)
    np.testing.assert_allclose(stretch_map(found.anomaly_map, (100, 160), alignment), frame.crop(padded), atol=0.02)


@pytest.mark.parametrize("side", [200, 300, 1000])
def test_pixels_are_those_the_points_were_taken_from(golden, caches, side):
    rows, cols = np.divmod(np.flatnonzero(golden["clouds"][3].view(-1, 3).any(dim=1)), SIDE)

    found = scored(parts(frame=Frame(side, 0, 0, (side, side))), caches).maps(3)

    assert found.pixels.tolist() == (rows * side // SIDE * side + cols * side // SIDE).tolist()


def test_embedding_of_the_photo_where_all_have_one(golden, caches):
    kind, embeddings = scored(parts(), caches).neighbourhood("image")

    assert kind == "RsCIN"
    assert torch.equal(embeddings, golden["tokens"][2, :, 0])


@pytest.mark.parametrize(
    ("photos", "clouds", "rescoring", "kind"),
    [
        (range(7), (), "auto", "RsCIN"),
        (range(7), (), "near", "nearness"),
        (range(7), (), "salient", "RsCon"),
        (range(7), range(7), "auto", "RsCon"),
        (range(7), range(7), "near", "RsCon"),
        (range(7), range(7), "image", "RsCIN"),
        (range(1, 7), range(7), "image", "RsCon"),  # the first has no photo
        ((), range(7), "image", "RsCon"),
    ],
)
def test_rescoring_is_told_by_its_name(caches, photos, clouds, rescoring, kind):
    given = caches if photos else (None, caches[1])

    assert scored(parts(photos, clouds), given).neighbourhood(rescoring).kind == kind


def test_photos_without_cloud_are_compared_with_the_whole_photos_of_the_others(golden, caches):
    given = parts(clouds=range(5))
    whole = [replace(part, whole_key=part.image_key) for part in given]

    found = scored(whole, caches).scores.patches

    layers = golden["snamd_2d"].unbind(dim=2)
    expected = torch.stack([mutual_scores(features) for features in layers]).mean(dim=0)
    for sample in (5, 6):
        torch.testing.assert_close(found[sample], expected[sample], rtol=0, atol=5e-3)
    with_both = scored(parts(photos=range(5), clouds=range(5)), caches).scores.patches
    assert all(torch.equal(found[sample], with_both[sample]) for sample in range(5))


def test_photo_that_lacks_a_whole_one_judges_no_whole_photo(golden, caches):
    given = parts(clouds=range(5))
    whole = [replace(part, whole_key=part.image_key if part.position != 2 else "") for part in given]

    found = scored(whole, caches).scores.patches

    others = [index for index in range(7) if index != 2]
    layers = golden["snamd_2d"][others].unbind(dim=2)
    expected = torch.stack([mutual_scores(features) for features in layers]).mean(dim=0)
    torch.testing.assert_close(found[6], expected[-1], rtol=0, atol=5e-3)
