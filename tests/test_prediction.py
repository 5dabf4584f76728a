import pytest

from inspector.data.folders import read_batch
from inspector.errors import InputError
from inspector.prediction import Prediction, _per_sample_and_pair, predict
from inspector.results.store import Run
from inspector.settings import ScanSettings


def test_prediction_in_words():
    prediction = Prediction(read=30, score=7200, maps=1, memory=1_500_000_000, disk=250_000_000)

    assert str(prediction) == "about 2 h 01 min (30 s reading, 2 h 00 min scoring), 1.5 GB of memory, 0.25 GB of disk"


def test_scoring_time_is_split_into_samples_and_pairs():
    def run(seconds):
        return Run(timings={"score": seconds})

    few, many = run(8 * 0.5 + 28 * 0.1), run(32 * 0.5 + 496 * 0.1)

    assert _per_sample_and_pair(few, 8, many, 32) == pytest.approx((0.5, 0.1))


def test_noise_gives_no_negative_times():
    alone, pair = _per_sample_and_pair(Run(timings={"score": 9.0}), 8, Run(timings={"score": 1.0}), 32)

    assert alone >= 0
    assert pair >= 0


@pytest.mark.parametrize("count", [2, 5, 12])
def test_prediction_of_a_real_batch(tmp_path, make_photos, count):
    make_photos(tmp_path, count)

    prediction = predict(read_batch(tmp_path), ScanSettings(image_size=64))

    assert prediction.read > 0
    assert prediction.disk > 1000 * count
    assert prediction.memory > 10_000_000


def test_what_cannot_be_scanned_is_not_predicted(tmp_path, make_photos):
    make_photos(tmp_path, 1)

    with pytest.raises(InputError, match="at least two"):
        predict(read_batch(tmp_path), ScanSettings(image_size=64))
