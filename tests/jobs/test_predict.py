import pytest
import torch

from inspector.data.layouts import read_batch
from inspector.errors import InputError, SettingsError
from inspector.features.cache import TokenCache
from inspector.jobs.predict import Prediction, _Features, _split_time, predict
from inspector.machine import resident_bytes
from inspector.settings import ScanSettings


def test_prediction_in_words():
    prediction = Prediction(read=30, score=7200, maps=1, memory=1_500_000_000, disk=250_000_000)

    assert str(prediction) == "about 2 h 01 min (30 s reading, 2 h 00 min scoring), 1.5 GB of memory, 0.25 GB of disk"


def test_scoring_time_is_split_into_samples_and_pairs():
    few, many = 8 * 0.5 + 28 * 0.1, 32 * 0.5 + 496 * 0.1

    assert _split_time(few, 8, many, 32) == pytest.approx((0.5, 0.1))


def test_noise_gives_no_negative_times():
    alone, pair = _split_time(9.0, 8, 1.0, 32)

    assert alone >= 0
    assert pair >= 0


@pytest.mark.parametrize("count", [2, 5, 12])
def test_prediction_of_a_real_batch(tmp_path, make_photos, count):
    make_photos(tmp_path, count)

    prediction = predict(read_batch(tmp_path), ScanSettings(image_size=64))

    assert prediction.read > 0
    assert prediction.disk > 1000 * count
    assert prediction.memory > 10_000_000


def test_memory_is_what_comparing_takes_on_top_of_the_process(tmp_path, make_photos, monkeypatch):
    # 4 x 4 patches of 40 and 112 channels in 2 sets times 3 degrees, one compared at a time.
    make_photos(tmp_path, 12)
    before = 500_000_000
    monkeypatch.setattr("inspector.jobs.predict.resident_bytes", lambda: before)

    prediction = predict(read_batch(tmp_path), ScanSettings(image_size=64, layers=(2, 3)))

    features = _Features(together=16, channels=112)
    assert features.count_bytes(12) == 4 * 12 * 16 * (12 + 112)
    assert before < prediction.memory < before + 600_000_000
    assert prediction.wanted == 0


def test_found_features_are_those_compared_side_by_side(tmp_path):
    photos, clouds = TokenCache(tmp_path, kind="photos"), TokenCache(tmp_path, kind="clouds")
    photos.save("a", [torch.zeros(4, 6, 5), torch.zeros(4, 6, 7), torch.zeros(4, 6, 5)], {"embedding": torch.zeros(3)})

    assert _Features.found_in(tmp_path, ScanSettings(), 3) == (24, 7)
    clouds.save("b", [torch.zeros(10, 33)], {"points": torch.zeros(99, 3)})
    assert _Features.found_in(tmp_path, ScanSettings(), 3) == (9 * 24 + 10, 33)  # 3 layers x 3 degrees beside 1
    assert _Features.found_in(tmp_path, ScanSettings(aggregation="snamd"), 3) == (3 * 24 + 10, 33)


def test_joined_layers_are_one_set_with_the_channels_of_all(tmp_path):
    joined = ScanSettings(aggregation="lnamd-joined")
    photos, clouds = TokenCache(tmp_path, kind="photos"), TokenCache(tmp_path, kind="clouds")
    photos.save("a", [torch.zeros(4, 6, 5)] * 4 * 2, {})  # a ViT, whose layers are alike, in two passes

    assert _Features.found_in(tmp_path, joined, 4) == (24, 20)
    clouds.save("b", [torch.zeros(10, 33)], {})
    assert _Features.found_in(tmp_path, joined, 4) == (2 * 24 + 10, 33)
    assert _Features.found_in(tmp_path, joined.changed(more_sizes=(384,)), 4) == (24 + 10, 33)  # that size alone


def test_budget_that_slows_scoring_down_is_told():
    prediction = Prediction(read=30, score=60, maps=1, memory=1_500_000_000, disk=250_000_000, wanted=4_200_000_000)

    assert str(prediction).endswith("; scoring will take longer than that in so little memory: 4.2 GB would do")


def test_batch_too_large_for_the_budget_is_refused(tmp_path, make_photos, monkeypatch):
    make_photos(tmp_path, 3)
    budget = (resident_bytes() + 400_000_000) / 1e9
    batch, settings = read_batch(tmp_path), ScanSettings(image_size=64, memory=budget)
    predict(batch, settings)
    monkeypatch.setattr("inspector.jobs.predict.least_bytes", lambda *_: 500_000_000)  # as of a million samples

    with pytest.raises(
        SettingsError, match=r"a scan of 3 samples takes at least .* GB of memory, but `memory` is set to"
    ):
        predict(batch, settings)


def test_what_cannot_be_scanned_is_not_predicted(tmp_path, make_photos):
    make_photos(tmp_path, 1)

    with pytest.raises(InputError, match="at least two"):
        predict(read_batch(tmp_path), ScanSettings(image_size=64))
