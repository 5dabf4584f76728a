import itertools
import tracemalloc

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from inspector.evaluation.metrics import ImageMetrics, PixelMetrics, image_metrics, pixel_metrics

NOTHING = PixelMetrics(auroc=None, f1_max=None, ap=None, aupro=None)
BINNED = 0  # exact_pixels


def regions_by_flood_fill(mask):
    """Lists of the pixels of each 8-connected region."""
    left = {(int(row), int(col)) for row, col in np.argwhere(mask)}
    regions = []
    while left:
        region, open_ends = [], [left.pop()]
        while open_ends:
            row, col = open_ends.pop()
            region.append((row, col))
            for near in itertools.product((row - 1, row, row + 1), (col - 1, col, col + 1)):
                if near in left:
                    left.remove(near)
                    open_ends.append(near)
        regions.append(region)
    return regions


def aupro_by_every_threshold(masks, maps, limit=0.3):
    """The curve point by point, at every score there is, then trapezoids up to the limit."""
    regions = [(n, region) for n, mask in enumerate(masks) for region in regions_by_flood_fill(mask)]
    normal = np.concatenate([scores[~mask] for mask, scores in zip(masks, maps, strict=True)])
    points = [(0.0, 0.0)]
    for threshold in sorted({float(score) for scores in maps for score in scores.ravel()}, reverse=True):
        overlaps = [np.mean([maps[n][pixel] >= threshold for pixel in region]) for n, region in regions]
        points.append((float(np.mean(normal >= threshold)), float(np.mean(overlaps))))
    area = 0.0
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x1 > limit:
            y1 = y0 + (y1 - y0) * (limit - x0) / (x1 - x0)
            return (area + (limit - x0) * (y0 + y1) / 2) / limit
        area += (x1 - x0) * (y0 + y1) / 2
    raise AssertionError("the last point is at 1")


def oracle_of_scikit_learn(labels, scores):
    precision, recall, _ = precision_recall_curve(labels, scores)
    harmonic = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    return roc_auc_score(labels, scores), harmonic.max(), average_precision_score(labels, scores)


def flat(masks, maps):
    return np.concatenate([m.ravel() for m in masks]), np.concatenate([m.ravel() for m in maps])


def batch_of_parts(seed, decimals, sizes=((9, 13), (12, 7), (8, 8))):
    """Masks and maps of several sizes, with regions of one pixel and of many, at the border, touching at corners."""
    rng = np.random.default_rng(seed)
    masks = [rng.random(size) < 0.12 for size in sizes]
    masks[0][:4, :3] = True
    maps = [np.round(rng.normal(size=m.shape) + 1.5 * m, decimals).astype(np.float32) for m in masks]
    return masks, maps


def leading_bits(scores):
    """Scores cut down to the 13 mantissa bits (and the implied one) that a bin keeps."""
    mantissa, exponent = np.frexp(scores)
    return np.ldexp(np.trunc(mantissa * 2.0**14) / 2.0**14, exponent).astype(np.float32)


def binning_bounds(masks, maps):
    """The bounds that the docstring of `pixel_metrics` states, bin by bin."""
    labels, scores = flat(masks, [leading_bits(m) for m in maps])
    weights = []
    for mask in masks:
        weight = np.zeros(mask.shape)
        for region in regions_by_flood_fill(mask):
            for pixel in region:
                weight[pixel] = 1 / len(region)
        weights.append(weight.ravel())
    _, bins = np.unique(-scores, return_inverse=True)
    normal, anomalous = np.bincount(bins[~labels], minlength=bins.max() + 1), np.bincount(bins, labels)
    overlap = np.bincount(bins, np.concatenate(weights))
    share = normal / normal.sum()
    crowd = (normal + anomalous) / np.cumsum(normal + anomalous)
    return PixelMetrics(
        auroc=np.sum(share * anomalous) / anomalous.sum() / 2,
        f1_max=normal[anomalous > 0].max() / anomalous.sum(),
        ap=np.sum(anomalous * crowd) / anomalous.sum(),
        aupro=np.sum(share * overlap) / overlap.sum() / 0.6,
    )


def as_tuple(metrics):
    return metrics.auroc, metrics.f1_max, metrics.ap, metrics.aupro


def test_image_metrics_of_four_images_by_hand():
    found = image_metrics([0, 1, 0, 1], [1.0, 2.0, 3.0, 4.0])

    assert (found.auroc, found.f1_max, found.ap) == pytest.approx((0.75, 0.8, 5 / 6))


def test_image_metrics_equal_the_golden_ones(golden):
    found = image_metrics(golden["label"], golden["score"])

    expected = golden["image_auroc_f1_ap"]
    np.testing.assert_allclose([found.auroc, found.f1_max, found.ap], expected, atol=1e-4, rtol=1e-4)


def test_pixel_metrics_equal_the_golden_ones(golden):
    found = pixel_metrics(golden["mask"], golden["map"])

    expected = golden["pixel_auroc_f1_ap_aupro"]
    np.testing.assert_allclose([found.auroc, found.f1_max, found.ap], expected[:3], atol=1e-4, rtol=1e-4)
    assert found.aupro == pytest.approx(expected[3], abs=0.01)


@pytest.fixture(scope="module")
def golden(request):
    with np.load(request.path.parents[1] / "data" / "metrics.npz") as arrays:
        return dict(arrays)


@pytest.mark.parametrize("decimals", [0, 1, 15], ids=["many ties", "some ties", "no ties"])
@pytest.mark.parametrize("seed", range(5))
def test_image_metrics_equal_scikit_learn(seed, decimals):
    rng = np.random.default_rng(seed)
    labels = rng.random(60) < 0.4
    scores = np.round(rng.normal(size=60) + labels, decimals)

    found = image_metrics(labels, scores)

    expected = oracle_of_scikit_learn(labels, scores)
    np.testing.assert_allclose([found.auroc, found.f1_max, found.ap], expected, rtol=1e-12)


@pytest.mark.parametrize("decimals", [0, 1, 7], ids=["many ties", "some ties", "no ties"])
@pytest.mark.parametrize("seed", range(3))
def test_pixel_metrics_equal_scikit_learn_and_every_threshold(seed, decimals):
    masks, maps = batch_of_parts(seed, decimals)

    found = pixel_metrics(masks, maps)

    expected = (*oracle_of_scikit_learn(*flat(masks, maps)), aupro_by_every_threshold(masks, maps))
    np.testing.assert_allclose(as_tuple(found), expected, rtol=1e-12)


@pytest.mark.parametrize("exact_pixels", [1000, BINNED])
def test_aupro_of_one_row_by_hand(exact_pixels):
    # From the top: anomalous, normal (rate 0.1), anomalous, then normal ones: overlap 1/2 up to 0.1, 1 up to 0.3.
    mask = np.array([[1, 0, 1] + [0] * 9], dtype=bool)
    anomaly_map = np.array([[9, 8, 7] + [1] * 9])

    found = pixel_metrics([mask], [anomaly_map], exact_pixels=exact_pixels)

    assert found.aupro == pytest.approx((0.1 * 0.5 + 0.2 * 1) / 0.3)


def test_aupro_cuts_a_tie_at_the_limit():
    # One tie of everything: overlap = rate, so the area up to 0.3 is 0.3 * 0.3 / 2.
    found = pixel_metrics([np.eye(4, dtype=bool)], [np.full((4, 4), 0.7)])

    assert as_tuple(found) == pytest.approx((0.5, 0.4, 0.25, 0.15))


def test_regions_of_different_size_count_the_same():
    # The large region is found first, the single pixel only after all normal ones: half of the regions up to 0.3.
    mask = np.zeros((6, 9), dtype=bool)
    mask[:4, :5] = mask[5, 8] = True
    anomaly_map = np.where(mask, 2.0, 1.0)
    anomaly_map[5, 8] = 0.0

    found = pixel_metrics([mask], [anomaly_map])

    assert found.aupro == pytest.approx(0.5)
    assert found.auroc == pytest.approx(20 / 21)


def test_pixels_that_touch_at_a_corner_are_one_region():
    # Were they two, the found one would count 1/2; as a part of a region of four pixels with three beside it, 1/4.
    mask = np.zeros((5, 5), dtype=bool)
    mask[0, 0] = mask[1, 1:4] = True
    anomaly_map = np.where(mask, 0.0, 1.0)
    anomaly_map[0, 0] = 2.0

    assert pixel_metrics([mask], [anomaly_map]).aupro == pytest.approx(0.25)


@pytest.mark.parametrize("exact_pixels", [1000, BINNED])
def test_perfect_maps_score_one(exact_pixels):
    masks, _ = batch_of_parts(0, 1)

    found = pixel_metrics(masks, [m.astype(np.float32) for m in masks], exact_pixels=exact_pixels)

    assert as_tuple(found) == (1, 1, 1, 1)


@pytest.mark.parametrize("exact_pixels", [1000, BINNED])
def test_inverted_maps_score_zero_areas(exact_pixels):
    masks, _ = batch_of_parts(0, 1)

    found = pixel_metrics(masks, [-m.astype(np.float32) for m in masks], exact_pixels=exact_pixels)

    assert (found.auroc, found.aupro) == (0, 0)


def test_order_and_monotone_change_of_scores_do_not_matter():
    masks, maps = batch_of_parts(1, 2)

    found = pixel_metrics(reversed(masks), [np.exp(m / 2) for m in reversed(maps)])

    assert as_tuple(found) == pytest.approx(as_tuple(pixel_metrics(masks, maps)))


def test_masks_may_be_of_any_number_type():
    masks, maps = batch_of_parts(1, 2)

    assert pixel_metrics([m.astype(np.uint8) * 255 for m in masks], maps) == pixel_metrics(masks, maps)


@pytest.mark.parametrize("exact_pixels", [BINNED, 100, 200])
def test_binned_result_is_the_exact_one_of_shortened_scores(exact_pixels):
    masks, maps = batch_of_parts(2, 7, sizes=((40, 30), (9, 13), (31, 33)))
    shortened = [leading_bits(m) for m in maps]

    found = pixel_metrics(masks, maps, exact_pixels=exact_pixels)

    np.testing.assert_allclose(as_tuple(found), as_tuple(pixel_metrics(masks, shortened)), rtol=1e-12)


def test_pixels_are_folded_in_pieces_of_any_size(monkeypatch):
    masks, maps = batch_of_parts(2, 7)
    expected = as_tuple(pixel_metrics(masks, maps, exact_pixels=BINNED))
    monkeypatch.setattr("inspector.evaluation.metrics.FOLD_PIXELS", 10)
    assert as_tuple(pixel_metrics(masks, maps, exact_pixels=BINNED)) == pytest.approx(expected)


@pytest.mark.parametrize("spread", [1e-4, 1e-2, 1.0], ids=["few bins", "hundreds of bins", "thousands of bins"])
def test_binning_stays_within_the_stated_error(spread):
    masks, maps = batch_of_parts(3, 7, sizes=((60, 50), (9, 13), (50, 70)))
    maps = [(3 + spread * m).astype(np.float32) for m in maps]
    exact = pixel_metrics(masks, maps)

    binned = pixel_metrics(masks, maps, exact_pixels=BINNED)

    bounds = binning_bounds(masks, maps)
    assert binned != exact
    for found, expected, bound in zip(as_tuple(binned), as_tuple(exact), as_tuple(bounds), strict=True):
        assert abs(found - expected) <= bound + 1e-12
    assert binned.f1_max <= exact.f1_max


def test_binning_error_is_small_for_scores_that_spread():
    masks, maps = batch_of_parts(4, 7, sizes=((60, 50), (9, 13), (50, 70)))

    bounds = binning_bounds(masks, maps)

    assert max(bounds.auroc, bounds.f1_max, bounds.aupro) < 0.01


def test_negative_zero_and_zero_share_a_bin():
    mask, anomaly_map = np.array([[True, False]]), np.array([[0.0, -0.0]])

    assert pixel_metrics([mask], [anomaly_map], exact_pixels=BINNED).auroc == 0.5


def test_bins_keep_the_order_of_scores_of_both_signs():
    anomaly_map = np.array([[-1e30, -2.0, -1.0, -1e-30, 0.0, 1e-30, 1.0, 2.0, 1e30]])
    for first_anomalous in range(1, anomaly_map.size):
        mask = np.arange(anomaly_map.size)[None] >= first_anomalous

        assert pixel_metrics([mask], [anomaly_map], exact_pixels=BINNED).auroc == 1


def test_memory_does_not_grow_with_the_number_of_maps():
    size = 128

    def peak(count):
        rng = np.random.default_rng(0)
        masks = (np.eye(size, dtype=bool) for _ in range(count))
        maps = (rng.random((size, size), dtype=np.float32) for _ in range(count))
        tracemalloc.start()
        pixel_metrics(masks, maps, exact_pixels=8 * size**2)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    eighty_maps = 80 * 4 * size**2
    assert peak(100) - peak(20) < eighty_maps / 4


@pytest.mark.parametrize("exact_pixels", [1000, BINNED])
@pytest.mark.parametrize("value", [False, True], ids=["normal", "anomalous"])
def test_pixels_of_one_class_have_no_metrics(value, exact_pixels):
    masks = [np.full((3, 4), value)] * 2

    assert pixel_metrics(masks, [np.ones((3, 4))] * 2, exact_pixels=exact_pixels) == NOTHING


@pytest.mark.parametrize("size", [(0, 0), (0, 4)])
def test_no_pixels_have_no_metrics(size):
    assert pixel_metrics([np.zeros(size, dtype=bool)], [np.zeros(size)]) == NOTHING


def test_no_samples_have_no_metrics():
    assert pixel_metrics([], []) == NOTHING
    assert image_metrics([], []) == ImageMetrics(auroc=None, f1_max=None, ap=None)


@pytest.mark.parametrize("labels", [[0, 0, 0], [True, True, True]])
def test_images_of_one_class_have_no_metrics(labels):
    assert image_metrics(labels, [1.0, 2.0, 3.0]) == ImageMetrics(auroc=None, f1_max=None, ap=None)


def test_equal_image_scores():
    assert image_metrics([0, 1, 0, 0], [2.0] * 4) == ImageMetrics(auroc=0.5, f1_max=0.4, ap=0.25)


@pytest.mark.parametrize(
    ("labels", "scores", "message"),
    [
        ([0, 1], [1.0], r"shape \(N,\), got \(2,\) and \(1,\)"),
        ([[0, 1]], [[1.0, 2.0]], r"got \(1, 2\) and \(1, 2\)"),
        ([0, 1, 2], [1.0, 2.0, 3.0], r"expected labels 0 and 1, got \[0, 1, 2\]"),
        ([0, 1], [1.0, np.nan], "expected finite scores, got 1 of 2 that are not"),
        ([0, 1], [-np.inf, 1.0], "expected finite scores"),
    ],
)
def test_wrong_image_arguments_are_refused(labels, scores, message):
    with pytest.raises(ValueError, match=message):
        image_metrics(labels, scores)


@pytest.mark.parametrize(
    ("masks", "maps", "message"),
    [
        ([np.zeros((2, 3))], [np.zeros((3, 2))], r"shape \(H, W\), got \(2, 3\) and \(3, 2\)"),
        ([np.zeros(3)], [np.zeros(3)], r"got \(3,\) and \(3,\)"),
        ([np.zeros((2, 3))], [np.full((2, 3), np.nan)], "expected finite scores, got 6 of 6 that are not"),
        ([np.zeros((2, 3))], [np.full((2, 3), 1e300)], "expected finite scores"),
        ([np.zeros((2, 3))] * 2, [np.zeros((2, 3))], "shorter"),
        ([np.zeros((2, 3))], [np.zeros((2, 3))] * 2, "longer"),
    ],
)
def test_wrong_pixel_arguments_are_refused(masks, maps, message):
    with pytest.raises(ValueError, match=message):
        pixel_metrics(masks, maps)
